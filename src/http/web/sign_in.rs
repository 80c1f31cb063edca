//! Signing in and out with a password. Before there is a session, the form's token is also in a cookie, which no
//! other site can set or read (double submit).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    Extension,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;

use super::{
    authorize,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame, guest,
    session::{GUEST, SESSION, Visitor},
    view::{Fault, FormErrors, Page, Section, SignInPage},
};
use crate::{
    base::{crypto::same, entropy, limits},
    http::{middleware::LeadsBack, state::HttpState},
    service::{Service, ServiceError, sign_in::Device},
};

/// Cookie of the form's token.
const FORM: &str = "sign-in";
const ACTION: &str = "/sign-in";
const DAY_SECONDS: i64 = 86_400;

/// `GET /sign-in`
pub(super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    jar: CookieJar,
    asked: Asked,
) -> Result<Response, Refusal> {
    let next = local(asked.get("next")).to_owned();
    let form = Typed { handle: String::new(), address: asked.get("address").to_owned(), next };
    form.show(&service, &visitor, &jar, StatusCode::OK, FormErrors::none())
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    State(state): State<HttpState>,
    visitor: Visitor,
    jar: CookieJar,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Refusal> {
    let service = &state.service;
    let next = local(fields.get("next")).to_owned();
    let typed = Typed { handle: fields.text("handle"), address: String::new(), next };
    if !is_form(&jar, &fields) {
        let errors = FormErrors::none().add("", Fault::FormExpired);
        return typed.show(service, &visitor, &jar, StatusCode::FORBIDDEN, errors);
    }
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(info)| info.0.ip());
    let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let address = state.client_address(peer, forwarded);
    let name = bare_handle(&typed.handle, service.paths.domain());
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let device = Device { address, agent: agent.map(str::to_owned) };
    match service.sign_in(name, fields.get("password"), device).await {
        Ok(session) => {
            if let Some(old) = jar.get(SESSION) {
                service.sign_out(old.value()).await?;
            }
            if let (Some(old), Some(guest)) = (jar.get(GUEST), &visitor.guest) {
                service.guest_leaves(&guest.guest, old.value()).await?;
            }
            let mut response = Redirect::to(&typed.next).into_response();
            set_cookie(service, &mut response, GUEST, "", "/", 0);
            let seconds = limits::SESSION_DAYS_MAX * DAY_SECONDS;
            set_cookie(service, &mut response, SESSION, &session.token, "/", seconds);
            set_cookie(service, &mut response, FORM, "", ACTION, 0);
            Ok(typed.leading_back(response))
        }
        Err(ServiceError::Invalid(_)) => {
            let errors = FormErrors::none().add("password", Fault::SignInRefused);
            typed.show(service, &visitor, &jar, StatusCode::UNPROCESSABLE_ENTITY, errors)
        }
        Err(ServiceError::TooMany { retry_after_seconds }) => {
            let errors = FormErrors::none().add("", Fault::TooManyTries);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = typed.show(service, &visitor, &jar, status, errors)?;
            let seconds = HeaderValue::from(retry_after_seconds.max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            Ok(response)
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /sign-out`
pub(super) async fn sign_out(
    State(service): State<Service>,
    visitor: Visitor,
    jar: CookieJar,
    fields: Fields,
) -> Result<Response, Refusal> {
    let mut response = Redirect::to("/").into_response();
    // Who is not signed in any more has what they wanted.
    if !visitor.is_nobody() {
        if !visitor.sent(&fields) {
            return Err(Refusal::forged());
        }
        if let Some(cookie) = jar.get(SESSION) {
            service.sign_out(cookie.value()).await?;
        }
        if let (Some(cookie), Some(guest)) = (jar.get(GUEST), &visitor.guest) {
            service.guest_leaves(&guest.guest, cookie.value()).await?;
        }
    }
    set_cookie(&service, &mut response, SESSION, "", "/", 0);
    set_cookie(&service, &mut response, GUEST, "", "/", 0);
    Ok(response)
}

/// What was typed; the password is not kept.
pub(super) struct Typed {
    pub(super) handle: String,
    /// Of somebody of another server.
    pub(super) address: String,
    pub(super) next: String,
}

impl Typed {
    /// Where a program sent the reader here, this page is one of those that lead back to it.
    fn leading_back(&self, response: Response) -> Response {
        if self.next.starts_with(authorize::PATH) { LeadsBack::mark(response) } else { response }
    }

    /// The page with both forms.
    pub(super) fn show(
        self,
        service: &Service,
        visitor: &Visitor,
        jar: &CookieJar,
        status: StatusCode,
        errors: FormErrors,
    ) -> Result<Response, Refusal> {
        // One for all tabs that are open.
        let csrf = form_token(service, jar);
        let page = SignInPage {
            t: visitor.t,
            page: Page { csrf: csrf.clone(), ..visitor.page(Section::Elsewhere) },
            action: ACTION.to_owned(),
            handle: self.handle.clone(),
            address: self.address.clone(),
            home_action: visitor.guests_welcome.then_some(guest::ACTION),
            next: self.next.clone(),
            errors,
        };
        let mut response = self.leading_back(frame::show_with(status, &page)?);
        set_form_token(service, &mut response, &csrf, ACTION);
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        Ok(response)
    }
}

/// The token of a form of this browser, before there is a session.
pub(super) fn form_token(service: &Service, jar: &CookieJar) -> String {
    let known = jar.get(FORM).map(|cookie| cookie.value().to_owned());
    known.filter(|token| is_token(token)).unwrap_or_else(|| {
        let random = entropy::bytes::<32>(service.ports.entropy.as_ref());
        data_encoding::BASE64URL_NOPAD.encode(&random)
    })
}

/// Keeps the token in this browser, for forms that are sent below a path.
pub(super) fn set_form_token(service: &Service, response: &mut Response, csrf: &str, path: &str) {
    set_cookie(service, response, FORM, csrf, path, DAY_SECONDS);
}

/// Whether a form came from a page of this browser: the token is in a cookie too, which no other site can set or read.
pub(super) fn is_form(jar: &CookieJar, fields: &Fields) -> bool {
    let token = jar.get(FORM).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    !token.is_empty() && same(token.as_bytes(), fields.get("csrf").as_bytes())
}

/// Adds a cookie that no script reads and no other site's form sends.
pub(super) fn set_cookie(
    service: &Service,
    response: &mut Response,
    name: &str,
    value: &str,
    path: &str,
    seconds: i64,
) {
    let secure = if service.profile.development { "" } else { "; Secure" };
    let cookie =
        format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Whether a text is one of our tokens.
pub(super) fn is_token(text: &str) -> bool {
    text.len() == 43
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `next` where it is a path here, else the home page: a link to the form may come from anywhere.
pub(super) fn local(next: &str) -> &str {
    let second = next.chars().nth(1);
    let is_path = next.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_path { next } else { "/" }
}

/// `@name@domain` and `name` are the same person here.
fn bare_handle<'a>(typed: &'a str, domain: &str) -> &'a str {
    let typed = typed.trim();
    let typed = typed.strip_prefix('@').unwrap_or(typed);
    match typed.rsplit_once('@') {
        Some((name, host)) if host.eq_ignore_ascii_case(domain) => name,
        _ => typed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_stays_here() {
        for path in ["/", "/o/1?revision=2", "/t/a/write"] {
            assert_eq!(local(path), path);
        }
        for path in ["", "o/1", "//evil", "/\\evil", "https://evil/", "/a\nb", "/a\\b", "/\t/evil"]
        {
            assert_eq!(local(path), "/", "{path:?}");
        }
    }

    #[test]
    fn a_handle_may_be_typed_in_full() {
        for typed in ["ada", "@ada", "ada@cs.example", " @ada@CS.example "] {
            assert_eq!(bare_handle(typed, "cs.example"), "ada", "{typed}");
        }
        assert_eq!(bare_handle("ada@gov.example", "cs.example"), "ada@gov.example");
    }
}

//! Letting a program in: what it asks for is shown, the reader agrees or does not, and is sent back to the address that
//! the program registered. Who is not signed in signs in first. Whatever cannot be trusted is told to the reader, who is
//! then sent nowhere.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    error_page::Refusal,
    fields::{Asked as AskedFor, Fields},
    frame,
    session::Visitor,
    view::{AuthorizePage, AuthorizedPage, Fault, FormErrors, Section},
};
use crate::service::{
    Service, ServiceError,
    authorizations::{Asked, Asking, Back, NotAsked},
};

/// Where programs send their people.
pub const PATH: &str = "/oauth/authorize";

/// `GET /oauth/authorize`
pub(super) async fn ask(
    State(service): State<Service>,
    visitor: Visitor,
    uri: Uri,
    query: AskedFor,
) -> Result<Response, Refusal> {
    let asking = asking(|name| query.get(name).to_owned());
    let asked = match service.check_asking(&asking).await {
        Ok(asked) => asked,
        Err(why) => return not_asked(&service, &visitor, why),
    };
    // Another account, or none yet: sign in, and come back here.
    let again = matches!(&*query.get("force_login").to_ascii_lowercase(), "true" | "1");
    if visitor.session.is_none() || again {
        return Ok(Redirect::to(&sign_in_href(&uri)).into_response());
    }
    show(&service, &visitor, asking, &asked, StatusCode::OK, FormErrors::none())
}

/// `POST /oauth/authorize`
pub(super) async fn answer(
    State(service): State<Service>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let asking = asking(|name| fields.get(name).to_owned());
    let asked = match service.check_asking(&asking).await {
        Ok(asked) => asked,
        Err(why) => return not_asked(&service, &visitor, why),
    };
    let caller = visitor.caller()?;
    if !visitor.sent(&fields) {
        let errors = FormErrors::none().add("", Fault::FormExpired);
        return show(&service, &visitor, asking, &asked, StatusCode::FORBIDDEN, errors);
    }
    if fields.get("do") != "allow" {
        let why = "the owner of the account did not agree";
        return send_back(
            &service,
            &visitor,
            &asked.back,
            &[("error", "access_denied"), ("error_description", why)],
        );
    }
    let code = service.let_in(caller, &asked).await?;
    send_back(&service, &visitor, &asked.back, &[("code", &code)])
}

fn asking(value: impl Fn(&str) -> String) -> Asking {
    Asking {
        client_id: value("client_id"),
        redirect_uri: value("redirect_uri"),
        response_type: value("response_type"),
        scope: value("scope"),
        state: value("state"),
        code_challenge: value("code_challenge"),
        code_challenge_method: value("code_challenge_method"),
    }
}

fn show(
    service: &Service,
    visitor: &Visitor,
    asking: Asking,
    asked: &Asked,
    status: StatusCode,
    errors: FormErrors,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let page = AuthorizePage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        app: asked.app.name.clone(),
        website: asked.app.website.clone(),
        back: asked.back.address().map(str::to_owned),
        scope: asked.scope.iter().collect(),
        handle: format!("@{}", service.handle_of(&caller.actor)),
        another_href: sign_in_href_for(&asking),
        action: PATH.to_owned(),
        fields: hidden(asking),
        errors,
    };
    let mut response = frame::show_with(status, &page)?;
    keep_nowhere(&mut response);
    Ok(response)
}

/// What was asked, to be sent again with the answer.
fn hidden(asking: Asking) -> Vec<(&'static str, String)> {
    vec![
        ("client_id", asking.client_id),
        ("redirect_uri", asking.redirect_uri),
        ("response_type", asking.response_type),
        ("scope", asking.scope),
        ("state", asking.state),
        ("code_challenge", asking.code_challenge),
        ("code_challenge_method", asking.code_challenge_method),
    ]
}

fn not_asked(service: &Service, visitor: &Visitor, why: NotAsked) -> Result<Response, Refusal> {
    match why {
        NotAsked::Untrusted(why) => {
            Err(Refusal::unreadable(StatusCode::BAD_REQUEST, why.to_owned()))
        }
        NotAsked::Answered { back, error, why } => {
            send_back(service, visitor, &back, &[("error", error), ("error_description", why)])
        }
        NotAsked::Failed(error) => Err(error.into()),
    }
}

/// Sends the reader back with an answer, or shows it where there is nowhere to go.
fn send_back(
    service: &Service,
    visitor: &Visitor,
    back: &Back,
    answer: &[(&str, &str)],
) -> Result<Response, Refusal> {
    // Whose answer it is (RFC 9207): a program that speaks with several servers mixes none up.
    let named = [answer, &[("iss", service.paths.origin())]].concat();
    let mut response = if let Some(address) = back.with(&named) {
        let location = HeaderValue::from_str(&address).map_err(ServiceError::internal)?;
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    } else {
        let of = |wanted: &str| {
            let found = answer.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let page = AuthorizedPage {
            t: visitor.t,
            page: visitor.page(Section::Elsewhere),
            code: of("code"),
            error: of("error_description"),
        };
        frame::show(&page)?
    };
    keep_nowhere(&mut response);
    Ok(response)
}

/// What holds a code, or leads to one, stays out of caches and is named to nobody.
fn keep_nowhere(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// Where to sign in and come back from; then without `force_login`, which has been done.
fn sign_in_href(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default().as_bytes();
    let kept = url::form_urlencoded::parse(query).filter(|(name, _)| name != "force_login");
    to_sign_in(&url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish())
}

fn sign_in_href_for(asking: &Asking) -> String {
    let kept = hidden(asking.clone()).into_iter().filter(|(_, value)| !value.is_empty());
    to_sign_in(&url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish())
}

fn to_sign_in(query: &str) -> String {
    let next = format!("{PATH}?{query}");
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

//! Changing one's password.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use zeroize::Zeroizing;

use super::{
    again::Again,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    session::{SESSION, Visitor},
    view::{Fault, FormErrors, PasswordPage, Section},
};
use crate::{
    http::{sender::Sender, state::HttpState},
    service::{ServiceError, passwords::NewPassword, sign_in::Device},
};

const PATH: &str = "/settings/password";

/// `GET /settings/password`
pub(super) async fn form(visitor: Visitor, asked: Asked) -> Result<Response, Refusal> {
    visitor.caller()?;
    show(&visitor, (true, true), asked.get("changed") == "yes", Again::first())
}

/// `POST /settings/password`
pub(super) async fn change(
    State(state): State<HttpState>,
    visitor: Visitor,
    jar: CookieJar,
    sender: Sender,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let ends = (fields.get("sessions") == "end", fields.get("programs") == "end");
    if !visitor.sent(&fields) {
        return show(&visitor, ends, false, Again::expired());
    }
    let token = jar.get(SESSION).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let device = Device {
        address: sender.0.parse().unwrap_or(std::net::Ipv4Addr::UNSPECIFIED.into()),
        agent: agent.map(str::to_owned),
    };
    let change = NewPassword {
        old: Zeroizing::new(fields.get("oldPassword").to_owned()),
        new: Zeroizing::new(fields.get("password").to_owned()),
        ends_sessions: ends.0,
        ends_programs: ends.1,
    };
    match state.service.change_password(caller, &token, device, change).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?changed=yes")).into_response()),
        Err(ServiceError::TooMany { retry_after_seconds }) => {
            let errors = FormErrors::none().add("", Fault::TooManyTries);
            let again = Again { status: StatusCode::TOO_MANY_REQUESTS, errors };
            let mut response = show(&visitor, ends, false, again)?;
            let seconds = HeaderValue::from(retry_after_seconds.max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            Ok(response)
        }
        Err(error) => show(&visitor, ends, false, Again::refused(&fields, error)?),
    }
}

fn show(
    visitor: &Visitor,
    (ends_sessions, ends_programs): (bool, bool),
    changed: bool,
    Again { status, errors }: Again,
) -> Result<Response, Refusal> {
    let page = PasswordPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        changed,
        ends_sessions,
        ends_programs,
        errors,
    };
    frame::show_with(status, &page)
}

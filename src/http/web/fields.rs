//! What a form sent, and what is wrong with it in the words of the form.

use std::{collections::BTreeMap, convert::Infallible};

use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request, rejection::FormRejection},
    http::{StatusCode, request::Parts},
};

use super::{
    error_page::Refusal,
    view::{Fault, FormErrors},
};
use crate::{base::limits, service::FieldError};

/// The fields of a form that was sent.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// What was typed into `name`; empty where it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.all(name).last().map(String::as_str).unwrap_or_default()
    }

    /// Everything that was chosen under `name`: of boxes to tick there may be several.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Self(fields)
    }

    /// The same, to keep. Browsers send line ends as CR LF.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n")
    }

    /// What a service said, beside the field it is about.
    pub(super) fn faults(&self, wrong: Vec<FieldError>) -> FormErrors {
        let mut errors = FormErrors::none();
        for FieldError { field, message } in wrong {
            let field = match field {
                "anchors" => "block",
                "capacity" | "onBehalfOf" => "as",
                "validUntil" => "until",
                "letter" => "day",
                "inReplyTo" => "",
                other => other,
            };
            errors = match field {
                "statement" if self.get(field).trim().is_empty() => {
                    errors.add(field, Fault::ReasonNeeded)
                }
                "name" | "question" | "abstract" | "source" | "language" | "changeNote"
                | "content" | "reason"
                    if self.get(field).trim().is_empty() =>
                {
                    errors.add(field, Fault::Missing)
                }
                _ => errors.add_text(field, message),
            };
        }
        errors
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let form: Result<Form<Vec<(String, String)>>, FormRejection> =
            Form::from_request(request, state).await;
        match form {
            Ok(Form(pairs)) => Ok(Self::of(pairs)),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let max = limits::FORM_BODY_BYTES_MAX;
                let said = format!(
                    "the form is larger than {max} bytes, the most that is taken here; it was not read, so it cannot be shown again"
                );
                Err(Refusal::unreadable(StatusCode::PAYLOAD_TOO_LARGE, said))
            }
            Err(error) => Err(Refusal::unreadable(error.status(), error.body_text())),
        }
    }
}

/// What an address asks for behind its `?`. What is not asked for is empty.
#[derive(Debug)]
pub(super) struct Asked(Fields);

impl Asked {
    /// The value of `name`; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name)
    }

    /// Every value of `name`.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.all(name)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        Ok(Self(Fields::of(pairs)))
    }
}

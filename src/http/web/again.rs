//! A form that is shown: for the first time, or again, with the status and what is wrong with it. What was typed is the
//! form's own; whoever shows it never loses it.

use axum::http::StatusCode;

use super::{
    error_page::Refusal,
    fields::Fields,
    view::{Fault, FormErrors},
};
use crate::service::ServiceError;

/// With which status a form is shown, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) status: StatusCode,
    pub(super) errors: FormErrors,
}

impl Again {
    /// For the first time: nothing is wrong.
    pub(super) fn first() -> Self {
        Self { status: StatusCode::OK, errors: FormErrors::none() }
    }

    /// It was sent from another session, or none: nothing was done.
    pub(super) fn expired() -> Self {
        let errors = FormErrors::none().add("", Fault::FormExpired);
        Self { status: StatusCode::FORBIDDEN, errors }
    }

    /// A field is not as it must be.
    pub(super) fn fault(field: &'static str, fault: Fault) -> Self {
        Self::wrong(FormErrors::none().add(field, fault))
    }

    /// Several are not.
    pub(super) fn wrong(errors: FormErrors) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, errors }
    }

    /// What a service refused, beside the fields it is about; what no form can say is no form any more.
    pub(super) fn refused(fields: &Fields, error: ServiceError) -> Result<Self, Refusal> {
        match error {
            ServiceError::Invalid(wrong) => Ok(Self::wrong(fields.faults(wrong))),
            error @ ServiceError::Conflict { .. } => {
                let errors = FormErrors::none().add_text("", error.to_string());
                Ok(Self { status: StatusCode::CONFLICT, errors })
            }
            other => Err(other.into()),
        }
    }
}

//! Why a use case was not done. The faces turn these into pages, problem documents and exit codes, last of all.

use super::drafts::Clash;
use crate::{
    base::crypto::CryptoError,
    domain::markup::MarkupError,
    store::{StoreError, projections::Revision},
};

/// A field that was not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field in the API and the form.
    pub field: &'static str,
    /// What is wrong and what is allowed, as a sentence for the person who typed it.
    pub message: String,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// Why a use case was not done.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing here.
    #[error("there is no such {what} here")]
    NotFound {
        /// What was asked for.
        what: &'static str,
    },
    /// The opinion is here, this revision of it is not.
    #[error("there is no revision {asked} here; there are: {}", numbers(.known))]
    NoRevision {
        /// What was asked for.
        asked: i64,
        /// Those that are held, first to last.
        known: Vec<i64>,
    },
    /// A key that several objects answer to (decisions 12).
    #[error("more than one object here has this as its last path segment; use one of their keys")]
    Ambiguous {
        /// The objects: key and id.
        candidates: Vec<(i64, String)>,
    },
    /// Its author deleted it.
    #[error("its author deleted it")]
    Gone {
        /// Id of what was there.
        uri: String,
    },
    /// Who asks is not known.
    #[error("sign in first")]
    NotSignedIn,
    /// Who asks may not.
    #[error("{why}")]
    NotPermitted {
        /// Why, as a sentence.
        why: &'static str,
    },
    /// What was sent is not as it must be; nothing was done.
    #[error("{}", sentences(.0))]
    Invalid(Vec<FieldError>),
    /// It collides with what is there.
    #[error("{why}")]
    Conflict {
        /// Why, as a sentence.
        why: String,
    },
    /// Somebody else saved the same part of a draft meanwhile; both texts are kept.
    #[error("somebody else changed this meanwhile: choose one text, or make one of both")]
    Clash(Box<Clash>),
    /// Too often.
    #[error("too many tries; wait {retry_after_seconds} seconds")]
    TooMany {
        /// When to try again.
        retry_after_seconds: i64,
    },
    /// Another server does not answer or answers badly.
    #[error("{host}: {why}")]
    Elsewhere {
        /// Which.
        host: String,
        /// What happened.
        why: String,
    },
    /// Our own fault.
    #[error("something went wrong on this server")]
    Internal(#[source] anyhow::Error),
}

fn numbers(known: &[i64]) -> String {
    known.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

fn sentences(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("{}: {}", f.field, f.message)).collect::<Vec<_>>().join("; ")
}

impl ServiceError {
    /// One field that is not as it must be.
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// A revision that is not among those held.
    pub(super) fn no_revision(asked: i64, held: &[Revision]) -> Self {
        let mut known: Vec<i64> = held.iter().map(|revision| revision.number).collect();
        known.dedup();
        Self::NoRevision { asked, known }
    }

    /// Our own fault, in words for the log.
    pub fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{what}"))
    }
}

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Conflict { why: "it exists already".to_owned() },
            other => Self::Internal(other.into()),
        }
    }
}

impl From<CryptoError> for ServiceError {
    fn from(error: CryptoError) -> Self {
        Self::Internal(error.into())
    }
}

/// A text that is not rendered, as the fault of a field.
pub(super) fn markup(field: &'static str) -> impl FnOnce(MarkupError) -> FieldError {
    move |error| FieldError::new(field, error.to_string())
}

//! The page on which a password is changed.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Page, Section},
};
use crate::{base::limits, http::web::i18n::Texts};

/// `/settings/password`. No password is ever shown again.
#[derive(Debug, Clone, Template)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Set right after a change.
    pub changed: bool,
    /// Whether every other browser is to be signed out.
    pub ends_sessions: bool,
    /// Whether every program is to be shut out.
    pub ends_programs: bool,
    /// What is wrong.
    pub errors: FormErrors,
}

impl PasswordPage {
    /// Shortest password.
    pub fn chars_min(&self) -> usize {
        limits::PASSWORD_CHARS_MIN
    }
}

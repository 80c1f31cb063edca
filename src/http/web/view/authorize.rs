//! The page on which a reader lets a program in, and the one that shows the answer where there is nowhere to send it.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Page, Section},
};
use crate::{
    base::limits,
    http::web::i18n::{Said, Texts},
};

/// `/oauth/authorize`
#[derive(Debug, Clone, Template)]
#[template(path = "authorize.html")]
pub struct AuthorizePage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What the program calls itself.
    pub app: String,
    /// Where it says to be at home.
    pub website: Option<String>,
    /// Where the answer goes; `None` where it is shown.
    pub back: Option<String>,
    /// What it asks to do, in words of OAuth.
    pub scope: Vec<&'static str>,
    /// Who is signed in.
    pub handle: String,
    /// Where to sign in as somebody else.
    pub another_href: String,
    /// Where the answer is sent.
    pub action: String,
    /// What was asked.
    pub fields: Vec<(&'static str, String)>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AuthorizePage {
    /// What a word of OAuth allows.
    pub fn allows(&self, word: &str) -> Said {
        allows(self.t, word)
    }
}

/// What a word of OAuth allows.
pub(super) fn allows(t: Texts, word: &str) -> Said {
    t.say(&key(word))
}

fn key(word: &str) -> String {
    format!("scope-{}", word.replace(':', "-"))
}

/// The answer, where there is nowhere to send it.
#[derive(Debug, Clone, Template)]
#[template(path = "authorized.html")]
pub struct AuthorizedPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The code to copy; `None` where the reader did not agree.
    pub code: Option<String>,
    /// Why there is none, where it was not the reader.
    pub error: Option<String>,
}

impl AuthorizedPage {
    /// How long the code works.
    pub fn minutes_max(&self) -> i64 {
        limits::APP_CODE_MINUTES_MAX
    }
}

/// Message keys that the words of a scope choose.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    crate::service::scope::Scope::all().iter().map(|word| key(word)).collect()
}

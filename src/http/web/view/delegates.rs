//! The page of an organisation's delegates.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Page, Section, Voice},
};
use crate::{
    base::clock::Timestamp,
    domain::delegation::Scope,
    http::web::i18n::{Said, Texts},
};

/// A delegation in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegateRow {
    /// Who may act.
    pub subject: Voice,
    /// What they may do.
    pub scopes: Vec<Scope>,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Option<Timestamp>,
    /// When it was taken back.
    pub ended: Option<Timestamp>,
    /// Whether it holds now.
    pub holds: bool,
    /// Where it is taken back, by `POST`.
    pub end_href: String,
}

impl DelegateRow {
    /// What they may do, in words.
    pub fn scopes(&self, t: &Texts) -> Vec<Said> {
        self.scopes.iter().map(|scope| scope_words(*scope, *t)).collect()
    }
}

/// A box of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeChoice {
    /// What may be done.
    pub scope: Scope,
    /// Name of the box.
    pub field: &'static str,
    /// Whether it is ticked.
    pub chosen: bool,
}

impl ScopeChoice {
    /// What may be done, in words.
    pub fn words(&self, t: &Texts) -> Said {
        scope_words(self.scope, *t)
    }
}

fn scope_words(scope: Scope, t: Texts) -> Said {
    t.say(scope_key(scope))
}

const fn scope_key(scope: Scope) -> &'static str {
    match scope {
        Scope::Position => "delegate-may-position",
        Scope::CoAuthor => "delegate-may-co-author",
        Scope::Comment => "delegate-may-comment",
    }
}

/// Message keys that a scope chooses.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    Scope::ALL.iter().map(|scope| scope_key(*scope).to_owned()).collect()
}

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegateForm {
    /// Field `subject`: a handle.
    pub subject: String,
    /// The boxes.
    pub scopes: Vec<ScopeChoice>,
    /// Field `until`: a day, or empty.
    pub until: String,
}

/// `/p/<handle>/delegates`
#[derive(Debug, Clone, Template)]
#[template(path = "delegates.html")]
pub struct DelegatesPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The organisation.
    pub organisation: Voice,
    /// Its delegations, newest first.
    pub rows: Vec<DelegateRow>,
    /// Whether its account reads.
    pub is_own: bool,
    /// Where the form is sent.
    pub action: String,
    /// What was typed.
    pub form: DelegateForm,
    /// What is wrong.
    pub errors: FormErrors,
}

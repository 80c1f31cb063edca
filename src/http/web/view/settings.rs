//! The pages on which somebody says who they are, and shows how that is known.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Page, Section},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{attestation::ProofLevel, group::StakeholderGroup, region::Region},
    http::web::i18n::Texts,
};

/// What was typed into the form of one's own profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileForm {
    /// Display name.
    pub display_name: String,
    /// Profile, Markdown.
    pub profile: String,
    /// Word of the group; empty for none.
    pub group: String,
    /// Word of the region; empty for none.
    pub region: String,
    /// Address for mail.
    pub email: String,
}

/// `/settings`
#[derive(Debug, Clone, Template)]
#[template(path = "settings.html")]
pub struct SettingsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What is in the form.
    pub form: ProfileForm,
    /// Set right after a change.
    pub saved: bool,
    /// What is wrong.
    pub errors: FormErrors,
}

impl SettingsPage {
    /// The groups to choose from, in alphabetical order of the page's language.
    pub fn groups(&self) -> Vec<StakeholderGroup> {
        self.t.sorted(StakeholderGroup::ALL)
    }

    /// The regions to choose from, in alphabetical order of the page's language.
    pub fn regions(&self) -> Vec<Region> {
        self.t.regions()
    }

    /// Longest display name.
    pub fn display_name_chars_max(&self) -> usize {
        limits::DISPLAY_NAME_CHARS_MAX
    }

    /// Longest profile.
    pub fn profile_chars_max(&self) -> usize {
        limits::PROFILE_CHARS_MAX
    }
}

/// What somebody else says of a participant, as their page and their own settings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attested {
    /// What it proves.
    pub level: ProofLevel,
    /// Who says so.
    pub attester: String,
    /// Their page.
    pub attester_href: String,
    /// The domain it is about; empty where it is about none.
    pub domain: String,
    /// When it was said.
    pub since: Timestamp,
    /// Until when it holds.
    pub until: Option<Timestamp>,
    /// The signed statement.
    pub href: String,
    /// Where to take it back, for who said it.
    pub end_href: Option<String>,
}

/// A web domain that an account says is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebDomain {
    /// The domain.
    pub domain: String,
    /// When the account was found named there last.
    pub found: Option<Timestamp>,
    /// Since when it has not been found.
    pub failing: Option<Timestamp>,
    /// Why it was not found, in words.
    pub failure: String,
    /// Where to have it looked at again.
    pub check_href: String,
    /// Where to take the domain off the list.
    pub remove_href: String,
}

/// `/settings/proof`
#[derive(Debug, Clone, Template)]
#[template(path = "proof.html")]
pub struct ProofPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The highest level that holds.
    pub level: ProofLevel,
    /// What holds.
    pub attested: Vec<Attested>,
    /// Whether this instance sends mail.
    pub sends_mail: bool,
    /// The address as typed.
    pub address: String,
    /// The domain to which a letter went just now.
    pub letter_sent_to: Option<String>,
    /// The web domains.
    pub domains: Vec<WebDomain>,
    /// The domain as typed.
    pub domain: String,
    /// The reader's own page: what a web site must name.
    pub own_uri: String,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ProofPage {
    /// What a web site's file says, ready to copy.
    pub fn file(&self) -> String {
        format!("{{\"accounts\": [\"{}\"]}}", self.own_uri)
    }

    /// How long a link works.
    pub fn hours_max(&self) -> i64 {
        limits::CONFIRMATION_HOURS_MAX
    }

    /// Letters in an hour.
    pub fn mails_max(&self) -> usize {
        limits::CONFIRMATION_MAILS_PER_HOUR_MAX
    }

    /// Days without being found after which a proof ends.
    pub fn failing_days_max(&self) -> i64 {
        limits::WEB_CHECK_FAILING_DAYS_MAX
    }
}

/// `/settings/proof/confirm`
#[derive(Debug, Clone, Template)]
#[template(path = "proof_confirm.html")]
pub struct ProofConfirmPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What the letter's link carries.
    pub token: String,
    /// The domain at which mail was read; `None` where the link does not work (any more).
    pub domain: Option<String>,
}

impl ProofConfirmPage {
    /// How long a link works.
    pub fn hours_max(&self) -> i64 {
        limits::CONFIRMATION_HOURS_MAX
    }
}

//! A sign-on letter: text, deadline, who signed; names, never a number of them.

use askama::Template;

use super::{
    form::FormErrors,
    opinion::{Identity, OpinionHead},
    parts::{Link, Page, SafeHtml, Section, UserText, Voice},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        group::StakeholderGroup,
        letter::{ANYWHERE, OFFERED},
    },
    http::web::i18n::{Said, Texts},
};

/// Until when a letter asks for signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineView {
    /// The moment.
    pub closes: Timestamp,
    /// What clocks show then in the zone it was given in; none where that zone is not known here.
    pub local: Option<Timestamp>,
    /// The zone.
    pub zone: String,
    /// True for "anywhere on Earth".
    pub is_anywhere: bool,
    /// True where it has passed.
    pub has_passed: bool,
}

impl DeadlineView {
    /// It on the clocks of its zone, in words.
    pub fn said(&self, t: &Texts) -> Option<Said> {
        let local = self.local?;
        let written = local.to_rfc3339();
        let time = written.get(11..16).unwrap_or_default();
        let moment = t.say_with_two("deadline-local", "date", t.date(&local), "time", time);
        Some(if self.is_anywhere {
            t.say_with("deadline-anywhere", "moment", moment)
        } else {
            t.say_with_two("deadline-zone", "moment", moment, "zone", &self.zone)
        })
    }
}

/// Somebody who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Who: the organisation where it is confirmed.
    pub voice: Voice,
    /// Where they say more, or their page.
    pub href: String,
    /// True where they signed with a reservation.
    pub has_reservation: bool,
    /// The revision they signed, where it is not the current one.
    pub older_revision: Option<i64>,
}

/// Who of a group signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignerGroup {
    /// The group; `None` gathers those who declared none.
    pub group: Option<StakeholderGroup>,
    /// In alphabetical order.
    pub signers: Vec<Signer>,
}

/// Who signed, organisations and persons apart, by group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signers {
    /// Organisations.
    pub organisations: Vec<SignerGroup>,
    /// Persons.
    pub persons: Vec<SignerGroup>,
}

impl Signers {
    /// True where nobody did.
    pub fn is_empty(&self) -> bool {
        self.organisations.is_empty() && self.persons.is_empty()
    }
}

/// `/o/<key>/letter`
#[derive(Debug, Clone, Template)]
#[template(path = "letter.html")]
pub struct LetterPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// Its current text.
    pub identity: Identity,
    /// Who wrote it.
    pub authors: Vec<Voice>,
    /// Its abstract.
    pub abstract_text: UserText,
    /// Its text.
    pub text: Vec<SafeHtml>,
    /// The language of the text.
    pub lang: String,
    /// Until when names are asked for.
    pub deadline: DeadlineView,
    /// Who signed by then.
    pub in_time: Signers,
    /// Who signed after it.
    pub late: Signers,
    /// Where it is signed.
    pub sign_href: String,
    /// Address to reply to from one's own server.
    pub handle: String,
    /// The other rooms where it can be signed.
    pub rooms: Vec<Link>,
    /// HTML to paste.
    pub snippet: String,
    /// What it shows.
    pub embed_href: String,
    /// Where its author moves the deadline.
    pub edit_href: Option<String>,
}

/// `/o/<key>/letter/embed`: a page of its own, for frames of other sites.
#[derive(Debug, Clone, Template)]
#[template(path = "letter_embed.html")]
pub struct LetterEmbedPage {
    /// The page's language.
    pub t: Texts,
    /// Where the style sheet is.
    pub style_href: String,
    /// Its title.
    pub title: UserText,
    /// Its abstract.
    pub abstract_text: UserText,
    /// Who wrote it.
    pub authors: Vec<Voice>,
    /// Until when names are asked for.
    pub deadline: DeadlineView,
    /// The letter's own page.
    pub href: String,
    /// The instance.
    pub instance: String,
}

/// What somebody typed into the form of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineForm {
    /// Field `day`.
    pub day: String,
    /// Field `time`.
    pub time: String,
    /// Field `zone`.
    pub zone: String,
}

impl DeadlineForm {
    /// As it stands where nobody has chosen a day: the end of a day, anywhere on Earth.
    pub fn none() -> Self {
        Self { day: String::new(), time: "23:59".to_owned(), zone: ANYWHERE.to_owned() }
    }
}

/// `/o/<key>/letter/edit`
#[derive(Debug, Clone, Template)]
#[template(path = "letter_form.html")]
pub struct DeadlineFormPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The opinion.
    pub head: OpinionHead,
    /// Where it is sent.
    pub action: String,
    /// True where it is a letter already.
    pub is_letter: bool,
    /// What was typed.
    pub form: DeadlineForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DeadlineFormPage {
    /// Zones that are offered.
    pub fn zones(&self) -> &'static [&'static str] {
        OFFERED
    }
}

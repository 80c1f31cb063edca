//! What every form shares: what is wrong with it, field by field, and the form for signing in.

use askama::Template;

use super::parts::{Page, Section};
use crate::http::web::i18n::{Said, Texts};

/// What is wrong with a field, in words that every form shares. What only one rule knows (such as which table is
/// too wide) comes as [`FormErrors::add_text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Nothing was filled in.
    Missing,
    /// Longer than allowed.
    TooLong,
    /// Not one of the choices.
    NotAChoice,
    /// This kind needs a reason.
    ReasonNeeded,
    /// The text changed while the form was open.
    RevisionChanged,
    /// Name or password is wrong. Never says which.
    SignInRefused,
    /// Too many tries; wait.
    TooManyTries,
    /// The form is older than the session.
    FormExpired,
    /// Nobody signs in with the account of another server.
    HomeOff,
    /// No address that can be reached.
    HomeAddress,
    /// The account is of this instance.
    HomeHere,
    /// Nobody of that server may.
    HomeNotLetIn,
    /// Their server does not answer.
    HomeSilent,
    /// Their server does not know the name.
    HomeNobody,
    /// Their server offers no sign-in that is understood.
    HomeNoSignIn,
    /// Who answers is another server.
    HomeImpostor,
    /// The visit is over.
    HomeOver,
    /// Another browser set out.
    HomeOtherBrowser,
    /// They did not agree.
    HomeDeclined,
    /// Their server did not say who of its people it is.
    HomeNotTheirs,
    /// The account is no person's.
    HomeNoPerson,
}

impl Fault {
    /// Every fault.
    pub const ALL: &[Self] = &[
        Self::Missing,
        Self::TooLong,
        Self::NotAChoice,
        Self::ReasonNeeded,
        Self::RevisionChanged,
        Self::SignInRefused,
        Self::TooManyTries,
        Self::FormExpired,
        Self::HomeOff,
        Self::HomeAddress,
        Self::HomeHere,
        Self::HomeNotLetIn,
        Self::HomeSilent,
        Self::HomeNobody,
        Self::HomeNoSignIn,
        Self::HomeImpostor,
        Self::HomeOver,
        Self::HomeOtherBrowser,
        Self::HomeDeclined,
        Self::HomeNotTheirs,
        Self::HomeNoPerson,
    ];

    /// The message that says it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "fault-missing",
            Self::TooLong => "fault-too-long",
            Self::NotAChoice => "fault-not-a-choice",
            Self::ReasonNeeded => "fault-reason-needed",
            Self::RevisionChanged => "fault-revision-changed",
            Self::SignInRefused => "fault-sign-in-refused",
            Self::TooManyTries => "fault-too-many-tries",
            Self::FormExpired => "fault-form-expired",
            Self::HomeOff => "fault-home-off",
            Self::HomeAddress => "fault-home-address",
            Self::HomeHere => "fault-home-here",
            Self::HomeNotLetIn => "fault-home-not-let-in",
            Self::HomeSilent => "fault-home-silent",
            Self::HomeNobody => "fault-home-nobody",
            Self::HomeNoSignIn => "fault-home-no-sign-in",
            Self::HomeImpostor => "fault-home-impostor",
            Self::HomeOver => "fault-home-over",
            Self::HomeOtherBrowser => "fault-home-other-browser",
            Self::HomeDeclined => "fault-home-declined",
            Self::HomeNotTheirs => "fault-home-not-theirs",
            Self::HomeNoPerson => "fault-home-no-person",
        }
    }
}

/// What is wrong with a form, field by field. The name of a field is its `name` in the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormErrors {
    faults: Vec<(&'static str, Complaint)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Complaint {
    Known(Fault),
    Text(String),
}

impl FormErrors {
    /// Nothing is wrong.
    pub fn none() -> Self {
        Self::default()
    }

    /// Notes a fault of `field`; `""` is the form as a whole.
    #[must_use]
    pub fn add(mut self, field: &'static str, fault: Fault) -> Self {
        self.faults.push((field, Complaint::Known(fault)));
        self
    }

    /// Notes what a rule said about `field`, in its own words.
    #[must_use]
    pub fn add_text(mut self, field: &'static str, text: String) -> Self {
        self.faults.push((field, Complaint::Text(text)));
        self
    }

    /// True where nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// True where something is wrong with `field`.
    pub fn has(&self, field: &str) -> bool {
        self.faults.iter().any(|(name, _)| *name == field)
    }

    /// What is wrong with `field`, each in a sentence of the page's language.
    pub fn of(&self, field: &str, t: &Texts) -> Vec<Said> {
        self.faults
            .iter()
            .filter(|(name, _)| *name == field)
            .map(|(_, complaint)| match complaint {
                Complaint::Known(fault) => t.say(fault.key()),
                Complaint::Text(text) => t.say_with("fault-text", "text", text),
            })
            .collect()
    }

    /// What the form calls `field`.
    pub fn label(&self, field: &str, t: &Texts) -> Said {
        match field {
            "name" => t.say("title-field"),
            "abstract" => t.say("abstract"),
            "source" => t.say("text-field"),
            "language" => t.say("language-field"),
            "status" => t.say("status-field"),
            "question" => t.say("question"),
            "slug" => t.say("slug-field"),
            "participant" => t.say("facilitator-field"),
            "parties" => t.say("parties-field"),
            "changeNote" => t.say("what-changed"),
            "block" => t.say("passages-field"),
            "quote" => t.say("quote-field"),
            "missing" => t.say("missing-field"),
            "outcome" => t.say("fate-outcome"),
            "reason" => t.say("fate-reason"),
            "venue" => t.say("fate-venue-field"),
            "content" => t.say("your-words"),
            "statement" => t.say("your-reason"),
            "revision" => t.say("which-revision"),
            "as" => t.say("speak-as-field"),
            "subject" => t.say("delegate-subject"),
            "scope" => t.say("delegate-scope"),
            "until" => t.say("delegate-until-field"),
            "day" => t.say("deadline-day"),
            "time" => t.say("deadline-time"),
            "zone" => t.say("deadline-zone-field"),
            "handle" => t.say("handle"),
            "password" => t.say("password"),
            "oldPassword" => t.say("password-old"),
            "supersededBy" => t.say("status-successor"),
            "displayName" => t.say("display-name-field"),
            "profile" => t.say("profile-field"),
            "group" => t.say("group-field"),
            "region" => t.say("region-field"),
            "email" => t.say("email-field"),
            "account" => t.say("interact-account"),
            "address" => t.say("proof-address-field"),
            "domain" => t.say("proof-domain-field"),
            _ => t.say("kind-of-comment"),
        }
    }

    /// Fields with a fault, in the order noted, for the list above the form.
    pub fn fields(&self) -> Vec<&'static str> {
        let mut fields: Vec<&'static str> = Vec::new();
        for (field, _) in &self.faults {
            if !field.is_empty() && !fields.contains(field) {
                fields.push(field);
            }
        }
        fields
    }
}

/// `/sign-in`
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Where it is sent.
    pub action: String,
    /// The handle as typed. The password is never shown again.
    pub handle: String,
    /// The address of somebody of another server as typed.
    pub address: String,
    /// Where that is sent; none where nobody of another server may sign in.
    pub home_action: Option<&'static str>,
    /// Where to go after it: a path of this instance.
    pub next: String,
    /// What is wrong.
    pub errors: FormErrors,
}

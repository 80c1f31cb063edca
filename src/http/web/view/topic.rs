//! The home page, the list of topics and the page of a topic.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Completeness, Link, LogRow, Page, Section, UserText, Voice},
    positions::Figure,
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{group::StakeholderGroup, lens::Party, opinion::OpinionStatus},
    http::web::i18n::{Said, Texts},
};

/// Where a topic stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicState {
    /// Takes contributions, without a date.
    Open,
    /// Takes contributions until the date, so many whole days from now.
    ClosesIn {
        /// Whole days left; 0 is today.
        days: i64,
        /// The date.
        at: Timestamp,
    },
    /// Its date has passed.
    Closed {
        /// The date.
        at: Timestamp,
    },
    /// Known from elsewhere, and not here yet.
    Fetching,
}

impl TopicState {
    /// It in words.
    pub fn said(&self, t: &Texts) -> Said {
        match self {
            Self::Open => t.say("topic-open"),
            Self::ClosesIn { days, .. } => t.say_with("days-left", "days", days),
            Self::Closed { at } => t.say_with("topic-closed", "date", t.date(at)),
            Self::Fetching => t.say("topic-fetching"),
        }
    }

    /// When contributions close or closed.
    pub fn date(&self) -> Option<Timestamp> {
        match self {
            Self::ClosesIn { at, .. } | Self::Closed { at } => Some(*at),
            Self::Open | Self::Fetching => None,
        }
    }
}

/// A topic in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicRow {
    /// Its name and page.
    pub topic: Link,
    /// Its question; empty where only the name is known.
    pub question: UserText,
    /// Where it stands.
    pub state: TopicState,
    /// Hosts of the rooms that hold it.
    pub held_by: Vec<String>,
    /// Groups that have not been heard.
    pub not_heard: Vec<StakeholderGroup>,
    /// How much of it is here; `None` where nobody compared yet.
    pub completeness: Option<Completeness>,
}

/// `/`
#[derive(Debug, Clone, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Hosts of the other instances that hold what is said here.
    pub mirrors: Vec<String>,
    /// Open topics that close soon, next first.
    pub closing_soon: Vec<TopicRow>,
    /// Topics, newest act first.
    pub topics: Vec<TopicRow>,
    /// Last entries of the log, newest first.
    pub log: Vec<LogRow>,
    /// Every group, in alphabetical order of the page's language ([`Texts::sorted`]).
    pub groups: Vec<StakeholderGroup>,
}

/// `/topics`
#[derive(Debug, Clone, Template)]
#[template(path = "topics.html")]
pub struct TopicsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Topics, newest act first.
    pub topics: Vec<TopicRow>,
    /// The next page of the list.
    pub next_href: Option<String>,
}

/// What somebody typed into the form of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopicForm {
    /// Field `name`.
    pub name: String,
    /// Field `question`.
    pub question: String,
    /// Field `slug`: its name in addresses.
    pub slug: String,
    /// Field `language`: BCP 47.
    pub language: String,
    /// Field `parties`: its own words for the parties, one a line.
    pub parties: String,
}

/// `/topics/new`
#[derive(Debug, Clone, Template)]
#[template(path = "topic_form.html")]
pub struct TopicFormPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Every group, in alphabetical order of the page's language.
    pub groups: Vec<StakeholderGroup>,
    /// What was typed.
    pub form: TopicForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl TopicFormPage {
    /// Longest title, in characters.
    pub fn name_chars_max(&self) -> usize {
        limits::NAME_CHARS_MAX
    }

    /// Longest question, in characters.
    pub fn question_chars_max(&self) -> usize {
        limits::QUESTION_CHARS_MAX
    }
}

/// What a date of a topic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TopicDateKind {
    /// The topic was made.
    Created,
    /// Contributions are taken from then on.
    Opens,
    /// Contributions are taken until then.
    Closes,
    /// A report is made.
    Report,
}

impl TopicDateKind {
    /// Every kind, in the order of the days.
    pub const ALL: &[Self] = &[Self::Created, Self::Opens, Self::Closes, Self::Report];

    /// The message that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Created => "date-created",
            Self::Opens => "date-opens",
            Self::Closes => "date-closes",
            Self::Report => "date-report",
        }
    }
}

/// A date of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicDate {
    /// What it is.
    pub kind: TopicDateKind,
    /// When.
    pub at: Timestamp,
}

/// An opinion in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionRow {
    /// Its title and page.
    pub opinion: Link,
    /// The group it speaks from.
    pub group: Option<StakeholderGroup>,
    /// Number of the current revision.
    pub revision: i64,
    /// Its status.
    pub status: OpinionStatus,
    /// Numbered paragraphs of the current revision.
    pub paragraphs: usize,
    /// Its abstract.
    pub abstract_text: UserText,
    /// Who wrote it.
    pub authors: Vec<Voice>,
}

/// The positions on an opinion at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// The opinion's title, and all positions on it.
    pub opinion: Link,
    /// They as a figure.
    pub figure: Figure,
}

/// `/t/<slug>`
#[derive(Debug, Clone, Template)]
#[template(path = "topic.html")]
pub struct TopicPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Its name here, as in its path.
    pub slug: String,
    /// Its name.
    pub name: UserText,
    /// Its question.
    pub question: UserText,
    /// Where it stands.
    pub state: TopicState,
    /// Its facilitators.
    pub facilitators: Vec<Voice>,
    /// The rooms that hold it, this one included: host and address.
    pub rooms: Vec<Link>,
    /// Its dates.
    pub dates: Vec<TopicDate>,
    /// Groups not heard, in alphabetical order of the page's language.
    pub not_heard: Vec<StakeholderGroup>,
    /// Its own words for the parties, in its order; empty where it has none.
    pub parties: Vec<Party>,
    /// Opinions, in fair rotation.
    pub opinions: Vec<OpinionRow>,
    /// The group the rotation starts from today.
    pub order_start: Option<StakeholderGroup>,
    /// Positions on its opinions at a glance, in the same order.
    pub glance: Vec<Glance>,
    /// Last entries of its log, newest first.
    pub log: Vec<LogRow>,
    /// How much of it is here.
    pub completeness: Option<Completeness>,
    /// Handle to follow from one's own server: `@ec@cs.example`.
    pub handle: String,
    /// Where a reader who is not signed in follows it from their own server.
    pub interact_href: Option<String>,
    /// Where the reader writes an opinion; `None` where opinions are not taken.
    pub write_href: Option<String>,
    /// Where a draft is begun.
    pub draft_href: String,
    /// What its texts say that words mean.
    pub terms_href: String,
    /// The log as JSON.
    pub log_href: String,
    /// Its mesh page.
    pub mesh_href: String,
    /// Its objections, concerns and questions.
    pub ledger_href: String,
}

//! From a server to another and back (FEP-3b86): the page that leads who reads here to their own server, and the page to
//! which other servers lead who lives here.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Link, Page, SafeHtml, Section, Stated},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::comment::CommentKind,
    http::web::i18n::Texts,
    protocol::intents::Intent,
};

/// What sort of thing somebody begins something with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThingKind {
    /// An opinion, by its title.
    Opinion,
    /// A comment or a position, by its author's name.
    Words,
    /// A topic, by its name.
    Topic,
    /// Somebody, by name.
    Somebody,
}

impl ThingKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Opinion, Self::Words, Self::Topic, Self::Somebody];

    /// The message that names one, with its name in the place `name`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Opinion => "thing-opinion",
            Self::Words => "thing-words",
            Self::Topic => "thing-topic",
            Self::Somebody => "thing-somebody",
        }
    }
}

/// `/interact`
#[derive(Debug, Clone, Template)]
#[template(path = "interact.html")]
pub struct InteractPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Token of the form.
    pub csrf: String,
    /// What is to be done there.
    pub intent: Intent,
    /// What sort of thing it is.
    pub kind: ThingKind,
    /// Its name and page.
    pub thing: Link,
    /// Its id: what is looked up there.
    pub uri: String,
    /// Where it is sent.
    pub action: &'static str,
    /// Field `account`: where their account is.
    pub account: String,
    /// Field `remember`: whether this browser keeps that.
    pub remembers: bool,
    /// The server that offers no way, where one was asked.
    pub none_at: Option<String>,
    /// Which words take a position, for an opinion.
    pub words_href: Option<String>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl InteractPage {
    /// Signing in here, on the way back to the thing.
    pub fn sign_in_href(&self) -> String {
        let next = url::form_urlencoded::byte_serialize(self.thing.href.as_bytes());
        format!("/sign-in?next={}", next.collect::<String>())
    }
}

/// The answer to an address: the way to that server.
#[derive(Debug, Clone, Template)]
#[template(path = "interact_go.html")]
pub struct InteractGoPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What is to be done there.
    pub intent: Intent,
    /// The host that the link leads to.
    pub host: String,
    /// The link.
    pub href: String,
    /// The id of the thing, to copy where the link does not help.
    pub uri: String,
    /// Back to the thing.
    pub thing: Link,
}

/// The form of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyForm {
    /// Where it is sent.
    pub action: String,
    /// Value of the hidden field `inReplyTo`; empty where it answers the text.
    pub in_reply_to: String,
    /// Field `content`.
    pub content: String,
    /// Field `language`.
    pub language: String,
    /// How it will be shown, where a guest says it.
    pub stated: Option<Stated>,
}

impl ReplyForm {
    /// Kinds of comment to choose from.
    pub fn kinds(&self) -> &'static [CommentKind] {
        CommentKind::OFFERED
    }

    /// The kind that is chosen at first.
    pub fn kind(&self) -> &'static CommentKind {
        &CommentKind::Remark
    }

    /// Longest words.
    pub fn content_chars_max(&self) -> usize {
        limits::COMMENT_CHARS_MAX
    }
}

/// A post that somebody came for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetPost {
    /// What sort.
    pub kind: ThingKind,
    /// Its title, or whose words they are.
    pub name: String,
    /// Who wrote it: name and page.
    pub author: Link,
    /// When.
    pub at: Timestamp,
    /// Its words.
    pub html: SafeHtml,
    /// Their language; empty where nobody knows it.
    pub lang: String,
    /// Where it stands here.
    pub place_href: String,
    /// Where a position is taken, on an opinion.
    pub position_href: Option<String>,
    /// The form of a reply, where it can be answered on a page.
    pub reply: Option<ReplyForm>,
}

/// How the reader stands to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Following {
    /// It is the reader.
    Oneself,
    /// The reader is a guest, who follows nobody.
    Guest,
    /// Not followed.
    No,
    /// Asked for, and not answered.
    Asked,
    /// Followed.
    Yes,
}

/// Somebody, or a topic, that somebody came for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetSomebody {
    /// What sort.
    pub kind: ThingKind,
    /// Name and page.
    pub link: Link,
    /// `@name@host`
    pub handle: String,
    /// What they say of themselves.
    pub note: SafeHtml,
    /// How the reader stands to them.
    pub following: Following,
    /// Whether following opens the topic here.
    pub opens: bool,
    /// The key of the account.
    pub key: i64,
    /// What leads on from there: the id of what the reader came for.
    pub next: String,
    /// The words that came along for an answer.
    pub text: String,
    /// The post of this topic that the reader came for, which is not here yet.
    pub came_for: Option<CameFor>,
}

/// A post that is not held here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameFor {
    /// Its title, and where it is.
    pub link: Link,
    /// Who wrote it, where its own server says so.
    pub author: Option<Link>,
}

/// What somebody came for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// A post.
    Post(Box<MetPost>),
    /// Somebody, or a topic.
    Somebody(Box<MetSomebody>),
    /// A post that belongs to nothing here.
    Elsewhere(CameFor),
    /// To write something that answers nothing.
    New {
        /// The words that came along.
        text: String,
    },
    /// Something that is not found.
    Nothing {
        /// What was asked for.
        uri: String,
    },
}

/// `/authorize_interaction` and `/share`
#[derive(Debug, Clone, Template)]
#[template(path = "intent.html")]
pub struct IntentPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// What the reader came for.
    pub met: Met,
    /// Where a follow is sent.
    pub follow_action: &'static str,
    /// Always empty: a reply that is refused is shown again by its own form.
    pub errors: FormErrors,
}

impl IntentPage {
    /// The message that is the title.
    pub const fn title_key(&self) -> &'static str {
        match self.met {
            Met::Post(_) => "intent-title-post",
            Met::Somebody(_) => "intent-title-somebody",
            Met::Elsewhere(_) => "intent-title-elsewhere",
            Met::New { .. } => "intent-title-new",
            Met::Nothing { .. } => "intent-title-nothing",
        }
    }
}

/// Every title.
#[cfg(test)]
const TITLES: &[&str] = &[
    "intent-title-post",
    "intent-title-somebody",
    "intent-title-elsewhere",
    "intent-title-new",
    "intent-title-nothing",
];

/// Message keys that values choose.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let intents = Intent::ALL.iter().map(|intent| format!("interact-{}", intent.word()));
    let kinds = ThingKind::ALL.iter().map(|kind| kind.key().to_owned());
    intents.chain(kinds).chain(TITLES.iter().map(|key| (*key).to_owned())).collect()
}

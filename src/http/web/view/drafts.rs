//! The pages of drafts: what their authors alone see.

use askama::Template;

use super::{
    act::Principal,
    form::FormErrors,
    letter::DeadlineForm,
    opinion::TextPart,
    parts::{Link, Page, SafeHtml, Section, UserText, Voice},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{
        diff::{Run, RunKind},
        letter::OFFERED,
        opinion::OpinionStatus,
    },
    http::web::i18n::Texts,
};

/// A draft in the list of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its title; empty where it has none yet.
    pub draft: Link,
    /// Its topic.
    pub topic: Link,
    /// Latest change.
    pub updated: Timestamp,
    /// True where the reader was asked and has not answered.
    pub is_invitation: bool,
    /// Name of the organisation through which the reader sees it, where not as themselves.
    pub on_behalf_of: Option<String>,
    /// Field `as` of the answer.
    pub speak_as: String,
}

/// `/drafts`
#[derive(Debug, Clone, Template)]
#[template(path = "drafts.html")]
pub struct DraftsPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The reader's drafts, latest change first.
    pub rows: Vec<DraftRow>,
}

/// What somebody typed to begin a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftForm {
    /// Field `name`.
    pub name: String,
    /// Field `abstract`.
    pub abstract_text: String,
    /// Field `source`: Markdown, each paragraph by itself.
    pub source: String,
    /// Field `language`: BCP 47.
    pub language: String,
}

/// `/t/<slug>/draft`
#[derive(Debug, Clone, Template)]
#[template(path = "draft_new.html")]
pub struct DraftNewPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The topic.
    pub topic: Link,
    /// Where it is sent.
    pub action: String,
    /// What was typed.
    pub form: DraftForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DraftNewPage {
    /// Longest title, in characters.
    pub fn name_chars_max(&self) -> usize {
        limits::NAME_CHARS_MAX
    }

    /// Longest abstract, in characters.
    pub fn abstract_chars_max(&self) -> usize {
        limits::ABSTRACT_CHARS_MAX
    }

    /// Longest text, in thousands of bytes.
    pub fn source_kilobytes_max(&self) -> usize {
        limits::OPINION_SOURCE_BYTES_MAX / 1024
    }
}

/// Title, abstract, language or note of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHeadRow {
    /// The message that names it.
    pub label: &'static str,
    /// What it says; empty where it says nothing yet.
    pub text: UserText,
    /// Where it is edited.
    pub edit_href: String,
}

/// A paragraph of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftParagraph {
    /// Its key.
    pub id: i64,
    /// Which it is, from 1.
    pub number: usize,
    /// Its words.
    pub html: SafeHtml,
    /// Name of who wrote this version.
    pub editor: String,
    /// When.
    pub edited: Timestamp,
    /// Where it is edited.
    pub edit_href: String,
    /// Where a paragraph behind it is written.
    pub insert_href: String,
    /// Value of `after` that moves it up; `None` for the first.
    pub up: Option<String>,
    /// Value of `after` that moves it down; `None` for the last.
    pub down: Option<String>,
}

/// Somebody who writes a draft or was asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftAuthorRow {
    /// Who.
    pub voice: Voice,
    /// True where they have not answered yet.
    pub is_invited: bool,
    /// True where they agreed to the present text under the present names.
    pub agreed: bool,
    /// Name of the delegate who did so for them.
    pub agreed_by: Option<String>,
    /// True for whose key the text itself is signed with.
    pub signs: bool,
}

/// The opinion that a draft revises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRevises {
    /// The opinion.
    pub opinion: Link,
    /// The revision the draft goes on from.
    pub base: i64,
    /// The current one.
    pub current: i64,
    /// The two compared.
    pub compare_href: String,
    /// Name of who can publish its revisions.
    pub publisher: String,
}

impl DraftRevises {
    /// True where another revision came meanwhile.
    pub fn is_behind(&self) -> bool {
        self.base != self.current
    }
}

/// `/drafts/<key>`
#[derive(Debug, Clone, Template)]
#[template(path = "draft.html")]
pub struct DraftPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Its own address.
    pub href: String,
    /// Its topic.
    pub topic: Link,
    /// Its title; empty where it has none yet.
    pub title: UserText,
    /// The opinion it revises.
    pub revises: Option<DraftRevises>,
    /// Title, abstract, language, note.
    pub head: Vec<DraftHeadRow>,
    /// The paragraphs, in order.
    pub paragraphs: Vec<DraftParagraph>,
    /// Those taken out: key and words.
    pub removed: Vec<(i64, SafeHtml)>,
    /// Who writes it, who was asked.
    pub authors: Vec<DraftAuthorRow>,
    /// The language of the text.
    pub lang: String,
    /// What an author agrees to.
    pub digest: String,
    /// What whoever moves a paragraph has seen.
    pub arrangement: i64,
    /// True where the reader was asked and has not answered.
    pub is_invitation: bool,
    /// In whose name the reader writes: themselves, organisations.
    pub joined: Vec<Principal>,
    /// Those of them that were asked and have not answered.
    pub invited: Vec<Principal>,
    /// Those of them that have not agreed to the present text.
    pub to_agree: Vec<Principal>,
    /// Field `as` of forms that have no chooser: the first of those who write.
    pub seat: String,
    /// True where the reader can publish it.
    pub may_publish: bool,
    /// What was refused just now, in a sentence.
    pub message: Option<String>,
}

impl DraftPage {
    fn joined(&self) -> impl Iterator<Item = &DraftAuthorRow> {
        self.authors.iter().filter(|author| !author.is_invited)
    }

    /// What is chosen first of those that were asked.
    pub fn invited_first(&self) -> String {
        first(&self.invited)
    }

    /// What is chosen first of those that have not agreed.
    pub fn to_agree_first(&self) -> String {
        first(&self.to_agree)
    }

    /// How many authors agreed.
    pub fn agreed(&self) -> usize {
        self.joined().filter(|author| author.agreed).count()
    }

    /// How many there are.
    pub fn authors_joined(&self) -> usize {
        self.joined().count()
    }

    /// True where the reader writes it alone.
    pub fn is_alone(&self) -> bool {
        self.authors_joined() == 1
    }

    /// Names of those who have not agreed or not answered, with commas.
    pub fn waiting_for(&self) -> String {
        let waiting = self.authors.iter().filter(|author| !author.agreed);
        waiting.map(|author| author.voice.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

fn first(seats: &[Principal]) -> String {
    seats.first().map(|seat| seat.value.clone()).unwrap_or_default()
}

/// Two texts for one part, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClashView {
    /// Name of who wrote the one that stands.
    pub editor: String,
    /// What they changed, word by word.
    pub theirs: Vec<Run>,
    /// True where they took it out.
    pub removed: bool,
    /// What the reader changed, word by word; empty where the reader meant to take it out.
    pub mine: Vec<Run>,
    /// The text that stands, to copy from.
    pub theirs_source: String,
}

/// An earlier version of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// Its number.
    pub version: i64,
    /// Name of who wrote it.
    pub editor: String,
    /// When.
    pub at: Timestamp,
    /// Its words.
    pub source: String,
    /// True where it was taken out with this version.
    pub removed: bool,
}

/// `/drafts/<key>/b/<block>` and `/drafts/<key>/insert`
#[derive(Debug, Clone, Template)]
#[template(path = "draft_block.html")]
pub struct DraftBlockPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The draft, at this part.
    pub back: Link,
    /// The message that names the part.
    pub label: &'static str,
    /// True where new paragraphs are written.
    pub is_new: bool,
    /// True for a paragraph: it can be taken out.
    pub is_text: bool,
    /// Where it is sent.
    pub action: String,
    /// In whose name the reader may write.
    pub seats: Vec<Principal>,
    /// Field `as`.
    pub seat: String,
    /// Field `source`, as typed.
    pub source: String,
    /// Field `version`: what it is written from. Field `after` where it is new.
    pub version: String,
    /// The two texts, where somebody else saved it meanwhile.
    pub clash: Option<ClashView>,
    /// Its versions, latest first.
    pub versions: Vec<VersionRow>,
    /// The language of the text.
    pub lang: String,
    /// What is wrong.
    pub errors: FormErrors,
}

/// `/drafts/<key>/invite`
#[derive(Debug, Clone, Template)]
#[template(path = "draft_invite.html")]
pub struct DraftInvitePage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The draft.
    pub back: Link,
    /// Where it is sent.
    pub action: String,
    /// In whose name the reader may ask.
    pub seats: Vec<Principal>,
    /// Field `as`.
    pub seat: String,
    /// Field `handle`, as typed.
    pub handle: String,
    /// What is wrong.
    pub errors: FormErrors,
}

/// `/drafts/<key>/publish`: exactly what will be published, under which names.
#[derive(Debug, Clone, Template)]
#[template(path = "draft_publish.html")]
pub struct DraftPublishPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The draft.
    pub back: Link,
    /// Its topic.
    pub topic: Link,
    /// The opinion that it revises.
    pub revises: Option<DraftRevises>,
    /// Number of the revision it becomes.
    pub revision: i64,
    /// Title.
    pub title: UserText,
    /// Abstract.
    pub abstract_text: UserText,
    /// What changed.
    pub change_note: UserText,
    /// The text as it will stand.
    pub parts: Vec<TextPart>,
    /// Who is named: with their own key where `agreed`, else named only.
    pub authors: Vec<DraftAuthorRow>,
    /// Name of who signs the text.
    pub signer: String,
    /// Field `digest`.
    pub digest: String,
    /// Field `status`.
    pub status: OpinionStatus,
    /// Until when it asks for signatures; none where it is a revision, whose deadline stays.
    pub deadline: Option<DeadlineForm>,
    /// Hosts it is sent to, with commas; empty where there is none.
    pub hosts: String,
    /// Where it is sent; `None` where the reader cannot publish it.
    pub action: Option<String>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DraftPublishPage {
    /// Zones that are offered for a deadline.
    pub fn zones(&self) -> &'static [&'static str] {
        OFFERED
    }

    /// True where something is wrong with the deadline.
    pub fn has_letter_fault(&self) -> bool {
        ["day", "time", "zone"].iter().any(|field| self.errors.has(field))
    }

    /// The states that can be chosen.
    pub fn statuses(&self) -> &'static [OpinionStatus] {
        &[OpinionStatus::Open, OpinionStatus::Final]
    }
}

//! What stands on more than one page: the frame, names, links, receipts, lines of the log.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::{
    base::clock::Timestamp,
    domain::{
        attestation::ProofLevel, blocks::Block, group::StakeholderGroup, markup, position::Capacity,
    },
    http::web::i18n::Language,
};

/// HTML that may stand in a page: it went through the sanitiser or the escaper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// `html` from wherever, sanitised here.
    pub fn sanitized(html: &str) -> Self {
        Self(markup::sanitize(html))
    }

    /// Its length.
    pub fn bytes(&self) -> usize {
        self.0.len()
    }

    /// A block, which was sanitised when the text was split.
    pub fn of_block(block: &Block) -> Self {
        Self(block.html.clone())
    }
}

impl fmt::Display for SafeHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for SafeHtml {}

/// Words that somebody wrote, with their language (BCP 47; empty where nobody knows it).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserText {
    /// The words.
    pub text: String,
    /// Their language.
    pub lang: String,
}

/// Words that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// The words.
    pub text: String,
    /// Where to.
    pub href: String,
    /// The language of the words; empty where nobody knows it.
    pub lang: String,
}

/// Who speaks, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The person's or the organisation's name.
    pub name: String,
    /// Their page.
    pub href: String,
    /// The group they say they speak from.
    pub group: Option<StakeholderGroup>,
    /// How well that is known.
    pub proof: ProofLevel,
    /// In what capacity.
    pub capacity: Capacity,
    /// The organisation spoken for, where it is not the voice itself.
    pub on_behalf_of: Option<String>,
    /// Whether that organisation's key confirms it (P3). Read only with `on_behalf_of`.
    pub confirmed: bool,
    /// The server it came from, where it is not this one.
    pub from_host: Option<String>,
    /// The instance that says so, where they signed nothing themselves.
    pub stated: Option<Stated>,
}

/// That an instance says what a guest said there (protocol 4.d P10): weaker than their own signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The instance.
    pub host: String,
    /// As whom they were signed in: `ana@social.example`.
    pub handle: String,
}

impl Voice {
    /// The level of proof, where it is more than their own word.
    pub fn proven(&self) -> Option<ProofLevel> {
        (self.proof > ProofLevel::Declared).then_some(self.proof)
    }

    /// True where the page says "in personal capacity".
    pub fn is_personal(&self) -> bool {
        self.capacity == Capacity::PersonalCapacity
    }
}

/// The instance whose page it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its name.
    pub name: String,
    /// The body that runs it.
    pub run_by: String,
    /// The group that body speaks from.
    pub group: Option<StakeholderGroup>,
    /// `cs.example`
    pub domain: String,
    /// Address for mail, where there is one.
    pub contact: Option<String>,
    /// Version of the software.
    pub version: String,
    /// Where the source of the running version is (AGPL, section 13).
    pub source_href: String,
    /// Set while development mode is reachable from elsewhere (decisions 22): said on every page.
    pub development_public: bool,
}

/// Who reads, where signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Their name.
    pub name: String,
    /// Their page.
    pub href: String,
    /// The group they say they speak from.
    pub group: Option<StakeholderGroup>,
    /// Notices they have not read.
    pub notices_unread: u64,
    /// Whether they read reports.
    pub moderates: bool,
    /// Reports that are open, for who reads them.
    pub reports_open: u64,
}

/// A guest who reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestName {
    /// Their name.
    pub name: String,
    /// `ana@social.example`
    pub handle: String,
}

/// The entry of the main navigation that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    /// The home page.
    Home,
    /// Topics and what is below them.
    Topics,
    /// The rooms of the mesh.
    Mesh,
    /// What the reader is told.
    Notices,
    /// None.
    #[default]
    Elsewhere,
}

/// The frame of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The instance.
    pub instance: Instance,
    /// The reader, where signed in.
    pub signed_in: Option<SignedIn>,
    /// The guest who reads, where it is one.
    pub guest: Option<GuestName>,
    /// Token of this session's forms.
    pub csrf: String,
    /// Path and query of this page, without `lang`.
    pub here: String,
    /// The part of the site it belongs to.
    pub section: Section,
    /// Where the style sheet is.
    pub style_href: String,
}

impl Page {
    /// This page in another language.
    pub fn in_language(&self, language: &Language) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}lang={}", self.here, language.code())
    }

    /// The languages to choose from.
    pub fn languages(&self) -> &'static [Language] {
        Language::OFFERED
    }
}

/// How much of what the mesh knows is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// Contributions held here.
    pub here: u64,
    /// Contributions the mesh knows.
    pub known: u64,
    /// Servers the missing ones are being fetched from.
    pub fetching_from: Vec<String>,
    /// When that was last compared in full.
    pub checked: Option<Timestamp>,
}

impl Completeness {
    /// How many are missing.
    pub fn missing(&self) -> u64 {
        self.known.saturating_sub(self.here)
    }

    /// The servers, separated by commas.
    pub fn hosts(&self) -> String {
        self.fetching_from.join(", ")
    }
}

/// A room's proof that it accepted an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Host of the room that signed it.
    pub room: String,
    /// Number in that room's log.
    pub sequence: Option<i64>,
    /// Hash of the entry.
    pub hash: String,
    /// When the room received it; `None` where nobody attests a time.
    pub received: Option<Timestamp>,
    /// Its page.
    pub href: String,
}

impl Receipt {
    /// The file to keep.
    pub fn file_href(&self) -> String {
        format!("{}.json", self.href)
    }

    /// The hash as it stands in running text: `9f2c…41`.
    pub fn short_hash(&self) -> String {
        short_hash(&self.hash)
    }
}

/// The first four and last two characters of a digest, without the form it is written in.
pub(super) fn short_hash(hash: &str) -> String {
    let bare = hash.rsplit([';', ':', '/']).next().unwrap_or(hash);
    let bare = bare.split('?').next().unwrap_or(bare);
    let chars: Vec<char> = bare.chars().collect();
    match (chars.get(..4), chars.get(chars.len().saturating_sub(2)..)) {
        (Some(first), Some(last)) if chars.len() > 8 => {
            format!("{}…{}", first.iter().collect::<String>(), last.iter().collect::<String>())
        }
        _ => bare.to_owned(),
    }
}

/// What a line of the log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Opened a topic.
    Opened,
    /// Published an opinion.
    Published,
    /// Published another revision.
    Revised,
    /// Wrote a comment.
    Commented,
    /// Took a position.
    TookPosition,
    /// Withdrew a position.
    Withdrew,
    /// Deleted something of their own.
    Deleted,
    /// A room joined the topic.
    Joined,
    /// Said what became of a comment or a position.
    Disposed,
    /// Wrote a comment anew.
    Edited,
    /// Any other act.
    Other,
}

impl Deed {
    /// Every deed.
    pub const ALL: &[Self] = &[
        Self::Opened,
        Self::Published,
        Self::Revised,
        Self::Commented,
        Self::TookPosition,
        Self::Withdrew,
        Self::Deleted,
        Self::Joined,
        Self::Disposed,
        Self::Edited,
        Self::Other,
    ];

    /// The message that names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Opened => "deed-opened",
            Self::Published => "deed-published",
            Self::Revised => "deed-revised",
            Self::Commented => "deed-commented",
            Self::TookPosition => "deed-position",
            Self::Withdrew => "deed-withdrew",
            Self::Deleted => "deed-deleted",
            Self::Joined => "deed-joined",
            Self::Disposed => "deed-disposed",
            Self::Edited => "deed-edited",
            Self::Other => "deed-other",
        }
    }
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub voice: Voice,
    /// What.
    pub deed: Deed,
    /// On what.
    pub object: Option<Link>,
    /// Where the entry itself is.
    pub entry_href: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_short_in_running_text() {
        assert_eq!(short_hash("ni:///sha-256;9f2cAAAAAAAAAA41"), "9f2c…41");
        assert_eq!(short_hash("abc"), "abc");
        assert_eq!(short_hash(""), "");
    }
}

//! The page of a participant, and of the rooms that hold the record.

use askama::Template;

use super::{
    form::FormErrors,
    parts::{Completeness, Link, LogRow, Page, SafeHtml, Section, Voice},
    settings::Attested,
    topic::OpinionRow,
};
use crate::{
    base::clock::Timestamp,
    domain::{attestation::ProofLevel, group::StakeholderGroup, region::Region},
    http::web::i18n::{Said, Texts},
};

/// Whether a reader may vouch for somebody, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouching {
    /// They speak for no organisation.
    No,
    /// On the organisation's own page, for whoever they name.
    ByHandle,
    /// For the participant whose page it is.
    ForThis,
}

/// Somebody an organisation vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Who.
    pub who: Voice,
    /// Where to take it back.
    pub end_href: String,
}

/// `/p/<handle>`
#[derive(Debug, Clone, Template)]
#[template(path = "participant.html")]
pub struct ParticipantPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// Who.
    pub voice: Voice,
    /// The region they say they come from.
    pub region: Option<Region>,
    /// The highest level of proof that holds.
    pub level: ProofLevel,
    /// What others say of them, strongest first.
    pub attested: Vec<Attested>,
    /// Whether the reader may vouch, and how.
    pub vouching: Vouching,
    /// For whom the reader's organisation vouches, on its own page.
    pub vouched: Vec<Vouched>,
    /// Where it is said.
    pub vouch_href: String,
    /// The handle as typed.
    pub vouch_handle: String,
    /// What is wrong with it.
    pub errors: FormErrors,
    /// True for an organisation.
    pub is_organisation: bool,
    /// `@amina@cs.example`
    pub handle: String,
    /// Since when known here.
    pub since: Option<Timestamp>,
    /// What they say of themselves.
    pub summary: Option<SafeHtml>,
    /// Their page on their own server, where it is not this one.
    pub home_href: Option<String>,
    /// Opinions they wrote.
    pub opinions: Vec<OpinionRow>,
    /// Their acts, newest first.
    pub log: Vec<LogRow>,
}

/// How it stands between this instance and a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomState {
    /// It is this instance's own.
    Here,
    /// Linked, and both hold the same.
    Agrees,
    /// Linked, and they differ in so many entries.
    Differs {
        /// How many entries.
        entries: u64,
    },
    /// Linked, and not compared yet.
    Linked,
    /// Asked for a link, no answer yet.
    Waiting,
    /// Named by another room; no link.
    NotLinked,
    /// No answer since then; what we have for it waits.
    Unreachable {
        /// Last contact.
        since: Timestamp,
    },
}

impl RoomState {
    /// It in words.
    pub fn said(&self, t: &Texts) -> Said {
        match self {
            Self::Here => t.say("room-here"),
            Self::Agrees => t.say("room-agrees"),
            Self::Differs { entries } => t.say_with("room-differs", "entries", entries),
            Self::Linked => t.say("room-linked"),
            Self::Waiting => t.say("room-waiting"),
            Self::NotLinked => t.say("room-not-linked"),
            Self::Unreachable { since } => {
                t.say_with("room-unreachable", "moment", t.moment(since))
            }
        }
    }
}

/// A room that holds a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its host and address.
    pub link: Link,
    /// The body that runs the instance; empty where unknown.
    pub run_by: String,
    /// The group that body speaks from.
    pub group: Option<StakeholderGroup>,
    /// How it stands.
    pub state: RoomState,
    /// Entries it holds of those known, where it said so.
    pub completeness: Option<Completeness>,
    /// Last exchange.
    pub last_exchange: Option<Timestamp>,
    /// Its software; empty where unknown.
    pub software: String,
}

/// `/mesh` and `/t/<slug>/mesh`
#[derive(Debug, Clone, Template)]
#[template(path = "mesh.html")]
pub struct MeshPage {
    /// The page's language.
    pub t: Texts,
    /// The frame.
    pub page: Page,
    /// The topic; `None` for the mesh of the whole instance.
    pub topic: Option<Link>,
    /// The rooms, this one first, then by host.
    pub rooms: Vec<Room>,
}

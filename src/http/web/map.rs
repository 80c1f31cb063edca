//! From what the services answer to what pages show: voices, links, rows. Decides nothing but where a link leads.

use super::{
    session::{Speaker, status_of},
    view::{
        Deed, DonePage, Link, LogRow, OpinionHead, OpinionRow, Receipt, RevisionRef, Section,
        Stated, TopicRow, TopicState, UserText, Voice,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::{
        attestation::ProofLevel, group::StakeholderGroup, parsed::parsed, position::Capacity,
    },
    http::web::{i18n::Texts, session::Visitor},
    protocol::paths::host_of,
    service::{
        Service,
        acts::{Acted, Given},
        read::{ActorView, OpinionView, ReceiptView, TopicView},
    },
};

/// State of a link over which rooms exchange entries.
pub(super) const LINKED: &str = "up";

/// Words with their language.
pub(super) fn text(text: &str, lang: &str) -> UserText {
    UserText { text: text.to_owned(), lang: lang.to_owned() }
}

/// Where a participant has a page: here, or on their own server. Only the web is linked to: the address came from
/// elsewhere.
pub(super) fn actor_href(actor: &ActorView) -> String {
    if actor.local {
        return format!("/p/{}", actor.username);
    }
    [&actor.url, &actor.uri].into_iter().find(|href| is_web(href)).cloned().unwrap_or_default()
}

/// True for an address that a browser may be sent to.
pub(super) fn is_web(href: &str) -> bool {
    href.starts_with("https://") || href.starts_with("http://")
}

/// Who speaks, for themselves.
pub(super) fn voice(
    actor: &ActorView,
    group: Option<StakeholderGroup>,
    capacity: Option<&str>,
) -> Voice {
    let own =
        if actor.kind == "Organization" { Capacity::Organization } else { Capacity::Individual };
    Voice {
        name: actor.name.clone(),
        href: actor_href(actor),
        group,
        proof: actor.proof,
        capacity: capacity.and_then(Capacity::from_term).unwrap_or(own),
        on_behalf_of: None,
        confirmed: false,
        from_host: (!actor.local).then(|| actor.host.clone()),
        stated: None,
    }
}

/// The same where an instance says it of a guest: what is known of the person does not vouch for what they said.
pub(super) fn stated(voice: Voice, actor: &ActorView, attested_by: Option<&String>) -> Voice {
    match attested_by {
        Some(instance) => Voice {
            proof: ProofLevel::Declared,
            stated: Some(Stated { host: host_of(instance), handle: actor.handle.clone() }),
            ..voice
        },
        None => voice,
    }
}

/// Who speaks, and for whom: the person, with the organisation named and whether it confirms.
pub(super) fn voice_for(
    actor: &ActorView,
    group: Option<StakeholderGroup>,
    capacity: Option<&str>,
    on_behalf_of: Option<&ActorView>,
    confirmed: bool,
) -> Voice {
    Voice {
        on_behalf_of: on_behalf_of.map(|body| body.name.clone()),
        confirmed,
        ..voice(actor, group, capacity)
    }
}

/// Page of an opinion on this instance, wherever it comes from.
pub(super) fn opinion_href(key: i64) -> String {
    format!("/o/{key}")
}

/// An opinion by its title.
pub(super) fn opinion_link(view: &OpinionView) -> Link {
    Link {
        text: view.shown.name.clone(),
        href: opinion_href(view.key),
        lang: view.opinion.language.clone(),
    }
}

/// A topic by its name.
pub(super) fn room_link(name: &str, slug: &str, lang: &str) -> Link {
    Link { text: name.to_owned(), href: format!("/t/{slug}"), lang: lang.to_owned() }
}

/// An opinion in a list.
pub(super) fn opinion_row(view: &OpinionView) -> OpinionRow {
    OpinionRow {
        opinion: opinion_link(view),
        group: view.group,
        revision: view.shown.number,
        status: status_of(&view.opinion.status),
        paragraphs: parsed(&view.shown.digest, &view.shown.content).blocks().len(),
        abstract_text: text(&view.shown.abstract_text, &view.shown.language),
        authors: view.authors.iter().map(|one| voice(&one.actor, one.actor.group, None)).collect(),
    }
}

/// The revision shown, by its number.
pub(super) fn revision_ref(view: &OpinionView, number: i64) -> RevisionRef {
    let revision =
        view.revisions.iter().find(|revision| revision.number == number).unwrap_or(&view.shown);
    RevisionRef {
        number: revision.number,
        at: Timestamp::from_millis(revision.published),
        digest: revision.digest.clone(),
        href: format!("/o/{}/revisions/{}", view.key, revision.number),
    }
}

/// What stands above everything about an opinion.
pub(super) fn opinion_head(view: &OpinionView) -> OpinionHead {
    let href = opinion_href(view.key);
    let newest = view.opinion.revision;
    let previous = view.revisions.iter().map(|revision| revision.number).filter(|n| *n < newest);
    OpinionHead {
        title: text(&view.shown.name, &view.shown.language),
        topic: room_link(&view.room.name, &view.room.slug, &view.room.language),
        group: view.group,
        status: status_of(&view.opinion.status),
        history_href: format!("{href}/history"),
        positions_href: format!("{href}/positions"),
        letter_href: view.opinion.letter().map(|_| format!("{href}/letter")),
        comments_href: format!("{href}/comments"),
        compare_href: previous.max().map(|before| format!("{href}/diff/{before}..{newest}")),
        json_href: format!("{href}.json"),
        href,
    }
}

/// Hosts of the other rooms that hold a topic.
pub(super) fn mirrors(topic: &TopicView) -> Vec<String> {
    let mut hosts: Vec<String> = topic
        .rooms
        .iter()
        .filter(|link| link.state == LINKED)
        .map(|link| link.host.clone())
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// Groups of which nobody was heard, in alphabetical order of the page's language.
pub(super) fn not_heard(topic: &TopicView, t: Texts) -> Vec<StakeholderGroup> {
    let mut groups = t.sorted(StakeholderGroup::ALL);
    groups.retain(|group| !topic.heard.contains(group));
    groups
}

/// A topic in a list.
pub(super) fn topic_row(topic: &TopicView, t: Texts, own_host: &str) -> TopicRow {
    let room = &topic.room;
    let mut held_by = vec![own_host.to_owned()];
    held_by.extend(mirrors(topic));
    TopicRow {
        topic: room_link(&room.name, &room.slug, &room.language),
        question: text(&room.question, &room.language),
        state: TopicState::Open,
        held_by,
        not_heard: not_heard(topic, t),
        completeness: None,
    }
}

/// A receipt that the record holds, whichever room gave it.
pub(super) fn receipt_held(held: ReceiptView) -> Receipt {
    Receipt {
        room: held.host,
        sequence: held.seq,
        received: Some(held.received),
        href: receipt_href(&held.hash),
        hash: held.hash,
    }
}

/// The page of a receipt; with `.json` behind it, the file to keep.
pub(super) fn receipt_href(hash: &str) -> String {
    format!("/receipts/{hash}")
}

/// The room's proof that it took an act.
fn receipt(service: &Service, given: &Given) -> Receipt {
    let hash = given.hash.to_string();
    Receipt {
        room: service.paths.domain().to_owned(),
        sequence: Some(given.seq),
        received: Some(given.received_at),
        href: receipt_href(&hash),
        hash,
    }
}

/// What an act did, for the page after it.
pub(super) struct Done {
    pub(super) deed: Deed,
    pub(super) object: Link,
    /// Slug of the topic it was done in.
    pub(super) slug: String,
    pub(super) undo_href: Option<String>,
}

impl Done {
    /// The page after an act. `here` leads back, since what was posted cannot be asked for again.
    pub(super) async fn page(
        self,
        service: &Service,
        visitor: &Visitor,
        acted: &Acted,
    ) -> Result<DonePage, super::error_page::Refusal> {
        let topic = service.topic(&self.slug).await?;
        let speaker = visitor.speaker()?;
        let actor = service.actor_view(speaker.actor());
        let instance = service.paths.instance();
        let attested_by = matches!(speaker, Speaker::Guest(_)).then_some(&instance);
        let mut page = visitor.page(Section::Topics);
        let back = self.object.href.split('#').next().unwrap_or_default();
        back.clone_into(&mut page.here);
        Ok(DonePage {
            t: visitor.t,
            page,
            row: LogRow {
                at: acted.receipt.received_at,
                voice: stated(voice(&actor, actor.group, None), &actor, attested_by),
                deed: self.deed,
                object: Some(self.object.clone()),
                entry_href: None,
            },
            receipt: receipt(service, &acted.receipt),
            sent_to: mirrors(&topic),
            back: self.object,
            undo_href: self.undo_href,
        })
    }
}

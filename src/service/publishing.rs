//! Signing one revision of an opinion, or another status of one: what a form, a draft and a change of status have in
//! common. The rules of each are with who calls.

use serde_json::json;

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::{Acted, RoomHand, sign_activity},
    error::markup as markup_error,
};
use crate::{
    base::clock::Timestamp,
    domain::{
        audience::Audience, blocks::HEAD_CLASS, letter::Deadline, markup, opinion::OpinionStatus,
    },
    protocol::compose::{self, Addressing, Article, CoAuthor, Envelope},
    record::digest::RevisionText,
    store::{
        Tx, actors, keys,
        projections::{Opinion, Revision},
    },
};

/// One revision, ready to be signed.
#[derive(Debug, Clone)]
pub(super) struct Publication<'a> {
    /// Id of the opinion.
    pub(super) uri: &'a str,
    /// Title.
    pub(super) name: &'a str,
    /// The point in 500 characters.
    pub(super) summary: &'a str,
    /// Markdown; none where only the HTML is known.
    pub(super) source: Option<&'a str>,
    /// BCP 47.
    pub(super) language: &'a str,
    /// 1, 2, 3 …
    pub(super) revision: i64,
    /// Digest of the one before.
    pub(super) previous: Option<&'a str>,
    /// Those named beside who signs.
    pub(super) co_authors: &'a [CoAuthor],
    /// What changed and why; with another status, why that.
    pub(super) change_note: Option<&'a str>,
    /// Its status.
    pub(super) status: OpinionStatus,
    /// The opinion that took its place.
    pub(super) superseded_by: Option<&'a str>,
    /// Until when it asks for signatures.
    pub(super) letter: Option<&'a Deadline>,
    /// When it was first published.
    pub(super) first: Timestamp,
    /// When this is, from the second act on.
    pub(super) updated: Option<Timestamp>,
}

/// What an author says of a text as a whole, its words aside.
#[derive(Debug, Clone)]
pub(super) struct Stand<'a> {
    /// Its status.
    pub(super) status: OpinionStatus,
    /// Why it has that.
    pub(super) reason: Option<&'a str>,
    /// The opinion that took its place.
    pub(super) superseded_by: Option<&'a str>,
    /// Until when it asks for signatures.
    pub(super) letter: Option<&'a Deadline>,
}

impl Service {
    /// A `Create` or `Update` with a new text. `body` is its HTML; answers the revision's digest too.
    pub(super) async fn sign_revision(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        text: &Publication<'_>,
        body: &str,
    ) -> Result<(Acted, String), ServiceError> {
        let at = text.updated.unwrap_or(text.first);
        let head = compose::opinion_head(text.name, text.revision, &at.to_date(), text.uri);
        let content = format!("{head}{body}");
        let named = text.co_authors.iter().map(|author| author.actor.clone());
        let digest = RevisionText {
            abstract_text: text.summary.to_owned(),
            authors: std::iter::once(caller.actor.uri.clone()).chain(named).collect(),
            content: content.clone(),
            id: text.uri.to_owned(),
            lang: text.language.to_owned(),
            name: text.name.to_owned(),
            previous: text.previous.map(str::to_owned),
            revision: text.revision,
        }
        .digest();
        let acted = self.sign_article(tx, caller, hand, text, (&content, &digest)).await?;
        Ok((acted, digest))
    }

    /// An `Update` or `Create` with these words under this digest.
    pub(super) async fn sign_article(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        text: &Publication<'_>,
        (content, digest): (&str, &str),
    ) -> Result<Acted, ServiceError> {
        let author = &caller.actor;
        let followers = format!("{}/followers", author.uri);
        // The home room is where the opinion was published first; whoever hosts the author (protocol 4.c).
        let article = Article {
            id: text.uri,
            author: &author.uri,
            followers: &followers,
            name: text.name,
            abstract_text: text.summary,
            content,
            source: text.source,
            language: text.language,
            published: text.first,
            updated: text.updated,
            room: &hand.actor.uri,
            room_handle: &self.paths.handle(&hand.room.slug),
            topic: &hand.room.topic,
            revision: text.revision,
            digest,
            previous: text.previous,
            change_note: text.change_note,
            status: text.status.term(),
            stakeholder_group: author.stakeholder_group.as_deref(),
            region: author.region.as_deref(),
            co_authors: text.co_authors,
            superseded_by: text.superseded_by,
            letter: text.letter.map(|letter| (letter.closes, letter.zone.as_str())),
        }
        .print();
        let at = text.updated.unwrap_or(text.first);
        let activity_id = self.paths.activity(self.new_id());
        let envelope = Envelope {
            id: &activity_id,
            actor: &author.uri,
            published: at,
            addressing: Addressing::public(&[&hand.actor.uri], &[&followers]),
            audience: Some(&hand.actor.uri),
        };
        let kind = if text.updated.is_none() { "Create" } else { "Update" };
        let keys = self.keys.of(author).await?;
        let act = sign_activity(&keys, envelope.activity(kind, json!(article)), at);
        let audiences = [Audience::Followers(author.uri.clone())];
        let receipt = self.record(tx, hand, author, act, &audiences).await?;
        let key = keys::give(tx, text.uri, "opinion", self.new_id()).await?;
        Ok(Acted { uri: text.uri.to_owned(), key, activity_id, receipt })
    }

    /// An `Update` with the same words under another status: same revision, same digest (decisions 11), so the same
    /// names too.
    pub(super) async fn sign_status(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        (opinion, current): (&Opinion, &Revision),
        stand: Stand<'_>,
    ) -> Result<Acted, ServiceError> {
        let at = self.time_to_act(tx, &caller.actor.uri).await?;
        let co_authors = self.co_authors_of(tx, opinion, current).await?;
        let text = Publication {
            uri: &opinion.uri,
            name: &current.name,
            summary: &current.abstract_text,
            source: current.source.as_deref(),
            language: &current.language,
            revision: current.number,
            previous: current.previous.as_deref(),
            co_authors: &co_authors,
            // Where no reason is given, the note that came with the text stays with it.
            change_note: stand.reason.or(current.change_note.as_deref()),
            status: stand.status,
            superseded_by: stand.superseded_by,
            letter: stand.letter,
            first: Timestamp::from_millis(opinion.published),
            updated: Some(at),
        };
        let words = (current.content.as_str(), current.digest.as_str());
        self.sign_article(tx, caller, hand, &text, words).await
    }

    /// Those whom a revision names beside its first author, with the groups they are in now.
    pub(super) async fn co_authors_of(
        &self,
        tx: &Tx,
        opinion: &Opinion,
        revision: &Revision,
    ) -> Result<Vec<CoAuthor>, ServiceError> {
        let mut named: Vec<String> = serde_json::from_str(&revision.authors).unwrap_or_default();
        named.retain(|uri| *uri != opinion.author);
        let known = actors::by_uris(tx, &named).await?;
        Ok(named
            .into_iter()
            .map(|actor| CoAuthor {
                stakeholder_group: known
                    .iter()
                    .find(|row| row.uri == actor)
                    .and_then(|row| row.stakeholder_group.clone()),
                actor,
            })
            .collect())
    }
}

/// The HTML of a text, or what is wrong with it.
pub(super) fn render(wrong: &mut Vec<FieldError>, source: &str) -> Option<String> {
    if source.trim().is_empty() {
        wrong.push(FieldError::new("source", "must not be empty"));
        return None;
    }
    match markup::render_opinion(source).map_err(markup_error("source")) {
        Ok(html) => Some(html),
        Err(error) => {
            wrong.push(error);
            None
        }
    }
}

/// The HTML of a text of ours as its author wrote it, without the paragraph generated before it.
pub(super) fn without_head(content: &str) -> &str {
    let head = format!("<p class=\"{HEAD_CLASS}\">");
    let rest = content.strip_prefix(head.as_str());
    rest.and_then(|rest| rest.split_once("</p>")).map_or(content, |(_, body)| body)
}

/// The status that an opinion has.
pub(super) fn status_of(opinion: &Opinion) -> OpinionStatus {
    opinion.status.parse().unwrap_or(OpinionStatus::Open)
}

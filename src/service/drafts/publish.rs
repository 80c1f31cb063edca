//! From a draft to an opinion, or to the next revision of one. One author signs the text; each other author who agreed
//! to exactly this text, under exactly these names, takes a position of its co-author with their own key, in the same
//! transaction. Who did not is named, and nothing more (protocol 4.b).

use std::collections::BTreeSet;

use super::{Authorship, Desk, DraftPart, Held, NO_DRAFT, wrong};
use crate::{
    base::clock::Timestamp,
    domain::{
        delegation::Scope,
        letter::Deadline,
        opinion::OpinionStatus,
        position::{CO_AUTHOR_TERM, PositionKind},
    },
    protocol::compose::{self, CoAuthor},
    service::{
        Caller, Role, Service, ServiceError,
        acts::{Acted, RoomHand},
        delegations::Spoken,
        opinions::{PASSED, Words, note_length},
        publishing::Publication,
    },
    store::{
        Tx, accounts,
        actors::{self, Actor},
        drafts::Author,
        projections::{self, Opinion, Revision},
        rooms,
    },
};

/// A draft to publish.
#[derive(Debug, Clone)]
pub struct Release {
    /// Digest of the draft as it was shown to who publishes it.
    pub digest: String,
    /// `open` or `final`.
    pub status: OpinionStatus,
    /// Until when it asks for signatures; a revision keeps the deadline there is.
    pub letter: Option<Deadline>,
}

/// That a revision is somebody's too.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// Its number.
    pub revision: i64,
    /// The organisation whose it is, by actor id, where a delegate says so; none for oneself.
    pub on_behalf_of: Option<String>,
}

impl From<i64> for Confirmation {
    fn from(revision: i64) -> Self {
        Self { revision, on_behalf_of: None }
    }
}

impl Service {
    /// Publishes a draft. It goes on as the workspace of the next revision.
    pub async fn publish_draft(
        &self,
        caller: &Caller,
        id: i64,
        release: Release,
    ) -> Result<Acted, ServiceError> {
        let (tx, mut held) = self.write_draft(caller, id.into()).await?;
        let joined = lock_authors(&tx, &held).await?;
        if held.digest() != release.digest {
            return Err(ServiceError::Conflict {
                why: "the text or its authors changed meanwhile: look at it again, then publish"
                    .to_owned(),
            });
        }
        let before = self.base_of(&tx, caller, &held).await?;
        let mut words = Words::read(
            held.head(DraftPart::Title),
            held.head(DraftPart::Abstract),
            &held.source(),
            held.head(DraftPart::Language),
        );
        let note = held.head(DraftPart::Note).to_owned();
        if before.is_some() {
            note_length(&mut words.wrong, "changeNote", &note);
        }
        if !matches!(release.status, OpinionStatus::Open | OpinionStatus::Final) {
            words.wrong.push(wrong("status", "what is published is `open` or `final`"));
        }
        if release.letter.as_ref().is_some_and(|letter| letter.has_passed(self.now())) {
            words.wrong.push(wrong("letter", PASSED));
        }
        let Some(body) = words.body.filter(|_| words.wrong.is_empty()) else {
            return Err(ServiceError::Invalid(words.wrong));
        };

        let room = rooms::by_id(&tx, held.draft.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let hand = self.room_hand(room).await?;
        let at = self.time_to_act(&tx, &caller.actor.uri).await?;
        let co_authors = named(&joined, caller, before.as_ref(), &self.paths);
        let uri = match &before {
            Some((opinion, _)) => opinion.uri.clone(),
            None => self.paths.opinion(self.new_id()),
        };
        let current = before.as_ref().map(|(_, current)| current);
        let letter = match &before {
            Some((opinion, _)) => opinion.letter(),
            None => release.letter,
        };
        let text = Publication {
            uri: &uri,
            name: &words.name,
            summary: &words.abstract_text,
            source: Some(&words.source),
            language: &words.language,
            revision: current.map_or(1, |current| current.number + 1),
            previous: current.map(|current| current.digest.as_str()),
            co_authors: &co_authors,
            change_note: current.map(|_| note.as_str()),
            status: release.status,
            superseded_by: None,
            letter: letter.as_ref(),
            first: before
                .as_ref()
                .map_or(at, |(opinion, _)| Timestamp::from_millis(opinion.published)),
            updated: before.as_ref().map(|_| at),
        };
        let (acted, digest) = self.sign_revision(&tx, caller, &hand, &text, &body).await?;
        let revision = text.revision;
        let opinion = projections::opinion(&tx, &uri)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("{uri} was not projected")))?;
        for actor in joined.iter().filter(|actor| actor.id != caller.actor.id) {
            let Some(row) = agreed(&held, actor, &release.digest) else { continue };
            let Some(word) = self.word_of(&tx, actor, row.agreed_by).await? else { continue };
            self.bring_mandate(&tx, &hand, &word.spoken).await?;
            self.confirm_as(&tx, &hand, (&word, &opinion), (revision, &digest)).await?;
        }
        held.draft.opinion_uri = Some(uri);
        held.draft.base_revision = revision;
        held.draft.base_digest = Some(digest);
        self.clear_note(&tx, &held).await?;
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// The opinion a draft revises, with its current revision: it must be the one the draft goes on from.
    async fn base_of(
        &self,
        tx: &Tx,
        caller: &Caller,
        held: &Held,
    ) -> Result<Option<(Opinion, Revision)>, ServiceError> {
        let Some(uri) = &held.draft.opinion_uri else { return Ok(None) };
        let (opinion, current) = self.open_opinion(tx, uri).await?;
        if opinion.author != caller.actor.uri {
            return Err(ServiceError::NotPermitted {
                why: "an opinion is revised under the key of its first author: only they can publish this",
            });
        }
        if held.draft.base_digest.as_ref() != Some(&current.digest) {
            let (base, now) = (held.draft.base_revision, current.number);
            return Err(ServiceError::Conflict {
                why: format!(
                    "revision {now} was published since this draft was made from revision {base}: compare them, then go on from revision {now}"
                ),
            });
        }
        Ok(Some((opinion, current)))
    }

    /// Goes on from the current revision: whoever does so has seen what it changed.
    pub async fn rebase_draft(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        revision: i64,
    ) -> Result<(), ServiceError> {
        let (tx, mut held) = self.write_draft(caller, desk.into()).await?;
        let uri = held.draft.opinion_uri.clone().ok_or(NO_DRAFT)?;
        let (_, current) = self.open_opinion(&tx, &uri).await?;
        if current.number != revision {
            let now = current.number;
            return Err(ServiceError::Conflict {
                why: format!("revision {now} is the current one by now: compare with that"),
            });
        }
        held.draft.base_revision = current.number;
        held.draft.base_digest = Some(current.digest);
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says of the current revision of an opinion, or of an older one, that it is the caller's too, or an organisation's.
    /// Only of somebody whom that revision names can it be said; of an organisation that does not let the caller say so it
    /// is recorded and confirms nothing.
    pub async fn confirm_authorship(
        &self,
        caller: &Caller,
        opinion_uri: &str,
        confirmation: impl Into<Confirmation>,
    ) -> Result<Acted, ServiceError> {
        let Confirmation { revision: number, on_behalf_of } = confirmation.into();
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, _) = self.open_opinion(&tx, opinion_uri).await?;
        let revisions = projections::revisions(&tx, opinion.room_id, opinion_uri).await?;
        let revision = revisions
            .iter()
            .find(|row| row.number == number && (row.current || row.number != opinion.revision))
            .ok_or_else(|| ServiceError::no_revision(number, &revisions))?;
        let named: Vec<String> = serde_json::from_str(&revision.authors).unwrap_or_default();
        let principal = on_behalf_of.as_ref().unwrap_or(&caller.actor.uri);
        if !named.contains(principal) || opinion.author == *principal {
            return Err(ServiceError::NotPermitted {
                why: "only somebody whom this revision names as a co-author can confirm it",
            });
        }
        let words = (revision.number, revision.digest.as_str());
        let spoken =
            self.spoken(&tx, caller, on_behalf_of.as_deref(), None, Scope::CoAuthor).await?;
        let word = Word { by: caller.clone(), spoken };
        let hand = self.hand_of(&tx, &opinion).await?;
        self.bring_mandate(&tx, &hand, &word.spoken).await?;
        let acted = self.confirm_as(&tx, &hand, (&word, &opinion), words).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// How an author who agreed says so: with their own key, or with that of the delegate who agreed for them. None where
    /// that delegate may not any more: then they are named, and nothing more.
    async fn word_of(
        &self,
        tx: &Tx,
        author: &Actor,
        agreed_by: Option<i64>,
    ) -> Result<Option<Word>, ServiceError> {
        let signer = agreed_by.unwrap_or(author.id);
        let account = accounts::by_actor(tx, signer).await?.filter(|account| !account.disabled);
        let actor = actors::by_id(tx, signer).await?;
        let Some((account, actor)) = account.zip(actor) else { return Ok(None) };
        let by = Caller { account_id: account.id, actor, role: Role::Member, may_write: true };
        if agreed_by.is_some() {
            let mandate = self.co_author_for(tx, &by, &author.uri).await?;
            return Ok(mandate.map(|(_, spoken)| Word { by, spoken }));
        }
        let spoken = self.spoken(tx, &by, None, None, Scope::CoAuthor).await?;
        Ok(Some(Word { by, spoken }))
    }

    async fn confirm_as(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        (word, opinion): (&Word, &Opinion),
        (revision, digest): (i64, &str),
    ) -> Result<Acted, ServiceError> {
        let spoken = &word.spoken;
        let position = compose::Position {
            kind: PositionKind::Support.term(),
            capacity: spoken.capacity.term(),
            mandate: spoken.mandate(),
            stakeholder_group: spoken.stakeholder_group.as_deref(),
            region: spoken.region.as_deref(),
            revision,
            digest,
            statement: None,
            role: Some(CO_AUTHOR_TERM),
        };
        self.send_like(tx, &word.by, hand, opinion, &position).await
    }

    /// The change note was said; the next revision says another.
    async fn clear_note(&self, tx: &Tx, held: &Held) -> Result<(), ServiceError> {
        let note = held.blocks.iter().find(|block| DraftPart::of(block) == DraftPart::Note);
        match note.filter(|note| !note.source.is_empty()) {
            Some(note) => {
                self.next_version(tx, held.seat, note.clone(), String::new(), false).await
            }
            None => Ok(()),
        }
    }
}

/// An author's word that a text is theirs: who signs it, and in whose name.
struct Word {
    by: Caller,
    spoken: Spoken,
}

/// Everybody who writes it, held in the order of their keys, with the delegates who agreed for one of them, so that two
/// publications never wait for each other. Who lost the account since is not among them.
async fn lock_authors(tx: &Tx, held: &Held) -> Result<Vec<Actor>, ServiceError> {
    let authors = held.joined();
    let mut ids = authors.clone();
    ids.extend(held.authors.iter().filter_map(|author| author.agreed_by));
    ids.sort_unstable();
    ids.dedup();
    let mut joined = Vec::new();
    for id in ids {
        actors::lock(tx, id).await?;
        if !authors.contains(&id) {
            continue;
        }
        let account = accounts::by_actor(tx, id).await?.filter(|account| !account.disabled);
        if let Some(actor) = actors::by_id(tx, id).await?.filter(|_| account.is_some()) {
            joined.push(actor);
        }
    }
    Ok(joined)
}

fn agreed<'a>(held: &'a Held, actor: &Actor, digest: &str) -> Option<&'a Author> {
    held.authors.iter().find(|author| {
        author.actor_id == actor.id
            && Authorship::of(author) == Authorship::Joined
            && author.agreed_to.as_deref() == Some(digest)
    })
}

/// Those who are named beside who signs: the authors of the draft, and authors of the last revision who have no
/// account here and so cannot write it (they stay named, not confirmed).
fn named(
    joined: &[Actor],
    caller: &Caller,
    before: Option<&(Opinion, Revision)>,
    paths: &crate::protocol::paths::Paths,
) -> Vec<CoAuthor> {
    let own = &caller.actor.uri;
    let mut co_authors: Vec<CoAuthor> = joined
        .iter()
        .filter(|actor| actor.uri != *own)
        .map(|actor| CoAuthor {
            actor: actor.uri.clone(),
            stakeholder_group: actor.stakeholder_group.clone(),
        })
        .collect();
    let known: BTreeSet<String> = co_authors.iter().map(|author| author.actor.clone()).collect();
    let earlier: Vec<String> = before
        .and_then(|(_, revision)| serde_json::from_str(&revision.authors).ok())
        .unwrap_or_default();
    co_authors.extend(
        earlier
            .into_iter()
            .filter(|uri| uri != own && !known.contains(uri) && !paths.is_ours(uri))
            .map(|actor| CoAuthor { actor, stakeholder_group: None }),
    );
    co_authors
}

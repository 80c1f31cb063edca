//! The words of a position that is a `Like`, as a Note for those who see no positions (protocol 4.d P7, decisions 28).
//! It is made of the position whenever it is asked for, so there is nothing that could say something else; taking the
//! position back takes it back too.

use serde_json::Value;

use super::{
    Caller, Service, ServiceError,
    acts::sign_activity,
    objects::{Served, counts, gone},
    positions::sentence,
};
use crate::{
    base::clock::Timestamp,
    domain::{
        audience::Audience,
        position::{PositionAct, PositionKind},
        readership::Readership,
    },
    protocol::{
        compose::{Addressing, Envelope, echo::Echo},
        paths::last_segment,
        quirks::ids_of,
    },
    record::{item::Kind, statement},
    store::{
        Source, Tx, actors, entries,
        projections::{self, Position},
    },
};

/// Everybody but instances of ours, which show the position itself.
const READERS: &[Readership] = &[Readership::Lemmy, Readership::Forum, Readership::Microblog];

impl Service {
    /// The id of the Note, by that of the `Like`: one id space, so the number is free (decisions 12).
    fn echo_id(&self, like: &str) -> Option<String> {
        last_segment(like).parse().ok().map(|number| self.paths.note(number))
    }

    /// The Note of a position; none where it is no `Like` of ours with words.
    async fn echo(
        &self,
        db: &impl Source,
        taken: &Position,
    ) -> Result<Option<Value>, ServiceError> {
        let (Some(statement), None) = (taken.statement.as_deref(), &taken.object_uri) else {
            return Ok(None);
        };
        let (Some(id), true) = (self.echo_id(&taken.activity_id), self.paths.is_ours(&taken.actor))
        else {
            return Ok(None);
        };
        let Some(opinion) = projections::opinion(db, &taken.opinion_uri).await? else {
            return Ok(None);
        };
        let Ok(kind) = taken.kind.parse::<PositionKind>() else { return Ok(None) };
        let speaks_for = taken.on_behalf_of.as_ref().filter(|_| taken.confirmed);
        let speaker = actors::by_uri(db, speaks_for.unwrap_or(&taken.actor)).await?;
        let revisions = projections::revisions(db, opinion.room_id, &opinion.uri).await?;
        let name = revisions
            .iter()
            .find(|revision| revision.digest == taken.revision_digest)
            .map_or(&opinion.name, |revision| &revision.name);
        let answered = actors::by_uri(db, &opinion.author).await?;
        let handle = answered.as_ref().map(|actor| self.handle_of(actor));
        let who = speaker.as_ref().map_or(taken.actor.as_str(), |actor| actor.name.as_str());
        let act = PositionAct::Take(kind);
        let note = Echo {
            id: &id,
            like: &taken.activity_id,
            author: &taken.actor,
            opinion: &opinion.uri,
            answered: (&opinion.author, handle.as_deref()),
            content: &sentence(who, name, taken.revision, Some(statement), act),
            language: &opinion.language,
            published: Timestamp::from_millis(taken.published),
        };
        Ok(Some(note.print()))
    }

    /// Sends the words of a `Like` that was just taken, where it has any.
    pub(super) async fn send_echo(
        &self,
        tx: &Tx,
        caller: &Caller,
        like: &str,
    ) -> Result<(), ServiceError> {
        let Some(taken) = projections::position(tx, like).await? else { return Ok(()) };
        let Some(note) = self.echo(tx, &taken).await? else { return Ok(()) };
        let at = Timestamp::from_millis(taken.published);
        self.send_about(tx, caller, &taken, at, |envelope| {
            envelope.activity("Create", note.clone())
        })
        .await
    }

    /// Takes the words back with the position.
    pub(super) async fn take_back_echo(
        &self,
        tx: &Tx,
        caller: &Caller,
        taken: &Position,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = self.echo_id(&taken.activity_id);
        let Some(id) = id.filter(|_| taken.statement.is_some()) else { return Ok(()) };
        self.send_about(tx, caller, taken, at, |envelope| envelope.delete(&id, "Note")).await
    }

    /// Sends an activity about the Note to whom the Note itself is for.
    async fn send_about(
        &self,
        tx: &Tx,
        caller: &Caller,
        taken: &Position,
        at: Timestamp,
        print: impl Fn(&Envelope<'_>) -> Value + Send,
    ) -> Result<(), ServiceError> {
        let Some(note) = self.echo(tx, taken).await? else { return Ok(()) };
        let id = self.paths.activity(self.new_id());
        let author = &caller.actor;
        let envelope = Envelope {
            id: &id,
            actor: &author.uri,
            published: at,
            addressing: Addressing { to: ids_of(&note, "to"), cc: ids_of(&note, "cc") },
            audience: None,
        };
        let keys = self.keys.of(author).await?;
        let act = sign_activity(&keys, print(&envelope), at);
        let body =
            serde_json::to_vec(&act).map_err(|error| ServiceError::Internal(error.into()))?;
        let mut audiences = vec![Audience::followers_on(&author.uri, READERS)];
        if let Some(opinion) = projections::opinion(tx, &taken.opinion_uri).await? {
            audiences.extend(self.elsewhere([&Some(opinion.author)]));
        }
        self.send(tx, author, &id, body, &audiences).await
    }

    /// The Note under its id.
    pub(super) async fn echo_document(&self, uri: &str) -> Result<Option<Served>, ServiceError> {
        let Ok(number) = last_segment(uri).parse::<i64>() else { return Ok(None) };
        if self.paths.note(number) != uri {
            return Ok(None);
        }
        let like = self.paths.activity(number);
        let Some(taken) = projections::position(&self.store, &like).await? else {
            return Ok(None);
        };
        let Some(note) = self.echo(&self.store, &taken).await? else { return Ok(None) };
        let mut acts = entries::naming(&self.store, taken.room_id, Kind::Act, &like).await?;
        acts.retain(|act| counts(act) && act.actor == taken.actor);
        let undone = acts.iter().find(|act| matches!(act.act_type.as_str(), "Undo" | "Delete"));
        if let Some(undone) = undone {
            return Ok(Some(gone(uri, "Note", undone.published.map(Timestamp::from_millis))));
        }
        let Some(author) = actors::by_uri(&self.store, &taken.actor).await? else {
            return Ok(None);
        };
        let keys = self.keys.of(&author).await?;
        let at = Timestamp::from_millis(taken.published);
        Ok(Some(Served::Here(statement::signed(note, &keys.proof, &keys.proof_key_id(), at))))
    }
}

//! Taking a position on one revision of an opinion, and withdrawing it.

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::{Acted, RoomHand, sign_activity},
    comments::Words,
    delegations::{FieldErrorOr, Spoken},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{
        delegation::Scope,
        markup, permission,
        position::{CO_AUTHOR_TERM, Capacity, PositionAct, PositionKind},
    },
    protocol::{
        compose::{self, Addressing, Envelope, escape},
        quirks::plain_term,
    },
    store::{
        Tx,
        entries::{self, Verdict},
        keys,
        projections::{self, Opinion, Position, Revision},
        rooms,
    },
};

/// A position to take.
#[derive(Debug, Clone)]
pub struct NewPosition {
    /// One of five.
    pub kind: PositionKind,
    /// Reason, plain text.
    pub statement: Option<String>,
    /// The revision it is on.
    pub revision: i64,
    /// In which capacity; an organisation's account speaks for the organisation.
    pub capacity: Option<Capacity>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

impl Service {
    /// Takes a position. It names the revision and its digest, and never moves by itself (INV-5).
    pub async fn take_position(
        &self,
        caller: &Caller,
        opinion_uri: &str,
        new: NewPosition,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, _) = self.open_opinion(&tx, opinion_uri).await?;
        let mut wrong = Vec::new();
        let (statement, revision) = check(&tx, &opinion, &new, &mut wrong).await?;
        let spoken = self
            .spoken(&tx, caller, new.on_behalf_of.as_deref(), new.capacity, Scope::Position)
            .await;
        let spoken = match spoken {
            Ok(spoken) => Some(spoken),
            Err(FieldErrorOr::Field(error)) => {
                wrong.push(error);
                None
            }
            Err(FieldErrorOr::Other(error)) => return Err(error),
        };
        let Some((revision, spoken)) = revision.zip(spoken).filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };
        let hand = self.hand_of(&tx, &opinion).await?;
        self.bring_mandate(&tx, &hand, &spoken).await?;
        let position = compose::Position {
            kind: new.kind.term(),
            capacity: spoken.capacity.term(),
            mandate: spoken.mandate(),
            role: None,
            stakeholder_group: spoken.stakeholder_group.as_deref(),
            region: spoken.region.as_deref(),
            revision: revision.number,
            digest: &revision.digest,
            statement: statement.as_deref(),
        };
        let acted = if new.kind.is_like() {
            self.send_like(&tx, caller, &hand, &opinion, &position).await?
        } else {
            let act = PositionAct::Take(new.kind);
            self.send_position_note(&tx, caller, &opinion, &position, act).await?
        };
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Withdraws a position of the caller's: a position of kind `withdrawn`, and an `Undo` of a `Like`, which is
    /// what other software understands (decisions 9). Nothing earlier comes back.
    pub async fn withdraw_position(
        &self,
        caller: &Caller,
        uri: &str,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let taken = projections::position(&tx, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "position" })?;
        // Whose it is: an organisation's where it confirmed that it was spoken for, else who acted, who may be one too.
        let confirmed = taken.on_behalf_of.as_deref().filter(|_| taken.confirmed);
        let principal = confirmed.unwrap_or(&taken.actor);
        let (spoken, role) = self.mandate_to_withdraw(&tx, caller, principal, &taken).await?;
        let mandated = spoken.as_ref().and_then(|spoken| spoken.on_behalf_of.as_deref());
        if !permission::may_withdraw(&caller.actor.uri, mandated, principal) {
            return Err(ServiceError::NotPermitted {
                why: "only who took a position, or who may act for the organisation, may withdraw it",
            });
        }
        if !taken.live {
            return Err(ServiceError::Conflict {
                why: "this position does not stand any more".to_owned(),
            });
        }
        let (opinion, _) = self.open_opinion(&tx, &taken.opinion_uri).await?;
        let hand = self.hand_of(&tx, &opinion).await?;
        if let Some(spoken) = &spoken {
            self.bring_mandate(&tx, &hand, spoken).await?;
        }
        // A claim that was never confirmed is withdrawn as the claim that it was.
        let claimed = taken.on_behalf_of.as_deref().filter(|_| !taken.confirmed);
        let position = compose::Position {
            kind: PositionAct::WITHDRAWN_TERM,
            capacity: &taken.capacity,
            mandate:
                spoken
                    .as_ref()
                    .and_then(Spoken::mandate)
                    .or(claimed
                        .map(|on_behalf_of| compose::Mandate { on_behalf_of, delegation: None })),
            role,
            stakeholder_group: taken.stakeholder_group.as_deref(),
            region: taken.region.as_deref(),
            revision: taken.revision,
            digest: &taken.revision_digest,
            statement: None,
        };
        let act = PositionAct::Withdraw;
        let acted = self.send_position_note(&tx, caller, &opinion, &position, act).await?;
        // Others understand an Undo, which only who acted can send.
        if taken.object_uri.is_none() && taken.actor == caller.actor.uri {
            self.send_undo(&tx, caller, &opinion, &taken).await?;
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// What lets the caller act for the principal of a position, and in which role: a delegation to take positions, or
    /// one to be its co-author where that is the role in which it was taken. Nothing where they are the principal.
    async fn mandate_to_withdraw(
        &self,
        tx: &Tx,
        caller: &Caller,
        principal: &str,
        taken: &Position,
    ) -> Result<(Option<Spoken>, Option<&'static str>), ServiceError> {
        if principal == caller.actor.uri {
            return Ok((None, None));
        }
        let role = taken.role.as_deref().map(plain_term);
        let as_author = (role == Some(plain_term(CO_AUTHOR_TERM)))
            .then_some((Scope::CoAuthor, Some(CO_AUTHOR_TERM)));
        for (scope, role) in std::iter::once((Scope::Position, None)).chain(as_author) {
            let spoken = self.spoken(tx, caller, Some(principal), None, scope).await?;
            if spoken.is_mandated() {
                return Ok((Some(spoken), role));
            }
        }
        Ok((None, None))
    }

    pub(super) async fn hand_of(
        &self,
        tx: &Tx,
        opinion: &Opinion,
    ) -> Result<RoomHand, ServiceError> {
        let room = rooms::by_id(tx, opinion.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        self.room_hand(room).await
    }

    pub(super) async fn send_like(
        &self,
        tx: &Tx,
        caller: &Caller,
        hand: &RoomHand,
        opinion: &Opinion,
        position: &compose::Position<'_>,
    ) -> Result<Acted, ServiceError> {
        let at = self.time_to_act(tx, &caller.actor.uri).await?;
        let activity_id = self.paths.activity(self.new_id());
        let home = opinion.audience.clone().unwrap_or_else(|| hand.actor.uri.clone());
        let envelope = Self::position_envelope(&activity_id, caller, hand, opinion, &home, at);
        let keys = self.keys.of(&caller.actor).await?;
        let act = sign_activity(&keys, envelope.like(&opinion.uri, position), at);
        let audiences = self.elsewhere([&Some(opinion.author.clone()), &Some(home.clone())]);
        let receipt = self.record(tx, hand, &caller.actor, act, &audiences).await?;
        self.send_echo(tx, caller, &activity_id).await?;
        let key = keys::give(tx, &activity_id, "position", self.new_id()).await?;
        Ok(Acted { uri: activity_id.clone(), key, activity_id, receipt })
    }

    async fn send_undo(
        &self,
        tx: &Tx,
        caller: &Caller,
        opinion: &Opinion,
        taken: &Position,
    ) -> Result<(), ServiceError> {
        let hand = self.hand_of(tx, opinion).await?;
        let rows = entries::by_item_id(tx, &taken.activity_id).await?;
        let Some(row) = rows.iter().find(|row| row.verdict != Verdict::Held.word()) else {
            return Ok(());
        };
        let like = entries::read(row)?.document;
        let at = self.time_to_act(tx, &caller.actor.uri).await?;
        let activity_id = self.paths.activity(self.new_id());
        let home = opinion.audience.clone().unwrap_or_else(|| hand.actor.uri.clone());
        let envelope = Self::position_envelope(&activity_id, caller, &hand, opinion, &home, at);
        let keys = self.keys.of(&caller.actor).await?;
        let act = sign_activity(&keys, envelope.undo(&like), at);
        let audiences = self.elsewhere([&Some(opinion.author.clone()), &Some(home.clone())]);
        self.record(tx, &hand, &caller.actor, act, &audiences).await?;
        self.take_back_echo(tx, caller, taken, at).await
    }

    fn position_envelope<'a>(
        id: &'a str,
        caller: &'a Caller,
        hand: &RoomHand,
        opinion: &Opinion,
        home: &'a str,
        published: Timestamp,
    ) -> Envelope<'a> {
        let followers = format!("{}/followers", hand.actor.uri);
        Envelope {
            id,
            actor: &caller.actor.uri,
            published,
            addressing: Addressing::public(&[&opinion.author], &[home, &followers]),
            audience: Some(home),
        }
    }

    /// A position that is a reply `Note`: it reads as a sentence where nobody knows what a position is.
    async fn send_position_note(
        &self,
        tx: &Tx,
        caller: &Caller,
        opinion: &Opinion,
        position: &compose::Position<'_>,
        act: PositionAct,
    ) -> Result<Acted, ServiceError> {
        let (name, words) = (&opinion.name, position.statement);
        let content = sentence(&caller.actor.name, name, position.revision, words, act);
        let parent = (opinion.uri.clone(), opinion.author.clone());
        let words = Words {
            content: &content,
            source: None,
            language: &opinion.language,
            anchors: &[],
            comment_kind: None,
            capacity: position.capacity,
            mandate: position.mandate,
            stakeholder_group: position.stakeholder_group,
            position: Some(position),
            disposition: None,
            signed_in_as: None,
            pictures: &[],
        };
        self.send_note(tx, &caller.actor, opinion, &parent, &words).await
    }
}

/// Checks a position on an opinion, and notes what is wrong with it; answers its reason and the revision it is on.
pub(super) async fn check(
    tx: &Tx,
    opinion: &Opinion,
    new: &NewPosition,
    wrong: &mut Vec<FieldError>,
) -> Result<(Option<String>, Option<Revision>), ServiceError> {
    let statement = new
        .statement
        .as_deref()
        .map(|text| markup::clean(text).trim().to_owned())
        .filter(|t| !t.is_empty());
    if new.kind.needs_statement() && statement.is_none() {
        wrong.push(FieldError::new(
            "statement",
            format!("a position of kind `{}` needs its reason in words", new.kind),
        ));
    }
    if statement.as_ref().is_some_and(|text| text.chars().count() > limits::STATEMENT_CHARS_MAX) {
        let max = limits::STATEMENT_CHARS_MAX;
        wrong.push(FieldError::new("statement", format!("at most {max} characters")));
    }
    let revisions = projections::revisions(tx, opinion.room_id, &opinion.uri).await?;
    let revision = revisions
        .into_iter()
        .find(|r| r.number == new.revision && (r.current || r.number != opinion.revision));
    if revision.is_none() {
        wrong.push(FieldError::new(
            "revision",
            format!("there are revisions 1 to {}", opinion.revision),
        ));
    }
    Ok((statement, revision))
}

/// What the Note says in words. English until the texts of all six languages stand (the position itself is in the
/// `position` member, which needs no language).
pub(super) fn sentence(
    who: &str,
    opinion_name: &str,
    revision: i64,
    statement: Option<&str>,
    act: PositionAct,
) -> String {
    let verb = match act {
        PositionAct::Take(PositionKind::Support) => "supports",
        PositionAct::Take(PositionKind::Reservation) => "supports, with a reservation,",
        PositionAct::Take(PositionKind::Neutral) => "takes no side on",
        PositionAct::Take(PositionKind::Concern) => "has a concern about",
        PositionAct::Take(PositionKind::Objection) => "objects to",
        PositionAct::Withdraw => "withdraws the position taken on",
    };
    let mut text =
        format!("<p>{} {verb} revision {revision} of “{}”.</p>", escape(who), escape(opinion_name));
    if let Some(statement) = statement {
        for paragraph in statement.split("\n\n") {
            text.push_str("<p>");
            text.push_str(&escape(paragraph.trim()).replace('\n', "<br>"));
            text.push_str("</p>");
        }
    }
    text
}

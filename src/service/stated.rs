//! What a guest does here: comments and positions that this instance signs in their name, as its own word for what they
//! said when they were signed in with the account of their own server (protocol 4.d P10, docs/decisions/0013). For
//! themselves alone: nobody speaks for an organisation so.

use super::{
    FieldError, Service, ServiceError,
    acts::Acted,
    comments::{self, NewComment, Words},
    guests::Guest,
    positions::{self, NewPosition, sentence},
};
use crate::{
    domain::position::{Capacity, PositionAct},
    protocol::compose::{self, escape},
    store::{
        Tx,
        actors::{self, Actor},
        projections::{self, Opinion},
    },
};

impl Service {
    /// Takes a position in a guest's name.
    pub async fn state_position(
        &self,
        guest: &Guest,
        opinion_uri: &str,
        new: NewPosition,
    ) -> Result<Acted, ServiceError> {
        let (tx, instance) = self.begin_for(guest).await?;
        let (opinion, _) = self.open_opinion(&tx, opinion_uri).await?;
        let mut wrong = Vec::new();
        individual(&mut wrong, new.capacity, new.on_behalf_of.as_deref());
        let (statement, revision) = positions::check(&tx, &opinion, &new, &mut wrong).await?;
        let Some(revision) = revision.filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };
        let actor = guest.actor();
        signed_none_themselves(&tx, &opinion, actor).await?;
        let position = compose::Position {
            kind: new.kind.term(),
            capacity: Capacity::Individual.term(),
            mandate: None,
            role: None,
            stakeholder_group: actor.stakeholder_group.as_deref(),
            region: actor.region.as_deref(),
            revision: revision.number,
            digest: &revision.digest,
            statement: statement.as_deref(),
        };
        let act = PositionAct::Take(new.kind);
        let acted = self.sign_position(&tx, &instance, guest, &opinion, &position, act).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Withdraws what this or another instance holds in a guest's name.
    pub async fn withdraw_stated(&self, guest: &Guest, uri: &str) -> Result<Acted, ServiceError> {
        let (tx, instance) = self.begin_for(guest).await?;
        let taken = projections::position(&tx, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "position" })?;
        if taken.actor != guest.actor().uri || taken.on_behalf_of.is_some() {
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
        signed_none_themselves(&tx, &opinion, guest.actor()).await?;
        let position = compose::Position {
            kind: PositionAct::WITHDRAWN_TERM,
            capacity: Capacity::Individual.term(),
            mandate: None,
            role: None,
            stakeholder_group: taken.stakeholder_group.as_deref(),
            region: taken.region.as_deref(),
            revision: taken.revision,
            digest: &taken.revision_digest,
            statement: None,
        };
        let act = PositionAct::Withdraw;
        let acted = self.sign_position(&tx, &instance, guest, &opinion, &position, act).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Comments in a guest's name.
    pub async fn state_comment(
        &self,
        guest: &Guest,
        opinion_uri: &str,
        new: NewComment,
    ) -> Result<Acted, ServiceError> {
        let (tx, instance) = self.begin_for(guest).await?;
        let (opinion, current) = self.open_opinion(&tx, opinion_uri).await?;
        let mut wrong = Vec::new();
        individual(&mut wrong, new.capacity, new.on_behalf_of.as_deref());
        let draft = comments::check(&tx, &opinion, &current, &new, &mut wrong).await?;
        if !wrong.is_empty() {
            return Err(ServiceError::Invalid(wrong));
        }
        let actor = guest.actor();
        // Where nobody knows what `signedInAs` is, the text says it.
        let content = format!(
            "<p>{}, signed in at {}:</p>{}",
            escape(&self.named(actor)),
            escape(self.paths.domain()),
            draft.content
        );
        let words = Words {
            content: &content,
            stakeholder_group: actor.stakeholder_group.as_deref(),
            signed_in_as: Some(&actor.uri),
            ..draft.words(new.kind)
        };
        let acted = self.send_note(&tx, &instance, &opinion, &draft.parent, &words).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Deletes a comment that this instance signed in a guest's name.
    pub async fn delete_stated(&self, guest: &Guest, uri: &str) -> Result<Acted, ServiceError> {
        let (tx, instance) = self.begin_for(guest).await?;
        let comment = projections::comment(&tx, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "comment" })?;
        if comment.deleted {
            return Err(ServiceError::Gone { uri: uri.to_owned() });
        }
        if comment.author != guest.actor().uri
            || comment.attested_by.as_ref() != Some(&instance.uri)
        {
            return Err(ServiceError::NotPermitted {
                why: "only its author may change or delete a comment",
            });
        }
        let mut also = Vec::new();
        if let Some(opinion) = &comment.opinion_uri
            && let Some(opinion) = projections::opinion(&tx, opinion).await?
        {
            also = self.elsewhere([&Some(opinion.author), &opinion.audience]);
        }
        let acted = self.delete_object(&tx, &instance, comment.room_id, uri, "Note", &also).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Begins a transaction in which the instance acts for a guest, and answers who signs. Its acts come one after the
    /// other, so that no two are of one moment.
    async fn begin_for(&self, guest: &Guest) -> Result<(Tx, Actor), ServiceError> {
        let instance = self.instance_actor().await?;
        let tx = self.store.begin().await?;
        actors::lock(&tx, instance.id).await?;
        let gone = actors::by_id(&tx, guest.actor().id).await?;
        if gone.is_none_or(|actor| actor.gone_at.is_some()) {
            return Err(ServiceError::NotSignedIn);
        }
        Ok((tx, instance))
    }

    async fn sign_position(
        &self,
        tx: &Tx,
        instance: &Actor,
        guest: &Guest,
        opinion: &Opinion,
        position: &compose::Position<'_>,
        act: PositionAct,
    ) -> Result<Acted, ServiceError> {
        let actor = guest.actor();
        let who = format!("{}, signed in at {},", self.named(actor), self.paths.domain());
        let content = sentence(&who, &opinion.name, position.revision, position.statement, act);
        let parent = (opinion.uri.clone(), opinion.author.clone());
        let words = Words {
            content: &content,
            source: None,
            language: &opinion.language,
            anchors: &[],
            comment_kind: None,
            capacity: position.capacity,
            mandate: None,
            stakeholder_group: position.stakeholder_group,
            position: Some(position),
            disposition: None,
            signed_in_as: Some(&actor.uri),
            pictures: &[],
        };
        self.send_note(tx, instance, opinion, &parent, &words).await
    }

    /// A guest as the instance names them: name and handle.
    fn named(&self, actor: &Actor) -> String {
        let handle = self.handle_of(actor);
        let name = actor.name.trim();
        if name.is_empty() { format!("@{handle}") } else { format!("{name} (@{handle})") }
    }
}

/// A guest is identified as a person and speaks for nobody else.
fn individual(wrong: &mut Vec<FieldError>, capacity: Option<Capacity>, for_whom: Option<&str>) {
    if for_whom.is_some() || capacity.is_some_and(|capacity| capacity != Capacity::Individual) {
        let why = "who signs in with the account of another server speaks as an individual";
        wrong.push(FieldError::new("capacity", why));
    }
}

/// What somebody signed themselves an instance does not replace: the record would not count it.
async fn signed_none_themselves(
    tx: &Tx,
    opinion: &Opinion,
    actor: &Actor,
) -> Result<(), ServiceError> {
    let live = projections::live_positions(tx, opinion.room_id, &opinion.uri).await?;
    let own = live.iter().any(|position| {
        position.actor == actor.uri
            && position.on_behalf_of.is_none()
            && position.attested_by.is_none()
    });
    if own {
        return Err(ServiceError::Conflict {
            why: "you took a position on this from your own server, which signed it; change or withdraw it there, by a \
                  reply that begins with a keyword"
                .to_owned(),
        });
    }
    Ok(())
}

//! Reactions: favourites, votes, emoji, boosts, quotes. Kept here with the signature that delivered them, shown apart,
//! never in a record and never a position (decisions 3).

use serde_json::Value;

use super::Fate;
use crate::{
    federation::Federation,
    protocol::quirks::{id_of, member, posts, reactions::Reaction as Read},
    record::item::Item,
    service::ServiceError,
    store::{
        follows::{self, Reaction},
        inbox_items::InboxItem,
    },
};

impl Federation {
    /// A favourite, a vote or an emoji.
    pub(super) async fn reacted(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        reaction: &Read,
    ) -> Result<Fate, ServiceError> {
        let (Some(actor), Some(object)) = (id_of(activity, "actor"), id_of(activity, "object"))
        else {
            return Ok(Fate::Refused("`actor` or `object` is missing".to_owned()));
        };
        if actor != inbox.signer {
            return Ok(Fate::Refused("forwarded reactions are not taken".to_owned()));
        }
        if !self.service.is_held(&object).await? {
            return Ok(Fate::Ignored("it is about nothing of ours".to_owned()));
        }
        self.keep_reaction(inbox, &actor, &object, reaction.word(), reaction.emoji()).await?;
        self.settled(inbox).await
    }

    /// Keeps a reaction with its evidence; the item is not settled by that.
    pub(super) async fn keep_reaction(
        &self,
        inbox: &InboxItem,
        actor: &str,
        object: &str,
        kind: &str,
        content: Option<&str>,
    ) -> Result<(), ServiceError> {
        let tx = self.service.store.begin().await?;
        let row = Reaction {
            content: content.map(str::to_owned),
            ..self.reaction(inbox, actor, object, kind)
        };
        follows::react(&tx, row).await?;
        self.service.tell_of_reaction(&tx, actor, object, kind).await?;
        tx.commit().await?;
        self.service.wake.told();
        Ok(())
    }

    fn reaction(&self, inbox: &InboxItem, actor: &str, object: &str, kind: &str) -> Reaction {
        Reaction {
            activity_uri: inbox.activity_uri.clone(),
            actor: actor.to_owned(),
            object: object.to_owned(),
            kind: kind.to_owned(),
            created_at: self.service.now().as_millis(),
            evidence: (!inbox.evidence.is_empty()).then(|| inbox.evidence.clone()),
            content: None,
            note_uri: None,
            page: None,
        }
    }

    /// A reaction or a boost taken back.
    pub(super) async fn unreacted(
        &self,
        inbox: &InboxItem,
        activity: &Value,
        id: Option<String>,
        object: Option<String>,
        is_share: bool,
    ) -> Result<Fate, ServiceError> {
        let Some(actor) = id_of(activity, "actor").filter(|actor| *actor == inbox.signer) else {
            return Ok(Fate::Refused("a reaction is taken back by whose it is".to_owned()));
        };
        let tx = self.service.store.begin().await?;
        if let Some(id) = &id {
            follows::unreact(&tx, id, &actor).await?;
        }
        if let Some(object) = &object {
            follows::unreact_to(&tx, object, &actor, is_share).await?;
        }
        self.done(tx, inbox).await
    }

    /// A post on no topic of ours that quotes something held here: commentary, linked and kept nowhere else.
    pub(super) async fn quoted(
        &self,
        inbox: &InboxItem,
        item: &Item,
    ) -> Result<Fate, ServiceError> {
        let Some(post) = member(&item.document, "object") else {
            return Ok(Fate::Ignored("`object` is missing".to_owned()));
        };
        for uri in posts::quoted(post) {
            if !self.service.is_held(&uri).await? {
                continue;
            }
            let row = Reaction {
                note_uri: item.object.clone(),
                page: posts::page_or_id(post).filter(|page| page.starts_with("http")),
                ..self.reaction(inbox, &item.actor, &uri, "quote")
            };
            let tx = self.service.store.begin().await?;
            follows::react(&tx, row).await?;
            return self.done(tx, inbox).await;
        }
        Ok(Fate::Ignored("it belongs to no topic held here".to_owned()))
    }
}

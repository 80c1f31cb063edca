//! Consent to being quoted (FEP-044f): anybody may quote what is public here, and says so to whom asks; its author may
//! take that back for a single quote. What is quoted where is nobody's business but theirs, so there is no list.

use super::{
    Caller, Service, ServiceError,
    acts::sign_activity,
    objects::{Served, gone},
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::audience::Audience,
    protocol::{
        compose::{
            Addressing, Envelope,
            quote::{AUTHORIZATION, Authorization},
        },
        json,
        quirks::id_of,
    },
    record::statement,
    store::{
        Tx,
        actors::{self, Actor},
        quotes::{self, QuoteAuthorization},
    },
};

/// Somebody elsewhere who asks to quote something of ours.
#[derive(Debug, Clone, Copy)]
pub struct QuoteAsked<'a> {
    /// Id of the request.
    pub request: &'a str,
    /// Who asks.
    pub asker: &'a Actor,
    /// What is to be quoted.
    pub target: &'a str,
    /// The post that is to quote it.
    pub instrument: &'a str,
}

impl Service {
    /// Consents, and leaves the `Accept` to be sent, in a transaction that the caller commits; why not, in words,
    /// where it does not.
    pub async fn consent_to_quote(
        &self,
        asked: QuoteAsked<'_>,
    ) -> Result<Result<Tx, &'static str>, ServiceError> {
        if asked.target.len() + asked.instrument.len() > limits::CELL_BYTES_MAX {
            return Ok(Err("its ids are too long"));
        }
        let target = match self.object_document(asked.target).await {
            Ok(Served::Here(target)) => target,
            Ok(Served::Gone { .. }) | Err(ServiceError::NotFound { .. }) => {
                return Ok(Err("there is no such post here"));
            }
            Err(other) => return Err(other),
        };
        let author = match id_of(&target, "attributedTo") {
            Some(uri) => actors::by_uri(&self.store, &uri).await?.filter(|actor| actor.local),
            None => None,
        };
        let Some(author) = author else { return Ok(Err("its author does not live here")) };
        // What stands here is read before the transaction begins; the keys are open from here on.
        let keys = self.keys.of(&author).await?;
        let tx = self.store.begin().await?;
        let now = self.now();
        let uri = match quotes::between(&tx, asked.instrument, asked.target).await? {
            Some(known) if known.revoked_at.is_some() => {
                return Ok(Err("its author took the consent back"));
            }
            Some(known) => known.uri,
            None => self.authorize(&tx, &author, asked, now).await?,
        };
        let id = self.paths.activity(self.new_id());
        let envelope = Envelope {
            id: &id,
            actor: &author.uri,
            published: now,
            addressing: Addressing { to: vec![asked.asker.uri.clone()], cc: Vec::new() },
            audience: None,
        };
        let consent = Authorization {
            id: &uri,
            author: &author.uri,
            instrument: asked.instrument,
            target: asked.target,
        };
        let accept = consent.accept(&envelope, asked.request, &asked.asker.uri);
        let body = bytes(&sign_activity(&keys, accept, now))?;
        self.send(&tx, &author, &id, body, &[Audience::Inbox(asked.asker.inbox.clone())]).await?;
        Ok(Ok(tx))
    }

    async fn authorize(
        &self,
        tx: &Tx,
        author: &Actor,
        asked: QuoteAsked<'_>,
        now: Timestamp,
    ) -> Result<String, ServiceError> {
        let number = self.new_id();
        let uri = self.paths.quote(number);
        let consent = Authorization {
            id: &uri,
            author: &author.uri,
            instrument: asked.instrument,
            target: asked.target,
        };
        let keys = self.keys.of(author).await?;
        let document = statement::signed(consent.print(), &keys.proof, &keys.proof_key_id(), now);
        let row = QuoteAuthorization {
            id: number,
            uri: uri.clone(),
            author: author.uri.clone(),
            target: asked.target.to_owned(),
            instrument: asked.instrument.to_owned(),
            asker: asked.asker.uri.clone(),
            body: document.to_string(),
            created_at: now.as_millis(),
            revoked_at: None,
        };
        quotes::insert(tx, row).await?;
        Ok(uri)
    }

    /// Takes the consent to a quote back: its document is gone, and who quotes is told.
    pub async fn revoke_quote(&self, caller: &Caller, uri: &str) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let row =
            quotes::by_uri(&tx, uri).await?.ok_or(ServiceError::NotFound { what: "consent" })?;
        if row.author != caller.actor.uri {
            return Err(ServiceError::NotPermitted {
                why: "only who is quoted may take the consent back",
            });
        }
        if row.revoked_at.is_some() {
            return Err(ServiceError::Gone { uri: row.uri });
        }
        let now = self.now();
        let author = &caller.actor;
        let id = self.paths.activity(self.new_id());
        let envelope = Envelope {
            id: &id,
            actor: &author.uri,
            published: now,
            addressing: Addressing::public(&[&row.asker], &[]),
            audience: None,
        };
        let keys = self.keys.of(author).await?;
        let body = bytes(&sign_activity(&keys, envelope.delete(&row.uri, AUTHORIZATION), now))?;
        self.send(&tx, author, &id, body, &[Audience::Actor(row.asker.clone())]).await?;
        quotes::revoke(&tx, row, now.as_millis()).await?;
        tx.commit().await?;
        self.wake.outgoing().notify_one();
        Ok(())
    }

    /// The document by its id: gone with what it is about, and when it was taken back.
    pub async fn quote_document(&self, uri: &str) -> Result<Served, ServiceError> {
        let row = quotes::by_uri(&self.store, uri).await?;
        let row = row.ok_or(ServiceError::NotFound { what: "consent" })?;
        if let Some(at) = row.revoked_at {
            return Ok(gone(uri, AUTHORIZATION, Some(Timestamp::from_millis(at))));
        }
        if let Served::Gone { deleted, .. } = self.object_document(&row.target).await? {
            return Ok(gone(uri, AUTHORIZATION, deleted));
        }
        let document = json::parse(row.body.as_bytes())
            .map_err(|error| ServiceError::internal(format!("{uri}: {error}")))?;
        Ok(Served::Here(document))
    }
}

fn bytes(document: &serde_json::Value) -> Result<Vec<u8>, ServiceError> {
    serde_json::to_vec(document).map_err(|error| ServiceError::Internal(error.into()))
}

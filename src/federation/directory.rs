//! Keeps remote actors in the store, for `activitypub_federation`'s dereferencing.

use async_trait::async_trait;
use serde_json::Value;
use url::Url;

use super::remote_actor::{ActorDirectory, DirectoryError, RemoteActor};
use crate::{
    base::clock::Timestamp,
    protocol::{
        actor::{ActorDocument, ActorKind},
        http_signature::Form,
        paths::host_of,
    },
    service::Service,
    store::{
        StoreError,
        actors::{self, Actor},
        servers,
    },
};

/// The store as a directory of actors.
#[derive(Debug)]
pub(super) struct Directory {
    service: Service,
}

impl Directory {
    pub(super) fn new(service: Service) -> Self {
        Self { service }
    }
}

fn failed(error: StoreError) -> DirectoryError {
    DirectoryError(Box::new(error))
}

#[async_trait]
impl ActorDirectory for Directory {
    async fn find(&self, uri: &Url) -> Result<Option<RemoteActor>, DirectoryError> {
        let row = actors::by_uri(&self.service.store, uri.as_str()).await.map_err(failed)?;
        Ok(row.as_ref().and_then(remote_actor))
    }

    async fn save(&self, actor: &RemoteActor, _: &Value) -> Result<(), DirectoryError> {
        let row = row_of(actor, self.service.new_id());
        if self.service.paths.is_ours(&row.uri) {
            return Ok(());
        }
        let (host, now) = (row.host.clone(), self.service.now().as_millis());
        let tx = self.service.store.begin().await.map_err(failed)?;
        actors::save(&tx, row).await.map_err(failed)?;
        if actor.document.reads_rfc9421 {
            servers::advertise(&tx, &host, Form::Rfc9421.word(), now).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn mark_deleted(&self, uri: &Url) -> Result<(), DirectoryError> {
        let tx = self.service.store.begin().await.map_err(failed)?;
        actors::mark_gone(&tx, uri.as_str(), self.service.now().as_millis())
            .await
            .map_err(failed)?;
        tx.commit().await.map_err(failed)
    }
}

fn row_of(actor: &RemoteActor, id: i64) -> Actor {
    let document = &actor.document;
    let uri = document.uri.to_string();
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    let address = |url: &Option<Url>| url.as_ref().map(Url::to_string);
    Actor {
        id,
        host: host_of(&uri),
        kind: document.kind.as_type().to_owned(),
        username: words(&document.preferred_username),
        name: words(&document.name),
        summary: words(&document.summary),
        url: address(&document.url).unwrap_or_default(),
        inbox: document.inbox.to_string(),
        shared_inbox: address(&document.shared_inbox),
        outbox: address(&document.outbox),
        followers: address(&document.followers),
        following: address(&document.following),
        webfinger: document.webfinger.clone(),
        request_key_id: document.public_key_id.clone(),
        request_key_pem: document.public_key_pem.clone(),
        proof_keys: serde_json::to_string(&document.proof_keys)
            .unwrap_or_else(|_never| "[]".to_owned()),
        recovery_key: document.recovery_key.clone(),
        stakeholder_group: document.stakeholder_group.clone(),
        region: document.region.clone(),
        implements_mesh: document.implements_mesh,
        local: false,
        fetched_at: actor.refreshed_at.as_millis(),
        gone_at: None,
        created_at: actor.refreshed_at.as_millis(),
        avatar: document.avatar.clone(),
        header: document.header.clone(),
        uri,
    }
}

/// A row as the library's actor; `None` where a stored address does not parse, which makes it be fetched anew.
fn remote_actor(row: &Actor) -> Option<RemoteActor> {
    let url = |text: &Option<String>| text.as_deref().and_then(|text| Url::parse(text).ok());
    let words = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(RemoteActor {
        document: ActorDocument {
            uri: Url::parse(&row.uri).ok()?,
            kind: ActorKind::from_type(&row.kind)?,
            preferred_username: words(&row.username),
            name: words(&row.name),
            summary: words(&row.summary),
            url: Url::parse(&row.url).ok(),
            inbox: Url::parse(&row.inbox).ok()?,
            shared_inbox: url(&row.shared_inbox),
            outbox: url(&row.outbox),
            followers: url(&row.followers),
            following: url(&row.following),
            public_key_id: row.request_key_id.clone(),
            public_key_pem: row.request_key_pem.clone(),
            proof_keys: serde_json::from_str(&row.proof_keys).ok()?,
            recovery_key: row.recovery_key.clone(),
            stakeholder_group: row.stakeholder_group.clone(),
            region: row.region.clone(),
            webfinger: row.webfinger.clone(),
            avatar: row.avatar.clone(),
            header: row.header.clone(),
            implements_mesh: row.implements_mesh,
            // Only told when the document is fetched: the table of servers remembers it.
            reads_rfc9421: false,
        },
        refreshed_at: Timestamp::from_millis(row.fetched_at),
        deleted: row.gone_at.is_some(),
    })
}

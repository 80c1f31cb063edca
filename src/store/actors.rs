//! Everyone known here, and the sealed keys of those who live here.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, DerivePartialModel, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Source, StoreError, Tx,
    entity::{actor, actor_secret},
};

pub use super::entity::{actor::Model as Actor, actor_secret::Model as ActorSecret};

/// What is shown of an actor beside what they wrote: a page names a thousand, and needs none of their keys.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
#[expect(missing_docs, reason = "each is said at the entity")]
pub struct Face {
    pub uri: String,
    pub url: String,
    pub name: String,
    pub username: String,
    pub host: String,
    pub kind: String,
    pub webfinger: Option<String>,
    pub stakeholder_group: Option<String>,
    pub region: Option<String>,
    pub local: bool,
}

impl From<&Actor> for Face {
    fn from(actor: &Actor) -> Self {
        Self {
            uri: actor.uri.clone(),
            url: actor.url.clone(),
            name: actor.name.clone(),
            username: actor.username.clone(),
            host: actor.host.clone(),
            kind: actor.kind.clone(),
            webfinger: actor.webfinger.clone(),
            stakeholder_group: actor.stakeholder_group.clone(),
            region: actor.region.clone(),
            local: actor.local,
        }
    }
}

/// The faces of all of these ids that are known.
pub async fn faces(db: &impl Source, uris: &[String]) -> Result<Vec<Face>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(500) {
        let rows = actor::Entity::find()
            .filter(actor::Column::Uri.is_in(some.iter().cloned()))
            .select_only()
            .columns([
                actor::Column::Uri,
                actor::Column::Url,
                actor::Column::Name,
                actor::Column::Username,
                actor::Column::Host,
                actor::Column::Kind,
                actor::Column::Webfinger,
                actor::Column::StakeholderGroup,
                actor::Column::Region,
                actor::Column::Local,
            ])
            .into_model::<Face>();
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// What programs show of an actor: a thread of a thousand answers has hundreds of authors, and needs none of their keys.
#[derive(Debug, Clone, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "actor::Entity")]
#[expect(missing_docs, reason = "each is said at the entity")]
pub struct Portrait {
    pub id: i64,
    pub uri: String,
    pub host: String,
    pub kind: String,
    pub username: String,
    pub name: String,
    pub summary: String,
    pub url: String,
    pub webfinger: Option<String>,
    pub local: bool,
    pub created_at: i64,
    pub avatar: Option<String>,
    pub header: Option<String>,
}

impl From<&Actor> for Portrait {
    fn from(actor: &Actor) -> Self {
        Self {
            id: actor.id,
            uri: actor.uri.clone(),
            host: actor.host.clone(),
            kind: actor.kind.clone(),
            username: actor.username.clone(),
            name: actor.name.clone(),
            summary: actor.summary.clone(),
            url: actor.url.clone(),
            webfinger: actor.webfinger.clone(),
            local: actor.local,
            created_at: actor.created_at,
            avatar: actor.avatar.clone(),
            header: actor.header.clone(),
        }
    }
}

/// The portraits of all of these ids that are known.
pub async fn portraits(db: &impl Source, uris: &[String]) -> Result<Vec<Portrait>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(500) {
        let rows = actor::Entity::find()
            .filter(actor::Column::Uri.is_in(some.iter().cloned()))
            .into_partial_model::<Portrait>();
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// By actor id.
pub async fn by_uri(db: &impl Source, uri: &str) -> Result<Option<Actor>, StoreError> {
    Ok(actor::Entity::find().filter(actor::Column::Uri.eq(uri)).one(db.connection()).await?)
}

/// By the id of the key its requests are signed with.
pub async fn by_request_key(db: &impl Source, key_id: &str) -> Result<Option<Actor>, StoreError> {
    Ok(actor::Entity::find()
        .filter(actor::Column::RequestKeyId.eq(key_id))
        .one(db.connection())
        .await?)
}

/// By this instance's key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Actor>, StoreError> {
    Ok(actor::Entity::find_by_id(id).one(db.connection()).await?)
}

/// All of these keys that are known.
pub async fn by_ids(db: &impl Source, ids: &[i64]) -> Result<Vec<Actor>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let rows = actor::Entity::find().filter(actor::Column::Id.is_in(some.iter().copied()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// Who has this name at a host, where their server gives no other handle.
pub async fn by_name_at(
    db: &impl Source,
    name: &str,
    host: &str,
) -> Result<Option<Actor>, StoreError> {
    Ok(actor::Entity::find()
        .filter(actor::Column::Username.eq(name))
        .filter(actor::Column::Host.eq(host))
        .filter(actor::Column::Webfinger.is_null())
        .one(db.connection())
        .await?)
}

/// All of these ids that are known.
pub async fn by_uris(db: &impl Source, uris: &[String]) -> Result<Vec<Actor>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(500) {
        let rows = actor::Entity::find().filter(actor::Column::Uri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// The local actor with this handle, whatever its kind: there is one namespace.
pub async fn local_by_name(db: &impl Source, name: &str) -> Result<Option<Actor>, StoreError> {
    Ok(actor::Entity::find()
        .filter(actor::Column::Local.eq(true))
        .filter(actor::Column::Username.eq(name))
        .one(db.connection())
        .await?)
}

/// By `name@host`, as it was last read from its server.
pub async fn by_webfinger(db: &impl Source, handle: &str) -> Result<Option<Actor>, StoreError> {
    Ok(actor::Entity::find()
        .filter(actor::Column::Webfinger.eq(handle))
        .one(db.connection())
        .await?)
}

/// All local actors of these kinds, oldest first.
pub async fn local_of_kinds(db: &impl Source, kinds: &[&str]) -> Result<Vec<Actor>, StoreError> {
    Ok(actor::Entity::find()
        .filter(actor::Column::Local.eq(true))
        .filter(actor::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(actor::Column::Id)
        .all(db.connection())
        .await?)
}

/// Adds an actor.
pub async fn insert(tx: &Tx, row: Actor) -> Result<Actor, StoreError> {
    Ok(row.into_active_model().insert(tx.connection()).await?)
}

/// Replaces what is known of an actor, keeping its key, or adds it.
pub async fn save(tx: &Tx, mut row: Actor) -> Result<Actor, StoreError> {
    match by_uri(tx, &row.uri).await? {
        Some(known) => {
            row.id = known.id;
            row.created_at = known.created_at;
            Ok(row.into_active_model().reset_all().update(tx.connection()).await?)
        }
        None => insert(tx, row).await,
    }
}

/// Holds an actor until the transaction ends: others that lock it wait. (SQLite has one writer anyway.)
pub async fn lock(tx: &Tx, id: i64) -> Result<(), StoreError> {
    actor::Entity::find_by_id(id).lock_exclusive().one(tx.connection()).await?;
    Ok(())
}

/// Marks an actor as gone for good.
pub async fn mark_gone(tx: &Tx, uri: &str, at: i64) -> Result<(), StoreError> {
    if let Some(row) = by_uri(tx, uri).await? {
        let mut row = row.into_active_model();
        row.gone_at = sea_orm::Set(Some(at));
        row.update(tx.connection()).await?;
    }
    Ok(())
}

/// Adds the sealed keys of a local actor.
pub async fn insert_secret(tx: &Tx, secret: ActorSecret) -> Result<(), StoreError> {
    secret.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// The sealed keys of a local actor.
pub async fn secret(db: &impl Source, actor_id: i64) -> Result<Option<ActorSecret>, StoreError> {
    Ok(actor_secret::Entity::find_by_id(actor_id).one(db.connection()).await?)
}

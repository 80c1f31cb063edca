//! What accounts mark by their clients: favourites, boosts, bookmarks and pins of theirs; and the names under which requests to
//! post may be repeated.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query};

use super::{
    Source, StoreError, Tx,
    entity::{bookmark, follow, pin, posted, reaction},
    follows::ACCEPTED,
    insert_row,
    posts::Window,
};
use crate::base::limits::CLIENT_PEOPLE_MAX;

pub use super::entity::{bookmark::Model as Bookmark, pin::Model as Pin, posted::Model as Posted};

/// Ids asked for at once.
const CHUNK: usize = 500;

/// How many plain reactions something has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reactions {
    /// Favourites.
    pub likes: i64,
    /// Boosts.
    pub shares: i64,
}

/// How many plain reactions each of these objects has; none is there that has none. Positions are none of them.
pub async fn count_reactions(
    db: &impl Source,
    objects: &[String],
) -> Result<BTreeMap<String, Reactions>, StoreError> {
    let mut counts: BTreeMap<String, Reactions> = BTreeMap::new();
    for some in objects.chunks(CHUNK) {
        let rows: Vec<(String, String, i64)> = reaction::Entity::find()
            .select_only()
            .column(reaction::Column::Object)
            .column(reaction::Column::Kind)
            .column_as(reaction::Column::ActivityUri.count(), "n")
            .filter(reaction::Column::Object.is_in(some.iter().cloned()))
            .filter(reaction::Column::Kind.is_in(["like", "share"]))
            .group_by(reaction::Column::Object)
            .group_by(reaction::Column::Kind)
            .into_tuple()
            .all(db.connection())
            .await?;
        for (object, kind, count) in rows {
            let counted = counts.entry(object).or_default();
            if kind == "like" {
                counted.likes = count;
            } else {
                counted.shares = count;
            }
        }
    }
    Ok(counts)
}

/// Which of these objects an actor has reacted to: object and kind.
pub async fn reacted(
    db: &impl Source,
    actor: &str,
    objects: &[String],
) -> Result<BTreeSet<(String, String)>, StoreError> {
    let mut found = BTreeSet::new();
    for some in objects.chunks(CHUNK) {
        let rows: Vec<(String, String)> = reaction::Entity::find()
            .select_only()
            .column(reaction::Column::Object)
            .column(reaction::Column::Kind)
            .filter(reaction::Column::Object.is_in(some.iter().cloned()))
            .filter(reaction::Column::Actor.eq(actor))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// An actor's reaction of a kind to an object.
pub async fn reaction_of(
    db: &impl Source,
    actor: &str,
    object: &str,
    kind: &str,
) -> Result<Option<reaction::Model>, StoreError> {
    Ok(reaction::Entity::find()
        .filter(reaction::Column::Object.eq(object))
        .filter(reaction::Column::Actor.eq(actor))
        .filter(reaction::Column::Kind.eq(kind))
        .one(db.connection())
        .await?)
}

/// What an actor reacted to in this way, the latest first, before a moment.
pub async fn reactions_by(
    db: &impl Source,
    actor: &str,
    kind: &str,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<reaction::Model>, StoreError> {
    let mut rows = reaction::Entity::find()
        .filter(reaction::Column::Actor.eq(actor))
        .filter(reaction::Column::Kind.eq(kind));
    if let Some(before) = before {
        rows = rows.filter(reaction::Column::CreatedAt.lt(before));
    }
    Ok(rows.order_by_desc(reaction::Column::CreatedAt).limit(limit).all(db.connection()).await?)
}

/// Which of these an account has bookmarked.
pub async fn bookmarked(
    db: &impl Source,
    account_id: i64,
    uris: &[String],
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for some in uris.chunks(CHUNK) {
        let rows: Vec<String> = bookmark::Entity::find()
            .select_only()
            .column(bookmark::Column::Uri)
            .filter(bookmark::Column::AccountId.eq(account_id))
            .filter(bookmark::Column::Uri.is_in(some.iter().cloned()))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Bookmarks something; the same again changes nothing.
pub async fn bookmark(tx: &Tx, row: Bookmark) -> Result<(), StoreError> {
    let key = (row.account_id, row.uri.clone());
    if bookmark::Entity::find_by_id(key).one(tx.connection()).await?.is_none() {
        insert_row(tx, row).await?;
    }
    Ok(())
}

/// Takes a bookmark away.
pub async fn unbookmark(tx: &Tx, account_id: i64, uri: &str) -> Result<(), StoreError> {
    bookmark::Entity::delete_by_id((account_id, uri.to_owned())).exec(tx.connection()).await?;
    Ok(())
}

/// An account's bookmarks, the latest first.
pub async fn bookmarks(
    db: &impl Source,
    account_id: i64,
    window: Window,
) -> Result<Vec<Bookmark>, StoreError> {
    let rows = bookmark::Entity::find().filter(bookmark::Column::AccountId.eq(account_id));
    let rows = window.of(rows, bookmark::Column::Id).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.id))
}

/// What an account has pinned, the latest first.
pub async fn pins(db: &impl Source, account_id: i64) -> Result<Vec<Pin>, StoreError> {
    Ok(pin::Entity::find()
        .filter(pin::Column::AccountId.eq(account_id))
        .order_by_desc(pin::Column::Id)
        .all(db.connection())
        .await?)
}

/// Pins something; the same again changes nothing.
pub async fn pin(tx: &Tx, row: Pin) -> Result<(), StoreError> {
    let key = (row.account_id, row.uri.clone());
    if pin::Entity::find_by_id(key).one(tx.connection()).await?.is_none() {
        insert_row(tx, row).await?;
    }
    Ok(())
}

/// Pins something no more.
pub async fn unpin(tx: &Tx, account_id: i64, uri: &str) -> Result<(), StoreError> {
    pin::Entity::delete_by_id((account_id, uri.to_owned())).exec(tx.connection()).await?;
    Ok(())
}

/// What was posted under a name since then.
pub async fn posted(
    db: &impl Source,
    account_id: i64,
    name: &str,
    since: i64,
) -> Result<Option<Posted>, StoreError> {
    Ok(posted::Entity::find_by_id((account_id, name.to_owned()))
        .filter(posted::Column::At.gt(since))
        .one(db.connection())
        .await?)
}

/// Notes what was posted under a name, and forgets the names that are too old.
pub async fn note_posted(tx: &Tx, row: Posted, too_old: i64) -> Result<(), StoreError> {
    posted::Entity::delete_many()
        .filter(posted::Column::At.lte(too_old))
        .exec(tx.connection())
        .await?;
    insert_row(tx, row).await
}

/// Those who follow an actor, or whom it follows, the latest first.
pub async fn follows_of(
    db: &impl Source,
    actor: &str,
    followers: bool,
    window: Window,
) -> Result<Vec<follow::Model>, StoreError> {
    let column = if followers { follow::Column::Followee } else { follow::Column::Follower };
    let rows = follow::Entity::find()
        .filter(column.eq(actor))
        .filter(follow::Column::State.eq(super::follows::ACCEPTED));
    let rows = window.of(rows, follow::Column::Id).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.id))
}

/// Of whom an actor follows, those who follow another.
pub async fn familiar_followers(
    db: &impl Source,
    actor: &str,
    other: &str,
) -> Result<Vec<String>, StoreError> {
    let followed = Query::select()
        .column(follow::Column::Followee)
        .from(follow::Entity)
        .and_where(follow::Column::Follower.eq(actor))
        .and_where(follow::Column::State.eq(ACCEPTED))
        .to_owned();
    Ok(follow::Entity::find()
        .select_only()
        .column(follow::Column::Follower)
        .filter(follow::Column::Followee.eq(other))
        .filter(follow::Column::State.eq(ACCEPTED))
        .filter(follow::Column::Follower.in_subquery(followed))
        .order_by_asc(follow::Column::Follower)
        .limit(CLIENT_PEOPLE_MAX)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// The follows between an actor and these, both ways.
pub async fn follows_between(
    db: &impl Source,
    actor: &str,
    others: &[String],
) -> Result<Vec<follow::Model>, StoreError> {
    let mut found = Vec::new();
    for some in others.chunks(CHUNK) {
        let out = follow::Entity::find()
            .filter(follow::Column::Follower.eq(actor))
            .filter(follow::Column::Followee.is_in(some.iter().cloned()));
        let back = follow::Entity::find()
            .filter(follow::Column::Followee.eq(actor))
            .filter(follow::Column::Follower.is_in(some.iter().cloned()));
        found.extend(out.all(db.connection()).await?);
        found.extend(back.all(db.connection()).await?);
    }
    Ok(found)
}

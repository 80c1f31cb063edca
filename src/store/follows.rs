//! Who follows whom, where one of the two lives here; and plain reactions, which never enter the record.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use super::{
    Source, StoreError, Tx,
    entity::{follow, reaction},
};

pub use super::entity::{follow::Model as Follow, reaction::Model as Reaction};

/// A follow that stands.
pub const ACCEPTED: &str = "accepted";
/// A follow that waits for its Accept.
pub const PENDING: &str = "pending";

/// Adds a follow, or renews the one there is.
pub async fn save(tx: &Tx, row: Follow) -> Result<(), StoreError> {
    let known = between(tx, &row.follower, &row.followee).await?;
    let row = match known {
        Some(known) => {
            let renewed = Follow { id: known.id, created_at: known.created_at, ..row };
            renewed.into_active_model().reset_all().update(tx.connection()).await?;
            return Ok(());
        }
        None => row.into_active_model(),
    };
    row.insert(tx.connection()).await?;
    Ok(())
}

/// The follow between two actors.
pub async fn between(
    db: &impl Source,
    follower: &str,
    followee: &str,
) -> Result<Option<Follow>, StoreError> {
    Ok(follow::Entity::find()
        .filter(follow::Column::Follower.eq(follower))
        .filter(follow::Column::Followee.eq(followee))
        .one(db.connection())
        .await?)
}

/// Marks a follow of ours as accepted, by the Follow's id and who was followed.
pub async fn accept(tx: &Tx, activity_uri: &str, followee: &str) -> Result<bool, StoreError> {
    let found = follow::Entity::find()
        .filter(follow::Column::ActivityUri.eq(activity_uri))
        .filter(follow::Column::Followee.eq(followee))
        .one(tx.connection())
        .await?;
    let Some(row) = found else { return Ok(false) };
    let mut row = row.into_active_model();
    row.state = Set(ACCEPTED.to_owned());
    row.update(tx.connection()).await?;
    Ok(true)
}

/// Ends a follow.
pub async fn delete(tx: &Tx, follower: &str, followee: &str) -> Result<(), StoreError> {
    follow::Entity::delete_many()
        .filter(follow::Column::Follower.eq(follower))
        .filter(follow::Column::Followee.eq(followee))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Ends every follow of an actor that is gone.
pub async fn delete_all_of(tx: &Tx, follower: &str) -> Result<(), StoreError> {
    follow::Entity::delete_many()
        .filter(follow::Column::Follower.eq(follower))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// The follows of followers whose own or shared inbox this is.
pub async fn by_inbox(db: &impl Source, inbox: &str) -> Result<Vec<Follow>, StoreError> {
    Ok(follow::Entity::find()
        .filter(
            sea_orm::Condition::any()
                .add(follow::Column::Inbox.eq(inbox))
                .add(follow::Column::SharedInbox.eq(inbox)),
        )
        .all(db.connection())
        .await?)
}

/// The followers of an actor that stand, oldest first.
pub async fn followers(db: &impl Source, followee: &str) -> Result<Vec<Follow>, StoreError> {
    Ok(follow::Entity::find()
        .filter(follow::Column::Followee.eq(followee))
        .filter(follow::Column::State.eq(ACCEPTED))
        .order_by_asc(follow::Column::Id)
        .all(db.connection())
        .await?)
}

/// Whom an actor follows, accepted or not.
pub async fn following(db: &impl Source, follower: &str) -> Result<Vec<Follow>, StoreError> {
    Ok(follow::Entity::find()
        .filter(follow::Column::Follower.eq(follower))
        .order_by_asc(follow::Column::Id)
        .all(db.connection())
        .await?)
}

/// Those of these actors who follow any of those others, and whose follow stands.
pub async fn followers_among(
    db: &impl Source,
    followees: &[String],
    followers: &[String],
) -> Result<BTreeSet<String>, StoreError> {
    let mut found = BTreeSet::new();
    for some in followers.chunks(500) {
        let rows: Vec<String> = follow::Entity::find()
            .select_only()
            .column(follow::Column::Follower)
            .filter(follow::Column::Followee.is_in(followees.iter().cloned()))
            .filter(follow::Column::Follower.is_in(some.iter().cloned()))
            .filter(follow::Column::State.eq(ACCEPTED))
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// How many followers stand.
pub async fn count_followers(db: &impl Source, followee: &str) -> Result<u64, StoreError> {
    Ok(follow::Entity::find()
        .filter(follow::Column::Followee.eq(followee))
        .filter(follow::Column::State.eq(ACCEPTED))
        .count(db.connection())
        .await?)
}

/// How many an actor follows.
pub async fn count_following(db: &impl Source, follower: &str) -> Result<u64, StoreError> {
    Ok(follow::Entity::find()
        .filter(follow::Column::Follower.eq(follower))
        .filter(follow::Column::State.eq(ACCEPTED))
        .count(db.connection())
        .await?)
}

/// Keeps a plain reaction; the same again changes nothing. An actor has one vote on a thing, and boosts it once: a later
/// one takes the place of the earlier (Lemmy sends no Undo between two).
pub async fn react(tx: &Tx, row: Reaction) -> Result<(), StoreError> {
    if reaction::Entity::find_by_id(&row.activity_uri).one(tx.connection()).await?.is_some() {
        return Ok(());
    }
    if row.kind != "emoji" && row.kind != "quote" {
        unreact_to(tx, &row.object, &row.actor, row.kind == "share").await?;
    }
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Takes back an actor's vote on a thing, or its boost, whatever the id.
pub async fn unreact_to(
    tx: &Tx,
    object: &str,
    actor: &str,
    is_share: bool,
) -> Result<(), StoreError> {
    let kinds: &[&str] = if is_share { &["share"] } else { &["like", "dislike"] };
    reaction::Entity::delete_many()
        .filter(reaction::Column::Object.eq(object))
        .filter(reaction::Column::Actor.eq(actor))
        .filter(reaction::Column::Kind.is_in(kinds.iter().copied()))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Forgets a post that quoted, which its author deleted.
pub async fn forget_note(tx: &Tx, note_uri: &str, actor: &str) -> Result<(), StoreError> {
    reaction::Entity::delete_many()
        .filter(reaction::Column::NoteUri.eq(note_uri))
        .filter(reaction::Column::Actor.eq(actor))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Takes a reaction back.
pub async fn unreact(tx: &Tx, activity_uri: &str, actor: &str) -> Result<(), StoreError> {
    reaction::Entity::delete_many()
        .filter(reaction::Column::ActivityUri.eq(activity_uri))
        .filter(reaction::Column::Actor.eq(actor))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// How many plain reactions of a kind an object has.
pub async fn count_reactions(
    db: &impl Source,
    object: &str,
    kind: &str,
) -> Result<u64, StoreError> {
    Ok(reaction::Entity::find()
        .filter(reaction::Column::Object.eq(object))
        .filter(reaction::Column::Kind.eq(kind))
        .count(db.connection())
        .await?)
}

/// The plain reactions of a kind to an object.
pub async fn reactions(
    db: &impl Source,
    object: &str,
    kind: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<Reaction>, StoreError> {
    Ok(reaction::Entity::find()
        .filter(reaction::Column::Object.eq(object))
        .filter(reaction::Column::Kind.eq(kind))
        .order_by_asc(reaction::Column::CreatedAt)
        .order_by_asc(reaction::Column::ActivityUri)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

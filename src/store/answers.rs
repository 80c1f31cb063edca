//! The public answers that rooms gave to replies by keyword: kept to be served, counted to be limited.

use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::{
    Source, StoreError, Tx,
    entity::{actor, answer},
    insert_row,
};
use crate::domain::answer::Given;

pub use super::entity::answer::Model as Answer;

const MINUTE_MILLIS: i64 = 60_000;
const HOUR_MILLIS: i64 = 60 * MINUTE_MILLIS;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// Adds one that was given or held back.
pub async fn insert(tx: &Tx, row: Answer) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// By the id of the Note.
pub async fn by_note(db: &impl Source, uri: &str) -> Result<Option<Answer>, StoreError> {
    Ok(answer::Entity::find().filter(answer::Column::NoteUri.eq(uri)).one(db.connection()).await?)
}

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Answer>, StoreError> {
    Ok(answer::Entity::find_by_id(id)
        .filter(answer::Column::NoteUri.is_not_null())
        .one(db.connection())
        .await?)
}

/// What an author was answered on an opinion, oldest first.
pub async fn given_to(
    db: &impl Source,
    author: &str,
    opinion_uri: &str,
) -> Result<Vec<Answer>, StoreError> {
    Ok(answer::Entity::find()
        .filter(answer::Column::Author.eq(author))
        .filter(answer::Column::OpinionUri.eq(opinion_uri))
        .filter(answer::Column::NoteUri.is_not_null())
        .order_by_asc(answer::Column::Id)
        .all(db.connection())
        .await?)
}

/// By the id of the activity.
pub async fn by_activity(db: &impl Source, uri: &str) -> Result<Option<Answer>, StoreError> {
    Ok(answer::Entity::find()
        .filter(answer::Column::ActivityUri.eq(uri))
        .one(db.connection())
        .await?)
}

/// The latest about an author's replies to an opinion, given or held back.
pub async fn latest(
    db: &impl Source,
    author: &str,
    opinion_uri: &str,
) -> Result<Option<Answer>, StoreError> {
    Ok(answer::Entity::find()
        .filter(answer::Column::Author.eq(author))
        .filter(answer::Column::OpinionUri.eq(opinion_uri))
        .order_by_desc(answer::Column::At)
        .order_by_desc(answer::Column::Id)
        .one(db.connection())
        .await?)
}

/// Whether an author was ever answered.
pub async fn any_to(db: &impl Source, author: &str) -> Result<bool, StoreError> {
    let found = answer::Entity::find()
        .filter(answer::Column::Author.eq(author))
        .filter(answer::Column::NoteUri.is_not_null())
        .one(db.connection())
        .await?;
    Ok(found.is_some())
}

/// Whether a host has been seen for less than a day: none of its actors was known before.
pub async fn is_new_host(db: &impl Source, host: &str, now: i64) -> Result<bool, StoreError> {
    let known = actor::Entity::find()
        .filter(actor::Column::Host.eq(host))
        .filter(actor::Column::CreatedAt.lte(now - DAY_MILLIS))
        .one(db.connection())
        .await?;
    Ok(known.is_none())
}

/// What was given lately that limits what may be given now.
pub async fn given(
    db: &impl Source,
    author: &str,
    host: &str,
    opinion_uri: &str,
    now: i64,
) -> Result<Given, StoreError> {
    let since = |millis: i64| {
        answer::Entity::find()
            .filter(answer::Column::NoteUri.is_not_null())
            .filter(answer::Column::At.gt(now - millis))
    };
    let connection = db.connection();
    let pause = crate::base::limits::ANSWERS_PAUSE_MINUTES * MINUTE_MILLIS;
    let of_author = Condition::all().add(answer::Column::Author.eq(author));
    Ok(Given {
        on_opinion: since(pause)
            .filter(of_author.clone().add(answer::Column::OpinionUri.eq(opinion_uri)))
            .count(connection)
            .await?,
        to_author: since(HOUR_MILLIS).filter(of_author).count(connection).await?,
        to_host: since(HOUR_MILLIS).filter(answer::Column::Host.eq(host)).count(connection).await?,
        to_new_hosts: since(HOUR_MILLIS)
            .filter(answer::Column::ToNewHost.eq(true))
            .count(connection)
            .await?,
        is_new_host: is_new_host(db, host, now).await?,
    })
}

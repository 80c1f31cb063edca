//! Reads behind the collections that other servers page through.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Source, StoreError,
    entity::{account, actor, entry},
    entries::{Entry, Verdict},
};

fn creates(room_id: i64) -> sea_orm::Select<entry::Entity> {
    entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::ActType.eq("Create"))
        .filter(entry::Column::Cell.starts_with("o "))
        .filter(entry::Column::Verdict.ne(Verdict::Held.word()))
}

/// The acts that published a room's opinions, newest first.
pub async fn opinions_created(
    db: &impl Source,
    room_id: i64,
    limit: u64,
    offset: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(creates(room_id)
        .order_by_desc(entry::Column::Seq)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// How many opinions were published in a room.
pub async fn count_opinions_created(db: &impl Source, room_id: i64) -> Result<u64, StoreError> {
    Ok(creates(room_id).count(db.connection()).await?)
}

/// Actor ids of the accounts with these roles, oldest first.
pub async fn actors_with_roles(
    db: &impl Source,
    roles: &[&str],
) -> Result<Vec<String>, StoreError> {
    let ids: Vec<i64> = account::Entity::find()
        .filter(account::Column::Role.is_in(roles.iter().copied()))
        .filter(account::Column::Disabled.eq(false))
        .select_only()
        .column(account::Column::ActorId)
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(actor::Entity::find()
        .filter(actor::Column::Id.is_in(ids))
        .order_by_asc(actor::Column::Id)
        .select_only()
        .column(actor::Column::Uri)
        .into_tuple()
        .all(db.connection())
        .await?)
}

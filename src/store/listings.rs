//! Reads behind the collections that other servers page through.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Source, StoreError,
    entity::{account, actor, opinion},
    projections::Opinion,
};

fn at_home(room_id: i64, room: &str) -> sea_orm::Select<opinion::Entity> {
    opinion::Entity::find()
        .filter(opinion::Column::RoomId.eq(room_id))
        .filter(opinion::Column::Audience.eq(room))
        .filter(opinion::Column::Deleted.eq(false))
}

/// The opinions that name a room as their home, newest first; those that were deleted left out.
pub async fn opinions_at_home(
    db: &impl Source,
    room_id: i64,
    room: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<Opinion>, StoreError> {
    Ok(at_home(room_id, room)
        .order_by_desc(opinion::Column::Published)
        .order_by_desc(opinion::Column::Uri)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// How many opinions name a room as their home.
pub async fn count_opinions_at_home(
    db: &impl Source,
    room_id: i64,
    room: &str,
) -> Result<u64, StoreError> {
    Ok(at_home(room_id, room).count(db.connection()).await?)
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

//! Drafts as rows. Whoever writes to one holds it first (`hold`), so that a version that was read is still the
//! present one when it is replaced, on both databases.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use super::{
    Source, StoreError, Tx,
    entity::{draft, draft_author, draft_block, draft_block_version},
};

pub use super::entity::{
    draft::Model as Draft, draft_author::Model as Author, draft_block::Model as Block,
    draft_block_version::Model as Version,
};

/// By key.
pub async fn by_id(db: &impl Source, id: i64) -> Result<Option<Draft>, StoreError> {
    Ok(draft::Entity::find_by_id(id).one(db.connection()).await?)
}

/// By key, held until the transaction ends: others that hold it wait.
pub async fn hold(tx: &Tx, id: i64) -> Result<Option<Draft>, StoreError> {
    Ok(draft::Entity::find_by_id(id).lock_exclusive().one(tx.connection()).await?)
}

/// The drafts of an actor in these states of authorship, latest change first.
pub async fn of_actor(
    db: &impl Source,
    actor_id: i64,
    states: &[&str],
) -> Result<Vec<(Draft, Author)>, StoreError> {
    let own = draft_author::Entity::find()
        .filter(draft_author::Column::ActorId.eq(actor_id))
        .filter(draft_author::Column::State.is_in(states.iter().copied()))
        .all(db.connection())
        .await?;
    let ids: Vec<i64> = own.iter().map(|author| author.draft_id).collect();
    let mut drafts = Vec::new();
    for some in ids.chunks(500) {
        let rows = draft::Entity::find().filter(draft::Column::Id.is_in(some.iter().copied()));
        drafts.extend(rows.all(db.connection()).await?);
    }
    drafts.sort_by_key(|row| std::cmp::Reverse((row.updated_at, row.id)));
    Ok(drafts
        .into_iter()
        .filter_map(|row| {
            let author = own.iter().find(|author| author.draft_id == row.id)?.clone();
            Some((row, author))
        })
        .collect())
}

/// How many drafts an actor writes.
pub async fn count_of_actor(
    db: &impl Source,
    actor_id: i64,
    state: &str,
) -> Result<u64, StoreError> {
    Ok(draft_author::Entity::find()
        .filter(draft_author::Column::ActorId.eq(actor_id))
        .filter(draft_author::Column::State.eq(state))
        .count(db.connection())
        .await?)
}

/// The title of each of these drafts.
pub async fn titles(db: &impl Source, ids: &[i64]) -> Result<Vec<Block>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(500) {
        let rows = draft_block::Entity::find()
            .filter(draft_block::Column::DraftId.is_in(some.iter().copied()))
            .filter(draft_block::Column::Part.is_in(["title", "language"]));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// Adds a draft.
pub async fn insert(tx: &Tx, row: Draft) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Replaces a draft's own row.
pub async fn save(tx: &Tx, row: Draft) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

/// Everybody who writes it or was asked to, in the order in which they were asked.
pub async fn authors(db: &impl Source, draft_id: i64) -> Result<Vec<Author>, StoreError> {
    Ok(draft_author::Entity::find()
        .filter(draft_author::Column::DraftId.eq(draft_id))
        .order_by_asc(draft_author::Column::InvitedAt)
        .order_by_asc(draft_author::Column::ActorId)
        .all(db.connection())
        .await?)
}

/// Adds an author, or replaces what is known of one.
pub async fn save_author(tx: &Tx, row: Author) -> Result<(), StoreError> {
    let known =
        draft_author::Entity::find_by_id((row.draft_id, row.actor_id)).one(tx.connection()).await?;
    let row = row.into_active_model();
    if known.is_some() {
        row.reset_all().update(tx.connection()).await?;
    } else {
        row.insert(tx.connection()).await?;
    }
    Ok(())
}

/// Every part of a draft, paragraphs in their order; those taken out among them.
pub async fn blocks(db: &impl Source, draft_id: i64) -> Result<Vec<Block>, StoreError> {
    Ok(draft_block::Entity::find()
        .filter(draft_block::Column::DraftId.eq(draft_id))
        .order_by_asc(draft_block::Column::Place)
        .order_by_asc(draft_block::Column::Id)
        .all(db.connection())
        .await?)
}

/// Adds a part, as its first version.
pub async fn insert_block(tx: &Tx, row: Block) -> Result<(), StoreError> {
    keep_version(tx, &row).await?;
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Replaces a part by its next version; the one before stays readable.
pub async fn save_block(tx: &Tx, row: Block) -> Result<(), StoreError> {
    keep_version(tx, &row).await?;
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

async fn keep_version(tx: &Tx, row: &Block) -> Result<(), StoreError> {
    let version = Version {
        block_id: row.id,
        version: row.version,
        draft_id: row.draft_id,
        source: row.source.clone(),
        editor_id: row.editor_id,
        on_behalf_of: row.on_behalf_of,
        edited_at: row.edited_at,
        removed: row.removed,
    };
    version.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Moves every paragraph after `place` down by `by`.
pub async fn make_room(tx: &Tx, draft_id: i64, place: i64, by: i64) -> Result<(), StoreError> {
    draft_block::Entity::update_many()
        .col_expr(draft_block::Column::Place, Expr::col(draft_block::Column::Place).add(by))
        .filter(draft_block::Column::DraftId.eq(draft_id))
        .filter(draft_block::Column::Place.gt(place))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Puts a paragraph somewhere else; its words stay the version they are.
pub async fn set_place(tx: &Tx, block_id: i64, place: i64) -> Result<(), StoreError> {
    draft_block::Entity::update_many()
        .col_expr(draft_block::Column::Place, Expr::value(place))
        .filter(draft_block::Column::Id.eq(block_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// One version of a part.
pub async fn version(
    db: &impl Source,
    block_id: i64,
    version: i64,
) -> Result<Option<Version>, StoreError> {
    Ok(draft_block_version::Entity::find_by_id((block_id, version)).one(db.connection()).await?)
}

/// Every version of a part, first to last.
pub async fn versions(db: &impl Source, block_id: i64) -> Result<Vec<Version>, StoreError> {
    Ok(draft_block_version::Entity::find()
        .filter(draft_block_version::Column::BlockId.eq(block_id))
        .order_by_asc(draft_block_version::Column::Version)
        .all(db.connection())
        .await?)
}

/// Removes a draft with all that was ever written in it.
pub async fn delete(tx: &Tx, draft_id: i64) -> Result<(), StoreError> {
    let connection = tx.connection();
    draft_block_version::Entity::delete_many()
        .filter(draft_block_version::Column::DraftId.eq(draft_id))
        .exec(connection)
        .await?;
    draft_block::Entity::delete_many()
        .filter(draft_block::Column::DraftId.eq(draft_id))
        .exec(connection)
        .await?;
    draft_author::Entity::delete_many()
        .filter(draft_author::Column::DraftId.eq(draft_id))
        .exec(connection)
        .await?;
    draft::Entity::delete_by_id(draft_id).exec(connection).await?;
    Ok(())
}

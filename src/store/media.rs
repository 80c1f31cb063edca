//! Pictures that accounts here brought: the bytes, each once by its digest, and what shows them. What nothing shows any
//! more, and nobody holds ready for a post, goes with the last row that named it.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{
    Source, StoreError, Tx,
    entity::{medium, picture},
    insert_row,
};

pub use super::entity::{medium::Model as Medium, picture::Model as Picture};

/// Ids asked for at once.
const CHUNK: usize = 500;

/// Keeps the bytes of a picture. Whoever lets go of the same ones at this moment waits, or has already let go.
pub async fn keep(tx: &Tx, row: Picture) -> Result<(), StoreError> {
    let again = OnConflict::column(picture::Column::Digest)
        .update_column(picture::Column::MediaType)
        .to_owned();
    picture::Entity::insert(row.into_active_model())
        .on_conflict(again)
        .exec_without_returning(tx.connection())
        .await?;
    Ok(())
}

/// The bytes of a picture.
pub async fn picture(db: &impl Source, digest: &str) -> Result<Option<Picture>, StoreError> {
    Ok(picture::Entity::find_by_id(digest).one(db.connection()).await?)
}

/// Adds what an account brought.
pub async fn insert(tx: &Tx, row: Medium) -> Result<(), StoreError> {
    insert_row(tx, row).await
}

/// Changes what is said of it.
pub async fn change(tx: &Tx, row: Medium) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

/// Those of these that an account brought, in no order.
pub async fn of_account(
    db: &impl Source,
    account_id: i64,
    ids: &[i64],
) -> Result<Vec<Medium>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(CHUNK) {
        let rows = medium::Entity::find()
            .filter(medium::Column::AccountId.eq(account_id))
            .filter(medium::Column::Id.is_in(some.iter().copied()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// What these show, oldest first.
pub async fn shown_by(db: &impl Source, uris: &[String]) -> Result<Vec<Medium>, StoreError> {
    let mut found = Vec::new();
    for some in uris.chunks(CHUNK) {
        let rows = medium::Entity::find()
            .filter(medium::Column::ShownBy.is_in(some.iter().cloned()))
            .order_by_asc(medium::Column::Id);
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// How many pictures of an account wait for a post, and how many bytes they have.
pub async fn waiting(db: &impl Source, account_id: i64) -> Result<(u64, i64), StoreError> {
    let sizes: Vec<i64> = medium::Entity::find()
        .select_only()
        .column(medium::Column::Bytes)
        .filter(medium::Column::AccountId.eq(account_id))
        .filter(medium::Column::ShownBy.is_null())
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok((u64::try_from(sizes.len()).unwrap_or(u64::MAX), sizes.iter().sum()))
}

/// How many pictures an account brought since a moment.
pub async fn brought_since(
    db: &impl Source,
    account_id: i64,
    since: i64,
) -> Result<u64, StoreError> {
    Ok(medium::Entity::find()
        .filter(medium::Column::AccountId.eq(account_id))
        .filter(medium::Column::CreatedAt.gt(since))
        .count(db.connection())
        .await?)
}

/// Gives pictures that wait to what shows them from now on; answers how many still waited.
pub async fn show(tx: &Tx, ids: &[i64], uri: &str) -> Result<u64, StoreError> {
    let done = medium::Entity::update_many()
        .col_expr(medium::Column::ShownBy, Expr::value(uri))
        .filter(medium::Column::Id.is_in(ids.iter().copied()))
        .filter(medium::Column::ShownBy.is_null())
        .exec(tx.connection())
        .await?;
    Ok(done.rows_affected)
}

/// Forgets what something showed that is there no more.
pub async fn let_go(tx: &Tx, uri: &str) -> Result<(), StoreError> {
    let rows = shown_by(tx, &[uri.to_owned()]).await?;
    forget(tx, &rows).await
}

/// Forgets some of those that have waited since before a moment; answers how many.
pub async fn forget_waiting(tx: &Tx, before: i64, most: u64) -> Result<usize, StoreError> {
    let rows = medium::Entity::find()
        .filter(medium::Column::ShownBy.is_null())
        .filter(medium::Column::CreatedAt.lt(before))
        .order_by_asc(medium::Column::CreatedAt)
        .limit(most)
        .all(tx.connection())
        .await?;
    forget(tx, &rows).await?;
    Ok(rows.len())
}

/// Forgets these, and their bytes where nothing else has the same ones.
pub async fn forget(tx: &Tx, rows: &[Medium]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids = rows.iter().map(|row| row.id);
    medium::Entity::delete_many()
        .filter(medium::Column::Id.is_in(ids))
        .exec(tx.connection())
        .await?;
    let mut digests: Vec<&String> =
        rows.iter().flat_map(|row| [&row.digest, &row.preview_digest]).collect();
    digests.sort_unstable();
    digests.dedup();
    for digest in digests {
        // Held first, so that what is asked next sees whoever keeps the same bytes at this moment.
        picture::Entity::find_by_id(digest)
            .select_only()
            .column(picture::Column::Digest)
            .lock_exclusive()
            .into_tuple::<String>()
            .one(tx.connection())
            .await?;
        let named = Condition::any()
            .add(medium::Column::Digest.eq(digest))
            .add(medium::Column::PreviewDigest.eq(digest));
        if medium::Entity::find().filter(named).count(tx.connection()).await? == 0 {
            picture::Entity::delete_by_id(digest).exec(tx.connection()).await?;
        }
    }
    Ok(())
}

//! What is attested of participants: the projection of the record, and what accounts here wait for on the way to it.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{
    Source, StoreError, Tx,
    entity::{attestation, mail_proof, web_proof},
};
use crate::{base::clock::Timestamp, record::fold};

pub use super::entity::{
    attestation::Model as Attestation, mail_proof::Model as MailProof, web_proof::Model as WebProof,
};

/// Writes what a room's record says of one subject in place of what stood there.
pub async fn replace(
    tx: &Tx,
    room_id: i64,
    subject: &str,
    states: Vec<fold::Attestation>,
) -> Result<(), StoreError> {
    attestation::Entity::delete_many()
        .filter(attestation::Column::RoomId.eq(room_id))
        .filter(attestation::Column::Subject.eq(subject))
        .exec(tx.connection())
        .await?;
    for state in states {
        let row = Attestation {
            room_id,
            entry_hash: state.entry_hash,
            uri: state.uri,
            attester: state.attester,
            subject: subject.to_owned(),
            basis: state.basis,
            domain: state.domain,
            affiliation: state.affiliation,
            stakeholder_group: state.stakeholder_group,
            published: state.published.as_millis(),
            valid_until: state.valid_until.map(Timestamp::as_millis),
            received_at: state.received.map(Timestamp::as_millis),
            ended_at: state.ended.map(Timestamp::as_millis),
        };
        row.into_active_model().insert(tx.connection()).await?;
    }
    Ok(())
}

/// Empties a room's part of the projection.
pub async fn clear(tx: &Tx, room_id: i64) -> Result<(), StoreError> {
    attestation::Entity::delete_many()
        .filter(attestation::Column::RoomId.eq(room_id))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// All that is attested of these participants, in whatever room, oldest first.
pub async fn of_subjects(
    db: &impl Source,
    subjects: &[String],
) -> Result<Vec<Attestation>, StoreError> {
    let mut found = Vec::new();
    for some in subjects.chunks(500) {
        let rows = attestation::Entity::find()
            .filter(attestation::Column::Subject.is_in(some.iter().cloned()))
            .order_by_asc(attestation::Column::Published)
            .order_by_asc(attestation::Column::EntryHash)
            .order_by_asc(attestation::Column::RoomId);
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// Keeps that a link was sent.
pub async fn insert_mail(tx: &Tx, row: MailProof) -> Result<(), StoreError> {
    row.into_active_model().insert(tx.connection()).await?;
    Ok(())
}

/// Forgets a link that was not sent after all.
pub async fn delete_mail(tx: &Tx, token_hash: &str) -> Result<(), StoreError> {
    mail_proof::Entity::delete_by_id(token_hash).exec(tx.connection()).await?;
    Ok(())
}

/// A link, by the hash of what it carries.
pub async fn mail(db: &impl Source, token_hash: &str) -> Result<Option<MailProof>, StoreError> {
    Ok(mail_proof::Entity::find_by_id(token_hash).one(db.connection()).await?)
}

/// Letters to an account since a moment.
pub async fn mails_of(db: &impl Source, account_id: i64, since: i64) -> Result<u64, StoreError> {
    Ok(mail_proof::Entity::find()
        .filter(mail_proof::Column::AccountId.eq(account_id))
        .filter(mail_proof::Column::CreatedAt.gt(since))
        .count(db.connection())
        .await?)
}

/// Letters to an address since a moment, whoever asked for them.
pub async fn mails_to(db: &impl Source, address_hash: &str, since: i64) -> Result<u64, StoreError> {
    Ok(mail_proof::Entity::find()
        .filter(mail_proof::Column::AddressHash.eq(address_hash))
        .filter(mail_proof::Column::CreatedAt.gt(since))
        .count(db.connection())
        .await?)
}

/// Notes that a link was followed. Answers whether it was this call that did: of two at once only one.
pub async fn use_mail(tx: &Tx, token_hash: &str, at: i64) -> Result<bool, StoreError> {
    let changed = mail_proof::Entity::update_many()
        .col_expr(mail_proof::Column::UsedAt, sea_orm::sea_query::Expr::value(at))
        .filter(mail_proof::Column::TokenHash.eq(token_hash))
        .filter(mail_proof::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Forgets links that no longer work.
pub async fn expire_mails(tx: &Tx, now: i64) -> Result<(), StoreError> {
    mail_proof::Entity::delete_many()
        .filter(mail_proof::Column::ExpiresAt.lte(now))
        .exec(tx.connection())
        .await?;
    Ok(())
}

/// Adds a web domain.
pub async fn insert_web(tx: &Tx, row: WebProof) -> Result<WebProof, StoreError> {
    Ok(row.into_active_model().insert(tx.connection()).await?)
}

/// A web domain.
pub async fn web(db: &impl Source, id: i64) -> Result<Option<WebProof>, StoreError> {
    Ok(web_proof::Entity::find_by_id(id).one(db.connection()).await?)
}

/// The web domains of an account, by name.
pub async fn web_of(db: &impl Source, actor_id: i64) -> Result<Vec<WebProof>, StoreError> {
    Ok(web_proof::Entity::find()
        .filter(web_proof::Column::ActorId.eq(actor_id))
        .order_by_asc(web_proof::Column::Domain)
        .all(db.connection())
        .await?)
}

/// Web domains to be looked at, longest due first.
pub async fn web_due(db: &impl Source, now: i64, limit: u64) -> Result<Vec<WebProof>, StoreError> {
    Ok(web_proof::Entity::find()
        .filter(web_proof::Column::DueAt.lte(now))
        .order_by_asc(web_proof::Column::DueAt)
        .order_by_asc(web_proof::Column::Id)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// When the next web domain is to be looked at.
pub async fn next_web_due(db: &impl Source) -> Result<Option<i64>, StoreError> {
    Ok(web_proof::Entity::find()
        .order_by_asc(web_proof::Column::DueAt)
        .one(db.connection())
        .await?
        .map(|row| row.due_at))
}

/// Replaces what is known of a web domain.
pub async fn save_web(tx: &Tx, row: WebProof) -> Result<(), StoreError> {
    row.into_active_model().reset_all().update(tx.connection()).await?;
    Ok(())
}

/// Takes a web domain off the list.
pub async fn delete_web(tx: &Tx, id: i64) -> Result<(), StoreError> {
    web_proof::Entity::delete_by_id(id).exec(tx.connection()).await?;
    Ok(())
}

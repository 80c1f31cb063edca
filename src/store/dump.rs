//! The projection tables as text, so that `rebuild` can show that it left them as they were.

use std::fmt::Write as _;

use sea_orm::{EntityTrait, Order, QueryOrder};

use super::{
    Source, StoreError,
    entity::{
        anchor, attestation, comment, disposition, opinion, position, post, post_word, revision,
    },
};

/// Every row of every projection table, in the order of their keys: equal text means equal tables.
pub async fn everything(db: &impl Source) -> Result<String, StoreError> {
    let (mut text, connection) = (projections(db).await?, db.connection());
    let posts = post::Entity::find().order_by(post::Column::Id, Order::Asc);
    for row in posts.all(connection).await? {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "post {row:?}");
    }
    let words = post_word::Entity::find()
        .order_by(post_word::Column::PostId, Order::Asc)
        .order_by(post_word::Column::Word, Order::Asc);
    for row in words.all(connection).await? {
        let _ = writeln!(text, "post_word {row:?}");
    }
    Ok(text)
}

/// The same of the tables that every room makes alike of one record. What clients page through goes by the keys that
/// objects have here, and those by what came first.
pub async fn projections(db: &impl Source) -> Result<String, StoreError> {
    let connection = db.connection();
    let mut text = String::new();
    let mut write = |table: &str, rows: Vec<String>| {
        for row in rows {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{table} {row}");
        }
    };
    let opinions = opinion::Entity::find()
        .order_by(opinion::Column::RoomId, Order::Asc)
        .order_by(opinion::Column::Uri, Order::Asc);
    write(
        "opinion",
        opinions.all(connection).await?.iter().map(|row| format!("{row:?}")).collect(),
    );
    let revisions = revision::Entity::find()
        .order_by(revision::Column::RoomId, Order::Asc)
        .order_by(revision::Column::OpinionUri, Order::Asc)
        .order_by(revision::Column::Number, Order::Asc)
        .order_by(revision::Column::Digest, Order::Asc);
    write(
        "revision",
        revisions.all(connection).await?.iter().map(|row| format!("{row:?}")).collect(),
    );
    let comments = comment::Entity::find()
        .order_by(comment::Column::RoomId, Order::Asc)
        .order_by(comment::Column::Uri, Order::Asc);
    write(
        "comment",
        comments.all(connection).await?.iter().map(|row| format!("{row:?}")).collect(),
    );
    let positions = position::Entity::find()
        .order_by(position::Column::RoomId, Order::Asc)
        .order_by(position::Column::EntryHash, Order::Asc);
    write(
        "position",
        positions.all(connection).await?.iter().map(|row| format!("{row:?}")).collect(),
    );
    let attestations = attestation::Entity::find()
        .order_by(attestation::Column::RoomId, Order::Asc)
        .order_by(attestation::Column::EntryHash, Order::Asc);
    write(
        "attestation",
        attestations.all(connection).await?.iter().map(|row| format!("{row:?}")).collect(),
    );
    let anchors = anchor::Entity::find()
        .order_by(anchor::Column::RoomId, Order::Asc)
        .order_by(anchor::Column::CommentUri, Order::Asc)
        .order_by(anchor::Column::N, Order::Asc);
    write("anchor", anchors.all(connection).await?.iter().map(|row| format!("{row:?}")).collect());
    let dispositions = disposition::Entity::find()
        .order_by(disposition::Column::RoomId, Order::Asc)
        .order_by(disposition::Column::Uri, Order::Asc);
    write(
        "disposition",
        dispositions.all(connection).await?.iter().map(|row| format!("{row:?}")).collect(),
    );
    Ok(text)
}

//! The first schema: accounts and keys, the log of each room, its projections, and the queues.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, flag, index, number, number_once, number_or_none, table, unique, words, words_once,
    words_or_none,
};

/// Creates every table of the first release.
#[derive(Debug)]
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000001_create_foundation"
    }
}

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait is declared without them, and async_trait compares"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in TABLES {
            manager.drop_table(Table::drop().table(*name).to_owned()).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    "actor",
    "actor_secret",
    "account",
    "session",
    "token",
    "attempt",
    "audit",
    "object_key",
    "room",
    "entry",
    "opinion",
    "revision",
    "comment",
    "position",
    "follow",
    "link",
    "inbox_item",
    "outgoing",
    "delivery",
    "peer",
    "cursor",
    "reaction",
];

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "actor",
            &["id"],
            vec![
                number("id"),
                words_once("uri"),
                words("host"),
                words("kind"),
                words("username"),
                words("name"),
                words("summary"),
                words("url"),
                words("inbox"),
                words_or_none("shared_inbox"),
                words_or_none("outbox"),
                words_or_none("followers"),
                words_or_none("following"),
                words_or_none("webfinger"),
                words_or_none("request_key_id"),
                words_or_none("request_key_pem"),
                words("proof_keys"),
                words_or_none("recovery_key"),
                words_or_none("stakeholder_group"),
                flag("implements_mesh"),
                flag("local"),
                number("fetched_at"),
                number_or_none("gone_at"),
                number("created_at"),
            ],
        ),
        table(
            "actor_secret",
            &["actor_id"],
            vec![number("actor_id"), bytes("request_key"), bytes("proof_key")],
        ),
        table(
            "account",
            &["id"],
            vec![
                number("id"),
                number_once("actor_id"),
                words("email"),
                words("password_hash"),
                words("role"),
                number("created_at"),
                flag("disabled"),
            ],
        ),
        table(
            "session",
            &["token_hash"],
            vec![
                words("token_hash"),
                number("account_id"),
                words("csrf"),
                number("created_at"),
                number("expires_at"),
            ],
        ),
        table(
            "token",
            &["token_hash"],
            vec![
                words("token_hash"),
                number("account_id"),
                words("scope"),
                number("created_at"),
                number_or_none("revoked_at"),
            ],
        ),
        table("attempt", &["id"], vec![number("id"), words("subject"), number("at")]),
        table("audit", &["id"], vec![number("id"), number("at"), words("who"), words("what")]),
        table(
            "object_key",
            &["id"],
            vec![number("id"), words_once("uri"), words("segment"), words("kind")],
        ),
        table(
            "room",
            &["id"],
            vec![
                number("id"),
                words_once("slug"),
                words_once("topic"),
                words("name"),
                words("question"),
                words("language"),
                words("founder"),
                number("created"),
                words("link_policy"),
                number("next_seq"),
            ],
        ),
        table(
            "entry",
            &["room_id", "seq"],
            vec![
                number("room_id"),
                number("seq"),
                words("hash"),
                words("kind"),
                words("item_id"),
                words("act_type"),
                words("actor"),
                words_or_none("object"),
                words_or_none("cell"),
                words("act_digest"),
                number_or_none("published"),
                words("verdict"),
                bytes("body"),
                words_or_none("origin"),
                words("sent_to"),
                number("hops"),
                number("taken_at"),
            ],
        ),
        table(
            "opinion",
            &["room_id", "uri"],
            vec![
                words("uri"),
                number("room_id"),
                words("author"),
                words("name"),
                words("abstract_text"),
                words("language"),
                words("status"),
                words_or_none("stakeholder_group"),
                number("revision"),
                words("digest"),
                words("chain"),
                words_or_none("audience"),
                number("published"),
                number("updated"),
                number_or_none("received_at"),
                flag("deleted"),
            ],
        ),
        table(
            "revision",
            &["room_id", "opinion_uri", "number", "digest"],
            vec![
                number("room_id"),
                words("opinion_uri"),
                number("number"),
                words("digest"),
                words("name"),
                words("abstract_text"),
                words("language"),
                words("content"),
                words_or_none("source"),
                words_or_none("previous"),
                words_or_none("change_note"),
                words("authors"),
                number("published"),
                number_or_none("received_at"),
                words("entry_hash"),
                words("activity_id"),
                flag("current"),
            ],
        ),
        table(
            "comment",
            &["room_id", "uri"],
            vec![
                words("uri"),
                number("room_id"),
                words_or_none("opinion_uri"),
                words("in_reply_to"),
                words("author"),
                words("kind"),
                words("content"),
                words_or_none("source"),
                words_or_none("language"),
                words("anchors"),
                words_or_none("stakeholder_group"),
                words_or_none("capacity"),
                number("published"),
                number_or_none("updated"),
                number_or_none("received_at"),
                number("versions"),
                words("entry_hash"),
                words("activity_id"),
                flag("deleted"),
            ],
        ),
        table(
            "position",
            &["room_id", "entry_hash"],
            vec![
                number("room_id"),
                words("entry_hash"),
                words("opinion_uri"),
                words("line"),
                words("actor"),
                words_or_none("on_behalf_of"),
                flag("confirmed"),
                words("kind"),
                words_or_none("statement"),
                words_or_none("language"),
                words("capacity"),
                words_or_none("stakeholder_group"),
                number("revision"),
                words("revision_digest"),
                number("published"),
                number_or_none("received_at"),
                flag("live"),
                number_or_none("withdrawn_at"),
                words("activity_id"),
                words_or_none("object_uri"),
            ],
        ),
        table(
            "follow",
            &["id"],
            vec![
                number("id"),
                words("activity_uri"),
                words("follower"),
                words("followee"),
                words("state"),
                words("inbox"),
                words_or_none("shared_inbox"),
                number("created_at"),
            ],
        ),
        table(
            "link",
            &["id"],
            vec![
                number("id"),
                number("room_id"),
                words("peer"),
                words("peer_inbox"),
                words_or_none("sent_follow"),
                flag("sent_accepted"),
                words_or_none("got_follow"),
                flag("got_accepted"),
                words("state"),
                number("cursor"),
                number("relayed"),
                number("pull_due_at"),
                number("updated_at"),
            ],
        ),
        table(
            "inbox_item",
            &["id"],
            vec![
                number("id"),
                words("activity_uri"),
                words("digest"),
                words("signer"),
                words("host"),
                bytes("body"),
                words("evidence"),
                number("received_at"),
                words("state"),
                words_or_none("reason"),
                number("attempts"),
                number("due_at"),
            ],
        ),
        table(
            "outgoing",
            &["id"],
            vec![
                number("id"),
                words("activity_uri"),
                number("signer_id"),
                bytes("body"),
                words("audience"),
                number("created_at"),
                flag("expanded"),
            ],
        ),
        table(
            "delivery",
            &["id"],
            vec![
                number("id"),
                number("outgoing_id"),
                words("host"),
                words("inbox"),
                words("state"),
                number("attempts"),
                number("due_at"),
                number_or_none("status"),
                words_or_none("error"),
                number_or_none("settled_at"),
            ],
        ),
        table(
            "peer",
            &["host"],
            vec![
                words("host"),
                number("failures"),
                number("open_until"),
                number_or_none("last_success"),
                words_or_none("last_error"),
            ],
        ),
        table("cursor", &["name"], vec![words("name"), number("value")]),
        table(
            "reaction",
            &["activity_uri"],
            vec![
                words("activity_uri"),
                words("actor"),
                words("object"),
                words("kind"),
                number("created_at"),
            ],
        ),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("actor", &["host"]),
        index("attempt", &["subject", "at"]),
        index("object_key", &["segment"]),
        unique("entry", &["room_id", "hash"]),
        index("entry", &["room_id", "cell"]),
        index("entry", &["room_id", "object"]),
        index("entry", &["room_id", "item_id"]),
        index("entry", &["item_id"]),
        index("entry", &["cell"]),
        index("entry", &["actor", "published"]),
        index("opinion", &["uri"]),
        index("comment", &["uri"]),
        index("comment", &["opinion_uri"]),
        index("revision", &["opinion_uri"]),
        index("revision", &["activity_id"]),
        index("comment", &["in_reply_to"]),
        index("position", &["opinion_uri"]),
        index("position", &["object_uri"]),
        index("position", &["activity_id"]),
        unique("follow", &["follower", "followee"]),
        index("follow", &["followee", "state"]),
        unique("link", &["room_id", "peer"]),
        index("link", &["room_id", "state"]),
        unique("inbox_item", &["activity_uri", "digest"]),
        index("inbox_item", &["state", "due_at"]),
        index("outgoing", &["expanded", "id"]),
        unique("delivery", &["outgoing_id", "inbox"]),
        index("delivery", &["state", "host", "id"]),
        index("reaction", &["object"]),
    ]
}

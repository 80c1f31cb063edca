//! What documents of other software become here, read as the inbox reads them: those of real servers, where the shared
//! fixtures are present, and those of our own making, one for each quirk.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use polylogue::{
    protocol::{
        actor::{ActorDocument, ActorKind},
        quirks::{
            acts::{Act, Announced, Undone, is_activity},
            collections::Part,
            is_public, member, posts,
            reactions::Reaction,
            reports::Flagged,
            types_of,
        },
    },
    record::item::{Cell, Item, ItemError},
};
use serde_json::{Value, json};

/// What a document becomes, in a few words.
fn outcome(document: &Value) -> String {
    let types = types_of(document);
    if types.iter().any(|kind| ActorKind::from_type(kind).is_some()) {
        return match ActorDocument::read(document) {
            Ok(actor) => format!("actor ({})", actor.kind.as_type()),
            Err(error) => format!("refused: {error}"),
        };
    }
    if let Some(part) = Part::read(document) {
        let next = if part.next.is_empty() { "" } else { ", more to read" };
        return format!("collection of {}{next}", part.items.len());
    }
    if is_activity(document) {
        return act(document);
    }
    if types.contains(&"Tombstone") {
        return "the end of a text".to_owned();
    }
    if types.iter().any(|kind| posts::TEXTS.contains(kind)) {
        let witness = json!({"type": "Witness", "id": "https://us.example/s/1", "room": "https://us.example/t/x",
            "object": document});
        return match Item::of(witness) {
            Ok(item) => text(&item, document),
            Err(ItemError::Member("object")) => apart(document),
            Err(error) => format!("refused: {error}"),
        };
    }
    if member(document, "subject").is_some() && member(document, "links").is_some() {
        return "WebFinger: read by its own reader".to_owned();
    }
    let kind = types.first().copied().unwrap_or("no type");
    format!("ignored: `{kind}` is nothing that is read here")
}

fn act(document: &Value) -> String {
    match Act::read(document) {
        Act::Follow => "follow".to_owned(),
        Act::Answer { accepted: true } => "accepted follow".to_owned(),
        Act::Answer { accepted: false } => "rejected follow".to_owned(),
        Act::Undo(Undone::Follow) => "end of a follow".to_owned(),
        Act::Undo(Undone::Block) => "end of a block".to_owned(),
        Act::Undo(Undone::Reaction { is_share: true, .. }) => "end of a share".to_owned(),
        Act::Undo(Undone::Reaction { .. }) => "end of a reaction".to_owned(),
        Act::Undo(Undone::Other) => "undo".to_owned(),
        Act::Recorded => recorded(document),
        Act::ById(_) => "a text that is asked of its origin".to_owned(),
        Act::Reaction(Reaction::Emoji(emoji)) => format!("reaction ({emoji})"),
        Act::Reaction(reaction) => format!("reaction ({})", reaction.word()),
        Act::Announce(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| match item {
                    Announced::Id(_) => "share".to_owned(),
                    Announced::Activity(inner) => format!("handed on: {}", act(inner)),
                    Announced::Post(post) => format!("handed on: {}", outcome(post)),
                })
                .collect();
            items.join("; ")
        }
        Act::ActorChanged => "actor read again".to_owned(),
        Act::Report => format!("report of {}", Flagged::read(document).objects.len()),
        Act::Block if member(document, "target").is_some() => {
            "ignored: a ban of its own forum".to_owned()
        }
        Act::Block => "block".to_owned(),
        Act::Move => "move".to_owned(),
        Act::Nothing(why) => format!("ignored: {why}"),
    }
}

fn recorded(document: &Value) -> String {
    match Item::of(document.clone()) {
        Ok(item) if item.act_type == "Delete" => "deletion".to_owned(),
        Ok(item) if item.act_type == "Like" => "position".to_owned(),
        Ok(item) => {
            let object = member(document, "object").cloned().unwrap_or_default();
            let addressed = is_public(document);
            let what = if addressed { text(&item, &object) } else { "private reply".to_owned() };
            if item.act_type == "Update" { format!("edit: {what}") } else { what }
        }
        Err(error @ (ItemError::UnknownType(_) | ItemError::Member(_))) => {
            format!("ignored: {error}")
        }
        Err(error) => format!("refused: {error}"),
    }
}

fn text(item: &Item, object: &Value) -> String {
    if !is_public(object) && !is_public(&item.document) {
        return "private reply".to_owned();
    }
    match &item.cell {
        Some(Cell::Opinion(_)) => match posts::Post::read(object) {
            Some(post) => format!("opinion “{}”", post.title),
            None => "opinion without words".to_owned(),
        },
        Some(Cell::Comment(_)) => "comment".to_owned(),
        Some(Cell::Line(..)) => "position".to_owned(),
        Some(Cell::Attested(_)) => "attestation".to_owned(),
        None => apart(object),
    }
}

/// A text that answers nothing and heads no thread.
fn apart(object: &Value) -> String {
    if is_public(object) && !posts::quoted(object).is_empty() {
        "quote".to_owned()
    } else if is_public(object) {
        "a post on its own".to_owned()
    } else {
        "private reply".to_owned()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What the manifest's column `type` leads one to expect the outcome to begin with; empty where it says nothing.
fn expected(kind: &str) -> &'static [&'static str] {
    let mut parts = kind.split('/');
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match (first, second) {
        ("Person" | "Group" | "Organization" | "Application", _) => &["actor ("],
        ("Follow", _) => &["follow"],
        ("Accept", _) => &["accepted follow"],
        ("Reject", _) => &["rejected follow"],
        ("Undo", "Follow") => &["end of a follow"],
        ("Undo", "Block") => &["end of a block"],
        ("Undo", "Like" | "Dislike") => &["end of a reaction"],
        ("Undo", "Delete" | "Lock") => &["undo"],
        ("Like" | "Dislike", _) => &["reaction ("],
        ("Create", "Note") => &["comment", "a post on its own", "private reply", "quote"],
        ("Create", "ChatMessage") => &["ignored: `ChatMessage`"],
        ("Update", "Note") => &["edit: comment", "edit: a post on its own"],
        ("Update", "Page") => &["edit: opinion “"],
        ("Update", "Group" | "Person") => &["actor read again"],
        // What a moderator of a forum removes is not theirs to delete.
        ("Delete", _) => &["deletion", "refused: "],
        ("Announce", "") => &["share"],
        ("Announce", _) => &["handed on: "],
        ("Flag", _) => &["report of "],
        ("Block", _) => &["ignored: a ban", "block"],
        ("Add" | "Remove", _) => &["ignored: pinned posts"],
        ("Note", _) => &["comment", "a post on its own", "private reply", "opinion"],
        ("Page" | "Article", _) | ("Create", "Page" | "Article") => &["opinion “"],
        ("Tombstone", _) => &["the end of a text"],
        (
            "Collection"
            | "OrderedCollection"
            | "CollectionPage"
            | "OrderedCollectionPage"
            | "Conversation",
            _,
        ) => &["collection of "],
        ("WebFinger JRD", _) => &["WebFinger"],
        (
            "JSON-LD context" | "CryptographicKey" | "Object" | "Image" | "Event" | "Video"
            | "ChatMessage" | "Lock" | "Warn" | "Resolve" | "Invite",
            _,
        ) => &["ignored: `"],
        _ => &[],
    }
}

#[test]
fn the_documents_of_real_servers_are_read_and_each_becomes_what_it_is() {
    #[expect(clippy::disallowed_methods, reason = "where the shared fixtures are")]
    let named = std::env::var("POLYLOGUE_FIXTURES");
    let shared = named.map_or_else(|_| root().join("../../shared/fixtures"), PathBuf::from);
    let Ok(manifest) = fs::read_to_string(shared.join("MANIFEST.tsv")) else {
        println!("SKIPPED: no fixtures at {}", shared.display());
        return;
    };
    let mut table = String::new();
    let (mut read, mut judged, mut wrong) = (0, 0, Vec::new());
    for line in manifest.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (path, kind, note) =
            (columns[0], columns[3], columns.last().copied().unwrap_or_default());
        let Some(short) = path.strip_prefix("incoming/") else { continue };
        if note.starts_with("DUPLICATE") || note.starts_with("raw file") {
            continue;
        }
        let text =
            fs::read_to_string(shared.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        // Blanks of the fixtures, filled in.
        let text = text
            .replace("\"SCRUBBED_ID\"", "\"https://kbin.test/scrubbed/1\"")
            .replace("\"SCRUBBED_DATE\"", "\"2026-01-01T00:00:00Z\"");
        let Ok(document) = polylogue::protocol::json::parse(text.as_bytes()) else {
            panic!("{path} is not read");
        };
        let became = outcome(&document);
        // Fedify's documents are made up for its own tests, some of them broken on purpose.
        let expected = if short.starts_with("fedify/") { &[] } else { expected(kind) };
        if !expected.is_empty() && !expected.iter().any(|start| became.starts_with(start)) {
            wrong.push(format!("{path} ({kind}): {became}, not {expected:?}"));
        }
        judged += usize::from(!expected.is_empty());
        read += 1;
        writeln!(table, "| {short} | {} | {became} |", columns[2]).unwrap();
    }
    println!("{table}{read} documents read, {judged} against what the manifest says of them");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read > 150 && judged > 120, "{read} {judged}");
    let kept = fs::read_to_string(root().join("../docs/federation/incoming.md")).unwrap();
    for row in table.lines() {
        assert!(kept.contains(row), "docs/federation/incoming.md has no row: {row}");
    }
}

/// Document, quirk, software and version, what it becomes.
const QUIRKS: &[(&str, &str, &str, &str)] = &[
    (
        "mastodon/like.json",
        "an activity without addressing, its id a fragment",
        "Mastodon 4",
        "reaction (like)",
    ),
    ("mastodon/quote.json", "a quote named by `quote`", "Mastodon 4.5", "quote"),
    (
        "mastodon/flag.json",
        "a report of several objects, addressed by a bare string",
        "Mastodon 4",
        "report of 3",
    ),
    (
        "mastodon/delete_string.json",
        "a deletion that only names the text",
        "Mastodon 3",
        "deletion",
    ),
    (
        "gotosocial/create_by_id.json",
        "a Create that only names its Note",
        "GoToSocial 0.17",
        "a text that is asked of its origin",
    ),
    (
        "misskey/reaction.json",
        "a Like with `_misskey_reaction`",
        "Misskey 2025",
        "reaction (:blobcat:)",
    ),
    (
        "misskey/quote_by_link.json",
        "a quote by a Link in `tag` (FEP-e232)",
        "Misskey 2025",
        "quote",
    ),
    ("pleroma/emoji_react.json", "`EmojiReact`", "Pleroma 2.7", "reaction (☕)"),
    ("pleroma/custom_emoji.json", "an emoji named only in `tag`", "Akkoma 3", "reaction (:dino:)"),
    ("lemmy/page_without_title.json", "a Page without `name`", "Lemmy 1.0", "opinion “Who pays?”"),
    ("lemmy/link_post.json", "a Page that is only a link", "Lemmy 0.19", "opinion “A link”"),
    (
        "lemmy/undo_dislike.json",
        "an Undo whose Like was never sent",
        "Lemmy 0.19",
        "end of a reaction",
    ),
    (
        "lemmy/ban.json",
        "a Block with `target`, which is a ban",
        "Lemmy 0.19",
        "ignored: a ban of its own forum",
    ),
    (
        "lemmy/private_message.json",
        "a private message is a Note to one",
        "Lemmy 1.0",
        "private reply",
    ),
    (
        "mbin/update_without_id.json",
        "an Update whose object has no type",
        "Mbin 1.8",
        "a text that is asked of its origin",
    ),
    ("piefed/announce_list.json", "an Announce of several objects", "PieFed 1.6", "share; share"),
    (
        "nodebb/announce_article.json",
        "an Announce of a whole Article",
        "NodeBB 4.15",
        "handed on: opinion “Who pays?”",
    ),
    (
        "nodebb/conversation.json",
        "a context of the type `Conversation`, its posts behind `posts`",
        "NodeBB 3",
        "collection of 0, more to read",
    ),
    ("discourse/actor_object.json", "`actor` given as an object", "Discourse 2026-06", "comment"),
    ("peertube/comment.json", "`attributedTo` as a list of objects", "PeerTube 6", "comment"),
    ("lotide/create_note.json", "`to` and `cc` as bare strings", "lotide 0.15", "comment"),
    ("litepub/public.json", "Public written `as:Public`", "Litepub software", "comment"),
    ("wordpress/article_reply.json", "an Article in reply", "WordPress 7", "comment"),
    ("friendica/title.json", "a title in `title`", "Friendica 2024", "opinion “Who pays?”"),
    ("others/list_types.json", "`type` as a list", "FEP-2e40 software", "comment"),
];

#[test]
fn test_72_every_quirk_has_a_document_that_becomes_what_it_should() {
    let listed = fs::read_to_string(root().join("../docs/federation/incoming.md")).unwrap();
    let mut wrong = BTreeMap::new();
    for (file, quirk, software, becomes) in QUIRKS {
        let path = root().join("golden/incoming").join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        let document = polylogue::protocol::json::parse(text.as_bytes()).unwrap();
        let became = outcome(&document);
        if became != *becomes {
            wrong.insert(file, became);
        }
        let row = format!("| {quirk} | {software} | `{file}` | {becomes} |");
        assert!(listed.contains(&row), "docs/federation/incoming.md has no row: {row}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

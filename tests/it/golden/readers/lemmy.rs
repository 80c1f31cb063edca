//! Lemmy 1.0: every document has a type of its own, and one member of another form costs the whole.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Mistake, Taken, check, need, set, string, typed, unset};

#[derive(Deserialize)]
enum PageType {
    Page,
    Article,
    Note,
    Video,
    Event,
}
#[derive(Deserialize)]
enum NoteType {
    Note,
}
#[derive(Deserialize)]
enum PersonType {
    Person,
    Service,
    Organization,
}
#[derive(Deserialize)]
enum GroupType {
    Group,
}
#[derive(Deserialize)]
enum SiteType {
    Application,
}
#[derive(Deserialize)]
enum VoteType {
    Like,
    Dislike,
}
#[derive(Deserialize)]
enum AnnounceType {
    Announce,
}
#[derive(Deserialize)]
enum Listing {
    OrderedCollection,
}
#[derive(Deserialize)]
enum TombstoneType {
    Tombstone,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "that it is there is all that is asked")]
struct Language {
    identifier: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that it is there is all that is asked")]
struct Source {
    content: String,
    media_type: String,
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Attachment {
    Link {
        #[serde(rename = "href")]
        _href: Url,
    },
    Image {
        #[serde(rename = "url")]
        _url: Url,
    },
    Document {
        #[serde(rename = "url")]
        _url: Url,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Page {
    r#type: PageType,
    id: Url,
    attributed_to: Url,
    #[serde(default)]
    to: Vec<Url>,
    #[serde(default)]
    cc: Vec<Url>,
    audience: Option<Url>,
    in_reply_to: Option<Url>,
    name: Option<String>,
    content: Option<String>,
    source: Option<Source>,
    #[serde(default)]
    attachment: Vec<Attachment>,
    sensitive: Option<bool>,
    published: Option<String>,
    updated: Option<String>,
    language: Option<Language>,
    #[serde(default)]
    tag: Vec<Value>,
    context: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Note {
    r#type: NoteType,
    id: Url,
    attributed_to: Url,
    to: Vec<Url>,
    #[serde(default)]
    cc: Vec<Url>,
    content: String,
    in_reply_to: Url,
    audience: Option<Url>,
    published: Option<String>,
    language: Option<Language>,
    #[serde(default)]
    tag: Vec<Value>,
    #[serde(default)]
    attachment: Vec<Attachment>,
    context: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Key {
    id: String,
    owner: Url,
    public_key_pem: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Endpoints {
    shared_inbox: Url,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Actor<T> {
    r#type: T,
    id: Url,
    preferred_username: String,
    inbox: Url,
    outbox: Url,
    public_key: Key,
    name: Option<String>,
    summary: Option<String>,
    endpoints: Option<Endpoints>,
    published: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Group {
    #[serde(flatten)]
    actor: Actor<GroupType>,
    followers: Url,
    featured: Option<Url>,
    attributed_to: Option<Url>,
    #[serde(default)]
    language: Vec<Language>,
    posting_restricted_to_mods: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Activity<T, O> {
    r#type: T,
    id: Url,
    actor: Url,
    object: O,
    #[serde(default)]
    to: Vec<Url>,
    #[serde(default)]
    cc: Vec<Url>,
    audience: Option<Url>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Announce {
    r#type: AnnounceType,
    id: Url,
    actor: Url,
    object: Wrapped,
    to: Vec<Url>,
    cc: Vec<Url>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Wrapped {
    id: Url,
    actor: Url,
    #[serde(flatten)]
    other: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Outbox {
    r#type: Listing,
    id: Url,
    total_items: i32,
    ordered_items: Vec<Announce>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Featured {
    r#type: Listing,
    id: Url,
    total_items: i32,
    ordered_items: Vec<Page>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Moderators {
    r#type: Listing,
    id: Url,
    ordered_items: Vec<Url>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
struct Gone {
    r#type: TombstoneType,
    id: Url,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "that they have these types is all that is asked")]
enum IdOrGone {
    Id(Url),
    Gone(Gone),
}

const ROOM: &str = "https://civil.example/t/rivers";

fn read(document: &Value) -> Taken {
    match string(document, "type")? {
        "Application" => typed::<Actor<SiteType>>(document).map(drop),
        "Person" | "Organization" | "Service" => typed::<Actor<PersonType>>(document).map(drop),
        "Group" => typed::<Group>(document).map(drop),
        "Tombstone" => typed::<Gone>(document).map(drop),
        "Note" if document.get("inReplyTo").is_some() => typed::<Note>(document).map(drop),
        "Article" | "Page" | "Note" => page(document),
        "Create" | "Update" => match string(&document["object"], "type")? {
            "Note" if document["object"].get("inReplyTo").is_some() => {
                typed::<Activity<String, Note>>(document).map(drop)
            }
            _ => {
                typed::<Activity<String, Value>>(document)?;
                page(&document["object"])
            }
        },
        "Delete" => typed::<Activity<String, IdOrGone>>(document).map(drop),
        "Like" | "Dislike" => typed::<Activity<VoteType, Url>>(document).map(drop),
        "Undo" => typed::<Activity<String, Activity<VoteType, Url>>>(document).map(drop),
        "Accept" => typed::<Activity<String, Activity<String, Url>>>(document).map(drop),
        "Announce" => {
            let announce: Announce = typed(document)?;
            // Trusted from the group that the post belongs to and from nobody else.
            let audience = document["object"]["audience"].as_str();
            need(audience.is_none_or(|group| group == announce.actor.as_str()), "another group")?;
            read(&document["object"])
        }
        "OrderedCollection" => {
            let id = string(document, "id")?;
            match id.rsplit('/').next() {
                Some("outbox") => {
                    typed::<Outbox>(document)?;
                    document["orderedItems"].as_array().into_iter().flatten().try_for_each(read)
                }
                Some("featured") => typed::<Featured>(document).map(drop),
                _ => typed::<Moderators>(document).map(drop),
            }
        }
        other => Err(format!("{other} is nothing it knows")),
    }
}

/// A post is in the one group that it names first.
fn page(document: &Value) -> Taken {
    let page: Page = typed(document)?;
    need(page.in_reply_to.is_none(), "a post answers nothing")?;
    let named = page.to.iter().chain(&page.cc).find(|uri| uri.path().starts_with("/t/"));
    need(named.is_some_and(|group| group.as_str() == ROOM), "it is in no group")?;
    need(page.audience.is_none() || page.audience.as_ref() == named, "it is in two groups")
}

const MISTAKES: &[Mistake] = &[
    ("position-like", "its type is another", |d| set(d, "/type", json!("Endorse"))),
    ("opinion", "its language has no name", |d| unset(d, "/language/name")),
    ("actor-room", "its language has no name", |d| {
        set(d, "/language", json!([{"identifier": "en"}]));
    }),
    ("opinion", "it has two authors", |d| {
        set(d, "/attributedTo", json!(["https://a.example/p/a"]));
    }),
    ("opinion", "its context is an object", |d| set(d, "/context", json!({"id": "x"}))),
    ("opinion", "it holds an attachment of another kind", |d| {
        set(d, "/attachment", json!([{"type": "PropertyValue", "name": "x"}]));
    }),
    ("opinion", "it is in another group than it says", |d| {
        set(d, "/audience", json!("https://gov.example/t/rivers"));
    }),
    ("announce-create", "it has no `cc`", |d| unset(d, "/cc")),
    ("announce-create", "another group announces it", |d| {
        set(d, "/actor", json!("https://gov.example/t/rivers"));
    }),
    ("comment", "it has no `to`", |d| unset(d, "/to")),
    ("comment", "`to` is one string", |d| set(d, "/to", json!("https://a.example/p/a"))),
    ("collection-room-outbox", "its items are not in it", |d| unset(d, "/orderedItems")),
    ("collection-room-outbox", "its items are only named", |d| {
        set(d, "/orderedItems", json!(["https://civil.example/a/1"]));
    }),
    ("collection-room-moderators", "it is in no order", |d| set(d, "/type", json!("Collection"))),
    ("actor-person", "its shared inbox is missing", |d| set(d, "/endpoints", json!({}))),
];

#[test]
fn lemmy() {
    let more = &["collection-room-moderators", "collection-room-featured"];
    check("Lemmy", &[super::FORUM, more], read, MISTAKES);
}

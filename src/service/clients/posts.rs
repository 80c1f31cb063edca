//! Posts: what is held here as clients show it. One page costs one question for each sort of thing on it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use fluent_templates::{LanguageIdentifier, fluent_bundle::FluentValue};
use futures::future::{try_join, try_join5};

use super::{filters::FilterMatch, people::PersonView};
use crate::{
    base::clock::Timestamp,
    domain::{
        filter::FilterContext, markup, messages, parsed::parsed, position::PositionAct,
        sanitized::sanitized,
    },
    protocol::{
        compose::escape,
        json,
        paths::host_of,
        quirks::{attachments::Attachment, member, text_of},
    },
    service::{
        Caller, Service, ServiceError,
        media::{MediumView, attached},
        positions::sentence,
    },
    store::{
        answers::{self, Answer},
        aversions,
        marks::{self, Reactions},
        posts,
        posts::{Held, Post, Said},
        projections::{self, Opinion, Position, Revision},
        rooms::{self, Room},
    },
};

/// What a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostKind {
    /// An opinion.
    Opinion,
    /// A comment.
    Comment,
    /// A position that has words.
    Position,
    /// What a room answered to a reply by keyword.
    Receipt,
}

/// A post.
#[derive(Debug, Clone)]
pub struct PostView {
    /// This instance's key.
    pub key: i64,
    /// What it is.
    pub kind: PostKind,
    /// Id.
    pub uri: String,
    /// Page for people.
    pub url: String,
    /// Who wrote it.
    pub author: Arc<PersonView>,
    /// When.
    pub published: Timestamp,
    /// When its text last changed.
    pub edited: Option<Timestamp>,
    /// HTML made safe.
    pub html: String,
    /// As it was typed, where that is known.
    pub source: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// What it answers: key, and key of whose that is.
    pub in_reply_to: Option<(i64, i64)>,
    /// Whom it speaks to.
    pub mentions: Vec<Mentioned>,
    /// Slug and page of its topic.
    pub topic: (String, String),
    /// How many answer it directly.
    pub answers: i64,
    /// How many plain favourites it has: no position is one (decisions 10).
    pub favourites: i64,
    /// How many boosts.
    pub boosts: i64,
    /// What the reader did with it; none where nobody is signed in.
    pub marked: Option<Marked>,
    /// The reader's filters that it meets.
    pub filtered: Vec<FilterMatch>,
    /// What is attached to it.
    pub media: Vec<MediumView>,
}

impl PostView {
    /// Its words as they were typed, else without their markup. Found when asked for: few ask, and HTML is slow to read.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.source {
            Some(source) => Cow::Borrowed(source),
            None => Cow::Owned(markup::plain_text(&self.html)),
        }
    }
}

/// Whom a post speaks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// Key of the actor.
    pub key: i64,
    /// Handle without the host.
    pub username: String,
    /// Handle.
    pub acct: String,
    /// Page.
    pub url: String,
}

/// What a reader did with a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is done by itself")]
pub struct Marked {
    /// Favourited.
    pub favourited: bool,
    /// Boosted.
    pub boosted: bool,
    /// Bookmarked.
    pub bookmarked: bool,
    /// Told nothing of the discussion it stands in.
    pub muted: bool,
    /// Put first among what is their own.
    pub pinned: bool,
}

/// One version of a post's text.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// HTML made safe.
    pub html: String,
    /// When.
    pub at: Timestamp,
    /// What was attached to it.
    pub media: Vec<MediumView>,
}

impl Service {
    /// One post.
    pub async fn post(&self, key: i64, reader: Option<&Caller>) -> Result<PostView, ServiceError> {
        if let Some(row) = posts::by_id(&self.store, key).await?
            && let Some(view) = self.post_views(&[row], reader).await?.pop()
        {
            return Ok(view);
        }
        if let Some(row) = answers::by_id(&self.store, key).await?
            && let Some(view) = self.receipt_views(vec![row], reader).await?.pop()
        {
            return Ok(view);
        }
        Err(ServiceError::NotFound { what: "status" })
    }

    /// Those of these posts that are here, in the order asked.
    pub async fn posts_keyed(
        &self,
        keys: &[i64],
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        let mut rows = posts::by_ids(&self.store, keys).await?;
        rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
        self.post_views(&rows, reader).await
    }

    /// Posts, in their order; what is not there any more is left out.
    pub async fn post_views(
        &self,
        posts: &[Post],
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        let held = posts::held(&self.store, posts).await?;
        self.views_of(posts, &held, reader).await
    }

    /// A post that was read for nobody, as this reader sees it; nothing where the reader is not to see it.
    pub(in crate::service) async fn as_seen_by(
        &self,
        view: &PostView,
        reader: &Caller,
    ) -> Result<Option<PostView>, ServiceError> {
        let marked = self.marked(std::slice::from_ref(&view.uri), Some(reader)).await?;
        let marked = marked.map(|marked| marked.get(&view.uri).copied().unwrap_or_default());
        let mut seen = PostView { marked, ..view.clone() };
        self.filter_views(std::slice::from_mut(&mut seen), Some(reader)).await?;
        seen.only_in(FilterContext::Home);
        Ok(Some(seen))
    }

    pub(in crate::service) async fn views_of(
        &self,
        posts: &[Post],
        held: &Held,
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        let uris: Vec<String> = posts.iter().map(|post| post.uri.clone()).collect();
        let above = self.posts_above(posts, held).await?;
        let mut named: Vec<String> = posts.iter().map(|post| post.author.clone()).collect();
        named.extend(above.values().map(|post| post.author.clone()));
        named.extend(held.positions.values().filter_map(|held| held.on_behalf_of.clone()));
        let attested = held.positions.values().filter(|held| held.attested_by.is_some());
        named.extend(attested.map(|held| held.actor.clone()));
        // None needs another's answer.
        let (people, counts, marked, threads, rooms) = try_join5(
            self.persons(named),
            self.counts(&uris),
            self.marked(&uris, reader),
            self.threads_muted(posts, held, reader),
            async { Ok(rooms::all(&self.store).await?) },
        )
        .await?;
        let mut media = self.media_of(held).await?;
        let rooms: BTreeMap<i64, Room> = rooms.into_iter().map(|room| (room.id, room)).collect();
        let mut views = Vec::with_capacity(posts.len());
        for post in posts {
            let (Some(author), Some(room)) = (people.get(&post.author), rooms.get(&post.room_id))
            else {
                continue;
            };
            let Some(text) = self.text_of_post(post, held, room, &people) else { continue };
            let head = text.under.unwrap_or(&post.uri);
            let parent = text.answers.and_then(|uri| above.get(uri));
            let parent = parent.or_else(|| text.under.and_then(|uri| above.get(uri)));
            let answered = parent.and_then(|post| people.get(&post.author));
            let mentions =
                answered.filter(|person| person.uri != post.author).map(|person| Mentioned {
                    key: person.key,
                    username: person.username.clone(),
                    acct: person.acct.clone(),
                    url: person.url.clone(),
                });
            views.push(PostView {
                key: post.id,
                kind: text.kind,
                uri: post.uri.clone(),
                url: text.url,
                author: Arc::clone(author),
                published: text.published,
                edited: text.edited,
                html: text.html,
                source: text.source,
                language: text.language,
                in_reply_to: parent.zip(answered).map(|(post, person)| (post.id, person.key)),
                mentions: mentions.into_iter().collect(),
                topic: (room.slug.clone(), self.paths.room(&room.slug)),
                answers: counts.answers(&post.uri),
                favourites: counts.reactions(&post.uri).likes,
                boosts: counts.reactions(&post.uri).shares,
                marked: marked.as_ref().map(|marked| Marked {
                    muted: threads.contains(head),
                    ..marked.get(&post.uri).copied().unwrap_or_default()
                }),
                filtered: Vec::new(),
                media: media.remove(&post.uri).unwrap_or_default(),
            });
        }
        self.filter_views(&mut views, reader).await?;
        Ok(views)
    }

    /// What these posts answer, as far as it is a post itself; and the opinions they stand under.
    async fn posts_above(
        &self,
        posts: &[Post],
        held: &Held,
    ) -> Result<BTreeMap<String, Post>, ServiceError> {
        let mut above: BTreeMap<String, Post> =
            posts.iter().map(|post| (post.uri.clone(), post.clone())).collect();
        let comments = held.comments.values();
        let mut wanted: Vec<String> = comments
            .flat_map(|row| std::iter::once(&row.in_reply_to).chain(&row.opinion_uri))
            .chain(held.positions.values().map(|row| &row.opinion_uri))
            .filter(|uri| !above.contains_key(*uri))
            .cloned()
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let found = posts::by_uris(&self.store, &wanted).await?;
        above.extend(found.into_iter().map(|post| (post.uri.clone(), post)));
        Ok(above)
    }

    /// What is attached to what is on a page.
    async fn media_of(
        &self,
        held: &Held,
    ) -> Result<BTreeMap<String, Vec<MediumView>>, ServiceError> {
        let comments = held.comments.iter().map(|(uri, row)| (uri, &row.attachments));
        let revisions = held.revisions.iter().map(|(uri, row)| (uri, &row.attachments));
        let read: Vec<(&str, Vec<Attachment>)> = comments
            .chain(revisions)
            .map(|(uri, column)| (uri.as_str(), attached(column)))
            .filter(|(_, attached)| !attached.is_empty())
            .collect();
        let named: Vec<(&str, &[Attachment])> =
            read.iter().map(|(uri, attached)| (*uri, attached.as_slice())).collect();
        self.shown_media(&named).await
    }

    async fn counts(&self, uris: &[String]) -> Result<Counts, ServiceError> {
        let (answers, reactions) = try_join(
            posts::count_answers(&self.store, uris),
            marks::count_reactions(&self.store, uris),
        )
        .await?;
        Ok(Counts { answers, reactions })
    }

    async fn marked(
        &self,
        uris: &[String],
        reader: Option<&Caller>,
    ) -> Result<Option<BTreeMap<String, Marked>>, ServiceError> {
        let Some(reader) = reader else { return Ok(None) };
        let mut found: BTreeMap<String, Marked> = BTreeMap::new();
        for (uri, kind) in marks::reacted(&self.store, &reader.actor.uri, uris).await? {
            let marked = found.entry(uri).or_default();
            match kind.as_str() {
                "like" => marked.favourited = true,
                "share" => marked.boosted = true,
                _ => {}
            }
        }
        for uri in marks::bookmarked(&self.store, reader.account_id, uris).await? {
            found.entry(uri).or_default().bookmarked = true;
        }
        for pin in marks::pins(&self.store, reader.account_id).await? {
            found.entry(pin.uri).or_default().pinned = true;
        }
        Ok(Some(found))
    }

    /// Of which of the opinions at the heads of these posts' threads the reader wants to be told nothing.
    async fn threads_muted(
        &self,
        posts: &[Post],
        held: &Held,
        reader: Option<&Caller>,
    ) -> Result<BTreeSet<String>, ServiceError> {
        let Some(reader) = reader else { return Ok(BTreeSet::new()) };
        let heads: BTreeSet<&String> = posts
            .iter()
            .filter(|post| post.kind == posts::OPINION)
            .map(|post| &post.uri)
            .chain(held.comments.values().filter_map(|row| row.opinion_uri.as_ref()))
            .chain(held.positions.values().map(|row| &row.opinion_uri))
            .collect();
        let heads: Vec<String> = heads.into_iter().cloned().collect();
        let muted = aversions::muted_threads(&self.store, reader.account_id, &heads).await?;
        Ok(muted.into_iter().collect())
    }

    fn text_of_post<'a>(
        &self,
        post: &Post,
        held: &'a Held,
        room: &Room,
        people: &BTreeMap<String, Arc<PersonView>>,
    ) -> Option<Text<'a>> {
        match post.kind.as_str() {
            posts::OPINION => {
                let opinion = held.opinions.get(&post.uri).filter(|opinion| !opinion.deleted)?;
                let shown = held.revisions.get(&post.uri)?;
                Some(opinion_text(opinion, shown, room))
            }
            posts::COMMENT => {
                let comment = held.comments.get(&post.uri).filter(|comment| !comment.deleted)?;
                Some(comment_text(comment))
            }
            _ => {
                let taken =
                    held.positions.get(&post.uri).filter(|taken| posts::has_words(taken))?;
                let opinion = held.opinions.get(&taken.opinion_uri)?;
                let behind = taken.on_behalf_of.as_ref().filter(|_| taken.confirmed);
                let who = people.get(behind.unwrap_or(&taken.actor))?;
                let url = format!("{}/c/{}", self.paths.origin(), post.id);
                match &taken.attested_by {
                    None => position_text(taken, opinion, &who.name, url),
                    // A post of the instance's, which says whose words they are.
                    Some(instance) => {
                        let (handle, host) = (&who.acct, host_of(instance));
                        let name = format!("@{handle}, signed in at {host},");
                        position_text(taken, opinion, &name, url)
                    }
                }
            }
        }
    }

    /// Receipts that rooms gave as answers.
    pub(super) async fn receipt_views(
        &self,
        rows: Vec<Answer>,
        reader: Option<&Caller>,
    ) -> Result<Vec<PostView>, ServiceError> {
        let mut replied: Vec<String> = rows.iter().map(|row| row.reply_uri.clone()).collect();
        replied.extend(rows.iter().map(|row| row.opinion_uri.clone()));
        let above: BTreeMap<String, Post> = posts::by_uris(&self.store, &replied)
            .await?
            .into_iter()
            .map(|post| (post.uri.clone(), post))
            .collect();
        let notes: Vec<Option<Receipt>> = rows.iter().map(Receipt::read).collect();
        let mut named: Vec<String> = rows.iter().map(|row| row.author.clone()).collect();
        named.extend(notes.iter().flatten().map(|note| note.room.clone()));
        named.extend(above.values().map(|post| post.author.clone()));
        let people = self.persons(named).await?;
        let uris: Vec<String> = rows.iter().filter_map(|row| row.note_uri.clone()).collect();
        let marked = self.marked(&uris, reader).await?;
        let mut views = Vec::new();
        for (row, note) in rows.iter().zip(notes) {
            let (Some(note), Some(uri)) = (note, &row.note_uri) else { continue };
            let Some(author) = people.get(&note.room) else { continue };
            let Some(room) = rooms::by_id(&self.store, row.room_id).await? else { continue };
            let parent = above.get(&row.reply_uri).or_else(|| above.get(&row.opinion_uri));
            let answered = parent.and_then(|post| people.get(&post.author));
            let told = people.get(&row.author).map(|person| Mentioned {
                key: person.key,
                username: person.username.clone(),
                acct: person.acct.clone(),
                url: person.url.clone(),
            });
            views.push(PostView {
                key: row.id,
                kind: PostKind::Receipt,
                uri: uri.clone(),
                url: uri.clone(),
                author: Arc::clone(author),
                published: Timestamp::from_millis(row.at),
                edited: None,
                html: sanitized(uri, &note.content).to_string(),
                source: None,
                language: note.language,
                in_reply_to: parent.zip(answered).map(|(post, person)| (post.id, person.key)),
                mentions: told.into_iter().collect(),
                topic: (room.slug.clone(), self.paths.room(&room.slug)),
                answers: 0,
                favourites: 0,
                boosts: 0,
                marked: marked.as_ref().map(|marked| marked.get(uri).copied().unwrap_or_default()),
                filtered: Vec::new(),
                media: Vec::new(),
            });
        }
        Ok(views)
    }

    /// Every version of a post's text, first to last.
    pub async fn post_versions(&self, key: i64) -> Result<Vec<VersionView>, ServiceError> {
        let view = self.post(key, None).await?;
        match view.kind {
            PostKind::Opinion => {
                let Some(opinion) = projections::opinion(&self.store, &view.uri).await? else {
                    return Ok(Vec::new());
                };
                let room = rooms::by_id(&self.store, opinion.room_id)
                    .await?
                    .ok_or(ServiceError::NotFound { what: "topic" })?;
                let revisions =
                    projections::revisions(&self.store, opinion.room_id, &opinion.uri).await?;
                Ok(revisions
                    .iter()
                    .map(|revision| VersionView {
                        html: opinion_text(&opinion, revision, &room).html,
                        at: Timestamp::from_millis(revision.published),
                        media: view.media.clone(),
                    })
                    .collect())
            }
            PostKind::Comment => {
                let mut shown = Vec::new();
                for version in self.comment_versions(&view.uri).await? {
                    let named = [(view.uri.as_str(), version.attachments.as_slice())];
                    shown.push(VersionView {
                        html: sanitized(&version.entry_hash, &version.content).to_string(),
                        at: version.written,
                        media: self
                            .shown_media(&named)
                            .await?
                            .remove(&view.uri)
                            .unwrap_or_default(),
                    });
                }
                Ok(shown)
            }
            PostKind::Position | PostKind::Receipt => {
                Ok(vec![VersionView { html: view.html, at: view.published, media: Vec::new() }])
            }
        }
    }
}

/// What can be counted of posts, by id.
struct Counts {
    answers: BTreeMap<String, i64>,
    reactions: BTreeMap<String, Reactions>,
}

impl Counts {
    fn answers(&self, uri: &str) -> i64 {
        self.answers.get(uri).copied().unwrap_or_default()
    }

    fn reactions(&self, uri: &str) -> Reactions {
        self.reactions.get(uri).copied().unwrap_or_default()
    }
}

/// A post's own words and dates.
struct Text<'a> {
    kind: PostKind,
    url: String,
    published: Timestamp,
    edited: Option<Timestamp>,
    html: String,
    source: Option<String>,
    language: Option<String>,
    /// What it answers.
    answers: Option<&'a str>,
    /// The opinion at the end of its thread.
    under: Option<&'a str>,
}

/// Title, abstract, text and address. Not as a content warning: programs hide what stands below one, and copy it into
/// every reply (docs/decisions/0010).
fn opinion_text<'a>(opinion: &'a Opinion, shown: &Revision, room: &Room) -> Text<'a> {
    let language = Some(shown.language.clone());
    let revision = shown.number.to_string();
    let places = [("revision", revision), ("topic", room.name.clone())];
    let head = say(language.as_deref(), "client-opinion-head", &places);
    let place = say(language.as_deref(), "client-opinion-address", &[]);
    let mut html = format!(
        "<p><strong>{}</strong></p><p>{}</p><p>{}</p>",
        escape(&shown.name),
        escape(&head),
        escape(&shown.abstract_text),
    );
    let text = parsed(&shown.digest, &shown.content);
    for part in text.parts() {
        use crate::domain::blocks::Part;
        html.push_str(match part {
            Part::Block(block) => &block.html,
            Part::Loose(loose) => loose,
        });
    }
    let address = escape(&opinion.uri);
    html.extend(["<p>", &escape(&place), " <a href=\"", &address, "\">", &address, "</a></p>"]);
    Text {
        kind: PostKind::Opinion,
        url: opinion.uri.clone(),
        published: Timestamp::from_millis(opinion.published),
        edited: (shown.number > 1).then(|| Timestamp::from_millis(shown.published)),
        html,
        source: shown.source.clone().or_else(|| Some(shown.abstract_text.clone())),
        language,
        answers: None,
        under: None,
    }
}

fn comment_text(comment: &Said) -> Text<'_> {
    Text {
        kind: PostKind::Comment,
        url: comment.uri.clone(),
        published: Timestamp::from_millis(comment.published),
        edited: comment.updated.map(Timestamp::from_millis),
        html: sanitized(&comment.entry_hash, &comment.content).to_string(),
        source: comment.source.clone(),
        language: comment.language.clone(),
        answers: Some(&comment.in_reply_to),
        under: comment.opinion_uri.as_deref(),
    }
}

fn position_text<'a>(
    taken: &'a Position,
    opinion: &Opinion,
    who: &str,
    url: String,
) -> Option<Text<'a>> {
    let act = match taken.kind.as_str() {
        PositionAct::WITHDRAWN_WORD => PositionAct::Withdraw,
        kind => PositionAct::Take(kind.parse().ok()?),
    };
    let words = taken.statement.as_deref();
    Some(Text {
        kind: PostKind::Position,
        url: taken.object_uri.clone().unwrap_or(url),
        published: Timestamp::from_millis(taken.published),
        edited: None,
        html: sentence(who, &opinion.name, taken.revision, words, act),
        source: Some(words.unwrap_or_default().to_owned()),
        language: taken.language.clone().or_else(|| Some(opinion.language.clone())),
        answers: Some(&taken.opinion_uri),
        under: Some(&taken.opinion_uri),
    })
}

/// A room's answer, as read from the activity that sent it.
struct Receipt {
    room: String,
    content: String,
    language: Option<String>,
}

impl Receipt {
    fn read(row: &Answer) -> Option<Self> {
        let act = json::parse(&row.body).ok()?;
        let note = member(&act, "object")?;
        Some(Self {
            room: crate::protocol::quirks::id_of(note, "attributedTo")?,
            content: text_of(note, "content")?.to_owned(),
            language: crate::protocol::quirks::language_of(note),
        })
    }
}

/// A sentence of ours in the language of a text, else in English.
pub(in crate::service) fn say(
    language: Option<&str>,
    key: &str,
    places: &[(&'static str, String)],
) -> String {
    let places: HashMap<Cow<'_, str>, FluentValue<'_>> = places
        .iter()
        .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(value.as_str())))
        .collect();
    language
        .into_iter()
        .chain(["en"])
        .filter_map(|tag| tag.parse::<LanguageIdentifier>().ok())
        .find_map(|tag| messages::in_language(&tag, key, &places))
        .unwrap_or_default()
}

/// Every message of a post.
#[cfg(test)]
pub(crate) const KEYS: &[&str] = &["client-opinion-head", "client-opinion-address"];

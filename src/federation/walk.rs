//! Walks along the thread of an opinion that began elsewhere: its context, its replies, and what its forum has sent
//! (FEP-f228). One fetch is one step, and where a walk stands is written down after each, so that it goes on after a
//! restart. What is found is taken as its own server tells it, like everything that was not delivered.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::{
    Federation,
    fetch::{Budget, FetchError},
    receive::Origin,
};
use crate::{
    base::{clock::Timestamp, limits},
    protocol::{
        paths::host_of,
        quirks::{
            acts::is_activity, collections::Part, id_of, member, one_or_many, reference, text_of,
            types_of,
        },
    },
    service::ServiceError,
    store::{
        actors,
        walks::{self, Walk},
    },
};

/// Walks that take a step at once.
const BATCH: u64 = 20;

/// What is still to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stop {
    /// The head of the thread.
    Head(String),
    /// A collection, or a page of one.
    Part(String),
    /// A post.
    Post(String),
}

impl Stop {
    fn uri(&self) -> &str {
        match self {
            Self::Head(uri) | Self::Part(uri) | Self::Post(uri) => uri,
        }
    }

    fn to_word(&self) -> String {
        match self {
            Self::Head(uri) => format!("head {uri}"),
            Self::Part(uri) => format!("part {uri}"),
            Self::Post(uri) => format!("post {uri}"),
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        let (kind, uri) = word.split_once(' ')?;
        Some(match kind {
            "head" => Self::Head(uri.to_owned()),
            "part" => Self::Part(uri.to_owned()),
            "post" => Self::Post(uri.to_owned()),
            _ => return None,
        })
    }
}

/// A walk as it goes.
struct Path {
    frontier: Vec<Stop>,
    seen: BTreeSet<String>,
    found: i64,
}

impl Path {
    fn of(walk: &Walk) -> Self {
        let words: Vec<String> = serde_json::from_str(&walk.frontier).unwrap_or_default();
        Self {
            frontier: words.iter().filter_map(|word| Stop::from_word(word)).collect(),
            seen: serde_json::from_str(&walk.seen).unwrap_or_default(),
            found: walk.found,
        }
    }

    /// Notes an address to be read, once and while there is room.
    fn note(&mut self, stop: Stop) {
        let is_web = stop.uri().starts_with("http") && stop.uri().len() <= limits::URI_CHARS_MAX;
        if is_web
            && self.frontier.len() < limits::WALK_FRONTIER_MAX
            && self.seen.insert(stop.uri().to_owned())
        {
            self.frontier.push(stop);
        }
    }
}

impl Federation {
    /// Takes a step of every walk that is due at `now`; answers how many steps that were.
    pub async fn walk(&self, now: Timestamp) -> Result<usize, ServiceError> {
        let due = walks::due(&self.service.store, now.as_millis(), BATCH).await?;
        let mut steps = 0;
        for walk in due {
            steps += usize::from(self.step(walk, now).await?);
        }
        Ok(steps)
    }

    /// One step; false where its host must be left alone for now.
    async fn step(&self, mut walk: Walk, now: Timestamp) -> Result<bool, ServiceError> {
        let mut path = Path::of(&walk);
        let next = path
            .frontier
            .first()
            .cloned()
            .filter(|_| walk.fetches_left > 0 && path.found < limits::WALK_FOUND_MAX);
        let Some(next) = next else {
            walk.ended_at = Some(now.as_millis());
            self.keep(walk, &path).await?;
            return Ok(true);
        };
        let host = host_of(next.uri());
        let rested = self
            .walked
            .get(&host)
            .is_none_or(|at| now.as_millis() - at >= limits::WALK_PAUSE_MILLIS);
        if !rested {
            walk.due_at = now.as_millis() + limits::WALK_PAUSE_MILLIS;
            self.keep(walk, &path).await?;
            return Ok(false);
        }
        path.frontier.remove(0);
        let fetched = self.read_stop(&next, &mut path).await?;
        if fetched {
            self.walked.insert(host, now.as_millis());
            walk.fetches_left -= 1;
            walk.due_at = now.as_millis() + limits::WALK_PAUSE_MILLIS;
        }
        if path.frontier.is_empty() {
            walk.ended_at = Some(now.as_millis());
        }
        self.keep(walk, &path).await?;
        Ok(true)
    }

    async fn keep(&self, walk: Walk, path: &Path) -> Result<(), ServiceError> {
        let words: Vec<String> = path.frontier.iter().map(Stop::to_word).collect();
        let json = |value: serde_json::Result<String>| {
            value.map_err(|error| ServiceError::Internal(error.into()))
        };
        let row = Walk {
            frontier: json(serde_json::to_string(&words))?,
            seen: json(serde_json::to_string(&path.seen))?,
            found: path.found,
            ..walk
        };
        let tx = self.service.store.begin().await?;
        walks::save(&tx, row).await?;
        Ok(tx.commit().await?)
    }

    /// Reads one address; answers whether anything was asked of its host.
    async fn read_stop(&self, stop: &Stop, path: &mut Path) -> Result<bool, ServiceError> {
        let uri = stop.uri();
        if self.service.paths.is_ours(uri) {
            return Ok(false);
        }
        if let Stop::Head(_) = stop
            && self.signs_what_it_says(uri).await?
        {
            return Ok(false);
        }
        if let Stop::Post(_) = stop
            && self.service.is_held(uri).await?
        {
            // What was delivered before may have been answered since.
            if self.signs_what_it_says(uri).await? {
                return Ok(false);
            }
        }
        let Ok(url) = Url::parse(uri) else { return Ok(false) };
        let budget = Budget::new(limits::ORIGIN_FETCHES_MAX);
        let document = match self.fetcher.fetch_json(&url, &budget).await {
            Ok(fetched) => fetched.document,
            Err(error @ FetchError::Budget { .. }) => {
                tracing::debug!(%uri, %error, "a walk goes on elsewhere");
                return Ok(true);
            }
            Err(error) => {
                tracing::debug!(%uri, %error, "a walk finds nothing here");
                return Ok(true);
            }
        };
        match stop {
            Stop::Head(_) => self.read_head(&document, path).await?,
            Stop::Part(_) => self.read_part(&document, &host_of(uri), path).await?,
            Stop::Post(_) => self.read_post(&document, path).await?,
        }
        Ok(true)
    }

    /// Whether an object's author is of our own kind: its rooms give their logs, and need not be asked for posts.
    async fn signs_what_it_says(&self, uri: &str) -> Result<bool, ServiceError> {
        let Some(author) = self.service.author_of_held(uri).await? else { return Ok(false) };
        let author = actors::by_uri(&self.service.store, &author).await?;
        Ok(author.is_some_and(|author| author.implements_mesh))
    }

    /// The head of a thread: its context, its replies, its forum's outbox.
    async fn read_head(&self, head: &Value, path: &mut Path) -> Result<(), ServiceError> {
        if let Some(context) = id_of(head, "context") {
            path.note(Stop::Part(context));
        }
        Box::pin(self.read_replies(head, path)).await?;
        for group in one_or_many(head, "audience").into_iter().filter_map(reference) {
            if self.service.paths.is_ours(group) {
                continue;
            }
            if let Ok(actor) = self.actor(group).await
                && let Some(outbox) = actor.outbox.filter(|_| actor.kind == "Group")
            {
                path.note(Stop::Part(outbox));
            }
        }
        Ok(())
    }

    /// The replies of a post: embedded, or by id.
    async fn read_replies(&self, post: &Value, path: &mut Path) -> Result<(), ServiceError> {
        let host = text_of(post, "id").map(host_of).unwrap_or_default();
        match member(post, "replies") {
            Some(replies) if Part::read(replies).is_some_and(|part| !is_empty(&part)) => {
                self.read_part(replies, &host, path).await
            }
            Some(replies) => {
                if let Some(uri) = reference(replies) {
                    path.note(Stop::Part(uri.to_owned()));
                }
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A collection or a page: what it lists of its own host is read as it stands, what is elsewhere is asked there.
    async fn read_part(
        &self,
        document: &Value,
        host: &str,
        path: &mut Path,
    ) -> Result<(), ServiceError> {
        let Some(part) = Part::read(document) else { return Ok(()) };
        for item in &part.items {
            // What a forum announces is an activity in an activity.
            let mut item = Some(item);
            for _ in 0..2 {
                item = match item {
                    Some(act) if is_activity(act) => member(act, "object"),
                    other => other,
                };
            }
            let Some(uri) = item.and_then(reference).map(str::to_owned) else { continue };
            match item.filter(|item| !types_of(item).is_empty() && host_of(&uri) == host) {
                Some(post) => {
                    if path.seen.insert(uri) && path.found < limits::WALK_FOUND_MAX {
                        self.read_post(post, path).await?;
                    }
                }
                None => path.note(Stop::Post(uri)),
            }
        }
        for next in part.next {
            match next {
                Value::String(uri) if host_of(&uri) == host => path.note(Stop::Part(uri)),
                page @ Value::Object(_) => Box::pin(self.read_part(&page, host, path)).await?,
                // Pages are on the collection's own host.
                _ => {}
            }
        }
        Ok(())
    }

    /// A post as its own server gave it: taken if it belongs here, and then its replies are read too.
    async fn read_post(&self, post: &Value, path: &mut Path) -> Result<(), ServiceError> {
        let Some(uri) = text_of(post, "id") else { return Ok(()) };
        match self.take_seen(post, uri).await? {
            Origin::Taken => path.found += 1,
            Origin::Known => {}
            Origin::NotOurs(why) | Origin::NotNow(why) | Origin::Refused(why) => {
                tracing::debug!(%uri, %why, "a walk takes nothing here");
                return Ok(());
            }
        }
        Box::pin(self.read_replies(post, path)).await
    }
}

fn is_empty(part: &Part) -> bool {
    part.items.is_empty() && part.next.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> Path {
        Path { frontier: Vec::new(), seen: BTreeSet::new(), found: 0 }
    }

    #[test]
    fn a_frontier_has_an_end_and_holds_nothing_twice() {
        let mut path = path();
        for n in 0..limits::WALK_FRONTIER_MAX {
            path.note(Stop::Post(format!("https://m.example/{n}")));
        }
        assert_eq!(path.frontier.len(), limits::WALK_FRONTIER_MAX);
        path.note(Stop::Post("https://m.example/one_more".into()));
        assert_eq!(path.frontier.len(), limits::WALK_FRONTIER_MAX);
        path.frontier.clear();
        path.note(Stop::Post("https://m.example/0".into()));
        assert!(path.frontier.is_empty(), "read before");
        path.note(Stop::Post("ftp://m.example/x".into()));
        assert!(path.frontier.is_empty(), "not of the web");
    }

    #[test]
    fn stops_come_back_as_they_were_stored() {
        for stop in [
            Stop::Head("https://m.example/1".into()),
            Stop::Part("https://m.example/r?page=1 2".into()),
            Stop::Post("https://m.example/2".into()),
        ] {
            assert_eq!(Stop::from_word(&stop.to_word()), Some(stop));
        }
        assert_eq!(Stop::from_word("everything"), None);
    }
}

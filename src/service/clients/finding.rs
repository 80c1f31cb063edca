//! What is found by words, addresses and handles. What is not held here the faces may ask others for.

use super::{people::PersonView, posts::PostView};
use crate::{
    domain::search_words::sought_words,
    service::{Caller, Service, ServiceError},
    store::{
        actors, answers, keys,
        posts::{self, Post},
        rooms,
    },
};

/// Words of one query that are looked for.
const WORDS_MAX: usize = 5;

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// An address.
    Address(String),
    /// `name@host`.
    Handle(String),
    /// Words.
    Words(String),
}

impl Sought {
    /// Reads a query.
    pub fn read(query: &str) -> Self {
        let query = query.trim();
        if query.starts_with("https://") || query.starts_with("http://") {
            return Self::Address(query.to_owned());
        }
        let bare = query.strip_prefix("acct:").unwrap_or(query).trim_start_matches('@');
        if !bare.contains(char::is_whitespace) && bare.contains('@') && !bare.ends_with('@') {
            return Self::Handle(bare.to_owned());
        }
        Self::Words(query.trim_start_matches(['@', '#']).to_owned())
    }
}

/// One thing that was found by its address.
#[derive(Debug, Clone)]
pub enum Found {
    /// Somebody.
    Person(Box<PersonView>),
    /// A post.
    Post(Box<PostView>),
}

impl Service {
    /// What stands under an address: the id of something held here, or the address of a page of ours.
    pub async fn find_address(
        &self,
        address: &str,
        reader: Option<&Caller>,
    ) -> Result<Option<Found>, ServiceError> {
        let address = address.split('#').next().unwrap_or(address);
        if let Some(row) = posts::by_uri(&self.store, address).await? {
            return self.found_post(row, reader).await;
        }
        if let Some(answer) = answers::by_note(&self.store, address).await? {
            return Ok(Some(Found::Post(Box::new(self.post(answer.id, reader).await?))));
        }
        if let Some(row) = actors::by_uri(&self.store, address).await?
            && let Ok(row) = self.actor_keyed(row.id).await
        {
            return Ok(Some(Found::Person(Box::new(self.person_of(row).await?))));
        }
        let Some(path) = self.paths.path_of(address) else { return Ok(None) };
        let mut segments = path.trim_matches('/').split('/');
        match (segments.next(), segments.next()) {
            // The page of an opinion and all that stands below it.
            (Some("o" | "c"), Some(key)) => {
                let Ok(key) = key.parse::<i64>() else { return Ok(None) };
                let row = match posts::by_id(&self.store, key).await? {
                    Some(row) => Some(row),
                    None => match keys::by_id(&self.store, key).await? {
                        Some(known) => posts::by_uri(&self.store, &known.uri).await?,
                        None => None,
                    },
                };
                match row {
                    Some(row) => self.found_post(row, reader).await,
                    None => Ok(None),
                }
            }
            (Some(name), None) if name.starts_with('@') => {
                Ok(self.person_named(name).await?.map(|view| Found::Person(Box::new(view))))
            }
            _ => Ok(None),
        }
    }

    async fn found_post(
        &self,
        row: Post,
        reader: Option<&Caller>,
    ) -> Result<Option<Found>, ServiceError> {
        let found = self.post_views(&[row], reader).await?.pop();
        Ok(found.map(|view| Found::Post(Box::new(view))))
    }

    /// Opinions whose title and abstract hold these words or what begins with them, newest first; but for those by people
    /// whom the reader does not want to read, who are found by address and handle alone.
    pub async fn find_posts(
        &self,
        words: &str,
        reader: Option<&Caller>,
        limit: u64,
        offset: u64,
    ) -> Result<Vec<PostView>, ServiceError> {
        let words = sought_words(words, WORDS_MAX);
        let spared = self.aversions_of(reader).await?;
        let ids = posts::found(&self.store, &words, spared.as_ref(), (limit, offset)).await?;
        let mut rows = posts::by_ids(&self.store, &ids).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.id));
        self.post_views(&rows, reader).await
    }

    /// People whose handle begins so, and rooms in whose topic's name the words stand.
    pub async fn find_people(
        &self,
        words: &str,
        reader: Option<&Caller>,
        (limit, offset): (u64, u64),
    ) -> Result<Vec<PersonView>, ServiceError> {
        let beginning = words.trim().trim_start_matches('@').to_lowercase();
        if beginning.is_empty() {
            return Ok(Vec::new());
        }
        let spared = self.aversions_of(reader).await?;
        let page = (limit, offset);
        let mut rows = posts::people_named(&self.store, &beginning, spared.as_ref(), page).await?;
        if offset == 0 {
            for room in rooms::all(&self.store).await? {
                let named = room.name.to_lowercase().contains(&beginning);
                if named
                    && !rows.iter().any(|row| row.id == room.id)
                    && let Some(row) = actors::by_id(&self.store, room.id).await?
                {
                    rows.push(row);
                }
            }
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        self.person_views(&rows).await
    }

    /// Topics whose slug begins so: they are what a tag leads to.
    pub async fn find_topics(
        &self,
        words: &str,
        limit: u64,
    ) -> Result<Vec<(String, String)>, ServiceError> {
        let beginning = words.trim().trim_start_matches('#').to_lowercase();
        let mut found = Vec::new();
        for room in rooms::all(&self.store).await? {
            if !beginning.is_empty() && room.slug.starts_with(&beginning) {
                found.push((room.slug.clone(), self.paths.room(&room.slug)));
            }
        }
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_handles_and_words() {
        let words = |text: &str| Sought::Words(text.to_owned());
        let handle = |text: &str| Sought::Handle(text.to_owned());
        for (query, sought) in [
            (" https://a.example/o/1 ", Sought::Address("https://a.example/o/1".to_owned())),
            ("@ana@a.example", handle("ana@a.example")),
            ("acct:ana@a.example:8481", handle("ana@a.example:8481")),
            ("@ana", words("ana")),
            ("#rivers", words("rivers")),
            ("who @ where", words("who @ where")),
            ("two banks", words("two banks")),
        ] {
            assert_eq!(Sought::read(query), sought, "{query}");
        }
    }
}

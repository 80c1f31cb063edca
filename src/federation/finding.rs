//! Finds what somebody pasted: an address of a page or of a thing elsewhere, or a handle. People are known here from then
//! on; of a post no more is taken than what is shown to whoever asked, since to look is not to say something: no room signs
//! what it saw because of it.

use http::header;
use serde_json::Value;
use url::Url;

use super::{
    Federation,
    fetch::{Budget, FetchError},
    verify::ActorUnavailable,
    webfinger::{self, Handle},
};
use crate::{
    domain::page_links,
    protocol::{
        paths::host_of,
        quirks::{id_of, posts::Post, types_of},
    },
    service::{ServiceError, clients::Sought},
};

const PEOPLE: &[&str] = &["Person", "Organization", "Group", "Service"];
const ACTIVITY: &str = "application/activity+json";

/// What another server says stands under an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// Somebody, or a room, by id.
    Somebody(String),
    /// A post.
    Post(Box<MetPost>),
}

/// A post as its own server gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetPost {
    /// Its id.
    pub id: String,
    /// Its title, or its first line; empty where nothing is said in it.
    pub title: String,
    /// BCP 47.
    pub language: Option<String>,
    /// Who wrote it: somebody of the same server, for whom no other can speak.
    pub author: Option<String>,
    /// The room it belongs to, where it says so.
    pub audience: Option<String>,
}

impl Met {
    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Somebody(id) => id,
            Self::Post(post) => &post.id,
        }
    }
}

impl MetPost {
    fn of(document: &Value, id: String) -> Self {
        let read = Post::read(document);
        let (title, language) = read.map(|post| (post.title, post.language)).unwrap_or_default();
        let author =
            id_of(document, "attributedTo").filter(|author| host_of(author) == host_of(&id));
        Self { title, language, author, audience: id_of(document, "audience"), id }
    }
}

impl Federation {
    /// The id of what is sought, where its server says what it is.
    pub async fn find(&self, sought: &Sought) -> Result<Option<String>, ServiceError> {
        Ok(self.meet(sought).await?.map(|met| met.id().to_owned()))
    }

    /// What is sought, as its server says what it is.
    pub async fn meet(&self, sought: &Sought) -> Result<Option<Met>, ServiceError> {
        let budget = Budget::default();
        match sought {
            Sought::Words(_) => Ok(None),
            Sought::Handle(handle) => {
                let Ok(handle) = handle.parse::<Handle>() else { return Ok(None) };
                match webfinger::resolve(&self.fetcher, &handle, &budget).await {
                    Ok(resolved) => {
                        Ok(self.known_person(resolved.actor.as_str()).await?.map(Met::Somebody))
                    }
                    Err(error) => {
                        tracing::info!(%handle, %error, "a handle leads nowhere");
                        Ok(None)
                    }
                }
            }
            Sought::Address(address) => {
                let Ok(url) = Url::parse(address) else { return Ok(None) };
                if self.service.paths.is_ours(url.as_str()) {
                    return Ok(None);
                }
                let document = match self.document_at(&url, &budget).await {
                    Ok(document) => document,
                    Err(error) => {
                        tracing::info!(%url, %error, "an address leads nowhere");
                        return Ok(None);
                    }
                };
                let Some(id) = id_of(&document, "id") else { return Ok(None) };
                if types_of(&document).iter().any(|name| PEOPLE.contains(name)) {
                    return Ok(self.known_person(&id).await?.map(Met::Somebody));
                }
                Ok(Some(Met::Post(Box::new(MetPost::of(&document, id)))))
            }
        }
    }

    /// The document of a page or a thing: by its address, else by the address that its page names (its header `Link`
    /// first, as others read it, then its head).
    async fn document_at(&self, url: &Url, budget: &Budget) -> Result<Value, FetchError> {
        match self.fetcher.fetch_json(url, budget).await {
            Ok(fetched) => Ok(fetched.document),
            Err(error @ FetchError::MediaType { .. }) => {
                let Some(named) = self.alternate_of(url, budget).await? else { return Err(error) };
                Ok(self.fetcher.fetch_json(&named, budget).await?.document)
            }
            Err(error) => Err(error),
        }
    }

    async fn alternate_of(&self, url: &Url, budget: &Budget) -> Result<Option<Url>, FetchError> {
        budget.take()?;
        let page = self.fetcher.get_public(url, "text/html, application/xhtml+xml").await?;
        let links = page.headers.get_all(header::LINK);
        let lines = links.iter().filter_map(|line| line.to_str().ok());
        let named = lines.flat_map(alternates_in_header).next();
        let named = named.or_else(|| {
            let html = String::from_utf8_lossy(&page.body);
            page_links::alternates(&html, ACTIVITY).into_iter().next()
        });
        let named = named.and_then(|href| page.url.join(&href).ok());
        Ok(named.filter(|named| named != url))
    }

    /// Somebody elsewhere, known here from then on.
    pub async fn known_person(&self, uri: &str) -> Result<Option<String>, ServiceError> {
        match self.actor(uri).await {
            Ok(actor) => Ok(Some(actor.uri)),
            Err(ActorUnavailable::Ours(error)) => Err(error),
            Err(error) => {
                tracing::info!(%uri, %error, "somebody cannot be found");
                Ok(None)
            }
        }
    }
}

/// Where a line of the header `Link` (RFC 8288) says that a page is as ActivityStreams.
fn alternates_in_header(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for link in line.split('<').skip(1) {
        let Some((target, parameters)) = link.split_once('>') else { continue };
        let value = |name: &str| {
            let mut pairs = parameters.split([';', ',']).filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
            Some(value.trim().trim_matches('"').to_ascii_lowercase())
        };
        let is_alternate =
            value("rel").is_some_and(|rel| rel.split(' ').any(|rel| rel == "alternate"));
        if is_alternate && value("type").as_deref() == Some(ACTIVITY) {
            found.push(target.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_a_page_as_activitystreams() {
        for (line, found) in [
            (r#"<https://a.example/o/1>; rel="alternate"; type="application/activity+json""#, true),
            (
                r"</x>; rel=next, <https://a.example/o/1>; type=application/activity+json; rel=alternate",
                true,
            ),
            (r#"<https://a.example/o/1>; rel="alternate"; type="text/html""#, false),
            (
                r#"<https://a.example/o/1>; rel="canonical"; type="application/activity+json""#,
                false,
            ),
            ("<https://a.example/o/1", false),
            ("", false),
        ] {
            let expected: &[&str] = if found { &["https://a.example/o/1"] } else { &[] };
            assert_eq!(alternates_in_header(line), expected, "{line}");
        }
    }
}

//! WebFinger (RFC 7033), asked with a back-check: a handle counts for an actor only when the host in the handle says
//! so itself, and a host that names another as the right one is believed only when that one agrees. A handle that an
//! actor merely claims is none.

use std::{fmt, str::FromStr};

use serde_json::Value;
use url::Url;

use super::{
    fetch::{Budget, FetchError, Fetcher},
    network::NetworkError,
};
use crate::protocol::{
    actor::{ActorDocument, parse_url},
    json,
    quirks::values,
};

const ACCEPT: &str = "application/jrd+json, application/json";
/// Longest handle that is looked up, in bytes.
const HANDLE_BYTES_MAX: usize = 320;

/// `user@host`, the host perhaps with a port. Compared without regard to case.
#[derive(Debug, Clone, Eq)]
pub struct Handle {
    user: String,
    host: String,
}

impl Handle {
    /// The name before the @.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// What comes after it.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        self.user.eq_ignore_ascii_case(&other.user) && self.host == other.host
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.user, self.host)
    }
}

impl FromStr for Handle {
    type Err = WebFingerError;

    /// Reads `user@host`, `@user@host` and `acct:user@host`.
    fn from_str(text: &str) -> Result<Self, WebFingerError> {
        let text = text.trim();
        let bare = text.strip_prefix("acct:").unwrap_or(text);
        let bare = bare.strip_prefix('@').unwrap_or(bare);
        let (user, host) = bare.split_once('@').ok_or(WebFingerError::Handle)?;
        let host = host.to_ascii_lowercase();
        let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let right = bare.len() <= HANDLE_BYTES_MAX
            && !user.is_empty()
            && user.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
            && !host.is_empty()
            && host.chars().all(|c| name(c) || c == ':');
        if right { Ok(Self { user: user.to_owned(), host }) } else { Err(WebFingerError::Handle) }
    }
}

/// Why a handle leads nowhere.
#[derive(Debug, thiserror::Error)]
pub enum WebFingerError {
    /// Not of the form `user@host`.
    #[error("not a handle such as amina@cs.example")]
    Handle,
    /// The host does not know it, or does not answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The answer names no actor.
    #[error("the answer names no actor")]
    NoActor,
    /// Host and actor, or two hosts, do not say the same.
    #[error("the handle is not confirmed by its host")]
    NotConfirmed,
}

impl From<NetworkError> for WebFingerError {
    fn from(error: NetworkError) -> Self {
        Self::Fetch(error.into())
    }
}

/// Who a handle stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The actor's id.
    pub actor: Url,
    /// Its handle as its host writes it; may differ from what was asked (`@name@ngo.example` on `forum.ngo.example`).
    pub handle: Handle,
}

/// Finds the actor of `handle`. One look-up, two when the host names another handle as the right one.
pub async fn resolve(
    fetcher: &Fetcher,
    handle: &Handle,
    budget: &Budget,
) -> Result<Resolved, WebFingerError> {
    let first = look_up(fetcher, handle, budget).await?;
    if first.handle == *handle {
        return Ok(first);
    }
    let second = look_up(fetcher, &first.handle, budget).await?;
    // Both must mean the same actor, and the second must stand by its own name.
    if second == first { Ok(second) } else { Err(WebFingerError::NotConfirmed) }
}

/// The handle of an actor, by the word of the handle's host: what the document claims (FEP-2c59, else
/// `preferredUsername` at its own host) must lead back to it.
pub async fn confirm(
    fetcher: &Fetcher,
    document: &ActorDocument,
    budget: &Budget,
) -> Result<Handle, WebFingerError> {
    let claimed = match (&document.webfinger, &document.preferred_username) {
        (Some(handle), _) => handle.parse()?,
        (None, Some(user)) => {
            let host = document.uri.host_str().unwrap_or_default();
            let port = document.uri.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{user}@{host}{port}").parse::<Handle>()?
        }
        (None, None) => return Err(WebFingerError::Handle),
    };
    let resolved = resolve(fetcher, &claimed, budget).await?;
    if resolved.actor == document.uri {
        Ok(resolved.handle)
    } else {
        Err(WebFingerError::NotConfirmed)
    }
}

async fn look_up(
    fetcher: &Fetcher,
    handle: &Handle,
    budget: &Budget,
) -> Result<Resolved, WebFingerError> {
    budget.take()?;
    let scheme = fetcher.network().policy().scheme_of(&handle.host);
    let mut url = Url::parse(&format!("{scheme}://{}/.well-known/webfinger", handle.host))
        .ok()
        .ok_or(WebFingerError::Handle)?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{handle}"));
    let answer = fetcher.get_public(&url, ACCEPT).await?;
    if let Some(error) = FetchError::of_status(answer.status) {
        return Err(error.into());
    }
    let document = json::parse(&answer.body).map_err(FetchError::from)?;
    let actor = actor_of(&document).ok_or(WebFingerError::NoActor)?;
    let subject = document.get("subject").and_then(Value::as_str);
    // A subject that is the actor's own address says nothing about the handle.
    let handle = subject.and_then(|text| text.parse().ok()).unwrap_or_else(|| handle.clone());
    Ok(Resolved { actor, handle })
}

/// The `self` link to an ActivityStreams document.
pub(super) fn actor_of(document: &Value) -> Option<Url> {
    let member = |link: &Value, name: &str| {
        link.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default()
    };
    values(document.get("links"))
        .iter()
        .filter(|link| member(link, "rel") == "self")
        .filter(|link| {
            let media_type = member(link, "type");
            media_type.starts_with("application/activity+json")
                || (media_type.starts_with("application/ld+json")
                    && media_type.contains("https://www.w3.org/ns/activitystreams"))
        })
        .find_map(|link| parse_url(&member(link, "href")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::federation::{
        fetch::tests::fetcher,
        scripted::{Reply, Scripted},
    };

    fn handle(text: &str) -> Handle {
        text.parse().unwrap()
    }

    fn jrd(subject: &str, actor: &str) -> Reply {
        let body = json!({"subject": format!("acct:{subject}"), "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": "x"},
            {"rel": "self", "type": "text/html", "href": "http://wrong.localhost:8480/"},
            {"rel": "self", "type": "application/activity+json", "href": actor}
        ]});
        (
            200,
            vec![("content-type", "application/jrd+json".to_owned())],
            body.to_string().into_bytes(),
        )
    }

    /// A server under several names: `a.localhost` hosts actors, `b.localhost` only gives handles for them.
    fn server() -> Scripted {
        Scripted::start(|port, asked| {
            let (a, b) = (format!("a.localhost:{port}"), format!("b.localhost:{port}"));
            let host = asked.headers["host"].to_str().unwrap().to_owned();
            let query = asked.line.split_once("resource=acct%3A").unwrap().1.to_owned();
            let user = query.split_once("%40").unwrap().0.to_owned();
            let at = |host: &str, path: &str| format!("http://{host}{path}");
            match (user.to_ascii_lowercase().as_str(), host == a) {
                ("amina", true) => jrd(&format!("amina@{a}"), &at(&a, "/p/amina")),
                // Hosted at a, named at b, and b agrees.
                ("joao", _) => jrd(&format!("joao@{b}"), &at(&a, "/p/joao")),
                // Says it is someone at b, who is someone else there.
                ("mallory", true) => jrd(&format!("amina@{b}"), &at(&a, "/p/mallory")),
                ("amina", false) => jrd(&format!("amina@{b}"), &at(&b, "/p/amina")),
                ("moved", true) => {
                    let location = at(&b, "/.well-known/webfinger?resource=acct%3Ajoao%40b");
                    (302, vec![("location", location)], vec![])
                }
                ("nobody", true) => (200, vec![], b"{\"links\":[]}".to_vec()),
                _ => (404, vec![], vec![]),
            }
        })
    }

    #[tokio::test]
    async fn test_04_handles_lead_to_actors_that_their_hosts_name() {
        let server = server();
        let name = |user: &str, host: &str| {
            let url = server.url(host, "/");
            handle(&format!("{user}@{host}:{}", url.port().unwrap()))
        };
        let (fetcher, budget) = (fetcher(), Budget::default());
        let amina = resolve(&fetcher, &name("Amina", "a.localhost"), &budget).await.unwrap();
        assert_eq!(amina.actor, server.url("a.localhost", "/p/amina"));
        assert_eq!(amina.handle.to_string(), name("amina", "a.localhost").to_string());

        let joao = resolve(&fetcher, &name("joao", "a.localhost"), &budget).await.unwrap();
        assert_eq!(
            (joao.actor, joao.handle),
            (server.url("a.localhost", "/p/joao"), name("joao", "b.localhost"))
        );
        let moved = resolve(&fetcher, &name("moved", "a.localhost"), &budget).await.unwrap();
        assert_eq!(moved.handle, name("joao", "b.localhost"));

        let error = resolve(&fetcher, &name("mallory", "a.localhost"), &budget).await.unwrap_err();
        assert!(matches!(error, WebFingerError::NotConfirmed), "{error}");
        let error = resolve(&fetcher, &name("nobody", "a.localhost"), &budget).await.unwrap_err();
        assert!(matches!(error, WebFingerError::NoActor), "{error}");
        let error = resolve(&fetcher, &name("stranger", "a.localhost"), &budget).await.unwrap_err();
        assert!(matches!(error, WebFingerError::Fetch(FetchError::NotFound)), "{error}");
        let none = Budget::new(0);
        let error = resolve(&fetcher, &name("amina", "a.localhost"), &none).await.unwrap_err();
        assert!(matches!(error, WebFingerError::Fetch(FetchError::Budget { .. })), "{error}");
    }

    #[tokio::test]
    async fn actors_have_the_handle_that_leads_back_to_them() {
        let server = server();
        let document = |path: &str, user: &str, webfinger: Option<&str>| {
            let id = server.url("a.localhost", path);
            ActorDocument::read(&json!({
                "id": id.as_str(), "type": "Person", "preferredUsername": user,
                "webfinger": webfinger, "inbox": format!("{id}/inbox")
            }))
            .unwrap()
        };
        let (fetcher, budget) = (fetcher(), Budget::default());
        let confirmed =
            confirm(&fetcher, &document("/p/amina", "amina", None), &budget).await.unwrap();
        assert_eq!(confirmed.user(), "amina");
        let theirs = format!("joao@b.localhost:{}", server.url("b.localhost", "/").port().unwrap());
        let confirmed =
            confirm(&fetcher, &document("/p/joao", "j", Some(&theirs)), &budget).await.unwrap();
        assert_eq!(confirmed.to_string(), theirs);
        // Claims the name of another.
        let error =
            confirm(&fetcher, &document("/p/evil", "amina", None), &budget).await.unwrap_err();
        assert!(matches!(error, WebFingerError::NotConfirmed), "{error}");
    }

    #[test]
    fn handles_as_people_write_them() {
        for text in ["amina@cs.example", "@amina@CS.example", " acct:amina@cs.example "] {
            assert_eq!(handle(text).to_string(), "amina@cs.example");
        }
        assert_eq!(handle("AMINA@cs.example"), handle("amina@cs.example"));
        assert_ne!(handle("amina@cs.example"), handle("amina@cs.example:8443"));
        let long = format!("{}@cs.example", "a".repeat(HANDLE_BYTES_MAX));
        for wrong in
            ["", "amina", "@", "a@", "@b", "a b@c", "a@b/c", "a@b?c", "a@b@c", "a@u:p@c", &long]
        {
            assert!(matches!(wrong.parse::<Handle>(), Err(WebFingerError::Handle)), "{wrong}");
        }
    }
}

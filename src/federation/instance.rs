//! Sets up `activitypub_federation` for this instance: its client goes through ours, so that whatever the library
//! fetches is signed, checked and bounded like everything else.

use std::{sync::Arc, time::Duration};

use activitypub_federation::{
    config::{FederationConfig, FederationConfigBuilderError, UrlVerifier},
    error::Error as FederationError,
};
use async_trait::async_trait;
use http::{Extensions, Method, StatusCode, header};
use reqwest::{Body, Request, Response, ResponseBuilderExt as _};
use reqwest_middleware::{ClientBuilder, Middleware, Next};
use url::Url;

use super::{
    fetch::{FetchError, Fetcher, check_media_type},
    network::{Mode, NetworkError, Policy},
    remote_actor::FederationContext,
};
use crate::base::limits::{FETCH_SECONDS_MAX, FETCHES_PER_ACT_MAX};

/// The library's configuration for the instance at `domain` (`host` or `host:port`).
pub async fn federation_config(
    domain: &str,
    context: FederationContext,
    fetcher: Fetcher,
) -> Result<FederationConfig<FederationContext>, FederationConfigBuilderError> {
    let policy = Arc::clone(fetcher.network().policy());
    let development = policy.mode == Mode::Development;
    // The library's own address check knows neither names of this machine nor allowed addresses; ours, which is
    // made at connect time, holds in every mode (decisions 22).
    let own_check_alone = development || !policy.allow_addresses.is_empty();
    let client =
        ClientBuilder::new(fetcher.network().client().clone()).with(OurGets { fetcher }).build();
    FederationConfig::builder()
        .domain(domain)
        .app_data(context)
        .client(client)
        .http_fetch_limit(FETCHES_PER_ACT_MAX)
        .request_timeout(Duration::from_secs(FETCH_SECONDS_MAX))
        .debug(own_check_alone)
        .allow_http_urls(development)
        .url_verifier(Box::new(PolicyVerifier(policy)))
        .http_signature_compat(true)
        .build()
        .await
}

/// Lets the library reach what the policy lets anybody here reach.
#[derive(Clone)]
struct PolicyVerifier(Arc<Policy>);

#[async_trait]
impl UrlVerifier for PolicyVerifier {
    async fn verify(&self, url: &Url) -> Result<(), FederationError> {
        self.0.check_url(url).map_err(|refusal| FederationError::Other(refusal.to_string()))
    }
}

/// Takes the library's requests in hand: GETs go out signed and come back whole, a status that is no success as a
/// [`FetchError`], and one media type for all that mean ActivityStreams, since the library knows only three
/// spellings. It sends nothing: deliveries have their own way.
struct OurGets {
    fetcher: Fetcher,
}

#[async_trait]
impl Middleware for OurGets {
    async fn handle(
        &self,
        request: Request,
        _: &mut Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<Response> {
        self.answer(&request).await.map_err(reqwest_middleware::Error::middleware)
    }
}

impl OurGets {
    async fn answer(&self, request: &Request) -> Result<Response, FetchError> {
        if request.method() != Method::GET {
            return Err(NetworkError::Request("only GETs go this way").into());
        }
        let answer = self.fetcher.get(request.url()).await?;
        // The library has its own meaning for 410: the actor is deleted.
        if answer.status != StatusCode::GONE {
            if let Some(error) = FetchError::of_status(answer.status) {
                return Err(error);
            }
            check_media_type(&answer.headers)?;
        }
        let response = http::Response::builder()
            .status(answer.status)
            .url(answer.url)
            .header(header::CONTENT_TYPE, "application/activity+json")
            .body(Body::from(answer.body))
            .ok()
            .ok_or(NetworkError::Request("the answer cannot be handed on"))?;
        Ok(response.into())
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Mutex};

    use activitypub_federation::fetch::object_id::ObjectId;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        base::clock::SystemClock,
        federation::{
            fetch::tests::fetcher,
            remote_actor::{ActorDirectory, DirectoryError, RemoteActor, RemoteActorError},
            scripted::{Reply, Scripted},
        },
        protocol::actor::ActorError,
    };

    #[derive(Default)]
    struct Shelf(Mutex<HashMap<Url, RemoteActor>>);

    #[async_trait]
    impl ActorDirectory for Shelf {
        async fn find(&self, uri: &Url) -> Result<Option<RemoteActor>, DirectoryError> {
            Ok(self.0.lock().unwrap().get(uri).cloned())
        }
        async fn save(&self, actor: &RemoteActor, document: &Value) -> Result<(), DirectoryError> {
            assert_eq!(document["id"], actor.document.uri.as_str());
            self.0.lock().unwrap().insert(actor.document.uri.clone(), actor.clone());
            Ok(())
        }
        async fn mark_deleted(&self, uri: &Url) -> Result<(), DirectoryError> {
            self.0.lock().unwrap().get_mut(uri).unwrap().deleted = true;
            Ok(())
        }
    }

    async fn config() -> (Arc<Shelf>, FederationConfig<FederationContext>) {
        let shelf = Arc::new(Shelf::default());
        let directory: Arc<dyn ActorDirectory> = Arc::<Shelf>::clone(&shelf);
        let context = FederationContext { directory, clock: Arc::new(SystemClock) };
        (shelf, federation_config("us.localhost:8480", context, fetcher()).await.unwrap())
    }

    fn actor(port: u16, path: &str, inbox: &str) -> Reply {
        let origin = format!("http://a.localhost:{port}");
        let body = json!({"id": format!("{origin}{path}"), "type": "Person", "inbox": inbox});
        let media_type =
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"; charset=utf-8";
        (200, vec![("content-type", media_type.to_owned())], body.to_string().into_bytes())
    }

    #[tokio::test]
    async fn actors_are_fetched_once_and_kept() {
        let server = Scripted::start(|port, asked| match asked.line.as_str() {
            "GET /p/x" => actor(port, "/p/x", &format!("http://a.localhost:{port}/inbox")),
            "GET /@x" => (302, vec![("location", "/p/x".to_owned())], vec![]),
            "GET /p/cannon" => actor(port, "/p/cannon", "http://victim.localhost:8480/inbox"),
            "GET /p/twice" => {
                let mut reply =
                    actor(port, "/p/twice", &format!("http://a.localhost:{port}/inbox"));
                reply.2.splice(1..1, *b"\"id\":\"http://evil.example/\",");
                reply
            }
            "GET /p/upload" => {
                let mut reply =
                    actor(port, "/p/upload", &format!("http://a.localhost:{port}/inbox"));
                reply.1 = vec![("content-type", "application/json".to_owned())];
                reply
            }
            "GET /p/gone" => (410, vec![], vec![]),
            _ => (503, vec![], vec![]),
        });
        let (shelf, config) = config().await;
        let data = config.to_request_data();
        let id = |path| ObjectId::<RemoteActor>::from(server.url("a.localhost", path));

        let fetched = id("/p/x").dereference(&data).await.unwrap();
        assert_eq!(fetched.document.inbox, server.url("a.localhost", "/inbox"));
        assert!(server.asked()[0].headers.contains_key("signature"));
        let again = id("/p/x").dereference(&data).await.unwrap();
        assert_eq!((again, server.asked().len()), (fetched.clone(), 1));
        assert_eq!(id("/@x").dereference_forced(&data).await.unwrap().document, fetched.document);

        let error = id("/p/cannon").dereference(&data).await.unwrap_err();
        let RemoteActorError::Document(error) = error else { panic!("{error}") };
        assert_eq!(error, ActorError::OtherHost { member: "inbox" });
        let error = id("/p/twice").dereference(&data).await.unwrap_err();
        assert!(matches!(error, RemoteActorError::Library(_)), "{error}");
        let error = id("/p/upload").dereference(&data).await.unwrap_err();
        assert!(matches!(error, RemoteActorError::Fetch(FetchError::MediaType { .. })), "{error}");
        let error = id("/p/gone").dereference(&data).await.unwrap_err();
        assert!(matches!(error, RemoteActorError::Gone), "{error}");
        let error = id("/p/down").dereference(&data).await.unwrap_err();
        assert!(
            matches!(error, RemoteActorError::Fetch(FetchError::Unavailable { .. })),
            "{error}"
        );
        assert_eq!(shelf.0.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn the_library_reaches_no_further_than_we_do() {
        let server = Scripted::start(|port, _| {
            actor(port, "/p/x", &format!("http://a.localhost:{port}/inbox"))
        });
        let (_, config) = config().await;
        let data = config.to_request_data();
        for host in ["127.0.0.1", "cs.example:22"] {
            let url = if host.contains(':') {
                Url::parse(&format!("http://{host}/p/x")).unwrap()
            } else {
                server.url(host, "/p/x")
            };
            let error = ObjectId::<RemoteActor>::from(url).dereference(&data).await.unwrap_err();
            assert!(matches!(error, RemoteActorError::Library(_)), "{host}: {error}");
        }
        assert!(server.asked().is_empty());
    }
}

//! WebFinger (RFC 7033) for everybody who lives here: by handle in any case, by actor id, and by the origin itself
//! for the instance (FEP-d556).

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{
    extract::ApiQuery,
    negotiate::ACTIVITY_JSON,
    problem::Problem,
    web::intent::{INTENT_PATH, SHARE_PATH},
};
use crate::{
    protocol::intents::{NAMESPACE, SUBSCRIBE},
    service::{Service, ServiceError},
};

const PROFILE_PAGE: &str = "http://webfinger.net/rel/profile-page";

/// Media type of the answers.
pub(super) const JRD_JSON: &str = "application/jrd+json";

/// Whom to find. Other parameters (`rel`) are ignored, as RFC 7033 §4.3 allows.
#[derive(Debug, Deserialize)]
pub(super) struct Query {
    resource: Option<String>,
}

/// Whom a resource names, if its host is ours.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    Instance,
    Handle(String),
    Participant(String),
    Room(String),
    Feed(String),
}

/// Finds an actor.
pub(super) async fn find(
    State(service): State<Service>,
    ApiQuery(query): ApiQuery<Query>,
) -> Result<Response, Problem> {
    let resource = query.resource.ok_or_else(|| {
        Problem::malformed("`resource` is missing; it is such as acct:name@host or an actor id")
    })?;
    let unknown = ServiceError::NotFound { what: "account" };
    let domains = [service.paths.domain(), service.paths.handle_domain()];
    let named = named(&resource, service.paths.origin(), &domains);
    let actor = match named.ok_or(unknown)? {
        Named::Instance => service.instance_actor().await?,
        Named::Handle(name)
            if name == service.paths.instance_name() || name == service.paths.domain() =>
        {
            service.instance_actor().await?
        }
        Named::Handle(name) => service.local_actor_or_feed(&name).await?,
        Named::Participant(name) => service.local_participant(&name).await?,
        Named::Room(slug) => service.room_actor(&service.room(&slug).await?).await?,
        Named::Feed(slug) => service.feed(&service.room(&slug).await?).await?,
    };
    if actor.gone_at.is_some() {
        return Err(ServiceError::Gone { uri: actor.uri }.into());
    }
    let mut links = vec![
        json!({"rel": "self", "type": ACTIVITY_JSON, "href": actor.uri}),
        json!({"rel": PROFILE_PAGE, "type": "text/html", "href": actor.uri}),
    ];
    // Nobody is at home in a room.
    let is_instance = actor.uri == service.paths.instance();
    if is_instance || matches!(actor.kind.as_str(), "Person" | "Organization") {
        links.extend(intents(service.paths.origin()));
    }
    let document = json!({
        "subject": format!("acct:{}", service.handle_of(&actor)),
        "aliases": [actor.uri],
        "links": links,
    });
    let body = serde_json::to_vec(&document).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, JRD_JSON)], body).into_response())
}

/// Where other servers send people who live here to take part from home.
fn intents(origin: &str) -> Vec<Value> {
    let template = |variable: &str| format!("{origin}{INTENT_PATH}?uri={{{variable}}}");
    let mut links = vec![json!({"rel": SUBSCRIBE, "template": template("uri")})];
    for activity in ["Object", "Follow", "Like"] {
        let rel = format!("{NAMESPACE}{activity}");
        links.push(json!({"rel": rel, "template": template("object")}));
    }
    let share = format!("{origin}{SHARE_PATH}?text={{content}}&in_reply_to={{inReplyTo}}");
    links.push(json!({"rel": format!("{NAMESPACE}Create"), "template": share}));
    links
}

fn named(resource: &str, origin: &str, domains: &[&str]) -> Option<Named> {
    let acct = resource.strip_prefix("acct:").unwrap_or(resource);
    if let Some((name, host)) = acct.trim_start_matches('@').rsplit_once('@') {
        let is_ours = domains.iter().any(|domain| host.eq_ignore_ascii_case(domain));
        return is_ours.then(|| Named::Handle(name.to_lowercase()));
    }
    let path = resource.strip_prefix(origin)?.trim_end_matches('/');
    match path {
        "" | "/actor" => Some(Named::Instance),
        _ => match path.strip_prefix('/')?.split_once('/')? {
            ("p", name) => Some(Named::Participant(name.to_lowercase())),
            ("t", slug) => Some(Named::Room(slug.to_lowercase())),
            ("f", slug) => Some(Named::Feed(slug.to_lowercase())),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_of_ours_and_of_others() {
        let read = |resource: &str| named(resource, "https://cs.example", &["cs.example"]);
        let handle = |name: &str| Some(Named::Handle(name.to_owned()));
        assert_eq!(read("acct:amina@cs.example"), handle("amina"));
        assert_eq!(read("acct:AMINA@CS.example"), handle("amina"));
        assert_eq!(read("@amina@cs.example"), handle("amina"));
        assert_eq!(read("acct:cs.example@cs.example"), handle("cs.example"));
        assert_eq!(read("https://cs.example"), Some(Named::Instance));
        assert_eq!(read("https://cs.example/"), Some(Named::Instance));
        assert_eq!(read("https://cs.example/actor"), Some(Named::Instance));
        assert_eq!(read("https://cs.example/p/amina"), Some(Named::Participant("amina".into())));
        assert_eq!(read("https://cs.example/t/x"), Some(Named::Room("x".into())));
        assert_eq!(read("https://cs.example/f/x"), Some(Named::Feed("x".into())));
        for other in [
            "acct:amina@gov.example",
            "https://cs.example.evil/p/amina",
            "https://cs.example/o/1",
            "amina",
            "",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}

//! Who came back: what a server says of the account that agreed, bound to an actor of that server. A server is believed
//! about its own people, and about nobody else's.

use http::{HeaderValue, header};
use serde_json::Value;
use url::Url;

use super::{
    super::{
        Federation,
        fetch::Budget,
        network::same_origin,
        verify::ActorUnavailable,
        webfinger::{self, Handle},
    },
    HomeError, host_name, join,
    question::success,
    unheard,
};
use crate::{
    protocol::{paths::Paths, quirks::text_of},
    service::ServiceError,
    store::{
        actors::{self, Actor},
        guests::HomeVisit,
    },
};

impl Federation {
    /// The actor behind a token: the name that its server gives leads by WebFinger, asked there, to an actor of that
    /// server's own origin, whose document says the same.
    pub(super) async fn who_is(&self, visit: &HomeVisit, token: &str) -> Result<Actor, HomeError> {
        let host = host_name(&visit.origin);
        let url = join(&visit.origin, "/api/v1/accounts/verify_credentials")?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {token}"))
            .map_err(|_letters| HomeError::NoSignIn { host: host.clone() })?;
        bearer.set_sensitive(true);
        let headers = vec![
            (header::AUTHORIZATION, bearer),
            (header::ACCEPT, HeaderValue::from_static("application/json")),
        ];
        let answer = self.ask(&url, headers, None).await.map_err(|error| unheard(&host, &error))?;
        let not_theirs = || HomeError::NotTheirs { host: host.clone() };
        let account = success(&answer).ok_or_else(not_theirs)?;
        let handle = own_account(&account, &visit.origin).ok_or_else(not_theirs)?;
        let (actor, handle) = self.actor_called(&handle, &host).await?;
        if !Paths::is_at(&actor.uri, &visit.origin) {
            return Err(not_theirs());
        }
        if actor.kind != "Person" {
            return Err(HomeError::NoPerson);
        }
        Ok(self.keep_name(actor, &handle).await?)
    }

    /// The actor to which a handle leads, as its document is now.
    async fn actor_called(
        &self,
        handle: &Handle,
        host: &str,
    ) -> Result<(Actor, Handle), HomeError> {
        let silent = || HomeError::Silent { host: host.to_owned() };
        let not_theirs = || HomeError::NotTheirs { host: host.to_owned() };
        let patience = self.home.rules.patience;
        let budget = Budget::default();
        let finding = webfinger::resolve(&self.fetcher, handle, &budget);
        let found = tokio::time::timeout(patience, finding).await.map_err(|_late| silent())?;
        let found = found.map_err(|error| {
            tracing::info!(%handle, %error, "who signed in leads to no actor");
            not_theirs()
        })?;
        let fetching = self.fetch_actor(found.actor.as_str());
        match tokio::time::timeout(patience, fetching).await {
            Ok(Ok(actor)) if actor.uri == found.actor.as_str() => Ok((actor, found.handle)),
            Err(_) | Ok(Err(ActorUnavailable::NotNow { .. })) => Err(silent()),
            Ok(Err(ActorUnavailable::Ours(error))) => Err(error.into()),
            Ok(Ok(_) | Err(_)) => Err(not_theirs()),
        }
    }

    /// Keeps the name that the server confirmed.
    async fn keep_name(&self, actor: Actor, handle: &Handle) -> Result<Actor, ServiceError> {
        let handle = handle.to_string();
        let plain = format!("{}@{}", actor.username, actor.host);
        if actor.webfinger.as_ref().unwrap_or(&plain).eq_ignore_ascii_case(&handle) {
            return Ok(actor);
        }
        let row = Actor { webfinger: Some(handle), ..actor };
        let tx = self.service.store.begin().await?;
        actors::save(&tx, row.clone()).await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// The account as a handle of the server that was asked; none where it says that it lives elsewhere.
fn own_account(account: &Value, origin: &str) -> Option<Handle> {
    let name = text_of(account, "username")?;
    let acct = text_of(account, "acct").unwrap_or(name);
    if acct.contains('@') || !acct.eq_ignore_ascii_case(name) {
        return None;
    }
    for member in ["url", "uri"] {
        let Some(text) = text_of(account, member).filter(|text| !text.is_empty()) else { continue };
        let (url, base) = (Url::parse(text).ok()?, Url::parse(origin).ok()?);
        if !same_origin(&url, &base) {
            return None;
        }
    }
    format!("{name}@{}", host_name(origin)).parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_speaks_of_its_own_accounts() {
        let origin = "https://social.example";
        let handle =
            |account: &Value| own_account(account, origin).map(|handle| handle.to_string());
        let ana = json!({"username": "ana", "acct": "ana", "url": "https://social.example/@ana"});
        assert_eq!(handle(&ana).as_deref(), Some("ana@social.example"));
        assert_eq!(handle(&json!({"username": "ana"})).as_deref(), Some("ana@social.example"));
        for elsewhere in [
            json!({"username": "ana", "acct": "ana@gov.example"}),
            json!({"username": "ana", "acct": "joao"}),
            json!({"username": "ana", "acct": "ana", "url": "https://gov.example/@ana"}),
            json!({"username": "ana", "acct": "ana", "uri": "https://gov.example/users/ana"}),
            json!({"username": "ana", "acct": "ana", "url": "http://social.example/@ana"}),
            json!({"username": "ana", "acct": "ana", "url": "https://social.example:8443/@ana"}),
            json!({"username": "ana@gov.example"}),
            json!({"username": "a/b"}),
            json!({"acct": "ana"}),
            json!([]),
        ] {
            assert_eq!(handle(&elsewhere), None, "{elsewhere}");
        }
    }
}

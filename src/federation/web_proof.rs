//! Looks whether a web domain names an account here: in its well-known file, or by a `rel="me"` link of its front page.
//! Through the same client and under the same limits as every other fetch.

use url::Url;

use super::{Federation, fetch::FetchError};
use crate::{
    domain::page_links,
    protocol::{json, quirks::ids_of},
    service::ServiceError,
    store::{
        actors,
        attestations::{self, WebProof},
    },
};

/// Where a site names the accounts of its people.
pub const WELL_KNOWN: &str = "/.well-known/polylogue.json";
/// Domains looked at in one step.
const STEP_MAX: u64 = 10;

impl Federation {
    /// Looks at the domains that are due; answers how many were.
    pub async fn look_at_web_domains(&self) -> Result<usize, ServiceError> {
        let now = self.service.now().as_millis();
        let due = attestations::web_due(&self.service.store, now, STEP_MAX).await?;
        for row in &due {
            self.look_at_web_domain(row).await?;
        }
        Ok(due.len())
    }

    /// Looks at one domain now.
    pub async fn look_at_web_domain(&self, row: &WebProof) -> Result<(), ServiceError> {
        let Some(actor) = actors::by_id(&self.service.store, row.actor_id).await? else {
            return Ok(());
        };
        let found = self.names(&row.domain, &actor.uri).await;
        self.service.web_domain_seen(row.id, found).await
    }

    /// Whether the domain names the account; if not, why, as a sentence.
    async fn names(&self, domain: &str, account: &str) -> Result<(), String> {
        let scheme = if self.service.profile.development { "http" } else { "https" };
        let url = |path: &str| {
            Url::parse(&format!("{scheme}://{domain}{path}"))
                .map_err(|error| format!("`{domain}` makes no address: {error}"))
        };
        let file = match self.page(&url(WELL_KNOWN)?, "application/json").await {
            Ok(body) => match json::parse(&body) {
                Ok(document) if ids_of(&document, "accounts").iter().any(|one| one == account) => {
                    return Ok(());
                }
                Ok(_) => format!("{WELL_KNOWN} does not name the account"),
                Err(error) => format!("{WELL_KNOWN} cannot be read: {error}"),
            },
            Err(error) => format!("{WELL_KNOWN}: {error}"),
        };
        let front = match self.page(&url("/")?, "text/html").await {
            Ok(body) => {
                let html = String::from_utf8_lossy(&body);
                if page_links::to_self(&html).iter().any(|link| link == account) {
                    return Ok(());
                }
                "the front page has no rel=\"me\" link to the account".to_owned()
            }
            Err(error) => format!("the front page: {error}"),
        };
        Err(format!("{file}; {front}"))
    }

    async fn page(&self, url: &Url, accept: &'static str) -> Result<Vec<u8>, FetchError> {
        let answer = self.fetcher().get_public(url, accept).await?;
        match FetchError::of_status(answer.status) {
            Some(error) => Err(error),
            None => Ok(answer.body),
        }
    }
}

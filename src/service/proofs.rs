//! How an account shows more than its own word: by a link sent to a mail address at a domain, and by a web site that
//! names it. What is found out the instance says with its own key; what it says is the domain, never an address.

use super::{Caller, Service, ServiceError, attestations::Claim, sign_in::hash_of};
use crate::{
    base::{
        limits,
        mail::{self, Letter, MailError},
    },
    domain::attestation::ProofLevel,
    store::{
        Tx,
        accounts::{self, Attempt},
        actors::{self, Actor},
        attestations::{self, MailProof, WebProof},
    },
};

const MINUTE_MILLIS: i64 = 60_000;
const HOUR_MILLIS: i64 = 60 * MINUTE_MILLIS;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// Where the link in a letter leads, and which words stand around it.
#[derive(Debug, Clone, Copy)]
pub struct Confirmation<'a> {
    /// The domain that is to be confirmed.
    pub domain: &'a str,
    /// The link.
    pub link: &'a str,
}

impl Service {
    /// Whether this instance sends mail.
    pub fn sends_mail(&self) -> bool {
        self.ports.mail.sends()
    }

    /// Sends a link to an address, in the words of whoever asks. Answers the domain of the address.
    pub async fn ask_mail_proof(
        &self,
        caller: &Caller,
        address: &str,
        words: impl FnOnce(Confirmation<'_>) -> (String, String),
    ) -> Result<String, ServiceError> {
        Self::may_act(caller)?;
        let address = address.trim();
        let domain = mail::domain_of(address)
            .filter(|_| address.len() <= limits::EMAIL_BYTES_MAX)
            .ok_or_else(|| {
                ServiceError::invalid("address", "must be one address, such as name@example.org")
            })?;
        if !self.sends_mail() {
            return Err(ServiceError::invalid("address", "this instance sends no mail"));
        }
        let now = self.now().as_millis();
        let token = self.secret_token();
        let row = MailProof {
            token_hash: hash_of(&token),
            account_id: caller.account_id,
            domain: domain.clone(),
            address_hash: hash_of(&address.to_lowercase()),
            created_at: now,
            expires_at: now + limits::CONFIRMATION_HOURS_MAX * HOUR_MILLIS,
            used_at: None,
        };
        // Counted before it is sent, so that ten asked for at once are ten.
        let tx = self.begin_as(caller).await?;
        attestations::expire_mails(&tx, now).await?;
        let since = now - HOUR_MILLIS;
        let of_account = attestations::mails_of(&tx, caller.account_id, since).await?;
        let to_address = attestations::mails_to(&tx, &row.address_hash, since).await?;
        let max = u64::try_from(limits::CONFIRMATION_MAILS_PER_HOUR_MAX).unwrap_or(u64::MAX);
        if self.profile.rate_limits && of_account.max(to_address) >= max {
            return Err(ServiceError::invalid(
                "address",
                format!("{max} letters went out within the last hour; wait an hour"),
            ));
        }
        let token_hash = row.token_hash.clone();
        attestations::insert_mail(&tx, row).await?;
        tx.commit().await?;
        let link = format!("{}/settings/proof/confirm?token={token}", self.paths.origin());
        let (subject, text) = words(Confirmation { domain: &domain, link: &link });
        let letter = Letter { to: address.to_owned(), subject, text };
        match self.ports.mail.send(&letter).await {
            Ok(()) => Ok(domain),
            Err(error) => {
                let tx = self.store.begin().await?;
                attestations::delete_mail(&tx, &token_hash).await?;
                tx.commit().await?;
                tracing::warn!(%error, "a letter did not go out");
                let why = match error {
                    MailError::Address(_) => "no letter can be sent to this address",
                    _ => "the mail server did not take the letter; try again later",
                };
                Err(ServiceError::invalid("address", why))
            }
        }
    }

    /// The domain that a link confirms; `None` where it works no more, or was sent to another account.
    pub async fn mail_proof_domain(
        &self,
        caller: &Caller,
        token: &str,
    ) -> Result<Option<String>, ServiceError> {
        let row = attestations::mail(&self.store, &hash_of(token)).await?;
        Ok(row.filter(|row| self.works(row, caller)).map(|row| row.domain))
    }

    fn works(&self, row: &MailProof, caller: &Caller) -> bool {
        row.account_id == caller.account_id
            && row.used_at.is_none()
            && self.now().as_millis() < row.expires_at
    }

    /// Follows a link: the instance says that the account reads mail at the domain. `None` where the link does not
    /// work.
    pub async fn confirm_mail_proof(
        &self,
        caller: &Caller,
        token: &str,
    ) -> Result<Option<String>, ServiceError> {
        Self::may_act(caller)?;
        let instance = self.instance_actor().await?;
        let tx = self.begin_as(caller).await?;
        let token_hash = hash_of(token);
        let row = attestations::mail(&tx, &token_hash).await?;
        let Some(row) = row.filter(|row| self.works(row, caller)) else { return Ok(None) };
        if !attestations::use_mail(&tx, &token_hash, self.now().as_millis()).await? {
            return Ok(None);
        }
        let subject = &caller.actor.uri;
        self.attest_domain(&tx, &instance, subject, ProofLevel::MailDomain, &row.domain).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(Some(row.domain))
    }

    /// Says it anew, in place of what was said before: its time begins again.
    async fn attest_domain(
        &self,
        tx: &Tx,
        instance: &Actor,
        subject: &str,
        basis: ProofLevel,
        domain: &str,
    ) -> Result<String, ServiceError> {
        for before in self.own_domain_attestations(tx, subject, basis, domain).await? {
            self.end_attestation(tx, instance, before).await?;
        }
        let until = self.now().plus_millis(limits::DOMAIN_PROOF_DAYS_MAX * DAY_MILLIS);
        let claim = Claim { subject, basis, domain: Some(domain), valid_until: Some(until) };
        Ok(self.attest(tx, instance, &claim).await?.uri)
    }

    /// The web domains that the caller says are theirs.
    pub async fn web_proofs(&self, caller: &Caller) -> Result<Vec<WebProof>, ServiceError> {
        Ok(attestations::web_of(&self.store, caller.actor.id).await?)
    }

    /// Puts a web domain on the caller's list, to be looked at now. Known already, it is only to be looked at again.
    pub async fn add_web_domain(
        &self,
        caller: &Caller,
        domain: &str,
    ) -> Result<WebProof, ServiceError> {
        Self::may_act(caller)?;
        let domain = self.web_domain(domain)?;
        let tx = self.begin_as(caller).await?;
        let known = attestations::web_of(&tx, caller.actor.id).await?;
        self.note_check(&tx, caller).await?;
        if let Some(row) = known.iter().find(|row| row.domain == domain) {
            tx.commit().await?;
            return Ok(row.clone());
        }
        if known.len() >= limits::WEB_DOMAINS_MAX {
            return Err(ServiceError::invalid(
                "domain",
                format!("at most {} domains; remove one first", limits::WEB_DOMAINS_MAX),
            ));
        }
        let row = WebProof {
            id: self.new_id(),
            actor_id: caller.actor.id,
            domain,
            attestation: None,
            due_at: self.now().as_millis(),
            found_at: None,
            failing_since: None,
            failure: None,
        };
        let row = attestations::insert_web(&tx, row).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// A web domain of the caller's that is to be looked at again now.
    pub async fn check_web_domain(
        &self,
        caller: &Caller,
        key: &str,
    ) -> Result<WebProof, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let row = own_web_proof(&tx, caller, key).await?;
        self.note_check(&tx, caller).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Takes a web domain off the caller's list, and back what was said of it.
    pub async fn remove_web_domain(&self, caller: &Caller, key: &str) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let instance = self.instance_actor().await?;
        let tx = self.begin_as(caller).await?;
        let row = own_web_proof(&tx, caller, key).await?;
        self.end_web_proof(&tx, &instance, &row).await?;
        attestations::delete_web(&tx, row.id).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// Writes down what was found at a web domain: the account named there, or why not. A proof that is not found any
    /// more ends after a few days, so that one bad day of a web server ends none.
    pub async fn web_domain_seen(
        &self,
        id: i64,
        found: Result<(), String>,
    ) -> Result<(), ServiceError> {
        let instance = self.instance_actor().await?;
        let tx = self.store.begin().await?;
        let Some(mut row) = attestations::web(&tx, id).await? else { return Ok(()) };
        actors::lock(&tx, row.actor_id).await?;
        let Some(actor) = actors::by_id(&tx, row.actor_id).await? else { return Ok(()) };
        let now = self.now().as_millis();
        row.due_at = now + limits::WEB_CHECK_HOURS * HOUR_MILLIS;
        match found {
            Ok(()) => {
                row.found_at = Some(now);
                row.failing_since = None;
                row.failure = None;
                let basis = ProofLevel::WebDomain;
                let standing =
                    self.own_domain_attestations(&tx, &actor.uri, basis, &row.domain).await?;
                if standing.is_empty() {
                    let uri =
                        self.attest_domain(&tx, &instance, &actor.uri, basis, &row.domain).await?;
                    row.attestation = Some(uri);
                }
            }
            Err(why) => {
                let since = *row.failing_since.get_or_insert(now);
                row.failure = Some(why);
                let patience = limits::WEB_CHECK_FAILING_DAYS_MAX * DAY_MILLIS;
                if now - since >= patience {
                    self.end_web_proof(&tx, &instance, &row).await?;
                    row.attestation = None;
                } else if row.attestation.is_none() {
                    // Just named, and the file comes any moment.
                    row.due_at = now + limits::WEB_FIRST_CHECK_MINUTES * MINUTE_MILLIS;
                }
            }
        }
        attestations::save_web(&tx, row).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    async fn end_web_proof(
        &self,
        tx: &Tx,
        instance: &Actor,
        row: &WebProof,
    ) -> Result<(), ServiceError> {
        let Some(uri) = &row.attestation else { return Ok(()) };
        let paper = self.own_attestation(tx, uri).await?;
        if let Some(paper) = paper.filter(|paper| paper.ended_at.is_none()) {
            self.end_attestation(tx, instance, paper).await?;
        }
        Ok(())
    }

    /// A host name that anybody may be asked about.
    fn web_domain(&self, typed: &str) -> Result<String, ServiceError> {
        let typed = typed.trim().trim_end_matches('/');
        let bare = typed.split_once("://").map_or(typed, |(_, rest)| rest);
        let scheme = if self.profile.development { "http" } else { "https" };
        let wrong = |why: &str| Err(ServiceError::invalid("domain", why));
        let Ok(url) = url::Url::parse(&format!("{scheme}://{bare}/")) else {
            return wrong("must be the name of a web site, such as ministry.example");
        };
        let Some(url::Host::Domain(host)) = url.host() else {
            return wrong("must be the name of a web site, such as ministry.example");
        };
        let whole = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        let port = url.port().filter(|_| self.profile.development);
        if !whole || !host.contains('.') || (url.port().is_some() && port.is_none()) {
            return wrong("must be the name of a web site alone, such as ministry.example");
        }
        let domain = port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if domain == self.paths.domain() {
            return wrong(
                "this instance’s own name shows nothing about anybody who has an account here",
            );
        }
        Ok(domain)
    }

    /// Every look is a request to somebody’s server.
    async fn note_check(&self, tx: &Tx, caller: &Caller) -> Result<(), ServiceError> {
        let now = self.now().as_millis();
        let subject = format!("web:{}", caller.account_id);
        let since = now - limits::SIGN_IN_WINDOW_MINUTES * MINUTE_MILLIS;
        let checks = accounts::attempts(tx, &subject, since).await?;
        if self.profile.rate_limits
            && i64::try_from(checks).unwrap_or(i64::MAX) >= limits::WEB_CHECKS_MAX
        {
            return Err(ServiceError::invalid(
                "domain",
                format!(
                    "{checks} looks within {} minutes; wait a little",
                    limits::SIGN_IN_WINDOW_MINUTES
                ),
            ));
        }
        let row = Attempt { id: self.new_id(), subject, at: now };
        Ok(accounts::insert_attempt(tx, row).await?)
    }
}

async fn own_web_proof(tx: &Tx, caller: &Caller, key: &str) -> Result<WebProof, ServiceError> {
    let not_found = || ServiceError::NotFound { what: "web domain" };
    let id: i64 = key.parse().ok().ok_or_else(not_found)?;
    let row = attestations::web(tx, id).await?;
    row.filter(|row| row.actor_id == caller.actor.id).ok_or_else(not_found)
}

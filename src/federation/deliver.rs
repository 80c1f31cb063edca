//! Deliveries of one lane: sign, send, and judge the answer. What it means for the delivery and for the host is written
//! before the next is sent, so that a crash sends at most the one delivery again whose answer was not yet written.

use std::{collections::BTreeMap, sync::Arc};

use http::StatusCode;
use url::Url;

use super::{
    Federation,
    knock::{first_form, knock},
    network::NetworkError,
    verify::ActorUnavailable,
};
use crate::{
    base::limits,
    protocol::http_signature::{BodyDigest, Form, SigningKey, sign_post},
    service::{ActorKeys, ServiceError},
    store::{
        actors,
        deliveries::{self, Delivery, Outgoing, Peer},
        follows,
    },
};

const SECOND_MILLIS: i64 = 1_000;
const MINUTE_MILLIS: i64 = 60 * SECOND_MILLIS;
const HOUR_MILLIS: i64 = 60 * MINUTE_MILLIS;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;
/// Waits between tries; the last one repeats until the delivery is given up.
const BACKOFF_MILLIS: [i64; 5] =
    [MINUTE_MILLIS, 5 * MINUTE_MILLIS, 30 * MINUTE_MILLIS, 2 * HOUR_MILLIS, 12 * HOUR_MILLIS];
/// Longest wait that a server may ask for.
const RETRY_AFTER_MILLIS_MAX: i64 = DAY_MILLIS;

/// How old the note of the last success with a host is, at least, before it is written again.
const SUCCESS_NOTED_MILLIS: i64 = MINUTE_MILLIS;

/// What several deliveries in a row to one host have in common.
#[derive(Debug)]
struct Run<'a> {
    host: &'a str,
    /// What is known of it; none before the first delivery.
    peer: Option<Peer>,
    /// The form of signature it takes.
    form: Form,
    signers: BTreeMap<i64, Arc<ActorKeys>>,
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Taken.
    Delivered,
    /// The inbox is gone for good (410).
    Gone,
    /// Refused for good.
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// The server answered, but did not take it now.
    Busy {
        /// HTTP status.
        status: u16,
        /// How long it asks to wait, in milliseconds.
        retry_after: Option<i64>,
    },
    /// There was no answer: the whole host waits.
    Unreachable {
        /// Why.
        why: String,
    },
    /// It can never be sent.
    Undeliverable {
        /// Why.
        why: String,
    },
}

impl Federation {
    /// The hosts for which something is due and whose circuit is closed.
    pub async fn lanes_due(&self) -> Result<Vec<String>, ServiceError> {
        let now = self.service.now().as_millis();
        let mut lanes = Vec::new();
        for host in deliveries::hosts_due(&self.service.store, now).await? {
            let peer = deliveries::peer(&self.service.store, &host).await?;
            if peer.is_none_or(|peer| peer.open_until <= now) {
                lanes.push(host);
            }
        }
        Ok(lanes)
    }

    /// Sends what is due in a lane, in order, as many as are read at once; answers how many were sent. What became of each
    /// is durable before the next is sent. What does not get through ends the run: whether more is sent, and what, is
    /// asked anew.
    pub async fn deliver(&self, host: &str) -> Result<usize, ServiceError> {
        let now = self.service.now().as_millis();
        let peer = deliveries::peer(&self.service.store, host).await?;
        if peer.as_ref().is_some_and(|peer| peer.open_until > now) {
            return Ok(0);
        }
        let load = deliveries::next_of_lane(&self.service.store, host, now).await?;
        if load.deliveries.is_empty() {
            return Ok(0);
        }
        let form = first_form(self.fetcher.forms(), host).await;
        let mut run = Run { host, peer, form, signers: BTreeMap::new() };
        let mut sent = 0;
        for delivery in load.deliveries {
            let outgoing = load.outgoing.get(&delivery.outgoing_id);
            let outcome = self.attempt(&mut run, &delivery, outgoing).await?;
            if outcome == DeliveryOutcome::Gone {
                self.inbox_gone(&delivery.inbox).await?;
            }
            let created = outgoing.map_or(0, |outgoing| outgoing.created_at);
            self.note(&mut run, delivery, created, &outcome).await?;
            tracing::debug!(%host, ?outcome, "delivered");
            sent += 1;
            if outcome != DeliveryOutcome::Delivered {
                break;
            }
        }
        Ok(sent)
    }

    async fn attempt(
        &self,
        run: &mut Run<'_>,
        delivery: &Delivery,
        outgoing: Option<&Outgoing>,
    ) -> Result<DeliveryOutcome, ServiceError> {
        let undeliverable = |why: &str| DeliveryOutcome::Undeliverable { why: why.to_owned() };
        let Some(outgoing) = outgoing else {
            return Ok(undeliverable("the activity is not there any more"));
        };
        let Some(keys) = self.keys_of_signer(run, outgoing.signer_id).await? else {
            return Ok(undeliverable("its signer is not there any more"));
        };
        let Ok(url) = Url::parse(&delivery.inbox) else {
            return Ok(undeliverable("the inbox is no URL"));
        };
        let digest = BodyDigest::of(&outgoing.body);
        let key_id = keys.request_key_id();
        let signer = SigningKey { key: &keys.request, id: &key_id };
        let (url, digest, body) = (&url, &digest, &outgoing.body);
        let answer = knock(self.fetcher.forms(), run.host, &mut run.form, |form| async move {
            let headers = sign_post(signer, url, digest, form, self.service.now())
                .ok()
                .ok_or(NetworkError::Request("it cannot be signed"))?;
            self.fetcher.network().post(url, headers, body.clone()).await
        });
        Ok(match answer.await {
            Ok(answer) => {
                let wait = answer
                    .headers
                    .get(http::header::RETRY_AFTER)
                    .and_then(|value| value.to_str().ok());
                judge(answer.status, wait)
            }
            Err(error) if error.is_transient() => {
                DeliveryOutcome::Unreachable { why: error.to_string() }
            }
            Err(error @ (NetworkError::Refused(_) | NetworkError::Request(_))) => {
                undeliverable(&error.to_string())
            }
            Err(error) => DeliveryOutcome::Unreachable { why: error.to_string() },
        })
    }

    async fn keys_of_signer(
        &self,
        run: &mut Run<'_>,
        signer: i64,
    ) -> Result<Option<Arc<ActorKeys>>, ServiceError> {
        if let Some(keys) = run.signers.get(&signer) {
            return Ok(Some(keys.clone()));
        }
        let Some(actor) = actors::by_id(&self.service.store, signer).await? else {
            return Ok(None);
        };
        let keys = self.service.keys.of(&actor).await?;
        run.signers.insert(signer, keys.clone());
        Ok(Some(keys))
    }

    /// Writes what became of a delivery of an activity of that moment.
    async fn note(
        &self,
        run: &mut Run<'_>,
        mut delivery: Delivery,
        created: i64,
        outcome: &DeliveryOutcome,
    ) -> Result<(), ServiceError> {
        let now = self.service.now().as_millis();
        let before = run.peer.take();
        let mut peer = before.clone().unwrap_or_else(|| Peer {
            host: run.host.to_owned(),
            failures: 0,
            open_until: 0,
            last_success: None,
            last_error: None,
        });
        delivery.attempts += 1;
        delivery.status = None;
        delivery.error = None;
        match outcome {
            DeliveryOutcome::Unreachable { why } => {
                peer.failures += 1;
                peer.open_until = now + backoff(peer.failures);
                peer.last_error = Some(why.clone());
                delivery.error = Some(why.clone());
                retry_or_give_up(&mut delivery, created, peer.open_until, now);
            }
            DeliveryOutcome::Undeliverable { why } => {
                delivery.error = Some(why.clone());
                settle(&mut delivery, deliveries::REFUSED, now);
            }
            answered => {
                peer.failures = 0;
                peer.open_until = 0;
                match answered {
                    DeliveryOutcome::Delivered => {
                        if peer.last_success.is_none_or(|at| now - at >= SUCCESS_NOTED_MILLIS) {
                            peer.last_success = Some(now);
                        }
                        settle(&mut delivery, deliveries::DONE, now);
                    }
                    DeliveryOutcome::Gone => {
                        delivery.status = Some(410);
                        settle(&mut delivery, deliveries::REFUSED, now);
                    }
                    DeliveryOutcome::Refused { status } => {
                        delivery.status = Some(i64::from(*status));
                        peer.last_error = Some(format!("answered {status}"));
                        settle(&mut delivery, deliveries::REFUSED, now);
                    }
                    DeliveryOutcome::Busy { status, retry_after } => {
                        delivery.status = Some(i64::from(*status));
                        peer.last_error = Some(format!("answered {status}"));
                        let wait = retry_after.unwrap_or_else(|| backoff(delivery.attempts));
                        retry_or_give_up(&mut delivery, created, now + wait, now);
                    }
                    DeliveryOutcome::Unreachable { .. } | DeliveryOutcome::Undeliverable { .. } => {
                    }
                }
            }
        }
        let changed = (before.as_ref() != Some(&peer)).then(|| peer.clone());
        run.peer = Some(peer);
        Ok(deliveries::note(&self.service.store, delivery, changed).await?)
    }

    /// A 410 from an actor's own inbox ends the follower; one from a shared inbox only after the actor's own id says
    /// so too, since a shared inbox answers for many (decisions 36).
    async fn inbox_gone(&self, inbox: &str) -> Result<(), ServiceError> {
        for follow in follows::by_inbox(&self.service.store, inbox).await? {
            if follow.inbox == inbox {
                self.actor_gone(&follow.follower).await?;
                continue;
            }
            if let Err(ActorUnavailable::Gone { .. }) = self.fetch_actor(&follow.follower).await {
                self.actor_gone(&follow.follower).await?;
            }
        }
        Ok(())
    }
}

fn retry_or_give_up(delivery: &mut Delivery, created: i64, due_at: i64, now: i64) {
    if due_at - created > limits::DELIVERY_DAYS_MAX * DAY_MILLIS {
        settle(delivery, deliveries::GIVEN_UP, now);
    } else {
        delivery.due_at = due_at;
    }
}

fn settle(delivery: &mut Delivery, state: &str, now: i64) {
    state.clone_into(&mut delivery.state);
    delivery.settled_at = Some(now);
}

/// The wait after this many failures in a row.
fn backoff(failures: i64) -> i64 {
    let at = usize::try_from(failures.max(1) - 1).unwrap_or_default();
    BACKOFF_MILLIS.get(at).or(BACKOFF_MILLIS.last()).copied().unwrap_or(DAY_MILLIS)
}

/// What an answer means. 4xx is final but for those that say "later"; a redirect of a POST is none we follow.
fn judge(status: StatusCode, retry_after: Option<&str>) -> DeliveryOutcome {
    let code = status.as_u16();
    let wait = retry_after
        .and_then(|seconds| seconds.trim().parse::<i64>().ok())
        .map(|seconds| (seconds.max(0) * SECOND_MILLIS).min(RETRY_AFTER_MILLIS_MAX));
    match code {
        200..=299 => DeliveryOutcome::Delivered,
        410 => DeliveryOutcome::Gone,
        408 | 425 | 429 | 500.. => DeliveryOutcome::Busy { status: code, retry_after: wait },
        _ => DeliveryOutcome::Refused { status: code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_final_or_not() {
        let judged = |code: u16| judge(StatusCode::from_u16(code).unwrap(), None);
        assert_eq!(judged(202), DeliveryOutcome::Delivered);
        assert_eq!(judged(410), DeliveryOutcome::Gone);
        for code in [301, 400, 401, 403, 404, 413] {
            assert_eq!(judged(code), DeliveryOutcome::Refused { status: code });
        }
        for code in [408, 429, 500, 501, 503] {
            assert_eq!(judged(code), DeliveryOutcome::Busy { status: code, retry_after: None });
        }
        let asked = judge(StatusCode::TOO_MANY_REQUESTS, Some("90"));
        assert_eq!(asked, DeliveryOutcome::Busy { status: 429, retry_after: Some(90_000) });
    }

    #[test]
    fn waits_grow_and_stay() {
        assert_eq!(backoff(1), MINUTE_MILLIS);
        assert_eq!(backoff(5), 12 * HOUR_MILLIS);
        assert_eq!(backoff(50), 12 * HOUR_MILLIS);
    }
}

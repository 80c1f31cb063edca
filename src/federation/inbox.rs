//! The inbox: checks who signed, cheapest first, stores the bytes with the evidence, and only then says 202. What it
//! means is worked out later (`receive`).

use http::{HeaderMap, Method, header};
use serde_json::Value;

use super::{
    Federation,
    turn::{Met, Turn},
};
use crate::{
    base::limits,
    protocol::{
        http_signature::{self, BodyDigest, Evidence, RequestParts, SignatureError},
        json,
        origin::same_host,
        paths::host_of,
        quirks::{id_of, text_of, types_of},
    },
    service::ServiceError,
    store::{
        StoreError,
        inbox_items::{self, InboxItem},
        servers,
    },
};

/// A POST to an inbox, as it came.
#[derive(Debug, Clone)]
pub struct InboxRequest {
    /// Path and query of the inbox.
    pub path_and_query: String,
    /// All header lines.
    pub headers: http::HeaderMap,
    /// Exact bytes.
    pub body: Vec<u8>,
    /// Where it came from: one network address, or a network that one sender has to itself.
    pub address: String,
}

/// A delivery that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Id of the activity.
    pub activity: String,
    /// Whether it is held before it is worked out.
    pub is_held: bool,
}

/// Why a POST to an inbox was not taken.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// The bytes are no activity.
    #[error("{0}")]
    Malformed(String),
    /// A body of a kind that is not read: compressed, or no JSON.
    #[error("{0}")]
    MediaType(String),
    /// Larger than is read.
    #[error("larger than {} bytes", limits::INBOX_BODY_BYTES_MAX)]
    TooLarge,
    /// For another host than this one.
    #[error("this is not the host that the request was signed for")]
    OtherHost,
    /// The signature is missing, wrong, or not the actor's.
    #[error("{0}")]
    BadSignature(String),
    /// Its server is not welcome.
    #[error("this server is blocked here")]
    Blocked,
    /// Too much at once.
    #[error("too many requests")]
    TooMany {
        /// When to come again.
        retry_after_seconds: i64,
    },
    /// The signer's key cannot be fetched now.
    #[error("{0}")]
    KeyOutOfReach(String),
    /// Our own fault.
    #[error("something went wrong on this server")]
    Internal(#[source] ServiceError),
}

impl From<StoreError> for InboxError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.into())
    }
}

impl Federation {
    /// Takes a delivery: durable when this answers `Ok`.
    pub async fn accept(&self, request: InboxRequest) -> Result<Taken, InboxError> {
        if request.body.len() > limits::INBOX_BODY_BYTES_MAX {
            return Err(InboxError::TooLarge);
        }
        check_media_type(&request.headers)?;
        let activity =
            json::parse(&request.body).map_err(|error| InboxError::Malformed(error.to_string()))?;
        let (id, actor) = whose(&activity)?;
        if self.service.paths.is_ours(&actor) {
            return Err(InboxError::BadSignature(
                "the actor lives here and delivers nothing to itself".to_owned(),
            ));
        }
        let digest = BodyDigest::of(&request.body);
        let parts = RequestParts {
            method: &Method::POST,
            path_and_query: &request.path_and_query,
            headers: &request.headers,
            body: Some(&digest),
        };
        let claimed = http_signature::read(&parts, &self.own, self.service.now()).map_err(
            |error| match error {
                SignatureError::Host => InboxError::OtherHost,
                other => InboxError::BadSignature(other.to_string()),
            },
        )?;
        let signer = self.owner_of(&claimed).await?;
        if is_farewell(&activity, &actor) && self.is_unknown(&signer).await? {
            // Mastodon tells everybody of every deleted account: nothing here to delete, and no fetch (test 25).
            return Ok(Taken { activity: id, is_held: false });
        }
        if let Err(error) = self.check_signer(&signer, &claimed).await {
            if matches!(error, InboxError::BadSignature(_)) {
                self.note_bad_signature(&request.address);
            }
            return Err(error);
        }
        let evidence = Evidence::of(&parts, &self.own, &claimed, &request.body)
            .map(|evidence| evidence.to_json().to_string())
            .unwrap_or_default();
        let digest = digest.to_digest();
        let known = inbox_items::by_activity(&self.service.store, &id).await?;
        if known.iter().any(|item| item.digest == digest) {
            // Test 24: the same again costs no turn.
            return Ok(Taken { activity: id, is_held: false });
        }
        let host = host_of(&signer);
        let (turn, met) = self.turn(&signer, &host, request.body.len()).await?;
        let now = self.service.now().as_millis();
        let (state, due_at, reason) = match turn {
            Turn::Now => (inbox_items::NEW, now, None),
            Turn::Held { until, why } => (inbox_items::HELD, until, Some(why.to_owned())),
        };
        let is_held = state == inbox_items::HELD;
        let row = InboxItem {
            id: self.service.new_id(),
            activity_uri: id.clone(),
            digest,
            host,
            signer,
            body: request.body,
            evidence,
            received_at: now,
            state: state.to_owned(),
            reason,
            attempts: 0,
            due_at,
            object_uri: id_of(&activity, "object").filter(|uri| uri.len() <= limits::URI_CHARS_MAX),
        };
        let new = if met == Met::Before && !is_held {
            inbox_items::insert_alone(&self.service.store, row).await?
        } else {
            let tx = self.service.store.begin().await?;
            if is_held {
                servers::hold_back(&tx, &row.host, now).await?;
            } else {
                servers::meet(&tx, &row.host, now).await?;
            }
            let new = inbox_items::insert(&tx, row).await?;
            tx.commit().await?;
            new
        };
        if new {
            self.service.wake.inbox().notify_one();
        }
        Ok(Taken { activity: id, is_held })
    }
}

/// Id and actor of an activity, which must be of one host (test 22).
fn whose(activity: &Value) -> Result<(String, String), InboxError> {
    let malformed = |what: &str| InboxError::Malformed(what.to_owned());
    let id = text_of(activity, "id")
        .filter(|id| id.len() <= limits::URI_CHARS_MAX)
        .ok_or_else(|| malformed("`id` is missing, or longer than is taken"))?;
    let actor = id_of(activity, "actor")
        .filter(|actor| actor.len() <= limits::URI_CHARS_MAX)
        .ok_or_else(|| malformed("`actor` is missing, or longer than is taken"))?;
    if !same_host(id, &actor) {
        return Err(malformed("`id` and `actor` are on different hosts"));
    }
    Ok((id.to_owned(), actor))
}

/// JSON as it is, not compressed: what unpacks to a thousand times its size is not worth what it saves.
fn check_media_type(headers: &HeaderMap) -> Result<(), InboxError> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(encoding) = text(header::CONTENT_ENCODING)
        && !encoding.eq_ignore_ascii_case("identity")
    {
        return Err(InboxError::MediaType("a body must not be compressed".to_owned()));
    }
    let Some(given) = text(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/activity+json" | "application/ld+json" | "application/json" => Ok(()),
        _ => Err(InboxError::MediaType("a body must be application/activity+json".to_owned())),
    }
}

fn is_farewell(activity: &Value, actor: &str) -> bool {
    types_of(activity).contains(&"Delete") && id_of(activity, "object").as_deref() == Some(actor)
}

//! Sends what is to be told by push (RFC 8030), through the same client as everything else: an address that must not be
//! reached is not reached, whatever a program gave as its push service.

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::{Federation, network::NetworkError};
use crate::{
    service::{
        ServiceError,
        push::{Parcel, Pushed},
    },
    store::push::Due,
};

/// Messages that are sent at once.
const AT_ONCE: u64 = 16;
/// How long a push service keeps a message for a program that is away, in seconds.
const KEPT_SECONDS: &str = "172800";

impl Federation {
    /// Sends what is due by push, side by side; answers how much that was.
    pub async fn push(&self) -> Result<usize, ServiceError> {
        let due = self.service.pushes_due(AT_ONCE).await?;
        let sent = futures::future::join_all(due.iter().map(|due| self.push_one(due))).await;
        sent.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(due.len())
    }

    async fn push_one(&self, due: &Due) -> Result<(), ServiceError> {
        let Some(parcel) = self.service.parcel(due).await? else { return Ok(()) };
        let host = parcel.endpoint.host_str().unwrap_or_default().to_owned();
        let outcome = self.send_parcel(parcel).await?;
        tracing::debug!(host, ?outcome, "pushed");
        self.service.pushed(due, outcome).await
    }

    async fn send_parcel(&self, parcel: Parcel) -> Result<Pushed, ServiceError> {
        let plain = HeaderValue::from_static;
        let mut authorization =
            HeaderValue::from_str(&parcel.authorization).map_err(ServiceError::internal)?;
        authorization.set_sensitive(true);
        let headers = vec![
            (header::AUTHORIZATION, authorization),
            (header::CONTENT_TYPE, plain("application/octet-stream")),
            (header::CONTENT_ENCODING, plain("aes128gcm")),
            (HeaderName::from_static("ttl"), plain(KEPT_SECONDS)),
            (HeaderName::from_static("urgency"), plain("normal")),
        ];
        Ok(match self.fetcher.network().post(&parcel.endpoint, headers, parcel.body).await {
            Ok(answer) => judge(answer.status),
            Err(NetworkError::Refused(_)) => Pushed::Refused,
            Err(_) => Pushed::Later,
        })
    }
}

/// What an answer means (RFC 8030 §5; §7.3: a subscription that is gone is answered 404 or 410).
fn judge(status: StatusCode) -> Pushed {
    match status.as_u16() {
        200..=299 => Pushed::Taken,
        404 | 410 => Pushed::Gone,
        408 | 425 | 429 | 500.. => Pushed::Later,
        _ => Pushed::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_final_or_not() {
        let judged = |code: u16| judge(StatusCode::from_u16(code).unwrap());
        for (codes, outcome) in [
            (&[200, 201, 202][..], Pushed::Taken),
            (&[404, 410], Pushed::Gone),
            (&[408, 429, 500, 503], Pushed::Later),
            (&[301, 400, 401, 403, 413], Pushed::Refused),
        ] {
            for code in codes {
                assert_eq!(judged(*code), outcome, "{code}");
            }
        }
    }
}

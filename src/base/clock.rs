//! Time: the one type for a moment and the one port that tells it. Everything that needs "now" takes a
//! [`Clock`] or a [`Timestamp`]; nothing else in Polylogue reads the machine's clock.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, in whole milliseconds since 1970-01-01: as precise as the wire is (G7: RFC 3339 with
/// exactly three decimals), so that a time survives a round trip through a signed document unchanged.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `milliseconds` after the epoch.
    pub const fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since the epoch, as stored in `BIGINT` columns.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down, as HTTP signatures use them.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment, `milliseconds` later (earlier where negative).
    #[must_use]
    pub const fn plus_millis(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this moment; negative where it lies after.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads any RFC 3339 time with any fraction and offset; `None` where it is none.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.timestamp_millis()))
    }

    /// RFC 3339 in UTC with exactly three decimals and `Z` (G7).
    pub fn to_rfc3339(self) -> String {
        self.datetime().to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// RFC 3339 in whole seconds and `Z`, as `proof.created` is written.
    pub fn to_rfc3339_seconds(self) -> String {
        self.datetime().to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The calendar day in UTC, `2026-05-02`.
    pub fn to_date(self) -> String {
        self.datetime().format("%Y-%m-%d").to_string()
    }

    fn datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_rfc3339(&text).ok_or_else(|| {
            serde::de::Error::custom("not an RFC 3339 time, such as 2026-05-02T09:00:00.000Z")
        })
    }
}

/// Tells the time. The server's is [`SystemClock`]; a test gives its own.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let since =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_with_three_decimals_and_read_with_any() {
        let t = Timestamp::parse_rfc3339("2026-09-21T12:15:00.1239+02:00").unwrap();
        assert_eq!(t.to_rfc3339(), "2026-09-21T10:15:00.123Z");
        assert_eq!(t.to_rfc3339_seconds(), "2026-09-21T10:15:00Z");
        assert_eq!(
            Timestamp::parse_rfc3339("2026-09-21T10:15:00Z").unwrap().to_rfc3339(),
            "2026-09-21T10:15:00.000Z"
        );
        assert!(Timestamp::parse_rfc3339("yesterday").is_none());
    }
}

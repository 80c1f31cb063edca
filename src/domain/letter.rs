//! Sign-on letters: an opinion that asks for names until a moment. What comes later is collected and said to be late,
//! never refused.

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::base::clock::Timestamp;

/// The last zone in which a day ends: "anywhere on Earth".
pub const ANYWHERE: &str = "Etc/GMT+12";
/// Zones that are offered; any other of the tz database is taken too.
pub const OFFERED: &[&str] = &[
    ANYWHERE,
    "UTC",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Bogota",
    "America/Los_Angeles",
    "America/Mexico_City",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Jakarta",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/London",
    "Europe/Moscow",
    "Pacific/Auckland",
];

/// Until when names are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The moment.
    pub closes: Timestamp,
    /// The zone its author gave it in: a name of the tz database.
    pub zone: String,
}

/// Why a day, a time and a zone are no deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoDeadline {
    /// The day.
    #[error("must be a day, such as 2026-05-15")]
    Day,
    /// The time.
    #[error("must be a time of day, such as 23:59")]
    Time,
    /// The zone.
    #[error("must be a time zone, such as Etc/GMT+12 (anywhere on Earth), UTC or Africa/Nairobi")]
    Zone,
    /// A time that clocks leap over.
    #[error("there is no such time in this zone on this day: clocks are put forward over it")]
    Gap,
}

impl Deadline {
    /// The moment at which clocks of `zone` show this day and time; where they show it twice, the later one.
    pub fn at(day: &str, time: &str, zone: &str) -> Result<Self, NoDeadline> {
        let day = NaiveDate::parse_from_str(day.trim(), "%Y-%m-%d").ok().ok_or(NoDeadline::Day)?;
        let time = NaiveTime::parse_from_str(time.trim(), "%H:%M").ok().ok_or(NoDeadline::Time)?;
        let tz: Tz = zone.trim().parse().ok().ok_or(NoDeadline::Zone)?;
        let moment = match tz.from_local_datetime(&NaiveDateTime::new(day, time)) {
            LocalResult::Single(moment) => moment,
            LocalResult::Ambiguous(_, later) => later,
            LocalResult::None => return Err(NoDeadline::Gap),
        };
        let closes = Timestamp::from_millis(moment.with_timezone(&Utc).timestamp_millis());
        Ok(Self { closes, zone: tz.name().to_owned() })
    }

    /// A moment, and the zone it was given in.
    pub fn given(closes: Timestamp, zone: &str) -> Result<Self, NoDeadline> {
        let tz: Tz = zone.trim().parse().ok().ok_or(NoDeadline::Zone)?;
        Ok(Self { closes, zone: tz.name().to_owned() })
    }

    /// What clocks of its zone show then, as if it were UTC; none where the zone is not known here.
    pub fn on_local_clocks(&self) -> Option<Timestamp> {
        let tz: Tz = self.zone.parse().ok()?;
        let moment = Utc.timestamp_millis_opt(self.closes.as_millis()).single()?;
        let local = moment.with_timezone(&tz).naive_local();
        Some(Timestamp::from_millis(local.and_utc().timestamp_millis()))
    }

    /// Whether it says "anywhere on Earth".
    pub fn is_anywhere(&self) -> bool {
        self.zone == ANYWHERE
    }

    /// Whether what a room received then came late. The received time decides, not the one its author gave it: without
    /// one nobody can say that it was late.
    pub fn is_late(&self, received: Option<Timestamp>) -> bool {
        received.is_some_and(|received| received > self.closes)
    }

    /// Whether it has passed.
    pub fn has_passed(&self, now: Timestamp) -> bool {
        now > self.closes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_day_ends_last_anywhere_on_earth() {
        let anywhere = Deadline::at("2026-05-15", "23:59", ANYWHERE).unwrap();
        assert_eq!(anywhere.closes, utc("2026-05-16T11:59:00Z"));
        assert!(anywhere.is_anywhere());
        assert_eq!(anywhere.on_local_clocks(), Some(utc("2026-05-15T23:59:00Z")));
        for zone in OFFERED {
            let there = Deadline::at("2026-05-15", "23:59", zone).unwrap();
            assert!(there.closes <= anywhere.closes, "{zone}");
            assert_eq!(there.on_local_clocks(), Some(utc("2026-05-15T23:59:00Z")), "{zone}");
        }
    }

    #[test]
    fn clocks_that_are_moved_are_understood() {
        let berlin = |day, time| Deadline::at(day, time, "Europe/Berlin");
        assert_eq!(berlin("2026-01-15", "12:00").unwrap().closes, utc("2026-01-15T11:00:00Z"));
        assert_eq!(berlin("2026-07-15", "12:00").unwrap().closes, utc("2026-07-15T10:00:00Z"));
        assert_eq!(berlin("2026-03-29", "02:30"), Err(NoDeadline::Gap));
        let twice = berlin("2026-10-25", "02:30").unwrap();
        assert_eq!(
            twice.closes,
            utc("2026-10-25T01:30:00Z"),
            "whoever has less time is not cut off"
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(Deadline::at("15 May", "23:59", "UTC"), Err(NoDeadline::Day));
        assert_eq!(Deadline::at("2026-02-30", "23:59", "UTC"), Err(NoDeadline::Day));
        assert_eq!(Deadline::at("2026-05-15", "24:00", "UTC"), Err(NoDeadline::Time));
        assert_eq!(Deadline::at("2026-05-15", "23:59", "Mars/Olympus"), Err(NoDeadline::Zone));
        let foreign = Deadline { closes: utc("2026-05-15T00:00:00Z"), zone: "Mars/Olympus".into() };
        assert_eq!(foreign.on_local_clocks(), None);
    }

    #[test]
    fn the_received_time_decides_what_is_late() {
        let deadline = Deadline::at("2026-05-15", "12:00", "UTC").unwrap();
        assert!(!deadline.is_late(Some(deadline.closes)));
        assert!(deadline.is_late(Some(deadline.closes.plus_millis(1))));
        assert!(!deadline.is_late(None), "nobody attests that it was");
    }
}

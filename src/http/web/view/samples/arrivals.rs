//! Examples of what became of posts from elsewhere.

use super::*;
use crate::service::arrivals::Fate;

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let row = |fate, due: Option<&str>, reason: Option<&str>| ArrivalRow {
        received: at("2026-05-06T09:12:31Z"),
        fate,
        due: due.map(at),
        reason: reason.map(Into::into),
    };
    let later = Some("2026-05-06T11:30:00Z");
    let arrivals = ArrivalsPage {
        t,
        page: page("/arrivals", Section::Elsewhere),
        address: "https://masto.example/users/ada/statuses/1".into(),
        rows: vec![
            row(Fate::Held, later, Some("its server or its author sent much at once")),
            row(Fate::Waiting, later, Some("https://masto.example/users/ada is out of reach")),
            row(Fate::Now, None, None),
            row(Fate::Done, None, None),
            row(Fate::Refused, None, Some("its author may not act on what is another’s")),
        ],
    };
    add("arrivals", &arrivals);
    add("arrivals-none", &ArrivalsPage { rows: Vec::new(), ..arrivals.clone() });
    add("arrivals-ask", &ArrivalsPage { rows: Vec::new(), address: String::new(), ..arrivals });
}

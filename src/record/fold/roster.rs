//! Who facilitates a topic, folded from its first record and from the rosters after it (decisions 14).

use super::Held;
use crate::{
    base::{clock::Timestamp, limits},
    domain::permission::{Facilitators, Roster},
    protocol::quirks::{id_of, ids_of},
    record::item::Kind,
};

/// Whom the first record of `topic` and its rosters name. A roster counts for the topic it says it is of, once a room
/// attests when it was received: of two that were signed on the same one, the one received earlier does, and of two of
/// one moment the one with the smaller digest.
pub fn facilitators(topic: &str, items: &[Held]) -> Facilitators {
    let rosters = ordered(topic, items).into_iter().map(|(received, held)| Roster {
        received,
        signer: held.item.actor.clone(),
        named: named(held),
    });
    Facilitators::of(first(items), rosters)
}

/// The rosters that count, first to last.
pub fn rosters_in_force<'a>(topic: &str, items: &'a [Held]) -> Vec<&'a Held> {
    let mut current = first(items);
    let ordered = ordered(topic, items).into_iter().map(|(_, held)| held);
    ordered
        .filter(|held| {
            let counts = current.contains(&held.item.actor) && !named(held).is_empty();
            if counts {
                current = named(held);
            }
            counts
        })
        .collect()
}

fn named(held: &Held) -> Vec<String> {
    ids_of(&held.item.document, "facilitators")
}

fn first(items: &[Held]) -> Vec<String> {
    let genesis = items.iter().find(|held| held.item.kind == Kind::Genesis);
    let named = genesis.map(named).unwrap_or_default();
    if named.is_empty() {
        genesis.and_then(|held| id_of(&held.item.document, "founder")).into_iter().collect()
    } else {
        named
    }
}

fn ordered<'a>(topic: &str, items: &'a [Held]) -> Vec<(Timestamp, &'a Held)> {
    let is_of_topic = |held: &Held| {
        let document = &held.item.document;
        held.item.kind == Kind::Roster
            && id_of(document, "topic").as_deref() == Some(topic)
            && named(held).len() <= limits::FACILITATORS_MAX
    };
    let mut rosters: Vec<(Timestamp, &Held)> = items
        .iter()
        .filter(|held| is_of_topic(held))
        .filter_map(|held| Some((held.received?, held)))
        .collect();
    rosters.sort_by_key(|(received, held)| (*received, &held.item.act_digest));
    rosters
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::item::Item;

    const TOPIC: &str = "ni:///sha-256;costs";

    fn uri(name: &str) -> String {
        format!("https://a.example/p/{name}")
    }

    fn held(document: serde_json::Value, received: Option<i64>) -> Held {
        let item = Item::of(document).unwrap();
        let received = received.map(Timestamp::from_millis);
        Held { item, received, ended: None, deleted: false, reading: None }
    }

    fn genesis() -> Held {
        held(
            json!({"type": "plg:Topic", "founder": uri("founder"), "facilitators": [uri("founder")],
                "created": "2026-11-26T09:00:00.000Z"}),
            None,
        )
    }

    /// Signed by somebody at a minute, received at another.
    fn roster(
        id: i64,
        signer: &str,
        named: &[&str],
        signed_minute: i64,
        received: Option<i64>,
    ) -> Held {
        let named: Vec<String> = named.iter().map(|name| uri(name)).collect();
        held(
            json!({"type": "Roster", "id": format!("https://a.example/s/{id}"), "topic": TOPIC,
                "attributedTo": uri(signer), "facilitators": named,
                "published": format!("2026-11-26T10:{signed_minute:02}:00.000Z")}),
            received,
        )
    }

    /// Who is in force, whichever comes first.
    fn now(items: &[Held]) -> Vec<String> {
        let mut items = items.to_vec();
        let found = facilitators(TOPIC, &items);
        items.reverse();
        assert_eq!(facilitators(TOPIC, &items), found);
        let name = |uri: &String| uri.rsplit('/').next().unwrap_or_default().to_owned();
        found.now().iter().map(name).collect()
    }

    #[test]
    fn of_a_fork_the_one_received_earlier_counts_whatever_date_it_bears() {
        let dated_back = roster(1, "founder", &["b"], 1, Some(9_000));
        let taken_first = roster(2, "founder", &["c"], 50, Some(2_000));
        assert_eq!(now(&[genesis(), dated_back.clone(), taken_first.clone()]), ["c"]);
        assert_eq!(now(&[genesis(), dated_back]), ["b"]);
        // Of one moment the smaller digest.
        let (one, other) =
            (roster(3, "founder", &["d"], 1, Some(1)), roster(4, "founder", &["e"], 1, Some(1)));
        let smaller = if one.item.act_digest < other.item.act_digest { "d" } else { "e" };
        assert_eq!(now(&[genesis(), one, other]), [smaller]);
        // What nobody attests does not count.
        assert_eq!(now(&[genesis(), roster(5, "founder", &["f"], 1, None)]), ["founder"]);
        let chain = [genesis(), taken_first, roster(6, "c", &["c", "d"], 1, Some(3_000))];
        assert_eq!(now(&chain), ["c", "d"]);
        assert_eq!(rosters_in_force(TOPIC, &chain).len(), 2);
    }

    #[test]
    fn a_roster_of_another_topic_or_over_the_limit_is_none() {
        let names: Vec<String> = (0..=limits::FACILITATORS_MAX).map(|n| format!("p{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let edge = &names[..limits::FACILITATORS_MAX];
        assert_eq!(now(&[genesis(), roster(1, "founder", edge, 1, Some(1))]), edge);
        assert_eq!(now(&[genesis(), roster(1, "founder", &names, 1, Some(1))]), ["founder"]);
        let mut elsewhere = roster(1, "founder", &["b"], 1, Some(1));
        elsewhere.item.document["topic"] = "ni:///sha-256;rivers".into();
        assert_eq!(now(&[genesis(), elsewhere]), ["founder"]);
    }
}

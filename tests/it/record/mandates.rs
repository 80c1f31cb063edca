//! Who speaks for an organisation (protocol 4.d P1 and P3, 4.e; decisions 9): what its own delegations confirm at the
//! time an act was received, and nothing else.

use polylogue::{base::clock::Timestamp, domain::delegation::Scope, record::item::Item};

use super::{
    positions::{OPINION, either_way},
    shelf::{Shelf, Shown},
    voice::{Stand, Voice, minute},
};

const ALL: &[Scope] = &[Scope::Position, Scope::CoAuthor, Scope::Comment];

fn people() -> (Voice, Voice, Voice) {
    (
        Voice::new("network", "c.example"),
        Voice::new("chen", "b.example"),
        Voice::new("dina", "b.example"),
    )
}

/// The live positions by whose line they stand in, sorted: `line kind`.
fn standing(shown: &Shown) -> Vec<String> {
    let mut live: Vec<String> = shown
        .positions
        .iter()
        .filter(|row| row.live)
        .map(|row| {
            let line: Vec<&str> =
                row.line.split(' ').filter_map(|uri| uri.rsplit('/').next()).collect();
            format!("{}: {}", line.join(" "), row.kind)
        })
        .collect();
    live.sort();
    live
}

fn stand<'a>(kind: &'a str, network: &'a Voice, delegation: &'a Item) -> Stand<'a> {
    Stand {
        kind,
        statement: Some("For a reason."),
        for_whom: Some(&network.uri),
        delegation: Some(&delegation.id),
        revision: 1,
    }
}

/// A position by a delegate, with the receipt of a room on the delegate's own host.
fn taken(voice: &Voice, number: i64, stand: Stand<'_>, at: Timestamp) -> Vec<Item> {
    let like = voice.likes(number, OPINION, stand, at);
    let receipt = voice.attests(number + 500, like.hash, at);
    vec![like, receipt]
}

#[tokio::test]
async fn test_80_the_organisation_and_its_delegates_have_one_line() {
    let shelf = Shelf::new().await;
    let (network, chen, dina) = people();
    let to_chen = network.delegates(1, &chen.uri, ALL, (minute(0), None), minute(0));
    let to_dina = network.delegates(2, &dina.uri, ALL, (minute(0), None), minute(0));
    let mut items = vec![to_chen.clone(), to_dina.clone()];
    items.extend(taken(&chen, 11, stand("plg:support", &network, &to_chen), minute(1)));
    let shown = either_way(&shelf, &items).await;
    assert_eq!(standing(&shown), ["network: support"]);
    assert!(shown.positions[0].confirmed);
    // Another delegate changes it, and the organisation itself; the last counts, whoever acted.
    items.extend(taken(&dina, 12, stand("plg:objection", &network, &to_dina), minute(2)));
    assert_eq!(standing(&either_way(&shelf, &items).await), ["network: objection"]);
    items.push(network.likes(13, OPINION, Stand::SUPPORT, minute(3)));
    assert_eq!(standing(&either_way(&shelf, &items).await), ["network: support"]);
    // The person's own position is another, and both are shown.
    items.push(chen.likes(14, OPINION, Stand::OBJECTION, minute(4)));
    assert_eq!(
        standing(&either_way(&shelf, &items).await),
        ["chen: objection", "network: support"]
    );
}

#[tokio::test]
async fn test_81_what_the_delegation_does_not_give_is_not_confirmed() {
    let shelf = Shelf::new().await;
    let (network, chen, dina) = people();
    let own = network.likes(1, OPINION, Stand::SUPPORT, minute(0));
    let from = (minute(0), Some(minute(10)));
    let good = network.delegates(1, &chen.uri, ALL, from, minute(0));
    let confirmed = |items: Vec<Item>| {
        let (shelf, own) = (&shelf, own.clone());
        async move {
            let items: Vec<Item> = std::iter::once(own).chain(items).collect();
            standing(&either_way(shelf, &items).await)
        }
    };
    let claim =
        |minutes: i64| taken(&chen, 11, stand("plg:objection", &network, &good), minute(minutes));
    let with = |delegation: &Item, acts: Vec<Item>| {
        std::iter::once(delegation.clone()).chain(acts).collect::<Vec<_>>()
    };
    let theirs = ["network: objection"];
    let apart = ["chen for network: objection", "network: support"];
    // At the edges of its time, and one past each.
    assert_eq!(confirmed(with(&good, claim(10))).await, theirs);
    assert_eq!(confirmed(with(&good, claim(11))).await, apart);
    let later = network.delegates(1, &chen.uri, ALL, (minute(5), None), minute(0));
    assert_eq!(confirmed(with(&later, claim(5))).await, theirs);
    assert_eq!(confirmed(with(&later, claim(4))).await, apart);
    // Missing, of the wrong scope, for somebody else, by somebody else.
    assert_eq!(confirmed(claim(1)).await, apart);
    for wrong in [
        network.delegates(1, &chen.uri, &[Scope::Comment, Scope::CoAuthor], from, minute(0)),
        network.delegates(1, &dina.uri, ALL, from, minute(0)),
        dina.delegates(1, &chen.uri, ALL, from, minute(0)),
    ] {
        let act = stand("plg:objection", &network, &wrong);
        let acts = taken(&chen, 11, act, minute(1));
        assert_eq!(confirmed(with(&wrong, acts)).await, apart, "{:?}", wrong.document);
    }
    // An act whose time nobody attests is not confirmed; nor does the receipt of a stranger's room attest it.
    let mut untimed = claim(1);
    untimed.pop();
    assert_eq!(confirmed(with(&good, untimed.clone())).await, apart);
    untimed.push(Voice::new("amina", "a.example").attests(9, untimed[0].hash, minute(1)));
    assert_eq!(confirmed(with(&good, untimed)).await, apart);
    // One that names no delegation is a claim only, also while one holds.
    let unnamed = Stand { delegation: None, ..stand("plg:objection", &network, &good) };
    assert_eq!(confirmed(with(&good, taken(&chen, 11, unnamed, minute(1)))).await, apart);
}

#[tokio::test]
async fn test_82_what_was_received_before_the_end_stands() {
    let shelf = Shelf::new().await;
    let (network, chen, dina) = people();
    let given = network.delegates(1, &chen.uri, ALL, (minute(0), None), minute(0));
    let empty = |number, at| network.delegates(number, &chen.uri, &[], (at, None), at);
    let delete = |number, at| network.deletes(number, &given.id, at);
    let before = taken(&chen, 11, stand("plg:support", &network, &given), minute(4));
    let after = taken(&chen, 12, stand("plg:objection", &network, &given), minute(6));
    for end in [empty(2, minute(5)), delete(3, minute(5))] {
        let receipt = network.attests(90, end.hash, minute(5));
        let items = [vec![given.clone(), end, receipt], before.clone(), after.clone()].concat();
        assert_eq!(
            standing(&either_way(&shelf, &items).await),
            ["chen for network: objection", "network: support"]
        );
    }
    // It is the time of receipt that counts: who was dismissed cannot date an act back (decisions 9 (e)).
    let backdated = chen.likes(13, OPINION, stand("plg:objection", &network, &given), minute(1));
    let receipt = chen.attests(600, backdated.hash, minute(6));
    let end = empty(2, minute(5));
    let attested = network.attests(90, end.hash, minute(5));
    let items =
        [vec![given.clone(), end.clone(), attested, backdated, receipt], before.clone()].concat();
    assert_eq!(
        standing(&either_way(&shelf, &items).await),
        ["chen for network: objection", "network: support"]
    );
    // Nobody else can end it: on the organisation's own host, and another host's Delete is no item at all.
    let neighbour = Voice::new("neighbour", "c.example");
    let others = [neighbour.deletes(3, &given.id, minute(1)), {
        let taken_back = dina.delegates(3, &chen.uri, &[], (minute(0), None), minute(1));
        assert!(dina.act(4, "Delete", given.id.clone().into(), minute(1)).is_err());
        taken_back
    }];
    for other in others {
        let items = [vec![given.clone(), other], before.clone()].concat();
        assert_eq!(standing(&either_way(&shelf, &items).await), ["network: support"]);
    }
    // What is given again after the end holds again.
    let again = network.delegates(7, &chen.uri, ALL, (minute(6), None), minute(6));
    let act = taken(&chen, 14, stand("plg:objection", &network, &again), minute(7));
    let items = [vec![given, end, again], before, act].concat();
    assert_eq!(standing(&either_way(&shelf, &items).await), ["network: objection"]);
}

#[tokio::test]
async fn e_another_delegate_withdraws_what_the_first_took() {
    let shelf = Shelf::new().await;
    let (network, chen, dina) = people();
    let to_chen = network.delegates(1, &chen.uri, ALL, (minute(0), None), minute(0));
    let to_dina = network.delegates(2, &dina.uri, ALL, (minute(0), None), minute(0));
    let mut items = vec![to_chen.clone(), to_dina.clone()];
    items.extend(taken(&chen, 11, stand("plg:support", &network, &to_chen), minute(1)));
    items.extend(taken(&dina, 12, stand("plg:withdrawn", &network, &to_dina), minute(2)));
    let shown = either_way(&shelf, &items).await;
    assert!(standing(&shown).is_empty(), "{:#?}", shown.positions);
    // A withdrawal by a stranger in its name ends nothing but the stranger's own claim.
    let stranger = Voice::new("bruno", "a.example");
    items.truncate(4);
    items.extend(taken(&stranger, 13, stand("plg:withdrawn", &network, &to_dina), minute(3)));
    assert_eq!(standing(&either_way(&shelf, &items).await), ["network: support"]);
}

#[tokio::test]
async fn a_delegation_that_comes_late_confirms_what_it_covers() {
    let shelf = Shelf::new().await;
    let (network, chen, _) = people();
    let given = network.delegates(1, &chen.uri, ALL, (minute(0), None), minute(9));
    let act = taken(&chen, 11, stand("plg:support", &network, &given), minute(1));
    assert_eq!(standing(&either_way(&shelf, &act).await), ["chen for network: support"]);
    let items = [act, vec![given]].concat();
    assert_eq!(standing(&either_way(&shelf, &items).await), ["network: support"]);
}

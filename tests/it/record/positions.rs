//! Lines of positions: decisions 9 (a) to (e), protocol tests 80, 83, 86 and 88b.

use polylogue::{base::clock::Timestamp, record::item::Item};

use super::{
    shelf::{Shelf, Shown},
    voice::{Stand, Voice, delivered, minute},
};

pub(super) const OPINION: &str = "https://a.example/o/1";

fn chen() -> Voice {
    Voice::new("chen", "b.example")
}

/// What any order of these items shows: forwards, backwards, and twice over.
pub(super) async fn either_way(shelf: &Shelf, items: &[Item]) -> Shown {
    let shown = shelf.shows(items).await;
    assert_eq!(shelf.shows(items.iter().rev()).await.text, shown.text, "backwards");
    assert_eq!(shelf.shows(items.iter().chain(items)).await.text, shown.text, "twice");
    shown
}

#[tokio::test]
async fn support_then_objection_leaves_the_objection() {
    // Test 88b: a Like, then a Note, of one principal.
    let (shelf, chen) = (Shelf::new().await, chen());
    let like = chen.likes(1, OPINION, Stand::SUPPORT, minute(1));
    let note = chen.states(2, &chen.note(1), OPINION, Stand::OBJECTION, minute(2));
    let shown = either_way(&shelf, &[like, note]).await;
    assert_eq!(shown.live(&chen.uri), ["objection"]);
    assert_eq!(shown.positions.len(), 2);
}

#[tokio::test]
async fn a_the_next_millisecond_is_later_and_the_same_one_is_settled_by_digest() {
    let (shelf, chen) = (Shelf::new().await, chen());
    let like = chen.likes(1, OPINION, Stand::SUPPORT, minute(1));
    let after = chen.likes(2, OPINION, Stand::WITHDRAWN, minute(1).plus_millis(1));
    assert!(either_way(&shelf, &[like.clone(), after]).await.live(&chen.uri).is_empty());
    // In one and the same millisecond the smaller digest counts, wherever and whenever it comes.
    for number in 3..9 {
        let same = chen.states(number, &chen.note(number), OPINION, Stand::OBJECTION, minute(1));
        let smaller = if like.act_digest < same.act_digest { "support" } else { "objection" };
        let shown = either_way(&shelf, &[like.clone(), same]).await;
        assert_eq!(shown.live(&chen.uri), [smaller]);
    }
}

#[tokio::test]
async fn b_nothing_earlier_comes_back() {
    let (shelf, chen) = (Shelf::new().await, chen());
    let support = chen.likes(1, OPINION, Stand::SUPPORT, minute(1));
    let objection = chen.states(2, &chen.note(1), OPINION, Stand::OBJECTION, minute(2));
    for end in [
        chen.undoes(3, &objection, minute(3)),
        chen.deletes(4, &chen.note(1), minute(3)),
        chen.likes(5, OPINION, Stand::WITHDRAWN, minute(3)),
    ] {
        let shown = either_way(&shelf, &[support.clone(), objection.clone(), end]).await;
        assert!(shown.live(&chen.uri).is_empty(), "{:#?}", shown.positions);
    }
    // An Undo of any act but the last changes only the history.
    let undo = chen.undoes(6, &support, minute(3));
    let shown = either_way(&shelf, &[support.clone(), objection.clone(), undo]).await;
    assert_eq!(shown.live(&chen.uri), ["objection"]);
    let row = shown.positions.iter().find(|row| row.activity_id == support.id).unwrap();
    assert_eq!(row.withdrawn_at, Some(minute(3).as_millis()));
    // A position taken after a withdrawal stands.
    let again = chen.likes(7, OPINION, Stand::SUPPORT, minute(5));
    let withdrawn = chen.likes(8, OPINION, Stand::WITHDRAWN, minute(4));
    let shown = either_way(&shelf, &[support, objection, withdrawn, again]).await;
    assert_eq!(shown.live(&chen.uri), ["support"]);
}

#[tokio::test]
async fn c_the_year_2099_does_not_win_for_ever() {
    let (shelf, chen) = (Shelf::new().await, chen());
    let far = Timestamp::parse_rfc3339("2099-01-01T00:00:00Z").unwrap();
    let ahead = chen.likes(1, OPINION, Stand::SUPPORT, far);
    let objection = chen.states(2, &chen.note(1), OPINION, Stand::OBJECTION, minute(10));
    let receipt = chen.attests(3, ahead.hash, minute(5));
    let shown = either_way(&shelf, &[ahead.clone(), objection.clone(), receipt]).await;
    assert_eq!(shown.live(&chen.uri), ["objection"]);
    // Up to an hour ahead is believed; more is not.
    for (minutes, wins) in [(65, "support"), (66, "objection")] {
        let like = chen.likes(4, OPINION, Stand::SUPPORT, minute(minutes));
        let receipt = chen.attests(5, like.hash, minute(5));
        let shown = either_way(&shelf, &[like, objection.clone(), receipt]).await;
        assert_eq!(shown.live(&chen.uri), [wins], "{minutes} minutes");
    }
    // Nor does a receipt of somebody else's room move an act: it does not count.
    let forged = Voice::new("amina", "a.example").attests(6, ahead.hash, minute(5));
    let shown = either_way(&shelf, &[ahead, objection, forged]).await;
    assert_eq!(shown.live(&chen.uri), ["support"]);
}

#[tokio::test]
async fn d_a_claim_to_speak_for_another_replaces_nobodys_position() {
    let (shelf, chen) = (Shelf::new().await, chen());
    let network = Voice::new("network", "c.example");
    let claim = Stand { for_whom: Some(&network.uri), ..Stand::OBJECTION };
    let items = [
        chen.likes(1, OPINION, Stand::SUPPORT, minute(1)),
        chen.states(2, &chen.note(1), OPINION, claim, minute(2)),
        network.likes(1, OPINION, Stand::SUPPORT, minute(1)),
    ];
    let shown = either_way(&shelf, &items).await;
    assert_eq!(shown.live(&network.uri), ["support"]);
    let mut live: Vec<(&str, bool)> = shown
        .positions
        .iter()
        .filter(|row| row.live && row.actor == chen.uri)
        .map(|row| (row.kind.as_str(), row.confirmed))
        .collect();
    live.sort_unstable();
    assert_eq!(live, [("objection", false), ("support", true)]);
    // To name oneself is no claim.
    let own = Stand { for_whom: Some(&chen.uri), ..Stand::OBJECTION };
    let items = [items[0].clone(), chen.states(3, &chen.note(2), OPINION, own, minute(3))];
    let shown = either_way(&shelf, &items).await;
    assert_eq!(shown.live(&chen.uri), ["objection"]);
    assert!(shown.positions.iter().all(|row| row.confirmed));
}

#[tokio::test]
async fn e_the_form_of_withdrawal_that_needs_no_earlier_act() {
    // A `withdrawn` ends a claim's line also where the act it ends is of another form, or not held here at all.
    let (shelf, chen) = (Shelf::new().await, chen());
    let network = Voice::new("network", "c.example");
    let claim = Stand { for_whom: Some(&network.uri), ..Stand::SUPPORT };
    let leaves = Stand { for_whom: Some(&network.uri), ..Stand::WITHDRAWN };
    let items = [
        chen.likes(1, OPINION, claim, minute(1)),
        chen.states(2, &chen.note(1), OPINION, leaves, minute(2)),
        chen.likes(3, OPINION, Stand::SUPPORT, minute(1)),
    ];
    let shown = either_way(&shelf, &items).await;
    // The person's own stays.
    assert_eq!(shown.live(&chen.uri), ["support"]);
    let claimed = shown.positions.iter().find(|row| row.activity_id == items[0].id).unwrap();
    assert_eq!(claimed.withdrawn_at, Some(minute(2).as_millis()));
    assert!(either_way(&shelf, &items[1..2]).await.live(&chen.uri).is_empty());
}

#[tokio::test]
async fn only_the_author_takes_back() {
    // Test 86: Undo before the Like wins; an Undo or Delete by another is nothing, whenever it comes.
    let (shelf, chen) = (Shelf::new().await, chen());
    let neighbour = Voice::new("neighbour", "b.example");
    let amina = Voice::new("amina", "a.example");
    let like = chen.likes(1, OPINION, Stand::SUPPORT, minute(1));
    let undo = chen.undoes(2, &like, minute(2));
    assert!(shelf.shows([&undo, &like]).await.live(&chen.uri).is_empty());
    for other in [
        neighbour.undoes(3, &like, minute(2)),
        amina.undoes(3, &like, minute(2)),
        neighbour.deletes(4, &like.id, minute(2)),
        neighbour.deletes(5, &chen.uri, minute(2)),
    ] {
        let shown = either_way(&shelf, &[other, like.clone()]).await;
        assert_eq!(shown.live(&chen.uri), ["support"]);
    }
}

#[tokio::test]
async fn a_position_without_its_reason_is_none_and_an_edit_moves_none() {
    let (shelf, chen) = (Shelf::new().await, chen());
    let bare = Stand { statement: None, ..Stand::OBJECTION };
    let blank = Stand { statement: Some("  \n"), ..Stand::OBJECTION };
    let long: String = "x".repeat(2_001);
    let unknown = Stand { kind: "plg:enthusiasm", ..Stand::SUPPORT };
    for none in [
        bare,
        blank,
        Stand { kind: "plg:concern", ..bare },
        Stand { kind: "plg:reservation", ..bare },
        Stand { statement: Some(&long), ..Stand::SUPPORT },
        unknown,
    ] {
        let shown = shelf.shows(&[chen.likes(1, OPINION, none, minute(1))]).await;
        assert!(shown.positions.is_empty(), "{none:?}");
    }
    let longest = "x".repeat(2_000);
    let fits = Stand { statement: Some(&longest), ..Stand::SUPPORT };
    assert_eq!(shelf.shows(&[chen.likes(1, OPINION, fits, minute(1))]).await.positions.len(), 1);

    // INV-5: the Note of a position is edited to name another revision and another kind.
    let note = chen.states(2, &chen.note(1), OPINION, Stand::OBJECTION, minute(2));
    let moved = Stand { revision: 2, ..Stand::SUPPORT };
    let object =
        chen.states(3, &chen.note(1), OPINION, moved, minute(3)).document["object"].clone();
    let edit = chen.act(3, "Update", object, minute(3)).unwrap();
    let mut louder = edit.document.clone();
    louder["id"] = chen.activity(4).into();
    louder["position"] = louder["object"]["position"].clone();
    let louder = chen.sign(louder, minute(4));
    for edit in [edit, louder] {
        let shown = either_way(&shelf, &[note.clone(), edit]).await;
        assert_eq!(shown.positions.len(), 1);
        let row = &shown.positions[0];
        assert_eq!((row.revision, row.kind.as_str()), (1, "objection"));
    }
}

#[tokio::test]
async fn a_new_revision_gets_a_position_only_by_a_new_act() {
    // Test 83.
    let (shelf, chen) = (Shelf::new().await, chen());
    let first = chen.likes(1, OPINION, Stand::SUPPORT, minute(1));
    let second = Stand { revision: 2, ..Stand::SUPPORT };
    let items = [first, chen.likes(2, OPINION, second, minute(2))];
    let shown = either_way(&shelf, &items).await;
    let on: Vec<(i64, bool)> = [&items[0], &items[1]]
        .map(|item| {
            let row = shown.positions.iter().find(|row| row.activity_id == item.id).unwrap();
            (row.revision, row.live)
        })
        .into();
    assert_eq!(on, [(1, false), (2, true)]);
}

#[tokio::test]
async fn an_act_held_with_its_proof_and_by_its_delivery_is_one_act() {
    let (shelf, chen) = (Shelf::new().await, chen());
    let support = chen.likes(1, OPINION, Stand::SUPPORT, minute(1));
    let note = chen.states(2, &chen.note(1), OPINION, Stand::OBJECTION, minute(2));
    let copies = [
        delivered(&note, "a.example", minute(2)),
        delivered(&note, "c.example", minute(2)),
        // The same Note, sent once more in an activity of a later date.
        chen.act(9, "Create", note.document["object"].clone(), minute(9)).unwrap(),
    ];
    let mut items = vec![support, note.clone()];
    items.extend(copies);
    let shown = either_way(&shelf, &items).await;
    assert_eq!(shown.positions.len(), 2, "{:#?}", shown.positions);
    assert_eq!(shown.live(&chen.uri), ["objection"]);
    // What ends one of them ends it.
    items.push(chen.undoes(10, &note, minute(10)));
    assert!(either_way(&shelf, &items).await.live(&chen.uri).is_empty());
}

//! What a room read in a reply by keyword, in the set: which Reading counts, and what it makes of the reply.

use polylogue::{record::item::Item, store::entries::Verdict};

use super::{
    shelf::{Shelf, Shown},
    voice::{Voice, delivered, minute},
};

const OPINION: &str = "https://a.example/o/1";

struct Reply {
    author: Voice,
    note: String,
    act: Item,
}

/// A reply of somebody on c.example, delivered to a host.
fn reply_to(host: &str) -> Reply {
    let author = Voice::new("network", "c.example");
    let note = author.note(1);
    let act = author.comments(1, &note, OPINION, "objection: For a reason.", minute(0));
    Reply { act: delivered(&act, host, minute(0)), author, note }
}

/// What every order of these items shows, which must be one thing.
async fn shows(items: &[&Item]) -> Shown {
    let shelf = Shelf::new().await;
    let shown = shelf.shows(items.iter().copied()).await;
    let backwards = shelf.shows(items.iter().rev().copied()).await;
    assert_eq!(shown.text, backwards.text);
    let rebuilt = shelf.lay(items.iter().copied()).await.rebuilt().await.shown().await;
    assert_eq!(shown.text, rebuilt.text);
    shown
}

#[tokio::test]
async fn a_reading_makes_a_reply_a_position_and_no_comment() {
    let Reply { author, note, act } = reply_to("a.example");
    let home = Voice::new("amina", "a.example");
    let alone = shows(&[&act]).await;
    assert_eq!(
        (alone.comments.len(), alone.positions.len()),
        (1, 0),
        "without one it is a comment"
    );

    let reading = home.reads(2, &act, OPINION, ("plg:objection", 3), minute(1));
    let shown = shows(&[&act, &reading]).await;
    assert_eq!((shown.comments.len(), shown.positions.len()), (0, 1));
    let row = &shown.positions[0];
    assert_eq!((row.kind.as_str(), row.revision, row.live), ("objection", 3, true));
    assert_eq!(row.published, minute(0).as_millis(), "dated as the reply");
    assert_eq!((&row.line, &row.entry_hash), (&author.uri, &act.hash.to_string()));
    assert_eq!(row.claims_to_speak_for.as_deref(), Some("Ministry of X"));
    assert_eq!((row.capacity.as_str(), &row.on_behalf_of), ("plg:individual", &None));

    let none = home.reads(3, &act, OPINION, ("plg:none", 3), minute(1));
    let shown = shows(&[&act, &none]).await;
    assert_eq!((shown.comments.len(), shown.positions.len()), (1, 0));
    assert_eq!(shown.comments[0].claims_to_speak_for.as_deref(), Some("Ministry of X"));

    // What is only held is read by nobody.
    let shelf = Shelf::new().await;
    let laid = shelf.lay([&act]).await.and([&reading], Verdict::Held).await;
    assert_eq!(laid.shown().await.text, alone.text);

    let edit = author.edits(4, &note, OPINION, "support", minute(2));
    let shown = shows(&[&act, &reading, &edit]).await;
    assert_eq!((shown.comments.len(), shown.live(&author.uri)), (0, vec!["objection"]));
    let delete = author.deletes(5, &note, minute(3));
    let shown = shows(&[&act, &reading, &delete]).await;
    assert_eq!((shown.comments.len(), shown.live(&author.uri).len()), (0, 0));
    assert_eq!(shown.positions[0].statement, None, "and the words go");
}

#[tokio::test]
async fn the_home_rooms_reading_counts_then_the_earliest_then_the_smaller_hash() {
    let Reply { author, act, .. } = reply_to("b.example");
    let (home, other) = (Voice::new("amina", "a.example"), Voice::new("chen", "b.example"));
    let early = other.reads(2, &act, OPINION, ("plg:support", 1), minute(1));
    let earlier = other.reads(3, &act, OPINION, ("plg:concern", 1), minute(0));
    let at_home = home.reads(4, &act, OPINION, ("plg:neutral", 1), minute(9));
    let kinds = async |items: &[&Item]| shows(items).await.live(&author.uri).join(" ");
    assert_eq!(kinds(&[&act, &early]).await, "support");
    assert_eq!(kinds(&[&act, &early, &earlier]).await, "concern");
    assert_eq!(kinds(&[&act, &early, &earlier, &at_home]).await, "neutral");
    let nothing = home.reads(5, &act, OPINION, ("plg:none", 1), minute(8));
    assert_eq!(kinds(&[&act, &early, &at_home, &nothing]).await, "", "the home's earliest");
    let twin = other.reads(6, &act, OPINION, ("plg:objection", 1), minute(1));
    let smaller = if twin.hash < early.hash { "objection" } else { "support" };
    assert_eq!(kinds(&[&act, &early, &twin]).await, smaller);
}

#[tokio::test]
async fn a_reading_that_is_nobodys_to_give_changes_nothing() {
    let Reply { author, act, .. } = reply_to("b.example");
    let stranger = Voice::new("network", "c.example");
    let home = Voice::new("amina", "a.example");
    let alone = shows(&[&act]).await;
    let elsewhere = "https://a.example/o/2";
    let mut of_another = act.clone();
    of_another.actor = home.uri.clone();
    for (reading, what) in [
        (
            stranger.reads(2, &act, OPINION, ("plg:support", 1), minute(1)),
            "by a room that is neither at home nor was told",
        ),
        (
            home.reads(2, &act, elsewhere, ("plg:support", 1), minute(1)),
            "on an opinion that the reply does not answer",
        ),
        (
            home.reads(2, &of_another, OPINION, ("plg:support", 1), minute(1)),
            "in the name of somebody else",
        ),
        (
            home.reads(2, &act, OPINION, ("plg:agreement", 1), minute(1)),
            "of a kind that there is not",
        ),
    ] {
        assert_eq!(shows(&[&act, &reading]).await.text, alone.text, "{what}");
    }
    // Who answers a receipt answers no opinion; the room that gave it may read it as a withdrawal, and as nothing else.
    let receipt = "https://a.example/c/77";
    let support = author.comments(7, &author.note(7), OPINION, "support", minute(0));
    let reply = author.comments(8, &author.note(8), receipt, "withdraw", minute(5));
    let taken = home.reads(9, &support, OPINION, ("plg:support", 1), minute(1));
    for (kind, stands) in [("plg:withdrawn", 0), ("plg:objection", 1)] {
        let read = home.reads(10, &reply, OPINION, (kind, 1), minute(6));
        let shown = shows(&[&support, &taken, &reply, &read]).await;
        assert_eq!(shown.live(&author.uri).len(), stands, "{kind}");
    }
}

#[tokio::test]
async fn t85_a_revision_that_comes_later_with_an_older_date_moves_no_position() {
    use super::voice::Text;
    let Reply { author, act, .. } = reply_to("a.example");
    let home = Voice::new("amina", "a.example");
    let reading = home.reads(2, &act, OPINION, ("plg:support", 1), minute(1));
    let first = Text::new(OPINION, 1, "one");
    let second = Text::new(OPINION, 2, "two").after(home.digest(&first));
    let (one, two) =
        (home.publishes(3, &first, minute(-9)), home.publishes(4, &second, minute(-5)));
    let shown = shows(&[&one, &act, &reading, &two]).await;
    let row = &shown.positions[0];
    assert_eq!((row.revision, row.live, &row.actor), (1, true, &author.uri));
}

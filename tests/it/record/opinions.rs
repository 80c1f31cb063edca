//! Opinions and their revisions: protocol tests 66, 67 and 73–76, decisions 2, 4 and 11.

use polylogue::{
    base::clock::Timestamp,
    record::item::{Item, ItemError},
};
use proptest::prelude::*;
use serde_json::json;

use super::{
    history::for_all,
    shelf::Shelf,
    voice::{Stand, Text, Voice, delivered, minute, some_digest},
};

struct Written {
    author: Voice,
    opinion: String,
}

impl Written {
    fn new() -> Self {
        let author = Voice::new("amina", "a.example");
        Self { opinion: author.opinion(1), author }
    }

    /// Revisions 1 to 4, each on the one before.
    fn chain(&self) -> Vec<Text<'_>> {
        let mut texts = vec![Text::new(&self.opinion, 1, "first text")];
        for (number, content) in [(2, "second text"), (3, "three"), (4, "four")] {
            let before = self.author.digest(texts.last().unwrap());
            texts.push(Text::new(&self.opinion, number, content).after(before));
        }
        texts
    }

    fn acts(&self) -> Vec<Item> {
        let chain = self.chain();
        chain.iter().map(|t| self.author.publishes(t.number, t, minute(t.number))).collect()
    }
}

#[test]
fn nobody_writes_in_the_name_of_another() {
    // Tests 66 and 67.
    let amina = Voice::new("amina", "a.example");
    let (bruno, chen) = (Voice::new("bruno", "a.example"), Voice::new("chen", "b.example"));
    let opinion = amina.opinion(1);
    for other in [&bruno, &chen] {
        for kind in ["Create", "Update"] {
            let article = amina.article(&Text::new(&opinion, 1, "one"), minute(0));
            let refused = other.act(1, kind, article, minute(0)).unwrap_err();
            assert!(matches!(refused, ItemError::NotTheirs { .. }), "{refused}");
        }
    }
    // Their own words under an id of another host.
    let article = chen.article(&Text::new(&opinion, 1, "one"), minute(0));
    assert!(matches!(chen.act(1, "Create", article, minute(0)), Err(ItemError::NotTheirs { .. })));
    let deletes = chen.act(1, "Delete", json!({"id": opinion, "type": "Tombstone"}), minute(0));
    assert!(matches!(deletes, Err(ItemError::NotTheirs { .. })));
    // Nor in a name of no host at all.
    let nowhere = json!({"id": "urn:x:1", "type": "Like", "actor": "urn:x:2", "object": opinion});
    assert!(Item::of(nowhere).is_err());
}

#[tokio::test]
async fn another_of_the_same_host_changes_nothing() {
    // A key of the same host signs an Update of the opinion as its own.
    let shelf = Shelf::new().await;
    let written = Written::new();
    let bruno = Voice::new("bruno", "a.example");
    let mut items = written.acts();
    let before = shelf.shows(&items).await;
    let next = Text::new(&written.opinion, 5, "mine").after(some_digest(4));
    items.push(bruno.publishes(9, &next, minute(9)));
    items.push(bruno.deletes(10, &written.opinion, minute(10)));
    assert_eq!(shelf.shows(&items).await.text, before.text);
    items.push(written.author.deletes(11, &written.opinion, minute(11)));
    assert!(shelf.shows(&items).await.opinions[0].deleted);
}

#[tokio::test]
async fn a_text_with_the_digest_of_another_is_no_revision() {
    // Test 73: the digest is recomputed; the change of content, of the abstract, of the chain all count.
    let shelf = Shelf::new().await;
    let written = Written::new();
    let chain = written.chain();
    let digest = written.author.digest(&chain[1]);
    let mut forged = chain[1].clone();
    forged.content = "not what they signed";
    forged.digest = Some(digest.clone());
    let mut abstracts = written.author.article(&chain[1], minute(2));
    abstracts["abstract"] = json!("Not what they signed.");
    let mut unchained = chain[1].clone();
    unchained.previous = None;
    unchained.digest = Some(digest);
    for wrong in [
        written.author.publishes(2, &forged, minute(2)),
        written.author.act(2, "Update", abstracts, minute(2)).unwrap(),
        written.author.publishes(2, &unchained, minute(2)),
    ] {
        let shown = shelf.shows(&[written.author.publishes(1, &chain[0], minute(1)), wrong]).await;
        assert_eq!(shown.revisions.len(), 1);
        assert_eq!(shown.opinions[0].revision, 1);
    }
}

#[tokio::test]
async fn test_74_the_last_revision_is_current_and_gaps_are_told() {
    let shelf = Shelf::new().await;
    let acts = Written::new().acts();
    let chain = async |of: &[usize]| {
        let shown = shelf.shows(of.iter().map(|at| &acts[*at])).await;
        let current: Vec<i64> =
            shown.revisions.iter().filter(|row| row.current).map(|row| row.number).collect();
        assert_eq!(current, [shown.opinions[0].revision]);
        (shown.opinions[0].revision, shown.opinions[0].chain.clone(), shown.revisions.len())
    };
    assert_eq!(chain(&[0, 3, 2, 1]).await, (4, "complete".to_owned(), 4));
    assert_eq!(chain(&[3, 1, 0]).await, (4, "incomplete".to_owned(), 3));
    assert_eq!(chain(&[3]).await, (4, "incomplete".to_owned(), 1));
    assert_eq!(chain(&[0]).await, (1, "complete".to_owned(), 1));
}

#[tokio::test]
async fn test_75_two_texts_for_one_number_are_both_kept_and_every_room_takes_the_same() {
    let shelf = Shelf::new().await;
    let written = Written::new();
    let mut chain = written.chain();
    chain.truncate(3);
    let mut other = chain[2].clone();
    other.content = "another three";
    let mut items: Vec<Item> =
        chain.iter().map(|t| written.author.publishes(t.number, t, minute(t.number))).collect();
    items.push(written.author.publishes(4, &other, minute(9)));
    let shown = shelf.shows(&items).await;
    items.reverse();
    assert_eq!(shelf.shows(&items).await.text, shown.text);
    let digests = [written.author.digest(&chain[2]), written.author.digest(&other)];
    let third: Vec<&str> = shown
        .revisions
        .iter()
        .filter(|row| row.number == 3)
        .map(|row| row.digest.as_str())
        .collect();
    assert_eq!(third.len(), 2);
    assert!(digests.iter().all(|digest| third.contains(&digest.as_str())));
    assert_eq!(Some(&shown.opinions[0].digest), digests.iter().min());
    // A fourth that stands on the one that is not current is as good: its chain is whole.
    let fourth =
        Text::new(&written.opinion, 4, "four").after(digests.iter().max().unwrap().clone());
    items.push(written.author.publishes(5, &fourth, minute(10)));
    assert_eq!(shelf.shows(&items).await.opinions[0].chain, "complete");
    // One that stands on a text that nobody holds is not.
    let astray = Text::new(&written.opinion, 5, "five").after(some_digest(4));
    items.push(written.author.publishes(6, &astray, minute(11)));
    assert_eq!(shelf.shows(&items).await.opinions[0].chain, "broken");
}

#[tokio::test]
async fn a_change_of_status_is_no_new_text() {
    let shelf = Shelf::new().await;
    let written = Written::new();
    let chain = written.chain();
    let mut fin = chain[0].clone();
    fin.status = "plg:final";
    let article = written.author.article(&fin, minute(5));
    let items = [
        written.author.publishes(1, &chain[0], minute(1)),
        written.author.act(2, "Update", article, minute(5)).unwrap(),
    ];
    for order in [[&items[0], &items[1]], [&items[1], &items[0]]] {
        let shown = shelf.shows(order).await;
        assert_eq!(shown.opinions[0].status, "final");
        assert_eq!(shown.revisions.len(), 1);
        assert_eq!(shown.revisions[0].published, minute(1).as_millis());
        assert_eq!(shown.revisions[0].activity_id, items[0].id);
    }
}

#[tokio::test]
async fn test_76_what_comes_before_its_object_waits_for_it() {
    let shelf = Shelf::new().await;
    let written = Written::new();
    let chen = Voice::new("chen", "b.example");
    let acts = written.acts();
    let deletes = written.author.deletes(8, &written.opinion, minute(8));
    let shown = shelf.shows([&acts[1], &acts[0]]).await;
    assert_eq!((shown.opinions[0].revision, shown.revisions.len()), (2, 2));
    let stub = shelf.shows([&deletes, &acts[0]]).await;
    assert!(stub.opinions[0].deleted);
    assert!(!stub.text.contains("first text"), "{}", stub.text);
    // Final, whatever comes later.
    let later = shelf.shows([&acts[0], &deletes, &acts[1]]).await;
    assert!(later.opinions[0].deleted);
    assert!(!later.text.contains("second text"), "{}", later.text);

    let note = chen.note(1);
    let create = chen.comments(1, &note, &written.opinion, "first words", minute(1));
    let edit = chen.edits(2, &note, &written.opinion, "better words", minute(2));
    let delete = chen.deletes(3, &note, minute(3));
    let shown = shelf.shows([&edit, &create]).await;
    assert_eq!(shown.comment(&note).content, "better words");
    assert_eq!(shown.comment(&note).versions, 2);
    assert_eq!(shown.comment(&note).published, minute(1).as_millis());
    for order in [[&delete, &edit, &create], [&create, &delete, &edit]] {
        let shown = shelf.shows(order).await;
        assert!(shown.comment(&note).deleted);
        assert!(!shown.text.contains("words"), "{}", shown.text);
    }
}

#[tokio::test]
async fn everything_of_an_actor_that_is_deleted_goes() {
    let shelf = Shelf::new().await;
    let written = Written::new();
    let chen = Voice::new("chen", "b.example");
    let items = [
        written.author.publishes(1, &written.chain()[0], minute(1)),
        chen.comments(1, &chen.note(1), &written.opinion, "words", minute(2)),
        chen.likes(2, &written.opinion, Stand::SUPPORT, minute(3)),
        chen.deletes(3, &chen.uri, minute(4)),
    ];
    for shown in [shelf.shows(&items).await, shelf.shows(items.iter().rev()).await] {
        assert!(shown.comment(&chen.note(1)).deleted);
        assert!(shown.live(&chen.uri).is_empty());
        assert!(!shown.opinions[0].deleted);
    }
}

#[tokio::test]
async fn who_deletes_an_opinion_takes_back_no_position_on_it() {
    let shelf = Shelf::new().await;
    let written = Written::new();
    let amina = &written.author;
    let like = amina.likes(2, &written.opinion, Stand::SUPPORT, minute(2));
    let items = [
        amina.publishes(1, &written.chain()[0], minute(1)),
        like.clone(),
        amina.deletes(3, &written.opinion, minute(3)),
    ];
    assert_eq!(shelf.shows(&items).await.live(&amina.uri), ["support"]);
    assert_eq!(shelf.shows(items.iter().rev()).await.live(&amina.uri), ["support"]);
    // Who deletes the Like does.
    let mut items = items.to_vec();
    items.push(amina.deletes(4, &like.id, minute(4)));
    assert!(shelf.shows(&items).await.live(&amina.uri).is_empty());
    items.reverse();
    assert!(shelf.shows(&items).await.live(&amina.uri).is_empty());
}

#[tokio::test]
async fn a_receipt_counts_only_from_where_the_act_was_received() {
    // Decisions 4.
    let shelf = Shelf::new().await;
    let written = Written::new();
    let (amina, chen) = (&written.author, Voice::new("chen", "b.example"));
    let act = amina.publishes(1, &written.chain()[0], minute(1));
    let received = async |items: &[&Item]| {
        let shown = shelf.shows(items.iter().copied()).await;
        shown.opinions[0].received_at.map(Timestamp::from_millis)
    };
    let own = amina.attests(1, act.hash, minute(3));
    let later = amina.attests(2, act.hash, minute(5));
    let forged = chen.attests(3, act.hash, Timestamp::from_millis(0));
    assert_eq!(received(&[&act]).await, None);
    assert_eq!(received(&[&act, &forged]).await, None);
    assert_eq!(received(&[&later, &forged, &act, &own]).await, Some(minute(3)));

    // A room elsewhere took the act itself: the request that delivered it says so, to that host, within the hour.
    let evidence = delivered(&act, "b.example", minute(2));
    let of = |minutes| chen.attests(4, evidence.hash, minute(minutes));
    assert_eq!(received(&[&evidence, &of(4)]).await, Some(minute(4)));
    assert_eq!(received(&[&evidence, &of(62)]).await, Some(minute(62)));
    assert_eq!(received(&[&evidence, &of(63)]).await, None);
    assert_eq!(received(&[&evidence, &of(-59)]).await, None);
    let dana = Voice::new("dana", "c.example");
    assert_eq!(received(&[&evidence, &dana.attests(5, evidence.hash, minute(4))]).await, None);
}

#[tokio::test]
async fn one_act_delivered_to_two_hosts_is_attested_alike_everywhere() {
    // Each host keeps the request that reached it. Were both one entry, each would hold its own and believe its own
    // receipt alone: equal sets, unequal times.
    let shelf = Shelf::new().await;
    let written = Written::new();
    let (act, chen) = (written.acts()[0].clone(), Voice::new("chen", "b.example"));
    let dana = Voice::new("dana", "c.example");
    let at_b = delivered(&act, "b.example", minute(2));
    let at_c = delivered(&act, "c.example", minute(2));
    assert_ne!(at_b.hash, at_c.hash);
    assert_eq!(at_b.act_digest, at_c.act_digest);
    let items =
        [chen.attests(1, at_b.hash, minute(4)), dana.attests(2, at_c.hash, minute(3)), at_b, at_c];
    let shown = shelf.shows(&items).await;
    assert_eq!(shown.revisions.len(), 1);
    assert_eq!(shown.opinions[0].received_at, Some(minute(3).as_millis()));
    assert_eq!(shelf.shows(items.iter().rev()).await.text, shown.text);
}

/// INV-5 and B4: whatever comes, in whatever order and however often, what was once shown as revision n of a digest is
/// that text for ever, and every order of the same acts shows the same one as current.
#[test]
fn a_past_revision_never_changes_its_text() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let written = Written::new();
    let chain = written.chain();
    let mut other = chain[2].clone();
    other.content = "another three";
    let mut fin = chain[1].clone();
    fin.status = "plg:final";
    let mut forged = chain[1].clone();
    forged.content = "not what they signed";
    forged.digest = Some(written.author.digest(&chain[1]));
    let mut acts = written.acts();
    acts.push(written.author.publishes(5, &other, minute(9)));
    let article = written.author.article(&fin, minute(10));
    acts.push(written.author.act(6, "Update", article, minute(10)).unwrap());
    acts.push(written.author.publishes(7, &forged, minute(11)));
    let signed: Vec<(i64, String, &str)> = chain
        .iter()
        .chain([&other])
        .map(|text| (text.number, written.author.digest(text), text.content))
        .collect();
    let shelf = runtime.block_on(Shelf::new());
    let picks = prop::collection::vec(any::<prop::sample::Index>(), 1..10);
    for_all(40, 0x9019_2042, &picks, |picks| {
        let picked: Vec<&Item> = picks.iter().map(|at| at.get(&acts)).collect();
        runtime.block_on(async {
            let mut known: Vec<(i64, String)> = Vec::new();
            for upto in 1..=picked.len() {
                let some: Vec<&Item> = picked.iter().take(upto).copied().collect();
                let shown = shelf.shows(some.iter().copied()).await;
                for row in &shown.revisions {
                    let text = (row.number, row.digest.clone(), row.content.as_str());
                    prop_assert!(signed.contains(&text), "nobody signed {text:?}");
                }
                for revision in &known {
                    let kept = shown
                        .revisions
                        .iter()
                        .any(|row| (row.number, &row.digest) == (revision.0, &revision.1));
                    prop_assert!(kept, "{revision:?} is not shown any more");
                }
                known =
                    shown.revisions.iter().map(|row| (row.number, row.digest.clone())).collect();
                let turned = shelf.shows(some.iter().rev().copied()).await;
                prop_assert_eq!(turned.text, shown.text);
            }
            Ok(())
        })
    });
}

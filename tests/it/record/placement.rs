//! Comments find their thread, whichever part of it comes last (decisions 1), and no thread is more than what its
//! authors signed: also where they edit what a comment answers, or sign one id twice.

use polylogue::record::item::Item;

use super::{
    shelf::{Shelf, Shown},
    voice::{Stand, Text, Voice, minute},
};

const ORDERS: [[usize; 4]; 24] = {
    let mut orders = [[0; 4]; 24];
    let (mut made, mut code) = (0, 0);
    while code < 256 {
        let order = [code / 64 % 4, code / 16 % 4, code / 4 % 4, code % 4];
        let all = 1 << order[0] | 1 << order[1] | 1 << order[2] | 1 << order[3];
        if all == 15 {
            orders[made] = order;
            made += 1;
        }
        code += 1;
    }
    orders
};

/// What every order of four items shows; fails where two of them differ.
async fn in_every_order(shelf: &Shelf, items: &[Item; 4]) -> Shown {
    let shown = shelf.shows(items).await;
    for order in ORDERS {
        let other = shelf.shows(order.map(|at| &items[at])).await;
        assert_eq!(other.text, shown.text, "in the order {order:?}");
    }
    let again = shelf.lay(items).await.rebuilt().await.shown().await;
    assert_eq!(again.text, shown.text, "after rebuild");
    shown
}

#[tokio::test]
async fn a_thread_comes_together_in_any_order() {
    let shelf = Shelf::new().await;
    let (amina, chen) = (Voice::new("amina", "a.example"), Voice::new("chen", "b.example"));
    let opinion = amina.opinion(1);
    let items = [
        amina.publishes(1, &Text::new(&opinion, 1, "one"), minute(0)),
        chen.comments(2, &chen.note(1), &opinion, "a", minute(1)),
        amina.comments(3, &amina.note(2), &chen.note(1), "b", minute(2)),
        chen.comments(4, &chen.note(3), &amina.note(2), "c", minute(3)),
    ];
    let shown = in_every_order(&shelf, &items).await;
    assert_eq!(shown.comments.len(), 3);
    assert!(shown.comments.iter().all(|row| row.opinion_uri.as_ref() == Some(&opinion)));
    // Without its middle the end is held, and in no thread.
    let shown = shelf.shows([&items[0], &items[1], &items[3]]).await;
    assert_eq!(shown.comment(&chen.note(3)).opinion_uri, None);
    assert_eq!(shown.comment(&chen.note(1)).opinion_uri.as_ref(), Some(&opinion));
}

#[tokio::test]
async fn replies_in_a_circle_hang_on_nothing() {
    // An edit makes a comment answer its own answer. In one order both would keep the thread they had.
    let shelf = Shelf::new().await;
    let (amina, chen) = (Voice::new("amina", "a.example"), Voice::new("chen", "b.example"));
    let opinion = amina.opinion(1);
    let items = [
        amina.publishes(1, &Text::new(&opinion, 1, "one"), minute(0)),
        chen.comments(2, &chen.note(1), &opinion, "a", minute(1)),
        amina.comments(3, &amina.note(2), &chen.note(1), "b", minute(2)),
        chen.edits(4, &chen.note(1), &amina.note(2), "a", minute(3)),
    ];
    let shown = in_every_order(&shelf, &items).await;
    assert!(shown.comments.iter().all(|row| row.opinion_uri.is_none()), "{:#?}", shown.comments);
    let shown = shelf.shows(&items[..3]).await;
    assert!(shown.comments.iter().all(|row| row.opinion_uri.as_ref() == Some(&opinion)));
}

#[tokio::test]
async fn an_answer_to_a_position_is_in_the_thread_of_its_opinion() {
    let shelf = Shelf::new().await;
    let (amina, chen) = (Voice::new("amina", "a.example"), Voice::new("chen", "b.example"));
    let opinion = amina.opinion(1);
    let items = [
        amina.publishes(1, &Text::new(&opinion, 1, "one"), minute(0)),
        chen.states(2, &chen.note(1), &opinion, Stand::OBJECTION, minute(1)),
        amina.comments(3, &amina.note(2), &chen.note(1), "Which costs?", minute(2)),
        chen.comments(4, &chen.note(3), &amina.note(2), "All of them.", minute(3)),
    ];
    let shown = in_every_order(&shelf, &items).await;
    assert!(shown.comments.iter().all(|row| row.opinion_uri.as_ref() == Some(&opinion)));
    // While the opinion itself is missing there is no thread to be in.
    let shown = shelf.shows(&items[1..]).await;
    assert!(shown.comments.iter().all(|row| row.opinion_uri.is_none()));
}

#[tokio::test]
async fn one_id_for_a_comment_and_a_position_is_one_place() {
    let shelf = Shelf::new().await;
    let (amina, chen) = (Voice::new("amina", "a.example"), Voice::new("chen", "b.example"));
    let (one, other) = (amina.opinion(1), amina.opinion(2));
    let published = [
        amina.publishes(1, &Text::new(&one, 1, "one"), minute(0)),
        amina.publishes(2, &Text::new(&other, 1, "other"), minute(0)),
    ];
    let both = [
        chen.comments(3, &chen.note(1), &one, "a", minute(1)),
        chen.states(4, &chen.note(1), &other, Stand::OBJECTION, minute(2)),
    ];
    let reply = amina.comments(5, &amina.note(2), &chen.note(1), "b", minute(3));
    let [first, second] = &published;
    let [comment, position] = &both;
    let orders = [
        [first, second, comment, position, &reply],
        [first, second, position, comment, &reply],
        [first, second, &reply, comment, position],
        [first, second, &reply, position, comment],
        [&reply, position, comment, second, first],
        [&reply, comment, position, second, first],
    ];
    for order in orders {
        let shown = shelf.shows(order).await;
        assert_eq!(shown.comment(&amina.note(2)).opinion_uri.as_ref(), Some(&one));
    }
}

//! What instances sign for guests (protocol 4.d P10, docs/decisions/0013): one line with what the person signs herself,
//! which nobody's word replaces.

use polylogue::record::item::{Item, ItemError};
use serde_json::json;

use super::{
    positions::{OPINION, either_way},
    shelf::{Shelf, Shown},
    voice::{Stand, Voice, minute},
};

const NOTE: &str = "https://a.example/c/1";

struct People {
    a: Voice,
    x: Voice,
    ana: Voice,
}

fn people() -> People {
    People {
        a: Voice::instance("a.example"),
        x: Voice::instance("x.example"),
        ana: Voice::new("ana", "social.example"),
    }
}

impl People {
    /// What an instance states for Ana, `number` minutes after the opening.
    fn states(&self, instance: &Voice, number: i64, stand: Stand<'_>) -> Item {
        let note = instance.note(number);
        instance.states_for((number, &self.ana), &note, OPINION, stand, minute(number)).unwrap()
    }
}

/// Every order of these items shows the same.
async fn any_way(shelf: &Shelf, items: &[Item]) -> Shown {
    let shown = either_way(shelf, items).await;
    for turn in 1..items.len() {
        let turned = items.iter().cycle().skip(turn).take(items.len());
        assert_eq!(shelf.shows(turned).await.text, shown.text, "turned by {turn}");
    }
    let rebuilt = shelf.lay(items).await.rebuilt().await.shown().await;
    assert_eq!(rebuilt.text, shown.text, "rebuilt");
    shown
}

#[tokio::test]
async fn a_guest_holds_one_position_wherever_it_was_stated() {
    let (shelf, people) = (Shelf::new().await, people());
    let (a, x, ana) = (&people.a, &people.x, &people.ana);
    let support = people.states(a, 1, Stand::SUPPORT);
    let objection = people.states(x, 2, Stand::OBJECTION);
    let shown = any_way(&shelf, &[support.clone(), objection.clone()]).await;
    assert_eq!(shown.live(&ana.uri), ["objection"]);
    let row = shown.positions.iter().find(|row| row.live).unwrap();
    assert_eq!((row.actor.as_str(), row.attested_by.as_ref()), (ana.uri.as_str(), Some(&x.uri)));
    // Withdrawn where she likes; nothing earlier comes back.
    let withdrawn = people.states(a, 3, Stand::WITHDRAWN);
    assert!(any_way(&shelf, &[support, objection, withdrawn]).await.live(&ana.uri).is_empty());
}

#[tokio::test]
async fn what_she_signs_herself_replaces_what_is_stated_and_is_replaced_by_nobodys_word() {
    let (shelf, people) = (Shelf::new().await, people());
    let (a, ana) = (&people.a, &people.ana);
    let stated = people.states(a, 1, Stand::SUPPORT);
    let own = ana.states(2, &ana.note(2), OPINION, Stand::OBJECTION, minute(2));
    let shown = any_way(&shelf, &[stated.clone(), own.clone()]).await;
    assert_eq!(shown.live(&ana.uri), ["objection"]);
    assert_eq!(shown.positions.iter().find(|row| row.live).unwrap().attested_by, None);
    // A hostile instance says something later, or that she withdrew: hers stands.
    for stand in [Stand::SUPPORT, Stand::WITHDRAWN] {
        let later = people.states(&people.x, 3, stand);
        let shown = any_way(&shelf, &[stated.clone(), own.clone(), later]).await;
        assert_eq!(shown.live(&ana.uri), ["objection"], "{stand:?}");
        let row = shown.positions.iter().find(|row| row.live).unwrap();
        assert_eq!(row.withdrawn_at, None, "{stand:?}");
    }
    // Once she took hers back, what is stated later counts; what was stated before she did never comes up.
    let meanwhile = people.states(a, 3, Stand::SUPPORT);
    let after = people.states(a, 5, Stand::SUPPORT);
    for end in [
        ana.undoes(4, &own, minute(4)),
        ana.states(4, &ana.note(4), OPINION, Stand::WITHDRAWN, minute(4)),
    ] {
        let before = [stated.clone(), own.clone(), meanwhile.clone(), end];
        assert!(any_way(&shelf, &before).await.live(&ana.uri).is_empty());
        let all = [&before[..], std::slice::from_ref(&after)].concat();
        let shown = any_way(&shelf, &all).await;
        assert_eq!(shown.live(&ana.uri), ["support"]);
    }
}

#[tokio::test]
async fn she_takes_back_what_is_stated_from_her_own_server_and_nobody_else_does() {
    let (shelf, people) = (Shelf::new().await, people());
    let (a, ana) = (&people.a, &people.ana);
    let stated = people.states(a, 1, Stand::SUPPORT);
    let comment =
        a.comments_for((2, ana), "Create", "https://a.example/c/2", OPINION, minute(2)).unwrap();
    let shown = any_way(&shelf, &[stated.clone(), comment.clone()]).await;
    assert_eq!(shown.live(&ana.uri), ["support"]);
    assert_eq!(shown.comments[0].attested_by.as_ref(), Some(&a.uri));
    assert_eq!(shown.comments[0].author, ana.uri);
    // By her own withdrawal, as a room reads it in a reply too; by an Undo; by the end of her account.
    let own = ana.states(3, &ana.note(3), OPINION, Stand::WITHDRAWN, minute(3));
    assert!(any_way(&shelf, &[stated.clone(), own]).await.live(&ana.uri).is_empty());
    let undo = ana.undoes(3, &stated, minute(3));
    assert!(any_way(&shelf, &[stated.clone(), undo]).await.live(&ana.uri).is_empty());
    let gone = ana.deletes(3, &ana.uri, minute(3));
    let shown = any_way(&shelf, &[stated.clone(), comment.clone(), gone]).await;
    assert!(shown.live(&ana.uri).is_empty());
    assert!(shown.comments[0].deleted && shown.comments[0].content.is_empty());
    // By the instance that signed it; not by another, nor by a stranger.
    let deleted = a.deletes(3, "https://a.example/c/1", minute(3));
    assert!(any_way(&shelf, &[stated.clone(), deleted]).await.live(&ana.uri).is_empty());
    for other in [&people.x, &Voice::new("mallory", "social.example")] {
        let undo = other.undoes(3, &stated, minute(3));
        let shown = any_way(&shelf, &[stated.clone(), undo]).await;
        assert_eq!(shown.live(&ana.uri), ["support"], "{}", other.uri);
    }
}

#[tokio::test]
async fn an_instance_attests_for_individuals_of_other_servers_alone() {
    let (shelf, people) = (Shelf::new().await, people());
    let (a, ana) = (&people.a, &people.ana);
    let attest = |instance: &Voice, guest: &Voice| {
        instance.states_for((1, guest), &instance.note(1), OPINION, Stand::SUPPORT, minute(1))
    };
    // Who has an account there signs; and no person of an instance attests for others.
    for (instance, guest) in
        [(a, &Voice::new("amina", "a.example")), (&Voice::new("mallory", "a.example"), ana)]
    {
        let refused = attest(instance, guest);
        assert!(matches!(refused, Err(ItemError::NotTheirs { .. })), "{refused:?}");
    }
    // For nobody else, in no role, whatever it says.
    let stand = Stand { for_whom: Some("https://social.example/p/union"), ..Stand::SUPPORT };
    let mut claims = people.states(a, 1, stand).document["object"].clone();
    claims["attestedPosition"]["role"] = json!("plg:coAuthor");
    let shown = any_way(&shelf, &[a.act(1, "Create", claims, minute(1)).unwrap()]).await;
    let row = &shown.positions[0];
    assert_eq!((row.on_behalf_of.as_ref(), row.role.as_ref()), (None, None));
    assert_eq!(
        (row.principal.as_str(), row.capacity.as_str()),
        (ana.uri.as_str(), "plg:individual")
    );
    // What became of a comment, and what is filed with a text, an instance cannot say for a guest.
    let comment = a.comments_for((1, ana), "Create", NOTE, OPINION, minute(1)).unwrap();
    let mut fate = comment.document["object"].clone();
    fate["disposition"] =
        json!({"type": "Disposition", "outcome": "plg:accepted", "reason": "Yes."});
    assert!(matches!(a.act(1, "Create", fate, minute(1)), Err(ItemError::Member(_))));
    let mut filed = comment.document["object"].clone();
    filed["commentKind"] = json!("plg:separateStatement");
    let shown = any_way(&shelf, &[a.act(1, "Create", filed, minute(1)).unwrap()]).await;
    assert_eq!(shown.comments[0].kind, "remark");
}

#[tokio::test]
async fn the_words_of_one_guest_are_never_put_into_anothers_mouth() {
    let (shelf, people) = (Shelf::new().await, people());
    let (a, ana, joao) = (&people.a, &people.ana, Voice::new("joao", "social.example"));
    let comment = a.comments_for((1, ana), "Create", NOTE, OPINION, minute(1)).unwrap();
    let as_joao = a.comments_for((2, &joao), "Update", NOTE, OPINION, minute(2)).unwrap();
    let shown = any_way(&shelf, &[comment.clone(), as_joao]).await;
    assert_eq!(
        (shown.comments[0].author.as_str(), shown.comments[0].versions),
        (ana.uri.as_str(), 1)
    );
    let edited = a.comments_for((2, ana), "Update", NOTE, OPINION, minute(2)).unwrap();
    assert_eq!(any_way(&shelf, &[comment, edited]).await.comments[0].versions, 2);
    // A position whose line is another's is nobody's.
    let stated = people.states(a, 3, Stand::SUPPORT);
    assert_eq!(any_way(&shelf, &[stated]).await.live(&joao.uri), Vec::<String>::new());
}

//! Random histories of a topic: several people on several hosts who contradict themselves and each other, forge
//! what they can sign, and date it as they like.

use polylogue::base::entropy::{self, Entropy};
use polylogue::{
    base::clock::Timestamp,
    domain::delegation::Scope,
    record::item::{Cell, Item, Kind},
};
use polylogue_tests::{SeededEntropy, entropy::seed_or};
use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::json;

use super::voice::{Stand, Text, Voice, delivered, minute};

/// Opinions, and Notes that are comments or positions, of each author: few, so that they meet.
const OBJECTS: i64 = 1;

/// One thing that somebody signs. Everything is an index or a small number, so that a failing history shrinks.
#[derive(Debug, Clone)]
pub(super) enum Event {
    Revision {
        who: Option<usize>,
        opinion: Which,
        number: i64,
        variant: u8,
        flaw: Flaw,
        status: u8,
        update: bool,
    },
    Comment {
        who: Option<usize>,
        note: Which,
        parent: Parent,
        version: u8,
        edit: bool,
    },
    Position {
        who: usize,
        on: Parent,
        note: Option<i64>,
        kind: u8,
        reason: bool,
        for_whom: u8,
        delegation: Option<Index>,
        revision: i64,
    },
    Delegation {
        /// Who gives it: the network, or somebody who is no organisation at all.
        by: usize,
        to: usize,
        scopes: u8,
        until: Option<i64>,
    },
    /// The end of a delegation, by its author or by another.
    End {
        who: Option<usize>,
        of: Index,
    },
    Undo {
        who: Option<usize>,
        act: Index,
    },
    Delete {
        who: Option<usize>,
        what: Parent,
    },
    Receipt {
        host: Option<usize>,
        /// None: of what was done last.
        of: Option<Index>,
    },
    Evidence {
        of: Index,
        host: usize,
    },
    /// A room's reading of a comment: at home, where it was delivered, or where it is nobody's business.
    Reading {
        /// None: at home.
        host: Option<usize>,
        /// None: of what was written last.
        of: Option<Index>,
        kind: u8,
        revision: i64,
        /// On which opinion it says the comment is, if not on the one that is answered.
        about: Option<Which>,
    },
    Genesis,
}

/// An object by whose it is and its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Which {
    of: usize,
    number: i64,
}

/// What something is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Parent {
    Opinion(Which),
    Note(Which),
    Actor(usize),
}

/// What is wrong with a revision.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flaw {
    None,
    /// It names no revision before it, or another than there is.
    Chain,
    /// Its digest is that of another text.
    Digest,
}

/// An event and the time its author, or its room, gives it.
pub(super) type Dated = (Event, When);

/// Few moments, so that many are the same.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    Minute(i64),
    /// 1970.
    Epoch,
    /// 2099.
    FarAhead,
}

impl When {
    fn timestamp(self) -> Timestamp {
        match self {
            Self::Minute(minutes) => minute(minutes),
            Self::Epoch => Timestamp::from_millis(0),
            Self::FarAhead => Timestamp::from_millis(4_070_908_800_000),
        }
    }
}

/// A history of up to `length` events.
pub(super) fn history(length: usize) -> impl Strategy<Value = Vec<Dated>> {
    prop::collection::vec((event(), when()), 1..=length)
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        12 => (0_i64..6).prop_map(When::Minute),
        // More than an hour from the others, either way.
        1 => Just(When::Minute(-90)),
        1 => Just(When::Minute(90)),
        1 => Just(When::FarAhead),
        1 => Just(When::Epoch),
    ]
}

fn which() -> impl Strategy<Value = Which> {
    (0..VOICES.len(), 1..=OBJECTS).prop_map(|(of, number)| Which { of, number })
}

fn parent() -> impl Strategy<Value = Parent> {
    prop_oneof![
        3 => which().prop_map(Parent::Opinion),
        4 => which().prop_map(Parent::Note),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let who = 0..VOICES.len();
    // Mostly who may, sometimes who may not.
    let anyone = prop_oneof![4 => Just(None), 1 => who.clone().prop_map(Some)];
    // The same Note may be a comment in one act and a position in another: its author can sign both.
    let note = prop::option::of(1..=OBJECTS);
    // Mostly on one opinion.
    let on = prop_oneof![
        6 => Just(Parent::Opinion(Which { of: 0, number: 1 })),
        4 => parent(),
    ];
    let flaw = prop_oneof![6 => Just(Flaw::None), 1 => Just(Flaw::Chain), 1 => Just(Flaw::Digest)];
    prop_oneof![
        6 => (anyone.clone(), which(), 1_i64..=4, 0_u8..2, flaw, 0_u8..3, any::<bool>()).prop_map(
            |(who, opinion, number, variant, flaw, status, update)| Event::Revision {
                who, opinion, number, variant, flaw, status, update,
            }
        ),
        6 => (anyone.clone(), which(), parent(), 0_u8..3, any::<bool>()).prop_map(
            |(who, note, parent, version, edit)| Event::Comment { who, note, parent, version, edit }
        ),
        9 => (
            (who.clone(), on, note, 0_u8..6, any::<bool>(), 0_u8..5, 1_i64..=3),
            prop::option::weighted(0.7, any::<Index>()),
        )
            .prop_map(|((who, on, note, kind, reason, for_whom, revision), delegation)| {
                Event::Position { who, on, note, kind, reason, for_whom, delegation, revision }
            }),
        6 => (
            prop_oneof![4 => Just(3_usize), 1 => who.clone()],
            who.clone(),
            0_u8..8,
            prop::option::weighted(0.3, 0_i64..6),
        )
            .prop_map(|(by, to, scopes, until)| Event::Delegation { by, to, scopes, until }),
        1 => (anyone.clone(), any::<Index>()).prop_map(|(who, of)| Event::End { who, of }),
        3 => (anyone.clone(), any::<Index>()).prop_map(|(who, act)| Event::Undo { who, act }),
        3 => (anyone, prop_oneof![8 => parent(), 1 => who.clone().prop_map(Parent::Actor)])
            .prop_map(|(who, what)| Event::Delete { who, what }),
        // Mostly by a room on the author's own host, whose word counts.
        8 => (
            prop_oneof![2 => Just(None), 1 => (0_usize..3).prop_map(Some)],
            prop_oneof![2 => Just(None), 1 => any::<Index>().prop_map(Some)],
        )
            .prop_map(|(host, of)| Event::Receipt { host, of }),
        2 => (any::<Index>(), 0_usize..3).prop_map(|(of, host)| Event::Evidence { of, host }),
        10 => (
            prop::option::weighted(0.3, 0_usize..3),
            prop_oneof![2 => Just(None), 1 => any::<Index>().prop_map(Some)],
            0_u8..14,
            1_i64..=3,
            prop::option::weighted(0.15, which()),
        )
            .prop_map(|(host, of, kind, revision, about)| Event::Reading {
                host, of, kind, revision, about,
            }),
        1 => Just(Event::Genesis),
    ]
}

/// Everybody in these histories: two of one host, so that one can sign for ids of the other.
const VOICES: [(&str, &str); 4] = [
    ("amina", "a.example"),
    ("bruno", "a.example"),
    ("chen", "b.example"),
    ("network", "c.example"),
];

const KINDS: [&str; 6] = [
    "plg:support",
    "plg:reservation",
    "plg:neutral",
    "plg:concern",
    "plg:objection",
    "plg:withdrawn",
];

/// The items of a history. What no server would take as an item at all (an object of another host) is left out.
pub(super) fn items(history: &[Dated]) -> Vec<Item> {
    let voices: Vec<Voice> = VOICES.iter().map(|(name, host)| Voice::new(name, host)).collect();
    let mut items: Vec<Item> = Vec::new();
    for (at, (event, when)) in history.iter().enumerate() {
        let number = i64::try_from(at).unwrap() + 1;
        let made = item(&voices, &items, number, event, when.timestamp());
        // What is done by the book has its receipt at once: else hardly any of it would count.
        let receipt =
            made.as_ref().filter(|_| matches!(event, Event::Position { for_whom: 0 | 1, .. }));
        let receipt = receipt.and_then(|act| {
            let author = voices.iter().find(|voice| voice.uri == act.actor)?;
            Some(author.attests(number + 1_000, act.hash, when.timestamp()))
        });
        items.extend(made.into_iter().chain(receipt));
    }
    items
}

fn uri(voices: &[Voice], object: Parent) -> String {
    match object {
        Parent::Opinion(which) => voices[which.of].opinion(which.number),
        Parent::Note(which) => voices[which.of].note(which.number),
        Parent::Actor(of) => voices[of].uri.clone(),
    }
}

fn item(
    voices: &[Voice],
    before: &[Item],
    number: i64,
    event: &Event,
    at: Timestamp,
) -> Option<Item> {
    // What may be attested or taken back: acts, and delegations with their ends.
    let named: Vec<&Item> = before
        .iter()
        .filter(|item| {
            item.cell.is_some() || item.kind == Kind::Delegation || item.act_type == "Delete"
        })
        .collect();
    let earlier = |index: &Index| (!named.is_empty()).then(|| named[index.index(named.len())]);
    let delegations: Vec<&Item> =
        before.iter().filter(|item| item.kind == Kind::Delegation).collect();
    let delegation = |index: &Index| {
        (!delegations.is_empty()).then(|| delegations[index.index(delegations.len())])
    };
    match event {
        Event::Revision { who, opinion, number: revision, variant, flaw, status, update } => {
            let uri = uri(voices, Parent::Opinion(*opinion));
            let voice = &voices[who.unwrap_or(opinion.of)];
            let content = ["one", "other"][usize::from(*variant)];
            let mut text = Text::new(&uri, 1, "one");
            for next in 2..=*revision {
                text = Text::new(&uri, next, "one").after(voice.digest(&text));
            }
            text.content = content;
            text.status = ["plg:open", "plg:final", "plg:withdrawn"][usize::from(*status)];
            match flaw {
                Flaw::None => {}
                Flaw::Chain => text.previous = None,
                Flaw::Digest => text.digest = Some(super::voice::some_digest(9)),
            }
            let kind = if *update { "Update" } else { "Create" };
            voice.act(number, kind, voice.article(&text, at), at).ok()
        }
        Event::Comment { who, note, parent, version, edit } => {
            let voice = &voices[who.unwrap_or(note.of)];
            let note = uri(voices, Parent::Note(*note));
            let parent = uri(voices, *parent);
            // Only an author on the host of the id: else it is no item.
            if !note.starts_with(&format!("https://{}/", voice.host)) {
                return None;
            }
            let words = ["first words", "second words", "third words"][usize::from(*version)];
            Some(if *edit {
                voice.edits(number, &note, &parent, words, at)
            } else {
                voice.comments(number, &note, &parent, words, at)
            })
        }
        Event::Delegation { by, to, scopes, until } => {
            let scopes: &[Scope] = match scopes {
                0 => &[],
                1 => &[Scope::Comment],
                _ => &[Scope::Position, Scope::Comment],
            };
            let until = until.map(minute);
            let from = minute(0);
            Some(voices[*by].delegates(number, &voices[*to].uri, scopes, (from, until), at))
        }
        Event::End { who, of } => {
            let of = delegation(of)?;
            let author = voices.iter().find(|voice| voice.uri == of.actor)?;
            let voice = who.map_or(author, |who| &voices[who]);
            voice.act(number, "Delete", json!({"id": of.id, "type": "Tombstone"}), at).ok()
        }
        Event::Position { who, on, note, kind, reason, for_whom, delegation: named, revision } => {
            let on = uri(voices, *on);
            let named = named.as_ref().and_then(delegation);
            // By the book: who was delegated acts for who delegated. Else anybody claims what they like.
            let subject = named.and_then(|item| {
                voices.iter().find(|voice| Some(&voice.uri) == item.object.as_ref())
            });
            let by_the_book = subject.filter(|_| *for_whom < 2);
            let voice = by_the_book.unwrap_or(&voices[*who]);
            let stand = Stand {
                kind: KINDS[usize::from(*kind)],
                statement: reason.then_some("For a reason."),
                for_whom: match for_whom {
                    0 | 1 => named.map(|item| item.actor.as_str()),
                    2 => Some(voices[3].uri.as_str()),
                    3 => Some(voices[2].uri.as_str()),
                    _ => None,
                },
                delegation: named.map(|item| item.id.as_str()),
                revision: *revision,
            };
            Some(match note {
                Some(note) => voice.states(number, &voice.note(*note), &on, stand, at),
                None => voice.likes(number, &on, stand, at),
            })
        }
        Event::Undo { who, act } => {
            let act = earlier(act)?;
            let author = voices.iter().find(|voice| voice.uri == act.actor)?;
            Some(who.map_or(author, |who| &voices[who]).undoes(number, act, at))
        }
        Event::Delete { who, what } => {
            let (Parent::Opinion(Which { of, .. })
            | Parent::Note(Which { of, .. })
            | Parent::Actor(of)) = *what;
            let voice = &voices[who.unwrap_or(of)];
            let what = uri(voices, *what);
            let tombstone = json!({"id": what, "type": "Tombstone"});
            voice.act(number, "Delete", tombstone, at).ok()
        }
        Event::Receipt { host, of } => {
            let of = match of {
                Some(of) => earlier(of)?,
                None => named.last()?,
            };
            let own = voices.iter().position(|voice| voice.uri == of.actor)?;
            Some(voices[host.map_or(own, |host| [0, 2, 3][host])].attests(number, of.hash, at))
        }
        Event::Reading { host, of, kind, revision, about } => {
            let comments: Vec<&Item> =
                before.iter().filter(|item| matches!(item.cell, Some(Cell::Comment(_)))).collect();
            let of = match of {
                Some(_) if comments.is_empty() => return None,
                Some(of) => comments[of.index(comments.len())],
                None => comments.last()?,
            };
            let answered = of.document["object"]["inReplyTo"].as_str()?;
            let opinion = match about {
                Some(which) => uri(voices, Parent::Opinion(*which)),
                None => answered.to_owned(),
            };
            let kind = KINDS.get(usize::from(*kind)).copied().unwrap_or("plg:none");
            let home = voices
                .iter()
                .position(|voice| opinion.starts_with(&format!("https://{}/", voice.host)))?;
            let room = &voices[host.map_or(home, |host| [0, 2, 3][host])];
            Some(room.reads(number, of, &opinion, (kind, *revision), at))
        }
        Event::Evidence { of, host } => {
            let act = earlier(of)?;
            let plain = act.evidence.is_none();
            plain.then(|| delivered(act, ["a.example", "b.example", "c.example"][*host], at))
        }
        Event::Genesis => Some(voices[0].founds(&number.to_string())),
    }
}

/// Runs a property over histories: always the same ones, unless the environment names another seed.
pub(super) fn for_all<S: Strategy>(
    cases: u32,
    own_seed: u64,
    strategy: &S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let seed = seed_or(own_seed);
    let entropy = SeededEntropy::new(seed);
    let bytes: [u8; 32] = entropy::bytes(&entropy);
    let config =
        Config { cases, failure_persistence: None, max_shrink_time: 20_000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    // The seed is printed by `entropy` when this panics.
    if let Err(failure) = TestRunner::new_with_rng(config, rng).run(strategy, property) {
        panic!("{failure:#}");
    }
}

/// The items in some order, some of them several times.
pub(super) fn shuffled(items: &[Item], entropy: &dyn Entropy) -> Vec<Item> {
    let below = |bound: usize| {
        usize::try_from(u64::from_le_bytes(entropy::bytes(entropy)) % u64::try_from(bound).unwrap())
            .unwrap()
    };
    let mut order: Vec<Item> = items.to_vec();
    for _ in 0..items.len() / 4 {
        order.push(items[below(items.len())].clone());
    }
    for last in (1..order.len()).rev() {
        order.swap(last, below(last + 1));
    }
    order
}

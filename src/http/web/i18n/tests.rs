use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::domain::lens::Lens;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
    found
}

/// Key and message of every message of a language.
fn messages(language: Language) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for file in files(&root().join("locales").join(language.code()), "ftl") {
        for line in fs::read_to_string(&file).unwrap().lines() {
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let (key, message) = line.split_once('=').unwrap();
                last = key.trim().to_owned();
                let twice = all.insert(last.clone(), message.to_owned());
                assert!(twice.is_none(), "{last} stands twice in {}", language.code());
            } else if line.starts_with(' ') {
                all.get_mut(&last).unwrap().push_str(line);
            }
        }
    }
    all
}

/// The keys that templates and Rust name literally.
fn keys_in_use() -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut sources = files(&root().join("templates"), "html");
    sources.extend(files(&root().join("src/http/web"), "rs"));
    for file in sources.iter().filter(|file| !file.ends_with("tests.rs")) {
        let text = fs::read_to_string(file).unwrap();
        for call in [
            "t.say(\"",
            ".say_with(\"",
            ".say_with_two(\"",
            "t.plain(\"",
            ".plain_with(\"",
            ".said(\"",
            "key: \"",
        ] {
            for after in text.split(call).skip(1) {
                used.insert(after.split('"').next().unwrap().to_owned());
            }
        }
    }
    used
}

fn keys_of_vocabularies() -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = (1..=12).map(|month| format!("month-{month:02}")).collect();
    keys.extend(StakeholderGroup::WORDS.iter().map(|word| format!("group-{word}")));
    keys.extend(PositionKind::WORDS.iter().map(|word| format!("position-{word}")));
    keys.extend(CommentKind::WORDS.iter().map(|word| format!("comment-{word}")));
    keys.extend(OpinionStatus::WORDS.iter().map(|word| format!("status-{word}")));
    keys.extend(Capacity::WORDS.iter().map(|word| format!("capacity-{word}")));
    keys.extend(Region::WORDS.iter().map(|word| format!("region-{word}")));
    keys.extend(ProofLevel::WORDS.iter().map(|word| format!("level-{word}")));
    keys.extend(["group-none", "region-none"].map(str::to_owned));
    keys.extend(Lens::ALL.iter().map(|lens| lens.key().to_owned()));
    for party in Lens::ALL.iter().flat_map(|lens| lens.parties().all()) {
        let Label::Message(key) = &party.label else { panic!("{party:?} has words of its own") };
        keys.insert(key.clone());
    }
    keys
}

#[test]
fn every_key_in_use_exists_in_english_and_none_is_idle() {
    let english: BTreeSet<String> = messages(Language::English).into_keys().collect();
    let mut used = keys_in_use();
    used.extend(keys_of_vocabularies());
    used.extend(crate::http::web::view::keys());
    used.extend(crate::service::answers::KEYS.iter().map(|key| (*key).to_owned()));
    used.extend(crate::service::clients::KEYS.iter().map(|key| (*key).to_owned()));
    used.extend(crate::service::push::KEYS.iter().map(|key| (*key).to_owned()));
    let missing: Vec<_> = used.difference(&english).collect();
    assert!(missing.is_empty(), "not in locales/en: {missing:#?}");
    let idle: Vec<_> = english.difference(&used).collect();
    assert!(idle.is_empty(), "nobody says: {idle:#?}");
}

#[test]
fn other_languages_have_no_key_of_their_own_and_the_same_places() {
    let english = messages(Language::English);
    let places = |message: &str| -> BTreeSet<String> {
        message
            .split('$')
            .skip(1)
            .map(|after| after.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect())
            .collect()
    };
    for language in Language::ALL.iter().copied().filter(|it| *it != Language::English) {
        for (key, message) in messages(language) {
            let original =
                english.get(&key).unwrap_or_else(|| panic!("{key} only in {language:?}"));
            assert_eq!(places(&message), places(original), "{key} in {language:?}");
        }
    }
}

#[test]
fn the_vocabularies_are_translated_into_all_six_languages() {
    for language in Language::ALL {
        let own: BTreeSet<String> = messages(*language).into_keys().collect();
        let mut vocabularies = keys_of_vocabularies();
        if !Language::OFFERED.contains(language) {
            vocabularies.retain(|key| !key.starts_with("month-"));
        }
        let missing: Vec<_> = vocabularies.difference(&own).collect();
        assert!(missing.is_empty(), "{language:?} lacks {missing:?}");
    }
}

/// Whoever chooses a language finds at least the two pages in it that everybody sees first.
#[test]
fn only_languages_with_a_home_and_a_topic_page_are_offered() {
    let first_pages = |language| {
        let pages = ["common.ftl", "home.ftl", "topic.ftl"];
        let folder = root().join("locales").join(language);
        pages.iter().all(|page| folder.join(page).exists())
    };
    for language in Language::ALL {
        let offered = Language::OFFERED.contains(language);
        assert_eq!(offered, first_pages(language.code()), "{language:?}");
        assert_eq!(Language::from_tag(language.code()).is_some(), offered, "{language:?}");
    }
}

#[test]
fn messages_hold_no_markup() {
    for language in Language::ALL {
        for (key, message) in messages(*language) {
            assert!(!message.replace("->", "").contains(['<', '>', '&']), "{key} in {language:?}");
        }
    }
}

#[test]
fn the_language_is_what_the_reader_asked_for() {
    use Language::{Arabic, English, French};
    assert_eq!(Language::choose(Some("ar"), Some("fr"), Some("en")), Arabic);
    assert_eq!(Language::choose(Some("tlh"), Some("fr-CA"), Some("ar")), French);
    assert_eq!(Language::choose(None, None, Some("de, fr;q=0.5, ar;q=0.8")), Arabic);
    assert_eq!(Language::choose(None, None, Some("fr;q=0, en-GB")), English);
    assert_eq!(Language::choose(None, None, Some("de;q=x,*")), English);
    assert_eq!(Language::choose(None, None, None), English);
}

#[test]
fn a_missing_message_is_shown_in_english_and_marked() {
    let key = "sign-in-title";
    assert!(!messages(Language::French).contains_key(key), "choose another key");
    assert_eq!(
        Texts::new(Language::French).say(key).to_string(),
        "<span lang=\"en\" dir=\"ltr\">Sign in</span>"
    );
    assert_eq!(Texts::new(Language::English).say(key).to_string(), "Sign in");
    assert_eq!(Texts::new(Language::French).plain(key), "Sign in");
}

#[test]
fn what_is_put_into_a_sentence_is_escaped() {
    let t = Texts::new(Language::English);
    let said = t.say_with("run-by", "name", "A <b> & “C”");
    assert_eq!(said.to_string(), "run by <bdi>A &lt;b&gt; &amp; “C”</bdi>");
    assert_eq!(said.plain(), "run by A <b> & “C”");
}

#[test]
fn plurals_follow_each_language() {
    let days = |language, n: i64| Texts::new(language).plain_with("days-left", "days", n);
    assert_eq!(days(Language::English, 1), "1 day left");
    assert_eq!(days(Language::English, 9), "9 days left");
    assert_eq!(days(Language::French, 1), "plus qu’un jour");
    let arabic: BTreeSet<String> = [1, 2, 3, 11, 100].map(|n| days(Language::Arabic, n)).into();
    assert_eq!(arabic.len(), 5, "one, two, few, many and other differ: {arabic:?}");
}

#[test]
fn dates_in_words_and_groups_in_alphabetical_order() {
    let at = Timestamp::parse_rfc3339("2026-05-02T09:12:00Z").unwrap();
    assert_eq!(Texts::new(Language::English).moment(&at).plain(), "2 May 2026, 09:12 UTC");
    assert_eq!(Texts::new(Language::French).date(&at).plain(), "2 mai 2026");
}

/// The order of a dictionary of each language, written out by hand.
#[test]
fn names_are_in_the_alphabetical_order_of_each_language() {
    use StakeholderGroup as G;
    let (ac, cs, go, iu, io, ot, ps, te) = (
        G::AcademicCommunity,
        G::CivilSociety,
        G::Governments,
        G::IndividualUsers,
        G::InternationalOrganisations,
        G::Other,
        G::PrivateSector,
        G::TechnicalCommunity,
    );
    let table = [
        (Language::English, [ac, cs, go, iu, io, ot, ps, te]),
        (Language::French, [ot, te, ac, go, io, ps, cs, iu]),
        (Language::Arabic, [ac, go, ps, te, cs, iu, io, ot]),
        (Language::Spanish, [ac, te, go, io, ot, ps, cs, iu]),
        (Language::Russian, [ac, cs, ot, iu, io, go, te, ps]),
        (Language::Chinese, [iu, io, te, cs, ot, ps, ac, go]),
    ];
    for (language, order) in table {
        assert_eq!(Texts::new(language).sorted(G::ALL), order, "{language:?}");
    }
    let regions = |language| Texts::new(language).regions();
    assert_eq!(regions(Language::English), Region::ALL);
    assert_eq!(
        regions(Language::Russian),
        [
            Region::AsiaPacific,
            Region::Africa,
            Region::EasternEurope,
            Region::WesternEuropeOthers,
            Region::LatinAmericaCaribbean,
        ]
    );
}

#[test]
fn what_a_list_has_no_name_for_comes_last() {
    let t = Texts::new(Language::English);
    for lens in Lens::ALL {
        let parties = t.parties(lens.parties());
        assert_eq!(parties.len(), lens.parties().all().count());
        let last: Vec<_> = parties.iter().rev().take(2).map(|party| party.word.as_str()).collect();
        assert_eq!(last, [Parties::UNDECLARED, Parties::NOT_NAMED]);
    }
    let own = Party {
        word: "farmers".into(),
        label: Label::Own([("fr".to_owned(), "les <agriculteurs>".to_owned())].into()),
        groups: vec![StakeholderGroup::Other],
    };
    let said = t.party(&own);
    assert_eq!(said.to_string(), "<bdi lang=\"fr\">les &lt;agriculteurs&gt;</bdi>");
    assert_eq!(said.plain(), "les <agriculteurs>");
    // In the reader's language, else in English, whichever stands first.
    let labels = [("ar", "الفلاحون"), ("en-GB", "Farmers"), ("fr", "Agriculteurs")];
    let labels = labels.map(|(tag, name)| (tag.to_owned(), name.to_owned())).into();
    let own = Party { label: Label::Own(labels), ..own };
    assert_eq!(t.party(&own).plain(), "Farmers");
    assert_eq!(Texts::new(Language::French).party(&own).plain(), "Agriculteurs");
    assert_eq!(Texts::new(Language::Russian).party(&own).plain(), "Farmers");
    let outside = Party { label: Label::Outside(StakeholderGroup::Other), ..own };
    assert_eq!(t.party(&outside).plain(), "other (no party of this topic named)");
}

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{words::fold, *};
use crate::base::fixtures::cases;

const MENTION: &str = "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://cs.example/p/amina\" \
    class=\"u-url mention\">@<span>amina</span></a></span> ";

/// What stands around a first line: as other software sends it, and as people type it.
fn dressed(line: &str) -> Vec<String> {
    vec![
        line.to_owned(),
        format!("<p>{line}</p>"),
        format!("<p dir=\"auto\">\u{a0}{line} </p>"),
        format!("{MENTION}{line}</p>"),
        format!("{MENTION}</p><p>{line}</p>"),
        format!("{MENTION}<a href=\"x\" class=\"u-url mention\">@room</a><br>{line}</p>"),
        format!("<p>@amina@cs.example @room@cs.localhost:8480 {line}</p>"),
        format!("<p>@<a class=\"mention\" href=\"x\">A name of words</a>: {line}</p>"),
        format!("<blockquote><p>support the idea</p></blockquote><p>{line}</p>"),
        format!("<p>“{line}”</p>"),
        format!("<p>« {line} »</p>"),
        format!("<p>「{line}」</p>"),
        format!("<p><strong>{line}</strong></p>"),
        format!("<p>*{line}*</p>"),
        format!("<p>\u{200b}\u{202b}{line}\u{202c}</p>"),
    ]
}

/// What follows the keyword, and the passages, the name and the reason to be read in it.
type Tail<'a> = (&'a str, &'a [usize], Option<&'a str>, Option<&'a str>);

/// A word as it may be written by hand.
fn spelled(word: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    let wide: String = word
        .chars()
        .map(|c| match u32::from(c) {
            code @ 0x21..=0x7e => char::from_u32(code + 0xfee0).unwrap(),
            _ => c,
        })
        .collect();
    let vocalised: String = word
        .chars()
        .flat_map(|c| {
            let arabic = ('\u{621}'..='\u{64a}').contains(&c);
            [c].into_iter().chain(arabic.then_some('\u{64e}')).chain(arabic.then_some('\u{640}'))
        })
        .collect();
    vec![
        word.to_owned(),
        word.to_uppercase(),
        word.nfd().collect(),
        word.replace('’', "'"),
        word.replace(' ', "\u{a0} "),
        wide,
        vocalised,
    ]
}

#[test]
fn t88c_every_word_of_every_language_in_every_dress_is_read_the_same() {
    let mut cases = 0;
    for (tongue, wanted) in Tongue::ALL.iter().flat_map(|t| ACTS.iter().map(|a| (*t, *a))) {
        assert!(!words(tongue, wanted).is_empty());
        for (nth, word) in words(tongue, wanted).iter().enumerate() {
            for (way, spelling) in spelled(word).into_iter().enumerate() {
                let tails: [Tail<'_>; 13] = [
                    ("", &[], None, None),
                    ("!", &[], None, None),
                    (": too dear for us", &[], None, Some("too dear for us")),
                    (" : too dear", &[], None, Some("too dear")),
                    ("：因为费用", &[], None, Some("因为费用")),
                    (" §4", &[4], None, None),
                    ("§4", &[4], None, None),
                    (" §4 §7: too dear", &[4, 7], None, Some("too dear")),
                    (" §§ 4, 7–9: too dear", &[4, 7, 8, 9], None, Some("too dear")),
                    (" §٤، ٧ : لأسباب", &[4, 7], None, Some("لأسباب")),
                    (" for: Ministry of X", &[], Some("Ministry of X"), None),
                    (
                        " §2 for: Ministry of X: too dear",
                        &[2],
                        Some("Ministry of X"),
                        Some("too dear"),
                    ),
                    (" 代表：某部：太贵", &[], Some("某部"), Some("太贵")),
                ];
                for (tail, blocks, claim, statement) in tails {
                    let line = format!("{spelling}{tail}");
                    // In full for the word we tell people to write; else as Mastodon sends it.
                    let dresses = dressed(&line);
                    let chosen = if nth + way == 0 { &dresses[..] } else { &dresses[1..4] };
                    for html in chosen {
                        let reply = read(html, Some(tongue.code()))
                            .unwrap_or_else(|| panic!("a comment: {html}"));
                        assert_eq!(reply.act, Some(wanted), "{html}");
                        assert_eq!(reply.tongue, tongue, "{html}");
                        assert_eq!(reply.blocks, blocks, "{html}");
                        assert_eq!(reply.claims_to_speak_for.as_deref(), claim, "{html}");
                        assert_eq!(reply.statement.as_deref(), statement, "{html}");
                        cases += 1;
                    }
                }
            }
        }
    }
    println!("{cases} replies read");
    assert!(cases > 20_000);
}

#[test]
fn t88c_names_are_given_in_every_language() {
    for word in FOR {
        for colon in [":", " :", "：", "\u{a789}"] {
            let line = format!("support {word}{colon} Réseau des lacs – parce que");
            let reply = read(&line, None).unwrap();
            assert_eq!(reply.claims_to_speak_for.as_deref(), Some("Réseau des lacs"), "{line}");
            assert_eq!(reply.statement.as_deref(), Some("parce que"), "{line}");
        }
    }
    let linked = read("support for: https://org.example/p/net: yes", None).unwrap();
    assert_eq!(linked.claims_to_speak_for.as_deref(), Some("https://org.example/p/net"));
    let long = "x".repeat(limits::CLAIM_CHARS_MAX);
    assert!(read(&format!("support for: {long}"), None).is_some());
    assert_eq!(read(&format!("support for: {long}x"), None), None);
}

#[test]
fn t88c_a_keyword_inside_a_sentence_is_a_comment() {
    for comment in [
        "supporting",
        "supporting: this",
        "support the idea of a watch",
        "I support the idea: but who pays?",
        "Support, but who pays?",
        "support?",
        "support - maybe",
        "we could support §4",
        "My support: none",
        "objection overruled: no",
        "There is an objection: costs",
        "unsupported: yes",
        "concerning §4: who pays?",
        "neutrality: what is it?",
        "withdraw the text please",
        "Je soutiens l’idée : mais qui paie ?",
        "soutiens : oui",
        "apoyo la idea: pero quién paga",
        "поддерживаю идею: но кто платит",
        "против этого: нет",
        "أؤيد الفكرة: لكن من يدفع",
        "支持第4条：但是谁付钱",
        "我不支持",
        "不支持：太贵",
        "反对派：他们说",
        "",
        "<p></p>",
        "@support",
        "@support: yes",
        "#support",
        "<blockquote>support</blockquote>",
        "<p class=\"quote-inline\">support</p>",
        "<p>First a sentence.</p><p>support</p>",
        "+1",
        "👍",
        "like",
    ] {
        assert_eq!(read(comment, None), None, "{comment}");
        assert_eq!(read(&format!("{MENTION}{comment}</p>"), None), None, "{comment}");
    }
}

#[test]
fn the_reason_goes_on_below() {
    let html = "<p>objection: too dear<br>for us</p><p>and for them</p>";
    assert_eq!(
        read(html, None).unwrap().statement.as_deref(),
        Some("too dear\nfor us\n\nand for them")
    );
    let below =
        "<p>Objection</p><p>It says nothing of costs, as @<a class=\"mention\">x</a> said.</p>";
    let below = below.replace("@<a class=\"mention\">", "<a class=\"mention\">@");
    let reply = read(&below, None).unwrap();
    assert_eq!(reply.statement.as_deref(), Some("It says nothing of costs, as @x said."));
    assert_eq!(reply.flaw(), None);
}

#[test]
fn kinds_that_need_words_say_so() {
    for (word, needs) in [
        ("support", false),
        ("neutral", false),
        ("withdraw", false),
        ("reservation", true),
        ("concern", true),
        ("objection", true),
    ] {
        let flaw = |line: &str| read(line, None).unwrap().flaw();
        assert_eq!(flaw(word), needs.then_some(Flaw::NeedsWords), "{word}");
        assert_eq!(flaw(&format!("{word}: …")), needs.then_some(Flaw::NeedsWords), "{word}");
        assert_eq!(flaw(&format!("{word}: no money")), None, "{word}");
    }
    let long =
        |chars: usize| read(&format!("support: {}", "x".repeat(chars)), None).unwrap().flaw();
    assert_eq!(long(limits::STATEMENT_CHARS_MAX), None);
    assert_eq!(long(limits::STATEMENT_CHARS_MAX + 1), Some(Flaw::TooLong));
}

#[test]
fn a_passage_or_a_name_without_a_keyword_is_no_position() {
    let reply = read("<p>§4 for: Ministry of X – who would fund this?</p>", Some("fr")).unwrap();
    assert_eq!((reply.act, reply.statement.as_deref()), (None, None));
    assert_eq!(reply.blocks, [4]);
    assert_eq!(reply.claims_to_speak_for.as_deref(), Some("Ministry of X"));
    assert_eq!(read("§4", None).unwrap().blocks, [4]);
    assert_eq!(read("§ 12 is unclear", None).unwrap().blocks, [12]);
    let named = read("<p>for: Ministry of X</p><p>Who would fund this?</p>", None).unwrap();
    assert_eq!(named.claims_to_speak_for.as_deref(), Some("Ministry of X"));
    // A name and nothing else, a section sign and nothing else, a number that no text has.
    for comment in
        ["for: the reasons given", "§", "§ four", "§0", "§1234567", "§4000000000000000000000"]
    {
        assert_eq!(read(comment, None), None, "{comment}");
    }
}

#[test]
fn passages_at_the_limit_and_beyond() {
    let most = limits::READING_BLOCKS_MAX;
    assert_eq!(read(&format!("support §1-{most}"), None).unwrap().blocks.len(), most);
    assert_eq!(read(&format!("support §1-{}", most + 1), None).unwrap().blocks.len(), most);
    assert_eq!(read("support §3, 3, §3", None).unwrap().blocks, [3]);
}

#[test]
fn the_language_is_the_one_that_the_reply_says_where_several_have_the_word() {
    let tongue = |word: &str, language| read(word, language).unwrap().tongue;
    assert_eq!(tongue("objection: no", Some("fr-CA")), Tongue::French);
    assert_eq!(tongue("objection: no", None), Tongue::English);
    assert_eq!(tongue("neutral", Some("es")), Tongue::Spanish);
    assert_eq!(tongue("apoyo", Some("en")), Tongue::Spanish);
    assert_eq!(tongue("支持", Some("zh-Hant-TW")), Tongue::Chinese);
}

#[test]
fn no_word_means_two_things_and_none_is_the_beginning_of_a_name() {
    for one in KEYWORDS.iter() {
        let same = KEYWORDS.iter().filter(|other| other.folded == one.folded).count();
        assert_eq!(same, 1, "{}", one.folded);
    }
    for word in FOR {
        assert!(KEYWORDS.iter().all(|keyword| keyword.folded != fold(word)), "{word}");
    }
}

#[test]
fn every_word_is_documented() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("FEDERATION.md");
    let document = std::fs::read_to_string(path).unwrap();
    for (tongue, act) in Tongue::ALL.iter().flat_map(|t| ACTS.iter().map(|a| (*t, *a))) {
        let row = words(tongue, act).join(", ");
        assert!(document.contains(&row), "{tongue:?}: {row}");
    }
    assert!(document.contains(&FOR.join(", ")));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "measures how long it takes")]
fn a_long_reply_takes_time_by_its_length_alone() {
    let texts: [fn(usize) -> String; 8] = [
        |n| "x".repeat(n),
        |n| "§4 ".repeat(n / 3),
        |n| format!("support §{}", "4,".repeat(n / 2)),
        |n| "@a ".repeat(n / 3),
        |n| "<a class=mention>@".repeat(n / 18),
        |n| format!("support for: {}", "a - ".repeat(n / 4)),
        |n| "“".repeat(n / 3),
        |n| format!("objection: {}", "<br>".repeat(n / 4)),
    ];
    for (at, text) in texts.into_iter().enumerate() {
        let time = |n: usize| {
            let text = text(n);
            let before = Instant::now();
            let _ = read(&text, None);
            before.elapsed()
        };
        let (whole, four) = (time(100_000), time(400_000));
        // A square would be sixteen times; what is short is not told from noise.
        assert!(
            four < whole * 10 + Duration::from_millis(300),
            "text {at}: {whole:?} for 100 kB, {four:?} for 400 kB"
        );
        assert!(whole < Duration::from_secs(2), "text {at}: {whole:?}");
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn anything_at_all_is_read_or_left(text in "\\PC*") {
        let _ = read(&text, Some("ar"));
    }

    #[test]
    fn pieces_of_the_grammar_in_any_order_are_read_or_left(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "support", "أؤيد", "反对", "§", "4", "٤", ":", "：", " ", "for:", "代表", "–", "@x", "\u{fff9}", "\u{fffb}",
            "<p>", "</p>", "<br>", "<a class=mention>", "</a>", "<blockquote>", "“", "”", "\u{640}", "\u{64e}", "\n", "Ⅷ", "İ",
        ]), 0..40)
    ) {
        let text = pieces.concat();
        if let Some(reply) = read(&text, None) {
            prop_assert!(reply.blocks.len() <= limits::READING_BLOCKS_MAX);
            let words = [reply.statement, reply.claims_to_speak_for].concat_words();
            let marked = words.contains([MENTION_BEGINS, MENTION_ENDS]);
            prop_assert!(!marked);
        }
    }
}

trait Words {
    fn concat_words(self) -> String;
}

impl<const N: usize> Words for [Option<String>; N] {
    fn concat_words(self) -> String {
        self.into_iter().flatten().collect()
    }
}

//! The words by which a reply takes or withdraws a position, in six languages, and how words are compared: without
//! case, accents, vowel signs and widths. This list is part of grammar version 1: who changes it raises the number.

use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    super::position::{PositionAct, PositionKind},
    Tongue,
};

const SUPPORT: PositionAct = PositionAct::Take(PositionKind::Support);
const RESERVATION: PositionAct = PositionAct::Take(PositionKind::Reservation);
const NEUTRAL: PositionAct = PositionAct::Take(PositionKind::Neutral);
const CONCERN: PositionAct = PositionAct::Take(PositionKind::Concern);
const OBJECTION: PositionAct = PositionAct::Take(PositionKind::Objection);
const WITHDRAW: PositionAct = PositionAct::Withdraw;

/// All acts that have words, in the order in which they are shown.
pub const ACTS: &[PositionAct] = &[SUPPORT, RESERVATION, NEUTRAL, CONCERN, OBJECTION, WITHDRAW];

/// The words for an act in a language; the first is the one we tell people to write.
pub const fn words(tongue: Tongue, act: PositionAct) -> &'static [&'static str] {
    match tongue {
        Tongue::Arabic => arabic(act),
        Tongue::English => english(act),
        Tongue::Spanish => spanish(act),
        Tongue::French => french(act),
        Tongue::Russian => russian(act),
        Tongue::Chinese => chinese(act),
    }
}

const fn english(act: PositionAct) -> &'static [&'static str] {
    match act {
        SUPPORT => &[
            "support",
            "supported",
            "I support",
            "we support",
            "I support this",
            "we support this",
            "endorse",
            "I endorse",
            "we endorse",
        ],
        RESERVATION => &[
            "reservation",
            "reservations",
            "with reservation",
            "with reservations",
            "with a reservation",
            "support with reservation",
            "support with reservations",
            "support with a reservation",
        ],
        NEUTRAL => {
            &["neutral", "I am neutral", "we are neutral", "no position", "abstain", "abstention"]
        }
        CONCERN => &[
            "concern",
            "concerns",
            "I have a concern",
            "I have concerns",
            "we have a concern",
            "we have concerns",
        ],
        OBJECTION => &[
            "objection",
            "objections",
            "object",
            "I object",
            "we object",
            "oppose",
            "I oppose",
            "we oppose",
        ],
        WITHDRAW => &[
            "withdraw",
            "withdrawn",
            "I withdraw",
            "we withdraw",
            "withdraw my position",
            "withdraw our position",
        ],
    }
}

const fn french(act: PositionAct) -> &'static [&'static str] {
    match act {
        SUPPORT => {
            &["soutien", "je soutiens", "nous soutenons", "appui", "j’appuie", "nous appuyons"]
        }
        RESERVATION => &[
            "réserve",
            "réserves",
            "avec réserve",
            "avec réserves",
            "sous réserve",
            "soutien avec réserve",
            "soutien avec réserves",
        ],
        NEUTRAL => &[
            "neutre",
            "je suis neutre",
            "nous sommes neutres",
            "abstention",
            "je m’abstiens",
            "nous nous abstenons",
        ],
        CONCERN => &["préoccupation", "préoccupations", "inquiétude", "inquiétudes"],
        OBJECTION => {
            &["objection", "objections", "opposition", "je m’oppose", "nous nous opposons"]
        }
        WITHDRAW => &[
            "retirer",
            "retrait",
            "je retire",
            "nous retirons",
            "retirer ma position",
            "je retire ma position",
        ],
    }
}

const fn spanish(act: PositionAct) -> &'static [&'static str] {
    match act {
        SUPPORT => &["apoyo", "apoyamos", "lo apoyo", "lo apoyamos", "respaldo", "respaldamos"],
        RESERVATION => &[
            "reserva",
            "reservas",
            "con reserva",
            "con reservas",
            "apoyo con reserva",
            "apoyo con reservas",
        ],
        NEUTRAL => {
            &["neutral", "neutro", "soy neutral", "abstención", "me abstengo", "nos abstenemos"]
        }
        CONCERN => &["preocupación", "preocupaciones", "inquietud", "inquietudes"],
        OBJECTION => &["objeción", "objeciones", "me opongo", "nos oponemos", "oposición"],
        WITHDRAW => {
            &["retirar", "retiro", "retiramos", "retirar mi posición", "retiro mi posición"]
        }
    }
}

const fn russian(act: PositionAct) -> &'static [&'static str] {
    match act {
        SUPPORT => {
            &["поддерживаю", "поддерживаем", "поддержка", "я поддерживаю", "мы поддерживаем"]
        }
        RESERVATION => &[
            "оговорка",
            "оговорки",
            "с оговоркой",
            "с оговорками",
            "поддерживаю с оговоркой",
            "поддерживаю с оговорками",
        ],
        NEUTRAL => &[
            "нейтрально",
            "нейтрален",
            "нейтральна",
            "нейтральны",
            "воздерживаюсь",
            "воздерживаемся",
        ],
        CONCERN => &["обеспокоенность", "озабоченность", "опасение", "опасения"],
        OBJECTION => &[
            "возражение",
            "возражения",
            "возражаю",
            "возражаем",
            "против",
            "я против",
            "мы против",
        ],
        WITHDRAW => &["отзываю", "отзываем", "отозвать", "отозвать позицию", "отзываю позицию"],
    }
}

const fn arabic(act: PositionAct) -> &'static [&'static str] {
    match act {
        SUPPORT => &["أؤيد", "نؤيد", "تأييد", "مؤيد", "أدعم", "ندعم", "دعم"],
        RESERVATION => &[
            "تحفظ",
            "تحفظات",
            "مع تحفظ",
            "مع تحفظات",
            "أتحفظ",
            "نتحفظ",
            "أؤيد مع تحفظ",
            "نؤيد مع تحفظ",
        ],
        NEUTRAL => &["محايد", "محايدة", "محايدون", "حياد", "أمتنع", "نمتنع", "امتناع"],
        CONCERN => &["قلق", "مخاوف", "لدي مخاوف", "لدينا مخاوف"],
        OBJECTION => &["اعتراض", "أعترض", "نعترض", "أعارض", "نعارض", "معارض"],
        WITHDRAW => &["سحب", "أسحب", "نسحب", "سحب موقفي", "أسحب موقفي", "نسحب موقفنا"],
    }
}

const fn chinese(act: PositionAct) -> &'static [&'static str] {
    match act {
        SUPPORT => &["支持", "我支持", "我们支持", "我們支持", "赞成", "贊成", "赞同", "贊同"],
        RESERVATION => &["保留", "保留意见", "保留意見", "有保留", "有保留地支持", "支持但有保留"],
        NEUTRAL => &["中立", "保持中立", "弃权", "棄權"],
        CONCERN => &["关切", "關切", "担忧", "擔憂", "顾虑", "顧慮"],
        OBJECTION => &["反对", "反對", "我反对", "我反對", "我们反对", "我們反對", "异议", "異議"],
        WITHDRAW => &["撤回", "撤销", "撤銷", "收回", "撤回立场", "撤回立場"],
    }
}

/// The words before the name of whom somebody says to speak for, in all languages; a colon follows.
pub const FOR: &[&str] = &[
    "for",
    "on behalf of",
    "pour",
    "au nom de",
    "por",
    "para",
    "en nombre de",
    "от",
    "от имени",
    "за",
    "عن",
    "باسم",
    "نيابة عن",
    "代表",
    "代",
];

/// One keyword, folded.
#[derive(Debug)]
pub(super) struct Keyword {
    pub(super) folded: String,
    pub(super) act: PositionAct,
    /// Every language that has it.
    pub(super) tongues: Vec<Tongue>,
}

/// All keywords, the longest first: "support with reservations" is no support with something behind it.
pub(super) static KEYWORDS: LazyLock<Vec<Keyword>> = LazyLock::new(|| {
    let mut all: Vec<Keyword> = Vec::new();
    for (tongue, act) in
        Tongue::ALL.iter().flat_map(|tongue| ACTS.iter().map(|act| (*tongue, *act)))
    {
        for word in words(tongue, act) {
            let folded = fold(word);
            match all.iter_mut().find(|known| known.folded == folded && known.act == act) {
                Some(known) if known.tongues.contains(&tongue) => {}
                Some(known) => known.tongues.push(tongue),
                None => all.push(Keyword { folded, act, tongues: vec![tongue] }),
            }
        }
    }
    longest_first(&mut all, |keyword| &keyword.folded);
    all
});

/// The words before a name, folded, the longest first.
pub(super) static FOR_FOLDED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut all: Vec<String> = FOR.iter().map(|word| fold(word)).collect();
    longest_first(&mut all, String::as_str);
    all
});

fn longest_first<T>(all: &mut [T], text: impl Fn(&T) -> &str) {
    all.sort_by(|a, b| text(b).len().cmp(&text(a).len()).then_with(|| text(a).cmp(text(b))));
}

/// A text as it is compared.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        fold_into(&mut out, c);
    }
    out
}

/// A character as it is compared: nothing, one or several characters.
pub(super) fn fold_into(out: &mut String, c: char) {
    for c in c.to_lowercase().nfkd() {
        match c {
            // What nobody hears: vowel signs and accents, the Arabic stretch, joiners and marks of direction.
            _ if is_combining_mark(c) => {}
            '\u{640}'
            | '\u{ad}'
            | '\u{200c}'..='\u{200f}'
            | '\u{61c}'
            | '\u{fe00}'..='\u{fe0f}' => {}
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2b9}' | '\u{b4}' | '`' => {
                out.push('\'');
            }
            '\u{a789}' | '\u{2236}' | '\u{5c3}' | '\u{2d0}' => out.push(':'),
            // Letters that are written one for the other.
            'ى' | 'ی' => out.push('ي'),
            'ة' => out.push('ه'),
            'ک' => out.push('ك'),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
}

/// What follows `word` at the beginning of `text`, compared as folded; `None` where the text does not begin with it.
pub(super) fn after<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut wanted = word;
    let mut piece = String::new();
    let mut in_space = false;
    for (at, c) in text.char_indices() {
        piece.clear();
        fold_into(&mut piece, c);
        if piece.is_empty() || (piece == " " && in_space) {
            continue;
        }
        if wanted.is_empty() {
            return text.get(at..);
        }
        wanted = wanted.strip_prefix(piece.as_str())?;
        in_space = piece == " ";
    }
    wanted.is_empty().then_some("")
}

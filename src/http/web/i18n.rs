//! What pages say, in the reader's language: Fluent messages, dates, the names of vocabularies. Owns the choice
//! of the language; no other file holds a sentence that a reader sees.

use std::{borrow::Cow, cmp::Ordering, collections::HashMap, fmt};

use askama::filters::HtmlSafe;
use fluent_templates::{LanguageIdentifier, fluent_bundle::FluentValue};
use unic_langid::langid;

use crate::{
    base::clock::Timestamp,
    domain::{
        attestation::ProofLevel,
        comment::CommentKind,
        group::StakeholderGroup,
        lens::{Label, Parties, Party, Through},
        messages,
        opinion::OpinionStatus,
        position::{Capacity, PositionKind},
        region::Region,
    },
};

/// A language of the United Nations. The names of groups, positions and other closed vocabularies are in all six; whole
/// pages only in those that are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Complete; what is missing elsewhere is shown in it.
    #[default]
    English,
    /// Home and topic.
    French,
    /// Home and topic; runs from right to left.
    Arabic,
    /// Names only.
    Spanish,
    /// Names only.
    Russian,
    /// Names only.
    Chinese,
}

impl Language {
    /// Every language that has names, by name in its own script.
    pub const ALL: &[Self] =
        &[Self::Arabic, Self::Chinese, Self::English, Self::Spanish, Self::French, Self::Russian];
    /// Every language with its own home and topic pages, in the order of the language chooser.
    pub const OFFERED: &[Self] = &[Self::Arabic, Self::English, Self::French];

    /// BCP 47 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Arabic => "ar",
            Self::Spanish => "es",
            Self::Russian => "ru",
            Self::Chinese => "zh",
        }
    }

    /// Its name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::Arabic => "العربية",
            Self::Spanish => "Español",
            Self::Russian => "Русский",
            Self::Chinese => "中文",
        }
    }

    /// Value of `dir`.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// The language of a tag such as `fr-CA`; `None` where there are no pages in it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::OFFERED.iter().copied().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// What the reader asked for: by `?lang=`, by the cookie that an earlier `?lang=` left, or by the browser's
    /// `Accept-Language`; in this order, English where none fits.
    pub fn choose(query: Option<&str>, cookie: Option<&str>, accept: Option<&str>) -> Self {
        query
            .and_then(Self::from_tag)
            .or_else(|| cookie.and_then(Self::from_tag))
            .or_else(|| accept.and_then(Self::from_accept))
            .unwrap_or_default()
    }

    /// The known language with the greatest weight in an `Accept-Language` header (RFC 9110, 12.5.4); of equal
    /// ones the first.
    fn from_accept(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',').take(32) {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, known)| weight > known) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }

    fn id(self) -> LanguageIdentifier {
        match self {
            Self::English => langid!("en"),
            Self::French => langid!("fr"),
            Self::Arabic => langid!("ar"),
            Self::Spanish => langid!("es"),
            Self::Russian => langid!("ru"),
            Self::Chinese => langid!("zh"),
        }
    }
}

/// Something a sentence has a place for.
pub trait Argument {
    /// As it stands in plain text.
    fn plain(&self) -> FluentValue<'static>;
    /// As it stands in HTML: escaped, and isolated where its direction may differ from the page's.
    fn html(&self) -> FluentValue<'static> {
        self.plain()
    }
}

impl Argument for str {
    fn plain(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
    fn html(&self) -> FluentValue<'static> {
        FluentValue::from(format!("<bdi>{}</bdi>", escape(self)))
    }
}
impl Argument for String {
    fn plain(&self) -> FluentValue<'static> {
        self.as_str().plain()
    }
    fn html(&self) -> FluentValue<'static> {
        self.as_str().html()
    }
}
impl Argument for Said {
    fn plain(&self) -> FluentValue<'static> {
        FluentValue::from(self.plain.clone())
    }
    fn html(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_string())
    }
}
impl<T: Argument + ?Sized> Argument for &T {
    fn plain(&self) -> FluentValue<'static> {
        (**self).plain()
    }
    fn html(&self) -> FluentValue<'static> {
        (**self).html()
    }
}
macro_rules! number_arguments {
    ($($number:ty),*) => { $(
        impl Argument for $number {
            fn plain(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )* };
}
number_arguments!(u16, i32, u64, i64, usize);

/// A sentence, ready for a page. Where it is not in the page's language it says in which it is.
#[derive(Debug, Clone)]
pub struct Said {
    plain: String,
    html: String,
    /// Set where the message exists in English only and the page is in another language.
    foreign: bool,
}

impl Said {
    /// Without markup: for attributes and titles. Whoever prints it escapes it.
    pub fn plain(&self) -> &str {
        &self.plain
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.foreign {
            write!(f, "<span lang=\"en\" dir=\"ltr\">{}</span>", self.html)
        } else {
            f.write_str(&self.html)
        }
    }
}

/// Messages are our own and hold no markup (a test keeps it); what is put into them is escaped.
impl HtmlSafe for Said {}

/// What a page says, in one language. Given to every template as `t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Texts {
    /// The page's language.
    pub language: Language,
}

/// The places of a message and what stands in them.
type Places<'a> = [(&'a str, &'a dyn Argument)];

impl Texts {
    /// In `language`.
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    /// The message `key`.
    pub fn say(&self, key: &str) -> Said {
        self.said(key, &[])
    }

    /// The message `key` with `value` in its place `name`.
    pub fn say_with<A: Argument>(&self, key: &str, name: &str, value: A) -> Said {
        self.said(key, &[(name, &value)])
    }

    /// The message `key` with two places filled.
    pub fn say_with_two<A: Argument, B: Argument>(
        &self,
        key: &str,
        name: &str,
        value: A,
        other_name: &str,
        other: B,
    ) -> Said {
        self.said(key, &[(name, &value), (other_name, &other)])
    }

    /// The message `key` for an attribute or a title.
    pub fn plain(&self, key: &str) -> String {
        self.say(key).plain
    }

    /// The message `key` for an attribute or a title, with `value` in its place `name`.
    pub fn plain_with<A: Argument>(&self, key: &str, name: &str, value: A) -> String {
        self.say_with(key, name, value).plain
    }

    fn said(self, key: &str, places: &Places<'_>) -> Said {
        let own = self.language;
        if let Some((plain, html)) = look_up(own, key, places) {
            return Said { plain, html, foreign: false };
        }
        if let Some((plain, html)) = look_up(Language::English, key, places) {
            return Said { plain, html, foreign: own != Language::English };
        }
        // A test renders every page in every language and finds these brackets.
        let missing = format!("⟦{key}⟧");
        Said { html: escape(&missing), plain: missing, foreign: false }
    }

    /// `groups` in alphabetical order of this language.
    pub fn sorted(&self, groups: &[StakeholderGroup]) -> Vec<StakeholderGroup> {
        self.by_name(groups.to_vec(), |group| format!("group-{group}"))
    }

    /// Every region, in alphabetical order of this language.
    pub fn regions(&self) -> Vec<Region> {
        self.by_name(Region::ALL.to_vec(), |region| format!("region-{region}"))
    }

    /// The headings of a division, in alphabetical order of this language; what its list has no name for comes last.
    pub fn parties<'a>(&self, parties: &'a Parties) -> Vec<&'a Party> {
        let mut named: Vec<(String, &Party)> = parties
            .all()
            .map(|party| {
                let name = match &party.label {
                    Label::Message(key) => self.sort_key(key),
                    Label::Own(_) => self.party(party).plain.to_lowercase(),
                    Label::Outside(group) => self.sort_key(&format!("group-{group}")),
                };
                (name, party)
            })
            .collect();
        named.sort_by(|(a, one), (b, other)| {
            let last = |party: &Party| (party.word == Parties::UNDECLARED, party.is_rest());
            last(one).cmp(&last(other)).then_with(|| alphabetical(a, b))
        });
        named.into_iter().map(|(_, party)| party).collect()
    }

    fn by_name<T: Copy>(self, members: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
        let mut named: Vec<(String, T)> =
            members.into_iter().map(|member| (self.sort_key(&key(&member)), member)).collect();
        named.sort_by(|(a, _), (b, _)| alphabetical(a, b));
        named.into_iter().map(|(_, member)| member).collect()
    }

    /// By what a name is sorted: itself, or its attribute `.sort` where a language has one (Chinese, by pinyin).
    fn sort_key(self, key: &str) -> String {
        look_up(self.language, &format!("{key}.sort"), &[])
            .map_or_else(|| self.plain(key), |(plain, _)| plain)
            .to_lowercase()
    }
}

impl Texts {
    /// The name of a stakeholder group.
    pub fn group(&self, group: &StakeholderGroup) -> Said {
        self.say(&format!("group-{group}"))
    }

    /// The name of a kind of position.
    pub fn position(&self, kind: &PositionKind) -> Said {
        self.say(&format!("position-{kind}"))
    }

    /// The name of a kind of comment.
    pub fn comment_kind(&self, kind: &CommentKind) -> Said {
        self.say(&format!("comment-{kind}"))
    }

    /// The name of an opinion's status.
    pub fn status(&self, status: &OpinionStatus) -> Said {
        self.say(&format!("status-{status}"))
    }

    /// The name of a word of a vocabulary: the message `of-word`.
    pub fn say_of(&self, of: &str, word: impl fmt::Display) -> Said {
        self.say(&format!("{of}-{word}"))
    }

    /// In what capacity somebody speaks.
    pub fn capacity(&self, capacity: &Capacity) -> Said {
        self.say(&format!("capacity-{capacity}"))
    }

    /// The name of a region.
    pub fn region(&self, region: &Region) -> Said {
        self.say(&format!("region-{region}"))
    }

    /// The name of a level of proof.
    pub fn level(&self, level: &ProofLevel) -> Said {
        self.say(&format!("level-{level}"))
    }

    /// The name of a list of parties.
    pub fn lens(&self, lens: &Through) -> Said {
        self.say(lens.key())
    }

    /// The name of a heading: ours, or that which its topic gave it, in this language where it is given in it, else
    /// in English, which then says in which language it is.
    pub fn party(&self, party: &Party) -> Said {
        let labels = match &party.label {
            Label::Message(key) => return self.say(key),
            Label::Outside(group) => {
                return self.say_with("party-outside", "group", self.group(group));
            }
            Label::Own(labels) => labels,
        };
        let in_language = |language: Language| {
            let primary = |tag: &str| tag.split('-').next() == Some(language.code());
            let exact = labels.get_key_value(language.code());
            exact.or_else(|| labels.iter().find(|(tag, _)| primary(tag)))
        };
        let own = in_language(self.language);
        let english = || in_language(Language::English);
        let Some((tag, name)) = own.or_else(english).or_else(|| labels.first_key_value()) else {
            return Said { plain: party.word.clone(), html: escape(&party.word), foreign: false };
        };
        let html = format!("<bdi lang=\"{}\">{}</bdi>", escape(tag), escape(name));
        Said { plain: name.clone(), html, foreign: false }
    }

    /// The day in UTC, such as "2 May 2026".
    pub fn date(&self, at: &Timestamp) -> Said {
        let date = at.to_date();
        let mut parts = date.splitn(3, '-');
        let (year, month, day) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
        let day = day.unwrap_or_default().trim_start_matches('0');
        let month = self.say(&format!("month-{month}"));
        let (year, day) = (Verbatim(year), Verbatim(day));
        self.said("date", &[("day", &day), ("month", &month), ("year", &year)])
    }

    /// The day and the minute in UTC, such as "2 May 2026, 09:12 UTC".
    pub fn moment(&self, at: &Timestamp) -> Said {
        let written = at.to_rfc3339();
        let time = written.get(11..16).unwrap_or_default();
        let date = self.date(at);
        self.said("moment", &[("date", &date), ("time", &Verbatim(time))])
    }
}

/// Digits that stay as they are.
struct Verbatim<'a>(&'a str);

impl Argument for Verbatim<'_> {
    fn plain(&self) -> FluentValue<'static> {
        FluentValue::from(self.0.to_owned())
    }
}

/// The message in one language, plain and as HTML.
fn look_up(language: Language, key: &str, places: &Places<'_>) -> Option<(String, String)> {
    let id = language.id();
    let one = |value: fn(&dyn Argument) -> FluentValue<'static>| {
        let arguments: HashMap<Cow<'_, str>, FluentValue<'_>> =
            places.iter().map(|(name, place)| (Cow::Borrowed(*name), value(*place))).collect();
        messages::in_language(&id, key, &arguments)
    };
    Some((one(|place| place.plain())?, one(|place| place.html())?))
}

/// By letters in the order of their script, accents and marks aside: a collation library would bring megabytes of
/// tables for names that a test lists, in six languages. (Where й must come after и, or ñ after n, it would not do.)
fn alphabetical(a: &str, b: &str) -> Ordering {
    letters(a).cmp(&letters(b)).then_with(|| a.cmp(b))
}

/// The letters of a name without their accents, in lower case: what names are put in order by.
pub(super) fn letters(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.to_lowercase().nfd().filter(|c| c.is_alphanumeric()).collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;

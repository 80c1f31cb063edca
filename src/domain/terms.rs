//! Terms that a text defines. A block that begins with bold words and a colon defines these words; below a heading
//! "Definitions" or "Terms" each heading is a term, defined by the blocks up to the next heading. Read from the signed
//! text, so every server finds the same; texts that are at odds stand side by side.

use unicode_normalization::UnicodeNormalization;

use super::{
    blocks::{Block, BlockKind},
    html::{NodeId, Tree},
    markup::collapse,
};

/// Longest words that are taken for a term, in characters: a bold sentence with a colon in it defines nothing.
const TERM_CHARS_MAX: usize = 100;

/// Headings below which each heading is a term, in the languages of the pages.
const HEADINGS: &[&str] = &[
    // English
    "definitions",
    "definition of terms",
    "terms",
    "terms and definitions",
    "glossary",
    // French
    "définitions",
    "termes",
    "termes et définitions",
    "glossaire",
    // Spanish
    "definiciones",
    "términos",
    "términos y definiciones",
    "glosario",
    // Russian
    "определения",
    "термины",
    "термины и определения",
    "глоссарий",
    // Arabic
    "تعريفات",
    "التعريفات",
    "مصطلحات",
    "المصطلحات",
    "المصطلحات والتعريفات",
    // Chinese
    "定义",
    "术语",
    "术语和定义",
    "术语表",
];

/// A term with its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The words, as they stand in the text.
    pub words: String,
    /// The words by which it is the same term elsewhere: small letters, no marks around them.
    pub key: String,
    /// n of §n where the definition begins.
    pub number: usize,
    /// Id of that block.
    pub block: String,
    /// What it means, without markup; a line for each block.
    pub definition: String,
}

/// The terms that these blocks define, in their order.
pub fn terms(blocks: &[Block]) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    // Level of the heading below which headings are terms, and the term that is being defined.
    let mut section: Option<u8> = None;
    let mut open: Option<Term> = None;
    for block in blocks {
        if let BlockKind::Heading(level) = block.kind {
            found.extend(open.take().filter(|term| !term.definition.is_empty()));
            let inside = section.is_some_and(|above| level > above);
            if !inside {
                section = is_list_of_terms(&block.text).then_some(level);
            } else if is_term(&block.text) {
                open = Some(Term {
                    words: block.text.clone(),
                    key: key(&block.text),
                    number: block.number,
                    block: block.id.clone(),
                    definition: String::new(),
                });
            }
            continue;
        }
        if let Some((words, definition)) = defined_in(block) {
            found.extend(open.take().filter(|term| !term.definition.is_empty()));
            found.push(Term {
                key: key(&words),
                words,
                number: block.number,
                block: block.id.clone(),
                definition,
            });
        } else if let Some(term) = &mut open {
            if term.definition.is_empty() {
                term.number = block.number;
                term.block.clone_from(&block.id);
            } else {
                term.definition.push('\n');
            }
            term.definition.push_str(&block.text);
        }
    }
    found.extend(open.filter(|term| !term.definition.is_empty()));
    found
}

/// By which a term is the same as another: small letters, white space as one space, no quotes, numbers or marks
/// around it.
pub fn key(words: &str) -> String {
    let lower = collapse(&words.nfc().collect::<String>().to_lowercase());
    let bare = lower.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '.' | ')' | '(' | '§') || c.is_whitespace()
    });
    bare.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

fn is_list_of_terms(heading: &str) -> bool {
    HEADINGS.contains(&key(heading).as_str())
}

fn is_term(words: &str) -> bool {
    !key(words).is_empty() && words.chars().count() <= TERM_CHARS_MAX
}

/// The bold words that a block begins with and what stands behind the colon; none where it defines nothing.
fn defined_in(block: &Block) -> Option<(String, String)> {
    let tree = Tree::parse(&block.html);
    let bold = first_bold(&tree)?;
    let words = collapse(&tree.text(bold, ' '));
    let rest = block.text.strip_prefix(words.as_str())?;
    // The colon stands in the bold words or behind them.
    let inside = words.strip_suffix([':', '：']);
    let (words, rest) = match inside {
        Some(words) => (words, rest),
        None => (words.as_str(), rest.trim_start().strip_prefix([':', '：'])?),
    };
    let (words, definition) = (words.trim().to_owned(), rest.trim().to_owned());
    (is_term(&words) && !definition.is_empty()).then_some((words, definition))
}

/// The bold element that a block begins with, whatever its words stand in.
fn first_bold(tree: &Tree) -> Option<NodeId> {
    let mut level = tree.top();
    loop {
        let first = level.iter().copied().find(|id| !tree.text(*id, ' ').trim().is_empty())?;
        match tree.name(first)? {
            "strong" | "b" => return Some(first),
            "p" | "ul" | "ol" | "li" | "blockquote" | "table" | "tbody" | "tr" | "td" | "div" => {
                level = tree.children(first);
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        base::fixtures::{cases, fixture},
        domain::{blocks::split, markup::render_opinion},
    };

    fn found(source: &str) -> Vec<(String, String)> {
        let blocks = split(&render_opinion(source).unwrap());
        terms(&blocks).into_iter().map(|term| (term.words, term.definition)).collect()
    }

    fn pair(words: &str, definition: &str) -> (String, String) {
        (words.to_owned(), definition.to_owned())
    }

    #[test]
    fn bold_words_and_a_colon_define_them() {
        for source in [
            "**Equal footing:** nobody first.",
            "**Equal footing** : nobody first.",
            "- **Equal footing**: nobody first.",
            "> **Equal footing**：nobody first.",
        ] {
            assert_eq!(found(source), [pair("Equal footing", "nobody first.")], "{source}");
        }
        for source in [
            "**Equal footing** is nobody first: all.",
            "Not **bold**: first",
            "**Empty**:",
            "**Equal footing**",
            "*Weak*: no",
            "**…**: no words",
        ] {
            assert!(found(source).is_empty(), "{source}");
        }
        assert!(found(&format!("**{}**: long", "a ".repeat(51))).is_empty());
    }

    #[test]
    fn headings_below_definitions_are_terms_in_six_languages() {
        for heading in [
            "Definitions",
            "2. Terms",
            "Définitions",
            "Términos",
            "Определения",
            "التعريفات",
            "定义",
        ] {
            let source = format!(
                "## {heading}\n\n### One\n\nFirst.\n\nMore.\n\n### Two\n\n- **Three**: third.\n\n## Else\n\n### Four\n\nNo."
            );
            let expected = [pair("One", "First.\nMore."), pair("Three", "third.")];
            assert_eq!(found(&source), expected, "{heading}");
        }
        assert!(found("## Definitions of old\n\n### One\n\nFirst.").is_empty());
    }

    #[test]
    fn a_term_is_the_same_however_it_is_written() {
        for words in ["Equal footing", "“equal  FOOTING”", "3.1 Equal footing:", "e\u{301}"] {
            let expected = if words == "e\u{301}" { "é" } else { "equal footing" };
            assert_eq!(key(words), expected);
        }
    }

    #[test]
    fn the_opinion_of_2014_defines_three_terms() {
        let Some(bytes) = fixture("wgec-opinion.md") else { return };
        let text = String::from_utf8(bytes).unwrap();
        let source = text.splitn(3, "---").nth(2).unwrap();
        let words: Vec<String> = found(source).into_iter().map(|(words, _)| words).collect();
        assert_eq!(words, ["Enhanced cooperation", "Multistakeholder process", "Equal footing"]);
    }

    proptest! {
        #![proptest_config(cases(200))]

        #[test]
        fn no_text_makes_it_panic(source in "(#{0,3} ?(Terms|\\*\\*a\\*\\*:|[a-z*: ]{0,8})\n\n?){0,12}") {
            terms(&split(&render_opinion(&source).unwrap()));
        }
    }
}

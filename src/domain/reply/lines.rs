//! The lines of a reply, as its author typed them and as other software wraps them: paragraphs and breaks end a line,
//! what is quoted from others is left out, mentions are marked.

use super::super::{
    html::{NodeId, Step, Tree},
    markup::clean_line,
};

/// Stands before a mention. No text can hold it: it is among what `clean` takes out.
pub(super) const MENTION_BEGINS: char = '\u{fff9}';
/// Stands behind a mention.
pub(super) const MENTION_ENDS: char = '\u{fffb}';

/// The lines of `html`; an empty one between paragraphs, none at the ends.
pub(super) fn lines(html: &str) -> Vec<String> {
    let tree = Tree::parse(html);
    let mut lines = Lines::default();
    let mut passed_over: Option<NodeId> = None;
    let mut mention: Option<NodeId> = None;
    for step in tree.top().iter().flat_map(|top| tree.walk(*top)) {
        match step {
            Step::Out(id) if passed_over == Some(id) => {
                passed_over = None;
                lines.end();
            }
            _ if passed_over.is_some() => {}
            Step::In(id) => {
                if let Some(words) = tree.words(id) {
                    lines.say(words);
                } else if tree.is_unseen(id) || is_quotation(&tree, id) {
                    passed_over = Some(id);
                    lines.end();
                } else if mention.is_none() && is_mention(&tree, id) {
                    mention = Some(id);
                    lines.mark(MENTION_BEGINS);
                } else if !tree.is_inline(id) {
                    lines.end();
                }
            }
            Step::Out(id) if mention == Some(id) => {
                mention = None;
                lines.mark(MENTION_ENDS);
            }
            Step::Out(id) if !tree.is_inline(id) && tree.name(id) != Some("br") => lines.end(),
            Step::Out(_) => {}
        }
    }
    lines.done()
}

/// What somebody else wrote: quoted paragraphs, and the link to a quoted post that Mastodon puts first.
fn is_quotation(tree: &Tree, id: NodeId) -> bool {
    tree.name(id) == Some("blockquote") || tree.has_class(id, "quote-inline")
}

/// A mention as microformats have it; a hashtag has the same class at Mastodon.
fn is_mention(tree: &Tree, id: NodeId) -> bool {
    (tree.has_class(id, "mention") || tree.has_class(id, "h-card"))
        && !tree.has_class(id, "hashtag")
}

#[derive(Default)]
struct Lines {
    ended: Vec<String>,
    open: String,
}

impl Lines {
    fn say(&mut self, words: &str) {
        // White space of HTML is a space, also where it is a line end.
        for c in words.chars().filter(|c| !matches!(*c, MENTION_BEGINS | MENTION_ENDS)) {
            self.open.push(if c.is_whitespace() { ' ' } else { c });
        }
    }

    fn mark(&mut self, with: char) {
        self.open.push(with);
    }

    fn end(&mut self) {
        let line = tidy(&std::mem::take(&mut self.open));
        let after_empty = self.ended.last().is_none_or(String::is_empty);
        if !(line.is_empty() && after_empty) {
            self.ended.push(line);
        }
    }

    fn done(mut self) -> Vec<String> {
        self.end();
        if self.ended.last().is_some_and(String::is_empty) {
            self.ended.pop();
        }
        self.ended
    }
}

/// A line cleaned as everything that people write is, its marks kept.
fn tidy(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find([MENTION_BEGINS, MENTION_ENDS]) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push_clean(&mut out, before);
        let mut marked = from.chars();
        out.extend(marked.next());
        rest = marked.as_str();
    }
    push_clean(&mut out, rest);
    out.trim().to_owned()
}

fn push_clean(out: &mut String, words: &str) {
    if words.starts_with(char::is_whitespace) && !out.ends_with(' ') {
        out.push(' ');
    }
    out.push_str(&clean_line(words));
    if words.ends_with(char::is_whitespace) && !out.ends_with(' ') {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_breaks_end_lines() {
        assert_eq!(lines("<p>one<br>two</p><p>three</p>"), ["one", "two", "", "three"]);
        assert_eq!(lines("<p>one\ntwo  three</p>"), ["one two three"]);
        assert_eq!(lines("one<br /><br/>two"), ["one", "", "two"]);
        assert_eq!(lines("<p></p>"), Vec::<String>::new());
        assert_eq!(lines("plain &amp; simple"), ["plain & simple"]);
    }

    #[test]
    fn what_others_wrote_is_left_out() {
        assert_eq!(lines("<blockquote><p>support</p></blockquote><p>objection</p>"), ["objection"]);
        let quoting =
            "<p class=\"quote-inline\">RE: <a href=\"https://x.example/1\">x</a></p><p>support</p>";
        assert_eq!(lines(quoting), ["support"]);
        assert_eq!(lines("<script>support</script>no"), ["no"]);
    }

    #[test]
    fn mentions_are_marked_and_hashtags_are_not() {
        let mention = "<p><span class=\"h-card\"><a class=\"u-url mention\">@<span>x</span></a></span> support</p>";
        assert_eq!(lines(mention), ["\u{fff9}@x\u{fffb} support"]);
        let hashtag = "<a class=\"mention hashtag\" rel=\"tag\">#<span>costs</span></a>";
        assert_eq!(lines(hashtag), ["#costs"]);
        assert_eq!(lines("a\u{fff9}b"), ["ab"], "nobody can make a mark");
    }
}

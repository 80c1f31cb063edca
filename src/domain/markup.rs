//! From what people write to the HTML we send, and from the HTML that others send to what is shown. Owns the
//! fixed list of elements; refuses input that is longer, deeper or wider than its limits, and says so.

mod clean;
mod markdown;
mod sanitize;
mod write;

use thiserror::Error;

pub use clean::{clean, clean_line};
pub use markdown::{as_markdown_line, to_markdown};
pub use sanitize::{ELEMENTS, sanitize};

pub(in crate::domain) use clean::collapse;

use super::html::Tree;
use crate::base::limits;
use write::{Headings, render};

/// Why a text is not rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MarkupError {
    /// The Markdown of an opinion is too long.
    #[error("the text has {bytes} bytes, more than the {bytes_max} allowed")]
    OpinionTooLong {
        /// Its length in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// The Markdown of a comment is too long.
    #[error("the comment has {chars} characters, more than the {chars_max} allowed")]
    CommentTooLong {
        /// Its length in characters.
        chars: usize,
        /// The limit in characters.
        chars_max: usize,
    },
    /// Quotes, lists and emphasis stand inside one another too often.
    #[error("quotes, lists and emphasis are nested more than {depth_max} deep")]
    TooDeep {
        /// The limit.
        depth_max: usize,
    },
    /// A table has too many columns.
    #[error("a table has {columns} columns, more than the {columns_max} allowed")]
    TableTooWide {
        /// Columns it has.
        columns: usize,
        /// The limit.
        columns_max: usize,
    },
    /// The text grows too long as HTML: empty table cells, references used again and again.
    #[error("the text is longer than {bytes_max} bytes once its tables and links are written out")]
    HtmlTooLong {
        /// The limit in bytes.
        bytes_max: usize,
    },
}

/// The `content` of an opinion from its Markdown. Headings begin at `h2`, since the title is the `h1`.
pub fn render_opinion(source_markdown: &str) -> Result<String, MarkupError> {
    let (bytes, bytes_max) = (source_markdown.len(), limits::OPINION_SOURCE_BYTES_MAX);
    if bytes > bytes_max {
        return Err(MarkupError::OpinionTooLong { bytes, bytes_max });
    }
    render(&clean(source_markdown), Headings::FromH2)
}

/// The `content` of a comment from its Markdown. All headings are `h4`.
pub fn render_comment(source_markdown: &str) -> Result<String, MarkupError> {
    let (chars, chars_max) = (source_markdown.chars().count(), limits::COMMENT_CHARS_MAX);
    if chars > chars_max {
        return Err(MarkupError::CommentTooLong { chars, chars_max });
    }
    render(&clean(source_markdown), Headings::AllH4)
}

/// The words of `html`, one line for each paragraph, without markup. For titles, feeds and search; whoever
/// prints it into a page escapes it as any text.
pub fn plain_text(html: &str) -> String {
    let tree = Tree::parse(html);
    let text: String = tree.top().iter().map(|id| tree.text(*id, '\u{1e}')).collect();
    let lines: Vec<String> = text
        .split('\u{1e}')
        .map(|line| collapse(&clean(line)))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;

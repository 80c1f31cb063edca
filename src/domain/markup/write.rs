//! Markdown to the HTML that Polylogue sends. The list of elements is fixed and is all in this file; raw HTML
//! in the source is text, so nothing somebody wrote vanishes and nothing gets in by another way.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use url::Url;

use super::{MarkupError, clean};
use crate::{
    base::limits,
    domain::html::{escape_attribute_into, escape_into},
};

/// How headings of the source are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Headings {
    /// The topmost level used becomes `h2`, the next `h3`, all below `h4`.
    FromH2,
    /// All `h4`: a comment stands below a heading of the text it comments on.
    AllH4,
}

/// Renders a cleaned `source`.
pub(super) fn render(source: &str, headings: Headings) -> Result<String, MarkupError> {
    let events = || Parser::new_ext(source, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let top = match headings {
        Headings::AllH4 => None,
        Headings::FromH2 => events()
            .filter_map(|event| match event {
                Event::Start(Tag::Heading { level, .. }) => Some(level),
                _ => None,
            })
            .min(),
    };
    let mut writer = Writer { top, ..Writer::default() };
    for event in events() {
        writer.event(event)?;
        if writer.out.len() > limits::MARKUP_HTML_BYTES_MAX {
            return Err(MarkupError::HtmlTooLong { bytes_max: limits::MARKUP_HTML_BYTES_MAX });
        }
    }
    writer.flush();
    Ok(writer.out)
}

/// An open link or image of the source.
struct OpenLink {
    /// Where its text begins in the output; `None` where only its text is shown.
    address: Option<(Url, usize)>,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// Text not written yet: joined first, so that NFC holds over entities and escapes too.
    pending: String,
    depth: usize,
    links: Vec<OpenLink>,
    in_table_head: bool,
    in_image: usize,
    top: Option<HeadingLevel>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) -> Result<(), MarkupError> {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.pending.push_str(&text);
            }
            Event::SoftBreak => self.pending.push('\n'),
            Event::HardBreak => self.tag("<br>"),
            Event::Code(text) => {
                self.tag("<code>");
                self.pending.push_str(&text);
                self.tag("</code>");
            }
            Event::Start(tag) => self.start(tag)?,
            Event::End(tag) => self.end(tag),
            // A rule says nothing that a heading does not; the others are not switched on.
            Event::Rule
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), MarkupError> {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.tag("<p>"),
            Tag::Heading { level, .. } => {
                let number = self.heading(level);
                self.tag(&format!("<h{number}>"));
            }
            Tag::BlockQuote(_) => self.open("<blockquote>")?,
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.tag("<pre><code>");
            }
            Tag::List(None) => self.open("<ul>")?,
            Tag::List(Some(1)) => self.open("<ol>")?,
            Tag::List(Some(first)) => self.open(&format!("<ol start=\"{first}\">"))?,
            Tag::Item => self.tag("<li>"),
            Tag::Table(columns) => {
                if columns.len() > limits::MARKUP_TABLE_COLUMNS_MAX {
                    return Err(MarkupError::TableTooWide {
                        columns: columns.len(),
                        columns_max: limits::MARKUP_TABLE_COLUMNS_MAX,
                    });
                }
                self.tag("<table>");
            }
            Tag::TableHead => {
                self.in_table_head = true;
                self.tag("<thead><tr>");
            }
            Tag::TableRow => self.tag("<tr>"),
            Tag::TableCell => self.tag(if self.in_table_head { "<th>" } else { "<td>" }),
            Tag::Emphasis => self.open_inline("<em>")?,
            Tag::Strong => self.open_inline("<strong>")?,
            Tag::Strikethrough => self.open_inline("<del>")?,
            Tag::Link { link_type, dest_url, .. } => {
                if link_type == LinkType::Email {
                    self.open_link(&format!("mailto:{dest_url}"))?;
                } else {
                    self.open_link(&dest_url)?;
                }
            }
            Tag::Image { dest_url, .. } => {
                self.open_link(&dest_url)?;
                self.in_image += 1;
            }
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.tag("</p>\n"),
            TagEnd::Heading(level) => {
                let number = self.heading(level);
                self.tag(&format!("</h{number}>\n"));
            }
            TagEnd::BlockQuote(_) => self.close("</blockquote>\n"),
            TagEnd::CodeBlock => self.tag("</code></pre>\n"),
            TagEnd::List(ordered) => self.close(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.tag("</li>\n"),
            TagEnd::Table => self.tag("</tbody></table>\n"),
            TagEnd::TableHead => {
                self.in_table_head = false;
                self.tag("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.tag("</tr>\n"),
            TagEnd::TableCell => self.tag(if self.in_table_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.close_inline("</em>"),
            TagEnd::Strong => self.close_inline("</strong>"),
            TagEnd::Strikethrough => self.close_inline("</del>"),
            TagEnd::Link => self.close_link(),
            TagEnd::Image => {
                self.in_image = self.in_image.saturating_sub(1);
                self.close_link();
            }
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn heading(&self, level: HeadingLevel) -> usize {
        self.top.map_or(4, |top| (level as usize + 2).saturating_sub(top as usize).clamp(2, 4))
    }

    fn deeper(&mut self) -> Result<(), MarkupError> {
        self.depth += 1;
        if self.depth > limits::MARKUP_NESTING_DEPTH_MAX {
            return Err(MarkupError::TooDeep { depth_max: limits::MARKUP_NESTING_DEPTH_MAX });
        }
        Ok(())
    }

    fn open(&mut self, tag: &str) -> Result<(), MarkupError> {
        self.deeper()?;
        self.tag(tag);
        Ok(())
    }

    fn close(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.tag(tag);
    }

    /// An alternative text is plain: its emphasis goes.
    fn open_inline(&mut self, tag: &str) -> Result<(), MarkupError> {
        self.deeper()?;
        if self.in_image == 0 {
            self.tag(tag);
        }
        Ok(())
    }

    fn close_inline(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        if self.in_image == 0 {
            self.tag(tag);
        }
    }

    fn open_link(&mut self, address: &str) -> Result<(), MarkupError> {
        self.deeper()?;
        let nested = self.links.iter().any(|link| link.address.is_some());
        let url = if nested { None } else { allowed(address) };
        let address = url.map(|url| {
            self.tag("<a href=\"");
            escape_attribute_into(&mut self.out, url.as_str());
            self.out.push_str("\" rel=\"nofollow noopener\">");
            let start = self.out.len();
            (url, start)
        });
        self.links.push(OpenLink { address });
        Ok(())
    }

    fn close_link(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.flush();
        if let Some(OpenLink { address: Some((url, start)) }) = self.links.pop() {
            // An image without words, or `[](…)`: a link nobody could see or hear.
            if self.out.get(start..).is_some_and(|text| text.trim().is_empty()) {
                escape_into(&mut self.out, url.as_str());
            }
            self.out.push_str("</a>");
        }
    }

    fn tag(&mut self, tag: &str) {
        self.flush();
        self.out.push_str(tag);
    }

    /// Writes the pending text. Entities (`&#x202e;`) come to light only here, so it is cleaned again.
    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let mut text: String = self.pending.chars().filter(|c| !clean::is_deceptive(*c)).collect();
        self.pending.clear();
        if !is_nfc(&text) {
            text = text.nfc().collect();
        }
        // U+0338 after the `>` of a tag would compose to another character in the hands of whoever
        // normalises the whole: written as a reference it cannot.
        if let Some(rest) = text.strip_prefix('\u{338}').filter(|_| self.out.ends_with('>')) {
            self.out.push_str("&#824;");
            escape_into(&mut self.out, rest);
        } else {
            escape_into(&mut self.out, &text);
        }
    }
}

/// The address as a link may have it: absolute, `http`, `https` or `mailto`.
fn allowed(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    let known = match url.scheme() {
        "http" | "https" => url.username().is_empty() && url.password().is_none(),
        "mailto" => true,
        _ => false,
    };
    (known && url.as_str().len() <= limits::URI_CHARS_MAX).then_some(url)
}

use proptest::prelude::*;
use unicode_normalization::is_nfc;

use super::*;
use crate::base::fixtures::cases;

fn opinion(source: &str) -> String {
    render_opinion(source).unwrap()
}

#[test]
fn headings_begin_at_h2_and_end_at_h4() {
    assert_eq!(opinion("# A\n## B\n#### C"), "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n");
    assert_eq!(opinion("## A\n### B\n###### C"), "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n");
    assert_eq!(opinion("### only"), "<h2>only</h2>\n");
    assert_eq!(render_comment("# A\n## B").unwrap(), "<h4>A</h4>\n<h4>B</h4>\n");
}

#[test]
fn the_common_forms() {
    assert_eq!(
        opinion("*a* **b** ~~c~~ `d<e>`  \nf"),
        "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d&lt;e&gt;</code><br>f</p>\n"
    );
    assert_eq!(opinion("3. a\n4. b"), "<ol start=\"3\"><li>a</li>\n<li>b</li>\n</ol>\n");
    assert_eq!(
        opinion("> a\n\n```js\nlet x\n```"),
        "<blockquote><p>a</p>\n</blockquote>\n<pre><code>let x\n</code></pre>\n"
    );
    assert_eq!(
        opinion("|a|b|\n|:-:|-:|\n|c|d|"),
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>\n<tr><td>c</td><td>d</td></tr>\n</tbody></table>\n"
    );
}

#[test]
fn links_are_absolute_and_of_known_schemes() {
    let rel = "rel=\"nofollow noopener\"";
    assert_eq!(
        opinion("[a](https://x.example/?a=1&b=\"2\")"),
        format!("<p><a href=\"https://x.example/?a=1&amp;b=%222%22\" {rel}>a</a></p>\n")
    );
    assert_eq!(
        opinion("<office@x.example>"),
        format!("<p><a href=\"mailto:office@x.example\" {rel}>office@x.example</a></p>\n")
    );
    for bad in [
        "javascript:alert(1)",
        "data:text/html,x",
        "/relative",
        "#part",
        "https://bank.example@evil.example/",
    ] {
        assert_eq!(opinion(&format!("[a](<{bad}>)")), "<p>a</p>\n", "{bad}");
    }
}

#[test]
fn an_image_is_a_link_with_its_words() {
    let a = "<a href=\"https://x.example/i.png\" rel=\"nofollow noopener\">";
    assert_eq!(opinion("![a *map*](https://x.example/i.png)"), format!("<p>{a}a map</a></p>\n"));
    assert_eq!(
        opinion("![](https://x.example/i.png)"),
        format!("<p>{a}https://x.example/i.png</a></p>\n")
    );
    assert_eq!(
        opinion("[![map](https://x.example/i.png)](https://y.example/)"),
        "<p><a href=\"https://y.example/\" rel=\"nofollow noopener\">map</a></p>\n"
    );
}

#[test]
fn raw_html_is_text() {
    assert_eq!(opinion("a <b onclick=x>c</b>"), "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n");
    let html = opinion("<script>alert(1)</script>\n\nafter");
    assert!(html.contains("&lt;script&gt;alert(1)") && html.ends_with("<p>after</p>\n"), "{html}");
}

#[test]
fn deceptive_characters_go_also_as_entities() {
    assert_eq!(opinion("a\u{202e}b&#x202e;c&#8203;d"), "<p>abcd</p>\n");
    assert_eq!(opinion("e&#x301;"), "<p>é</p>\n");
    for written in ["<p>&#824;x</p>", "<p>\u{338}x</p>", "<p>\u{202e}\u{338}x</p>"] {
        assert_eq!(sanitize(written), "<p>&#824;x</p>");
    }
    assert_eq!(opinion("&#x338;x"), "<p>&#824;x</p>\n", "must not compose with the end of a tag");
    let within = opinion("[a][a&#x338;a]");
    assert_eq!(sanitize(&within), within);
    assert_eq!(sanitize("<p>a&#x202e;b\u{200b}</p>"), "<p>ab</p>");
}

#[test]
fn a_space_that_keeps_words_together_is_written_as_our_own_texts_are() {
    let html = opinion("Vraiment\u{a0}? Oui&nbsp;!");
    assert_eq!(html, "<p>Vraiment\u{a0}? Oui\u{a0}!</p>\n");
    assert_eq!(sanitize(&html), html);
    assert_eq!(sanitize("<p>a&nbsp;b&amp;nbsp;c</p>"), "<p>a\u{a0}b&amp;nbsp;c</p>");
}

#[test]
fn nesting_at_the_limit_and_one_over() {
    let max = limits::MARKUP_NESTING_DEPTH_MAX;
    assert!(render_opinion(&format!("{} a", ">".repeat(max))).is_ok());
    assert_eq!(
        render_opinion(&format!("{} a", ">".repeat(max + 1))),
        Err(MarkupError::TooDeep { depth_max: max })
    );
    assert!(render_opinion(&">".repeat(200_000)).is_err());
}

#[test]
fn columns_at_the_limit_and_one_over() {
    let table = |n: usize| format!("{}\n{}\n{}\n", "|a".repeat(n), "|-".repeat(n), "|b".repeat(n));
    let max = limits::MARKUP_TABLE_COLUMNS_MAX;
    assert!(opinion(&table(max)).contains("<td>b</td>"));
    assert_eq!(
        render_opinion(&table(max + 1)),
        Err(MarkupError::TableTooWide { columns: max + 1, columns_max: max })
    );
}

#[test]
fn length_at_the_limit_and_one_over() {
    let max = limits::OPINION_SOURCE_BYTES_MAX;
    assert!(render_opinion(&"a".repeat(max)).is_ok());
    assert_eq!(
        render_opinion(&"a".repeat(max + 1)),
        Err(MarkupError::OpinionTooLong { bytes: max + 1, bytes_max: max })
    );
    let max = limits::COMMENT_CHARS_MAX;
    assert!(render_comment(&"é".repeat(max)).is_ok());
    assert!(matches!(
        render_comment(&"é".repeat(max + 1)),
        Err(MarkupError::CommentTooLong { .. })
    ));
}

#[test]
fn a_short_source_may_not_grow_without_bound() {
    let bomb = "<".repeat(limits::OPINION_SOURCE_BYTES_MAX);
    assert_eq!(
        render_opinion(&bomb),
        Err(MarkupError::HtmlTooLong { bytes_max: limits::MARKUP_HTML_BYTES_MAX })
    );
}

#[test]
fn what_comes_from_elsewhere_is_made_safe() {
    let dirty = r#"<p class="x" style="color:red" onclick="a()">a<img src=x onerror=a()><script>b()</script>
        <a href="javascript:c()">d</a> <a href="/e">e</a> <a href="https://f.example/" target="_blank">f</a></p>
        <h1 id="top">g</h1><iframe src="//h"></iframe><svg><style>i</style></svg>"#;
    let safe = sanitize(dirty);
    for bad in [
        "class", "style", "onclick", "img", "script", "b()", "/e\"", "target", "id=", "iframe",
        "svg", "i<",
    ] {
        assert!(!safe.contains(bad), "{bad} in {safe}");
    }
    assert!(
        safe.contains(r#"<a href="https://f.example/" rel="nofollow noopener">f</a>"#),
        "{safe}"
    );
    assert!(sanitize(&"<i><b>".repeat(30_000)).starts_with("<p>&lt;i&gt;"));
}

#[test]
fn words_without_markup() {
    assert_eq!(
        plain_text("<h2>A</h2><p>b <em>c</em><br>d</p><ul><li>e<li>f</ul>"),
        "A\nb c\nd\ne\nf"
    );
    assert_eq!(plain_text("<script>no</script>5 &lt; 6"), "5 < 6");
}

proptest! {
    #![proptest_config(cases(200))]

    /// What we send is in NFC, holds only what the sanitiser lets through unchanged, and reads back.
    #[test]
    fn what_we_send_passes_our_own_sanitiser(source in "(?s)([-#>*_`|~\\[\\]()!<&; \n0-9a-z:/.]|\\PC){0,120}") {
        if let Ok(html) = render_opinion(&source) {
            prop_assert!(is_nfc(&html), "{:?}", html);
            let tree = Tree::parse(&html);
            let printed: String = tree.top().iter().map(|id| tree.print(*id)).collect();
            let safe = Tree::parse(&sanitize(&html));
            let safe: String = safe.top().iter().map(|id| safe.print(*id)).collect();
            prop_assert_eq!(printed, safe);
        }
    }

    #[test]
    fn no_html_makes_it_panic_or_unsafe(html in "(?s)(<(/?)(p|b|a|table|tr|td|li|ul|h2|svg|math|template|script|select|!--)[ =\"'a-z:]{0,9}>?|.){0,80}") {
        let safe = sanitize(&html);
        prop_assert!(!safe.contains("<script") && !safe.contains("<svg") && !safe.contains(" on"), "{}", safe);
        prop_assert_eq!(sanitize(&safe), safe, "safe as it is written");
        plain_text(&html);
    }
}

/// Found by a fuzzer: items in items, which a parser takes apart otherwise once they are written out.
#[test]
fn what_is_nested_wrongly_is_safe_as_it_is_written() {
    let html = "<ol start=art=\"-9\"><li><p><h1>x\"-9\"><li><p><h1>x</h1><blockquote><pre><\u{e}ode>a &lt; b";
    let safe = sanitize(html);
    assert_eq!(sanitize(&safe), safe);
    assert!(safe.contains("a &lt; b"), "{safe}");
}

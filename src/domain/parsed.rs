//! Texts that are read again and again: the blocks of a revision, kept under its digest. Under one digest the text
//! never changes, so it is taken apart once; the sanitiser of the day is this process's.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;

use super::blocks::{self, Block, Part};

/// Bytes of HTML and words that are kept.
const KEPT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A text taken apart.
#[derive(Debug, Default)]
pub struct Parsed {
    parts: Vec<Part>,
    blocks: Vec<Block>,
}

impl Parsed {
    /// All that is to be shown of it, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Its blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    fn of(content: &str) -> Self {
        let parts = blocks::parts(content);
        let blocks = parts
            .iter()
            .filter_map(|part| match part {
                Part::Block(block) => Some(block.clone()),
                Part::Loose(_) => None,
            })
            .collect();
        Self { parts, blocks }
    }

    fn bytes(&self) -> usize {
        let of_block = |block: &Block| block.html.len() + block.text.len() + block.id.len() + 64;
        let of_part = |part: &Part| match part {
            Part::Block(block) => of_block(block),
            Part::Loose(html) => html.len() + 64,
        };
        self.parts.iter().map(of_part).sum::<usize>()
            + self.blocks.iter().map(of_block).sum::<usize>()
    }
}

/// The text under a digest. `content` is what the digest is of, or empty where its author deleted it.
pub fn parsed(digest: &str, content: &str) -> Arc<Parsed> {
    static KEPT: LazyLock<Cache<String, Arc<Parsed>>> = LazyLock::new(|| {
        Cache::builder()
            .max_capacity(KEPT_BYTES_MAX)
            .weigher(|digest: &String, text: &Arc<Parsed>| {
                u32::try_from(digest.len() + text.bytes()).unwrap_or(u32::MAX)
            })
            .build()
    });
    if content.is_empty() {
        return Arc::default();
    }
    KEPT.get_with_by_ref(digest, || Arc::new(Parsed::of(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_once_and_a_deleted_one_is_empty() {
        let text = parsed("ni:///sha-256;parsed-test", "<p>a</p>loose<p>b</p>");
        assert_eq!((text.parts().len(), text.blocks().len()), (3, 2));
        assert_eq!(text.blocks(), blocks::split("<p>a</p>loose<p>b</p>"));
        let again = parsed("ni:///sha-256;parsed-test", "<p>a</p>loose<p>b</p>");
        assert!(Arc::ptr_eq(&text, &again));
        assert!(parsed("ni:///sha-256;parsed-test", "").blocks().is_empty());
    }
}

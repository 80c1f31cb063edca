//! Texts made safe once: a thread is asked for again and again, and an entry never changes. The sanitiser of the day is
//! this process's.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;

use super::markup;

/// Bytes of HTML that are kept.
const KEPT_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// HTML as it may be shown. `name` is of the text alone: the hash of the entry that holds it.
pub fn sanitized(name: &str, html: &str) -> Arc<str> {
    static KEPT: LazyLock<Cache<String, Arc<str>>> = LazyLock::new(|| {
        Cache::builder()
            .max_capacity(KEPT_BYTES_MAX)
            .weigher(|name: &String, html: &Arc<str>| {
                u32::try_from(name.len() + html.len() + 64).unwrap_or(u32::MAX)
            })
            .build()
    });
    if html.is_empty() {
        return Arc::from("");
    }
    KEPT.get_with_by_ref(name, || Arc::from(markup::sanitize(html)))
}

/// HTML that no entry holds, as it may be shown. Its name is what it says, set apart from all other names: who writes
/// the hash of an entry into a profile must not put it in that entry's place.
pub fn sanitized_text(html: &str) -> Arc<str> {
    sanitized(&format!("text {html}"), html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_safe_once_and_an_empty_one_is_empty() {
        let once = sanitized("sanitized-test", "<p>a<script>b</script></p>");
        assert!(once.contains('a') && !once.contains("script"), "{once}");
        let again = sanitized("sanitized-test", "<p>a<script>b</script></p>");
        assert!(Arc::ptr_eq(&once, &again));
        assert_eq!(&*sanitized("sanitized-test", ""), "");
    }

    #[test]
    fn a_profile_that_says_the_hash_of_an_entry_does_not_stand_in_its_place() {
        assert_eq!(&*sanitized_text("sanitized-hash"), "sanitized-hash");
        assert_eq!(&*sanitized("sanitized-hash", "<p>said</p>"), "<p>said</p>");
        assert_eq!(&*sanitized_text("sanitized-hash"), "sanitized-hash");
    }
}

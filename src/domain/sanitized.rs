//! Texts made safe once: a thread is asked for again and again, and an entry never changes. The sanitiser of the day is
//! this process's.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;

use super::markup;

/// Bytes of HTML that are kept.
const KEPT_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// HTML as it may be shown. `name` is of the text alone: the hash of the entry that holds it, or the text itself.
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
}

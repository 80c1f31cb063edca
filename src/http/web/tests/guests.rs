//! The page on which people of other servers sign in: what it leads to, and what it never leads to.

use super::started;
use crate::http::testing::{Browser, value_of};

#[tokio::test]
async fn an_answer_is_a_page_and_leads_back_to_a_path_of_this_instance() {
    let instance = started().await;
    let mut browser = Browser::new(&instance);
    let form = browser.get("/sign-in?next=//evil.example/").await;
    assert!(form.contains("action=\"/sign-in/home\""), "{form}");
    let csrf = value_of(&form, "csrf");
    let fields = |next: &'static str, address: &'static str| {
        [("csrf", csrf.clone()), ("next", next.to_owned()), ("address", address.to_owned())]
    };
    for next in ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"] {
        let sent = fields(next, "not an address");
        let sent: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let (status, page) = browser.post("/sign-in/home", &sent).await;
        assert_eq!(status, 422, "{page}");
        assert_eq!(value_of(&page, "next"), "/", "{next}");
        assert!(page.contains("value=\"not an address\""), "{page}");
    }
    // Without the cookie that belongs to the form, and without its token, nobody is sent anywhere.
    let mut stranger = Browser::new(&instance);
    let (status, _) =
        stranger.post("/sign-in/home", &[("csrf", &csrf), ("address", "a.example")]).await;
    assert_eq!(status, 403);
    // What comes back unasked signs nobody in, and is named to nobody.
    let answer = stranger.send("GET", "/sign-in/home/back?state=x&code=y", String::new()).await;
    assert_eq!((answer.status, answer.header("referrer-policy")), (400, "no-referrer"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    assert!(stranger.cookies.iter().all(|(name, _)| name != "guest"));
}

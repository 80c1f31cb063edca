//! Changing one's password: by who knows the old one, within the tries there are; what it ends, and what not.

use super::started;
use crate::{
    base::limits,
    http::testing::{Browser, Instance},
};

const OLD: &str = "correct horse battery";
const NEW: &str = "battery staple horse";

async fn change(
    browser: &mut Browser<'_>,
    csrf: &str,
    (old, new): (&str, &str),
    ends: &[(&str, &str)],
) -> (u16, String) {
    let mut fields = vec![("csrf", csrf), ("oldPassword", old), ("password", new)];
    fields.extend_from_slice(ends);
    browser.post("/settings/password", &fields).await
}

async fn lets_in(instance: &Instance, password: &str) -> bool {
    instance.service.sign_in("ada", password, std::net::IpAddr::from([192, 0, 2, 9])).await.is_ok()
}

#[tokio::test]
async fn a_new_password_ends_what_its_owner_says() {
    let instance = started().await;
    let (mut here, mut there) = (Browser::new(&instance), Browser::new(&instance));
    let csrf = here.sign_in("ada").await;
    there.sign_in("ada").await;
    let program = instance.token("ada", "read").await;
    assert!(here.get("/settings").await.contains("/settings/password"));

    let (status, _) = change(&mut here, &csrf, (OLD, NEW), &[]).await;
    assert_eq!(status, 303);
    assert!(here.get("/settings/password?changed=yes").await.contains("Your password is changed."));
    assert!(!lets_in(&instance, OLD).await && lets_in(&instance, NEW).await);
    assert_eq!(there.send("GET", "/settings", String::new()).await.status, 200);
    assert!(instance.service.access(&program).await.unwrap().is_some());

    let both = [("sessions", "end"), ("programs", "end")];
    assert_eq!(change(&mut here, &csrf, (NEW, OLD), &both).await.0, 303);
    // The browser that asked stays; the other one and the program do not.
    here.get("/settings/password").await;
    assert_eq!(there.send("GET", "/settings", String::new()).await.status, 303);
    assert!(instance.service.access(&program).await.unwrap().is_none());
}

#[tokio::test]
async fn who_does_not_know_the_old_one_changes_nothing_and_has_five_tries() {
    let instance = started().await;
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    let (status, _) = change(&mut ada, "forged", (OLD, NEW), &[]).await;
    assert_eq!(status, 403);
    for (new, status) in [("123456789", 422), ("", 422)] {
        let (answered, page) = change(&mut ada, &csrf, (OLD, new), &[]).await;
        assert_eq!(answered, status, "{page}");
        assert!(page.contains("must have at least 10 characters"), "{page}");
    }
    for _ in 0..limits::SIGN_IN_TRIES_MAX {
        let (status, page) = change(&mut ada, &csrf, ("wrong horse battery", NEW), &[]).await;
        assert_eq!(status, 422, "{page}");
        assert!(page.contains("not the old password") && !page.contains("wrong horse"), "{page}");
    }
    // Also with the right one, until the time has passed.
    assert_eq!(change(&mut ada, &csrf, (OLD, NEW), &[]).await.0, 429);
    assert!(!lets_in(&instance, NEW).await);
}

#[tokio::test]
async fn the_command_line_gives_a_new_one_and_signs_everybody_out() {
    let instance = started().await;
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    let new = |text: &str| zeroize::Zeroizing::new(text.to_owned());
    assert!(instance.service.set_password("ada", new("short")).await.is_err());
    assert!(instance.service.set_password("nobody", new(NEW)).await.is_err());
    instance.service.set_password("ada", new(NEW)).await.unwrap();
    assert!(lets_in(&instance, NEW).await && !lets_in(&instance, OLD).await);
    assert_eq!(ada.send("GET", "/settings", String::new()).await.status, 303);
}

//! Examples of what a guest sees, and of the page on which a password is changed.

use super::*;

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let change = PasswordPage {
        t,
        page: signed_in("/settings/password", Section::Elsewhere),
        changed: true,
        ends_sessions: true,
        ends_programs: false,
        errors: FormErrors::none(),
    };
    add("password", &change);
    let errors = FormErrors::none().add_text("oldPassword", "this is not the old password".into());
    add("password-refused", &PasswordPage { changed: false, errors, ..change });

    let guest = GuestName { name: "Ana <b>".into(), handle: "ana@social.example".into() };
    let as_guest =
        |here: &str| Page { guest: Some(guest.clone()), ..page(here, Section::Elsewhere) };
    add(
        "home-go",
        &HomeGoPage {
            t,
            page: page("/sign-in/home", Section::Elsewhere),
            host: "social.example".into(),
            href: "https://social.example/oauth/authorize?client_id=x".into(),
        },
    );
    let held = |kind| GuestHeld {
        kind,
        at: at("2026-09-21T10:15:00Z"),
        opinion: link("Enhanced cooperation", "/o/1"),
        end_href: "/positions/1/withdraw".into(),
    };
    add(
        "guest",
        &GuestPage {
            t,
            page: as_guest("/guest"),
            handle: "ana@social.example".into(),
            sessions: vec![SessionRow {
                agent: None,
                since: at("2026-09-21T10:15:00Z"),
                until: at("2026-09-24T10:15:00Z"),
                is_this: true,
                end_href: "/guest/sessions/x/end".into(),
            }],
            held: vec![held(Some(PositionKind::Objection)), held(None)],
        },
    );
}

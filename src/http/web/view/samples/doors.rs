//! Examples of a program that asks to be let in, and of what was let in.

use super::*;

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let asked = AuthorizePage {
        t,
        page: signed_in("/oauth/authorize", Section::Elsewhere),
        app: "Elephant <b>".into(),
        website: Some("https://elephant.example/".into()),
        back: Some("https://elephant.example/back?x=1&y=\"2\"".into()),
        scope: vec!["profile", "read", "write:statuses", "follow", "push"],
        handle: "@wanjiru@cs.example".into(),
        another_href: "/sign-in?next=%2Foauth%2Fauthorize".into(),
        action: "/oauth/authorize".into(),
        fields: vec![("client_id", "abc".into()), ("state", "\"><b>".into())],
        errors: FormErrors::none(),
    };
    add("authorize", &asked);
    let expired = AuthorizePage {
        website: None,
        back: None,
        errors: FormErrors::none().add("", Fault::FormExpired),
        ..asked
    };
    add("authorize-expired", &expired);
    let code = AuthorizedPage {
        t,
        page: signed_in("/oauth/authorize", Section::Elsewhere),
        code: Some("c0de".into()),
        error: None,
    };
    add("authorized", &code);
    let denied = AuthorizedPage { code: None, error: Some("no <b>".into()), ..code };
    add("authorized-not", &denied);
    let entrances = EntrancesPage {
        t,
        page: signed_in("/settings/access", Section::Elsewhere),
        sessions: vec![
            SessionRow {
                agent: Some("Browser/1.0 <b>".into()),
                since: at("2026-04-01T10:00:00Z"),
                until: at("2026-05-01T10:00:00Z"),
                is_this: true,
                end_href: "/settings/access/sessions/ab/end".into(),
            },
            SessionRow {
                agent: None,
                since: at("2026-03-01T10:00:00Z"),
                until: at("2026-04-01T10:00:00Z"),
                is_this: false,
                end_href: "/settings/access/sessions/cd/end".into(),
            },
        ],
        programs: vec![
            ProgramRow {
                name: Some("Elephant <b>".into()),
                website: Some("https://elephant.example/".into()),
                scope: vec!["read".into(), "write:statuses".into()],
                since: at("2026-04-01T10:00:00Z"),
                end_href: "/settings/access/programs/app-1/end".into(),
            },
            ProgramRow {
                name: None,
                website: None,
                scope: vec!["read".into()],
                since: at("2026-04-01T10:00:00Z"),
                end_href: "/settings/access/programs/ef/end".into(),
            },
        ],
    };
    add("entrances", &entrances);
    add("entrances-none", &EntrancesPage { programs: Vec::new(), ..entrances });
}

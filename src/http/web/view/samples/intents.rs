//! Examples of the pages between two servers.

use super::*;
use crate::protocol::intents::Intent;

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let uri = "https://cs.example/o/114823001000000001";
    let thing = link("A shared watch first <b>", "/o/1");
    let interact = InteractPage {
        t,
        page: page("/interact", Section::Elsewhere),
        csrf: "c5rf".into(),
        intent: Intent::Reply,
        kind: ThingKind::Opinion,
        thing: thing.clone(),
        uri: uri.into(),
        action: "/interact",
        account: String::new(),
        remembers: false,
        none_at: None,
        words_href: Some("/from?o=1".into()),
        errors: FormErrors::none(),
    };
    add("interact", &interact);
    for (intent, kind) in [
        (Intent::Follow, ThingKind::Topic),
        (Intent::Like, ThingKind::Words),
        (Intent::Boost, ThingKind::Somebody),
    ] {
        let other = InteractPage {
            intent,
            kind,
            account: "@ana@social.example\"><script>".into(),
            remembers: true,
            none_at: Some("social.example".into()),
            words_href: None,
            errors: FormErrors::none().add("account", Fault::HomeAddress),
            ..interact.clone()
        };
        add(&format!("interact-{}", intent.word()), &other);
    }
    let go = InteractGoPage {
        t,
        page: page("/interact", Section::Elsewhere),
        intent: Intent::Reply,
        host: "social.example".into(),
        href: "https://social.example/authorize_interaction?uri=x&y=\"z".into(),
        uri: uri.into(),
        thing,
    };
    add("interact-go", &go);
    let reply = ReplyForm {
        action: "/o/1/comment".into(),
        in_reply_to: String::new(),
        content: "Both <b> of them.".into(),
        language: "en".into(),
        stated: None,
    };
    let post = MetPost {
        kind: ThingKind::Opinion,
        name: "A shared watch first <b>".into(),
        author: link("Rasmus <i>", "https://tech.example/p/rasmus"),
        at: at("2026-05-03T08:00:00Z"),
        html: SafeHtml::sanitized("<p>A watch.</p><script>x</script>"),
        lang: "en".into(),
        place_href: "/o/1".into(),
        position_href: Some("/o/1/position".into()),
        reply: Some(reply.clone()),
    };
    let met = |met| IntentPage {
        t,
        page: signed_in("/authorize_interaction?uri=x", Section::Elsewhere),
        met,
        follow_action: "/authorize_interaction",
        errors: FormErrors::none(),
    };
    add("intent-post", &met(Met::Post(Box::new(post.clone()))));
    let stated = Stated { host: "cs.example".into(), handle: "ana@social.example".into() };
    let comment = MetPost {
        kind: ThingKind::Words,
        name: "Rasmus <i>".into(),
        position_href: None,
        reply: Some(ReplyForm { in_reply_to: "7".into(), stated: Some(stated), ..reply }),
        ..post.clone()
    };
    add("intent-comment", &met(Met::Post(Box::new(comment))));
    add("intent-position", &met(Met::Post(Box::new(MetPost { reply: None, ..post }))));
    let came_for = CameFor {
        link: link("Whose <b> river", "https://tech.example/o/1"),
        author: Some(link("Rasmus <i>", "https://tech.example/p/rasmus")),
    };
    let somebody = |following| MetSomebody {
        kind: ThingKind::Topic,
        link: link("Rivers <b>", "https://tech.example/t/rivers"),
        handle: "@rivers@tech.example".into(),
        note: SafeHtml::sanitized("<p>Whose are they?</p>"),
        following,
        opens: true,
        key: 7,
        next: "https://tech.example/o/1".into(),
        text: "Both <b> of them.".into(),
        came_for: Some(came_for.clone()),
    };
    for (name, following) in [
        ("no", Following::No),
        ("yes", Following::Yes),
        ("asked", Following::Asked),
        ("guest", Following::Guest),
        ("self", Following::Oneself),
    ] {
        add(&format!("intent-follow-{name}"), &met(Met::Somebody(Box::new(somebody(following)))));
    }
    add("intent-elsewhere", &met(Met::Elsewhere(came_for.clone())));
    let unsigned = CameFor { author: None, ..came_for };
    add("intent-elsewhere-unsigned", &met(Met::Elsewhere(unsigned)));
    add("intent-new", &met(Met::New { text: "Hello <script>".into() }));
    add("intent-new-empty", &met(Met::New { text: String::new() }));
    add("intent-nothing", &met(Met::Nothing { uri: "https://x.example/<b>".into() }));
}

//! Examples of one's own settings, and of what stands behind a name.

use super::*;

/// What others say of somebody.
pub(super) fn attested() -> Vec<Attested> {
    vec![
        Attested {
            level: ProofLevel::Vouched,
            attester: "Backbone Operators’ <Guild>".into(),
            attester_href: "/p/guild".into(),
            domain: String::new(),
            since: at("2026-04-01T10:00:00Z"),
            until: None,
            href: "/d/114823001000000001".into(),
            end_href: Some("/attestations/114823001000000001/end".into()),
        },
        Attested {
            level: ProofLevel::WebDomain,
            attester: "Commons Forum".into(),
            attester_href: "/mesh".into(),
            domain: "guild.example".into(),
            since: at("2026-04-01T10:00:00Z"),
            until: Some(at("2027-04-01T10:00:00Z")),
            href: "/d/114823001000000002".into(),
            end_href: None,
        },
    ]
}

/// Adds them.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&str, &dyn askama::DynTemplate)) {
    let settings = SettingsPage {
        t,
        page: signed_in("/settings", Section::Elsewhere),
        form: ProfileForm {
            display_name: "Wanjiru Odenyo".into(),
            profile: "I look after *cables*.".into(),
            group: "civil-society".into(),
            region: "africa".into(),
            email: "wanjiru@cables.example".into(),
        },
        saved: true,
        errors: FormErrors::none(),
    };
    add("settings", &settings);
    let refused = SettingsPage {
        saved: false,
        form: ProfileForm { display_name: "</textarea><b>".into(), ..ProfileForm::default() },
        errors: FormErrors::none()
            .add("displayName", Fault::TooLong)
            .add("group", Fault::NotAChoice)
            .add("", Fault::FormExpired),
        ..settings
    };
    add("settings-refused", &refused);

    let proof = ProofPage {
        t,
        page: signed_in("/settings/proof", Section::Elsewhere),
        level: ProofLevel::Vouched,
        attested: attested(),
        sends_mail: true,
        address: String::new(),
        letter_sent_to: Some("cables.example".into()),
        domains: vec![
            WebDomain {
                domain: "cables.example".into(),
                found: Some(at("2026-05-06T09:00:00Z")),
                failing: None,
                failure: String::new(),
                check_href: "/settings/proof/web/1/check".into(),
                remove_href: "/settings/proof/web/1/remove".into(),
            },
            WebDomain {
                domain: "old.example".into(),
                found: Some(at("2026-05-01T09:00:00Z")),
                failing: Some(at("2026-05-05T09:00:00Z")),
                failure: "/.well-known/polylogue.json: not found".into(),
                check_href: "/settings/proof/web/2/check".into(),
                remove_href: "/settings/proof/web/2/remove".into(),
            },
            WebDomain {
                domain: "new.example".into(),
                found: None,
                failing: None,
                failure: String::new(),
                check_href: "/settings/proof/web/3/check".into(),
                remove_href: "/settings/proof/web/3/remove".into(),
            },
        ],
        domain: String::new(),
        own_uri: "https://cs.example/p/wanjiru".into(),
        errors: FormErrors::none(),
    };
    add("proof", &proof);
    let without = ProofPage {
        level: ProofLevel::Declared,
        attested: Vec::new(),
        sends_mail: false,
        letter_sent_to: None,
        domains: Vec::new(),
        domain: "10.0.0.1".into(),
        errors: FormErrors::none().add_text("domain", "must be a name".into()),
        ..proof
    };
    add("proof-without", &without);

    let confirm = ProofConfirmPage {
        t,
        page: signed_in("/settings/proof/confirm", Section::Elsewhere),
        token: "t0ken".into(),
        domain: Some("cables.example".into()),
    };
    add("proof-confirm", &confirm);
    add("proof-confirm-gone", &ProofConfirmPage { domain: None, ..confirm });

    let own = ParticipantPage {
        t,
        page: signed_in("/p/guild", Section::Elsewhere),
        voice: organisation("Backbone Operators’ Guild", Group::TechnicalCommunity),
        region: None,
        level: ProofLevel::Declared,
        attested: Vec::new(),
        vouching: Vouching::ByHandle,
        vouched: vec![Vouched {
            who: person("Amina <b>", Group::CivilSociety),
            end_href: "/attestations/1/end".into(),
        }],
        vouch_href: "/p/guild/vouch".into(),
        vouch_handle: "nobody".into(),
        errors: FormErrors::none().add_text("handle", "nobody of this handle is known".into()),
        is_organisation: true,
        handle: "@guild@cs.example".into(),
        since: None,
        summary: None,
        home_href: None,
        opinions: Vec::new(),
        log: Vec::new(),
    };
    add("participant-own-organisation", &own);
}

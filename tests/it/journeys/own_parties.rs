//! A topic with words of its own for its parties: founded by page, API and command, seen through them on the positions
//! page, in the API and as a table, and the same at an instance that joins it.

use axum::http::StatusCode;
use polylogue::{
    base::limits, domain::group::StakeholderGroup as Group, service::accounts::AccountKind,
};
use polylogue_tests::{Meeting, TestDatabase, TestInstance, drain};
use serde_json::{Value, json};

/// Two parties of one group, and one of two groups.
const PARTIES: &str = "farmers; civil-society; en: Farmers; fr: Agriculteurs\r\n\
unions; civil-society; en: Unions\r\nstate; governments, international-organisations; en: The state";

const SPEAKERS: [(&str, Option<Group>); 4] = [
    ("joao", Some(Group::Governments)),
    ("ines", Some(Group::InternationalOrganisations)),
    ("chen", Some(Group::CivilSociety)),
    ("dina", None),
];

async fn founded(meeting: &Meeting) -> String {
    meeting.join("amina", AccountKind::Person, Some(Group::CivilSociety)).await;
    let mut amina = meeting.signed_in("amina").await;
    let form = amina.get("/topics").await;
    assert!(form.links().contains(&"/topics/new".to_owned()), "{}", form.text());
    let form = amina.get("/topics/new").await.form("/topics/new");
    let form = form
        .fill("name", "Wells")
        .fill("question", "Who may drill, and how deep?")
        .fill("slug", "wells")
        .fill("language", "en");
    // A group there is not: refused with those there are, and all that was typed is still there.
    let wrong = form.clone().fill("parties", "farmers; peasants; en: Farmers");
    let refused = amina.submit(wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("technical-community"), "{}", refused.text());
    let again = refused.form("/topics/new");
    assert_eq!(again.value("parties"), Some("farmers; peasants; en: Farmers"));
    assert_eq!(again.value("question"), Some("Who may drill, and how deep?"));
    let topic = amina.submit(again.fill("parties", PARTIES)).await;
    assert_eq!((topic.status, topic.path.as_str()), (StatusCode::OK, "/t/wells"));
    assert!(topic.text().contains("Farmers , Unions , The state"), "{}", topic.text());

    let token = meeting.token("amina").await;
    let opinion = json!({"name": "Slowly", "abstract": "One well a year.", "source": "One well.", "language": "en"});
    let (status, opinion) =
        meeting.api(&token, "POST", "/topics/wells/opinions", Some(opinion)).await;
    assert_eq!(status, StatusCode::CREATED, "{opinion}");
    opinion["key"].as_str().unwrap().to_owned()
}

/// The row of the table of positions that begins with this heading.
async fn row(meeting: &Meeting, path: &str, heading: &str) -> Option<String> {
    let rows = meeting.browser().get(path).await.texts(".matrix tbody tr");
    rows.into_iter().find(|row| row.starts_with(heading))
}

#[tokio::test]
async fn a_topics_own_parties_are_a_lens_on_what_is_declared() {
    for database in TestDatabase::each().await {
        let meeting = Meeting::open(&database).await;
        let key = founded(&meeting).await;
        for (name, group) in SPEAKERS {
            meeting.join(name, AccountKind::Person, group).await;
            let token = meeting.token(name).await;
            let support = json!({"kind": "support", "revision": 1});
            let path = format!("/opinions/{key}/positions");
            let (status, taken) = meeting.api(&token, "POST", &path, Some(support)).await;
            assert_eq!(status, StatusCode::CREATED, "{taken}");
            // What is stored stays one of the eight; the party follows from it where it does.
            assert_eq!(taken["stakeholderGroup"], json!(group.map(Group::word)));
            let party = if name == "joao" || name == "ines" { json!("state") } else { Value::Null };
            assert_eq!(taken["party"], party, "{taken}");
        }

        let path = format!("/o/{key}/positions");
        let own = format!("{path}?lens=own");
        let state = row(&meeting, &own, "The state").await.unwrap();
        assert!(state.contains("joao") && state.contains("ines") && !state.contains("chen"));
        // Whoever belongs to two parties is put into none, and it says so; neither was "none heard".
        let outside = "civil society (no party of this topic named)";
        assert!(row(&meeting, &own, outside).await.unwrap().contains("chen"));
        for party in ["Farmers", "Unions"] {
            let empty = row(&meeting, &own, party).await.unwrap();
            assert!(empty.contains("Not told apart here"), "{empty}");
        }
        assert!(row(&meeting, &own, "group not declared").await.unwrap().contains("dina"));
        // Everybody stands under one heading, through whatever list.
        for lens in ["", "?lens=own", "?lens=wgec"] {
            let rows =
                meeting.browser().get(&format!("{path}{lens}")).await.texts(".matrix tbody tr");
            for (name, _) in SPEAKERS {
                let places = rows.iter().filter(|row| row.contains(name)).collect::<Vec<_>>();
                assert_eq!(places.len(), 1, "{name} through {lens}: {rows:?}");
            }
        }
        let chooser = meeting.browser().get(&path).await;
        assert!(chooser.text().contains("This topic’s own parties"));

        let table = meeting.browser().get(&format!("{path}.csv")).await.html;
        let mut lines = table.lines();
        let at = lines.next().unwrap().split(',').position(|column| column == "party").unwrap();
        let parties: Vec<&str> = lines.map(|line| line.split(',').nth(at).unwrap()).collect();
        assert_eq!(parties, ["state", "state", "", ""]);

        let token = meeting.token("amina").await;
        let (_, topic) = meeting.api(&token, "GET", "/topics/wells", None).await;
        assert_eq!(topic["parties"][0]["names"]["fr"], "Agriculteurs", "{topic}");
        assert_eq!(topic["parties"][2]["stakeholderGroups"][1], "international-organisations");
        drop(meeting);
    }
}

#[tokio::test]
async fn the_api_takes_a_list_of_parties_and_says_what_is_wrong_with_one() {
    let meeting = Meeting::of(TestInstance::start("civil").await);
    meeting.join("amina", AccountKind::Person, None).await;
    let token = meeting.token("amina").await;
    let topic = |slug: &str, parties: Value| json!({"slug": slug, "name": "Wells", "question": "Who?", "language": "en", "parties": parties});
    let party =
        |word: &str| json!({"word": word, "names": {"en": word}, "stakeholderGroups": ["other"]});
    let many = |count: usize| (0..count).map(|n| party(&format!("p{n}"))).collect::<Value>();
    for (parties, what) in [
        (
            json!([{"word": "state", "names": {"fr": "L’État"}, "stakeholderGroups": ["governments"]}]),
            "English",
        ),
        (
            json!([{"word": "state", "names": {"en": "State"}, "stakeholderGroups": ["state"]}]),
            "governments",
        ),
        (json!([party("a"), party("a")]), "taken"),
        (many(limits::PARTIES_MAX + 1), "at most 20"),
    ] {
        let (status, said) =
            meeting.api(&token, "POST", "/topics", Some(topic("wells", parties))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(said.to_string().contains("parties") && said.to_string().contains(what), "{said}");
    }
    let full = topic("wells", many(limits::PARTIES_MAX));
    let (status, founded) = meeting.api(&token, "POST", "/topics", Some(full)).await;
    assert_eq!(status, StatusCode::CREATED, "{founded}");
    assert_eq!(founded["parties"].as_array().unwrap().len(), limits::PARTIES_MAX);
    let (_, plain) = meeting.api(&token, "POST", "/topics", Some(topic("rivers", json!([])))).await;
    assert_eq!(plain["parties"], json!([]));
}

#[tokio::test]
async fn the_parties_travel_with_the_topic() {
    let civil = Meeting::of(TestInstance::start("civil").await);
    let gov = Meeting::of(TestInstance::start("gov").await);
    let key = founded(&civil).await;
    let there = civil.instance.app.service.room("wells").await.unwrap();
    let address = civil.instance.app.service.paths.room("wells");
    let joao = gov.instance.person("joao", Group::Governments).await;
    let here = gov.instance.app.federation.join(&joao, &address, None).await.unwrap();
    drain(&[&civil.instance, &gov.instance]).await;
    assert_eq!(here.vocabulary(), there.vocabulary());
    assert!(here.vocabulary().is_some());
    assert_eq!(here.topic, there.topic, "the parties are part of what names the topic");
    let mirrored = gov.instance.app.service.opinions(&here).await.unwrap();
    assert!(mirrored[0].opinion.uri.ends_with(&key));
    let own = format!("/o/{}/positions?lens=own", mirrored[0].key);
    assert!(row(&gov, &own, "The state").await.is_some(), "{own}");
}

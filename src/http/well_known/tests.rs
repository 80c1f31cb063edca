use super::super::testing::{AS2, Browser, Instance};
use crate::domain::group::StakeholderGroup::CivilSociety;

async fn instance() -> Instance {
    let instance = Instance::start().await;
    let token = instance.account("amina", CivilSociety).await;
    instance.topic(&token, "rivers").await;
    instance
}

#[tokio::test]
async fn test_01_02_03_webfinger_leads_to_an_actor_that_says_the_same_name() {
    let instance = instance().await;
    for (resource, subject, id) in [
        ("acct:amina@cs.example", "acct:amina@cs.example", "https://cs.example/p/amina"),
        ("acct:AMINA@CS.EXAMPLE", "acct:amina@cs.example", "https://cs.example/p/amina"),
        ("https://cs.example/p/amina", "acct:amina@cs.example", "https://cs.example/p/amina"),
        ("acct:rivers@cs.example", "acct:rivers@cs.example", "https://cs.example/t/rivers"),
        ("https://cs.example/t/rivers", "acct:rivers@cs.example", "https://cs.example/t/rivers"),
        (
            "acct:rivers_rooms@cs.example",
            "acct:rivers_rooms@cs.example",
            "https://cs.example/f/rivers",
        ),
        (
            "https://cs.example/f/rivers",
            "acct:rivers_rooms@cs.example",
            "https://cs.example/f/rivers",
        ),
        ("https://cs.example", "acct:cs.example@cs.example", "https://cs.example/actor"),
        ("acct:cs.example@cs.example", "acct:cs.example@cs.example", "https://cs.example/actor"),
    ] {
        let path = format!("/.well-known/webfinger?resource={resource}");
        let answer = instance.get(&path, "*/*").await;
        assert_eq!(answer.content_type(), "application/jrd+json", "{resource}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let document = answer.expect(200);
        assert_eq!(document["subject"], subject);
        let own = &document["links"][0];
        assert_eq!((&own["rel"], &own["href"]), (&"self".into(), &id.into()), "{resource}");
        let actor = instance.get(id, AS2).await.expect(200);
        assert_eq!(actor["id"], id);
        assert_eq!(format!("acct:{}", actor["webfinger"].as_str().unwrap()), subject);
    }
    for (resource, status) in [
        ("acct:nobody@cs.example", 404),
        ("acct:nobody_rooms@cs.example", 404),
        ("acct:amina@gov.example", 404),
        ("https://cs.example/p/rivers", 404),
        ("nonsense", 404),
    ] {
        let path = format!("/.well-known/webfinger?resource={resource}");
        assert_eq!(instance.get(&path, "*/*").await.status, status, "{resource}");
    }
    assert_eq!(instance.get("/.well-known/webfinger", "*/*").await.status, 400);
}

#[tokio::test]
async fn host_meta_leads_to_webfinger() {
    let instance = instance().await;
    let template = "https://cs.example/.well-known/webfinger?resource={uri}";
    let xrd = instance.get("/.well-known/host-meta", "*/*").await;
    assert!(xrd.content_type().starts_with("application/xrd+xml"));
    assert!(String::from_utf8(xrd.body).unwrap().contains(template));
    let jrd = instance.get("/.well-known/host-meta.json", "*/*").await.expect(200);
    assert_eq!(jrd["links"][0]["template"], template);
}

#[tokio::test]
async fn test_03_nodeinfo_says_what_runs_here_and_counts_accounts_only() {
    let instance = instance().await;
    let index = instance.get("/.well-known/nodeinfo", "*/*").await.expect(200);
    assert_eq!(index["links"][1]["rel"], "https://www.w3.org/ns/activitystreams#Application");
    assert_eq!(index["links"][1]["href"], "https://cs.example/actor");
    let document =
        instance.get(index["links"][0]["href"].as_str().unwrap(), "*/*").await.expect(200);
    assert_eq!(document["software"]["name"], "polylogue");
    assert_eq!(
        (&document["version"], &document["protocols"][0]),
        (&"2.1".into(), &"activitypub".into())
    );
    assert_eq!(document["usage"], serde_json::json!({"users": {"total": 1}}));
}

#[tokio::test]
async fn test_05_a_room_takes_no_name_of_a_person() {
    let instance = instance().await;
    let token = instance.account("joao", CivilSociety).await;
    let body = serde_json::json!({"slug": "amina", "name": "On names", "question": "Whose?", "language": "en"});
    let refused = instance.post(&token, "/topics", &body).await.expect(422);
    assert!(refused.to_string().contains("slug"), "{refused}");
    let found = instance.get("/.well-known/webfinger?resource=acct:amina@cs.example", "*/*").await;
    assert_eq!(found.expect(200)["links"][0]["href"], "https://cs.example/p/amina");
}

#[tokio::test]
async fn intents_lead_to_pages_here() {
    let instance = instance().await;
    let token = instance.token("amina", "read write").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let found = instance.get("/.well-known/webfinger?resource=acct:amina@cs.example", "*/*").await;
    let links = found.expect(200)["links"].as_array().unwrap().clone();
    let mut amina = Browser::new(&instance);
    amina.sign_in("amina").await;
    let id = opinion["id"].as_str().unwrap();
    for rel in ["Object", "Create", "Like", "Follow"] {
        let rel = format!("https://w3id.org/fep/3b86/{rel}");
        let link = links.iter().find(|link| link["rel"] == *rel).unwrap();
        let template = link["template"].as_str().unwrap();
        let words = "Both <b> of them.";
        let filled = template
            .replace("{object}", id)
            .replace("{inReplyTo}", id)
            .replace("{content}", "Both%20%3Cb%3E%20of%20them.");
        let path = filled.strip_prefix("https://cs.example").unwrap();
        // Who is not signed in signs in first, and is led back.
        let answer = instance.get(path, "text/html").await;
        assert_eq!(answer.status, 303, "{rel}");
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        assert_eq!(answer.header("location"), format!("/sign-in?next={next}"));
        let page = amina.get(path).await;
        let action = format!("action=\"/o/{}/comment\"", opinion["key"].as_str().unwrap());
        assert!(page.contains(&action) && page.contains("A river has two banks"), "{page}");
        let typed = words.replace('<', "&#60;").replace('>', "&#62;");
        assert_eq!(page.contains(&typed), rel.ends_with("Create"), "{page}");
        let nothing = path.replace(id, "https://cs.example/o/1");
        assert_eq!(amina.send("GET", &nothing, String::new()).await.status, 404);
    }
    // Without something that is answered there is no form: an opinion is more than words.
    let new = amina.get("/share?text=Hello&in_reply_to=").await;
    assert!(new.contains("Hello") && !new.contains("/comment\""), "{new}");
    // The instance names them too: who only knows its name asks it.
    for resource in ["https://cs.example", "https://cs.example/p/amina", "acct:amina@cs.example"] {
        let path = format!("/.well-known/webfinger?resource={resource}");
        let found = instance.get(&path, "*/*").await.expect(200);
        let subscribe = found["links"].as_array().unwrap().iter().find_map(|link| {
            (link["rel"] == "http://ostatus.org/schema/1.0/subscribe").then(|| &link["template"])
        });
        let subscribe = subscribe.and_then(|template| template.as_str());
        assert_eq!(subscribe, Some("https://cs.example/authorize_interaction?uri={uri}"));
    }
    // A room has none: nobody is at home in it.
    let room = instance.get("/.well-known/webfinger?resource=acct:rivers@cs.example", "*/*").await;
    assert_eq!(room.expect(200)["links"].as_array().unwrap().len(), 2);
}

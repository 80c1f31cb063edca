use axum::body::Body;
use serde_json::{Value, json};

use super::super::testing::{AS2, DOMAIN, Instance};
use crate::{
    base::{crypto::ProofPublicKey, limits},
    domain::group::StakeholderGroup::{CivilSociety, Governments},
    record::{digest, item::Item, proof},
};

const LD: &str = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
const ORIGIN: &str = "https://cs.example";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// An instance with a topic, an opinion of Amina's in two revisions, a comment of João's and an objection of his.
struct Scene {
    instance: Instance,
    amina: String,
    joao: String,
    opinion: Value,
    comment: Value,
    position: Value,
}

async fn scene() -> Scene {
    let instance = Instance::start().await;
    let amina = instance.account("amina", CivilSociety).await;
    let joao = instance.account("joao", Governments).await;
    instance.topic(&amina, "rivers").await;
    let opinion = instance.opinion(&amina, "rivers", "Two banks").await;
    let path = format!("/opinions/{}", text(&opinion["key"]));
    let body = json!({"source": "A river has three banks.", "changeNote": "Counted again."});
    let opinion = instance.post(&amina, &format!("{path}/revisions"), &body).await.expect(201);
    let body = json!({"content": "Where is the third?", "kind": "question"});
    let comment = instance.post(&joao, &format!("{path}/comments"), &body).await.expect(201);
    let body = json!({"kind": "objection", "statement": "There are two.", "revision": 2});
    let position = instance.post(&joao, &format!("{path}/positions"), &body).await.expect(201);
    Scene { instance, amina, joao, opinion, comment, position }
}

impl Scene {
    async fn document(&self, uri: &str) -> Value {
        let answer = self.instance.get(uri, AS2).await;
        assert_eq!(answer.content_type(), AS2, "{uri}");
        answer.expect(200)
    }

    /// The key an actor publishes for its proofs.
    async fn key_of(&self, actor: &str) -> ProofPublicKey {
        let document = self.document(actor).await;
        let key = text(&document["assertionMethod"][0]["publicKeyMultibase"]).to_owned();
        ProofPublicKey::from_multibase(&key).unwrap()
    }

    async fn verify(&self, document: &Value, actor: &str) {
        let key = self.key_of(actor).await;
        let checked = proof::verify(document, &key, self.instance.service.now());
        assert!(checked.is_ok(), "{document}: {checked:?}");
    }
}

#[tokio::test]
async fn test_06_07_08_an_actor_by_accept_with_its_keys() {
    let scene = scene().await;
    for (path, kind) in [
        ("/p/amina", "Person"),
        ("/t/rivers", "Group"),
        ("/actor", "Application"),
        ("/", "Application"),
    ] {
        for accept in [AS2, LD] {
            let answer = scene.instance.get(path, accept).await;
            assert!(answer.header("vary").contains("Accept"), "{path}: {}", answer.header("vary"));
            assert_eq!(answer.content_type(), AS2);
            let document = answer.expect(200);
            assert_eq!(document["type"], kind);
            let id = text(&document["id"]);
            assert_eq!(document["publicKey"]["owner"], *id);
            assert_eq!(document["publicKey"]["id"], format!("{id}#main-key"));
            assert_eq!(document["assertionMethod"][0]["controller"], *id);
            assert!(text(&document["url"]).starts_with(ORIGIN));
            assert_eq!(document["@context"][0], "https://www.w3.org/ns/activitystreams");
        }
    }
    let amina = scene.document("/p/amina").await;
    assert_eq!(amina["stakeholderGroup"], "plg:civilSociety");
    assert_eq!(amina["attachment"][0]["value"], "Civil society");
    let room = scene.document("/t/rivers").await;
    assert_eq!(room["topic"], *digest::topic_name(&room["genesis"]));
    scene.verify(&room["genesis"], "/p/amina").await;
    // What any reader needs and browsers send is a page (test 6).
    for accept in ["text/html", "*/*"] {
        let page = scene.instance.get("/p/amina", accept).await;
        assert!(page.content_type().starts_with("text/html"), "{accept}: {}", page.content_type());
    }
    // Pages are another face: an address that has only a document gives it to everybody.
    let page = scene.instance.get("/p/amina", "text/html").await;
    assert!(page.header("vary").contains("Accept"));
    let moved = scene.instance.get("/p/Amina", AS2).await;
    assert_eq!((moved.status, moved.header("location")), (308, "https://cs.example/p/amina"));
    for missing in
        ["/p/nobody", "/p/rivers", "/t/amina", "/t/nothing", "/o/1", "/c/1", "/a/1", "/s/1"]
    {
        assert_eq!(scene.instance.get(missing, AS2).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn pages_answer_as_json_too() {
    let scene = scene().await;
    let by_accept = scene.instance.get("/t/rivers", "application/json").await.expect(200);
    assert_eq!(by_accept["slug"], "rivers");
    assert_eq!(scene.instance.get("/t/rivers.json", "text/html").await.expect(200), by_accept);
    let opinion = scene.instance.get(&format!("{}.json", text(&scene.opinion["id"])), "*/*").await;
    assert_eq!(opinion.content_type(), "application/json");
    assert_eq!(opinion.expect(200)["revisionDigest"], scene.opinion["revisionDigest"]);
    for object in [&scene.comment, &scene.position] {
        let found = scene.instance.get(&format!("{}.json", text(&object["id"])), "*/*").await;
        assert_eq!(found.expect(200)["key"], object["key"]);
    }
    let topics = scene.instance.get("/index.json", "*/*").await.expect(200);
    assert_eq!(topics["items"][0]["slug"], "rivers");
    assert_eq!(
        scene.instance.get("/p/joao.json", "*/*").await.expect(200)["handle"],
        "joao@cs.example"
    );
}

#[tokio::test]
async fn an_opinion_is_served_as_it_was_signed_last() {
    let scene = scene().await;
    let article = scene.document(text(&scene.opinion["id"])).await;
    assert_eq!((&article["type"], &article["revision"]), (&json!("Article"), &json!(2)));
    assert_eq!(article["revisionDigest"], scene.opinion["revisionDigest"]);
    for name in ["type", "attributedTo", "audience", "context", "name", "published"] {
        assert!(article[name].is_string(), "{name} (test 38)");
    }
    scene.verify(&article, "/p/amina").await;
    let note = scene.document(text(&scene.comment["id"])).await;
    assert_eq!((&note["type"], &note["commentKind"]), (&json!("Note"), &json!("plg:question")));
    scene.verify(&note, "/p/joao").await;
    let objection = scene.document(text(&scene.position["id"])).await;
    assert_eq!(objection["position"]["kind"], "plg:objection");
    scene.verify(&objection, "/p/joao").await;
    let create = scene.document(text(&scene.position["activity"])).await;
    // Served it has the numbers of its reactions, which the record has not (test 44).
    let plain = |document: &Value| {
        let mut document = document.clone();
        let members = document.as_object_mut().unwrap();
        for name in ["likes", "shares", "proof"] {
            members.remove(name);
        }
        document
    };
    assert_eq!(objection["likes"]["totalItems"], 0);
    assert_eq!((&create["type"], plain(&create["object"])), (&json!("Create"), plain(&objection)));
    scene.verify(&create, "/p/joao").await;
    let receipt = &scene.opinion["receipt"]["document"];
    assert_eq!(scene.document(text(&receipt["id"])).await, *receipt);
    scene.verify(receipt, "/t/rivers").await;
    // An id of another sort is another id, and so is another spelling of the number.
    let number = text(&scene.opinion["key"]);
    for path in [format!("/c/{number}"), format!("/a/{number}")] {
        assert_eq!(scene.instance.get(&path, AS2).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn test_10_an_alias_leads_to_the_one_id() {
    let scene = scene().await;
    let opinion = text(&scene.opinion["id"]);
    let number = opinion.rsplit('/').next().unwrap();
    for (path, id) in [
        (format!("/o/0{number}"), opinion),
        ("/p/AMINA".to_owned(), "https://cs.example/p/amina"),
        ("/t/Rivers".to_owned(), "https://cs.example/t/rivers"),
        ("/f/Rivers".to_owned(), "https://cs.example/f/rivers"),
    ] {
        let answer = scene.instance.get(&path, AS2).await;
        assert_eq!((answer.status, answer.header("location")), (308, id), "{path}");
        assert_eq!(scene.document(id).await["id"], *id);
    }
}

#[tokio::test]
async fn test_09_what_was_deleted_is_gone_everywhere() {
    let scene = scene().await;
    let uri = text(&scene.opinion["id"]);
    let history = scene.document(&format!("{uri}/history?offset=0")).await;
    let create = text(&history["orderedItems"][1]["id"]).to_owned();
    assert_eq!(scene.document(&create).await["type"], "Create");
    let path = format!("/opinions/{}", text(&scene.opinion["key"]));
    let deleted = scene.instance.delete(&scene.amina, &path).await.expect(200);

    let tombstone = scene.instance.get(uri, AS2).await;
    assert_eq!(tombstone.content_type(), AS2);
    let tombstone = tombstone.expect(410);
    assert_eq!((&tombstone["type"], &tombstone["id"]), (&json!("Tombstone"), &json!(uri)));
    assert_eq!(tombstone["formerType"], "Article");
    assert!(tombstone["deleted"].is_string());
    assert_eq!(scene.instance.get(&create, AS2).await.expect(410)["formerType"], "Create");
    for collection in ["history", "replies", "context", "positions", "likes"] {
        let answer = scene.instance.get(&format!("{uri}/{collection}"), AS2).await;
        assert_eq!(answer.status, 410, "{collection}");
    }
    assert_eq!(scene.document(text(&deleted["activity"])).await["type"], "Delete");
    let featured = scene.document("/t/rivers/featured").await;
    assert_eq!(featured["orderedItems"], json!([]));
}

#[tokio::test]
async fn test_50_51_collections_page_to_their_end() {
    let scene = scene().await;
    for n in 0..limits::COLLECTION_PAGE_ITEMS {
        scene.instance.opinion(&scene.joao, "rivers", &format!("Opinion {n}")).await;
    }
    let outbox = scene.document("/t/rivers/outbox").await;
    assert_eq!((&outbox["type"], &outbox["totalItems"]), (&json!("OrderedCollection"), &json!(21)));
    let inline = outbox["orderedItems"].as_array().unwrap();
    assert_eq!(inline.len(), 20);
    for announce in inline {
        assert_eq!(announce["type"], "Announce");
        assert_eq!(announce["object"]["type"], "Create");
        assert_eq!(scene.document(text(&announce["id"])).await, *announce);
        scene.verify(announce, "/t/rivers").await;
    }
    let mut seen = Vec::new();
    let mut next = Some(text(&outbox["first"]).to_owned());
    while let Some(address) = next {
        let page = scene.document(&address).await;
        assert_eq!(
            (&page["type"], &page["partOf"]),
            (&json!("OrderedCollectionPage"), &outbox["id"])
        );
        seen.extend(page["orderedItems"].as_array().unwrap().iter().cloned());
        next = page.get("next").map(|next| text(next).to_owned());
    }
    assert_eq!(seen.len(), 21);
    let last = &seen.last().unwrap()["object"];
    assert_eq!((&last["type"], &last["object"]["id"]), (&json!("Create"), &scene.opinion["id"]));
    assert_eq!(scene.document("/t/rivers/featured").await["orderedItems"][0]["type"], "Article");

    let uri = text(&scene.opinion["id"]);
    let ids = async |collection: &str, member: &str| {
        let whole = scene.document(&format!("{uri}/{collection}")).await;
        let page = scene.document(text(&whole["first"])).await;
        assert!(page.get("next").is_none(), "{collection}");
        (whole, page[member].clone())
    };
    let (_, replies) = ids("replies", "items").await;
    assert_eq!(replies, json!([scene.comment["id"]]));
    let (_, thread) = ids("context", "orderedItems").await;
    assert_eq!(thread, json!([uri, scene.comment["id"]]));
    let (_, history) = ids("history", "orderedItems").await;
    let kinds: Vec<&Value> = history.as_array().unwrap().iter().map(|act| &act["type"]).collect();
    assert_eq!(kinds, ["Update", "Create"], "newest first (FEP-bad1)");
    let (positions, standing) = ids("positions", "items").await;
    assert_eq!(standing, json!([scene.position["id"]]));
    assert!(positions.get("totalItems").is_none(), "{positions}");
    let (likes, _) = ids("likes", "items").await;
    assert_eq!(likes["totalItems"], 0, "plain reactions only (decisions 10)");
    assert_eq!(
        scene.document("/t/rivers/rooms").await["items"],
        json!(["https://cs.example/t/rivers"])
    );
    let moderators = scene.document("/t/rivers/moderators").await;
    assert_eq!(
        moderators["orderedItems"],
        json!(["https://cs.example/p/amina", "https://cs.example/p/joao"])
    );
    let followers = scene.document("/p/amina/followers").await;
    assert_eq!(followers["totalItems"], 0);
    assert!(followers.get("orderedItems").is_none(), "{followers}");
    assert_eq!(scene.instance.get("/p/amina/inbox", AS2).await.status, 405);
    assert_eq!(scene.instance.get("/p/amina/secrets", AS2).await.status, 404);
}

#[tokio::test]
async fn the_log_by_number() {
    let scene = scene().await;
    let whole = scene.document("/t/rivers/log").await;
    assert_eq!(whole["type"], "OrderedCollectionPage");
    assert_eq!(whole["orderType"], "ForwardChronological");
    assert!(whole.get("next").is_none());
    let items = whole["orderedItems"].as_array().unwrap();
    assert_eq!(items[0]["kind"], "genesis");
    for (at, item) in items.iter().enumerate() {
        assert_eq!(item["seq"], json!(at + 1), "no gaps");
        assert!(item.get("firstSeen").is_none(), "decisions 4");
        let act = item["kind"] == "act";
        let document = if act { &item["activity"] } else { &item["item"] };
        let read = Item::of(document.clone()).unwrap();
        assert_eq!(item["hash"], read.hash.to_string());
        if act {
            scene.verify(document, &read.actor).await;
        }
    }
    let mut seen = Vec::new();
    let mut next = Some("/t/rivers/log?after=0&limit=2".to_owned());
    while let Some(address) = next {
        let page = scene.document(&address).await;
        assert!(page["orderedItems"].as_array().unwrap().len() <= 2);
        seen.extend(page["orderedItems"].as_array().unwrap().iter().cloned());
        next = page.get("next").map(|next| text(next).to_owned());
    }
    assert_eq!(seen, *items);

    let lines = scene.instance.get("/t/rivers/log?limit=3", "application/x-ndjson").await;
    assert_eq!((lines.status, lines.content_type()), (200, "application/x-ndjson"));
    assert!(lines.header("link").contains("after=3&limit=3"), "{}", lines.header("link"));
    let read: Vec<Value> = String::from_utf8(lines.body)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read, items[..3]);
}

#[tokio::test]
async fn a_page_of_the_log_is_named_and_not_sent_twice() {
    let scene = scene().await;
    let ask = async |path: &str, accept: &str, tag: &str| {
        let headers = [("accept", accept), ("if-none-match", tag)];
        scene.instance.send(Instance::request("GET", path, &headers, Body::empty())).await
    };
    let first = scene.instance.get("/t/rivers/log?limit=2", AS2).await;
    let last = scene.instance.get("/t/rivers/log?after=2", AS2).await;
    let (first, last) = (first.header("etag").to_owned(), last.header("etag").to_owned());
    let same = ask("/t/rivers/log?limit=2", AS2, &first).await;
    assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, first.as_str()));
    assert_eq!(ask("/t/rivers/log?after=2", AS2, &last).await.status, 304);
    let lines = ask("/t/rivers/log?after=2", "application/x-ndjson", &last).await;
    assert_eq!(lines.status, 200, "lines are not the page");
    scene.instance.opinion(&scene.joao, "rivers", "More").await;
    assert_eq!(ask("/t/rivers/log?limit=2", AS2, &first).await.status, 304, "it never changes");
    assert_eq!(ask("/t/rivers/log?after=2", AS2, &last).await.status, 200, "it grew");
}

#[tokio::test]
async fn inboxes_refuse_before_they_read() {
    let scene = scene().await;
    let post = async |path: &str, body: Vec<u8>| {
        let headers = [("content-type", AS2)];
        scene.instance.send(Instance::request("POST", path, &headers, Body::from(body))).await
    };
    let follow = json!({"id": "https://far.example/a/1", "type": "Follow",
        "actor": "https://far.example/p/x", "object": "https://cs.example/t/rivers"});
    let follow = serde_json::to_vec(&follow).unwrap();
    for inbox in ["/inbox", "/actor/inbox", "/p/amina/inbox", "/t/rivers/inbox"] {
        let unsigned = post(inbox, follow.clone()).await;
        assert_eq!(unsigned.content_type(), "application/problem+json", "{inbox}");
        assert_eq!(unsigned.status, 401, "{inbox}");
        assert_eq!(post(inbox, b"{".to_vec()).await.status, 400, "{inbox}");
    }
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(40), "]".repeat(40)).into_bytes();
    assert_eq!(post("/inbox", deep).await.status, 400);
    assert_eq!(post("/inbox", b"{\"id\":1,\"id\":2}".to_vec()).await.status, 400);
    let max = limits::INBOX_BODY_BYTES_MAX;
    assert_eq!(post("/inbox", vec![b' '; max]).await.status, 400);
    assert_eq!(post("/inbox", vec![b' '; max + 1]).await.status, 413);
    assert_eq!(post("/p/nobody/inbox", follow).await.status, 404);
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let scene = scene().await;
    let to = async |host: &str| {
        let request =
            axum::http::Request::get("/t/rivers").header("host", host).body(Body::empty());
        let answer = scene.instance.router.clone();
        let response = tower::ServiceExt::oneshot(answer, request.unwrap()).await.unwrap();
        super::super::testing::Answer::of(response).await
    };
    for host in ["evil.example", "cs.example:8480", "127.0.0.1", "cs.example.evil.example"] {
        let refused = to(host).await;
        assert_eq!(refused.status, 421, "{host}");
        assert_eq!(refused.header("x-content-type-options"), "nosniff");
    }
    let answer = to(DOMAIN).await;
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    let headers = [("accept", AS2), ("accept-encoding", "gzip")];
    let request = Instance::request("GET", "/t/rivers/log", &headers, Body::empty());
    let packed = scene.instance.send(request).await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    assert_eq!(packed.body[..2], [0x1f, 0x8b]);
}

#[tokio::test]
async fn a_page_of_the_log_fits_into_one_fetch() {
    let instance = Instance::start().await;
    let amina = instance.account("amina", CivilSociety).await;
    instance.topic(&amina, "rivers").await;
    let source = "A river has two banks, and both are heard.\n\n".repeat(3_000);
    for n in 0..8 {
        let body = json!({"name": format!("Long {n}"), "abstract": "Long.", "language": "en", "source": source});
        instance.post(&amina, "/topics/rivers/opinions", &body).await.expect(201);
    }
    let mut next = Some("/t/rivers/log".to_owned());
    let (mut pages, mut numbers) = (0, Vec::new());
    while let Some(address) = next {
        let answer = instance.get(&address, AS2).await;
        assert!(answer.body.len() <= limits::FETCH_BODY_BYTES_MAX, "{}", answer.body.len());
        let page = answer.expect(200);
        numbers.extend(page["orderedItems"].as_array().unwrap().iter().map(|i| i["seq"].as_i64()));
        next = page.get("next").map(|next| text(next).to_owned());
        pages += 1;
    }
    assert!(pages > 1);
    let all: Vec<Option<i64>> = (1..).map(Some).take(numbers.len()).collect();
    assert_eq!(numbers, all, "no gap, none twice");
}

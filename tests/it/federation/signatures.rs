//! Who signed what, over real sockets: forms, rotated keys, proofs, origins (protocol tests 11, 12, 14, 15, 19, 21, 22, 26,
//! 33, 35 and 37; what needs no instance stands beside the code).

use std::sync::Arc;

use http::{HeaderMap, Method};
use polylogue::{
    base::{
        clock::{Clock as _, SystemClock},
        crypto::{ProofKey, RequestPublicKey},
    },
    domain::group::StakeholderGroup,
    federation::fetch::Budget,
    protocol::http_signature::{Form, OwnOrigin, RequestParts, read},
    record::proof,
    store::{entries, inbox_items, projections, servers},
};
use polylogue_tests::{
    Foreign, Reply, Scripted, Sender, SimClock, TestInstance, drain,
    scripted::{accept_document, send, with},
};
use serde_json::{Value, json};
use url::Url;

use super::mesh::{SLUG, found, publish};

/// When the clock of these tests stands still.
const AT: &str = "2026-09-21T10:00:00Z";
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn follow(who: &Sender, whom: &str) -> Value {
    json!({"@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/follows/1", who.actor),
        "type": "Follow", "actor": who.actor, "object": whom})
}

/// A reply of somebody to an opinion.
fn reply(who: &str, number: i64, parent: &str, text: &str) -> Value {
    let id = format!("{who}/statuses/{number}");
    json!({
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v2"],
        "id": format!("{id}/activity"), "type": "Create", "actor": who, "to": [PUBLIC], "cc": [],
        "published": AT,
        "object": {"id": id, "type": "Note", "attributedTo": who, "inReplyTo": parent, "to": [PUBLIC], "cc": [],
            "content": text, "published": AT},
    })
}

/// An instance with a topic and an opinion, and the server of Ada with her.
struct Scene {
    civil: TestInstance,
    clock: Arc<SimClock>,
    room: String,
    opinion: String,
    host: Scripted,
    ada: Arc<Sender>,
}

impl Scene {
    async fn open() -> Self {
        let clock = Arc::new(SimClock::default());
        let civil = TestInstance::start_set("civil", &[], Arc::<SimClock>::clone(&clock)).await;
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        let room = found(&civil, &amina).await;
        let opinion = publish(&civil, &amina).await;
        drain(&[&civil]).await;
        let host = Scripted::start("masto").await;
        let ada = Arc::new(Sender::at(host.origin(), "ada"));
        let scene = Self { civil, clock, room, opinion, host, ada };
        scene.serves(scene.ada.document());
        scene
    }

    /// Ada's server gives this as her document, and takes what is delivered.
    fn serves(&self, document: Value) {
        let path = self.ada.path("");
        self.host.answers(move |asked| match asked.method {
            Method::POST => Reply::status(202),
            _ if asked.target == path => Reply::document(&document),
            _ => Reply::status(404),
        });
    }

    fn inbox(&self) -> String {
        format!("{}/inbox", self.civil.origin())
    }

    async fn sends(&self, who: &Sender, activity: &Value, form: Form) -> u16 {
        who.posts(&self.inbox(), activity, form, self.clock.now()).await.0.as_u16()
    }

    /// Sends, works the queues, and answers why it was refused; none where it was taken.
    async fn hears(&self, activity: &Value) -> Option<String> {
        assert_eq!(self.sends(&self.ada, activity, Form::Cavage).await, 202);
        drain(&[&self.civil]).await;
        let id = activity["id"].as_str().unwrap();
        let store = &self.civil.app.service.store;
        let row = inbox_items::by_activity(store, id).await.unwrap().pop().unwrap();
        match row.state.as_str() {
            inbox_items::DONE => None,
            _ => Some(row.reason.unwrap_or_default()),
        }
    }

    async fn holds_comment(&self, uri: &str) -> bool {
        projections::comment(&self.civil.app.service.store, uri).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn test_11_documents_for_those_who_sign_where_the_operator_wants_it() {
    let closed = [("FEDERATION__AUTHORIZED_FETCH", "true")];
    let civil = TestInstance::start_set("civil", &closed, Arc::new(SystemClock)).await;
    let gov = TestInstance::start("gov").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    let room = found(&civil, &amina).await;
    let opinion = publish(&civil, &amina).await;
    let addresses = [room.clone(), opinion, amina.actor.uri.clone(), format!("{room}/log?after=0")];
    for address in &addresses {
        let (status, ..) = send(Method::GET, address, accept_document(), Vec::new()).await;
        assert_eq!(status, 401, "{address}");
        // Another instance reads as its instance actor, in either form.
        let url = Url::parse(address).unwrap();
        let fetched = gov.app.federation.fetcher().fetch_json(&url, &Budget::default()).await;
        assert!(fetched.is_ok(), "{address}: {:?}", fetched.err());
        // People need no key.
        let (status, ..) =
            send(Method::GET, address, with(HeaderMap::new(), "accept", "text/html"), Vec::new())
                .await;
        assert!(status == 200 || address.contains("/log"), "{address}: {status}");
    }
    // The instance's own actor is for everybody: else nobody could check a first signature.
    for path in ["/actor", "/"] {
        let address = format!("{}{path}", civil.origin());
        let (status, _, body) = send(Method::GET, &address, accept_document(), Vec::new()).await;
        assert_eq!(status, 200, "{path}");
        assert!(body.contains("publicKeyPem"), "{path}");
    }
    // What was signed for another address, or by nobody's key, is not signed.
    let host = Scripted::start("masto").await;
    let ada = Arc::new(Sender::at(host.origin(), "ada"));
    let (document, path) = (ada.document(), ada.path(""));
    host.answers(move |asked| {
        if asked.target == path { Reply::document(&document) } else { Reply::status(404) }
    });
    let at = SystemClock.now();
    for form in [Form::Cavage, Form::Rfc9421] {
        let right = ada.signs_get(&addresses[0], form, at);
        assert_eq!(send(Method::GET, &addresses[0], right.clone(), Vec::new()).await.0, 200);
        assert_eq!(send(Method::GET, &addresses[1], right, Vec::new()).await.0, 401, "replayed");
        let forger = Sender::at(host.origin(), "ada");
        let forged = forger.signs_get(&addresses[0], form, at);
        assert_eq!(send(Method::GET, &addresses[0], forged, Vec::new()).await.0, 401, "forged");
    }
    // Off unless set.
    let open = found(&gov, &gov.person("joao", StakeholderGroup::Governments).await).await;
    assert_eq!(send(Method::GET, &open, accept_document(), Vec::new()).await.0, 200);
}

#[tokio::test]
async fn test_12_a_server_that_shows_nothing_unsigned_and_a_key_without_fragment() {
    let scene = Scene::open().await;
    // As GoToSocial: every request must be signed by a key it can check; the key has an address of its own.
    let mut ada = Sender::at(scene.host.origin(), "ada");
    ada.key_id = format!("{}/main-key", ada.actor);
    let instance = scene.civil.app.service.instance_actor().await.unwrap();
    let pem = instance.request_key_pem.clone().unwrap();
    let own = OwnOrigin::of(&Url::parse(scene.host.origin()).unwrap()).unwrap();
    let (document, path, now) = (ada.document(), ada.path(""), scene.clock.now());
    scene.host.answers(move |asked| {
        let parts = RequestParts {
            method: &asked.method,
            path_and_query: &asked.target,
            headers: &asked.headers,
            body: None,
        };
        let key = RequestPublicKey::from_pem(&pem).unwrap();
        let signed = read(&parts, &own, now).is_ok_and(|claimed| claimed.verify(&key));
        match asked.target == path {
            _ if !signed => Reply::status(401),
            true => Reply::document(&document),
            false => Reply::status(404),
        }
    });
    let note = reply(&ada.actor, 1, &scene.opinion, "From a closed server");
    assert_eq!(scene.sends(&ada, &note, Form::Cavage).await, 202);
    drain(&[&scene.civil]).await;
    assert!(scene.holds_comment(&format!("{}/statuses/1", ada.actor)).await);
    assert_eq!(scene.host.gets(&ada.path("")), 1, "fetched once, signed at once");

    // A key at an address that says nothing of its owner: its document does, and the owner's must agree.
    let mut eve = Sender::at(scene.host.origin(), "eve");
    eve.key_id = format!("{}/keys/7", scene.host.origin());
    let key = json!({"@context": "https://w3id.org/security/v1", "id": eve.key_id, "type": "CryptographicKey",
        "owner": eve.actor, "publicKeyPem": eve.key.public_pem()});
    let stolen = json!({"@context": "https://w3id.org/security/v1", "id": format!("{}/keys/8", scene.host.origin()),
        "type": "CryptographicKey", "owner": eve.actor, "publicKeyPem": eve.key.public_pem()});
    let (document, path) = (eve.document(), eve.path(""));
    scene.host.answers(move |asked| match asked.target.as_str() {
        "/keys/7" => Reply::document(&key),
        "/keys/8" => Reply::document(&stolen),
        target if target == path => Reply::document(&document),
        _ => Reply::status(404),
    });
    let note = reply(&eve.actor, 1, &scene.opinion, "With a key elsewhere");
    assert_eq!(scene.sends(&eve, &note, Form::Rfc9421).await, 202);
    eve.key_id = format!("{}/keys/8", scene.host.origin());
    let note = reply(&eve.actor, 2, &scene.opinion, "With a key that she does not name");
    assert_eq!(scene.sends(&eve, &note, Form::Rfc9421).await, 401);
}

#[tokio::test]
async fn test_14_and_15_both_forms_are_taken() {
    let scene = Scene::open().await;
    for (number, form) in [(1, Form::Cavage), (2, Form::Rfc9421)] {
        let note = reply(&scene.ada.actor, number, &scene.opinion, "Yes");
        assert_eq!(scene.sends(&scene.ada, &note, form).await, 202, "{form:?}");
        drain(&[&scene.civil]).await;
        let id = note["object"]["id"].as_str().unwrap();
        assert!(scene.holds_comment(id).await, "{form:?}");
        let rows =
            entries::by_item_id(&scene.civil.app.service.store, note["id"].as_str().unwrap())
                .await
                .unwrap();
        assert_eq!(rows[0].verdict, "evidence", "{form:?}: kept, to be checked by anybody later");
    }
}

#[tokio::test]
async fn test_19_a_rotated_key_is_fetched_once_and_a_wrong_one_not_again_for_five_minutes() {
    let scene = Scene::open().await;
    let path = scene.ada.path("");
    let say = |number| reply(&scene.ada.actor, number, &scene.opinion, "Yes");
    assert_eq!(scene.sends(&scene.ada, &say(1), Form::Cavage).await, 202);
    assert_eq!(scene.host.gets(&path), 1);

    // Rotated at her server: the key kept here fails, one look is enough.
    let rotated = Sender::at(scene.host.origin(), "ada");
    scene.serves(rotated.document());
    assert_eq!(scene.sends(&rotated, &say(2), Form::Cavage).await, 202);
    assert_eq!(scene.host.gets(&path), 2);
    assert_eq!(scene.sends(&rotated, &say(3), Form::Cavage).await, 202);
    assert_eq!(scene.host.gets(&path), 2, "it is known now");

    // Keys that are not hers: no look for five minutes, whoever tries.
    for number in 4..10 {
        let forger = Sender::at(scene.host.origin(), "ada");
        assert_eq!(scene.sends(&forger, &say(number), Form::Cavage).await, 401);
    }
    assert_eq!(scene.host.gets(&path), 2);
    scene.clock.pass_millis(299_999);
    let forger = Sender::at(scene.host.origin(), "ada");
    assert_eq!(scene.sends(&forger, &say(10), Form::Cavage).await, 401);
    assert_eq!(scene.host.gets(&path), 2, "a millisecond too early");
    scene.clock.pass_millis(1);
    assert_eq!(scene.sends(&forger, &say(11), Form::Cavage).await, 401);
    assert_eq!(scene.host.gets(&path), 3);
    // The right one is not shut out by that.
    assert_eq!(scene.sends(&rotated, &say(12), Form::Cavage).await, 202);
}

#[tokio::test]
async fn test_21_forwarded_with_a_proof_of_its_author() {
    let civil = TestInstance::start("civil").await;
    let gov = TestInstance::start("gov").await;
    let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
    found(&civil, &amina).await;
    publish(&civil, &amina).await;
    drain(&[&civil]).await;
    let room = civil.app.service.room(SLUG).await.unwrap();
    let log = entries::page(&civil.app.service.store, room.id, 0, 200).await.unwrap();
    let act = log.iter().find(|row| row.act_type == "Create").unwrap();

    // Gov knows the topic, but has heard nothing of the opinion: somebody at a third server passes it on.
    let joao = gov.person("joao", StakeholderGroup::Governments).await;
    let uri = civil.app.service.paths.room(SLUG);
    gov.app.federation.join(&joao, &uri, None).await.unwrap();
    let masto = Foreign::start("masto").await;
    let signed: Value = serde_json::from_slice(&act.body).unwrap();
    let inbox = format!("{}/inbox", gov.origin());
    assert_eq!(masto.sends(&inbox, &signed).await, 202);
    gov.app.federation.process_inbox().await.unwrap();
    let opinion = act.object.clone().unwrap();
    let store = &gov.app.service.store;
    assert!(projections::opinion(store, &opinion).await.unwrap().is_some());
    let rows = entries::by_item_id(store, &act.item_id).await.unwrap();
    assert_eq!(rows[0].verdict, "proof");

    // One word changed on the way: refused, though the one who passes it on signed the request rightly.
    let mut forged = signed.clone();
    forged["object"]["name"] = json!("Another title");
    assert_eq!(masto.sends(&inbox, &forged).await, 202);
    gov.app.federation.process_inbox().await.unwrap();
    let items = inbox_items::by_activity(store, &act.item_id).await.unwrap();
    let states: Vec<&str> = items.iter().map(|item| item.state.as_str()).collect();
    assert_eq!(states, [inbox_items::DONE, inbox_items::REFUSED]);
    let shown = projections::opinion(store, &opinion).await.unwrap().unwrap();
    let revisions = projections::revisions(store, shown.room_id, &shown.uri).await.unwrap();
    assert!(revisions.iter().all(|revision| revision.name != "Another title"));
}

#[tokio::test]
async fn test_22_an_activity_and_its_actor_are_of_one_host() {
    let scene = Scene::open().await;
    let mut note = reply(&scene.ada.actor, 1, &scene.opinion, "Yes");
    note["id"] = json!("http://elsewhere.localhost:8480/a/1");
    assert_eq!(scene.sends(&scene.ada, &note, Form::Cavage).await, 400);
    // The same name with another port is another server.
    note["id"] = json!("http://masto.localhost:1/a/1");
    assert_eq!(scene.sends(&scene.ada, &note, Form::Cavage).await, 400);
    for broken in [json!("no address"), json!(7), Value::Null] {
        note["id"] = broken.clone();
        assert_eq!(scene.sends(&scene.ada, &note, Form::Cavage).await, 400, "{broken}");
    }
    let store = &scene.civil.app.service.store;
    assert_eq!(inbox_items::count(store, inbox_items::NEW).await.unwrap(), 0);
    // And an object of another host is not hers to publish.
    let mut note = reply(&scene.ada.actor, 2, &scene.opinion, "Yes");
    note["object"]["id"] = json!("http://elsewhere.localhost:8480/o/1");
    assert!(scene.hears(&note).await.unwrap().contains("may not act on"));
}

#[tokio::test]
async fn test_26_a_refused_form_is_tried_in_the_other_and_remembered() {
    for (advertised, takes, first) in [
        // It says that it reads RFC 9421, and refuses it.
        (true, Form::Cavage, Form::Rfc9421),
        // It says nothing, and takes nothing else.
        (false, Form::Rfc9421, Form::Cavage),
    ] {
        let scene = Scene::open().await;
        let mut document = scene.ada.document();
        if advertised {
            document["generator"] = json!({"type": "Application", "implements": [
                {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421"}]});
        }
        let (path, wanted) = (scene.ada.path(""), std::sync::Mutex::new(takes));
        let wanted = Arc::new(wanted);
        let takes_now = Arc::clone(&wanted);
        scene.host.answers(move |asked| match asked.method {
            Method::POST if asked.form() == Some(*takes_now.lock().unwrap()) => Reply::status(202),
            Method::POST => Reply::status(401),
            _ if asked.target == path => Reply::document(&document),
            _ => Reply::status(404),
        });
        assert_eq!(
            scene.sends(&scene.ada, &follow(&scene.ada, &scene.room), Form::Cavage).await,
            202
        );
        drain(&[&scene.civil]).await;
        let forms = |scene: &Scene| -> Vec<Form> {
            scene.host.posts().into_iter().filter_map(|(form, _)| form).collect()
        };
        assert_eq!(forms(&scene), [first, takes], "knocked twice");
        let host = scene.host.origin().trim_start_matches("http://");
        let store = &scene.civil.app.service.store;
        let known = servers::server(store, host).await.unwrap().unwrap();
        assert_eq!(known.signature_form.as_deref(), Some(takes.word()));

        let amina = scene.civil.app.service.caller_named("amina").await.unwrap();
        publish(&scene.civil, &amina).await;
        drain(&[&scene.civil]).await;
        assert_eq!(forms(&scene), [first, takes, takes], "straight");

        // What was remembered holds no longer: knocked anew.
        *wanted.lock().unwrap() = takes.other();
        publish(&scene.civil, &amina).await;
        drain(&[&scene.civil]).await;
        assert_eq!(forms(&scene)[3..], [takes, takes.other()]);
        publish(&scene.civil, &amina).await;
        drain(&[&scene.civil]).await;
        assert_eq!(forms(&scene)[5..], [takes.other()]);
    }
}

/// Ada with a key for proofs, as her document names it.
struct Proving {
    scene: Scene,
    key: ProofKey,
    key_id: String,
}

impl Proving {
    async fn open() -> Self {
        let scene = Scene::open().await;
        let key = ProofKey::from_seed([7; 32]);
        let key_id = format!("{}#ed25519", scene.ada.actor);
        let proving = Self { scene, key, key_id };
        proving.serves(&proving.key_id, &proving.scene.ada.actor);
        proving
    }

    fn serves(&self, key_id: &str, controller: &str) {
        let mut document = self.scene.ada.document();
        document["assertionMethod"] = json!([{"id": key_id, "type": "Multikey", "controller": controller,
            "publicKeyMultibase": self.key.public().to_multibase()}]);
        self.scene.serves(document);
    }

    fn proves(&self, mut document: Value, key: &ProofKey, key_id: &str) -> Value {
        let members = document.as_object_mut().unwrap();
        proof::sign(members, key, key_id, self.scene.clock.now());
        document
    }

    fn note(&self, number: i64) -> Value {
        reply(&self.scene.ada.actor, number, &self.scene.opinion, "Yes")
    }
}

#[tokio::test]
async fn test_33_a_proof_by_a_key_that_is_not_the_actors() {
    let ada = Proving::open().await;
    let right = ada.proves(ada.note(1), &ada.key, &ada.key_id);
    assert_eq!(ada.scene.hears(&right).await, None);
    assert!(ada.scene.holds_comment(&format!("{}/statuses/1", ada.scene.ada.actor)).await);

    // Not among her keys; another's; of another origin.
    let elsewhere = "http://elsewhere.localhost:8480/users/ada#ed25519";
    for (number, key_id) in [
        (2, format!("{}#other", ada.scene.ada.actor)),
        (3, format!("{}/users/eve#ed25519", ada.scene.host.origin())),
        (4, elsewhere.to_owned()),
    ] {
        let note = ada.proves(ada.note(number), &ada.key, &key_id);
        let why = ada.scene.hears(&note).await.unwrap();
        assert!(why.contains("is not a key of"), "{why}");
        assert!(!ada.scene.holds_comment(note["object"]["id"].as_str().unwrap()).await);
    }
    // Her document names it, but another controls it: then it is none of hers.
    ada.scene.clock.pass_minutes(10);
    ada.serves(&ada.key_id, &format!("{}/users/eve", ada.scene.host.origin()));
    let change = json!({"id": format!("{}#updates/1", ada.scene.ada.actor), "type": "Update",
        "actor": ada.scene.ada.actor, "object": ada.scene.ada.actor, "to": [PUBLIC]});
    let _ = ada.scene.hears(&change).await;
    let note = ada.proves(ada.note(5), &ada.key, &ada.key_id);
    assert!(ada.scene.hears(&note).await.unwrap().contains("is not a key of"));
}

#[tokio::test]
async fn test_35_an_object_that_was_altered_is_refused_whoever_signs_around_it() {
    let ada = Proving::open().await;
    // Both proofs her own: taken.
    let mut note = ada.note(1);
    note["object"] = ada.proves(note["object"].take(), &ada.key, &ada.key_id);
    let both = ada.proves(note, &ada.key, &ada.key_id);
    assert_eq!(ada.scene.hears(&both).await, None);

    // Altered inside, signed anew outside by herself: her own proof inside fails.
    let mut altered = ada.note(2);
    altered["object"] = ada.proves(altered["object"].take(), &ada.key, &ada.key_id);
    altered["object"]["content"] = json!("No");
    let altered = ada.proves(altered, &ada.key, &ada.key_id);
    assert!(ada.scene.hears(&altered).await.is_some());
    assert!(!ada.scene.holds_comment(altered["object"]["id"].as_str().unwrap()).await);

    // By another: Eve of the same server puts her name around Ada's object.
    let mut stolen = both.clone();
    let eve = format!("{}/users/eve", ada.scene.host.origin());
    stolen["id"] = json!(format!("{eve}/statuses/1/activity"));
    stolen["actor"] = json!(eve);
    stolen["object"]["content"] = json!("No");
    let stolen = ada.proves(stolen, &ProofKey::from_seed([9; 32]), &format!("{eve}#ed25519"));
    assert!(ada.scene.hears(&stolen).await.unwrap().contains("may not act on"));
}

#[tokio::test]
async fn test_37_a_proof_that_does_not_hold_is_not_made_good_by_the_signature_of_the_request() {
    let ada = Proving::open().await;
    let mut note = ada.proves(ada.note(1), &ada.key, &ada.key_id);
    note["object"]["content"] = json!("Changed after it was signed");
    assert!(ada.scene.hears(&note).await.unwrap().contains("does not verify"));
    assert!(!ada.scene.holds_comment(note["object"]["id"].as_str().unwrap()).await);
    // Without a proof the same request would have been enough.
    let mut bare = ada.note(2);
    bare["object"]["content"] = json!("Not signed inside");
    assert_eq!(ada.scene.hears(&bare).await, None);
    assert!(ada.scene.holds_comment(bare["object"]["id"].as_str().unwrap()).await);
}

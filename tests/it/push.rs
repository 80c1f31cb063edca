//! Web Push, with a stand-in for a push service that reads what it gets with the keys of the program.

use std::sync::{Arc, Mutex};

use aws_lc_rs::{
    aead, agreement, hkdf,
    signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey},
};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use polylogue::{
    base::{
        clock::{Clock as _, SystemClock},
        limits,
    },
    domain::group::StakeholderGroup,
    service::{
        Caller,
        clients::{FilterChange, KeywordChange, Mark, NewMute, NewPost},
        sign_in::Scope,
    },
    store::push,
};
use polylogue_tests::{SimClock, TestInstance, listening::in_time};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// What came to the push service.
#[derive(Debug, Clone)]
struct Came {
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

#[derive(Clone, Default)]
struct Shelf {
    came: Arc<Mutex<Vec<Came>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

/// A push service, and a program with its keys.
struct Service {
    origin: String,
    shelf: Shelf,
    key: agreement::PrivateKey,
    serving: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

const AUTH: [u8; 16] = [9; 16];

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://push.localhost:{}", listener.local_addr().unwrap().port());
        let shelf = Shelf::default();
        let router = Router::new().route("/{*path}", post(take)).with_state(shelf.clone());
        #[expect(clippy::disallowed_methods, reason = "the stand-in answers beside the test")]
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let key = agreement::PrivateKey::generate(&agreement::ECDH_P256).unwrap();
        Self { origin, shelf, key, serving }
    }

    /// What is answered next, instead of 201.
    fn answers(&self, codes: &[u16]) {
        self.shelf.answers.lock().unwrap().extend(codes);
    }

    fn took(&self) -> Vec<Came> {
        std::mem::take(&mut *self.shelf.came.lock().unwrap())
    }

    fn keys(&self) -> Value {
        let point = self.key.compute_public_key().unwrap();
        json!({"p256dh": URL_SAFE_NO_PAD.encode(point), "auth": URL_SAFE_NO_PAD.encode(AUTH)})
    }

    /// Reads a message as a browser does (RFC 8291, 8188).
    fn read(&self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        assert_eq!(rest[..5], [0, 0, 16, 0, 65]);
        let (sender, sealed) = rest[5..].split_at(65);
        let theirs = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, sender);
        let shared = agreement::agree(&self.key, theirs, (), |shared| Ok(shared.to_vec())).unwrap();
        let own = self.key.compute_public_key().unwrap();
        let key = |salt: &[u8], secret: &[u8], info: &[&[u8]], out: &mut [u8]| {
            let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
            prk.expand(info, Length(out.len())).unwrap().fill(out).unwrap();
        };
        let mut input = [0; 32];
        key(&AUTH, &shared, &[b"WebPush: info\0", own.as_ref(), sender], &mut input);
        let (mut aead_key, mut nonce) = ([0; 16], [0; 12]);
        key(salt, &input, &[b"Content-Encoding: aes128gcm\0"], &mut aead_key);
        key(salt, &input, &[b"Content-Encoding: nonce\0"], &mut nonce);
        let opening = aead::UnboundKey::new(&aead::AES_128_GCM, &aead_key).unwrap();
        let opening = aead::LessSafeKey::new(opening);
        let mut text = sealed.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key(nonce);
        let text = opening.open_in_place(nonce, aead::Aad::empty(), &mut text).unwrap();
        let (last, text) = text.split_last().unwrap();
        assert_eq!(*last, 2);
        serde_json::from_slice(text).unwrap()
    }
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

async fn take(
    State(shelf): State<Shelf>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    shelf.came.lock().unwrap().push(Came { path, headers, body: body.to_vec() });
    let mut answers = shelf.answers.lock().unwrap();
    let code = if answers.is_empty() { 201 } else { answers.remove(0) };
    StatusCode::from_u16(code).unwrap()
}

/// An instance with two people, an opinion of Amina's, and her program.
struct Scene {
    instance: TestInstance,
    clock: Arc<SimClock>,
    ana: Caller,
    amina: Caller,
    opinion: i64,
    token: String,
}

impl Scene {
    async fn new() -> Self {
        let clock = Arc::new(SimClock::default());
        let instance = TestInstance::start_set("push", &[], clock.clone()).await;
        let amina = instance.person("amina", StakeholderGroup::CivilSociety).await;
        let ana = instance.person("ana", StakeholderGroup::Governments).await;
        let service = &instance.app.service;
        let topic = polylogue::service::topics::NewTopic {
            slug: "rivers".into(),
            name: "Rivers".into(),
            question: "Whose?".into(),
            language: "en".into(),
            parties: None,
        };
        let (room, _) = service.create_topic(&amina, topic).await.unwrap();
        let opinion = polylogue::service::opinions::NewOpinion {
            name: "Two banks".into(),
            abstract_text: "In short.".into(),
            source: "A river has *two* banks.".into(),
            language: "en".into(),
            status: polylogue::domain::opinion::OpinionStatus::Open,
        };
        let opinion = service.publish_opinion(&amina, room, opinion).await.unwrap().key;
        let scope = Scope::parse("read push").unwrap();
        let token = service.create_token("amina", scope).await.unwrap();
        instance.app.drain().await.unwrap();
        Self { instance, clock, ana, amina, opinion, token }
    }

    async fn asks(&self, method: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        #[expect(clippy::disallowed_methods, reason = "a program of the test's own")]
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("http://{}/api/v1/push/subscription", self.instance.address);
        let mut request = client
            .request(method.parse().unwrap(), url)
            .header("host", self.instance.app.service.paths.domain())
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = in_time(request.send()).await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn subscribes(&self, push: &Service, alerts: Value, policy: &str) -> Value {
        let asked = json!({
            "subscription": {"endpoint": format!("{}/amina", push.origin), "keys": push.keys()},
            "data": {"alerts": alerts, "policy": policy},
        });
        let (status, answer) = self.asks("POST", &self.token, Some(asked)).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Ana favourites the opinion, anew each time.
    async fn favourite(&self) {
        let service = &self.instance.app.service;
        service.dismiss_news(&self.amina, None).await.unwrap();
        service.mark(&self.ana, self.opinion, Mark::Favourite).await.unwrap();
    }

    /// Ana answers the opinion.
    async fn replies(&self, text: &str) {
        let reply =
            NewPost { text: text.into(), in_reply_to: Some(self.opinion), ..Default::default() };
        self.instance.app.service.write_post(&self.ana, reply).await.unwrap();
    }

    async fn drain(&self) {
        self.instance.app.drain().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_told_what_it_asked_for_and_only_it_can_read_that() {
    let (scene, service) = (Scene::new().await, Service::start().await);
    let (status, none) = scene.asks("GET", &scene.token, None).await;
    assert_eq!(status, 404, "{none}");
    let answer =
        scene.subscribes(&service, json!({"favourite": true, "mention": "0"}), "all").await;
    let server_key = answer["server_key"].as_str().unwrap().to_owned();
    assert_eq!(
        (&answer["alerts"]["favourite"], &answer["alerts"]["mention"]),
        (&true.into(), &false.into())
    );
    assert_eq!((&answer["policy"], &answer["standard"]), (&"all".into(), &true.into()));
    assert!(answer["id"].is_string() && answer["alerts"]["admin.report"] == false, "{answer}");
    assert_eq!(scene.asks("GET", &scene.token, None).await, (200, answer.clone()));
    scene.favourite().await;
    scene.drain().await;
    let [came]: [Came; 1] = service.took().try_into().unwrap();
    assert_eq!(came.path, "amina");
    let header = |name: &str| came.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-encoding"), "aes128gcm");
    assert!(header("ttl").parse::<u64>().unwrap() > 0);
    // The word of the server, by the key that the program was given.
    let authorization = header("authorization");
    let (token, key) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, server_key);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let verifier = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(key));
    verifier.verify(signed.as_bytes(), &decode(signature)).unwrap();
    let claims: Value = serde_json::from_slice(&decode(signed.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["aud"], service.origin);
    assert_eq!(claims["sub"], scene.instance.origin());
    let lasts =
        claims["exp"].as_i64().unwrap() - scene.instance.app.service.now().as_millis() / 1_000;
    assert!(lasts > 0 && lasts <= 86_400, "{lasts}");
    let told = service.read(&came.body);
    assert_eq!(told["access_token"], scene.token);
    assert_eq!(
        (&told["notification_type"], &told["title"]),
        (&"favourite".into(), &"ana favourited your post".into())
    );
    assert!(told["notification_id"].is_i64() && told["preferred_locale"] == "en", "{told}");
    assert!(
        told["body"].as_str().unwrap().contains("Two banks")
            && told["icon"].as_str().unwrap().starts_with("http"),
        "{told}"
    );
    // Once.
    scene.drain().await;
    assert_eq!(service.took().len(), 0);
    // What it did not ask for is not told, and what it asks anew is.
    let service_here = &scene.instance.app.service;
    service_here.mark(&scene.ana, scene.opinion, Mark::Boost).await.unwrap();
    scene.drain().await;
    assert_eq!(service.took().len(), 0);
    let anew = json!({"data": {"alerts": {"follow": true}, "policy": "followed"}});
    let (status, answer) = scene.asks("PUT", &scene.token, Some(anew)).await;
    assert_eq!(
        (status, &answer["policy"], &answer["alerts"]["favourite"]),
        (200, &"followed".into(), &false.into())
    );
    service_here.follow_person(&scene.ana, scene.amina.actor.id).await.unwrap();
    scene.drain().await;
    assert_eq!(service.took().len(), 0, "she does not follow Ana");
    // Of whom she does not want to hear, and what she filtered away, she is not told by push either.
    let everything =
        json!({"data": {"alerts": {"mention": true, "favourite": true}, "policy": "all"}});
    assert_eq!(scene.asks("PUT", &scene.token, Some(everything)).await.0, 200);
    let mute = NewMute { notices: true, seconds: None };
    service_here.mute_person(&scene.amina, scene.ana.actor.id, mute).await.unwrap();
    scene.replies("Whose bank is it?").await;
    scene.drain().await;
    assert_eq!(service.took().len(), 0, "she does not hear of Ana");
    service_here.unmute_person(&scene.amina, scene.ana.actor.id).await.unwrap();
    let filter = FilterChange {
        title: Some("Dams".into()),
        contexts: Some(vec!["notifications".into()]),
        action: Some("hide".into()),
        keywords: vec![KeywordChange { keyword: Some("dams".into()), ..Default::default() }],
        ..Default::default()
    };
    service_here.create_filter(&scene.amina, filter).await.unwrap();
    scene.replies("And dams?").await;
    scene.drain().await;
    assert_eq!(service.took().len(), 0, "she does not want to read of dams");
    scene.replies("And weirs?").await;
    scene.drain().await;
    assert_eq!(service.took().len(), 1);
    let (status, answer) = scene.asks("DELETE", &scene.token, None).await;
    assert_eq!((status, answer), (200, json!({})));
    assert_eq!(scene.asks("GET", &scene.token, None).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_ends_what_is_away_is_tried_again_and_not_for_ever() {
    let (scene, service) = (Scene::new().await, Service::start().await);
    let all = json!({"favourite": true, "reblog": true, "follow": true});
    scene.subscribes(&service, all.clone(), "all").await;
    let store = &scene.instance.app.service.store;
    service.answers(&[503; 100]);
    scene.favourite().await;
    let mut tries = 0;
    while push::next_due(store).await.unwrap().is_some() {
        scene.drain().await;
        tries += service.took().len();
        scene.clock.pass_minutes(361);
        assert!(tries <= 6, "{tries}");
    }
    assert_eq!(i64::try_from(tries).unwrap(), limits::PUSH_TRIES_MAX);
    // News that are too old are told nobody.
    service.shelf.answers.lock().unwrap().clear();
    service.answers(&[503]);
    scene.instance.app.service.mark(&scene.ana, scene.opinion, Mark::Boost).await.unwrap();
    scene.drain().await;
    assert_eq!(service.took().len(), 1);
    scene.clock.pass_minutes(limits::PUSH_HOURS_MAX * 60 + 1);
    scene.drain().await;
    assert_eq!(service.took().len(), 0);
    assert_eq!(push::next_due(store).await.unwrap(), None);
    // A server that was stopped tells it after its restart; the one beside goes by the clock of the machine.
    scene.clock.set(SystemClock.now());
    let here = &scene.instance.app.service;
    here.follow_person(&scene.ana, scene.amina.actor.id).await.unwrap();
    let again = scene.instance.beside().await;
    let waits = async {
        while service.shelf.came.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    in_time(waits).await;
    assert_eq!(service.read(&service.took()[0].body)["notification_type"], "follow");
    drop(again);
    // Gone is gone.
    for code in [410, 404] {
        scene.subscribes(&service, all.clone(), "all").await;
        service.answers(&[code]);
        let uri = format!("https://elsewhere.example/{code}");
        let tx = store.begin().await.unwrap();
        here.tell_of_follow(&tx, &uri, &scene.amina.actor.uri).await.unwrap();
        tx.commit().await.unwrap();
        here.unmark(&scene.ana, scene.opinion, Mark::Favourite).await.unwrap();
        let _ = service.took();
        let mentions = json!({"data": {"alerts": {"mention": true}}});
        assert_eq!(scene.asks("PUT", &scene.token, Some(mentions)).await.0, 200);
        scene.replies(&format!("Is it {code}?")).await;
        scene.drain().await;
        assert_eq!(service.took().len(), 1);
        assert_eq!(scene.asks("GET", &scene.token, None).await.0, 404, "{code}");
        assert_eq!(push::next_due(store).await.unwrap(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_reached_is_not_and_who_may_not_ask_is_refused() {
    let (scene, service) = (Scene::new().await, Service::start().await);
    let here = &scene.instance.app.service;
    let asked = |endpoint: &str, keys: Value| json!({"subscription": {"endpoint": endpoint, "keys": keys}, "data": {"alerts": {"favourite": true}}});
    let good = format!("{}/x", service.origin);
    for (endpoint, keys) in [
        ("", service.keys()),
        ("ftp://push.example/", service.keys()),
        ("https://user@push.example/", service.keys()),
        (good.as_str(), json!({"p256dh": "x", "auth": "y"})),
        (good.as_str(), json!({"p256dh": service.keys()["p256dh"], "auth": "AAAA"})),
        (good.as_str(), json!({})),
    ] {
        let (status, answer) = scene.asks("POST", &scene.token, Some(asked(endpoint, keys))).await;
        assert_eq!(status, 422, "{endpoint}: {answer}");
    }
    let odd = json!({"data": {"policy": "everybody"}});
    assert_eq!(scene.asks("PUT", &scene.token, Some(odd)).await.0, 422);
    let reads = here.create_token("amina", Scope::parse("read").unwrap()).await.unwrap();
    for method in ["GET", "POST", "PUT", "DELETE"] {
        assert_eq!(scene.asks(method, &reads, None).await.0, 403, "{method}");
        assert_eq!(scene.asks(method, "nonsense", None).await.0, 401, "{method}");
    }
    // An address of a network of ours is taken for one, and never asked.
    let inside = "http://10.0.0.1/push";
    assert_eq!(scene.asks("POST", &scene.token, Some(asked(inside, service.keys()))).await.0, 200);
    scene.favourite().await;
    scene.drain().await;
    assert_eq!(push::next_due(&here.store).await.unwrap(), None, "no second try");
    // A token that is revoked is told nothing more.
    let (status, _) = scene.asks("POST", &scene.token, Some(asked(&good, service.keys()))).await;
    assert_eq!(status, 200);
    for program in here.programs_let_in(&scene.amina).await.unwrap() {
        here.shut_out(&scene.amina, &program.key).await.unwrap();
    }
    here.mark(&scene.ana, scene.opinion, Mark::Boost).await.unwrap();
    scene.drain().await;
    assert_eq!(service.took().len(), 0);
    assert_eq!(push::of_account(&here.store, scene.amina.account_id).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_so_many_programs_and_the_key_stays() {
    let (scene, service) = (Scene::new().await, Service::start().await);
    let here = &scene.instance.app.service;
    let mut tokens = vec![scene.token.clone()];
    scene.subscribes(&service, json!({"favourite": true}), "all").await;
    for _ in 0..limits::PUSH_PROGRAMS_MAX {
        let scope = Scope::parse("push").unwrap();
        let token = here.create_token("amina", scope).await.unwrap();
        assert_eq!(scene.asks("GET", &scene.token, None).await.0, 200, "{} of them", tokens.len());
        let keys = service.keys();
        let asked =
            json!({"subscription": {"endpoint": format!("{}/y", service.origin), "keys": keys}});
        assert_eq!(scene.asks("POST", &token, Some(asked)).await.0, 200);
        tokens.push(token);
    }
    assert_eq!(scene.asks("GET", &tokens[0], None).await.0, 404, "the oldest made room");
    assert_eq!(scene.asks("GET", &tokens[1], None).await.0, 200);
    let key = here.push_key().await.unwrap().public();
    let beside = scene.instance.beside().await;
    assert_eq!(beside.app.service.push_key().await.unwrap().public(), key);
}

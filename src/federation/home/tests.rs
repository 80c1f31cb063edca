//! A server made by hand that does everything wrong, one thing at a time; and one that does it right.

use std::{
    net::TcpListener,
    path::PathBuf,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};

use serde_json::{Value, json};

use super::*;
use crate::{
    base::{
        clock::{Clock, SystemClock, Timestamp},
        crypto::Vault,
        entropy::OsEntropy,
        mail::NoMail,
    },
    federation::{
        network::Policy,
        scripted::{Asked, Reply, Scripted},
    },
    protocol::paths::Paths,
    service::{Ports, Profile, Wake},
    store::{Store, guests},
};

const BROWSER: &str = "the cookie of this browser";

/// Time that stands still until it is moved.
#[derive(Debug)]
struct Still(AtomicI64);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

pub(super) struct Us {
    pub(super) federation: Federation,
    clock: Arc<Still>,
    directory: PathBuf,
}

impl Drop for Us {
    fn drop(&mut self) {
        let _gone_already = std::fs::remove_dir_all(&self.directory);
    }
}

impl Us {
    pub(super) async fn start() -> Self {
        Self::ruled_by(HomeRules::default()).await
    }

    async fn ruled_by(rules: HomeRules) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory =
            std::env::temp_dir().join(format!("polylogue-home-{}-{number}", std::process::id()));
        let url = format!("sqlite://{}", directory.join("test.db").display());
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(Still(AtomicI64::new(SystemClock.now().as_millis())));
        let ports = Ports {
            clock: Arc::<Still>::clone(&clock),
            entropy: Arc::new(OsEntropy::default()),
            mail: Arc::new(NoMail),
        };
        let profile = Profile {
            name: "Civil society forum".into(),
            group: None,
            development: true,
            exposed: false,
            rate_limits: true,
        };
        let paths = Paths::new("us.localhost:8480", true);
        let service =
            Service::new(store, ports, paths, profile, Vault::new([7; 32]), Wake::default());
        let federation = Box::pin(Federation::new(service, Policy::development())).await.unwrap();
        Self { federation: federation.letting_in(rules), clock, directory }
    }

    /// Sets out for Ana's server.
    async fn set_out(&self, server: &Scripted) -> Result<SetOut, HomeError> {
        let home = host_name(server.url("home.localhost", "/").as_str());
        self.federation.set_out(&format!("@ana@{home}"), "/o/1", BROWSER, "192.0.2.1").await
    }

    /// Sets out and comes back with a code.
    async fn visits(&self, server: &Scripted) -> Result<CameBack, HomeError> {
        let out = self.set_out(server).await?;
        self.federation.come_back(&answer(server, &out), BROWSER, LOCAL).await
    }
}

const LOCAL: std::net::IpAddr = std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// What a query of an address holds.
fn asked_for(out: &SetOut, name: &str) -> String {
    let url = Url::parse(&out.href).unwrap();
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into())
        .unwrap_or_default()
}

/// What comes back with somebody who agreed.
fn answer(server: &Scripted, out: &SetOut) -> Answer {
    Answer {
        state: asked_for(out, "state"),
        code: "the code".to_owned(),
        issuer: server.url("home.localhost", "").as_str().trim_end_matches('/').to_owned(),
        error: String::new(),
    }
}

pub(super) fn reply(status: u16, body: &Value) -> Reply {
    let media_type =
        if body.get("inbox").is_some() { "application/activity+json" } else { "application/json" };
    (status, vec![("content-type", media_type.to_owned())], body.to_string().into_bytes())
}

fn origin_of(asked: &Asked) -> String {
    format!("http://{}", asked.headers["host"].to_str().unwrap())
}

fn metadata(origin: &str) -> Value {
    json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/oauth/authorize"),
        "token_endpoint": format!("{origin}/oauth/token"),
        "revocation_endpoint": format!("{origin}/oauth/revoke"),
        "scopes_supported": ["profile", "read"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true
    })
}

fn actor(origin: &str, kind: &str) -> Value {
    json!({"id": format!("{origin}/users/ana"), "type": kind, "preferredUsername": "ana",
        "name": "Ana", "inbox": format!("{origin}/users/ana/inbox")})
}

/// A server that does everything right.
fn honest(asked: &Asked) -> Reply {
    let origin = origin_of(asked);
    let host = asked.headers["host"].to_str().unwrap();
    let path = asked.line.split('?').next().unwrap();
    let body = match path {
        "GET /.well-known/webfinger" => json!({"subject": format!("acct:ana@{host}"), "links": [
            {"rel": "self", "type": "application/activity+json", "href": format!("{origin}/users/ana")}]}),
        "GET /.well-known/oauth-authorization-server" => metadata(&origin),
        "POST /api/v1/apps" => json!({"client_id": "we", "client_secret": "between-us"}),
        "POST /oauth/token" => json!({"access_token": "the-token", "token_type": "Bearer"}),
        "GET /api/v1/accounts/verify_credentials" => {
            json!({"username": "ana", "acct": "ana", "url": format!("{origin}/@ana")})
        }
        "GET /users/ana" => actor(&origin, "Person"),
        "POST /oauth/revoke" => json!({}),
        _ => return (404, vec![], vec![]),
    };
    reply(200, &body)
}

/// The same but for one answer.
fn but_for(path: &'static str, other: impl Fn(&str) -> Reply + Send + 'static) -> Scripted {
    Scripted::start(move |_, asked| {
        if asked.line.split('?').next() == Some(path) {
            other(&origin_of(asked))
        } else {
            honest(asked)
        }
    })
}

fn times(server: &Scripted, line: &str) -> usize {
    server.asked().iter().filter(|asked| asked.line.starts_with(line)).count()
}

/// The fields of the last form sent to a path.
fn sent(server: &Scripted, line: &str) -> Vec<(String, String)> {
    let asked = server.asked();
    let last = asked.iter().rfind(|asked| asked.line == line).expect(line);
    url::form_urlencoded::parse(&last.body).into_owned().collect()
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
        .unwrap_or_default()
}

#[tokio::test]
async fn who_agrees_at_home_is_a_guest_and_nothing_of_theirs_is_kept() {
    let (us, server) = (Us::start().await, Scripted::start(|_, asked| honest(asked)));
    let out = us.set_out(&server).await.unwrap();
    assert_eq!(asked_for(&out, "scope"), "profile");
    assert_eq!(asked_for(&out, "redirect_uri"), "http://us.localhost:8480/sign-in/home/back");
    assert_eq!(asked_for(&out, "code_challenge_method"), "S256");
    let back = us.federation.come_back(&answer(&server, &out), BROWSER, LOCAL).await.unwrap();
    let CameBack::In { session, next } = back else { panic!("{back:?}") };
    assert_eq!(next, "/o/1");
    assert_eq!(session.guest.actor().uri, server.url("home.localhost", "/users/ana").as_str());
    let exchanged = sent(&server, "POST /oauth/token");
    assert_eq!(value(&exchanged, "client_secret"), "between-us");
    assert_eq!(challenge(value(&exchanged, "code_verifier")), asked_for(&out, "code_challenge"));
    assert_eq!(value(&sent(&server, "POST /oauth/revoke"), "token"), "the-token");
    // The cookie's token is good; our secret there is sealed, and we register once.
    assert!(us.federation.service.guest_in(&session.token).await.unwrap().is_some());
    let origin = server.url("home.localhost", "").origin().ascii_serialization();
    let row = guests::server(&us.federation.service.store, &origin).await.unwrap().unwrap();
    assert!(!row.client_secret.windows(10).any(|part| part == b"between-us"));
    us.visits(&server).await.unwrap();
    assert_eq!(times(&server, "POST /api/v1/apps"), 1);
    // It ends sooner than a session of an account.
    us.clock.0.fetch_add(limits::GUEST_SESSION_HOURS_MAX * 3_600_000, Ordering::Relaxed);
    assert!(us.federation.service.guest_in(&session.token).await.unwrap().is_none());
}

#[tokio::test]
async fn a_server_that_says_nothing_of_itself_is_asked_as_mastodon_always_was() {
    let server = but_for("GET /.well-known/oauth-authorization-server", |_| (404, vec![], vec![]));
    let us = Us::start().await;
    let out = us.set_out(&server).await.unwrap();
    assert_eq!(asked_for(&out, "scope"), "read:accounts");
    assert_eq!(asked_for(&out, "code_challenge"), "");
    let anonymous = Answer { issuer: String::new(), ..answer(&server, &out) };
    assert!(us.federation.come_back(&anonymous, BROWSER, LOCAL).await.is_ok());
}

#[tokio::test]
async fn a_state_is_good_once_and_for_a_while() {
    let (us, server) = (Us::start().await, Scripted::start(|_, asked| honest(asked)));
    let out = us.set_out(&server).await.unwrap();
    us.federation.come_back(&answer(&server, &out), BROWSER, LOCAL).await.unwrap();
    let again = us.federation.come_back(&answer(&server, &out), BROWSER, LOCAL).await;
    assert!(matches!(again, Err(HomeError::Over)), "{again:?}");
    let guessed = Answer { state: "a guess".into(), ..answer(&server, &out) };
    let error = us.federation.come_back(&guessed, BROWSER, LOCAL).await;
    assert!(matches!(error, Err(HomeError::Over)), "{error:?}");
    // At the last moment, and one later.
    let life = limits::HOME_VISIT_MINUTES_MAX * 60_000;
    for (waited, in_time) in [(life - 1, true), (life, false)] {
        let out = us.set_out(&server).await.unwrap();
        us.clock.0.fetch_add(waited, Ordering::Relaxed);
        let back = us.federation.come_back(&answer(&server, &out), BROWSER, LOCAL).await;
        assert_eq!(back.is_ok(), in_time, "{back:?}");
    }
    assert_eq!(times(&server, "POST /oauth/token"), 2);
}

#[tokio::test]
async fn the_state_of_another_browser_is_worth_nothing() {
    let (us, server) = (Us::start().await, Scripted::start(|_, asked| honest(asked)));
    for other in ["", "another cookie"] {
        let out = us.set_out(&server).await.unwrap();
        let stolen = us.federation.come_back(&answer(&server, &out), other, LOCAL).await;
        assert!(matches!(stolen, Err(HomeError::OtherBrowser)), "{stolen:?}");
    }
    assert_eq!(times(&server, "POST /oauth/token"), 0);
}

#[tokio::test]
async fn an_answer_of_another_server_is_refused_before_anything_is_told() {
    let (us, server) = (Us::start().await, Scripted::start(|_, asked| honest(asked)));
    let honest_one = server.url("other.localhost", "").origin().ascii_serialization();
    for issuer in [honest_one.as_str(), "https://social.example", ""] {
        let out = us.set_out(&server).await.unwrap();
        let mixed = Answer { issuer: issuer.to_owned(), ..answer(&server, &out) };
        let error = us.federation.come_back(&mixed, BROWSER, LOCAL).await;
        assert!(matches!(error, Err(HomeError::Impostor { .. })), "{issuer}: {error:?}");
    }
    assert_eq!(times(&server, "POST /oauth/token"), 0);
}

#[tokio::test]
async fn a_server_that_calls_itself_another_or_sends_elsewhere_is_refused() {
    for (name, wrong) in [
        ("issuer", "https://social.example"),
        ("issuer", ""),
        ("authorization_endpoint", "https://social.example/oauth/authorize"),
        ("token_endpoint", "http://other.localhost:8480/oauth/token"),
        ("revocation_endpoint", "http://user@home.localhost/oauth/revoke"),
    ] {
        let server = but_for("GET /.well-known/oauth-authorization-server", move |origin| {
            let mut document = metadata(origin);
            document[name] = json!(wrong);
            reply(200, &document)
        });
        let error = Us::start().await.set_out(&server).await;
        assert!(matches!(error, Err(HomeError::Impostor { .. })), "{name}: {error:?}");
        assert_eq!(times(&server, "POST /api/v1/apps"), 0);
    }
}

#[tokio::test]
async fn an_account_that_lives_elsewhere_is_nobody_and_its_token_is_given_back() {
    let elsewhere = [
        json!({"username": "ana", "acct": "ana@social.example"}),
        json!({"username": "ana", "acct": "ana", "url": "https://social.example/@ana"}),
        json!({"error": "no"}),
    ];
    for account in elsewhere {
        let server =
            but_for("GET /api/v1/accounts/verify_credentials", move |_| reply(200, &account));
        let error = Us::start().await.visits(&server).await;
        assert!(matches!(error, Err(HomeError::NotTheirs { .. })), "{error:?}");
        assert_eq!(times(&server, "POST /oauth/revoke"), 1);
    }
    // WebFinger of the server itself leads to somebody of another.
    let turned = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let switch = Arc::clone(&turned);
    let server = Scripted::start(move |port, asked| {
        if switch.load(Ordering::Relaxed) && asked.line.starts_with("GET /.well-known/webfinger") {
            let href = format!("http://other.localhost:{port}/users/ana");
            let host = asked.headers["host"].to_str().unwrap();
            return reply(
                200,
                &json!({"subject": format!("acct:ana@{host}"), "links": [
                {"rel": "self", "type": "application/activity+json", "href": href}]}),
            );
        }
        honest(asked)
    });
    let us = Us::start().await;
    let out = us.set_out(&server).await.unwrap();
    turned.store(true, Ordering::Relaxed);
    let error = us.federation.come_back(&answer(&server, &out), BROWSER, LOCAL).await;
    assert!(matches!(error, Err(HomeError::NotTheirs { .. })), "{error:?}");
}

#[tokio::test]
async fn organisations_and_robots_are_no_guests() {
    for kind in ["Organization", "Service", "Application"] {
        let server = but_for("GET /users/ana", move |origin| reply(200, &actor(origin, kind)));
        let error = Us::start().await.visits(&server).await;
        assert!(matches!(error, Err(HomeError::NoPerson)), "{kind}: {error:?}");
    }
}

#[tokio::test]
async fn no_secret_follows_a_redirect() {
    for line in
        ["POST /oauth/token", "POST /api/v1/apps", "GET /api/v1/accounts/verify_credentials"]
    {
        let server = but_for(line, |origin| {
            (307, vec![("location", format!("{origin}/elsewhere"))], vec![])
        });
        let error = Us::start().await.visits(&server).await;
        assert!(matches!(error, Err(HomeError::NoSignIn { .. })), "{line}: {error:?}");
        assert!(server.asked().iter().all(|asked| !asked.line.ends_with("/elsewhere")), "{line}");
    }
}

#[tokio::test]
async fn answers_are_read_up_to_their_limit() {
    for (bytes, taken) in
        [(limits::HOME_ANSWER_BYTES_MAX, true), (limits::HOME_ANSWER_BYTES_MAX + 1, false)]
    {
        let server = but_for("GET /.well-known/oauth-authorization-server", move |origin| {
            let mut answer = reply(200, &metadata(origin));
            answer.2.resize(bytes, b' ');
            answer
        });
        let out = Us::start().await.set_out(&server).await;
        assert_eq!(out.is_ok(), taken, "{out:?}");
    }
    for (chars, taken) in
        [(limits::HOME_WORD_CHARS_MAX, true), (limits::HOME_WORD_CHARS_MAX + 1, false)]
    {
        let server = but_for("POST /api/v1/apps", move |_| {
            reply(200, &json!({"client_id": "x".repeat(chars), "client_secret": "s"}))
        });
        let out = Us::start().await.set_out(&server).await;
        assert_eq!(out.is_ok(), taken, "{out:?}");
    }
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    // It takes what is asked, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let rules = HomeRules { patience: Duration::from_millis(100), ..HomeRules::default() };
    let us = Us::ruled_by(rules).await;
    let address = format!("home.localhost:{port}");
    let error = us.federation.set_out(&address, "/", BROWSER, "").await;
    assert!(matches!(error, Err(HomeError::Silent { .. })), "{error:?}");
}

#[tokio::test]
async fn nothing_near_this_machine_is_reached() {
    let us = Us::start().await;
    for address in [
        "127.0.0.1:8480",
        "10.0.0.1",
        "169.254.169.254",
        "http://[::1]:8480/",
        "localhost:22",
        "https://user:password@social.example",
        "ftp://social.example",
        "@ana@",
        "@@",
        "",
        "social.example/path",
        "a b",
    ] {
        let error = us.federation.set_out(address, "/", BROWSER, "").await;
        assert!(matches!(error, Err(HomeError::Address)), "{address}: {error:?}");
    }
    for own in ["@amina@us.localhost:8480", "us.localhost:8480", "http://us.localhost:8480/@amina"]
    {
        let error = us.federation.set_out(own, "/", BROWSER, "").await;
        assert!(matches!(error, Err(HomeError::Here)), "{own}: {error:?}");
    }
}

#[tokio::test]
async fn the_operator_says_whose_people_come_in() {
    let server = Scripted::start(|_, asked| honest(asked));
    let one = |host: &str| vec![host.to_owned()];
    for (rules, comes) in [
        (HomeRules { allow_hosts: one("home.localhost"), ..HomeRules::default() }, true),
        (HomeRules { allow_hosts: one("*.localhost"), ..HomeRules::default() }, true),
        (HomeRules { allow_hosts: one("social.example"), ..HomeRules::default() }, false),
        (HomeRules { allow_hosts: one("*.home.localhost"), ..HomeRules::default() }, false),
        (HomeRules { block_hosts: one("HOME.localhost"), ..HomeRules::default() }, false),
        (
            HomeRules {
                allow_hosts: one("home.localhost"),
                block_hosts: one("*.localhost"),
                ..HomeRules::default()
            },
            false,
        ),
    ] {
        let us = Us::ruled_by(rules.clone()).await;
        let out = us.set_out(&server).await;
        let refused = matches!(out, Err(HomeError::NotLetIn { .. }));
        assert_eq!((out.is_ok(), refused), (comes, !comes), "{rules:?}: {out:?}");
    }
    let off = Us::ruled_by(HomeRules { enabled: false, ..HomeRules::default() }).await;
    let out = off.set_out(&server).await;
    assert!(matches!(out, Err(HomeError::Off)), "{out:?}");
}

#[tokio::test]
async fn who_was_forgotten_registers_again_and_the_person_goes_once_more() {
    let registered = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&registered);
    let server = Scripted::start(move |_, asked| match asked.line.as_str() {
        "POST /api/v1/apps" => {
            let number = count.fetch_add(1, Ordering::Relaxed);
            reply(200, &json!({"client_id": format!("we-{number}"), "client_secret": "s"}))
        }
        "POST /oauth/token" if String::from_utf8_lossy(&asked.body).contains("we-0") => {
            reply(401, &json!({"error": "invalid_client"}))
        }
        "POST /oauth/token" => reply(200, &json!({"access_token": "t", "token_type": "Bearer"})),
        _ => honest(asked),
    });
    let us = Us::start().await;
    let back = us.visits(&server).await.unwrap();
    let CameBack::Again(out) = back else { panic!("{back:?}") };
    assert_eq!(asked_for(&out, "client_id"), "we-1");
    let back = us.federation.come_back(&answer(&server, &out), BROWSER, LOCAL).await.unwrap();
    assert!(matches!(back, CameBack::In { .. }), "{back:?}");
}

#[tokio::test]
async fn a_code_that_is_refused_and_a_person_who_declines_sign_nobody_in() {
    let server = but_for("POST /oauth/token", |_| reply(400, &json!({"error": "invalid_grant"})));
    let us = Us::start().await;
    let error = us.visits(&server).await;
    assert!(matches!(error, Err(HomeError::NotTheirs { .. })), "{error:?}");
    let out = us.set_out(&server).await.unwrap();
    let declined =
        Answer { error: "access_denied".into(), code: String::new(), ..answer(&server, &out) };
    let error = us.federation.come_back(&declined, BROWSER, LOCAL).await;
    assert!(matches!(error, Err(HomeError::Declined)), "{error:?}");
}

#[tokio::test]
async fn one_address_sets_out_so_often_in_an_hour() {
    let (us, server) = (Us::start().await, Scripted::start(|_, asked| honest(asked)));
    for _ in 0..limits::HOME_VISITS_PER_ADDRESS_AN_HOUR_MAX {
        us.set_out(&server).await.unwrap();
    }
    let over = us.set_out(&server).await;
    assert!(matches!(over, Err(HomeError::TooOften { .. })), "{over:?}");
}

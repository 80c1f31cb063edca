//! What one says of oneself, and how others know that it is so, in a browser without scripts and by the API: the
//! profile, which followers are told of; a link that comes by mail; a web site that names its account; and the key of an
//! organisation.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use axum::{Json, Router, extract::State, http::StatusCode, response::Html, routing::get};
use polylogue::{
    base::mail::SmtpMail, domain::group::StakeholderGroup as Group, service::accounts::AccountKind,
};
use polylogue_tests::{
    Browser, Foreign, Meeting, TestInstance, drain,
    smtp::{Arrived, MailServer},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

async fn meeting() -> Meeting {
    let meeting = Meeting::of(TestInstance::start("civil").await);
    meeting.join("amina", AccountKind::Person, Some(Group::CivilSociety)).await;
    meeting
}

/// How well it is known who somebody is, as the API says.
async fn proof(meeting: &Meeting, name: &str) -> String {
    let (status, profile) = meeting.api("", "GET", &format!("/participants/{name}"), None).await;
    assert_eq!(status, StatusCode::OK, "{profile}");
    profile["proof"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_changed_profile_is_shown_and_followers_are_told() {
    let meeting = meeting().await;
    let civil = &meeting.instance;
    let masto = Foreign::start("masto").await;
    let amina_uri = civil.app.service.paths.person("amina");
    let follow = json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": masto.id("follows/1"),
        "type": "Follow", "actor": masto.actor(), "object": amina_uri,
    });
    assert_eq!(masto.sends(&format!("{}/inbox", civil.origin()), &follow).await, 202);
    drain(&[civil]).await;

    let nobody = meeting.browser().get("/settings").await;
    assert!(nobody.path.starts_with("/sign-in?next="), "{}", nobody.path);
    let mut amina = meeting.signed_in("amina").await;
    let form = amina.get("/settings").await.form("/settings");
    assert_eq!(form.value("group"), Some("civil-society"));
    let form = form.fill("displayName", "Amina O.").fill("profile", "I look after *cables*.");
    // A group there is not: refused, and what was typed is still there.
    let refused = amina.submit(form.clone().fill("group", "cables")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.form("/settings").value("displayName"), Some("Amina O."));
    let long = "x".repeat(101);
    let refused = amina.submit(form.clone().fill("displayName", &long)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.texts("#displayName-fault").is_empty(), "{}", refused.text());
    drain(&[civil]).await;
    let told = masto.received().len();
    let form = form.fill("group", "technical-community").fill("region", "africa");
    let saved = amina.submit(form).await;
    assert_eq!((saved.status, saved.path.as_str()), (StatusCode::OK, "/settings?saved=yes"));
    assert_eq!(saved.form("/settings").value("region"), Some("africa"));
    let page = meeting.browser().get("/p/amina").await.text();
    assert!(page.contains("Amina O.") && page.contains("technical community"), "{page}");

    drain(&[civil]).await;
    let received = masto.received();
    let [update] = &received[told..] else { panic!("{received:?}") };
    assert_eq!((&update["type"], &update["actor"]), (&json!("Update"), &json!(amina_uri)));
    let person = &update["object"];
    assert_eq!((&person["type"], &person["id"]), (&json!("Person"), &json!(amina_uri)));
    assert_eq!(person["name"], "Amina O.");
    assert_eq!(person["stakeholderGroup"], "plg:technicalCommunity");
}

#[tokio::test]
async fn a_link_by_mail_shows_the_domain() {
    let server = MailServer::start().await;
    let mail = SmtpMail::new(&server.url(), "Polylogue <no-reply@civil.example>").unwrap();
    let meeting = Meeting::of(TestInstance::start_mailing("civil", Arc::new(mail)).await);
    for name in ["amina", "bruno"] {
        meeting.join(name, AccountKind::Person, None).await;
    }
    let mut amina = meeting.signed_in("amina").await;
    let page = "/settings/proof/mail";
    let form = amina.get("/settings/proof").await.form(page);
    let refused = amina.submit(form.clone().fill("address", "amina@localhost")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.form(page).value("address"), Some("amina@localhost"));
    assert!(server.arrived().is_empty());
    let asked = amina.submit(form.fill("address", "Amina@Ministry.example")).await;
    assert!(asked.text().contains("ministry.example"), "{}", asked.text());

    let letters = server.arrived();
    let [Arrived { from, to, message }] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(from, "no-reply@civil.example");
    assert_eq!(to, &["Amina@Ministry.example"]);
    assert!(message.contains("Content-Type: text/plain"), "{message}");
    let text = letters[0].text();
    let link = text.lines().find(|line| line.contains("/settings/proof/confirm?token=")).unwrap();
    let path = link.trim().strip_prefix(meeting.instance.origin()).unwrap().to_owned();

    // It works for the account that asked, and only once somebody presses the button.
    let mut bruno = meeting.signed_in("bruno").await;
    assert_eq!(bruno.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(proof(&meeting, "amina").await, "declared");
    let form = amina.get(&path).await.form("/settings/proof/confirm");
    assert_eq!(proof(&meeting, "amina").await, "declared", "looking at it confirms nothing");
    let done = amina.submit(form).await;
    assert_eq!((done.status, done.path.as_str()), (StatusCode::OK, "/settings/proof"));
    assert!(done.text().contains("ministry.example"), "{}", done.text());
    assert_eq!(proof(&meeting, "amina").await, "mail-domain");
    assert_eq!(amina.get(&path).await.status, StatusCode::NOT_FOUND, "it works once");
    let page = meeting.browser().get("/p/amina").await;
    assert!(page.text().contains("ministry.example") && !page.html.contains("Amina@"));
}

/// A web site on loopback that names an account as it is told to.
struct Site {
    domain: String,
    names: Arc<AtomicU8>,
    serving: JoinHandle<()>,
}

const NOBODY: u8 = 0;
const IN_ITS_FILE: u8 = 1;
const BY_A_LINK: u8 = 2;

impl Site {
    async fn start(account: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let names = Arc::new(AtomicU8::new(NOBODY));
        let (file, front) = (account.to_owned(), account.to_owned());
        let well_known = move |State(names): State<Arc<AtomicU8>>| async move {
            let named = names.load(Ordering::SeqCst) == IN_ITS_FILE;
            Json(json!({"accounts": if named { vec![file] } else { Vec::new() }}))
        };
        let home = move |State(names): State<Arc<AtomicU8>>| async move {
            let named = names.load(Ordering::SeqCst) == BY_A_LINK;
            let rel = if named { "me" } else { "nofollow" };
            Html(format!("<!doctype html><a rel=\"{rel}\" href=\"{front}\">x</a>"))
        };
        let router = Router::new()
            .route("/.well-known/polylogue.json", get(well_known))
            .route("/", get(home))
            .with_state(Arc::clone(&names));
        #[expect(
            clippy::disallowed_methods,
            reason = "the socket must answer while the test speaks"
        )]
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { domain: format!("ministry.localhost:{port}"), names, serving }
    }

    fn names(&self, how: u8) {
        self.names.store(how, Ordering::SeqCst);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn press(browser: &mut Browser, path: &str, action: &str) -> polylogue_tests::browser::Page {
    let page = browser.get(path).await;
    let form = page.forms().into_iter().find(|form| form.action().ends_with(action));
    browser.submit(form.unwrap_or_else(|| panic!("no way to {action}: {}", page.text()))).await
}

#[tokio::test]
async fn a_web_site_names_its_account() {
    let meeting = meeting().await;
    let site = Site::start(&meeting.instance.app.service.paths.person("amina")).await;
    let mut amina = meeting.signed_in("amina").await;
    let (page, add) = ("/settings/proof", "/settings/proof/web");
    let form = amina.get(page).await.form(add);
    let refused = amina.submit(form.clone().fill("domain", "not a site")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.form(add).value("domain"), Some("not a site"));
    // Named here and not there: it says what was looked for.
    let added = amina.submit(form.fill("domain", &site.domain)).await;
    assert!(added.text().contains("does not name the account"), "{}", added.text());
    assert_eq!(proof(&meeting, "amina").await, "declared");
    for how in [IN_ITS_FILE, BY_A_LINK] {
        site.names(how);
        let seen = press(&mut amina, page, "/check").await;
        assert_eq!(seen.status, StatusCode::OK);
        assert!(!seen.text().contains("does not name the account"), "{}", seen.text());
        assert_eq!(proof(&meeting, "amina").await, "web-domain");
    }
    let shown = meeting.browser().get("/p/amina").await.text();
    assert!(shown.contains("ministry.localhost"), "{shown}");
    press(&mut amina, page, "/remove").await;
    assert_eq!(proof(&meeting, "amina").await, "declared");
}

#[tokio::test]
async fn an_organisation_vouches_by_page_and_api() {
    let meeting = meeting().await;
    meeting.join("bruno", AccountKind::Person, None).await;
    meeting.join("network", AccountKind::Organization, None).await;
    // By page: only who may is offered it.
    let vouch = "/p/amina/vouch";
    let mut bruno = meeting.signed_in("bruno").await;
    assert!(bruno.get("/p/amina").await.forms().iter().all(|form| form.action() != vouch));
    let mut network = meeting.signed_in("network").await;
    let form = network.get("/p/amina").await.form(vouch);
    assert_eq!(network.submit(form).await.status, StatusCode::OK);
    assert_eq!(proof(&meeting, "amina").await, "vouched");
    let page = meeting.browser().get("/p/amina").await.text();
    assert!(page.contains("network"), "{page}");
    press(&mut network, "/p/amina", "/end").await;
    assert_eq!(proof(&meeting, "amina").await, "declared");

    // By the API.
    let (person, body) = (meeting.token("bruno").await, meeting.token("network").await);
    let draft = |subject: &str| Some(json!({"subject": subject}));
    let refused = async |token: &str, draft: Option<Value>, expected: u16| {
        let (status, said) = meeting.api(token, "POST", "/attestations", draft).await;
        assert_eq!(status.as_u16(), expected, "{said}");
        said
    };
    refused("", draft("amina"), 401).await;
    refused(&person, draft("amina"), 403).await;
    let said = refused(&body, draft("nobody"), 422).await;
    assert!(said.to_string().contains("subject"), "{said}");
    let past = Some(json!({"subject": "amina", "validUntil": "2001-01-01T00:00:00Z"}));
    let said = refused(&body, past, 422).await;
    assert!(said.to_string().contains("validUntil"), "{said}");
    let (status, given) = meeting.api(&body, "POST", "/attestations", draft("amina")).await;
    assert_eq!(status, StatusCode::CREATED, "{given}");
    assert_eq!((&given["proof"], &given["domain"]), (&json!("vouched"), &Value::Null));
    refused(&body, draft("amina"), 409).await;
    let (_, profile) = meeting.api("", "GET", "/participants/amina", None).await;
    assert_eq!(profile["attestations"][0]["id"], given["id"], "{profile}");
    let path = format!("/attestations/{}", given["key"].as_str().unwrap());
    let (status, _) = meeting.api(&person, "DELETE", &path, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = meeting.api(&body, "DELETE", &path, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = meeting.api(&body, "DELETE", &path, None).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(proof(&meeting, "amina").await, "declared");
}

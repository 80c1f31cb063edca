//! From one instance to another and back (FEP-3b86): somebody reads where she has no account, and answers from home.

use polylogue::{domain::group::StakeholderGroup, service::accounts::AccountKind};
use polylogue_tests::{Browser, TestInstance, browser::Page, cast, drain};

use super::{
    guests::{browser, path_of},
    mesh::{SLUG, found, publish},
};

/// An instance that holds an opinion, and the home of a reader, where nobody has heard of it.
struct Reader {
    civil: TestInstance,
    home: TestInstance,
    opinion: String,
    /// Her browser where she reads …
    away: Browser,
    /// … and at home. Nobody is signed in.
    at_home: Browser,
}

impl Reader {
    async fn arrives() -> Self {
        let (civil, home) = tokio::join!(TestInstance::start("civil"), TestInstance::start("home"));
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        found(&civil, &amina).await;
        let opinion = publish(&civil, &amina).await;
        let ana = cast::account("ana", AccountKind::Person, Some(StakeholderGroup::CivilSociety));
        home.app.service.create_account(ana).await.unwrap();
        let (away, at_home) = (browser(&civil), browser(&home));
        Self { civil, home, opinion, away, at_home }
    }

    async fn drain(&self) {
        drain(&[&self.civil, &self.home]).await;
    }

    /// Follows the link that begins so, and says where her account is.
    async fn leaves(&mut self, page: &str, link: &str) -> Page {
        let page = self.away.get(page).await;
        let link = page.links().into_iter().find(|href| href.starts_with(link));
        let form = self.away.get(&link.expect("a way home")).await;
        let account = format!("@ana@{}", self.home.app.service.paths.domain());
        let filled = form.form("/interact").fill("account", &account).press("remember", "1");
        let way = self.away.submit(filled).await;
        assert_eq!(way.status, 200, "{}", way.text());
        way
    }

    /// The address at home to which a page leads.
    fn lead(&self, way: &Page) -> String {
        let links = way.links();
        let lead = links.iter().find(|href| href.starts_with(self.home.origin()));
        path_of(lead.unwrap_or_else(|| panic!("{links:?}: {}", way.text())))
    }

    /// Opens an address at home; signs in on the way.
    async fn opens(&mut self, path: &str) -> Page {
        let asked = self.at_home.get(path).await;
        assert!(asked.path.starts_with("/sign-in?next="), "{}", asked.path);
        let form = asked.form("/sign-in").fill("handle", "ana").fill("password", cast::PASSWORD);
        let page = self.at_home.submit(form).await;
        assert_eq!(page.path, path, "she is led back");
        page
    }
}

#[tokio::test]
async fn a_reader_is_led_home_and_what_she_replies_there_arrives() {
    let mut reader = Box::pin(Reader::arrives()).await;
    let path = reader.civil.app.service.page_of(&reader.opinion).await.unwrap();
    let way = reader.leaves(&path, "/interact?").await;
    let host = reader.home.app.service.paths.domain().to_owned();
    assert!(way.text().contains(&host), "where it leads is said: {}", way.text());
    let lead = reader.lead(&way);
    assert!(lead.starts_with("/share?text=&in_reply_to=http%3A%2F%2Fcivil.localhost"), "{lead}");

    // At home nobody has heard of the topic: it is shown, and reading has opened nothing.
    let page = reader.opens(&lead).await;
    assert!(page.text().contains("Enhanced cooperation"), "{}", page.text());
    for said in ["A shared watch", "amina", "which is not on this server yet"] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    assert!(page.links().contains(&reader.opinion), "{:?}", page.links());
    assert!(reader.home.app.service.topics().await.unwrap().is_empty());
    let followed = reader.at_home.submit(page.form("/authorize_interaction")).await;
    assert_eq!(followed.status, 200, "{}", followed.text());
    reader.drain().await;

    let page = reader.at_home.get(&lead).await;
    assert!(page.text().contains("A shared watch"), "{}", page.text());
    let form = page.forms().into_iter().find(|form| form.action().ends_with("/comment"));
    let form = form.unwrap_or_else(|| panic!("no reply box: {}", page.text()));
    let done = reader.at_home.submit(form.fill("content", "Who watches the watch?")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    reader.drain().await;
    let read = reader.away.get(&path).await;
    assert!(read.text().contains("Who watches the watch?"), "{}", read.text());
    assert_eq!(reader.civil.hashes(SLUG).await, reader.home.hashes(SLUG).await);

    // Her own comment is a thing like others; the browser knows where she lives.
    let of_opinion: String =
        url::form_urlencoded::byte_serialize(reader.opinion.as_bytes()).collect();
    let mut ways = read.links();
    ways.retain(|href| href.starts_with("/interact?") && !href.contains(&of_opinion));
    let [way] = ways.as_slice() else { panic!("not the link of one comment: {ways:?}") };
    let again = reader.away.get(way).await;
    let form = again.form("/interact");
    assert_eq!(form.value("account"), Some(format!("@ana@{host}").as_str()));
    let way = reader.away.submit(form).await;
    let lead = reader.lead(&way);
    let page = reader.at_home.get(&lead).await;
    assert!(page.text().contains("Who watches the watch?"), "{}", page.text());
}

#[tokio::test]
async fn a_topic_is_followed_from_home_and_a_form_of_nobody_leads_nowhere() {
    let mut reader = Box::pin(Reader::arrives()).await;
    let way = reader.leaves(&format!("/t/{SLUG}"), "/interact?").await;
    let lead = reader.lead(&way);
    assert!(lead.starts_with("/authorize_interaction?uri="), "{lead}");
    let page = reader.opens(&lead).await;
    let followed = reader.at_home.submit(page.form("/authorize_interaction")).await;
    assert!(followed.text().contains("You follow this."), "{}", followed.text());
    reader.drain().await;
    let topic = reader.at_home.get(&format!("/t/{SLUG}")).await;
    assert!(topic.text().contains("A shared watch"), "{}", topic.text());

    // By her handle, and by that of somebody whom nobody here has met.
    let amina = format!("acct:amina@{}", reader.civil.app.service.paths.domain());
    let path = format!("/authorize_interaction?uri={amina}");
    let page = reader.at_home.get(&path).await;
    assert!(page.text().contains("Follow amina"), "{}", page.text());
    let followed = reader.at_home.submit(page.form("/authorize_interaction")).await;
    assert!(followed.text().contains("You asked to follow this"), "{}", followed.text());
    reader.drain().await;
    let page = reader.at_home.get(&path).await;
    assert!(page.text().contains("You follow this."), "{}", page.text());

    // What is not held here is nothing to lead home with, and without the form's token nobody is asked.
    let account = format!("@ana@{}", reader.home.app.service.paths.domain());
    let other = reader.away.get("/interact?uri=https%3A%2F%2Fevil.example%2F1").await;
    assert_eq!(other.status, 404, "{}", other.text());
    let mut stranger = browser(&reader.civil);
    let fields = [("uri", reader.opinion.as_str()), ("intent", "reply"), ("account", &account)];
    let refused = stranger.post("/interact", &fields).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    assert_eq!(refused.form("/interact").value("account"), Some(account.as_str()));
}

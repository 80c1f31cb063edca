//! People who sign in with the account of their own server: three instances, of which one only says who somebody is.

use polylogue::{
    domain::group::StakeholderGroup,
    service::{
        Role, ServiceError,
        accounts::{AccountKind, NewAccount},
        intake::Via,
    },
    store::{Source, dump, entity::token, entries::Verdict, projections},
};
use polylogue_tests::{Browser, TestInstance, browser::Page, cast, drain};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::mesh::{SLUG, found, publish};
use crate::record::voice::{Stand, Voice, minute};

/// Two instances that hold an opinion, and the home of somebody who has an account at neither.
pub(super) struct Visit {
    pub(super) civil: TestInstance,
    pub(super) gov: TestInstance,
    pub(super) home: TestInstance,
    /// The opinion's id.
    pub(super) opinion: String,
    /// The guest's browser at `civil`.
    pub(super) here: Browser,
    /// The same person's browser at home, signed in.
    pub(super) there: Browser,
}

pub(super) fn browser(instance: &TestInstance) -> Browser {
    Browser::new(instance.app.router(), instance.app.service.paths.domain())
}

/// What follows the origin in an address.
pub(super) fn path_of(address: &str) -> String {
    let (_, rest) = address.split_once("://").expect("a whole address");
    format!("/{}", rest.split_once('/').expect("a path").1)
}

impl Visit {
    pub(super) async fn begin() -> Self {
        let (civil, gov, home) = tokio::join!(
            TestInstance::start("civil"),
            TestInstance::start("gov"),
            TestInstance::start("home")
        );
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        let joao = gov.person("joao", StakeholderGroup::Governments).await;
        let address = found(&civil, &amina).await;
        gov.app.federation.join(&joao, &address, None).await.unwrap();
        drain(&[&civil, &gov]).await;
        let opinion = publish(&civil, &amina).await;
        drain(&[&civil, &gov]).await;
        let ana = NewAccount {
            name: "ana".to_owned(),
            kind: AccountKind::Person,
            display_name: "Ana".to_owned(),
            email: String::new(),
            role: Role::Member,
            group: None,
            region: None,
            password: Some(cast::PASSWORD.to_owned().into()),
        };
        home.app.service.create_account(ana).await.unwrap();
        let (here, mut there) = (browser(&civil), browser(&home));
        there.sign_in("ana").await;
        Self { civil, gov, home, opinion, here, there }
    }

    pub(super) async fn drain(&self) {
        drain(&[&self.civil, &self.gov, &self.home]).await;
    }

    pub(super) fn address(&self) -> String {
        format!("@ana@{}", self.home.app.service.paths.domain())
    }

    fn label(&self) -> String {
        let civil = self.civil.app.service.paths.domain();
        let ana = self.address();
        // Names are isolated: as text, spaces stand around them.
        format!("stated at {civil} , signed in as @ {}", ana.trim_start_matches('@'))
    }

    /// Path of the opinion's page at an instance.
    pub(super) async fn page(&self, instance: &TestInstance) -> String {
        instance.app.service.page_of(&self.opinion).await.unwrap()
    }

    /// Types the address on the sign-in page that leads on to `next`; answers the page that holds the link.
    pub(super) async fn set_out(&mut self, next: &str, address: &str) -> Page {
        let page = self.here.get(next).await;
        self.here.submit(page.form("/sign-in/home").fill("address", address)).await
    }

    /// Follows the link home, agrees there, and answers the address that leads back.
    pub(super) async fn agree(&mut self, page: &Page) -> String {
        let home = self.home.origin().to_owned();
        let link = page.links().into_iter().find(|link| link.starts_with(&home));
        let link = link.unwrap_or_else(|| panic!("{} leads nowhere: {}", page.path, page.text()));
        let asked = self.there.get(&path_of(&link)).await;
        let back = self.there.submit(asked.form("/oauth/authorize").press("do", "allow")).await;
        // The other instance's router does not answer for this address: it stands where the browser was sent.
        assert!(back.path.starts_with(self.civil.origin()), "{}", back.path);
        path_of(&back.path)
    }

    /// Signs in as a guest, on the way to `next`.
    pub(super) async fn sign_in(&mut self, next: &str) -> Page {
        let address = self.address();
        let page = self.set_out(next, &address).await;
        let back = self.agree(&page).await;
        self.here.get(&back).await
    }

    async fn shown(&self, instance: &TestInstance) -> String {
        let page = self.page(instance).await;
        let mut reader = browser(instance);
        let positions = reader.get(&format!("{page}/positions")).await;
        let text = reader.get(&page).await;
        format!("{} {}", positions.text(), text.text())
    }
}

/// The tables that follow from the record, before and after they are made again.
async fn rebuilt(instance: &TestInstance) -> (String, String) {
    let service = &instance.app.service;
    let before = dump::everything(&service.store).await.unwrap();
    let room = service.room(SLUG).await.unwrap();
    let tx = service.store.begin().await.unwrap();
    projections::rebuild(&tx, room.id).await.unwrap();
    tx.commit().await.unwrap();
    (before, dump::everything(&service.store).await.unwrap())
}

#[tokio::test]
async fn a_guest_takes_a_position_that_every_mirror_labels_as_stated() {
    let mut visit = Box::pin(Visit::begin()).await;
    let form = format!("{}/position", visit.page(&visit.civil).await);
    let address = visit.address();
    let way = visit.set_out(&form, &address).await;
    assert_eq!(way.status, 200);
    assert!(way.text().contains(visit.home.app.service.paths.domain()), "{}", way.text());
    let back = visit.agree(&way).await;
    let page = visit.here.get(&back).await;
    assert_eq!((page.status.as_u16(), page.path.as_str()), (200, form.as_str()));
    assert!(page.text().contains(&visit.label()), "{}", page.text());
    assert!(page.text().contains("You speak for yourself alone"), "{}", page.text());

    let filled = page.form(&form).fill("kind", "objection").fill("statement", "Who pays for it?");
    let done = visit.here.submit(filled).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(done.text().contains(&visit.label()), "{}", done.text());
    let writing = visit.here.get(&form.replace("/position", "/comment")).await;
    let filled = writing.form(&form.replace("/position", "/comment"));
    let done = visit.here.submit(filled.fill("content", "A watch needs a watchmaker.")).await;
    assert_eq!(done.status, 200, "{}", done.text());
    visit.drain().await;

    let (civil, gov) = (visit.shown(&visit.civil).await, visit.shown(&visit.gov).await);
    for shown in [&civil, &gov] {
        for words in ["Who pays for it?", "A watch needs a watchmaker."] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert_eq!(shown.matches(&visit.label()).count(), 2, "{shown}");
    }
    assert_eq!(visit.civil.hashes(SLUG).await, visit.gov.hashes(SLUG).await);
    let mut tables = Vec::new();
    for instance in [&visit.civil, &visit.gov] {
        let (before, after) = rebuilt(instance).await;
        assert!(before.contains("attested_by: Some"), "{before}");
        assert_eq!(before, after, "{}", instance.origin());
        tables.push(before);
    }

    // Nothing of hers is kept here: the token that her server gave is revoked there.
    let open = token::Entity::find().filter(token::Column::RevokedAt.is_null());
    let store = &visit.home.app.service.store;
    assert_eq!(open.count(store.connection()).await.unwrap(), 0);
    assert_eq!(token::Entity::find().count(store.connection()).await.unwrap(), 1);

    // She takes both back from here, and it is gone everywhere.
    for action in ["/positions/", "/c/"] {
        let page = visit.here.get("/guest").await;
        let done = visit.here.submit(page.form(action)).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }
    visit.drain().await;
    for instance in [&visit.civil, &visit.gov] {
        let shown = visit.shown(instance).await;
        assert!(!shown.contains("Who pays for it?"), "{shown}");
        assert!(!shown.contains("A watch needs a watchmaker."), "{shown}");
    }
    assert_eq!(visit.civil.hashes(SLUG).await, visit.gov.hashes(SLUG).await);
}

#[tokio::test]
async fn a_guest_reaches_nothing_that_is_meant_for_accounts() {
    let mut visit = Box::pin(Visit::begin()).await;
    let page = visit.page(&visit.civil).await;
    visit.sign_in(&format!("{page}/position")).await;
    for path in [
        "/settings",
        "/settings/access",
        "/settings/proof",
        "/notices",
        "/private",
        "/reports",
        "/drafts",
        "/me/receipts",
        "/topics/new",
        &format!("/t/{SLUG}/write"),
        &format!("/t/{SLUG}/draft"),
        &format!("{page}/revise"),
        &format!("{page}/status"),
        &format!("{page}/statement"),
        &format!("{page}/letter/edit"),
    ] {
        let shown = visit.here.get(path).await;
        let turned_away = shown.path.starts_with("/sign-in?next=") || !shown.status.is_success();
        assert!(turned_away, "{path}: {} {}", shown.path, shown.text());
    }
    // The token of a guest's session opens no form of an account either.
    let own = visit.here.get("/guest").await;
    let csrf = own.form("/sign-out").value("csrf").unwrap_or_default().to_owned();
    let topic = visit.here.post("/topics/new", &[("csrf", &csrf), ("name", "Mine")]).await;
    assert_eq!(topic.status, 403, "{}", topic.text());
    let out = visit.here.submit(own.form("/sign-out")).await;
    assert_eq!(out.status, 200);
    let after = visit.here.get("/guest").await;
    assert!(after.path.starts_with("/sign-in?next="), "{}", after.path);
}

#[tokio::test]
async fn only_linked_rooms_bring_the_word_of_an_instance_for_its_guest() {
    let visit = Box::pin(Visit::begin()).await;
    let service = &visit.civil.app.service;
    let room = service.room(SLUG).await.unwrap();
    let ana = Voice::new("ana", "social.example");
    let linked = visit.gov.app.service.paths.domain();
    let peer = visit.gov.app.service.paths.room(SLUG);
    for (host, may) in [("x.example", false), (linked, true)] {
        let instance = Voice::instance(host);
        let note = instance.note(1);
        let guest = (1, &ana);
        let item =
            instance.states_for(guest, &note, &visit.opinion, Stand::SUPPORT, minute(1)).unwrap();
        let body = serde_json::to_vec(&item.document).unwrap();
        // Nobody vouches for a link that is not there. (Whose actor is not known yet fails later, by another fault.)
        let tx = service.store.begin().await.unwrap();
        let direct = service.take(&tx, &room, &item, &body, Verdict::Proof, Via::Direct).await;
        let refused = matches!(&direct, Err(ServiceError::Invalid(_)));
        assert_eq!(refused, !may, "{host}: {direct:?}");
        drop(tx);
        let tx = service.store.begin().await.unwrap();
        let via = Via::Relay { from: &peer, sent_to: &[], hops: 1 };
        service.take(&tx, &room, &item, &body, Verdict::Proof, via).await.unwrap();
    }
}

//! An organisation writes a draft through a delegate who may be its co-author: it is the author, who sat at its place is
//! kept with what they did, and what is published carries its name as its delegation says.

use polylogue::{
    base::limits,
    domain::{delegation::Scope, group::StakeholderGroup as Group, opinion::OpinionStatus},
    service::{
        ServiceError,
        accounts::{AccountKind, NewAccount},
        acts::Acted,
        authors::Signature,
        delegations::NewDelegation,
        drafts::{Authorship, Confirmation, Desk, DraftView, NewDraft, NewWords, Release},
    },
    store::{
        projections::{self, Position},
        rooms::Room,
    },
};
use polylogue_tests::{Participant, TestDatabase, TestService, cast::account};

/// Ada begins a draft; the network is asked, and dina may act for it.
struct Table {
    instance: TestService,
    room: Room,
    ada: Participant,
    network: Participant,
    dina: Participant,
    draft: i64,
}

impl Table {
    async fn set(database: TestDatabase, scopes: &[Scope]) -> Self {
        let instance = TestService::over("cs.example", database);
        let ada = instance.person("ada", Some(Group::Governments)).await;
        let dina = instance.person("dina", Some(Group::AcademicCommunity)).await;
        let network = instance.organisation("network", Some(Group::CivilSociety)).await;
        let (room, _) = ada.topic("wells").await.unwrap();
        let new = NewDraft {
            name: "Wells".into(),
            abstract_text: "Slowly.".into(),
            source: "One.\n\nTwo.".into(),
            language: "en".into(),
        };
        let service = &instance.service;
        let draft = service.create_draft(&ada.caller, room.clone(), new).await.unwrap();
        service.invite_to_draft(&ada.caller, draft, "network").await.unwrap();
        let table = Self { instance, room, ada, network, dina, draft };
        table.delegates(scopes).await;
        table
    }

    async fn delegates(&self, scopes: &[Scope]) -> String {
        let new =
            NewDelegation { subject: "dina".into(), scopes: scopes.to_vec(), valid_until: None };
        let given = self.instance.service.delegate(&self.network.caller, new).await.unwrap();
        self.instance.clock.pass_millis(10);
        given.key.to_string()
    }

    /// The network's place.
    fn desk(&self) -> Desk {
        Desk { draft: self.draft, on_behalf_of: Some(self.network.uri().to_owned()) }
    }

    async fn sees(&self, who: &Participant) -> DraftView {
        self.instance.service.draft(Some(&who.caller), self.draft).await.unwrap()
    }

    /// Dina joins and agrees for the network.
    async fn agrees(&self) {
        let (service, dina) = (&self.instance.service, &self.dina.caller);
        service.answer_invitation(dina, self.desk(), true).await.unwrap();
        let digest = self.sees(&self.ada).await.digest;
        service.agree_to_draft(dina, self.desk(), &digest).await.unwrap();
    }

    async fn publishes(&self) -> Acted {
        let digest = self.sees(&self.ada).await.digest;
        let release = Release { digest, status: OpinionStatus::Open, letter: None };
        self.instance.service.publish_draft(&self.ada.caller, self.draft, release).await.unwrap()
    }

    async fn signature(&self, opinion: &str) -> Signature {
        let view = self.instance.service.opinion(opinion, None).await.unwrap();
        let mut authors = view.authors.into_iter();
        authors.find(|author| author.actor.uri == self.network.uri()).unwrap().signature
    }

    async fn positions(&self, opinion: &str) -> Vec<Position> {
        projections::positions(&self.instance.service.store, self.room.id, opinion).await.unwrap()
    }
}

#[tokio::test]
async fn an_organisation_is_an_author_through_its_delegate() {
    for database in TestDatabase::each().await {
        let table = Table::set(database, &[Scope::CoAuthor]).await;
        let (service, dina) = (&table.instance.service, &table.dina.caller);
        // What was asked of the network stands in the list of who may write along in its name.
        let listed = service.drafts(dina).await.unwrap();
        assert_eq!(listed[0].authorship, Authorship::Invited);
        assert_eq!(listed[0].on_behalf_of.as_ref().unwrap().uri, table.network.uri());
        assert_eq!(table.sees(&table.dina).await.seats.len(), 1);
        service.answer_invitation(dina, table.desk(), true).await.unwrap();

        // She writes at its place, and both names stand at what she wrote.
        let block = table.sees(&table.dina).await.blocks[0].clone();
        let words = NewWords { source: "One, by the network.".into(), version: block.version };
        service.save_draft_block(dina, table.desk(), block.id, words).await.unwrap();
        let version = service.draft_versions(Some(dina), table.draft, block.id).await.unwrap();
        let last = version.last().unwrap();
        assert_eq!(last.editor.uri, table.dina.uri());
        assert_eq!(last.on_behalf_of.as_ref().unwrap().uri, table.network.uri());
        // Her own place she has none.
        let own = NewWords { source: "Mine.".into(), version: 2 };
        let refused = service.save_draft_block(dina, table.draft, block.id, own).await;
        assert!(matches!(refused, Err(ServiceError::NotFound { what: "draft" })), "{refused:?}");

        let digest = table.sees(&table.dina).await.digest;
        service.agree_to_draft(dina, table.desk(), &digest).await.unwrap();
        let seen = table.sees(&table.ada).await;
        let network = seen.authors.iter().find(|author| author.actor.uri == table.network.uri());
        assert!(network.unwrap().agreed);
        assert_eq!(network.unwrap().agreed_by.as_ref().unwrap().uri, table.dina.uri());

        let opinion = table.publishes().await.uri;
        assert_eq!(table.signature(&opinion).await, Signature::Confirmed(1));
        let positions = table.positions(&opinion).await;
        let [said] = positions.as_slice() else { panic!("{positions:?}") };
        assert_eq!(said.actor, table.dina.uri());
        assert_eq!(said.on_behalf_of.as_deref(), Some(table.network.uri()));
        assert_eq!(said.role.as_deref(), Some("plg:coAuthor"));
        assert_eq!(said.stakeholder_group.as_deref(), Some("plg:civilSociety"));
        assert!(said.confirmed && said.delegation.is_some());

        // Whoever may be its co-author may take that word back.
        service.withdraw_position(dina, &said.activity_id).await.unwrap();
        assert_eq!(table.signature(&opinion).await, Signature::Named);
    }
}

#[tokio::test]
async fn without_the_scope_nobody_sits_there_and_what_they_say_confirms_nothing() {
    for database in TestDatabase::each().await {
        let table = Table::set(database, &[Scope::Position, Scope::Comment]).await;
        let (service, dina) = (&table.instance.service, &table.dina.caller);
        assert!(service.drafts(dina).await.unwrap().is_empty());
        let absent = service.draft(Some(dina), table.draft).await;
        assert!(matches!(absent, Err(ServiceError::NotFound { what: "draft" })), "{absent:?}");
        let absent = service.answer_invitation(dina, table.desk(), true).await;
        assert!(matches!(absent, Err(ServiceError::NotFound { what: "draft" })), "{absent:?}");
        // Where she is an author herself, it is said why not.
        service.invite_to_draft(&table.ada.caller, table.draft, "dina").await.unwrap();
        let refused = service.answer_invitation(dina, table.desk(), true).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })), "{refused:?}");

        service.answer_invitation(&table.network.caller, table.draft, true).await.unwrap();
        let opinion = table.publishes().await.uri;
        assert_eq!(table.signature(&opinion).await, Signature::Named);
        let claimed = Confirmation { revision: 1, on_behalf_of: Some(table.network.uri().into()) };
        service.confirm_authorship(dina, &opinion, claimed.clone()).await.unwrap();
        assert_eq!(table.signature(&opinion).await, Signature::Named);
        assert!(!table.positions(&opinion).await[0].confirmed);

        // With it, the same word counts.
        table.delegates(&[Scope::CoAuthor]).await;
        service.confirm_authorship(dina, &opinion, claimed).await.unwrap();
        assert_eq!(table.signature(&opinion).await, Signature::Confirmed(1));
        // For whom the revision does not name, nobody can.
        let stranger = Confirmation { revision: 1, on_behalf_of: Some(table.dina.uri().into()) };
        let refused = service.confirm_authorship(&table.network.caller, &opinion, stranger).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn who_may_not_any_more_when_it_is_published_signs_nothing() {
    for database in TestDatabase::each().await {
        let table = Table::set(database, &[Scope::CoAuthor]).await;
        table.agrees().await;
        let given = table.instance.service.delegations_by(table.network.uri()).await.unwrap();
        let key = given[0].key.to_string();
        table.instance.service.end_delegation(&table.network.caller, &key).await.unwrap();
        table.instance.clock.pass_millis(10);
        let opinion = table.publishes().await.uri;
        assert_eq!(table.signature(&opinion).await, Signature::Named);
        assert!(table.positions(&opinion).await.is_empty());
        let gone = table.instance.service.draft(Some(&table.dina.caller), table.draft).await;
        assert!(gone.is_err(), "she sees the draft no more");
    }
}

#[tokio::test]
async fn authors_at_their_limit_and_one_over() {
    let table = Table::set(TestDatabase::sqlite().await, &[Scope::CoAuthor]).await;
    let service = &table.instance.service;
    // Ada and the network are two of them.
    for at in 2..limits::DRAFT_AUTHORS_MAX {
        let name = format!("guest_{at}");
        // Nobody signs in: to make a password is slow.
        let new = NewAccount { password: None, ..account(&name, AccountKind::Person, None) };
        service.create_account(new).await.unwrap();
        service.invite_to_draft(&table.ada.caller, table.draft, &name).await.unwrap();
    }
    table.instance.person("one_more", None).await;
    let over = service.invite_to_draft(&table.ada.caller, table.draft, "one_more").await;
    assert!(
        matches!(&over, Err(ServiceError::Invalid(wrong)) if wrong[0].field == "handle" && wrong[0].message.contains("50 people")),
        "{over:?}"
    );
    let authors = table.sees(&table.ada).await.authors;
    assert_eq!(authors.len(), limits::DRAFT_AUTHORS_MAX);
}

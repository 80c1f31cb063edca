//! Who takes part: persons and organisations with an account, whose methods are what people do in a meeting. What
//! may be refused gives a `Result`, so that a test can ask for the refusal.

use polylogue::{
    domain::{
        comment::CommentKind, group::StakeholderGroup, opinion::OpinionStatus,
        position::PositionKind,
    },
    service::{
        Caller, Role, Service, ServiceError,
        accounts::{AccountKind, NewAccount},
        acts::{Acted, Given},
        comments::{NewAnchor, NewComment},
        opinions::{NewOpinion, NewRevision},
        positions::NewPosition,
        topics::NewTopic,
    },
    store::rooms::Room,
};

use crate::TestService;

/// The password of everybody in the cast.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody with an account.
#[derive(Debug, Clone)]
pub struct Participant {
    /// As the service knows them.
    pub caller: Caller,
    service: Service,
}

/// A position with what may be said beside it.
#[derive(Debug, Clone, Default)]
pub struct Words<'a> {
    /// The reason.
    pub statement: Option<&'a str>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<&'a str>,
}

impl<'a> Words<'a> {
    /// None.
    pub const NONE: Self = Self { statement: None, on_behalf_of: None };

    /// A reason.
    pub const fn because(statement: &'a str) -> Self {
        Self { statement: Some(statement), on_behalf_of: None }
    }
}

/// An account to make: a member with the password of the cast.
pub fn account(name: &str, kind: AccountKind, group: Option<StakeholderGroup>) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        kind,
        display_name: name.to_owned(),
        email: format!("{name}@mail.example"),
        role: Role::Member,
        group,
        region: None,
        password: Some(PASSWORD.to_owned().into()),
    }
}

impl TestService {
    /// A person joins.
    pub async fn person(&self, name: &str, group: Option<StakeholderGroup>) -> Participant {
        self.joined(account(name, AccountKind::Person, group)).await
    }

    /// An organisation joins.
    pub async fn organisation(&self, name: &str, group: Option<StakeholderGroup>) -> Participant {
        self.joined(account(name, AccountKind::Organization, group)).await
    }

    async fn joined(&self, new: NewAccount) -> Participant {
        let name = new.name.clone();
        self.service.create_account(new).await.expect("the account is made");
        let caller = self.service.caller_named(&name).await.expect("the account is there");
        Participant { caller, service: self.service.clone() }
    }
}

impl Participant {
    /// Somebody who has an account already, as they are now.
    pub async fn again(instance: &TestService, name: &str) -> Self {
        let caller = instance.service.caller_named(name).await.expect("the account is there");
        Self { caller, service: instance.service.clone() }
    }

    /// Their actor id.
    pub fn uri(&self) -> &str {
        &self.caller.actor.uri
    }

    /// Founds a topic.
    pub async fn topic(&self, slug: &str) -> Result<(Room, Given), ServiceError> {
        let new = NewTopic {
            slug: slug.to_owned(),
            name: format!("On {slug}"),
            question: format!("What is to be done about {slug}?"),
            language: "en".to_owned(),
            parties: None,
        };
        self.service.create_topic(&self.caller, new).await
    }

    /// Publishes an opinion.
    pub async fn publishes(
        &self,
        room: &Room,
        name: &str,
        source: &str,
    ) -> Result<Acted, ServiceError> {
        let new = NewOpinion {
            name: name.to_owned(),
            abstract_text: format!("{name}, in short."),
            source: source.to_owned(),
            language: "en".to_owned(),
            status: OpinionStatus::Open,
        };
        self.service.publish_opinion(&self.caller, room.clone(), new).await
    }

    /// Revises an opinion, saying what changed.
    pub async fn revises(
        &self,
        opinion: &str,
        source: &str,
        change_note: &str,
        status: Option<OpinionStatus>,
    ) -> Result<Acted, ServiceError> {
        let new = NewRevision {
            name: None,
            source: source.to_owned(),
            abstract_text: None,
            change_note: change_note.to_owned(),
            status,
        };
        self.service.revise_opinion(&self.caller, opinion, new).await
    }

    /// Takes an opinion away.
    pub async fn deletes_opinion(&self, opinion: &str) -> Result<Acted, ServiceError> {
        self.service.delete_opinion(&self.caller, opinion).await
    }

    /// Comments on an opinion as a whole, or answers a comment on it.
    pub async fn comments(
        &self,
        opinion: &str,
        content: &str,
        in_reply_to: Option<&str>,
    ) -> Result<Acted, ServiceError> {
        self.comments_on(opinion, content, in_reply_to, Vec::new()).await
    }

    /// Comments on passages.
    pub async fn comments_on(
        &self,
        opinion: &str,
        content: &str,
        in_reply_to: Option<&str>,
        anchors: Vec<NewAnchor>,
    ) -> Result<Acted, ServiceError> {
        let new = NewComment {
            content: content.to_owned(),
            kind: CommentKind::Remark,
            anchors,
            in_reply_to: in_reply_to.map(str::to_owned),
            language: None,
            capacity: None,
            on_behalf_of: None,
        };
        self.service.comment(&self.caller, opinion, new).await
    }

    /// Comments on an opinion as a whole in the name of another.
    pub async fn comments_for(
        &self,
        principal: &Participant,
        opinion: &str,
        content: &str,
    ) -> Result<Acted, ServiceError> {
        let new = NewComment {
            content: content.to_owned(),
            kind: CommentKind::Remark,
            anchors: Vec::new(),
            in_reply_to: None,
            language: None,
            capacity: None,
            on_behalf_of: Some(principal.uri().to_owned()),
        };
        self.service.comment(&self.caller, opinion, new).await
    }

    /// Takes a comment away.
    pub async fn deletes_comment(&self, comment: &str) -> Result<Acted, ServiceError> {
        self.service.delete_comment(&self.caller, comment).await
    }

    /// Takes a position on a revision.
    pub async fn takes_position(
        &self,
        opinion: &str,
        revision: i64,
        kind: PositionKind,
        words: Words<'_>,
    ) -> Result<Acted, ServiceError> {
        let new = NewPosition {
            kind,
            statement: words.statement.map(str::to_owned),
            revision,
            capacity: None,
            on_behalf_of: words.on_behalf_of.map(str::to_owned),
        };
        self.service.take_position(&self.caller, opinion, new).await
    }

    /// Withdraws a position.
    pub async fn withdraws(&self, position: &str) -> Result<Acted, ServiceError> {
        self.service.withdraw_position(&self.caller, position).await
    }
}

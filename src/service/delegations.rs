//! Organisations and who speaks for them: giving and taking back delegations, and finding in whose name somebody acts.
//! A delegation is its organisation's own paper until it is first used in a topic; then the room's log holds it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Caller, FieldError, Service, ServiceError, acts::RoomHand, read::ActorView};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{delegation::Scope, permission, position::Capacity},
    protocol::{
        compose::Mandate,
        quirks::{one_or_many, time_of},
    },
    record::{
        fold::{Held, Mandates},
        item::{Item, Kind},
        statement::Delegation,
    },
    store::{
        Source, Tx,
        actors::{self, Actor},
        entries::{self, Verdict},
        rooms,
        statements::{self, Statement},
    },
};

/// The kind of the statement in its table.
const KIND: &str = "delegation";

/// A delegation to give.
#[derive(Debug, Clone)]
pub struct NewDelegation {
    /// Handle or actor id of who may act.
    pub subject: String,
    /// What they may do.
    pub scopes: Vec<Scope>,
    /// Until when; none for as long as it is not taken back.
    pub valid_until: Option<Timestamp>,
}

/// A delegation as its organisation and its subject see it.
#[derive(Debug, Clone)]
pub struct DelegationView {
    /// This instance's key.
    pub key: i64,
    /// Its id.
    pub uri: String,
    /// Who gave it.
    pub organisation: ActorView,
    /// Who may act.
    pub subject: ActorView,
    /// What they may do.
    pub scopes: Vec<Scope>,
    /// From when on.
    pub valid_from: Timestamp,
    /// Until when.
    pub valid_until: Option<Timestamp>,
    /// When it was taken back.
    pub ended: Option<Timestamp>,
    /// Whether it holds at the moment.
    pub holds: bool,
}

/// In whose name an act is done.
#[derive(Debug, Clone)]
pub(super) struct Spoken {
    pub(super) capacity: Capacity,
    /// The organisation, where it is not the actor itself.
    pub(super) on_behalf_of: Option<String>,
    /// Its delegation, where one holds.
    delegation: Option<Statement>,
    /// Wire term of the group it is said from.
    pub(super) stakeholder_group: Option<String>,
    /// Wire term of the region it is said from.
    pub(super) region: Option<String>,
}

impl Spoken {
    /// Whether it is for an organisation whose delegation holds.
    pub(super) fn is_mandated(&self) -> bool {
        self.delegation.is_some()
    }

    /// As it stands in the act.
    pub(super) fn mandate(&self) -> Option<Mandate<'_>> {
        self.on_behalf_of.as_deref().map(|on_behalf_of| Mandate {
            on_behalf_of,
            delegation: self.delegation.as_ref().map(|paper| paper.uri.as_str()),
        })
    }
}

impl Service {
    /// Lets somebody act for the organisation whose account asks.
    pub async fn delegate(
        &self,
        caller: &Caller,
        new: NewDelegation,
    ) -> Result<DelegationView, ServiceError> {
        Self::may_act(caller)?;
        must_be_organisation(caller)?;
        let now = self.now();
        let mut wrong = Vec::new();
        let subject = self.participant_named(&new.subject).await?;
        match &subject {
            None => wrong.push(FieldError::new(
                "subject",
                "nobody of this handle is known here; somebody with an account on this instance can be named",
            )),
            Some(actor) if actor.kind != "Person" => wrong.push(FieldError::new(
                "subject",
                "must be a person: organisations act through persons",
            )),
            Some(_) => {}
        }
        if new.scopes.is_empty() {
            let words = Scope::WORDS.join(", ");
            wrong.push(FieldError::new("scope", format!("must name at least one of: {words}")));
        }
        if new.valid_until.is_some_and(|until| until <= now) {
            wrong.push(FieldError::new("validUntil", "must be a moment to come"));
        }
        let Some(subject) = subject.filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };
        let mut scopes = new.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        let tx = self.begin_as(caller).await?;
        let given = statements::by_author(&tx, KIND, &caller.actor.uri).await?;
        let standing = given.iter().filter(|paper| paper.ended_at.is_none()).count();
        if standing >= limits::DELEGATIONS_MAX {
            return Err(ServiceError::Conflict {
                why: format!(
                    "{standing} delegations stand, which is the most; take some back first"
                ),
            });
        }
        let paper = self.sign_paper(&tx, caller, &subject, &scopes, new.valid_until).await?;
        tx.commit().await?;
        self.delegation_view(&paper).await
    }

    /// Takes everything back that the organisation let somebody do, in every room that knows of it. What was done
    /// before stands.
    pub async fn end_delegation(&self, caller: &Caller, key: &str) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        must_be_organisation(caller)?;
        let not_found = || ServiceError::NotFound { what: "delegation" };
        let id: i64 = key.parse().ok().ok_or_else(not_found)?;
        let tx = self.begin_as(caller).await?;
        let uri = self.paths.paper(id);
        let paper = statements::by_uri(&tx, &uri)
            .await?
            .filter(|paper| paper.kind == KIND && paper.author == caller.actor.uri)
            .ok_or_else(not_found)?;
        if paper.ended_at.is_some() {
            return Err(ServiceError::Conflict { why: "it was taken back already".to_owned() });
        }
        let subject = actors::by_uri(&tx, &paper.subject).await?.ok_or_else(not_found)?;
        let end = self.sign_paper(&tx, caller, &subject, &[], None).await?;
        for paper in statements::by_author(&tx, KIND, &caller.actor.uri).await? {
            if paper.subject == subject.uri && paper.ended_at.is_none() {
                statements::end(&tx, paper, end.published).await?;
            }
        }
        for room in rooms::all(&tx).await? {
            let known = entries::naming(&tx, room.id, Kind::Delegation, &subject.uri).await?;
            if known.iter().any(|row| row.actor == caller.actor.uri) {
                let hand = self.room_hand(room).await?;
                self.bring(&tx, &hand, &end, &caller.actor).await?;
            }
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// The delegations that an organisation here gave, newest first.
    pub async fn delegations_by(&self, actor: &str) -> Result<Vec<DelegationView>, ServiceError> {
        self.delegation_views(statements::by_author(&self.store, KIND, actor).await?).await
    }

    /// The delegations that somebody holds or held, newest first.
    pub async fn delegations_of(&self, actor: &str) -> Result<Vec<DelegationView>, ServiceError> {
        self.delegation_views(statements::about(&self.store, KIND, actor).await?).await
    }

    /// The organisations for which somebody may act at the moment, by name.
    pub async fn principals_of(
        &self,
        actor: &str,
        scope: Scope,
    ) -> Result<Vec<ActorView>, ServiceError> {
        let mut principals: Vec<ActorView> = Vec::new();
        for view in self.delegations_of(actor).await? {
            let known = principals.iter().any(|known| known.uri == view.organisation.uri);
            if view.holds && view.scopes.contains(&scope) && !known {
                principals.push(view.organisation);
            }
        }
        principals.sort_by_key(|view| view.name.to_lowercase());
        Ok(principals)
    }

    /// The document of a paper of ours, as signed.
    pub(super) async fn paper_document(&self, uri: &str) -> Result<Option<Value>, ServiceError> {
        let paper = statements::by_uri(&self.store, uri).await?;
        paper.map(|paper| read_paper(&paper).map(|item| item.document)).transpose()
    }

    async fn sign_paper(
        &self,
        tx: &Tx,
        caller: &Caller,
        subject: &Actor,
        scopes: &[Scope],
        valid_until: Option<Timestamp>,
    ) -> Result<Statement, ServiceError> {
        let keys = self.keys.of(&caller.actor).await?;
        let given = statements::by_author(tx, KIND, &caller.actor.uri).await?;
        let last = given.first().map(|paper| Timestamp::from_millis(paper.published));
        let now = self.now();
        // Of two papers of one moment nobody could say which takes the other back.
        let published = last.filter(|last| *last >= now).map_or(now, |last| last.plus_millis(1));
        let id = self.new_id();
        let uri = self.paths.paper(id);
        let document = Delegation {
            id: &uri,
            organisation: &caller.actor.uri,
            subject: &subject.uri,
            scopes,
            valid_from: now,
            valid_until,
            published,
        }
        .sign(&keys.proof, &keys.proof_key_id());
        let paper = Statement {
            id,
            uri,
            kind: KIND.to_owned(),
            author: caller.actor.uri.clone(),
            subject: subject.uri.clone(),
            body: serde_json::to_vec(&document)
                .map_err(|error| ServiceError::Internal(error.into()))?,
            published: published.as_millis(),
            ended_at: scopes.is_empty().then_some(published.as_millis()),
        };
        statements::insert(tx, paper.clone()).await?;
        Ok(paper)
    }

    /// Finds in whose name a caller acts; a claim that nothing supports is let through and shown as unconfirmed.
    pub(super) async fn spoken(
        &self,
        db: &impl Source,
        caller: &Caller,
        claimed: Option<&str>,
        capacity: Option<Capacity>,
        scope: Scope,
    ) -> Result<Spoken, FieldErrorOr> {
        let is_organisation = caller.actor.kind == "Organization";
        let claimed = claimed.filter(|uri| *uri != caller.actor.uri);
        if claimed.is_some_and(|uri| url::Url::parse(uri).is_err()) {
            return Err(FieldErrorOr::Field(FieldError::new(
                "onBehalfOf",
                "must be the id of an actor, such as https://forum.example/p/name",
            )));
        }
        let own = if is_organisation || claimed.is_some() {
            Capacity::Organization
        } else {
            Capacity::Individual
        };
        let capacity = capacity.unwrap_or(own);
        if !permission::may_speak_as(is_organisation, claimed.is_some(), capacity) {
            let why = match (is_organisation, claimed) {
                (true, _) => "an organisation's account speaks for the organisation",
                (false, Some(_)) => "who speaks for an organisation speaks as `organization`",
                (false, None) => "to speak as `organization`, name it in `onBehalfOf`",
            };
            return Err(FieldErrorOr::Field(FieldError::new("capacity", why)));
        }
        let mut spoken = Spoken {
            capacity,
            on_behalf_of: claimed.map(str::to_owned),
            delegation: None,
            stakeholder_group: caller.actor.stakeholder_group.clone(),
            region: caller.actor.region.clone(),
        };
        let Some(claimed) = claimed else { return Ok(spoken) };
        let now = self.now();
        for paper in
            statements::about(db, KIND, &caller.actor.uri).await.map_err(ServiceError::from)?
        {
            if paper.author == claimed && terms(&paper)?.hold(&paper, scope, now) {
                let organisation = actors::by_uri(db, claimed).await.map_err(ServiceError::from)?;
                spoken.region = organisation.as_ref().and_then(|actor| actor.region.clone());
                spoken.stakeholder_group = organisation.and_then(|actor| actor.stakeholder_group);
                spoken.delegation = Some(paper);
                break;
            }
        }
        Ok(spoken)
    }

    /// Sees to it that the room holds the delegation that an act is about to name.
    pub(super) async fn bring_mandate(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        spoken: &Spoken,
    ) -> Result<(), ServiceError> {
        let Some(paper) = &spoken.delegation else { return Ok(()) };
        let organisation = actors::by_uri(tx, &paper.author)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("{} is not known", paper.author)))?;
        self.bring(tx, hand, paper, &organisation).await
    }

    /// Appends a paper of ours to a room's log, once.
    pub(super) async fn bring(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        paper: &Statement,
        author: &Actor,
    ) -> Result<(), ServiceError> {
        let item = read_paper(paper)?;
        if entries::by_hash(tx, hand.room.id, item.hash).await?.is_none() {
            self.take_directly(tx, hand, &item, &paper.body, Verdict::Proof, author).await?;
        }
        Ok(())
    }

    /// Which of these comments in the name of an organisation the record confirms, by their uri.
    pub(super) async fn confirmed(
        &self,
        room_id: i64,
        claims: impl IntoIterator<Item = Claim>,
    ) -> Result<Vec<String>, ServiceError> {
        let mut by_principal: BTreeMap<String, Vec<Claim>> = BTreeMap::new();
        for claim in claims {
            by_principal.entry(claim.principal.clone()).or_default().push(claim);
        }
        let mut confirmed = Vec::new();
        for (principal, claims) in by_principal {
            let papers = entries::mandate_statements(&self.store, room_id, &principal).await?;
            let modifiers = entries::modifiers_of(&self.store, room_id, papers.iter()).await?;
            let held: Vec<Held> =
                papers.into_iter().map(|item| Held::new(item, &modifiers)).collect();
            let mandates = Mandates::of(&principal, &held);
            let holds = |claim: &Claim| {
                let delegation = claim.delegation.as_deref();
                mandates.confirm(&claim.actor, delegation, Scope::Comment, claim.received)
            };
            confirmed.extend(claims.into_iter().filter(holds).map(|claim| claim.uri));
        }
        Ok(confirmed)
    }

    async fn delegation_views(
        &self,
        papers: Vec<Statement>,
    ) -> Result<Vec<DelegationView>, ServiceError> {
        let mut views = Vec::new();
        for paper in papers {
            // What takes others back is no delegation to be shown.
            if !terms(&paper)?.scopes.is_empty() {
                views.push(self.delegation_view(&paper).await?);
            }
        }
        Ok(views)
    }

    async fn delegation_view(&self, paper: &Statement) -> Result<DelegationView, ServiceError> {
        let terms = terms(paper)?;
        let mut actors = self.actor_views([paper.author.clone(), paper.subject.clone()]).await?;
        let mut actor = |uri: &str| {
            actors.remove(uri).ok_or_else(|| ServiceError::internal(format!("{uri} has no view")))
        };
        Ok(DelegationView {
            key: paper.id,
            uri: paper.uri.clone(),
            organisation: actor(&paper.author)?,
            subject: actor(&paper.subject)?,
            holds: terms.scopes.iter().any(|scope| terms.hold(paper, *scope, self.now())),
            scopes: terms.scopes,
            valid_from: terms.from,
            valid_until: terms.until,
            ended: paper.ended_at.map(Timestamp::from_millis),
        })
    }

    /// A participant known here, by handle (`name`, `@name`, `name@host`) or actor id.
    pub(super) async fn participant_named(
        &self,
        named: &str,
    ) -> Result<Option<Actor>, ServiceError> {
        let named = named.trim();
        if named.contains("://") {
            return Ok(actors::by_uri(&self.store, named).await?);
        }
        let handle = named.trim_start_matches('@').to_lowercase();
        let (name, host) = handle.split_once('@').unwrap_or((&handle, self.paths.domain()));
        if host == self.paths.domain() {
            return Ok(actors::local_by_name(&self.store, name).await?);
        }
        Ok(actors::by_webfinger(&self.store, &handle).await?)
    }
}

/// Something said in the name of an organisation, to be looked up.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) uri: String,
    pub(super) actor: String,
    pub(super) principal: String,
    pub(super) delegation: Option<String>,
    pub(super) received: Option<Timestamp>,
}

/// A field that is not as it must be, or another reason why not.
#[derive(Debug)]
pub(super) enum FieldErrorOr {
    Field(FieldError),
    Other(ServiceError),
}

impl From<FieldErrorOr> for ServiceError {
    fn from(error: FieldErrorOr) -> Self {
        match error {
            FieldErrorOr::Field(error) => Self::Invalid(vec![error]),
            FieldErrorOr::Other(error) => error,
        }
    }
}

impl From<ServiceError> for FieldErrorOr {
    fn from(error: ServiceError) -> Self {
        Self::Other(error)
    }
}

/// What a delegation says.
struct Terms {
    scopes: Vec<Scope>,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Terms {
    fn hold(&self, paper: &Statement, scope: Scope, now: Timestamp) -> bool {
        paper.ended_at.is_none()
            && self.scopes.contains(&scope)
            && self.from <= now
            && self.until.is_none_or(|until| now <= until)
    }
}

fn terms(paper: &Statement) -> Result<Terms, ServiceError> {
    let document = read_paper(paper)?.document;
    Ok(Terms {
        scopes: one_or_many(&document, "scope")
            .into_iter()
            .filter_map(|word| word.as_str().and_then(Scope::from_wire))
            .collect(),
        from: time_of(&document, "validFrom").unwrap_or_default(),
        until: time_of(&document, "validUntil"),
    })
}

fn read_paper(paper: &Statement) -> Result<Item, ServiceError> {
    Item::read(&paper.body)
        .map_err(|error| ServiceError::internal(format!("the statement {}: {error}", paper.uri)))
}

fn must_be_organisation(caller: &Caller) -> Result<(), ServiceError> {
    if caller.actor.kind == "Organization" {
        Ok(())
    } else {
        Err(ServiceError::NotPermitted {
            why: "only an organisation lets others act for it; sign in with its account",
        })
    }
}

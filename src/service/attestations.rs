//! What stands behind a name (product A6): who says what of whom, how an account shows more than its own word, and the
//! level that is shown beside its name. A level is shown and can be filtered by; it permits nothing and hides nobody.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Caller, Service, ServiceError,
    acts::{RoomHand, sign_activity},
    read::ActorView,
};
use crate::{
    base::clock::Timestamp,
    domain::{attestation::ProofLevel, permission},
    protocol::{
        compose::{Addressing, Envelope},
        paths::host_of,
        quirks::{id_of, member, text_of, time_of},
    },
    record::{
        item::{Item, Kind},
        statement,
    },
    store::{
        Source, Tx,
        actors::{self, Actor},
        attestations::{self, Attestation},
        entries, rooms,
        statements::{self, Statement},
    },
};

/// The kind of the statement in its table.
const KIND: &str = "attestation";

/// What somebody says of a participant.
#[derive(Debug, Clone)]
pub struct AttestationView {
    /// Id of the signed statement.
    pub uri: String,
    /// Who says so.
    pub attester: ActorView,
    /// What it proves.
    pub level: ProofLevel,
    /// Wire term: on what basis.
    pub basis: String,
    /// The domain it is about.
    pub domain: Option<String>,
    /// When it was said.
    pub published: Timestamp,
    /// Until when it holds.
    pub valid_until: Option<Timestamp>,
    /// This instance's key, where it was signed here and can be taken back here.
    pub key: Option<i64>,
}

/// What is to be said of a participant.
pub(super) struct Claim<'a> {
    pub(super) subject: &'a str,
    pub(super) basis: ProofLevel,
    pub(super) domain: Option<&'a str>,
    pub(super) valid_until: Option<Timestamp>,
}

impl Service {
    /// An organisation vouches for a participant: with its key, by handle or id.
    pub async fn vouch(
        &self,
        caller: &Caller,
        named: &str,
        valid_until: Option<Timestamp>,
    ) -> Result<AttestationView, ServiceError> {
        Self::may_act(caller)?;
        if !permission::may_vouch(caller.actor.kind == "Organization") {
            return Err(ServiceError::NotPermitted {
                why: "only an organisation’s account vouches for others",
            });
        }
        if valid_until.is_some_and(|until| until <= self.now()) {
            return Err(ServiceError::invalid("validUntil", "must be a moment to come"));
        }
        let subject = self.participant_named(named).await?.filter(|actor| {
            matches!(actor.kind.as_str(), "Person" | "Organization")
                && actor.uri != caller.actor.uri
        });
        let Some(subject) = subject else {
            return Err(ServiceError::invalid(
                "subject",
                "nobody else of this handle is known here; somebody who has an account here, or has taken part in a \
                 topic here, can be named",
            ));
        };
        let tx = self.begin_as(caller).await?;
        let standing = statements::by_author(&tx, KIND, &caller.actor.uri).await?;
        let now = self.now().as_millis();
        if standing.iter().any(|paper| paper.subject == subject.uri && holds(paper, now)) {
            return Err(ServiceError::Conflict {
                why: "the organisation vouches for them already; take it back first".to_owned(),
            });
        }
        let claim =
            Claim { subject: &subject.uri, basis: ProofLevel::Vouched, domain: None, valid_until };
        let paper = self.attest(&tx, &caller.actor, &claim).await?;
        tx.commit().await?;
        self.wake.after_act();
        let views = self.attestations_of(&subject.uri).await?;
        views
            .into_iter()
            .find(|view| view.uri == paper.uri)
            .ok_or_else(|| ServiceError::internal("an attestation just signed does not hold"))
    }

    /// Takes back what the caller's organisation said of somebody.
    pub async fn stop_vouching(&self, caller: &Caller, key: &str) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let not_found = || ServiceError::NotFound { what: "attestation" };
        let id: i64 = key.parse().ok().ok_or_else(not_found)?;
        let tx = self.begin_as(caller).await?;
        let paper = statements::by_uri(&tx, &self.paths.paper(id))
            .await?
            .filter(|paper| paper.kind == KIND && paper.author == caller.actor.uri)
            .ok_or_else(not_found)?;
        if paper.ended_at.is_some() {
            return Err(ServiceError::Conflict { why: "it was taken back already".to_owned() });
        }
        self.end_attestation(&tx, &caller.actor, paper).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// Whom an organisation here vouches for at the moment.
    pub async fn vouched_by(&self, actor: &str) -> Result<Vec<(i64, ActorView)>, ServiceError> {
        let now = self.now().as_millis();
        let mut papers = statements::by_author(&self.store, KIND, actor).await?;
        papers.retain(|paper| holds(paper, now));
        let views = self.actor_views(papers.iter().map(|paper| paper.subject.clone())).await?;
        Ok(papers
            .into_iter()
            .filter_map(|paper| Some((paper.id, views.get(&paper.subject)?.clone())))
            .collect())
    }

    /// All that holds of what others say of a participant, strongest first.
    pub async fn attestations_of(
        &self,
        subject: &str,
    ) -> Result<Vec<AttestationView>, ServiceError> {
        let subjects = [subject.to_owned()];
        let held = self.standing_of(&subjects).await?;
        let attesters = self.actor_views(held.iter().map(|row| row.attester.clone())).await?;
        let mut views: Vec<AttestationView> = held
            .into_iter()
            .filter_map(|row| {
                let attester = attesters.get(&row.attester)?.clone();
                Some(AttestationView {
                    level: level_of(&row, &attester.kind),
                    key: self.paths.is_ours(&row.uri).then(|| number_of(&row.uri)).flatten(),
                    attester,
                    published: Timestamp::from_millis(row.published),
                    valid_until: row.valid_until.map(Timestamp::from_millis),
                    uri: row.uri,
                    basis: row.basis,
                    domain: row.domain,
                })
            })
            .collect();
        views.sort_by_key(|view| (std::cmp::Reverse(view.level), view.published));
        Ok(views)
    }

    /// The highest level that holds at the moment, for each of these participants who has more than their own word.
    pub(super) async fn proof_levels(
        &self,
        subjects: &[String],
    ) -> Result<BTreeMap<String, ProofLevel>, ServiceError> {
        let held = self.standing_of(subjects).await?;
        let attesters: BTreeSet<String> = held.iter().map(|row| row.attester.clone()).collect();
        let attesters: Vec<String> = attesters.into_iter().collect();
        let kinds: BTreeMap<String, String> = actors::by_uris(&self.store, &attesters)
            .await?
            .into_iter()
            .map(|actor| (actor.uri, actor.kind))
            .collect();
        let mut levels: BTreeMap<String, ProofLevel> = BTreeMap::new();
        for row in held {
            // Of whom nobody knows what they are, nobody knows what their word is worth.
            let Some(kind) = kinds.get(&row.attester) else { continue };
            let level = level_of(&row, kind);
            let best = levels.entry(row.subject).or_insert(ProofLevel::Declared);
            *best = level.max(*best);
        }
        Ok(levels)
    }

    /// What holds at the moment: by the record of any room, or signed here and not yet in any. Each statement once.
    async fn standing_of(&self, subjects: &[String]) -> Result<Vec<Attestation>, ServiceError> {
        let now = self.now().as_millis();
        let mut known: BTreeMap<String, Attestation> = BTreeMap::new();
        let mut ended: BTreeSet<String> = BTreeSet::new();
        for row in attestations::of_subjects(&self.store, subjects).await? {
            // Taken back in one room is taken back: another may not have heard of it yet.
            if row.ended_at.is_some() || row.valid_until.is_some_and(|until| until <= now) {
                ended.insert(row.uri);
            } else {
                known.entry(row.uri.clone()).or_insert(row);
            }
        }
        if let [subject] = subjects {
            for paper in statements::about(&self.store, KIND, subject).await? {
                if !holds(&paper, now) {
                    ended.insert(paper.uri);
                } else if !known.contains_key(&paper.uri) {
                    known.insert(paper.uri.clone(), as_row(&paper)?);
                }
            }
        }
        known.retain(|uri, _| !ended.contains(uri));
        Ok(known.into_values().collect())
    }

    /// Signs an attestation, and brings it to every room here in which its subject has acted.
    pub(super) async fn attest(
        &self,
        tx: &Tx,
        attester: &Actor,
        claim: &Claim<'_>,
    ) -> Result<Statement, ServiceError> {
        let keys = self.keys.of(attester).await?;
        let id = self.new_id();
        let uri = self.paths.paper(id);
        let published = self.now();
        let affiliation = (claim.basis == ProofLevel::Vouched).then_some(attester.uri.as_str());
        let document = statement::Attestation {
            id: &uri,
            attester: &attester.uri,
            subject: claim.subject,
            domain: claim.domain,
            affiliation,
            basis: claim.basis,
            valid_until: claim.valid_until,
            published,
        }
        .sign(&keys.proof, &keys.proof_key_id());
        let paper = Statement {
            id,
            uri,
            kind: KIND.to_owned(),
            author: attester.uri.clone(),
            subject: claim.subject.to_owned(),
            body: serde_json::to_vec(&document)
                .map_err(|error| ServiceError::Internal(error.into()))?,
            published: published.as_millis(),
            ended_at: None,
        };
        statements::insert(tx, paper.clone()).await?;
        for room_id in entries::rooms_of(tx, claim.subject).await? {
            let hand = self.hand_of_room(tx, room_id).await?;
            self.bring(tx, &hand, &paper, attester).await?;
        }
        Ok(paper)
    }

    /// Takes an attestation back, in every room that holds it: a statement of its own.
    pub(super) async fn end_attestation(
        &self,
        tx: &Tx,
        attester: &Actor,
        paper: Statement,
    ) -> Result<(), ServiceError> {
        let keys = self.keys.of(attester).await?;
        let id = self.paths.activity(self.new_id());
        let published = self.time_to_act(tx, &attester.uri).await?;
        let followers = format!("{}/followers", attester.uri);
        let envelope = Envelope {
            id: &id,
            actor: &attester.uri,
            published,
            addressing: Addressing::public(&[], &[&followers]),
            audience: None,
        };
        let delete =
            sign_activity(&keys, envelope.delete(&paper.uri, "plg:Attestation"), published);
        for row in entries::by_item_id(tx, &paper.uri).await? {
            let hand = self.hand_of_room(tx, row.room_id).await?;
            self.record(tx, &hand, attester, delete.clone(), &[]).await?;
        }
        Ok(statements::end(tx, paper, published.as_millis()).await?)
    }

    /// Brings to a room what was signed here about somebody who acts in it: with their first act there, and with the
    /// next after each new statement.
    pub(super) async fn bring_attestations(
        &self,
        tx: &Tx,
        hand: &RoomHand,
        subject: &Actor,
    ) -> Result<(), ServiceError> {
        let now = self.now().as_millis();
        for paper in statements::about(tx, KIND, &subject.uri).await? {
            if !holds(&paper, now) {
                continue;
            }
            let attester = actors::by_uri(tx, &paper.author)
                .await?
                .ok_or_else(|| ServiceError::internal(format!("{} is not known", paper.author)))?;
            self.bring(tx, hand, &paper, &attester).await?;
        }
        Ok(())
    }

    /// The attestation with this id that was signed here.
    pub(super) async fn own_attestation(
        &self,
        db: &impl Source,
        uri: &str,
    ) -> Result<Option<Statement>, ServiceError> {
        Ok(statements::by_uri(db, uri).await?.filter(|paper| paper.kind == KIND))
    }

    /// The instance's own attestations of a domain that hold for somebody.
    pub(super) async fn own_domain_attestations(
        &self,
        db: &impl Source,
        subject: &str,
        basis: ProofLevel,
        domain: &str,
    ) -> Result<Vec<Statement>, ServiceError> {
        let now = self.now().as_millis();
        let mut found = Vec::new();
        for paper in statements::about(db, KIND, subject).await? {
            if !holds(&paper, now) || paper.author != self.paths.instance() {
                continue;
            }
            let row = as_row(&paper)?;
            if row.basis == basis.term() && row.domain.as_deref() == Some(domain) {
                found.push(paper);
            }
        }
        Ok(found)
    }

    async fn hand_of_room(&self, tx: &Tx, room_id: i64) -> Result<RoomHand, ServiceError> {
        let room = rooms::by_id(tx, room_id)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("there is no room {room_id}")))?;
        self.room_hand(room).await
    }
}

fn level_of(row: &Attestation, attester_kind: &str) -> ProofLevel {
    let by_organisation = attester_kind == "Organization";
    let by_own_instance =
        attester_kind == "Application" && host_of(&row.attester) == host_of(&row.subject);
    ProofLevel::of_attestation(&row.basis, by_organisation, by_own_instance)
}

/// Whether a statement signed here holds at a moment.
fn holds(paper: &Statement, now: i64) -> bool {
    let until = Item::read(&paper.body)
        .ok()
        .and_then(|item| time_of(&item.document, "validUntil"))
        .map(Timestamp::as_millis);
    paper.ended_at.is_none() && until.is_none_or(|until| now < until)
}

/// A statement signed here as the projection would have it.
fn as_row(paper: &Statement) -> Result<Attestation, ServiceError> {
    let item = Item::read(&paper.body).map_err(|error| ServiceError::Internal(error.into()))?;
    debug_assert_eq!(item.kind, Kind::Attestation);
    let claim = member(&item.document, "claim");
    let text = |name: &str| claim.and_then(|claim| text_of(claim, name)).map(str::to_owned);
    Ok(Attestation {
        room_id: 0,
        entry_hash: item.hash.to_string(),
        uri: paper.uri.clone(),
        attester: paper.author.clone(),
        subject: paper.subject.clone(),
        basis: text_of(&item.document, "basis").unwrap_or_default().to_owned(),
        domain: text("domain"),
        affiliation: claim.and_then(|claim| id_of(claim, "affiliation")),
        stakeholder_group: text("stakeholderGroup"),
        published: paper.published,
        valid_until: time_of(&item.document, "validUntil").map(Timestamp::as_millis),
        received_at: None,
        ended_at: paper.ended_at,
    })
}

fn number_of(uri: &str) -> Option<i64> {
    uri.rsplit('/').next()?.parse().ok()
}

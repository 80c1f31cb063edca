//! A meeting in which everything happens once that makes a document for others.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use polylogue::{
    base::{
        clock::{Clock, Timestamp},
        crypto::{ProofKey, Vault},
        entropy::Entropy,
        mail::NoMail,
    },
    domain::{
        comment::CommentKind, delegation::Scope, disposition::Outcome, group::StakeholderGroup,
        letter::Deadline, opinion::OpinionStatus, position::PositionKind, region::Region,
    },
    federation::{Federation, network::Policy},
    protocol::{
        compose::{Addressing, Envelope},
        context::PUBLIC,
        paths::Paths,
    },
    record::statement::signed,
    service::{
        Ports, Profile, Service, Wake,
        accounts::AccountKind,
        clients::NewPost,
        comments::{CommentEdit, NewAnchor, NewComment},
        delegations::NewDelegation,
        dispositions::NewDisposition,
        media::{Caption, Face, NewPicture, PictureChoice},
        opinions::NewOpinion,
    },
    store::{
        actors::{self, Actor},
        deliveries,
        follows::{self, Follow, Reaction},
        hosts::{self, HostSoftware},
        inbox_items::{self, InboxItem},
        posts, projections,
        rooms::Room,
    },
};
use polylogue_tests::{
    Faces, Participant, SimClock, TestDatabase, TestService, Words, cast::account, faces::AS2,
    picture::png,
};
use serde_json::{Value, json};

use super::Gallery;

/// The domain of the instance in the files.
pub(crate) const DOMAIN: &str = "civil.example";
/// Stands for every RSA key: they cannot be made from a seed.
const REQUEST_KEY: &str =
    "-----BEGIN PUBLIC KEY-----\n(an RSA key of 2048 bits)\n-----END PUBLIC KEY-----\n";
const MASTODON: &str = "https://masto.example/users/ada";
const LEMMY: &str = "https://lemmy.example/u/lou";
const PEER: &str = "https://gov.example/t/rivers";

/// Randomness that depends on how much is asked for and how often that was, and on nothing else: a draw more here does
/// not change every key there. Ids get none, so they tell their moment.
#[derive(Debug, Default)]
struct Steady(Mutex<BTreeMap<usize, u64>>);

impl Entropy for Steady {
    fn fill(&self, bytes: &mut [u8]) {
        let mut drawn = self.0.lock().unwrap();
        let times = drawn.entry(bytes.len()).or_default();
        *times += 1;
        let mut state = times.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in bytes.iter_mut() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_le_bytes()[3];
        }
        if bytes.len() == 2 {
            bytes.fill(0);
        }
    }
}

struct Stage {
    test: TestService,
    faces: Faces,
    federation: Federation,
    gallery: Gallery,
}

impl Stage {
    async fn set() -> Self {
        let database = TestDatabase::sqlite().await;
        let clock = Arc::new(SimClock::default());
        let ports = Ports {
            clock: Arc::<SimClock>::clone(&clock),
            entropy: Arc::new(Steady::default()),
            mail: Arc::new(NoMail),
        };
        let profile = Profile {
            name: "Civil society forum".to_owned(),
            group: Some(StakeholderGroup::CivilSociety),
            development: false,
            exposed: false,
            rate_limits: true,
        };
        let paths = Paths::new(DOMAIN, false);
        let vault = Vault::new([7; 32]);
        let service = Service::new(database.store(), ports, paths, profile, vault, Wake::default());
        let test = TestService { service, clock, database };
        let federation = Federation::new(test.service.clone(), Policy::production()).await.unwrap();
        let faces = Faces::of(&test).await;
        Self { test, faces, federation, gallery: Gallery::new() }
    }

    fn service(&self) -> &Service {
        &self.test.service
    }

    fn minute(&self) {
        self.test.clock.pass_minutes(1);
    }

    fn now(&self) -> Timestamp {
        self.test.clock.now()
    }

    fn keep(&mut self, name: &str, document: Value) {
        let mut document = document;
        if let Some(key) = document.pointer_mut("/publicKey/publicKeyPem") {
            *key = REQUEST_KEY.into();
        }
        assert!(self.gallery.insert(name.to_owned(), document).is_none(), "{name} twice");
    }

    /// Keeps what is served under an id.
    async fn fetch(&mut self, name: &str, uri: &str) {
        let path = uri.strip_prefix("https://civil.example").unwrap().to_owned();
        let answer = self.faces.get(&path, AS2).await;
        assert!(matches!(answer.status, 200 | 410), "{uri}: {} {}", answer.status, answer.text);
        self.keep(name, answer.json());
    }

    /// Everything that was sent so far, in order.
    async fn sent(&self) -> Vec<Value> {
        let rows = deliveries::unexpanded(&self.test.service.store, 10_000).await.unwrap();
        rows.iter().map(|row| serde_json::from_slice(&row.body).unwrap()).collect()
    }

    /// Keeps the first thing sent that is so.
    async fn keep_sent(&mut self, name: &str, is: impl Fn(&Value) -> bool) {
        let found = self.sent().await.into_iter().find(|document| is(document));
        self.keep(name, found.unwrap_or_else(|| panic!("nothing such was sent: {name}")));
    }

    async fn joins(&self, name: &str, kind: AccountKind, group: StakeholderGroup) -> Participant {
        self.minute();
        let mut new = account(name, kind, Some(group));
        let mut letters = name.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        new.display_name = first.chain(letters).collect();
        new.region = Some(Region::Africa);
        self.service().create_account(new).await.unwrap();
        Participant::again(&self.test, name).await
    }

    /// Somebody elsewhere becomes known, as after a fetch of their document.
    async fn knows(&self, uri: &str, kind: &str, key: Option<&ProofKey>) -> Actor {
        let service = self.service();
        let template = service.instance_actor().await.unwrap();
        let host = url::Url::parse(uri).unwrap().host_str().unwrap().to_owned();
        let name = uri.rsplit('/').next().unwrap().to_owned();
        let keys: Vec<(String, String)> = key
            .map(|key| (format!("{uri}#ed25519"), key.public().to_multibase()))
            .into_iter()
            .collect();
        let actor = Actor {
            id: service.new_id(),
            uri: uri.to_owned(),
            kind: kind.to_owned(),
            username: name.clone(),
            name: name.clone(),
            url: uri.to_owned(),
            inbox: format!("{uri}/inbox"),
            shared_inbox: None,
            outbox: None,
            followers: None,
            following: None,
            webfinger: Some(format!("{name}@{host}")),
            request_key_id: Some(format!("{uri}#main-key")),
            proof_keys: serde_json::to_string(&keys).unwrap(),
            recovery_key: None,
            stakeholder_group: None,
            region: None,
            implements_mesh: key.is_some(),
            local: false,
            host,
            ..template
        };
        let tx = service.store.begin().await.unwrap();
        let actor = actors::insert(&tx, actor).await.unwrap();
        tx.commit().await.unwrap();
        actor
    }

    async fn runs(&self, host: &str, software: &str) {
        let tx = self.service().store.begin().await.unwrap();
        let asked_at = self.now().as_millis();
        let software = Some(software.to_owned());
        hosts::save(&tx, HostSoftware { host: host.to_owned(), software, asked_at }).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// An activity arrives, signed by its actor's server.
    async fn hears(&self, activity: &Value) {
        let signer = activity["actor"].as_str().unwrap().to_owned();
        let host = url::Url::parse(&signer).unwrap().host_str().unwrap().to_owned();
        let body = activity.to_string();
        let evidence = json!({
            "type": "plg:HttpSignatureEvidence", "method": "post", "target": "/inbox",
            "headers": {"host": DOMAIN, "date": "Mon, 21 Sep 2026 10:00:00 GMT", "digest": "SHA-256=x"},
            "signatureHeader": "keyId=\"x\"", "body": STANDARD.encode(&body),
        });
        let row = InboxItem {
            id: self.service().new_id(),
            activity_uri: activity["id"].as_str().unwrap().to_owned(),
            digest: body.len().to_string(),
            signer,
            host,
            body: body.into_bytes(),
            evidence: evidence.to_string(),
            received_at: self.now().as_millis(),
            state: inbox_items::NEW.to_owned(),
            reason: None,
            attempts: 0,
            due_at: 0,
            object_uri: None,
        };
        let tx = self.service().store.begin().await.unwrap();
        let id = row.activity_uri.clone();
        inbox_items::insert(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
        self.federation.process_inbox().await.unwrap();
        let fate = inbox_items::by_activity(&self.service().store, &id).await.unwrap().remove(0);
        assert_eq!(fate.state, inbox_items::DONE, "{id}: {:?}", fate.reason);
    }

    /// A reply as Mastodon writes it.
    fn reply(&self, number: i64, parent: &str, text: &str) -> Value {
        let id = format!("{MASTODON}/statuses/{number}");
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams"], "id": format!("{id}/activity"),
            "type": "Create", "actor": MASTODON, "published": self.now(), "to": [PUBLIC], "cc": [],
            "object": {"id": id, "type": "Note", "inReplyTo": parent, "attributedTo": MASTODON,
                "published": self.now(), "to": [PUBLIC], "cc": [], "content": format!("<p>{text}</p>"),
                "contentMap": {"en": format!("<p>{text}</p>")}, "tag": [], "attachment": []},
        })
    }

    async fn follows(&self, number: i64, follower: &str, followee: &str) {
        self.hears(&json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{follower}/follows/{number}"),
            "type": "Follow", "actor": follower, "object": followee,
        }))
        .await;
    }
}

fn kind_of(document: &Value) -> (&str, &str) {
    let kind = document["type"].as_str().unwrap_or_default();
    (kind, document["object"]["type"].as_str().unwrap_or_default())
}

/// Tells it, and answers every document.
pub(crate) async fn told() -> Gallery {
    let mut stage = Stage::set().await;
    let network =
        stage.joins("network", AccountKind::Organization, StakeholderGroup::CivilSociety).await;
    let amina = stage.joins("amina", AccountKind::Person, StakeholderGroup::CivilSociety).await;
    let joao = stage.joins("joao", AccountKind::Person, StakeholderGroup::Governments).await;
    let lena = stage.joins("lena", AccountKind::Person, StakeholderGroup::TechnicalCommunity).await;
    stage.minute();
    let (room, _) = amina.topic("rivers").await.unwrap();
    Box::pin(actors_and_links(&mut stage, &room, &amina, &network)).await;
    let opinion = Box::pin(opinions(&mut stage, &room, &amina, &joao)).await;
    Box::pin(comments(&mut stage, &opinion, &amina, &joao)).await;
    Box::pin(positions(&mut stage, &opinion, [&amina, &network, &joao, &lena])).await;
    Box::pin(replies_and_quotes(&mut stage, &room, &opinion, &amina)).await;
    Box::pin(handed_on(&mut stage, &room, &opinion)).await;
    Box::pin(pictures(&mut stage, &opinion, &joao)).await;
    stage.gallery
}

async fn actors_and_links(
    stage: &mut Stage,
    room: &Room,
    amina: &Participant,
    network: &Participant,
) {
    for (name, path) in [
        ("actor-instance", "/actor"),
        ("actor-person", "/p/amina"),
        ("actor-organization", "/p/network"),
        ("actor-room", "/t/rivers"),
        ("actor-feed", "/f/rivers"),
    ] {
        stage.fetch(name, &format!("https://{DOMAIN}{path}")).await;
    }
    stage.minute();
    let new = NewDelegation {
        subject: amina.uri().to_owned(),
        scopes: vec![Scope::Position, Scope::CoAuthor, Scope::Comment],
        valid_until: None,
    };
    let paper = stage.service().delegate(&network.caller, new).await.unwrap();
    stage.fetch("delegation", &paper.uri).await;
    stage.minute();
    let paper = stage.service().vouch(&network.caller, amina.uri(), None).await.unwrap();
    stage.fetch("attestation", &paper.uri).await;

    // Another instance's room asks for a link, one of another topic in vain.
    let key = ProofKey::from_seed([9; 32]);
    stage.knows(PEER, "Group", Some(&key)).await;
    let peer_feed = "https://gov.example/p/joao";
    stage.knows(peer_feed, "Person", None).await;
    let here = format!("https://{DOMAIN}/t/rivers");
    for (number, topic) in [(1, "ni:///sha-256;another"), (2, room.topic.as_str())] {
        stage.minute();
        let id = format!("https://gov.example/a/{number}");
        let envelope = Envelope {
            id: &id,
            actor: PEER,
            published: stage.now(),
            addressing: Addressing { to: vec![here.clone()], cc: Vec::new() },
            audience: None,
        };
        let follow = envelope.link("Follow", here.clone().into(), topic);
        let follow = signed(follow, &key, &format!("{PEER}#ed25519"), stage.now());
        if number == 1 {
            // Refused, and answered so.
            let body = follow.to_string();
            let row = InboxItem {
                id: stage.service().new_id(),
                activity_uri: id.clone(),
                digest: "1".to_owned(),
                signer: PEER.to_owned(),
                host: "gov.example".to_owned(),
                body: body.into_bytes(),
                evidence: "{}".to_owned(),
                received_at: 0,
                state: inbox_items::NEW.to_owned(),
                reason: None,
                attempts: 0,
                due_at: 0,
                object_uri: None,
            };
            let tx = stage.service().store.begin().await.unwrap();
            inbox_items::insert(&tx, row).await.unwrap();
            tx.commit().await.unwrap();
            stage.federation.process_inbox().await.unwrap();
        } else {
            stage.hears(&follow).await;
        }
    }
    stage.keep_sent("reject-link", |sent| kind_of(sent).0 == "Reject").await;
    stage.keep_sent("accept-link", |sent| kind_of(sent) == ("Accept", "Follow")).await;
    stage.keep_sent("follow-link", |sent| kind_of(sent).0 == "Follow").await;

    stage.knows(MASTODON, "Person", None).await;
    stage.knows(LEMMY, "Person", None).await;
    stage.runs("masto.example", "mastodon").await;
    stage.runs("lemmy.example", "lemmy").await;
    stage.runs("gov.example", "polylogue").await;
    for (number, follower) in [(1, MASTODON), (2, LEMMY)] {
        stage.minute();
        stage.follows(number, follower, &here).await;
    }
    stage.minute();
    stage.follows(3, LEMMY, &format!("https://{DOMAIN}/f/rivers")).await;
    stage.follows(4, MASTODON, joao_uri()).await;
    stage.keep_sent("accept-follow", |sent| sent["to"] == json!([MASTODON])).await;
    stage.federation.relay().await.unwrap();
    stage.keep_sent("feed-add", |sent| kind_of(sent).0 == "Add").await;
    // What a follow that is taken back looks like.
    let follow = stage.gallery["follow-link"].clone();
    let id = format!("https://{DOMAIN}/a/1");
    let envelope = Envelope {
        id: &id,
        actor: &here,
        published: stage.now(),
        addressing: Addressing { to: vec![PEER.to_owned()], cc: Vec::new() },
        audience: None,
    };
    let actor = stage.service().room_actor(room).await.unwrap();
    let keys = stage.service().keys.of(&actor).await.unwrap();
    let undo = envelope.undo(&follow);
    let undo = signed(undo, &keys.proof, &keys.proof_key_id(), stage.now());
    stage.keep("undo-follow", undo);
}

fn joao_uri() -> &'static str {
    "https://civil.example/p/joao"
}

const SOURCE: &str =
    "## Why\n\nA river has two banks, and *both* are heard.\n\n- upstream\n- downstream";

async fn opinions(
    stage: &mut Stage,
    room: &Room,
    amina: &Participant,
    joao: &Participant,
) -> String {
    stage.minute();
    let new = NewOpinion {
        name: "Two banks & one river".to_owned(),
        abstract_text: "Those who drink from it <decide> & pay.".to_owned(),
        source: SOURCE.to_owned(),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    let service = stage.service().clone();
    let made = service.publish_opinion(&amina.caller, room.clone(), new).await.unwrap();
    stage.fetch("opinion-create", &made.activity_id).await;
    stage.fetch("opinion-create-slim", &format!("{}/slim", made.activity_id)).await;
    stage.keep("receipt", made.receipt.document.clone());
    let boost = format!("https://{DOMAIN}/t/rivers/boosts/{}", made.receipt.seq);
    stage.fetch("announce-boost", &boost).await;
    let announce = format!("https://{DOMAIN}/t/rivers/announces/{}", made.receipt.seq);
    stage.fetch("announce-create", &announce).await;
    stage.minute();
    let source = format!("{SOURCE}\n\nWho pays is said below.");
    let revised = amina.revises(&made.uri, &source, "Says who pays.", None).await.unwrap();
    stage.fetch("opinion-update", &revised.activity_id).await;
    stage.minute();
    let gone = joao.publishes(room, "In haste", "Too soon.").await.unwrap();
    stage.minute();
    let deleted = joao.deletes_opinion(&gone.uri).await.unwrap();
    stage.fetch("opinion-delete", &deleted.activity_id).await;
    stage.fetch("tombstone", &gone.uri).await;
    stage.minute();
    let letter = Deadline {
        closes: stage.now().plus_millis(14 * 86_400_000),
        zone: "Africa/Nairobi".to_owned(),
    };
    let new = NewOpinion {
        name: "Open letter on wells".to_owned(),
        abstract_text: "We ask for names.".to_owned(),
        source: "Dig no deeper.".to_owned(),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    let made_letter =
        service.publish_letter(&amina.caller, room.clone(), new, Some(letter)).await.unwrap();
    stage.fetch("letter-create", &made_letter.activity_id).await;
    made.uri
}

async fn pictures(stage: &mut Stage, opinion: &str, joao: &Participant) {
    stage.minute();
    let service = stage.service().clone();
    let parent = posts::by_uri(&service.store, opinion).await.unwrap().unwrap().id;
    let caption = Caption {
        description: Some("The gauge at the bridge".into()),
        focus: Some((5_000, -2_500)),
    };
    let bytes = png([40, 90, 160], 64, 48);
    let new = NewPicture { bytes, media_type: "image/png".to_owned(), caption };
    let picture = service.bring_picture(&joao.caller, new).await.unwrap();
    let reply = NewPost {
        text: "See the gauge.".to_owned(),
        in_reply_to: Some(parent),
        pictures: PictureChoice { keys: Some(vec![picture.key]), captions: Vec::new() },
        ..NewPost::default()
    };
    let written = service.write_post(&joao.caller, reply).await.unwrap();
    let row = projections::comment(&service.store, &written.uri).await.unwrap().unwrap();
    stage.fetch("comment-picture-create", &row.activity_id).await;
    stage.fetch("comment-picture", &written.uri).await;
    let own = service.own_profile(&joao.caller).await.unwrap();
    let face = NewPicture {
        bytes: png([200, 60, 20], 32, 32),
        media_type: "image/png".to_owned(),
        caption: Caption::default(),
    };
    let faces = vec![(Face::Avatar, Some(face))];
    service.change_profile_and_faces(&joao.caller, own, faces).await.unwrap();
    stage.fetch("actor-person-picture", &joao.caller.actor.uri).await;
}

async fn comments(stage: &mut Stage, opinion: &str, amina: &Participant, joao: &Participant) {
    stage.minute();
    let service = stage.service().clone();
    let new = NewComment {
        content: "Who counts as *upstream*?".to_owned(),
        kind: CommentKind::Question,
        anchors: vec![NewAnchor {
            paragraph: Some(2),
            exact: Some("both are heard".to_owned()),
            ..NewAnchor::default()
        }],
        in_reply_to: None,
        language: None,
        capacity: None,
        on_behalf_of: None,
    };
    let made = service.comment(&joao.caller, opinion, new).await.unwrap();
    stage.fetch("comment-create", &made.activity_id).await;
    stage.fetch("comment", &made.uri).await;
    stage.minute();
    let edit = CommentEdit {
        content: "Who counts as *upstream*, and since when?".to_owned(),
        ..CommentEdit::default()
    };
    let edited = service.edit_comment(&joao.caller, &made.uri, edit).await.unwrap();
    stage.fetch("comment-update", &edited.activity_id).await;
    stage.minute();
    let new = NewDisposition {
        outcome: Outcome::Accepted,
        reason: "Said in the second revision.".to_owned(),
        revision: Some(2),
        venue: None,
        language: None,
        on_behalf_of: None,
    };
    let said = service.dispose(&amina.caller, &made.uri, new).await.unwrap();
    stage.fetch("disposition-create", &said.activity_id).await;
    stage.minute();
    let gone = joao.comments(opinion, "Said twice.", None).await.unwrap();
    stage.minute();
    let deleted = joao.deletes_comment(&gone.uri).await.unwrap();
    stage.fetch("comment-delete", &deleted.activity_id).await;
}

async fn positions(
    stage: &mut Stage,
    opinion: &str,
    [amina, network, joao, lena]: [&Participant; 4],
) {
    stage.minute();
    let words = Words { statement: None, on_behalf_of: Some(network.uri()) };
    let for_network = amina.takes_position(opinion, 2, PositionKind::Support, words).await.unwrap();
    stage.fetch("position-like", &for_network.activity_id).await;
    let announce = format!("https://{DOMAIN}/t/rivers/announces/{}", for_network.receipt.seq);
    stage.fetch("announce-like", &announce).await;
    stage.minute();
    let words = Words::because("It names both banks.\n\nAnd it says who pays.");
    let taken = joao.takes_position(opinion, 2, PositionKind::Support, words).await.unwrap();
    stage.fetch("position-like-with-statement", &taken.activity_id).await;
    stage
        .keep_sent("position-echo-create", |sent| {
            kind_of(sent).0 == "Create" && sent["object"]["positionOf"] == json!(taken.uri)
        })
        .await;
    stage.fetch("position-echo", &taken.uri.replace("/a/", "/c/")).await;
    stage.minute();
    let words = Words::because("It says nothing of *floods*.");
    let objected = lena.takes_position(opinion, 2, PositionKind::Objection, words).await.unwrap();
    stage.fetch("position-note-create", &objected.activity_id).await;
    stage.fetch("position-note", &objected.uri).await;
    stage.minute();
    let withdrawn = joao.withdraws(&taken.uri).await.unwrap();
    stage.fetch("position-withdrawn", &withdrawn.activity_id).await;
    let is_undo = |sent: &Value| kind_of(sent) == ("Undo", "Like");
    let log = stage.faces.get("/t/rivers/log?after=20", AS2).await.json();
    let undo = log["orderedItems"].as_array().unwrap().iter().map(|item| item["activity"].clone());
    let undo = undo.into_iter().find(is_undo).unwrap();
    stage.keep("position-undo", undo);
    stage
        .keep_sent("position-echo-delete", |sent| {
            kind_of(sent) == ("Delete", "Tombstone")
                && sent["object"]["id"] == json!(taken.uri.replace("/a/", "/c/"))
        })
        .await;
}

async fn replies_and_quotes(stage: &mut Stage, room: &Room, opinion: &str, amina: &Participant) {
    stage.minute();
    stage.hears(&stage.reply(1, opinion, "objection: it does not say who digs")).await;
    let log = stage.service().log(room, 0, 200).await.unwrap();
    let reading = log.items.into_iter().find(|item| item.kind == "reading").unwrap();
    stage.keep("reading", reading.document);
    stage.keep_sent("answer-create", |sent| sent["object"]["receiptFor"].is_string()).await;

    stage.minute();
    let instrument = format!("{MASTODON}/statuses/2");
    stage
        .hears(&json!({
            "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{instrument}/quote"),
            "type": "QuoteRequest", "actor": MASTODON, "object": opinion,
            "instrument": {"id": instrument, "type": "Note", "attributedTo": MASTODON, "quote": opinion},
        }))
        .await;
    stage.keep_sent("quote-accept", |sent| kind_of(sent) == ("Accept", "QuoteRequest")).await;
    let consent = stage.gallery["quote-accept"]["result"].as_str().unwrap().to_owned();
    stage.fetch("quote-authorization", &consent).await;
    stage.minute();
    stage.service().revoke_quote(&amina.caller, &consent).await.unwrap();
    stage
        .keep_sent("quote-authorization-delete", |sent| {
            kind_of(sent) == ("Delete", "Tombstone") && sent["object"]["id"] == json!(consent)
        })
        .await;

    // Plain reactions are counted apart from positions.
    let tx = stage.service().store.begin().await.unwrap();
    for (number, kind) in [(1, "like"), (2, "like"), (3, "share")] {
        let reaction = Reaction {
            activity_uri: format!("{MASTODON}#likes/{number}"),
            // One of each kind from one actor is what counts.
            actor: format!("{MASTODON}{number}"),
            object: opinion.to_owned(),
            kind: kind.to_owned(),
            created_at: number,
            evidence: None,
            content: None,
            note_uri: None,
            page: None,
        };
        follows::react(&tx, reaction).await.unwrap();
    }
    tx.commit().await.unwrap();
    let none: Vec<Follow> = follows::followers(&stage.service().store, opinion).await.unwrap();
    assert!(none.is_empty());
}

async fn handed_on(stage: &mut Stage, room: &Room, opinion: &str) {
    stage.minute();
    while stage.federation.relay().await.unwrap() > 0 {}
    // What was relayed in earnest holds snapshots of keys that no seed makes; these are the two forms.
    let is_relay = |sent: &Value| sent["sentTo"].is_array();
    assert!(stage.sent().await.iter().any(is_relay));
    let items = [stage.gallery["opinion-create"].clone(), stage.gallery["receipt"].clone()];
    let actor = stage.service().room_actor(room).await.unwrap();
    let keys = stage.service().keys.of(&actor).await.unwrap();
    let id = format!("https://{DOMAIN}/a/2");
    let followers = format!("{}/followers", actor.uri);
    let envelope = Envelope {
        id: &id,
        actor: &actor.uri,
        published: stage.now(),
        addressing: Addressing::public(&[], &[&followers]),
        audience: None,
    };
    let sent_to = [actor.uri.clone(), PEER.to_owned()];
    for (name, count) in [("announce-relay", 1), ("announce-relay-batch", 2)] {
        let relay = envelope.relay(items[..count].to_vec(), &sent_to, 1);
        stage.keep(name, signed(relay, &keys.proof, &keys.proof_key_id(), stage.now()));
    }
    stage.fetch("opinion", opinion).await;
    for (name, path) in [
        ("collection-room-outbox", "/t/rivers/outbox".to_owned()),
        ("collection-room-outbox-page", "/t/rivers/outbox?offset=0".to_owned()),
        ("collection-room-followers", "/t/rivers/followers".to_owned()),
        ("collection-room-featured", "/t/rivers/featured".to_owned()),
        ("collection-room-moderators", "/t/rivers/moderators".to_owned()),
        ("collection-room-rooms", "/t/rivers/rooms".to_owned()),
        ("collection-feed-following", "/f/rivers/following".to_owned()),
        ("collection-person-outbox", "/p/joao/outbox".to_owned()),
    ] {
        stage.fetch(name, &format!("https://{DOMAIN}{path}")).await;
    }
    for part in ["replies", "context", "history", "likes", "shares", "positions"] {
        stage.fetch(&format!("collection-{part}"), &format!("{opinion}/{part}")).await;
        let page = format!("{opinion}/{part}?offset=0");
        stage.fetch(&format!("collection-{part}-page"), &page).await;
    }
    for (name, resource) in [
        ("webfinger-person", "acct:amina@civil.example"),
        ("webfinger-room", "acct:rivers@civil.example"),
    ] {
        let path = format!("/.well-known/webfinger?resource={resource}");
        let answer = stage.faces.get(&path, "application/jrd+json").await;
        stage.keep(name, answer.json());
    }
}

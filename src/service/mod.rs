//! L4: what people do here: check a rule, sign an act, append it to the record, all in one transaction; and the reads
//! behind every face. Knows no transport.

pub mod accounts;
pub mod acts;
pub mod anchors;
pub mod announcements;
pub mod answers;
pub mod apps;
pub mod arrivals;
pub mod attestations;
pub mod authorizations;
pub mod authors;
pub mod clients;
pub mod commentary;
pub mod comments;
pub mod delegations;
pub mod dispositions;
pub mod drafts;
mod echoes;
pub mod entrances;
pub mod error;
pub mod feeds;
pub mod guests;
pub mod intake;
pub mod keys;
pub mod ledger;
pub mod log;
pub mod markers;
pub mod media;
pub mod notices;
pub mod objects;
pub mod opinions;
pub mod passwords;
pub mod positions;
pub mod profile;
pub mod proofs;
mod publishing;
pub mod push;
pub mod quotes;
pub mod read;
pub mod readings;
pub mod receipts;
pub mod received;
pub mod rosters;
pub mod scope;
pub mod sign_in;
pub mod stated;
pub mod statements;
pub mod streams;
pub mod terms;
pub mod topics;
pub mod wake;

use std::sync::Arc;

use crate::{
    base::{
        clock::{Clock, Timestamp},
        crypto::Vault,
        entropy::Entropy,
        id::IdMaker,
        mail::Mail,
    },
    domain::group::StakeholderGroup,
    protocol::paths::Paths,
    store::{Store, actors::Actor},
};

pub use error::{FieldError, ServiceError};
pub use keys::{ActorKeys, KeyRing};
pub use streams::Streams;
pub use wake::Wake;

/// What this instance says of itself.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Name shown in the masthead.
    pub name: String,
    /// Group of the body that runs it.
    pub group: Option<StakeholderGroup>,
    /// Whether plain http and loopback are allowed.
    pub development: bool,
    /// Whether a development instance listens to more than loopback: the pages warn.
    pub exposed: bool,
    /// Whether rates are limited; sizes, depths and fetches always are.
    pub rate_limits: bool,
}

/// The ports a service works through; tests give their own.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Mail.
    pub mail: Arc<dyn Mail>,
}

/// Everything the use cases need; cheap to clone.
#[derive(Clone)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// Time, randomness and mail.
    pub ports: Ports,
    /// Ids and paths of this instance.
    pub paths: Paths,
    /// What it says of itself.
    pub profile: Arc<Profile>,
    /// Private keys of local actors.
    pub keys: KeyRing,
    /// Wakes the workers after a commit.
    pub wake: Wake,
    /// Those who listen to what happens here.
    pub streams: Streams,
    ids: Arc<IdMaker>,
    tallies: clients::Tallies,
    darkroom: media::Darkroom,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("origin", &self.paths.origin()).finish_non_exhaustive()
    }
}

/// Who acts, found by session, bearer token or the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account_id: i64,
    /// The actor it speaks as.
    pub actor: Actor,
    /// What it may do.
    pub role: Role,
    /// Whether it may write (a token may be for reading only).
    pub may_write: bool,
}

/// What an account may do beyond taking part. The group of its actor is nowhere in this: it is never an input to a
/// permission (INV-8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Takes part.
    Member,
    /// Also moderates rooms.
    Moderator,
    /// Also runs the instance.
    Admin,
}

impl Role {
    /// The word in commands and columns.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Member, Self::Moderator, Self::Admin].into_iter().find(|role| role.word() == word)
    }
}

impl Service {
    /// Puts a service together.
    pub fn new(
        store: Store,
        ports: Ports,
        paths: Paths,
        profile: Profile,
        vault: Vault,
        wake: Wake,
    ) -> Self {
        let keys = KeyRing::new(store.clone(), vault);
        Self {
            store,
            ports,
            paths,
            profile: Arc::new(profile),
            keys,
            wake,
            streams: Streams::default(),
            ids: Arc::new(IdMaker::default()),
            tallies: clients::Tallies::default(),
            darkroom: media::Darkroom::default(),
        }
    }

    /// The same with streams of the caller's.
    #[must_use]
    pub fn with_streams(self, streams: Streams) -> Self {
        Self { streams, ..self }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// A fresh id.
    pub fn new_id(&self) -> i64 {
        self.ids.next(self.ports.clock.as_ref(), self.ports.entropy.as_ref())
    }

    /// `name@host` of an actor.
    pub fn handle_of(&self, actor: &Actor) -> String {
        actor.webfinger.clone().unwrap_or_else(|| format!("{}@{}", actor.username, actor.host))
    }
}

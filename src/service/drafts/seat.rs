//! At whose place somebody sits at a draft: their own, or that of an organisation that lets them write along in its name
//! (the scope `co-author` of a delegation). The organisation is the author; who wrote or agreed for it is kept with what
//! they did.

use super::{Authorship, Held, NO_DRAFT};
use crate::{
    domain::delegation::Scope,
    service::{Caller, Service, ServiceError, delegations::Spoken, read::ActorView},
    store::{Source, Tx, actors, drafts},
};

/// A draft, and in whose name somebody acts on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The draft.
    pub draft: i64,
    /// The organisation, by actor id; none for oneself.
    pub on_behalf_of: Option<String>,
}

impl From<i64> for Desk {
    fn from(draft: i64) -> Self {
        Self { draft, on_behalf_of: None }
    }
}

/// The place at which somebody sits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    /// Whose it is: key of the author.
    pub(super) author: i64,
    /// Who sits there.
    pub(super) sitter: i64,
}

impl Seat {
    /// The delegate, where the place is not their own.
    pub(super) fn delegate(self) -> Option<i64> {
        (self.sitter != self.author).then_some(self.sitter)
    }

    /// The organisation, where somebody sits there for one.
    pub(super) fn body(self) -> Option<i64> {
        (self.sitter != self.author).then_some(self.author)
    }
}

/// A place at a draft that a reader may take.
#[derive(Debug, Clone)]
pub struct SeatView {
    /// The author whose place it is.
    pub actor: ActorView,
    /// Whether it is the reader's own.
    pub is_own: bool,
    /// What its author is to the draft.
    pub authorship: Authorship,
    /// Whether they agreed to the text and the names as they are now.
    pub agreed: bool,
}

impl Service {
    /// Holds a draft that the caller sees, at the place they take.
    pub(super) async fn hold_draft(
        &self,
        caller: &Caller,
        desk: Desk,
    ) -> Result<(Tx, Held), ServiceError> {
        let tx = self.store.begin().await?;
        let draft = drafts::hold(&tx, desk.draft).await?.ok_or(NO_DRAFT)?;
        let mut held = super::load(&tx, draft, caller.actor.id).await?;
        if let Some(body) = desk.on_behalf_of.filter(|uri| *uri != caller.actor.uri) {
            let sees = held.authorship(caller.actor.id).is_some_and(Authorship::sees);
            held.seat.author = match self.co_author_for(&tx, caller, &body).await? {
                Some((author, _)) => author,
                // To who is no author there is no draft, whatever they claim.
                None if sees => {
                    return Err(ServiceError::NotPermitted {
                        why: "that organisation has not said that you may write along in its name",
                    });
                }
                None => return Err(NO_DRAFT),
            };
        }
        match held.authorship(held.seat.author) {
            Some(own) if own.sees() => Ok((tx, held)),
            _ => Err(NO_DRAFT),
        }
    }

    /// Holds a draft that the caller writes, at the place they take.
    pub(super) async fn write_draft(
        &self,
        caller: &Caller,
        desk: Desk,
    ) -> Result<(Tx, Held), ServiceError> {
        let (tx, held) = self.hold_draft(caller, desk).await?;
        Self::may_act(caller)?;
        if held.authorship(held.seat.author) == Some(Authorship::Joined) {
            Ok((tx, held))
        } else {
            Err(ServiceError::NotPermitted { why: "join the draft first" })
        }
    }

    /// Key of an organisation in whose name the caller may write along, and its mandate; none where they may not.
    pub(super) async fn co_author_for(
        &self,
        db: &impl Source,
        caller: &Caller,
        body: &str,
    ) -> Result<Option<(i64, Spoken)>, ServiceError> {
        let spoken = self.spoken(db, caller, Some(body), None, Scope::CoAuthor).await?;
        if !spoken.is_mandated() {
            return Ok(None);
        }
        Ok(actors::by_uri(db, body).await?.map(|actor| (actor.id, spoken)))
    }

    /// Keys of the authors at whose places a reader may sit: their own first, then organisations by name.
    pub(super) async fn places_of(&self, caller: &Caller) -> Result<Vec<i64>, ServiceError> {
        let mut places = vec![caller.actor.id];
        let bodies = self.principals_of(&caller.actor.uri, Scope::CoAuthor).await?;
        for body in bodies.iter().filter(|body| body.local) {
            places.extend(actors::by_uri(&self.store, &body.uri).await?.map(|actor| actor.id));
        }
        Ok(places)
    }
}

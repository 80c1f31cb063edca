//! Who is an author of a revision: whom it names, and who of them said so with their own key (protocol 4.b). Nobody can
//! be made a signatory by somebody else, and a new text needs a new word of each.

use super::{Service, ServiceError, read::ActorView};
use crate::{
    domain::position::{CO_AUTHOR_TERM, PositionAct},
    protocol::quirks::plain_term,
    store::projections::{self, Opinion, Position, Revision},
};

/// What stands behind an author's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// Signed the text itself: the opinion is under their key.
    Text,
    /// Said of the revision with this number that it is theirs: of the one shown, or of an earlier one.
    Confirmed(i64),
    /// Is named, and has not confirmed it.
    Named,
}

/// An author of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAuthor {
    /// Who.
    pub actor: ActorView,
    /// What stands behind the name.
    pub signature: Signature,
}

impl Service {
    /// The authors of a revision: who signs it first, then the others as it names them.
    pub async fn authors_of(
        &self,
        opinion: &Opinion,
        revision: &Revision,
    ) -> Result<Vec<NamedAuthor>, ServiceError> {
        let mut named: Vec<String> = serde_json::from_str(&revision.authors).unwrap_or_default();
        named.retain(|uri| *uri != opinion.author);
        let acts = if named.is_empty() {
            Vec::new()
        } else {
            projections::positions_of(&self.store, opinion.room_id, &opinion.uri, &named).await?
        };
        let uris = std::iter::once(opinion.author.clone()).chain(named.iter().cloned());
        let mut views = self.actor_views(uris).await?;
        let signed = views
            .remove(&opinion.author)
            .map(|actor| NamedAuthor { actor, signature: Signature::Text });
        let others = named.iter().filter_map(|uri| {
            let actor = views.remove(uri)?;
            Some(NamedAuthor { actor, signature: signature(uri, revision, &acts) })
        });
        Ok(signed.into_iter().chain(others).collect())
    }
}

/// What an author said of a revision; else of the last one they said so of. Of one text the last act counts: who
/// objects to it after having confirmed it does not stand behind it any more.
fn signature(uri: &str, revision: &Revision, acts: &[Position]) -> Signature {
    let own: Vec<&Position> = acts
        .iter()
        .filter(|act| act.confirmed && act.on_behalf_of.as_deref().unwrap_or(&act.actor) == uri)
        .collect();
    let confirms = |act: &Position| {
        let last = own.iter().rev().find(|other| other.revision_digest == act.revision_digest);
        let role = act.role.as_deref().map(plain_term);
        role == Some(plain_term(CO_AUTHOR_TERM))
            && act.kind != PositionAct::WITHDRAWN_WORD
            && act.withdrawn_at.is_none()
            && last.is_some_and(|last| last.entry_hash == act.entry_hash)
    };
    let confirmed = || own.iter().filter(|act| confirms(act));
    if confirmed().any(|act| act.revision_digest == revision.digest) {
        return Signature::Confirmed(revision.number);
    }
    confirmed().map(|act| act.revision).max().map_or(Signature::Named, Signature::Confirmed)
}

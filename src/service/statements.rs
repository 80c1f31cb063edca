//! Separate statements: what an actor files on one revision of an opinion as a whole, always shown with its text
//! (product B7). On the wire a reply like any other, so whoever does not know the kind still shows the words. Of one
//! actor and revision the last one counts; it is filed anew, never edited.

use super::{
    Caller, FieldError, Service, ServiceError, acts::Acted, comments::Words,
    delegations::FieldErrorOr, error::markup as markup_error, read::CommentView, topics::language,
};
use crate::{
    domain::{
        comment::CommentKind,
        delegation::Scope,
        markup,
        position::Capacity,
        statement::{self, Filed},
    },
    protocol::{
        compose::Anchor,
        quirks::{id_of, text_of},
    },
    store::projections::{self, Comment},
};

/// A statement to file.
#[derive(Debug, Clone)]
pub struct NewStatement {
    /// Markdown.
    pub content: String,
    /// The revision it is on.
    pub revision: i64,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// In which capacity; an organisation's account speaks for the organisation.
    pub capacity: Option<Capacity>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

impl Service {
    /// Files a separate statement on a revision; it takes the place of the caller's earlier one on it.
    pub async fn file_statement(
        &self,
        caller: &Caller,
        opinion_uri: &str,
        new: NewStatement,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, _) = self.open_opinion(&tx, opinion_uri).await?;
        let revisions = projections::revisions(&tx, opinion.room_id, opinion_uri).await?;
        let revision = revisions
            .iter()
            .find(|row| {
                row.number == new.revision && (row.current || row.number != opinion.revision)
            })
            .ok_or_else(|| ServiceError::no_revision(new.revision, &revisions))?;
        let source = markup::clean(&new.content);
        let tag = new.language.clone().unwrap_or_else(|| opinion.language.clone());
        let mut wrong = Vec::new();
        if source.trim().is_empty() {
            wrong.push(FieldError::new("content", "must not be empty"));
        }
        language(&mut wrong, &tag);
        let html = markup::render_comment(&source).map_err(markup_error("content"));
        let spoken = self
            .spoken(&tx, caller, new.on_behalf_of.as_deref(), new.capacity, Scope::Comment)
            .await;
        let (html, spoken) = match (html, spoken) {
            (_, Err(FieldErrorOr::Other(error))) => return Err(error),
            (Ok(html), Ok(spoken)) if wrong.is_empty() => (html, spoken),
            (html, spoken) => {
                wrong.extend(html.err());
                if let Err(FieldErrorOr::Field(error)) = spoken {
                    wrong.push(error);
                }
                return Err(ServiceError::Invalid(wrong));
            }
        };
        if spoken.mandate().is_some() {
            let hand = self.hand_of(&tx, &opinion).await?;
            self.bring_mandate(&tx, &hand, &spoken).await?;
        }
        let anchor = Anchor {
            source: opinion.uri.clone(),
            revision: revision.number,
            digest: revision.digest.clone(),
            block: None,
            exact: None,
            around: (String::new(), String::new()),
            missing_here: false,
        };
        let parent = (opinion.uri.clone(), opinion.author.clone());
        let words = Words {
            content: &html,
            source: Some(&source),
            language: &tag,
            anchors: &[anchor],
            comment_kind: Some(CommentKind::SeparateStatement),
            capacity: spoken.capacity.term(),
            mandate: spoken.mandate(),
            stakeholder_group: spoken.stakeholder_group.as_deref(),
            position: None,
            disposition: None,
            signed_in_as: None,
            pictures: &[],
        };
        let acted = self.send_note(&tx, &caller.actor, &opinion, &parent, &words).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// The separate statements on the revision with this digest: of each actor the last.
    pub async fn statements(
        &self,
        room_id: i64,
        opinion_uri: &str,
        digest: &str,
    ) -> Result<Vec<CommentView>, ServiceError> {
        let kind = CommentKind::SeparateStatement.word();
        let mut filed =
            projections::answers_of_kind(&self.store, room_id, opinion_uri, kind).await?;
        filed.retain(|comment| is_on(&comment.anchors, digest));
        let last = statement::last_of_each(filed, |comment| Filed {
            author: principal(comment),
            at: comment.published,
            id: comment.uri.clone(),
        });
        self.comment_views(last).await
    }
}

/// In whose name it was filed: a claim that is not confirmed takes the place of nobody's.
fn principal(comment: &Comment) -> String {
    match &comment.on_behalf_of {
        Some(claimed) => format!("{claimed} by {}", comment.author),
        None => comment.author.clone(),
    }
}

/// Whether an anchor names the text with this digest as a whole.
fn is_on(anchors: &str, digest: &str) -> bool {
    let anchors: Vec<serde_json::Value> = serde_json::from_str(anchors).unwrap_or_default();
    anchors.iter().any(|anchor| {
        text_of(anchor, "block").is_none()
            && id_of(anchor, "revisionDigest").as_deref() == Some(digest)
    })
}

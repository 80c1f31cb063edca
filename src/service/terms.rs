//! The terms of a topic: which text defines what, side by side. Computed from the signed texts when read; what one
//! text defines is remembered by its digest, under which it never changes.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;

use super::{Service, ServiceError, read::OpinionView};
use crate::{
    domain::{
        blocks,
        opinion::OpinionStatus,
        terms::{self, Term},
    },
    store::rooms::Room,
};

/// Texts whose terms are remembered.
const TEXTS_READ_MAX: u64 = 10_000;

/// One definition of a term.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The opinion, with the revision it stands in.
    pub opinion: OpinionView,
    /// The term and what it means there.
    pub term: Term,
}

/// A term with every definition of it in a topic.
#[derive(Debug, Clone)]
pub struct DefinedTerm {
    /// By which it is the same term in every text.
    pub key: String,
    /// As the first of these texts writes it.
    pub words: String,
    /// Definitions, in the order of the opinions given.
    pub definitions: Vec<Definition>,
}

impl Service {
    /// The terms of a topic, in the order in which its opinions, newest first, define them.
    pub async fn terms(&self, room: &Room) -> Result<Vec<DefinedTerm>, ServiceError> {
        let mut opinions = self.opinions(room).await?;
        // What was taken back or replaced defines nothing any more.
        opinions.retain(|view| {
            !matches!(
                view.opinion.status.parse(),
                Ok(OpinionStatus::Withdrawn | OpinionStatus::Superseded)
            )
        });
        Ok(side_by_side(opinions))
    }
}

/// One row for each term, one column for each text that defines it.
pub fn side_by_side(opinions: Vec<OpinionView>) -> Vec<DefinedTerm> {
    let mut rows: Vec<DefinedTerm> = Vec::new();
    for opinion in opinions {
        for term in terms_of(&opinion).iter() {
            let definition = Definition { opinion: opinion.clone(), term: term.clone() };
            match rows.iter_mut().find(|row| row.key == term.key) {
                Some(row) => row.definitions.push(definition),
                None => rows.push(DefinedTerm {
                    key: term.key.clone(),
                    words: term.words.clone(),
                    definitions: vec![definition],
                }),
            }
        }
    }
    rows
}

fn terms_of(opinion: &OpinionView) -> Arc<Vec<Term>> {
    static READ: LazyLock<Cache<String, Arc<Vec<Term>>>> =
        LazyLock::new(|| Cache::new(TEXTS_READ_MAX));
    READ.get_with_by_ref(&opinion.shown.digest, || {
        Arc::new(terms::terms(&blocks::split(&opinion.shown.content)))
    })
}

//! The endpoint of a topic's terms.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{extract::ApiQuery, problem::Problem},
    BASE,
    entity::{List, Participant},
    paging::{PageQuery, Place, Run},
};
use crate::service::{
    Service,
    terms::{DefinedTerm, Definition},
};

/// A term with every definition of it in a topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TermEntity {
    /// The term, as the first of these texts writes it.
    term: String,
    /// What the texts say it means.
    definitions: Vec<DefinitionEntity>,
}

/// What one text says that a term means.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DefinitionEntity {
    /// The term as this text writes it.
    term: String,
    /// Its definition, plain text; a line for each paragraph.
    definition: String,
    /// BCP 47.
    language: String,
    /// Id of the opinion.
    opinion: String,
    /// This instance's key for it.
    key: String,
    /// Who answers for it.
    author: Participant,
    /// The revision it stands in.
    revision: i64,
    /// Its digest.
    revision_digest: String,
    /// n of §n where it begins.
    paragraph: usize,
    /// Id of that block.
    block: String,
}

impl From<Definition> for DefinitionEntity {
    fn from(given: Definition) -> Self {
        let opinion = given.opinion;
        Self {
            term: given.term.words,
            definition: given.term.definition,
            paragraph: given.term.number,
            block: given.term.block,
            language: opinion.shown.language,
            key: opinion.key.to_string(),
            author: opinion.author.into(),
            revision: opinion.shown.number,
            revision_digest: opinion.shown.digest,
            opinion: opinion.opinion.uri,
        }
    }
}

impl From<(i64, DefinedTerm)> for TermEntity {
    fn from((_, row): (i64, DefinedTerm)) -> Self {
        Self { term: row.words, definitions: row.definitions.into_iter().map(Into::into).collect() }
    }
}

/// The terms that the opinions of a topic define, with every definition: of the newest opinion first, in the order of
/// its text.
#[utoipa::path(get, path = "/topics/{slug}/terms", tag = "topics",
    params(("slug" = String, Path, description = "Slug of the topic here"), PageQuery),
    responses((status = 200, body = List<TermEntity>), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn list_terms(
    State(service): State<Service>,
    Path(slug): Path<String>,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<List<TermEntity>>, Problem> {
    let room = service.room(&slug).await?;
    let rows: Vec<(i64, DefinedTerm)> = (0..).zip(service.terms(&room).await?).collect();
    let place = |(at, _): &(i64, DefinedTerm)| Place { at_millis: *at, key: *at };
    Ok(Json(page.list(&format!("{BASE}/topics/{slug}/terms"), rows, Run::Ascending, place)?))
}

//! The terms of a topic: one row for each, one column for each text that defines it, and who stands where on that text.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    error_page::Refusal,
    frame, map,
    session::Visitor,
    standing::Standing,
    view::{DefinitionView, Section, StandingRow, TermRow, TermsPage},
};
use crate::{
    domain::rotation::{Place, rotate},
    service::{
        Service,
        read::OpinionView,
        terms::{Definition, side_by_side},
    },
};

/// `GET /t/{slug}/terms`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    let room = service.room(&slug).await?;
    // Columns in fair rotation of the texts, as everywhere; rows as these texts define them.
    let mut opinions: BTreeMap<String, OpinionView> = BTreeMap::new();
    for row in service.terms(&room).await? {
        for given in row.definitions {
            opinions.insert(given.opinion.opinion.uri.clone(), given.opinion);
        }
    }
    let place = |view: &OpinionView| Place {
        group: view.group,
        actor: view.opinion.author.clone(),
        entry: view.shown.entry_hash.clone(),
    };
    let opinions: Vec<OpinionView> = opinions.into_values().collect();
    let (opinions, order_start) = rotate(&room.topic, service.now(), opinions, place);
    let mut standing: BTreeMap<String, Vec<StandingRow>> = BTreeMap::new();
    for view in &opinions {
        let mut rows = Standing::first_names(&service, view).await?.rows(&visitor, view);
        rows.retain(|row| !row.cells.is_empty());
        standing.insert(view.opinion.uri.clone(), rows);
    }
    let rows = side_by_side(opinions)
        .into_iter()
        .enumerate()
        .map(|(at, row)| TermRow {
            anchor: format!("t-{}", at + 1),
            words: row.words,
            definitions: row.definitions.iter().map(|given| definition(given, &standing)).collect(),
        })
        .collect();
    frame::show(&TermsPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        topic: map::room_link(&room.name, &room.slug, &room.language),
        rows,
        order_start,
    })
}

fn definition(given: &Definition, standing: &BTreeMap<String, Vec<StandingRow>>) -> DefinitionView {
    let view = &given.opinion;
    DefinitionView {
        opinion: map::opinion_link(view),
        voice: map::voice(&view.author, view.group, None),
        revision: view.shown.number,
        paragraph: given.term.number,
        href: format!(
            "{}/revisions/{}#{}",
            map::opinion_href(view.key),
            view.shown.number,
            given.term.block
        ),
        text: map::text(&given.term.definition, &view.shown.language),
        standing: standing.get(&view.opinion.uri).cloned().unwrap_or_default(),
    }
}

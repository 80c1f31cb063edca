//! How to take part from one's own server: the address to search for, and the words to write.

use axum::{extract::State, response::Response};

use super::{
    error_page::Refusal,
    fields::Asked,
    frame, map,
    opinions::find,
    session::Visitor,
    view::{FromPage, Section, WordRow},
};
use crate::{
    domain::{
        position::{PositionAct, PositionKind},
        reply::{ACTS, Tongue, words},
    },
    service::Service,
};

/// `GET /from`, with `?o=` the key of an opinion
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let opinion = match asked.get("o") {
        "" => None,
        key => {
            let view = find(&service, key, None).await?;
            Some((map::opinion_link(&view), view.opinion.uri))
        }
    };
    let tongue = Tongue::of_tag(visitor.t.language.code()).unwrap_or(Tongue::English);
    let first = |tongue, act| words(tongue, act).first().copied().unwrap_or_default();
    let objection = PositionAct::Take(PositionKind::Objection);
    let colon = visitor.t.plain("colon");
    let others = Tongue::ALL.iter().copied().filter(|other| *other != tongue);
    frame::show(&FromPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        opinion,
        tongue,
        rows: ACTS
            .iter()
            .map(|act| WordRow {
                act: *act,
                word: first(tongue, *act),
                also: words(tongue, *act).iter().skip(1).copied().collect(),
            })
            .collect(),
        example: format!(
            "{} §4{colon}{}",
            first(tongue, objection),
            visitor.t.plain("from-example-reason")
        ),
        others: others
            .map(|other| (other, ACTS.iter().map(|act| first(other, *act)).collect()))
            .collect(),
    })
}

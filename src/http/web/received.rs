//! What other servers sent that is in no record: replies only for the reader, and reports, for moderators.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    error_page::Refusal,
    fields::{Asked, Fields},
    frame, map,
    session::Visitor,
    view::{Link, PrivatePage, PrivateRow, ReportRow, ReportsPage, SafeHtml, Section},
};
use crate::{
    base::clock::Timestamp,
    service::{Service, ServiceError},
};

/// Rows on one page.
const PAGE: u64 = 20;

/// `GET /private`
pub(super) async fn private(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let offset: u64 = asked.get("after").parse().unwrap_or_default();
    let (views, more) = service.private_notes(visitor.caller()?, PAGE, offset).await?;
    let rows = views
        .into_iter()
        .map(|view| PrivateRow {
            at: Timestamp::from_millis(view.note.published),
            voice: map::voice(&view.author, view.author.group, None),
            object: view.opinion.map(|(key, name, lang)| Link {
                text: name,
                href: map::opinion_href(key),
                lang,
            }),
            html: SafeHtml::sanitized(&crate::domain::markup::sanitize(&view.note.content)),
            lang: view.note.language.unwrap_or_default(),
        })
        .collect();
    frame::show(&PrivatePage {
        t: visitor.t,
        page: visitor.page(Section::Notices),
        rows,
        is_first: offset == 0,
        next_href: more.then(|| format!("/private?after={}", offset.saturating_add(PAGE))),
    })
}

/// `GET /reports`
pub(super) async fn reports(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let offset: u64 = asked.get("after").parse().unwrap_or_default();
    let (views, more) = service.reports(visitor.caller()?, PAGE, offset).await?;
    let rows = views
        .into_iter()
        .map(|view| ReportRow {
            at: view.received_at,
            host: if service.paths.is_ours(&view.reporter) { view.reporter } else { view.host },
            objects: view.objects,
            content: view.content,
            category: view.category,
            closed_at: view.closed_at,
            close_href: format!("/reports/{}/close", view.key),
        })
        .collect();
    frame::show(&ReportsPage {
        t: visitor.t,
        page: visitor.page(Section::Notices),
        rows,
        is_first: offset == 0,
        next_href: more.then(|| format!("/reports?after={}", offset.saturating_add(PAGE))),
    })
}

/// `POST /reports/{key}/close`
pub(super) async fn close(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let key = key.parse().ok().ok_or(ServiceError::NotFound { what: "report" })?;
    service.close_report(caller, key).await?;
    Ok(Redirect::to("/reports").into_response())
}

//! The revisions of an opinion: their history, and two of them compared word by word.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    error_page::Refusal,
    fields::Asked,
    frame, map,
    opinions::{find, number},
    session::Visitor,
    standing::Standing,
    view::{ComparePage, HistoryPage, HistoryRow, Section},
};
use crate::{
    domain::{blocks, diff},
    service::{Service, ServiceError},
};

/// `GET /o/{key}/history`
pub(super) async fn history(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let view = find(&service, &key, None).await?;
    let href = map::opinion_href(view.key);
    let rows = view
        .revisions
        .iter()
        .rev()
        .map(|revision| HistoryRow {
            revision: map::revision_ref(&view, revision.number),
            voice: map::voice(&view.author, view.group, None),
            change_note: map::text(
                revision.change_note.as_deref().unwrap_or_default(),
                &revision.language,
            ),
            receipt: None,
            compare_href: revision
                .previous
                .is_some()
                .then(|| format!("{href}/diff/{}..{}", revision.number - 1, revision.number)),
        })
        .collect();
    frame::show(&HistoryPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&view),
        rows,
    })
}

/// `GET /o/{key}/diff?from=&to=`: what the picker asks for, under its lasting address.
pub(super) async fn pick(
    State(service): State<Service>,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let view = find(&service, &key, None).await?;
    let href = map::opinion_href(view.key);
    let (from, to) = (number(asked.get("from"))?, number(asked.get("to"))?);
    Ok(Redirect::to(&format!("{href}/diff/{from}..{to}")).into_response())
}

/// `GET /o/{key}/diff/{a}..{b}`
pub(super) async fn compare(
    State(service): State<Service>,
    visitor: Visitor,
    Path((key, range)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let not_found = || ServiceError::NotFound { what: "comparison" };
    let (from, to) = range.split_once("..").ok_or_else(not_found)?;
    let (from, to) = (number(from)?, number(to)?);
    // The later one is always what the earlier one became.
    let (from, to) = (from.min(to), from.max(to));
    let view = find(&service, &key, Some(to)).await?;
    let earlier =
        view.revisions.iter().find(|revision| revision.number == from).ok_or_else(not_found)?;
    let standing = Standing::of(&service, &view).await?;
    let own_position = standing.own(&visitor).filter(|own| own.revision < to);
    let mut numbers: Vec<i64> = view.revisions.iter().map(|revision| revision.number).collect();
    numbers.dedup();
    let href = map::opinion_href(view.key);
    let changes =
        diff::compare(&blocks::split(&earlier.content), &blocks::split(&view.shown.content));
    let note = view.shown.change_note.as_deref().filter(|note| !note.is_empty());
    frame::show(&ComparePage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&view),
        from: map::revision_ref(&view, from),
        to: map::revision_ref(&view, to),
        revisions: numbers,
        picker_href: format!("{href}/diff"),
        lang: view.shown.language.clone(),
        abstract_runs: diff::words(&earlier.abstract_text, &view.shown.abstract_text),
        changes: changes.into_iter().map(Into::into).collect(),
        change_note: note.map(|note| map::text(note, &view.shown.language)),
        own_position,
        position_href: Some(format!("{href}/position?revision={to}")),
    })
}

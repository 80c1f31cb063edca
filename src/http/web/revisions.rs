//! The revisions of an opinion: their history, two of them compared word by word, and each as a file.

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    about,
    error_page::Refusal,
    fields::Asked,
    frame, map,
    opinions::{find, number},
    session::Visitor,
    standing::Standing,
    view::{ComparePage, HistoryPage, HistoryRow, Section},
};
use crate::{
    base::clock::Timestamp,
    domain::{blocks, diff, markup},
    service::{Service, ServiceError, read::OpinionView},
};

/// `GET /o/{key}/history`
pub(super) async fn history(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let view = find(&service, &key, None).await?;
    show_history(&service, &visitor, &view, None).await
}

/// The revisions that are held, where one was asked for that is not.
pub(super) async fn unknown(
    service: &Service,
    visitor: &Visitor,
    key: &str,
    asked: i64,
) -> Result<Response, Refusal> {
    let view = find(service, key, None).await?;
    show_history(service, visitor, &view, Some(asked)).await
}

async fn show_history(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
    unknown: Option<i64>,
) -> Result<Response, Refusal> {
    let href = map::opinion_href(view.key);
    let mut rows = Vec::new();
    for revision in view.revisions.iter().rev() {
        let receipt =
            service.receipt_at(view.room.id, &revision.entry_hash, revision.received_at).await?;
        rows.push(HistoryRow {
            revision: map::revision_ref(view, revision.number),
            authors: about::authors(&service.authors_of(&view.opinion, revision).await?),
            voice: map::voice(&view.author, view.group, None),
            change_note: map::text(
                revision.change_note.as_deref().unwrap_or_default(),
                &revision.language,
            ),
            receipt: receipt.map(map::receipt_held),
            compare_href: revision
                .previous
                .is_some()
                .then(|| format!("{href}/diff/{}..{}", revision.number - 1, revision.number)),
            markdown_href: format!("{href}/revisions/{}.md", revision.number),
        });
    }
    let page = HistoryPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(view),
        unknown,
        rows,
    };
    let status = if unknown.is_some() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    frame::show_with(status, &page)
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
    let side = if asked.get("view") == "side" { "?view=side" } else { "" };
    Ok(Redirect::to(&format!("{href}/diff/{from}..{to}{side}")).into_response())
}

/// `GET /o/{key}/diff/{a}..{b}`, with `?view=side` for both texts side by side
pub(super) async fn compare(
    State(service): State<Service>,
    visitor: Visitor,
    Path((key, range)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let not_found = || ServiceError::NotFound { what: "comparison" };
    let (from, to) = range.split_once("..").ok_or_else(not_found)?;
    let (from, to) = (number(from)?, number(to)?);
    // The later one is always what the earlier one became.
    let (from, to) = (from.min(to), from.max(to));
    let current = find(&service, &key, None).await?;
    for asked in [from, to] {
        if !current.revisions.iter().any(|revision| revision.number == asked) {
            return show_history(&service, &visitor, &current, Some(asked)).await;
        }
    }
    let view = find(&service, &key, Some(to)).await?;
    let earlier =
        view.revisions.iter().find(|revision| revision.number == from).ok_or_else(not_found)?;
    let own_position = Standing::own_of(&service, &visitor, &view).await?;
    let own_position = own_position.filter(|own| own.revision < to);
    let mut numbers: Vec<i64> = view.revisions.iter().map(|revision| revision.number).collect();
    numbers.dedup();
    let href = map::opinion_href(view.key);
    let is_side = asked.get("view") == "side";
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
        is_side,
        other_view_href: format!(
            "{href}/diff/{from}..{to}{}",
            if is_side { "" } else { "?view=side" }
        ),
        lang: view.shown.language.clone(),
        title_runs: diff::words(&earlier.name, &view.shown.name),
        abstract_runs: diff::words(&earlier.abstract_text, &view.shown.abstract_text),
        changes: changes.into_iter().map(Into::into).collect(),
        change_note: note.map(|note| map::text(note, &view.shown.language)),
        own_position,
        position_href: Some(format!("{href}/position?revision={to}")),
    })
}

/// A revision as a Markdown file, with what it is above it.
pub(super) fn markdown(service: &Service, view: &OpinionView) -> Response {
    let shown = &view.shown;
    let line = markup::as_markdown_line;
    let authors: Vec<String> = view.authors.iter().map(|author| line(&author.actor.name)).collect();
    let day = Timestamp::from_millis(shown.published).to_date();
    let text = format!(
        "# {}\n\n{}\n\nRevision {}, {day}\n<{}>\n`{}`\n\n> {}\n\n{}",
        line(&shown.name),
        authors.join(", "),
        shown.number,
        view.opinion.uri,
        shown.digest,
        line(&shown.abstract_text),
        service.markdown(shown),
    );
    let name = format!("attachment; filename=\"opinion-{}-r{}.md\"", view.key, shown.number);
    let kind = "text/markdown; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response()
}

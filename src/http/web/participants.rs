//! A participant who has their account here: who they say they are, and what they did.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    error_page::Refusal,
    frame, map,
    session::Visitor,
    titles::Titles,
    view::{Deed, Link, LogRow, ParticipantPage, SafeHtml, Section},
};
use crate::{base::clock::Timestamp, domain::markup::plain_text, service::Service};

const LOG_ROWS_MAX: usize = 20;

/// `GET /p/{name}`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let view = service.participant(&name).await?;
    let mut titles = Titles::default();
    let own = |deed, group, millis: i64, object: Option<Link>| LogRow {
        at: Timestamp::from_millis(millis),
        voice: map::voice(&view.actor, group, None),
        deed,
        object,
        entry_href: None,
    };
    let mut log = Vec::new();
    for opinion in &view.opinions {
        for revision in &opinion.revisions {
            let deed = if revision.number == 1 { Deed::Published } else { Deed::Revised };
            let link = Some(map::opinion_link(opinion));
            log.push(own(deed, opinion.group, revision.published, link));
        }
    }
    for comment in &view.comments {
        let uri = comment.comment.opinion_uri.as_deref().unwrap_or_default();
        let link = titles.opinion(&service, uri).await?;
        let link =
            link.map(|link| Link { href: format!("{}#c-{}", link.href, comment.key), ..link });
        log.push(own(Deed::Commented, comment.group, comment.comment.published, link));
    }
    for position in &view.positions {
        let link = titles.opinion(&service, &position.position.opinion_uri).await?;
        log.push(own(Deed::TookPosition, position.group, position.position.published, link));
    }
    log.retain(|row| row.object.is_some());
    log.sort_by_key(|row| std::cmp::Reverse(row.at));
    log.truncate(LOG_ROWS_MAX);
    frame::show(&ParticipantPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        voice: map::voice(&view.actor, view.actor.group, None),
        is_organisation: view.actor.kind == "Organization",
        handle: format!("@{}", view.actor.handle),
        since: None,
        summary: (!plain_text(&view.summary).is_empty())
            .then(|| SafeHtml::sanitized(&view.summary)),
        home_href: (!view.actor.local).then(|| map::actor_href(&view.actor)),
        opinions: view.opinions.iter().map(map::opinion_row).collect(),
        log,
    })
}

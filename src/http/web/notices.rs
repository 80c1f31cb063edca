//! What the reader is told, and the three answers to a new revision: each is one click and a new signed act.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    changes,
    error_page::{Refusal, found},
    fields::{Asked, Fields},
    frame,
    map::{self, Done},
    session::Visitor,
    view::{Deed, NoticeRow, NoticesPage, Revised, RevisedState, Section},
};
use crate::{
    base::clock::Timestamp,
    service::{
        Service, ServiceError,
        acts::Acted,
        notices::{Answer, NoticeKind, NoticeView},
        read::OpinionView,
    },
};

/// Notices on one page.
const PAGE: u64 = 20;
/// Comparisons on one page: reading two texts and comparing them takes a while.
const COMPARED_MAX: usize = 5;

/// `GET /notices`
pub(super) async fn list(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let offset: u64 = asked.get("after").parse().unwrap_or_default();
    let (views, more) = service.notices(caller, PAGE, offset).await?;
    let newest = views.first().map(|view| view.notice.id);
    let mut compared = 0;
    let mut rows = Vec::new();
    for view in views {
        let asks = view.answer == Answer::Open && view.kind == NoticeKind::Revision;
        let compares = asks && compared < COMPARED_MAX;
        compared += usize::from(compares);
        rows.push(row(&service, view, compares).await?);
    }
    frame::show(&NoticesPage {
        t: visitor.t,
        page: visitor.page(Section::Notices),
        rows,
        newest,
        is_first: offset == 0,
        next_href: more.then(|| format!("/notices?after={}", offset.saturating_add(PAGE))),
    })
}

async fn row(service: &Service, view: NoticeView, compares: bool) -> Result<NoticeRow, Refusal> {
    let NoticeView { notice, kind, opinion, actor, position, answer } = view;
    let object = match (&opinion, kind) {
        (None, _) => None,
        (Some(opinion), NoticeKind::Revision) => Some(map::opinion_link(opinion)),
        (Some(opinion), _) => {
            let mut link = map::opinion_link(opinion);
            link.href = place(service, opinion, &notice.object_uri).await?;
            Some(link)
        }
    };
    let revised = match (&opinion, kind, notice.revision, notice.from_revision) {
        (Some(opinion), NoticeKind::Revision, Some(to), Some(from)) => {
            let held = position.as_ref().and_then(|held| Some((held, held.kind.parse().ok()?)));
            let state = match (answer, held) {
                (Answer::Open, Some((held, kind))) => RevisedState::Open {
                    kind,
                    statement: map::text(
                        held.statement.as_deref().unwrap_or_default(),
                        held.language.as_deref().unwrap_or_default(),
                    ),
                    keep_href: format!("/notices/{}/keep", notice.id),
                    change_href: change_href(service, opinion, held).await?,
                    withdraw_href: format!("/notices/{}/withdraw", notice.id),
                },
                (Answer::Moved, _) => RevisedState::Moved,
                (Answer::Overtaken, _) => RevisedState::Overtaken,
                (Answer::Withdrawn | Answer::Open, _) => RevisedState::Withdrawn,
            };
            let body = position.as_ref().and_then(|held| held.on_behalf_of.clone());
            let body = match body {
                Some(uri) => service.actor_views([uri.clone()]).await?.remove(&uri),
                None => None,
            };
            Some(Revised {
                changes: changes::in_short(opinion, from, to, compares),
                on_behalf_of: body.map(|body| body.name),
                state,
            })
        }
        _ => None,
    };
    let voice = map::voice(&actor, actor.group, None);
    Ok(NoticeRow {
        id: notice.id,
        at: Timestamp::from_millis(notice.at),
        is_unread: notice.read_at.is_none(),
        kind,
        voice,
        object,
        revised,
    })
}

/// Where a comment or a position of this id is shown.
async fn place(
    service: &Service,
    opinion: &OpinionView,
    object: &str,
) -> Result<String, ServiceError> {
    let href = map::opinion_href(opinion.key);
    match found(service.comment_view(object).await)? {
        Some(comment) => Ok(format!("/c/{}", comment.key)),
        None => match found(service.position_view(object).await)? {
            Some(position) => Ok(format!("{href}/positions#s-{}", position.key)),
            None => Ok(href),
        },
    }
}

/// The form of a position, filled in with the one that stands.
async fn change_href(
    service: &Service,
    opinion: &OpinionView,
    held: &crate::service::read::Position,
) -> Result<String, ServiceError> {
    let uri = crate::service::read::position_uri(held);
    let key = service.position_view(uri).await?.key;
    Ok(format!("{}/position?change={key}", map::opinion_href(opinion.key)))
}

/// `POST /notices/read`
pub(super) async fn read(
    State(service): State<Service>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let up_to = fields.get("upTo").parse().unwrap_or_default();
    service.read_notices(caller, up_to).await?;
    Ok(Redirect::to("/notices").into_response())
}

/// `POST /notices/{key}/keep`
pub(super) async fn keep(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let acted = service.keep_position(caller, number(&key)?).await?;
    done(&service, &visitor, Deed::TookPosition, acted).await
}

/// `POST /notices/{key}/withdraw`
pub(super) async fn withdraw(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let acted = service.withdraw_noticed(caller, number(&key)?).await?;
    done(&service, &visitor, Deed::Withdrew, acted).await
}

fn number(key: &str) -> Result<i64, ServiceError> {
    key.parse().ok().ok_or(ServiceError::NotFound { what: "notice" })
}

/// What was recorded with its receipt; where it was answered before, the list.
async fn done(
    service: &Service,
    visitor: &Visitor,
    deed: Deed,
    acted: Option<Acted>,
) -> Result<Response, Refusal> {
    let Some(acted) = acted else { return Ok(Redirect::to("/notices").into_response()) };
    let taken = service.position_view(&acted.uri).await?;
    let view = service.opinion(&taken.position.opinion_uri, None).await?;
    let undo_href =
        (deed == Deed::TookPosition).then(|| format!("/positions/{}/withdraw", taken.key));
    let done =
        Done { deed, object: map::opinion_link(&view), slug: view.room.slug.clone(), undo_href };
    frame::show(&done.page(service, visitor, &acted).await?)
}

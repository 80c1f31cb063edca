//! A participant who has their account here: who they say they are, and what they did.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    error_page::Refusal,
    frame, lines, map,
    session::Visitor,
    settings::attested_row,
    view::{Deed, FormErrors, Link, LogRow, ParticipantPage, SafeHtml, Section, Vouched, Vouching},
};
use crate::{base::clock::Timestamp, domain::markup::plain_text, service::Service};

const LOG_ROWS_MAX: usize = 20;

/// `GET /p/{name}`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    frame::show(&page(&service, &visitor, &name).await?)
}

/// The page of a participant, as this reader sees it.
pub(super) async fn page(
    service: &Service,
    visitor: &Visitor,
    name: &str,
) -> Result<ParticipantPage, Refusal> {
    let view = service.participant(name).await?;
    let on = view.comments.iter().filter_map(|view| view.comment.opinion_uri.clone());
    let taken = view.positions.iter().map(|view| view.position.opinion_uri.clone());
    let names = service.opinion_names(on.chain(taken)).await?;
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
        let link = names.get(uri).map(lines::link_to);
        let link =
            link.map(|link| Link { href: format!("{}#c-{}", link.href, comment.key), ..link });
        log.push(own(Deed::Commented, comment.group, comment.comment.published, link));
    }
    for position in &view.positions {
        let link = names.get(&position.position.opinion_uri).map(lines::link_to);
        log.push(own(Deed::TookPosition, position.group, position.position.published, link));
    }
    log.retain(|row| row.object.is_some());
    log.sort_by_key(|row| std::cmp::Reverse(row.at));
    log.truncate(LOG_ROWS_MAX);
    let is_own = visitor.is(&view.actor.uri);
    let as_organisation = visitor.caller().is_ok_and(|caller| caller.actor.kind == "Organization");
    let mut vouched = Vec::new();
    if is_own && as_organisation {
        for (key, actor) in service.vouched_by(&view.actor.uri).await? {
            vouched.push(Vouched {
                who: map::voice(&actor, actor.group, None),
                end_href: format!("/attestations/{key}/end"),
            });
        }
    }
    let may_end = |attester: &str| visitor.is(attester);
    Ok(ParticipantPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        voice: map::voice(&view.actor, view.actor.group, None),
        region: view.actor.region,
        level: view.actor.proof,
        attested: view
            .attestations
            .iter()
            .map(|one| attested_row(service, one, may_end(&one.attester.uri)))
            .collect(),
        vouching: match (as_organisation, is_own) {
            (true, true) => Vouching::ByHandle,
            (true, false) => Vouching::ForThis,
            (false, _) => Vouching::No,
        },
        vouched,
        vouch_href: format!("/p/{}/vouch", view.actor.username),
        vouch_handle: String::new(),
        errors: FormErrors::none(),
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

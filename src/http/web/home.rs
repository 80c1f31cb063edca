//! `/`: what is discussed here, and what was last done.

use axum::{extract::State, response::Response};

use super::{
    error_page::Refusal,
    frame, lines, map,
    session::Visitor,
    topics::by_latest_act,
    view::{HomePage, Section},
};
use crate::{domain::group::StakeholderGroup, service::Service};

/// Topics on the home page; the others are on the list.
const TOPICS_MAX: usize = 20;
const LOG_ROWS_MAX: usize = 10;

/// `GET /`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
) -> Result<Response, Refusal> {
    let topics = by_latest_act(&service).await?;
    let mut log = Vec::new();
    for topic in topics.iter().take(LOG_ROWS_MAX) {
        let recent = service.recent(&topic.room).await?;
        log.extend(recent.iter().map(|view| lines::line(&topic.room, view)));
    }
    log.sort_by_key(|row| std::cmp::Reverse(row.at));
    log.truncate(LOG_ROWS_MAX);
    let mut mirrors: Vec<String> = topics.iter().flat_map(map::mirrors).collect();
    mirrors.sort();
    mirrors.dedup();
    let own = service.paths.domain();
    frame::show(&HomePage {
        t: visitor.t,
        page: visitor.page(Section::Home),
        mirrors,
        closing_soon: Vec::new(),
        topics: topics
            .iter()
            .take(TOPICS_MAX)
            .map(|topic| map::topic_row(topic, visitor.t, own))
            .collect(),
        log,
        groups: visitor.t.sorted(StakeholderGroup::ALL),
    })
}

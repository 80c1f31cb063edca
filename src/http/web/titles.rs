//! The opinions that lines of a log are about, looked up once each, and the lines themselves.

use std::collections::BTreeMap;

use super::{
    error_page::Refusal,
    map,
    view::{Deed, Link, LogRow},
};
use crate::{
    base::clock::Timestamp,
    domain::position::PositionAct,
    service::{
        Service, ServiceError,
        read::{LogView, Room, TopicView},
    },
};

/// Links to opinions by their ids.
#[derive(Debug, Default)]
pub(super) struct Titles(BTreeMap<String, Option<Link>>);

impl Titles {
    /// The opinion by its title; `None` where its author deleted it or it is not here.
    pub(super) async fn opinion(
        &mut self,
        service: &Service,
        uri: &str,
    ) -> Result<Option<Link>, Refusal> {
        if let Some(known) = self.0.get(uri) {
            return Ok(known.clone());
        }
        let link = found(service.opinion(uri, None).await)?.map(|view| map::opinion_link(&view));
        self.0.insert(uri.to_owned(), link.clone());
        Ok(link)
    }

    /// The newest lines of a topic's log.
    pub(super) async fn recent(
        &mut self,
        service: &Service,
        topic: &TopicView,
    ) -> Result<Vec<LogRow>, Refusal> {
        let mut rows = Vec::new();
        for view in service.recent(&topic.room).await? {
            rows.push(self.row(service, &topic.room, view).await?);
        }
        Ok(rows)
    }

    /// A line of a room's log.
    pub(super) async fn row(
        &mut self,
        service: &Service,
        room: &Room,
        view: LogView,
    ) -> Result<LogRow, Refusal> {
        let object = view.object.as_deref().unwrap_or_default();
        let mut deed = match (view.about, view.act_type.as_str()) {
            (Some("topic"), _) => Deed::Opened,
            (_, "Delete") => Deed::Deleted,
            (_, "Undo") => Deed::Withdrew,
            (Some("opinion"), "Create") => Deed::Published,
            (Some("opinion"), _) => Deed::Revised,
            (Some("comment"), _) => Deed::Commented,
            (Some("position"), _) => Deed::TookPosition,
            _ => Deed::Other,
        };
        let link = match view.about {
            Some("opinion") => self.opinion(service, object).await?,
            Some("comment") => match found(service.comment_view(object).await)? {
                Some(comment) => {
                    let opinion = comment.comment.opinion_uri.as_deref().unwrap_or_default();
                    let anchor = comment.key;
                    self.opinion(service, opinion)
                        .await?
                        .map(|link| Link { href: format!("{}#c-{anchor}", link.href), ..link })
                }
                None => None,
            },
            Some("position") => match found(service.position_view(object).await)? {
                Some(taken) => {
                    if taken.position.kind == PositionAct::WITHDRAWN_WORD {
                        deed = Deed::Withdrew;
                    }
                    self.opinion(service, &taken.position.opinion_uri).await?
                }
                // A Like names the opinion it is on.
                None => self.opinion(service, object).await?,
            },
            _ => None,
        };
        Ok(LogRow {
            at: view.published.unwrap_or(Timestamp::from_millis(room.created)),
            voice: map::voice(&view.actor, view.actor.group, None),
            deed,
            object: Some(
                link.unwrap_or_else(|| map::room_link(&room.name, &room.slug, &room.language)),
            ),
            entry_href: Some(format!("/t/{}/log?after={}&limit=1", room.slug, view.seq - 1)),
        })
    }
}

/// What was found; that it is gone or not here is no fault of the page that would name it.
pub(super) fn found<T>(result: Result<T, ServiceError>) -> Result<Option<T>, ServiceError> {
    match result {
        Ok(view) => Ok(Some(view)),
        Err(ServiceError::NotFound { .. } | ServiceError::Gone { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

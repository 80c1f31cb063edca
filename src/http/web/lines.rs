//! Lines of a log as pages show them.

use super::{
    map,
    view::{Deed, Link, LogRow},
};
use crate::{
    base::clock::Timestamp,
    service::{
        log::{About, LogView, OpinionName},
        read::Room,
    },
};

/// An opinion by its title.
pub(super) fn link_to(opinion: &OpinionName) -> Link {
    Link {
        text: opinion.name.clone(),
        href: map::opinion_href(opinion.key),
        lang: opinion.language.clone(),
    }
}

/// A line of a room's log. What is not shown any more is named by its topic.
pub(super) fn line(room: &Room, view: &LogView) -> LogRow {
    let deed = match (view.about, view.act_type.as_str()) {
        (About::Topic, _) => Deed::Opened,
        (_, "Delete") => Deed::Deleted,
        (_, "Undo") | (About::Position { withdraws: true }, _) => Deed::Withdrew,
        (About::Opinion, "Create") => Deed::Published,
        (About::Opinion, _) => Deed::Revised,
        (About::Comment(_), _) => Deed::Commented,
        (About::Position { .. }, _) => Deed::TookPosition,
        _ => Deed::Other,
    };
    let link = view.opinion.as_ref().map(link_to).map(|link| match view.about {
        About::Comment(Some(key)) => Link { href: format!("{}#c-{key}", link.href), ..link },
        _ => link,
    });
    LogRow {
        at: view.published.unwrap_or(Timestamp::from_millis(room.created)),
        voice: map::voice(&view.actor, view.actor.group, None),
        deed,
        object: Some(
            link.unwrap_or_else(|| map::room_link(&room.name, &room.slug, &room.language)),
        ),
        entry_href: Some(format!("/t/{}/log?after={}&limit=1", room.slug, view.seq - 1)),
    }
}

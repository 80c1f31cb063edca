//! Who holds the record: the rooms of one topic, or of all of them.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    error_page::Refusal,
    frame, map,
    session::Visitor,
    view::{Link, MeshPage, Room, RoomState, Section},
};
use crate::service::{
    Service,
    read::{LinkView, TopicView},
};

/// State of a link that was asked for.
const ASKED: &str = "asked";

/// `GET /mesh`
pub(super) async fn of_instance(
    State(service): State<Service>,
    visitor: Visitor,
) -> Result<Response, Refusal> {
    let topics = service.topics().await?;
    frame::show(&MeshPage {
        t: visitor.t,
        page: visitor.page(Section::Mesh),
        topic: None,
        rooms: rooms(&visitor, "/", &topics),
    })
}

/// `GET /t/{slug}/mesh`
pub(super) async fn of_topic(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    let topic = service.topic(&slug).await?;
    let link = map::room_link(&topic.room.name, &slug, &topic.room.language);
    frame::show(&MeshPage {
        t: visitor.t,
        page: visitor.page(Section::Mesh),
        rooms: rooms(&visitor, &link.href, std::slice::from_ref(&topic)),
        topic: Some(link),
    })
}

/// This instance first, then the others by host; of several links to one host the best.
fn rooms(visitor: &Visitor, own_href: &str, topics: &[TopicView]) -> Vec<Room> {
    let instance = visitor.instance();
    let own = Room {
        link: Link {
            text: instance.domain.clone(),
            href: own_href.to_owned(),
            lang: String::new(),
        },
        run_by: instance.run_by.clone(),
        group: instance.group,
        state: RoomState::Here,
        completeness: None,
        last_exchange: None,
        software: format!("polylogue {}", instance.version),
    };
    let rank = |link: &LinkView| match link.state.as_str() {
        map::LINKED => 0,
        ASKED => 1,
        _ => 2,
    };
    let mut links: Vec<&LinkView> = topics
        .iter()
        .flat_map(|topic| &topic.rooms)
        .filter(|link| map::is_web(&link.uri))
        .collect();
    links.sort_by(|a, b| a.host.cmp(&b.host).then_with(|| rank(a).cmp(&rank(b))));
    links.dedup_by(|later, first| later.host == first.host);
    std::iter::once(own).chain(links.into_iter().map(room)).collect()
}

fn room(link: &LinkView) -> Room {
    Room {
        link: Link { text: link.host.clone(), href: link.uri.clone(), lang: String::new() },
        run_by: String::new(),
        group: None,
        state: match link.state.as_str() {
            map::LINKED => RoomState::Linked,
            ASKED => RoomState::Waiting,
            _ => RoomState::NotLinked,
        },
        completeness: None,
        last_exchange: link.last_exchange,
        software: String::new(),
    }
}

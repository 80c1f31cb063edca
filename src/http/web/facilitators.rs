//! Who facilitates a topic: for everybody to see, and for the facilitators to change.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::Fields,
    frame, map,
    session::Visitor,
    view::{FacilitatorRow, FacilitatorsPage, Section},
};
use crate::service::{Service, read::ActorView, rosters::RosterChange};

/// `GET /t/{slug}/facilitators`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    page(&service, &visitor, &slug, String::new(), Again::first()).await
}

/// `POST /t/{slug}/facilitators`
pub(super) async fn change(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let participant = fields.text("participant");
    if !visitor.sent(&fields) {
        return page(&service, &visitor, &slug, participant, Again::expired()).await;
    }
    let change = match fields.get("remove") {
        "" => RosterChange::Add(participant.clone()),
        uri => RosterChange::Remove(uri.to_owned()),
    };
    match service.change_roster(caller, &slug, change).await {
        Ok(_) => Ok(Redirect::to(&href(&slug)).into_response()),
        Err(error) => {
            page(&service, &visitor, &slug, participant, Again::refused(&fields, error)?).await
        }
    }
}

async fn page(
    service: &Service,
    visitor: &Visitor,
    slug: &str,
    participant: String,
    again: Again,
) -> Result<Response, Refusal> {
    let room = service.room(slug).await?;
    let facilitators = service.facilitator_views(room.id).await?;
    let row = |view: &ActorView| FacilitatorRow {
        voice: map::voice(view, view.group, None),
        uri: view.uri.clone(),
    };
    let page = FacilitatorsPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        topic: map::room_link(&room.name, &room.slug, &room.language),
        is_one: facilitators.iter().any(|view| visitor.is(&view.uri)),
        rows: facilitators.iter().map(row).collect(),
        action: href(slug),
        participant,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

fn href(slug: &str) -> String {
    format!("/t/{slug}/facilitators")
}

//! Pictures to be shown by a post: brought before it, described, and named in it by their ids. Small enough to be made at
//! once: whoever brings one is answered when it is there.

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    accounts::key,
    bearer::{By, WriteMedia},
    body::{Given, Params},
    entity::MediaAttachment,
    failure::Failure,
};
use crate::{
    base::limits::PICTURE_BYTES_MAX,
    http::state::HttpState,
    protocol::quirks::attachments::parts_of,
    service::{
        Service,
        media::{Caption, NewPicture},
    },
};

/// A picture with the form around it.
const BODY_BYTES_MAX: usize = PICTURE_BYTES_MAX + 65_536;

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/media", post(create))
        .route("/media/{id}", get(show).put(change).delete(delete))
}

/// Below `/api/v2`.
pub(super) fn v2() -> Router<HttpState> {
    Router::new().route("/media", post(create))
}

/// What is said of a picture.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Said {
    /// What there is to be seen.
    pub description: Option<String>,
    /// The point that is never cut away.
    pub focus: Option<String>,
}

impl Said {
    /// Reads it: a focus is two numbers from -1 to 1.
    pub(super) fn read(self) -> Result<Caption, Failure> {
        let given = self.focus.filter(|text| !text.trim().is_empty());
        let focus = given.map(|text| {
            let numbers = text.split_once(',').and_then(|(x, y)| {
                let number = |text: &str| {
                    text.trim().parse::<f64>().ok().filter(|number| (-1.0..=1.0).contains(number))
                };
                Some((parts_of(number(x)?), parts_of(number(y)?)))
            });
            numbers.ok_or_else(|| {
                Failure::invalid("Focus: two numbers from -1 to 1, as in `0.5,-0.25`")
            })
        });
        Ok(Caption { description: self.description, focus: focus.transpose()? })
    }
}

async fn create(
    State(service): State<Service>,
    by: By<WriteMedia>,
    request: Request,
) -> Result<Json<MediaAttachment>, Failure> {
    let mut given = Given::of(request, BODY_BYTES_MAX).await?;
    let place = given.files.iter().position(|file| file.field == "file");
    let Some(file) = place.map(|place| given.files.swap_remove(place)) else {
        return Err(Failure::invalid("File: send the picture as a part named `file`"));
    };
    let said: Said = given.read()?;
    let new = NewPicture { bytes: file.bytes, media_type: file.media_type, caption: said.read()? };
    let view = service.bring_picture(&by.caller, new).await?;
    Ok(Json(MediaAttachment::from(&view)))
}

async fn show(
    State(service): State<Service>,
    by: By<WriteMedia>,
    Path(id): Path<String>,
) -> Result<Json<MediaAttachment>, Failure> {
    let view = service.own_picture(&by.caller, key(&id)?).await?;
    Ok(Json(MediaAttachment::from(&view)))
}

async fn change(
    State(service): State<Service>,
    by: By<WriteMedia>,
    Path(id): Path<String>,
    Params(said): Params<Said>,
) -> Result<Json<MediaAttachment>, Failure> {
    let view = service.caption_picture(&by.caller, key(&id)?, &said.read()?).await?;
    Ok(Json(MediaAttachment::from(&view)))
}

async fn delete(
    State(service): State<Service>,
    by: By<WriteMedia>,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, Failure> {
    service.drop_picture(&by.caller, key(&id)?).await?;
    Ok(Json(serde_json::json!({})))
}

//! How far somebody has read, so that their other programs know.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    bearer::{By, ReadStatuses, WriteStatuses},
    body::{Params, Query},
    failure::Failure,
};
use crate::{
    base::clock::Timestamp,
    service::{Service, markers::Marker},
};

/// Of which timelines.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Of {
    timeline: Vec<String>,
}

/// One mark.
#[derive(Debug, Deserialize)]
pub(super) struct Mark {
    last_read_id: String,
}

/// `GET /api/v1/markers`
pub(super) async fn show(
    State(service): State<Service>,
    by: By<ReadStatuses>,
    Query(of): Query<Of>,
) -> Result<Json<Value>, Failure> {
    let markers = service.markers(&by.caller).await?;
    Ok(Json(entities(markers.into_iter().filter(|marker| of.timeline.contains(&marker.timeline)))))
}

/// `POST /api/v1/markers`
pub(super) async fn set(
    State(service): State<Service>,
    by: By<WriteStatuses>,
    Params(marks): Params<Marks>,
) -> Result<Json<Value>, Failure> {
    let marks: BTreeMap<&str, String> =
        [("home", marks.home), ("notifications", marks.notifications)]
            .into_iter()
            .filter_map(|(timeline, mark)| mark.map(|mark| (timeline, mark.last_read_id)))
            .collect();
    let marked = service.mark_read(&by.caller, marks).await?;
    Ok(Json(entities(marked)))
}

/// The timelines that are marked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Marks {
    home: Option<Mark>,
    notifications: Option<Mark>,
}

fn entities(markers: impl IntoIterator<Item = Marker>) -> Value {
    let entity = |marker: Marker| {
        let entity = json!({
            "last_read_id": marker.last_read_id,
            "version": marker.version,
            "updated_at": Timestamp::from_millis(marker.updated_at).to_rfc3339(),
        });
        (marker.timeline, entity)
    };
    Value::Object(markers.into_iter().map(entity).collect::<Map<String, Value>>())
}

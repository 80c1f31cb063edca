//! `GET /t/{slug}/log`: a room's log by number (protocol 4.f.6), as a page or line by line. What has a number never
//! changes, so a page is named by where it begins and how far the log reached.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::super::{extract::ApiQuery, negotiate::ACTIVITY_JSON, problem::Problem};
use crate::{
    base::limits::PAGE_ITEMS_MAX,
    protocol::context,
    service::{
        Service,
        objects::{LogItem, LogPage},
    },
};

/// Media type of one JSON document per line.
const NDJSON: &str = "application/x-ndjson";

/// Which part of the log. Other parameters are ignored: a later version may ask for more.
#[derive(Debug, Deserialize)]
pub(super) struct LogQuery {
    /// The last number that is known.
    #[serde(default)]
    after: i64,
    /// Most items wanted; more than 200 are never given.
    limit: Option<u64>,
}

/// The page after a number.
pub(super) async fn page(
    State(service): State<Service>,
    Path(slug): Path<String>,
    ApiQuery(query): ApiQuery<LogQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let room = service.room(&slug).await?;
    let after = query.after.max(0);
    let limit = query.limit.unwrap_or(PAGE_ITEMS_MAX).clamp(1, PAGE_ITEMS_MAX);
    let lines = asks_for_lines(&headers);
    // Numbers have no gaps, so the page's last one is known before it is read.
    let reach = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(after);
    let last = reach.min(room.next_seq - 1);
    // Whether more follows is in the page too, and whether it stands in lines; weak, for it may be compressed.
    let more = last < room.next_seq - 1;
    let form = if lines { "l" } else { "p" };
    let tag = format!("W/\"{}-{after}-{limit}-{last}-{}{form}\"", room.id, u8::from(more));
    if matches(&headers, &tag) {
        return Ok(dressed(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    let page = service.log(&room, after, limit).await?;
    let id = format!("{}/log", service.paths.room(&room.slug));
    let response =
        if lines { in_lines(&id, limit, page) } else { in_page(&id, after, limit, page) };
    Ok(dressed(response, &tag))
}

fn in_page(id: &str, after: i64, limit: u64, page: LogPage) -> Response {
    let mut document = json!({
        "@context": context::context(),
        "id": format!("{id}?after={after}&limit={limit}"),
        "type": "OrderedCollectionPage",
        "partOf": id,
        "orderType": "ForwardChronological",
        "orderedItems": page.items.into_iter().map(LogItem::print).collect::<Vec<_>>(),
    });
    if let (Some(next), Some(map)) = (page.next_after, document.as_object_mut()) {
        map.insert("next".into(), format!("{id}?after={next}&limit={limit}").into());
    }
    let body = serde_json::to_vec(&document).unwrap_or_default();
    ([(header::CONTENT_TYPE, ACTIVITY_JSON)], body).into_response()
}

/// One item per line; what comes next stands in a `Link` header (RFC 8288).
fn in_lines(id: &str, limit: u64, page: LogPage) -> Response {
    let mut body = Vec::new();
    for item in page.items {
        body.extend(serde_json::to_vec(&item.print()).unwrap_or_default());
        body.push(b'\n');
    }
    let mut response = ([(header::CONTENT_TYPE, NDJSON)], Body::from(body)).into_response();
    let next =
        page.next_after.map(|next| format!("<{id}?after={next}&limit={limit}>; rel=\"next\""));
    if let Some(value) = next.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, value);
    }
    response
}

fn dressed(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, value);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    response
}

fn asks_for_lines(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok());
    accepted.any(|value| value.split([',', ';']).any(|part| part.trim() == NDJSON))
}

/// Whether `If-None-Match` holds this tag, compared weakly (RFC 9110 §13.1.2).
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let mut given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    given.any(|value| value.split(',').any(|one| one.trim() == "*" || plain(one) == plain(tag)))
}

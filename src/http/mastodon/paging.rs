//! Pages of lists by cursor: `max_id`, `since_id`, `min_id`, `limit`, and the addresses of the pages beside this one in
//! `Link`, which some programs follow and nothing else (RFC 8288).

use axum::{
    Json,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{entity::Status, failure::Failure};
use crate::{
    base::limits::CLIENT_PAGE_ITEMS_DEFAULT,
    service::clients::{PostView, Window},
};

/// Which page.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct PageQuery {
    max_id: Option<String>,
    since_id: Option<String>,
    min_id: Option<String>,
    limit: Option<i64>,
    offset: Option<u64>,
}

/// The cursors, which the addresses of other pages have in place of these.
const CURSORS: &[&str] = &["max_id", "since_id", "min_id", "offset"];

impl PageQuery {
    /// How many items, at most so many.
    pub(super) fn limit(&self, most: u64) -> u64 {
        self.limit_or(CLIENT_PAGE_ITEMS_DEFAULT, most)
    }

    /// The same, with another number where none is asked for.
    pub(super) fn limit_or(&self, otherwise: u64, most: u64) -> u64 {
        let asked = self.limit.map_or(otherwise, |limit| u64::try_from(limit).unwrap_or_default());
        asked.clamp(1, most)
    }

    /// The same; all of a list that holds no more than this, where none is asked for by a limit of nothing.
    pub(super) fn window_or_all(&self, most: u64, all: u64) -> Result<Window, Failure> {
        let window = self.window(most)?;
        Ok(if self.limit == Some(0) { Window { limit: all + 1, ..window } } else { window })
    }

    /// After how many.
    pub(super) fn offset(&self) -> u64 {
        self.offset.unwrap_or_default()
    }

    /// The part of a list, with one item more than is shown: it tells whether there is a further page.
    pub(super) fn window(&self, most: u64) -> Result<Window, Failure> {
        Ok(Window {
            max_id: id(self.max_id.as_deref(), "max_id")?,
            since_id: id(self.since_id.as_deref(), "since_id")?,
            min_id: id(self.min_id.as_deref(), "min_id")?,
            limit: self.limit(most) + 1,
            with_media: false,
        })
    }
}

fn id(text: Option<&str>, field: &str) -> Result<Option<i64>, Failure> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let id = text.parse().ok();
            id.map(Some).ok_or_else(|| Failure::invalid(format!("{field}: no id of this server")))
        }
    }
}

/// Takes away the item that only told whether there is more; answers whether there is an older page.
pub(super) fn cut<T>(window: Window, rows: &mut Vec<(i64, T)>) -> bool {
    let most = usize::try_from(window.limit.saturating_sub(1)).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    if more && window.min_id.is_some() {
        rows.remove(0);
    } else {
        rows.truncate(most);
    }
    more || window.min_id.is_some()
}

/// The `Link` of a page from the first to the last cursor on it.
pub(super) fn links(
    origin: &str,
    uri: &Uri,
    ends: Option<(i64, i64)>,
    older: bool,
) -> Option<HeaderValue> {
    let (first, last) = ends?;
    let kept = kept(uri);
    let address = |cursor: &str, value: i64| {
        let query = if kept.is_empty() { String::new() } else { format!("{kept}&") };
        format!("<{origin}{}?{query}{cursor}={value}>", uri.path())
    };
    let mut links = Vec::new();
    if older {
        links.push(format!("{}; rel=\"next\"", address("max_id", last)));
    }
    links.push(format!("{}; rel=\"prev\"", address("min_id", first)));
    HeaderValue::from_str(&links.join(", ")).ok()
}

/// The query but for the cursors.
fn kept(uri: &Uri) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if !CURSORS.contains(&&*name) && name != "access_token" {
            query.append_pair(&name, &value);
        }
    }
    query.finish()
}

/// A page with its links.
pub(super) fn page<T: Serialize>(
    origin: &str,
    uri: &Uri,
    window: Window,
    mut rows: Vec<(i64, T)>,
) -> Response {
    let older = cut(window, &mut rows);
    let ends = rows.first().zip(rows.last()).map(|((first, _), (last, _))| (*first, *last));
    let link = links(origin, uri, ends, older);
    let items: Vec<T> = rows.into_iter().map(|(_, item)| item).collect();
    with_link(Json(items).into_response(), link)
}

/// A page of statuses, each with its place in the list.
pub(super) fn page_of_statuses<'a>(
    origin: &str,
    uri: &Uri,
    window: Window,
    views: impl IntoIterator<Item = (i64, &'a PostView)>,
) -> Response {
    let rows = views.into_iter().map(|(place, view)| (place, Status::of(view, origin)));
    page(origin, uri, window, rows.collect())
}

/// An answer with its links.
pub(super) fn with_link(mut answer: Response, link: Option<HeaderValue>) -> Response {
    if let Some(link) = link {
        answer.headers_mut().insert(header::LINK, link);
    }
    answer
}

/// A page of a list that has no cursors of its own: the next begins after so many.
pub(super) fn by_offset<T: Serialize>(
    origin: &str,
    uri: &Uri,
    (limit, offset): (u64, u64),
    mut items: Vec<T>,
) -> Response {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > most;
    items.truncate(most);
    let kept = kept(uri);
    let query = if kept.is_empty() { String::new() } else { format!("{kept}&") };
    let next = offset.saturating_add(limit);
    let link = more
        .then(|| format!("<{origin}{}?{query}offset={next}>; rel=\"next\"", uri.path()))
        .and_then(|link| HeaderValue::from_str(&link).ok());
    with_link(Json(items).into_response(), link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::limits::{CLIENT_PAGE_ITEMS_MAX, CLIENT_PEOPLE_MAX};

    #[test]
    fn a_page_holds_so_many_and_no_more() {
        let asked = |limit: Option<u64>| PageQuery {
            limit: limit.map(u64::cast_signed),
            ..PageQuery::default()
        };
        for most in [CLIENT_PEOPLE_MAX, CLIENT_PAGE_ITEMS_MAX] {
            for (limit, shown) in [
                (Some(most), most),
                (Some(most + 1), most),
                (Some(1), 1),
                (Some(0), 1),
                (Some(u64::MAX), 1),
                (None, CLIENT_PAGE_ITEMS_DEFAULT),
            ] {
                assert_eq!(asked(limit).limit(most), shown, "{limit:?} of {most}");
                // One more is read than is shown.
                assert_eq!(asked(limit).window(most).unwrap().limit, shown + 1);
            }
        }
    }

    fn window(limit: u64, min_id: Option<i64>) -> Window {
        Window { limit: limit + 1, min_id, ..Window::default() }
    }

    fn rows(ids: &[i64]) -> Vec<(i64, ())> {
        ids.iter().map(|id| (*id, ())).collect()
    }

    #[test]
    fn the_item_too_many_says_that_there_is_more() {
        let mut three = rows(&[9, 8, 7]);
        assert!(cut(window(2, None), &mut three));
        assert_eq!(three, rows(&[9, 8]));
        let mut two = rows(&[9, 8]);
        assert!(!cut(window(2, None), &mut two), "the last page");
        let mut upwards = rows(&[9, 8, 7]);
        assert!(cut(window(2, Some(6)), &mut upwards));
        assert_eq!(upwards, rows(&[8, 7]), "the nearest to where it began");
    }

    #[test]
    fn links_keep_the_query_and_change_the_cursor() {
        let uri: Uri = "/api/v1/timelines/home?limit=2&max_id=12&x=a+b".parse().unwrap();
        let link = links("https://cs.example", &uri, Some((9, 8)), true).unwrap();
        assert_eq!(
            link.to_str().unwrap(),
            "<https://cs.example/api/v1/timelines/home?limit=2&x=a+b&max_id=8>; rel=\"next\", \
             <https://cs.example/api/v1/timelines/home?limit=2&x=a+b&min_id=9>; rel=\"prev\""
        );
        assert!(links("https://cs.example", &uri, None, true).is_none());
        let last = links("https://cs.example", &uri, Some((9, 8)), false).unwrap();
        assert!(!last.to_str().unwrap().contains("next"));
    }

    #[test]
    fn limits_at_and_beyond_the_edges() {
        let limit = |limit| PageQuery { limit: Some(limit), ..PageQuery::default() }.limit(40);
        assert_eq!((limit(-1), limit(0), limit(1)), (1, 1, 1));
        assert_eq!((limit(40), limit(41)), (40, 40));
        assert_eq!(PageQuery::default().limit(40), CLIENT_PAGE_ITEMS_DEFAULT);
        let wrong = PageQuery { max_id: Some("x".into()), ..PageQuery::default() };
        assert_eq!(wrong.window(40).unwrap_err().status(), 422);
    }
}

//! Filters, of version 2 and as version 1 knows them: each of its filters is the words of one of ours.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::{
    accounts::key,
    bearer::{By, ReadFilters, WriteFilters},
    body::Params,
    entity::{Filter, FilterKeyword, FilterStatus, OldFilter},
    failure::Failure,
};
use crate::{
    http::state::HttpState,
    service::{
        Service,
        clients::{Expiry, FilterChange, FilterView, KeywordChange},
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/filters", get(old_all).post(old_create))
        .route("/filters/{id}", get(old_show).put(old_change).delete(old_delete))
}

/// Below `/api/v2`.
pub(super) fn v2() -> Router<HttpState> {
    Router::new()
        .route("/filters", get(all).post(create))
        .route("/filters/{id}", get(show).put(change).delete(delete))
        .route("/filters/{id}/keywords", get(keywords).post(add_keyword))
        .route(
            "/filters/keywords/{id}",
            get(show_keyword).put(change_keyword).delete(delete_keyword),
        )
        .route("/filters/{id}/statuses", get(statuses).post(add_status))
        .route("/filters/statuses/{id}", get(show_status).delete(delete_status))
}

/// A field of which it matters whether it was sent, also where it was sent empty.
#[derive(Debug, Default)]
enum Sent {
    #[default]
    Not,
    As(String),
}

impl<'de> Deserialize<'de> for Sent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer).map(|text| Self::As(text.unwrap_or_default()))
    }
}

impl Sent {
    /// When a filter ends: in so many seconds; never, where nothing stands there.
    fn read(&self) -> Result<Expiry, Failure> {
        let Self::As(text) = self else { return Ok(Expiry::Stays) };
        match text.trim() {
            "" => Ok(Expiry::Never),
            text => text.parse().map(Expiry::In).map_err(|_no_number| {
                Failure::invalid("expires_in: a whole number of seconds, or nothing")
            }),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Changes {
    title: Option<String>,
    context: Option<Vec<String>>,
    filter_action: Option<String>,
    #[serde(default)]
    expires_in: Sent,
    #[serde(default)]
    keywords_attributes: Vec<Keyword>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Keyword {
    id: Option<String>,
    #[serde(rename = "keyword")]
    words: Option<String>,
    whole_word: Option<bool>,
    #[serde(rename = "_destroy")]
    destroy: bool,
}

impl Keyword {
    fn read(self) -> Result<KeywordChange, Failure> {
        Ok(KeywordChange {
            key: self.id.filter(|id| !id.is_empty()).as_deref().map(key).transpose()?,
            keyword: self.words,
            whole_word: self.whole_word,
            destroy: self.destroy,
        })
    }
}

impl Changes {
    fn read(self) -> Result<FilterChange, Failure> {
        Ok(FilterChange {
            title: self.title,
            contexts: self.context,
            action: self.filter_action.filter(|action| !action.is_empty()),
            expires: self.expires_in.read()?,
            keywords: self
                .keywords_attributes
                .into_iter()
                .map(Keyword::read)
                .collect::<Result<_, _>>()?,
        })
    }
}

async fn all(
    State(service): State<Service>,
    by: By<ReadFilters>,
) -> Result<Json<Vec<Filter>>, Failure> {
    Ok(Json(service.filters(&by.caller).await?.iter().map(Filter::from).collect()))
}

async fn create(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Params(changes): Params<Changes>,
) -> Result<Json<Filter>, Failure> {
    let made = service.create_filter(&by.caller, changes.read()?).await?;
    Ok(Json(Filter::from(&made)))
}

async fn show(
    State(service): State<Service>,
    by: By<ReadFilters>,
    Path(id): Path<String>,
) -> Result<Json<Filter>, Failure> {
    Ok(Json(Filter::from(&service.filter(&by.caller, key(&id)?).await?)))
}

async fn change(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
    Params(changes): Params<Changes>,
) -> Result<Json<Filter>, Failure> {
    let changed = service.change_filter(&by.caller, key(&id)?, changes.read()?).await?;
    Ok(Json(Filter::from(&changed)))
}

async fn delete(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    service.delete_filter(&by.caller, key(&id)?).await?;
    Ok(Json(json!({})))
}

async fn keywords(
    State(service): State<Service>,
    by: By<ReadFilters>,
    Path(id): Path<String>,
) -> Result<Json<Vec<FilterKeyword>>, Failure> {
    let filter = service.filter(&by.caller, key(&id)?).await?;
    Ok(Json(filter.keywords.iter().map(FilterKeyword::from).collect()))
}

async fn add_keyword(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
    Params(new): Params<Keyword>,
) -> Result<Json<FilterKeyword>, Failure> {
    let new = KeywordChange { key: None, destroy: false, ..new.read()? };
    let row = service.add_keyword(&by.caller, key(&id)?, new).await?;
    Ok(Json(FilterKeyword::from(&row)))
}

async fn show_keyword(
    State(service): State<Service>,
    by: By<ReadFilters>,
    Path(id): Path<String>,
) -> Result<Json<FilterKeyword>, Failure> {
    let (row, _) = service.keyword(&by.caller, key(&id)?).await?;
    Ok(Json(FilterKeyword::from(&row)))
}

async fn change_keyword(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
    Params(change): Params<Keyword>,
) -> Result<Json<FilterKeyword>, Failure> {
    let key = key(&id)?;
    let change = KeywordChange { key: Some(key), destroy: false, ..change.read()? };
    service.change_keyword(&by.caller, change).await?;
    let (row, _) = service.keyword(&by.caller, key).await?;
    Ok(Json(FilterKeyword::from(&row)))
}

async fn delete_keyword(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let gone = KeywordChange { key: Some(key(&id)?), destroy: true, ..KeywordChange::default() };
    service.change_keyword(&by.caller, gone).await?;
    Ok(Json(json!({})))
}

async fn statuses(
    State(service): State<Service>,
    by: By<ReadFilters>,
    Path(id): Path<String>,
) -> Result<Json<Vec<FilterStatus>>, Failure> {
    let filter = service.filter(&by.caller, key(&id)?).await?;
    Ok(Json(filter.statuses.into_iter().map(FilterStatus::from).collect()))
}

#[derive(Debug, Deserialize)]
struct Named {
    status_id: String,
}

async fn add_status(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
    Params(named): Params<Named>,
) -> Result<Json<FilterStatus>, Failure> {
    let (filter, post) = (key(&id)?, key(&named.status_id)?);
    Ok(Json(service.name_in_filter(&by.caller, filter, post).await?.into()))
}

async fn show_status(
    State(service): State<Service>,
    by: By<ReadFilters>,
    Path(id): Path<String>,
) -> Result<Json<FilterStatus>, Failure> {
    Ok(Json(service.named_in_filter(&by.caller, key(&id)?).await?.into()))
}

async fn delete_status(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
) -> Result<Json<FilterStatus>, Failure> {
    Ok(Json(service.unname_in_filter(&by.caller, key(&id)?).await?.into()))
}

/// A filter as version 1 sends it.
#[derive(Debug, Deserialize)]
struct OldChanges {
    phrase: Option<String>,
    context: Option<Vec<String>>,
    irreversible: Option<bool>,
    whole_word: Option<bool>,
    #[serde(default)]
    expires_in: Sent,
}

impl OldChanges {
    fn read(self, key: Option<i64>) -> Result<FilterChange, Failure> {
        let hides = |hides| if hides { "hide" } else { "warn" };
        let keyword = KeywordChange {
            key,
            keyword: self.phrase.clone(),
            whole_word: self.whole_word,
            destroy: false,
        };
        Ok(FilterChange {
            title: self.phrase,
            contexts: self.context,
            action: self.irreversible.map(|irreversible| hides(irreversible).to_owned()),
            expires: self.expires_in.read()?,
            keywords: vec![keyword],
        })
    }
}

async fn old_all(
    State(service): State<Service>,
    by: By<ReadFilters>,
) -> Result<Json<Vec<OldFilter>>, Failure> {
    let filters = service.filters(&by.caller).await?;
    let each = |filter: &FilterView| -> Vec<OldFilter> {
        filter.keywords.iter().map(|row| OldFilter::of(row, filter)).collect()
    };
    Ok(Json(filters.iter().flat_map(each).collect()))
}

async fn old_create(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Params(changes): Params<OldChanges>,
) -> Result<Json<OldFilter>, Failure> {
    let made = service.create_filter(&by.caller, changes.read(None)?).await?;
    let row = made.keywords.first().ok_or_else(Failure::not_found)?;
    Ok(Json(OldFilter::of(row, &made)))
}

async fn old_show(
    State(service): State<Service>,
    by: By<ReadFilters>,
    Path(id): Path<String>,
) -> Result<Json<OldFilter>, Failure> {
    let (row, filter) = service.keyword(&by.caller, key(&id)?).await?;
    Ok(Json(OldFilter::of(&row, &filter)))
}

async fn old_change(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
    Params(changes): Params<OldChanges>,
) -> Result<Json<OldFilter>, Failure> {
    let key = key(&id)?;
    let (_, filter) = service.keyword(&by.caller, key).await?;
    if filter.keywords.len() > 1 {
        let why = "this filter has further words; change it with a program that knows them";
        return Err(Failure::invalid(why));
    }
    service.change_filter(&by.caller, filter.key, changes.read(Some(key))?).await?;
    let (row, filter) = service.keyword(&by.caller, key).await?;
    Ok(Json(OldFilter::of(&row, &filter)))
}

async fn old_delete(
    State(service): State<Service>,
    by: By<WriteFilters>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Failure> {
    let key = key(&id)?;
    let (_, filter) = service.keyword(&by.caller, key).await?;
    if filter.keywords.len() == 1 && filter.statuses.is_empty() {
        service.delete_filter(&by.caller, filter.key).await?;
    } else {
        let gone = KeywordChange { key: Some(key), destroy: true, ..KeywordChange::default() };
        service.change_keyword(&by.caller, gone).await?;
    }
    Ok(Json(json!({})))
}

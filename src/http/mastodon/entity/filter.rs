//! Filters, of version 2 and as version 1 knows them; and what a post says of those it meets.

use serde::Serialize;

use crate::{
    base::clock::Timestamp,
    domain::filter::{FilterAction, FilterContext},
    service::clients::{self, FilterMatch, FilterView},
};

/// A filter.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct Filter {
    id: String,
    title: String,
    context: Vec<&'static str>,
    expires_at: Option<Timestamp>,
    #[serde(rename = "filter_action")]
    action: &'static str,
    keywords: Vec<FilterKeyword>,
    statuses: Vec<FilterStatus>,
}

impl From<&FilterView> for Filter {
    fn from(view: &FilterView) -> Self {
        Self {
            id: view.key.to_string(),
            title: view.title.clone(),
            context: words(&view.contexts),
            expires_at: view.expires,
            action: view.action.word(),
            keywords: view.keywords.iter().map(FilterKeyword::from).collect(),
            statuses: view.statuses.iter().copied().map(FilterStatus::from).collect(),
        }
    }
}

fn words(contexts: &[FilterContext]) -> Vec<&'static str> {
    contexts.iter().map(|context| context.word()).collect()
}

/// Words of a filter.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct FilterKeyword {
    id: String,
    keyword: String,
    whole_word: bool,
}

impl From<&clients::FilterKeyword> for FilterKeyword {
    fn from(row: &clients::FilterKeyword) -> Self {
        Self { id: row.id.to_string(), keyword: row.keyword.clone(), whole_word: row.whole_word }
    }
}

/// A post that a filter names.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct FilterStatus {
    id: String,
    status_id: String,
}

impl From<(i64, i64)> for FilterStatus {
    fn from((key, post): (i64, i64)) -> Self {
        Self { id: key.to_string(), status_id: post.to_string() }
    }
}

/// A filter that a post meets.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct FilterResult {
    filter: Filter,
    keyword_matches: Option<Vec<String>>,
    status_matches: Option<Vec<String>>,
}

impl From<&FilterMatch> for FilterResult {
    fn from(met: &FilterMatch) -> Self {
        Self {
            filter: Filter::from(met.filter.as_ref()),
            keyword_matches: (!met.keywords.is_empty()).then(|| met.keywords.clone()),
            status_matches: met.named.map(|post| vec![post.to_string()]),
        }
    }
}

/// Words of a filter, which version 1 takes for a filter.
#[derive(Debug, Serialize)]
pub(in crate::http::mastodon) struct OldFilter {
    id: String,
    phrase: String,
    context: Vec<&'static str>,
    whole_word: bool,
    expires_at: Option<Timestamp>,
    irreversible: bool,
}

impl OldFilter {
    pub(in crate::http::mastodon) fn of(row: &clients::FilterKeyword, filter: &FilterView) -> Self {
        Self {
            id: row.id.to_string(),
            phrase: row.keyword.clone(),
            context: words(&filter.contexts),
            whole_word: row.whole_word,
            expires_at: filter.expires,
            irreversible: filter.action == FilterAction::Hide,
        }
    }
}

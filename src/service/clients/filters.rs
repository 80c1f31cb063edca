//! Filters: what somebody wants to be warned of, or not to see. Each post says to its reader which filters it meets; what is
//! done about it their program decides.

use std::sync::Arc;

use super::posts::PostView;
use crate::{
    base::{clock::Timestamp, limits},
    domain::{
        filter::{FilterAction, FilterContext, Searched},
        markup,
    },
    service::{Caller, FieldError, Service, ServiceError},
    store::{
        Tx,
        filters::{self, Filter, FilterStatus, Whole},
        posts::Post,
    },
};

pub use crate::store::filters::FilterKeyword;

const SECOND_MILLIS: i64 = 1_000;

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterView {
    /// Its key.
    pub key: i64,
    /// Its name.
    pub title: String,
    /// Where it holds.
    pub contexts: Vec<FilterContext>,
    /// What it asks for.
    pub action: FilterAction,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Its words.
    pub keywords: Vec<FilterKeyword>,
    /// The posts it names: key of the naming, key of the post.
    pub statuses: Vec<(i64, i64)>,
}

impl From<Whole> for FilterView {
    fn from(whole: Whole) -> Self {
        let words: Vec<String> = serde_json::from_str(&whole.filter.contexts).unwrap_or_default();
        Self {
            key: whole.filter.id,
            title: whole.filter.title,
            contexts: words.iter().filter_map(|word| FilterContext::from_word(word)).collect(),
            action: FilterAction::from_word(&whole.filter.action).unwrap_or(FilterAction::Warn),
            expires: whole.filter.expires_at.map(Timestamp::from_millis),
            keywords: whole.keywords,
            statuses: whole.statuses.into_iter().map(|row| (row.id, row.post_id)).collect(),
        }
    }
}

/// A filter that a post meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterMatch {
    /// Which.
    pub filter: Arc<FilterView>,
    /// The words that stand in the post.
    pub keywords: Vec<String>,
    /// Key of the post, where the filter names it.
    pub named: Option<i64>,
}

/// Words of a filter that are added, changed or taken away.
#[derive(Debug, Clone, Default)]
pub struct KeywordChange {
    /// Key of those that are there.
    pub key: Option<i64>,
    /// The words.
    pub keyword: Option<String>,
    /// Whether a part of a word is none.
    pub whole_word: Option<bool>,
    /// Takes them away.
    pub destroy: bool,
}

/// When a filter is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expiry {
    /// As it was.
    #[default]
    Stays,
    /// Never by itself.
    Never,
    /// In so many seconds.
    In(i64),
}

/// What a filter is to be; what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct FilterChange {
    /// Its name.
    pub title: Option<String>,
    /// Where it holds.
    pub contexts: Option<Vec<String>>,
    /// What it asks for.
    pub action: Option<String>,
    /// When it ends.
    pub expires: Expiry,
    /// Its words.
    pub keywords: Vec<KeywordChange>,
}

impl FilterChange {
    fn made_to(&self, mut row: Filter, now: i64) -> Result<Filter, ServiceError> {
        let mut wrong = Vec::new();
        if let Some(title) = &self.title {
            row.title = markup::clean_line(title);
        }
        let max = limits::FILTER_TITLE_CHARS_MAX;
        crate::service::topics::length(&mut wrong, "title", &row.title, max);
        if let Some(words) = &self.contexts {
            let mut read: Vec<FilterContext> = Vec::new();
            for word in words {
                match FilterContext::from_word(word) {
                    Some(context) => read.push(context),
                    None => wrong.push(FieldError::new("context", unknown_context())),
                }
            }
            read.sort_unstable();
            read.dedup();
            let read: Vec<&str> = read.into_iter().map(FilterContext::word).collect();
            row.contexts = serde_json::json!(read).to_string();
        }
        if row.contexts.is_empty() || row.contexts == "[]" {
            wrong.push(FieldError::new("context", unknown_context()));
        }
        if let Some(action) = &self.action {
            if let Some(action) = FilterAction::from_word(action) {
                action.word().clone_into(&mut row.action);
            } else {
                let why = "must be one of: warn, hide, blur";
                wrong.push(FieldError::new("filter_action", why));
            }
        }
        row.expires_at = match self.expires {
            Expiry::Stays => row.expires_at,
            Expiry::Never => None,
            Expiry::In(seconds) => Some(now.saturating_add(seconds.saturating_mul(SECOND_MILLIS))),
        };
        if wrong.is_empty() { Ok(row) } else { Err(ServiceError::Invalid(wrong)) }
    }
}

fn unknown_context() -> String {
    let words: Vec<&str> = FilterContext::ALL.iter().map(|one| one.word()).collect();
    format!("must be one or more of: {}", words.join(", "))
}

fn read_keyword(keyword: &str) -> Result<String, ServiceError> {
    let keyword = markup::clean_line(keyword);
    let mut wrong = Vec::new();
    let max = limits::FILTER_KEYWORD_CHARS_MAX;
    crate::service::topics::length(&mut wrong, "keyword", &keyword, max);
    if wrong.is_empty() { Ok(keyword) } else { Err(ServiceError::Invalid(wrong)) }
}

impl Service {
    /// A caller's filters, oldest first; those that ended too.
    pub async fn filters(&self, caller: &Caller) -> Result<Vec<FilterView>, ServiceError> {
        let rows = filters::of(&self.store, caller.account_id).await?;
        Ok(rows.into_iter().map(FilterView::from).collect())
    }

    /// One filter of the caller's.
    pub async fn filter(&self, caller: &Caller, key: i64) -> Result<FilterView, ServiceError> {
        let found = filters::by_id(&self.store, caller.account_id, key).await?;
        found.map(FilterView::from).ok_or(ServiceError::NotFound { what: "filter" })
    }

    /// Makes a filter.
    pub async fn create_filter(
        &self,
        caller: &Caller,
        new: FilterChange,
    ) -> Result<FilterView, ServiceError> {
        Self::may_act(caller)?;
        let row = Filter {
            id: self.new_id(),
            account_id: caller.account_id,
            title: String::new(),
            contexts: String::new(),
            action: FilterAction::Warn.word().to_owned(),
            expires_at: None,
        };
        let row = new.made_to(row, self.now().as_millis())?;
        let tx = self.begin_as(caller).await?;
        if filters::count(&tx, caller.account_id).await? >= limits::FILTERS_MAX {
            let max = limits::FILTERS_MAX;
            let why = format!("there are {max} filters already");
            return Err(ServiceError::invalid("title", why));
        }
        let key = row.id;
        filters::insert(&tx, row).await?;
        self.change_keywords(&tx, caller, key, &new.keywords).await?;
        tx.commit().await?;
        self.filter(caller, key).await
    }

    /// Changes a filter.
    pub async fn change_filter(
        &self,
        caller: &Caller,
        key: i64,
        change: FilterChange,
    ) -> Result<FilterView, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let known = filters::by_id(&tx, caller.account_id, key).await?;
        let known = known.ok_or(ServiceError::NotFound { what: "filter" })?;
        let row = change.made_to(known.filter, self.now().as_millis())?;
        filters::save(&tx, row).await?;
        self.change_keywords(&tx, caller, key, &change.keywords).await?;
        tx.commit().await?;
        self.filter(caller, key).await
    }

    /// Deletes a filter.
    pub async fn delete_filter(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let known = filters::by_id(&tx, caller.account_id, key).await?;
        known.ok_or(ServiceError::NotFound { what: "filter" })?;
        filters::delete(&tx, key).await?;
        Ok(tx.commit().await?)
    }

    /// Adds, changes and takes away words; those of other filters are not there.
    async fn change_keywords(
        &self,
        tx: &Tx,
        caller: &Caller,
        filter: i64,
        changes: &[KeywordChange],
    ) -> Result<(), ServiceError> {
        let not_here = || ServiceError::NotFound { what: "keyword" };
        for change in changes {
            let known = match change.key {
                Some(key) => Some(
                    filters::keyword(tx, key)
                        .await?
                        .filter(|row| row.filter_id == filter)
                        .ok_or_else(not_here)?,
                ),
                None => None,
            };
            let keyword = change.keyword.as_deref().map(read_keyword).transpose()?;
            match (known, keyword) {
                (Some(known), _) if change.destroy => {
                    filters::delete_keyword(tx, known.id).await?;
                }
                (Some(mut known), keyword) => {
                    known.keyword = keyword.unwrap_or(known.keyword);
                    known.whole_word = change.whole_word.unwrap_or(known.whole_word);
                    filters::save_keyword(tx, known).await?;
                }
                (None, _) if change.destroy => {}
                (None, Some(keyword)) => {
                    let whole_word = change.whole_word.unwrap_or(false);
                    let id = self.new_id();
                    let row = FilterKeyword { id, filter_id: filter, keyword, whole_word };
                    filters::insert_keyword(tx, row).await?;
                }
                (None, None) => return Err(ServiceError::invalid("keyword", "must not be empty")),
            }
        }
        let whole = filters::by_id(tx, caller.account_id, filter).await?;
        let count = whole.map_or(0, |whole| whole.keywords.len());
        if count > limits::FILTER_KEYWORDS_MAX {
            let max = limits::FILTER_KEYWORDS_MAX;
            return Err(ServiceError::invalid("keyword", format!("a filter has at most {max}")));
        }
        Ok(())
    }

    /// Adds words to a filter.
    pub async fn add_keyword(
        &self,
        caller: &Caller,
        filter: i64,
        new: KeywordChange,
    ) -> Result<FilterKeyword, ServiceError> {
        let change = FilterChange { keywords: vec![new], ..FilterChange::default() };
        let changed = self.change_filter(caller, filter, change).await?;
        changed.keywords.into_iter().next_back().ok_or(ServiceError::NotFound { what: "keyword" })
    }

    /// Words of a filter of the caller's, and the filter.
    pub async fn keyword(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<(FilterKeyword, FilterView), ServiceError> {
        let not_here = || ServiceError::NotFound { what: "keyword" };
        let row = filters::keyword(&self.store, key).await?.ok_or_else(not_here)?;
        let filter = self.filter(caller, row.filter_id).await.map_err(|_other| not_here())?;
        Ok((row, filter))
    }

    /// Changes words of a filter, or takes them away.
    pub async fn change_keyword(
        &self,
        caller: &Caller,
        change: KeywordChange,
    ) -> Result<(), ServiceError> {
        let key = change.key.ok_or(ServiceError::NotFound { what: "keyword" })?;
        let (row, _) = self.keyword(caller, key).await?;
        let change = FilterChange { keywords: vec![change], ..FilterChange::default() };
        self.change_filter(caller, row.filter_id, change).await?;
        Ok(())
    }

    /// Names a post in a filter: key of the naming, key of the post.
    pub async fn name_in_filter(
        &self,
        caller: &Caller,
        filter: i64,
        post: i64,
    ) -> Result<(i64, i64), ServiceError> {
        Self::may_act(caller)?;
        let filter = self.filter(caller, filter).await?;
        self.post(post, Some(caller)).await?;
        if let Some(known) = filter.statuses.iter().find(|(_, named)| *named == post) {
            return Ok(*known);
        }
        if filter.statuses.len() >= limits::FILTER_STATUSES_MAX {
            let max = limits::FILTER_STATUSES_MAX;
            let why = format!("a filter names at most {max} posts");
            return Err(ServiceError::invalid("status_id", why));
        }
        let row = FilterStatus { id: self.new_id(), filter_id: filter.key, post_id: post };
        let named = (row.id, row.post_id);
        let tx = self.begin_as(caller).await?;
        filters::insert_status(&tx, row).await?;
        tx.commit().await?;
        Ok(named)
    }

    /// A post that a filter of the caller's names, by the key of the naming.
    pub async fn named_in_filter(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<(i64, i64), ServiceError> {
        let not_here = || ServiceError::NotFound { what: "status" };
        let row = filters::status(&self.store, key).await?.ok_or_else(not_here)?;
        self.filter(caller, row.filter_id).await.map_err(|_other| not_here())?;
        Ok((row.id, row.post_id))
    }

    /// Names a post no more.
    pub async fn unname_in_filter(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<(i64, i64), ServiceError> {
        Self::may_act(caller)?;
        let named = self.named_in_filter(caller, key).await?;
        let tx = self.begin_as(caller).await?;
        filters::delete_status(&tx, key).await?;
        tx.commit().await?;
        Ok(named)
    }

    /// The filters of a reader that have not ended.
    async fn standing_filters(
        &self,
        reader: Option<&Caller>,
    ) -> Result<Vec<Arc<FilterView>>, ServiceError> {
        let Some(reader) = reader else { return Ok(Vec::new()) };
        let now = self.now();
        let mut all = self.filters(reader).await?;
        all.retain(|filter| filter.expires.is_none_or(|end| end > now));
        Ok(all.into_iter().map(Arc::new).collect())
    }

    /// Says of each of these posts which filters of the reader it meets. What the reader wrote meets none.
    pub(super) async fn filter_views(
        &self,
        views: &mut [PostView],
        reader: Option<&Caller>,
    ) -> Result<(), ServiceError> {
        let filters = self.standing_filters(reader).await?;
        if filters.is_empty() {
            return Ok(());
        }
        for view in views {
            if reader.is_none_or(|reader| reader.actor.uri != view.author.uri) {
                view.filtered = met(&filters, view);
            }
        }
        Ok(())
    }

    /// Posts, in their order, with those filters of the reader that hold here.
    pub(super) async fn post_views_in(
        &self,
        posts: &[Post],
        reader: Option<&Caller>,
        context: FilterContext,
    ) -> Result<Vec<PostView>, ServiceError> {
        let mut views = self.post_views(posts, reader).await?;
        for view in &mut views {
            view.only_in(context);
        }
        Ok(views)
    }
}

impl PostView {
    /// Leaves of the filters that the post meets those that hold here.
    pub(super) fn only_in(&mut self, context: FilterContext) {
        self.filtered.retain(|met| met.filter.contexts.contains(&context));
    }
}

fn met(filters: &[Arc<FilterView>], view: &PostView) -> Vec<FilterMatch> {
    let text = format!("{} #{}", markup::plain_text(&view.html), view.topic.0);
    let searched = Searched::new(&text);
    filters
        .iter()
        .filter_map(|filter| {
            let found = filter
                .keywords
                .iter()
                .filter(|row| searched.holds(&row.keyword, row.whole_word))
                .map(|row| row.keyword.clone());
            let met = FilterMatch {
                keywords: found.collect(),
                named: filter
                    .statuses
                    .iter()
                    .any(|(_, post)| *post == view.key)
                    .then_some(view.key),
                filter: Arc::clone(filter),
            };
            (met.named.is_some() || !met.keywords.is_empty()).then_some(met)
        })
        .collect()
}

//! What other servers sent that is no part of any record: posts that quote, replies that are not for everybody, reports for
//! moderators.

use super::{Caller, Role, Service, ServiceError, read::ActorView};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{markup, report::ReportCategory},
    protocol::paths::host_of,
    store::{
        follows,
        private_notes::{self, PrivateNote},
        projections,
        reports::{self, Report},
    },
};

/// Quotes shown with one thing.
const QUOTES_MAX: u64 = 100;

/// A post elsewhere that quotes something here.
#[derive(Debug, Clone)]
pub struct QuoteView {
    /// Whose.
    pub actor: ActorView,
    /// Where it is read.
    pub href: String,
    /// When it came.
    pub at: Timestamp,
}

/// A reply that only its addressees see.
#[derive(Debug, Clone)]
pub struct PrivateView {
    /// The note.
    pub note: PrivateNote,
    /// Whose.
    pub author: ActorView,
    /// Key and title of the opinion that it is about, where it is held.
    pub opinion: Option<(i64, String, String)>,
}

/// What somebody here reports.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// Whom, by key.
    pub about: i64,
    /// Posts, by key.
    pub posts: Vec<i64>,
    /// Why, in words.
    pub words: String,
    /// What sort of thing it is.
    pub category: ReportCategory,
}

/// A report.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// Its key.
    pub key: i64,
    /// Actor who signed it: an instance, mostly.
    pub reporter: String,
    /// Its host.
    pub host: String,
    /// What it is about, by id.
    pub objects: Vec<String>,
    /// What was said, as plain text.
    pub content: String,
    /// What sort of thing it is; other servers say none.
    pub category: ReportCategory,
    /// When.
    pub received_at: Timestamp,
    /// When a moderator was done with it.
    pub closed_at: Option<Timestamp>,
}

impl Service {
    /// The posts elsewhere that quote an opinion, oldest first.
    pub async fn quotes_of(&self, uri: &str) -> Result<Vec<QuoteView>, ServiceError> {
        let rows = follows::reactions(&self.store, uri, "quote", QUOTES_MAX, 0).await?;
        let actors = self.actor_views(rows.iter().map(|row| row.actor.clone())).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let actor = actors.get(&row.actor)?.clone();
                // A page on a third host is nobody's word for whose it is.
                let href = [row.page, row.note_uri].into_iter().flatten();
                let href = href.into_iter().find(|href| host_of(href) == actor.host)?;
                Some(QuoteView { actor, href, at: Timestamp::from_millis(row.created_at) })
            })
            .collect())
    }

    /// The replies that only an account sees, newest first, after so many; and whether there are more.
    pub async fn private_notes(
        &self,
        caller: &Caller,
        limit: u64,
        offset: u64,
    ) -> Result<(Vec<PrivateView>, bool), ServiceError> {
        let mut rows =
            private_notes::of_account(&self.store, caller.account_id, limit + 1, offset).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let actors = self.actor_views(rows.iter().map(|row| row.author.clone())).await?;
        let mut views = Vec::new();
        for note in rows {
            let Some(author) = actors.get(&note.author).cloned() else { continue };
            let opinion = match &note.in_reply_to {
                Some(parent) => self.opinion_above(parent).await?,
                None => None,
            };
            views.push(PrivateView { note, author, opinion });
        }
        Ok((views, more))
    }

    /// Key, title and language of the opinion that something held here is about.
    async fn opinion_above(
        &self,
        uri: &str,
    ) -> Result<Option<(i64, String, String)>, ServiceError> {
        let above = projections::comment(&self.store, uri).await?.and_then(|row| row.opinion_uri);
        let uri = above.as_deref().unwrap_or(uri);
        let Some(opinion) = projections::opinion(&self.store, uri).await? else { return Ok(None) };
        if opinion.deleted {
            return Ok(None);
        }
        let key = self.keys_of([uri.to_owned()]).await?.get(uri).copied();
        Ok(key.map(|key| (key, opinion.name, opinion.language)))
    }

    /// Reports somebody or posts to the moderators of this server. It is passed on to nobody.
    pub async fn report(
        &self,
        caller: &Caller,
        new: NewReport,
    ) -> Result<ReportView, ServiceError> {
        Self::may_act(caller)?;
        let words = markup::clean(&new.words).trim().to_owned();
        let max = limits::REPORT_CHARS_MAX;
        if words.chars().count() > max {
            return Err(ServiceError::invalid("comment", format!("at most {max} characters")));
        }
        if new.posts.len() >= limits::REPORT_OBJECTS_MAX {
            let max = limits::REPORT_OBJECTS_MAX - 1;
            return Err(ServiceError::invalid("status_ids", format!("at most {max}")));
        }
        let mut objects = vec![self.person(new.about).await?.uri];
        for key in &new.posts {
            objects.push(self.post(*key, None).await?.uri);
        }
        let tx = self.begin_as(caller).await?;
        let reporter = caller.actor.uri.clone();
        if reports::count_open_by(&tx, &reporter).await? >= limits::REPORTS_OPEN_PER_ACCOUNT_MAX {
            let why =
                "so many reports of yours are open that no more are taken; wait for an answer";
            return Err(ServiceError::Conflict { why: why.to_owned() });
        }
        let key = self.new_id();
        let row = Report {
            id: key,
            activity_uri: self.paths.activity(key),
            reporter,
            host: self.paths.domain().to_owned(),
            objects: serde_json::to_string(&objects)
                .map_err(|error| ServiceError::Internal(error.into()))?,
            content: words,
            category: Some(new.category.word().to_owned()),
            received_at: self.now().as_millis(),
            closed_at: None,
            closed_by: None,
        };
        reports::insert(&tx, row.clone()).await?;
        tx.commit().await?;
        Ok(view_of(row))
    }

    /// How many reports are open, for who moderates; nothing for anybody else.
    pub async fn reports_open(&self, caller: &Caller) -> Result<u64, ServiceError> {
        if !Self::moderates(caller) {
            return Ok(0);
        }
        Ok(reports::count_open(&self.store).await?)
    }

    /// Reports, open ones first, newest first, after so many; and whether there are more. For moderators.
    pub async fn reports(
        &self,
        caller: &Caller,
        limit: u64,
        offset: u64,
    ) -> Result<(Vec<ReportView>, bool), ServiceError> {
        may_moderate(caller)?;
        let mut rows = reports::page(&self.store, limit + 1, offset).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        Ok((rows.into_iter().map(view_of).collect(), more))
    }

    /// Notes that a moderator is done with a report.
    pub async fn close_report(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        may_moderate(caller)?;
        Self::may_act(caller)?;
        let tx = self.store.begin().await?;
        let now = self.now().as_millis();
        if !reports::close(&tx, key, caller.account_id, now).await? {
            return Err(ServiceError::NotFound { what: "report" });
        }
        Ok(tx.commit().await?)
    }

    /// Whether a caller reads reports.
    pub fn moderates(caller: &Caller) -> bool {
        caller.role >= Role::Moderator
    }
}

fn view_of(row: Report) -> ReportView {
    ReportView {
        key: row.id,
        objects: serde_json::from_str(&row.objects).unwrap_or_default(),
        reporter: row.reporter,
        host: row.host,
        content: row.content,
        category: row.category.and_then(|word| word.parse().ok()).unwrap_or_default(),
        received_at: Timestamp::from_millis(row.received_at),
        closed_at: row.closed_at.map(Timestamp::from_millis),
    }
}

fn may_moderate(caller: &Caller) -> Result<(), ServiceError> {
    if Service::moderates(caller) {
        Ok(())
    } else {
        Err(ServiceError::NotPermitted { why: "reports are read by moderators of this server" })
    }
}

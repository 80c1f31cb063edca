//! What a listener hears of a change: the very things that timelines and lists show the same reader.

use super::{
    Change,
    feed::{PostChange, What},
};
use crate::service::{
    Caller, Service, ServiceError,
    clients::{News, PostView},
};

/// What is heard.
#[derive(Debug, Clone)]
pub enum Heard {
    /// A new post.
    New(Box<PostView>),
    /// A post whose text changed.
    Edited(Box<PostView>),
    /// The key of a post that is gone.
    Gone(i64),
    /// News for the reader.
    News(Box<News>),
}

impl Service {
    /// A change as a reader hears it; nothing where there is nothing to show any more.
    pub async fn heard(
        &self,
        change: &Change,
        caller: &Caller,
    ) -> Result<Option<Heard>, ServiceError> {
        Ok(match change {
            // It names nobody: whoever had it on their screen takes it away.
            Change::Post(PostChange { what: What::Gone(key), .. }) => Some(Heard::Gone(*key)),
            Change::Post(PostChange { what: What::New(view), .. }) => {
                self.as_read_by(view, caller).await?.map(|view| Heard::New(Box::new(view)))
            }
            Change::Post(PostChange { what: What::Edited(view), .. }) => {
                self.as_read_by(view, caller).await?.map(|view| Heard::Edited(Box::new(view)))
            }
            Change::Told(notice) => {
                let news = self.news_told(caller, notice.id).await?;
                news.map(|news| Heard::News(Box::new(news)))
            }
            Change::Ended(_) => None,
        })
    }

    /// A post with what its reader marked and which of their filters it meets; nothing where they do not want to read who
    /// wrote it, or its topic (docs/decisions/0014).
    async fn as_read_by(
        &self,
        view: &PostView,
        reader: &Caller,
    ) -> Result<Option<PostView>, ServiceError> {
        let named = vec![view.author.uri.clone(), view.topic.1.clone()];
        if !self.hidden_from(Some(reader), named).await?.is_empty() {
            return Ok(None);
        }
        self.as_seen_by(view, reader).await
    }
}

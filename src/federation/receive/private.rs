//! What is not meant for everybody: given to those of ours it is addressed to, and to nobody else; never in a room, a log or
//! a relay (test 71).

use serde_json::Value;

use super::Fate;
use crate::{
    base::{clock::Timestamp, limits},
    federation::Federation,
    protocol::paths::host_of,
    protocol::quirks::{
        acts::doer, id_of, language_of, member, text_of, time_of, type_of, words_of,
    },
    service::{ServiceError, intake::addressed_in},
    store::{
        inbox_items::InboxItem,
        notices,
        private_notes::{self, PrivateNote},
    },
};

impl Federation {
    /// A text that is not addressed to everybody.
    pub(super) async fn private(
        &self,
        inbox: &InboxItem,
        activity: Value,
    ) -> Result<Fate, ServiceError> {
        let Some(note) = member(&activity, "object").filter(|note| note.is_object()) else {
            return Ok(Fate::Ignored("it is not addressed to everybody".to_owned()));
        };
        if doer(&activity).as_ref() != Some(&inbox.signer) {
            return Ok(Fate::Refused("what is private comes from its author".to_owned()));
        }
        let (Some(uri), Some(author)) = (text_of(note, "id"), id_of(note, "attributedTo")) else {
            return Ok(Fate::Refused("`object.id` or `object.attributedTo` is missing".to_owned()));
        };
        if author != inbox.signer || host_of(uri) != host_of(&author) {
            return Ok(Fate::Refused("it is somebody else's".to_owned()));
        }
        let is_text = type_of(note, &["Note", "Article"])
            .is_some_and(|kind| matches!(kind, "Note" | "Article"));
        let content = words_of(note, "content").filter(|_| is_text);
        let Some(content) = content else {
            return Ok(Fate::Ignored("it is not addressed to everybody".to_owned()));
        };
        let mut to = addressed_in(&activity);
        to.extend(addressed_in(note));
        to.retain(|uri| self.service.paths.is_ours(uri));
        to.sort();
        to.dedup();
        to.truncate(limits::PRIVATE_ADDRESSEES_MAX);
        let tx = self.service.store.begin().await?;
        let told = notices::accounts_of(&tx, &to).await?;
        if told.is_empty() {
            return Ok(Fate::Ignored("it is addressed to nobody who lives here".to_owned()));
        }
        let now = self.service.now();
        for (_, account_id) in told {
            let row = PrivateNote {
                id: self.service.new_id(),
                account_id,
                uri: uri.to_owned(),
                author: author.clone(),
                in_reply_to: id_of(note, "inReplyTo"),
                content: content.clone(),
                language: language_of(note),
                published: time_of(note, "published").map_or(now, |at| at.min(now)).as_millis(),
                received_at: Timestamp::as_millis(now),
            };
            private_notes::save(&tx, row).await?;
        }
        self.done(tx, inbox).await
    }
}

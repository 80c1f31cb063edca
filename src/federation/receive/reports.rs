//! Reports from other servers: for the moderators here, and for nobody else.

use serde_json::Value;

use super::Fate;
use crate::{
    base::limits,
    domain::markup,
    federation::Federation,
    protocol::quirks::{id_of, reports::Flagged},
    service::ServiceError,
    store::{
        inbox_items::InboxItem,
        reports::{self, Report},
    },
};

impl Federation {
    /// A report of something here.
    pub(super) async fn reported(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
        let Some(reporter) = id_of(activity, "actor").filter(|actor| *actor == inbox.signer) else {
            return Ok(Fate::Refused("a report is sent by who reports".to_owned()));
        };
        let Flagged { mut objects, words } = Flagged::read(activity);
        objects.truncate(limits::REPORT_OBJECTS_MAX);
        let mut is_ours = false;
        for uri in &objects {
            is_ours |= self.service.paths.is_ours(uri) || self.service.is_held(uri).await?;
        }
        if !is_ours {
            return Ok(Fate::Ignored("it is about nothing of ours".to_owned()));
        }
        let tx = self.service.store.begin().await?;
        // A host that reports without end fills no database: what is open already says it.
        let open = reports::count_open_of(&tx, &inbox.host).await?;
        if open >= limits::REPORTS_OPEN_PER_HOST_MAX {
            return Ok(Fate::Refused("too many reports of this server are open".to_owned()));
        }
        let content = markup::plain_text(&words).chars().take(limits::REPORT_CHARS_MAX).collect();
        let row = Report {
            id: self.service.new_id(),
            activity_uri: inbox.activity_uri.clone(),
            reporter,
            host: inbox.host.clone(),
            objects: serde_json::to_string(&objects)
                .map_err(|error| ServiceError::Internal(error.into()))?,
            content,
            category: None,
            received_at: self.service.now().as_millis(),
            closed_at: None,
            closed_by: None,
        };
        reports::insert(&tx, row).await?;
        self.done(tx, inbox).await
    }
}

//! Somebody elsewhere asks to quote something of ours (FEP-044f, as Mastodon 4.5 sends it).

use serde_json::Value;

use super::{Federation, receive::Fate};
use crate::{
    protocol::{
        paths::host_of,
        quirks::{id_of, member},
    },
    service::{ServiceError, quotes::QuoteAsked},
    store::{actors, inbox_items::InboxItem},
};

impl Federation {
    /// A `QuoteRequest` came. The post that quotes must be the asker's own.
    pub(super) async fn quote_asked(
        &self,
        inbox: &InboxItem,
        activity: &Value,
    ) -> Result<Fate, ServiceError> {
        let refused = |why: &str| Ok(Fate::Refused(why.to_owned()));
        let (Some(actor), Some(target), Some(instrument)) =
            (id_of(activity, "actor"), id_of(activity, "object"), id_of(activity, "instrument"))
        else {
            return refused("`actor`, `object` or `instrument` is missing");
        };
        let author = member(activity, "instrument").and_then(|post| id_of(post, "attributedTo"));
        if actor != inbox.signer
            || host_of(&instrument) != host_of(&actor)
            || author.is_some_and(|author| author != actor)
        {
            return refused("a quote is asked for by who quotes");
        }
        if !self.service.paths.is_ours(&target) {
            return Ok(Fate::Ignored("it is about nothing of ours".to_owned()));
        }
        let Some(asker) = actors::by_uri(&self.service.store, &actor).await? else {
            return Ok(Fate::Later("who asks is not known yet".to_owned()));
        };
        let asked = QuoteAsked {
            request: &inbox.activity_uri,
            asker: &asker,
            target: &target,
            instrument: &instrument,
        };
        let tx = match self.service.consent_to_quote(asked).await? {
            Ok(tx) => tx,
            Err(why) => return refused(why),
        };
        let fate = self.done(tx, inbox).await?;
        self.service.wake.outgoing().notify_one();
        Ok(fate)
    }
}

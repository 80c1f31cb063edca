//! Lines of a log as pages tell them: who did what, and to which opinion. However many lines, the same few questions.

use std::collections::BTreeMap;

use super::{
    Service, ServiceError,
    read::{ActorView, Room, unknown_actor},
};
use crate::{
    base::clock::Timestamp,
    domain::position::PositionAct,
    store::{entries, keys, projections},
};

/// Entries told of a topic.
const RECENT_MAX: u64 = 20;

/// An opinion by its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionName {
    /// This instance's key.
    pub key: i64,
    /// Title of the current revision.
    pub name: String,
    /// Language of that.
    pub language: String,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The topic itself.
    Topic,
    /// An opinion.
    Opinion,
    /// A comment, by this instance's key for it; none where it is not shown.
    Comment(Option<i64>),
    /// A position; and whether that takes one back.
    Position {
        /// Whether it withdraws.
        withdraws: bool,
    },
    /// Something else.
    Other,
}

/// One line of a log, in words a page can build on.
#[derive(Debug, Clone)]
pub struct LogView {
    /// Number in this room's log.
    pub seq: i64,
    /// Entry hash, hex.
    pub hash: String,
    /// ActivityStreams type.
    pub act_type: String,
    /// Which sort of thing it changed.
    pub about: About,
    /// The opinion it made, changed or is on, where that is shown here.
    pub opinion: Option<OpinionName>,
    /// Who.
    pub actor: ActorView,
    /// When, as dated.
    pub published: Option<Timestamp>,
}

impl Service {
    /// Opinions by their titles, without those that their authors deleted.
    pub async fn opinion_names(
        &self,
        uris: impl IntoIterator<Item = String>,
    ) -> Result<BTreeMap<String, OpinionName>, ServiceError> {
        let uris: Vec<String> = uris.into_iter().collect();
        let mut known = self.keys_of(uris.iter().cloned()).await?;
        let mut names = BTreeMap::new();
        for row in projections::opinions_of_uris(&self.store, &uris).await? {
            if !row.deleted {
                let key = known.remove(&row.uri).unwrap_or_default();
                let name = OpinionName { key, name: row.name, language: row.language };
                names.entry(row.uri).or_insert(name);
            }
        }
        Ok(names)
    }

    /// The newest acts in a topic's log.
    pub async fn recent(&self, room: &Room) -> Result<Vec<LogView>, ServiceError> {
        let rows = entries::recent_acts(&self.store, room.id, RECENT_MAX).await?;
        self.log_views(rows).await
    }

    /// The latest date of the newest acts in a topic's log; its founding, where there are none.
    pub async fn latest_act(&self, room: &Room) -> Result<Timestamp, ServiceError> {
        let dates = entries::recent_dates(&self.store, room.id, RECENT_MAX).await?;
        let latest = dates.into_iter().flatten().max();
        Ok(Timestamp::from_millis(latest.unwrap_or(room.created)))
    }

    /// Entries as a log tells them.
    pub(super) async fn log_views(
        &self,
        rows: Vec<entries::Entry>,
    ) -> Result<Vec<LogView>, ServiceError> {
        let authors = self.actor_views(rows.iter().map(|row| row.actor.clone())).await?;
        let of_cell = |kind: char| rows.iter().filter(move |row| sort_of(row) == Some(kind));
        let notes: Vec<String> = of_cell('c').filter_map(|row| row.object.clone()).collect();
        let acts: Vec<String> = of_cell('p').map(|row| row.item_id.clone()).collect();
        let mut comments: BTreeMap<(i64, String), Option<String>> = BTreeMap::new();
        for row in projections::comments_of_uris(&self.store, &notes).await? {
            if !row.deleted {
                comments.insert((row.room_id, row.uri), row.opinion_uri);
            }
        }
        let mut positions: BTreeMap<(i64, String), (String, bool)> = BTreeMap::new();
        for row in projections::positions_of_acts(&self.store, &acts).await? {
            let withdraws = row.kind == PositionAct::WITHDRAWN_WORD;
            positions.insert((row.room_id, row.activity_id), (row.opinion_uri, withdraws));
        }
        let comment_keys: BTreeMap<String, i64> = keys::by_uris(&self.store, &notes)
            .await?
            .into_iter()
            .map(|row| (row.uri, row.id))
            .collect();
        // What each line is about, and the id of the opinion it is on.
        let told: Vec<(About, Option<String>)> = rows
            .iter()
            .map(|row| {
                let object = row.object.clone();
                match sort_of(row) {
                    Some('o') => (About::Opinion, object),
                    Some('c') => {
                        let object = object.unwrap_or_default();
                        let on = comments.get(&(row.room_id, object.clone()));
                        let key = on.and_then(|_shown| comment_keys.get(&object)).copied();
                        (About::Comment(key), on.cloned().flatten())
                    }
                    // A Like names the opinion it is on.
                    Some('p') => match positions.get(&(row.room_id, row.item_id.clone())) {
                        Some((on, withdraws)) => {
                            (About::Position { withdraws: *withdraws }, Some(on.clone()))
                        }
                        None => (About::Position { withdraws: false }, object),
                    },
                    _ if row.kind == "genesis" => (About::Topic, None),
                    _ => (About::Other, None),
                }
            })
            .collect();
        let names = self.opinion_names(told.iter().filter_map(|(_, on)| on.clone())).await?;
        Ok(rows
            .into_iter()
            .zip(told)
            .map(|(row, (about, on))| LogView {
                about,
                opinion: on.and_then(|uri| names.get(&uri).cloned()),
                seq: row.seq,
                hash: row.hash,
                act_type: row.act_type,
                actor: authors
                    .get(&row.actor)
                    .cloned()
                    .unwrap_or_else(|| unknown_actor(&row.actor)),
                published: row.published.map(Timestamp::from_millis),
            })
            .collect())
    }
}

/// The letter of the cell an entry belongs to.
fn sort_of(row: &entries::Entry) -> Option<char> {
    row.cell.as_deref()?.chars().next()
}

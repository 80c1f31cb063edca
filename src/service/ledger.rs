//! The ledger of a topic: every objection, concern and question, be it a comment or a position, and what became of it
//! (product P10, D6). Nothing is left out of it, and nothing in it is counted together.

use std::collections::{BTreeMap, HashMap};

use super::{
    Service, ServiceError,
    commentary::cursor,
    dispositions::{DispositionView, answer},
    read::{CommentView, PositionView, group_of, position_uri},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        disposition::{LedgerState, Outcome},
        group::StakeholderGroup,
        order::{Order, Standing, arrange},
    },
    store::{
        commentary::{self, Brief},
        projections::{self, Opinion, Position},
        rooms::Room,
    },
};

/// Kinds of comments that are in it.
const COMMENTS: &[&str] = &["objection", "concern", "question"];
/// Kinds of positions that are in it.
const POSITIONS: &[&str] = &["objection", "concern"];
const DAY_MILLIS: i64 = 86_400_000;

/// What was raised, without its words.
#[derive(Debug, Clone)]
pub enum Raised<C, P> {
    /// By a comment.
    Comment(C),
    /// By a position.
    Position(P),
}

/// One line, without words.
#[derive(Debug, Clone)]
pub struct Line {
    /// What was raised.
    pub raised: Raised<Brief, Position>,
    /// The opinion it is on.
    pub opinion_uri: String,
    /// Where it stands.
    pub state: LedgerState,
    /// Days since it was raised, until it was answered; none where it was taken back.
    pub days_open: Option<i64>,
    /// The word that counts.
    pub answer: Option<DispositionView>,
    /// What its place may depend on.
    pub standing: Standing,
}

impl Line {
    /// Names it in the cursor of a list.
    pub fn cursor(&self) -> i64 {
        cursor(&self.standing.entry)
    }
}

/// One line with its words.
#[derive(Debug, Clone)]
pub struct LedgerRow {
    /// What was raised.
    pub raised: Raised<CommentView, PositionView>,
    /// The opinion it is on.
    pub opinion: Opinion,
    /// This instance's key for that.
    pub opinion_key: i64,
    /// Where it stands.
    pub state: LedgerState,
    /// Days since it was raised, until it was answered; none where it was taken back.
    pub days_open: Option<i64>,
    /// The word that counts.
    pub answer: Option<DispositionView>,
}

impl Service {
    /// The lines of a topic's ledger in an order, and the group that begins where it is fair; with `state` only those
    /// that stand so.
    pub async fn ledger(
        &self,
        room: &Room,
        order: Order,
        state: Option<LedgerState>,
    ) -> Result<(Vec<Line>, Option<StakeholderGroup>), ServiceError> {
        let comments = commentary::of_kinds(&self.store, room.id, COMMENTS).await?;
        let positions = commentary::positions_of_kinds(&self.store, room.id, POSITIONS).await?;
        let mut opinion_of: BTreeMap<String, String> = BTreeMap::new();
        for brief in &comments {
            if let Some(opinion) = &brief.opinion_uri {
                opinion_of.insert(brief.uri.clone(), opinion.clone());
            }
        }
        for position in &positions {
            let uri = position_uri(position).to_owned();
            opinion_of.insert(uri, position.opinion_uri.clone());
        }
        let mut said = self.dispositions_of(room.id, &opinion_of).await?;
        let now = self.now();
        let mut lines = Vec::new();
        for brief in comments {
            let said = said.remove(&brief.uri).unwrap_or_default();
            let (answer, state, days_open) = stands(&said, brief.deleted, brief.published, now);
            lines.push(Line {
                opinion_uri: brief.opinion_uri.clone().unwrap_or_default(),
                standing: Standing { unanswered: state == LedgerState::Open, ..brief.standing() },
                raised: Raised::Comment(brief),
                state,
                days_open,
                answer,
            });
        }
        for position in positions {
            let said = said.remove(position_uri(&position)).unwrap_or_default();
            let (answer, state, days_open) = stands(&said, !position.live, position.published, now);
            lines.push(Line {
                opinion_uri: position.opinion_uri.clone(),
                standing: Standing {
                    group: group_of(position.stakeholder_group.as_deref()),
                    actor: position.actor.clone(),
                    entry: position.entry_hash.clone(),
                    published: Timestamp::from_millis(position.published),
                    paragraph: None,
                    unanswered: state == LedgerState::Open,
                },
                raised: Raised::Position(position),
                state,
                days_open,
                answer,
            });
        }
        lines.retain(|line| state.is_none_or(|state| line.state == state));
        Ok(arrange(order, &room.topic, now, lines, |line| line.standing.clone()))
    }

    /// Lines of a ledger with their words, in their order.
    pub async fn ledger_rows(
        &self,
        room: &Room,
        lines: Vec<Line>,
    ) -> Result<Vec<LedgerRow>, ServiceError> {
        let briefs: Vec<Brief> = lines
            .iter()
            .filter_map(|line| match &line.raised {
                Raised::Comment(brief) => Some(brief.clone()),
                Raised::Position(_) => None,
            })
            .collect();
        let positions: Vec<Position> = lines
            .iter()
            .filter_map(|line| match &line.raised {
                Raised::Position(position) => Some(position.clone()),
                Raised::Comment(_) => None,
            })
            .collect();
        let mut comments: HashMap<String, CommentView> = self
            .listed_comments(room.id, &briefs)
            .await?
            .into_iter()
            .map(|view| (view.comment.uri.clone(), view))
            .collect();
        let mut positions: HashMap<String, PositionView> = self
            .position_views(positions)
            .await?
            .into_iter()
            .map(|view| (view.position.entry_hash.clone(), view))
            .collect();
        let opinions: HashMap<String, Opinion> = projections::opinions(&self.store, room.id)
            .await?
            .into_iter()
            .map(|opinion| (opinion.uri.clone(), opinion))
            .collect();
        let known = self.keys_of(lines.iter().map(|line| line.opinion_uri.clone())).await?;
        let mut rows = Vec::new();
        for line in lines {
            let raised = match &line.raised {
                Raised::Comment(brief) => comments.remove(&brief.uri).map(Raised::Comment),
                Raised::Position(position) => {
                    positions.remove(&position.entry_hash).map(Raised::Position)
                }
            };
            let opinion = opinions.get(&line.opinion_uri).cloned();
            if let (Some(raised), Some(opinion)) = (raised, opinion) {
                rows.push(LedgerRow {
                    raised,
                    opinion_key: known.get(&opinion.uri).copied().unwrap_or_default(),
                    opinion,
                    state: line.state,
                    days_open: line.days_open,
                    answer: line.answer,
                });
            }
        }
        Ok(rows)
    }
}

/// Where something that was raised stands, and for how many days it did or does wait.
fn stands(
    said: &[DispositionView],
    is_taken_back: bool,
    raised: i64,
    now: Timestamp,
) -> (Option<DispositionView>, LedgerState, Option<i64>) {
    let answer = answer(said).cloned();
    let outcome = answer.as_ref().and_then(|view| view.disposition.outcome.parse::<Outcome>().ok());
    let state = if is_taken_back { LedgerState::Withdrawn } else { LedgerState::after(outcome) };
    let until =
        answer.as_ref().map_or(now, |view| Timestamp::from_millis(view.disposition.published));
    let days = until.millis_since(Timestamp::from_millis(raised)).max(0) / DAY_MILLIS;
    (answer, state, (!is_taken_back).then_some(days))
}

//! Comments as they are read: in one of the four orders, about one paragraph or all, and the few that a page of the
//! opinion itself opens. What is listed is chosen without reading words; words are read of what is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    Service, ServiceError,
    read::{CommentView, OpinionView, group_of},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        comment::CommentKind,
        group::StakeholderGroup,
        order::{Order, Standing, arrange},
    },
    store::{anchors, commentary, projections::Comment},
};

pub use crate::store::commentary::Brief;

/// Comments that the page of an opinion shows with all their answers; where there are more, it opens some.
const SHOWN_WHOLE_MAX: usize = 200;
/// Newest comments among which those that are opened are chosen.
const NEWEST_CHOSEN_FROM: u64 = 200;
/// Comments opened under one paragraph.
const OPENED_IN_BLOCK_MAX: usize = 3;
/// Comments opened on the text as a whole.
const OPENED_ON_WHOLE_MAX: usize = 10;
/// Comments opened on one page.
const OPENED_MAX: usize = 60;
/// Answers shown with them, at each depth.
const ANSWERS_MAX: u64 = 60;
/// How deep answers are followed.
const ANSWERS_DEEP_MAX: usize = 4;

/// What of an opinion's text comments are about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum About {
    /// Any of it.
    #[default]
    Anything,
    /// The block of this id.
    Block(String),
    /// No passage of it: the whole, or what is no longer there.
    Whole,
}

/// Which comments are listed, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The order.
    pub order: Order,
    /// Only those of this kind.
    pub kind: Option<CommentKind>,
    /// Only those that wait for an answer.
    pub unanswered: bool,
    /// What they are about.
    pub about: About,
}

/// A list in its order, without words.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// What is listed.
    pub briefs: Vec<Brief>,
    /// The group that begins, where the order is fair.
    pub start: Option<StakeholderGroup>,
}

/// What is said on an opinion, as its own page shows it.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    /// The comments shown, with answers, oldest first.
    pub comments: Vec<CommentView>,
    /// Whether these are all.
    pub is_all: bool,
    /// How many passages of comments are in each block of the current text.
    pub in_block: BTreeMap<String, i64>,
    /// How many are in none.
    pub in_none: i64,
    /// Which of the comments shown somebody answered.
    pub answered: BTreeSet<String>,
}

impl Brief {
    /// Whether it waits for an answer.
    pub fn is_unanswered(&self) -> bool {
        asks(&self.kind) && !self.answered && !self.deleted
    }

    /// Names it in the cursor of a list.
    pub fn cursor(&self) -> i64 {
        cursor(&self.entry_hash)
    }

    /// What its place in a list may depend on.
    pub fn standing(&self) -> Standing {
        Standing {
            group: group_of(self.stakeholder_group.as_deref()),
            actor: self.author.clone(),
            entry: self.entry_hash.clone(),
            published: Timestamp::from_millis(self.published),
            paragraph: self.paragraph.and_then(|number| usize::try_from(number).ok()),
            unanswered: self.is_unanswered(),
        }
    }
}

/// An entry's hash as a number that names it in a list: its first 60 bits.
pub(super) fn cursor(hash: &str) -> i64 {
    hash.get(..15).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or_default()
}

fn asks(kind: &str) -> bool {
    kind.parse::<CommentKind>().is_ok_and(CommentKind::asks_for_answer)
}

impl Service {
    /// The comments on an opinion that are wanted, in their order.
    pub async fn list_comments(
        &self,
        opinion: &OpinionView,
        wanted: &Wanted,
    ) -> Result<Listed, ServiceError> {
        let (room_id, uri) = (opinion.room.id, opinion.opinion.uri.as_str());
        let mut briefs = match &wanted.about {
            About::Anything => commentary::of_opinion(&self.store, room_id, uri).await?,
            About::Block(id) => commentary::on_block(&self.store, room_id, uri, Some(id)).await?,
            About::Whole => commentary::on_block(&self.store, room_id, uri, None).await?,
        };
        briefs.retain(|brief| {
            wanted.kind.is_none_or(|kind| brief.kind == kind.word())
                && (!wanted.unanswered || brief.is_unanswered())
        });
        let topic = &opinion.room.topic;
        let (briefs, start) = arrange(wanted.order, topic, self.now(), briefs, Brief::standing);
        Ok(Listed { briefs, start })
    }

    /// The comments of a list, with their words, in its order.
    pub async fn listed_comments(
        &self,
        room_id: i64,
        briefs: &[Brief],
    ) -> Result<Vec<CommentView>, ServiceError> {
        let uris: Vec<String> = briefs.iter().map(|brief| brief.uri.clone()).collect();
        let found = commentary::by_uris(&self.store, room_id, &uris).await?;
        let mut views: HashMap<String, CommentView> = self
            .comment_views(found)
            .await?
            .into_iter()
            .map(|view| (view.comment.uri.clone(), view))
            .collect();
        Ok(uris.iter().filter_map(|uri| views.remove(uri)).collect())
    }

    /// The answers below these comments, as far as a page shows them.
    pub async fn answers_below(
        &self,
        room_id: i64,
        comments: &[CommentView],
    ) -> Result<Vec<CommentView>, ServiceError> {
        let uris = comments.iter().map(|view| view.comment.uri.clone()).collect();
        let rows = self.rows_below(room_id, uris).await?;
        self.comment_views(rows).await
    }

    async fn rows_below(
        &self,
        room_id: i64,
        mut parents: Vec<String>,
    ) -> Result<Vec<Comment>, ServiceError> {
        let mut seen: BTreeSet<String> = parents.iter().cloned().collect();
        let mut rows = Vec::new();
        for _ in 0..ANSWERS_DEEP_MAX {
            let mut below =
                commentary::answering(&self.store, room_id, &parents, ANSWERS_MAX).await?;
            below.retain(|row| seen.insert(row.uri.clone()));
            parents = below.iter().map(|row| row.uri.clone()).collect();
            rows.extend(below);
        }
        Ok(rows)
    }

    /// What the page of an opinion shows of what is said on it: all where that is little; else some of the newest
    /// under each paragraph, those that wait for an answer first, with how many there are.
    pub async fn talk(&self, opinion: &OpinionView) -> Result<Talk, ServiceError> {
        let (room_id, uri) = (opinion.room.id, opinion.opinion.uri.as_str());
        let mut in_block = BTreeMap::new();
        let mut in_none = 0;
        for (block, count) in anchors::by_block(&self.store, uri).await? {
            match block {
                Some(block) => drop(in_block.insert(block, count)),
                None => in_none = count,
            }
        }
        let one_more = u64::try_from(SHOWN_WHOLE_MAX + 1).unwrap_or(u64::MAX);
        let mut rows = commentary::newest(&self.store, room_id, uri, None, one_more).await?;
        let is_all = rows.len() <= SHOWN_WHOLE_MAX;
        if !is_all {
            rows = self.opened(room_id, uri).await?;
            let roots = rows.iter().map(|row| row.uri.clone()).collect();
            rows.extend(self.rows_below(room_id, roots).await?);
        }
        rows.sort_by(|a, b| (a.published, &a.uri).cmp(&(b.published, &b.uri)));
        let uris: Vec<String> = rows.iter().map(|row| row.uri.clone()).collect();
        let answered = commentary::answered(&self.store, room_id, &uris).await?;
        let comments = self.comment_views(rows).await?;
        Ok(Talk { comments, is_all, in_block, in_none, answered })
    }

    /// Whether the page of an opinion shows every comment on it.
    pub async fn shows_all(&self, room_id: i64, uri: &str) -> Result<bool, ServiceError> {
        let one_more = u64::try_from(SHOWN_WHOLE_MAX + 1).unwrap_or(u64::MAX);
        let rows = commentary::newest(&self.store, room_id, uri, None, one_more).await?;
        Ok(rows.len() <= SHOWN_WHOLE_MAX)
    }

    /// Of the newest comments that answer an opinion, those that its page opens.
    async fn opened(&self, room_id: i64, uri: &str) -> Result<Vec<Comment>, ServiceError> {
        let newest =
            commentary::newest(&self.store, room_id, uri, Some(uri), NEWEST_CHOSEN_FROM).await?;
        let uris: Vec<String> = newest.iter().map(|row| row.uri.clone()).collect();
        let answered = commentary::answered(&self.store, room_id, &uris).await?;
        let places = anchors::of_comments(&self.store, room_id, &uris).await?;
        let (waiting, rest): (Vec<Comment>, Vec<Comment>) = newest
            .into_iter()
            .partition(|row| asks(&row.kind) && !row.deleted && !answered.contains(&row.uri));
        let mut opened: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let mut chosen = Vec::new();
        for row in waiting.into_iter().chain(rest) {
            let place = places
                .get(&row.uri)
                .and_then(|places| places.iter().find_map(|place| place.block.as_deref()));
            let count = opened.entry(place).or_default();
            let max = if place.is_some() { OPENED_IN_BLOCK_MAX } else { OPENED_ON_WHOLE_MAX };
            if *count < max && chosen.len() < OPENED_MAX {
                *count += 1;
                chosen.push(row);
            }
        }
        Ok(chosen)
    }
}

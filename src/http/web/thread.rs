//! Comments as a page shows them: each thread under the block its first comment is tied to, else after the text,
//! with the quoted words where the passage is gone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    map,
    view::{CommentView as Shown, SafeHtml},
};
use crate::{
    base::clock::Timestamp,
    domain::{blocks, comment::CommentKind},
    service::read::{CommentView, OpinionView},
};

/// Deepest level that is set in; what lies below stands at it.
const DEPTH_MAX: usize = 4;

/// The comments of an opinion, by where they stand.
#[derive(Debug, Default)]
pub(super) struct Threads {
    /// By the id of the block they are tied to.
    pub(super) of_block: BTreeMap<String, Vec<Shown>>,
    /// Tied to no block of the text shown.
    pub(super) of_whole: Vec<Shown>,
}

/// A passage that a comment names.
struct Anchor {
    block: Option<String>,
    revision: Option<i64>,
    exact: Option<String>,
}

impl Anchor {
    fn all_of(view: &CommentView) -> Vec<Self> {
        let anchors: Vec<Value> = serde_json::from_str(&view.comment.anchors).unwrap_or_default();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        anchors
            .iter()
            .map(|anchor| Self {
                block: text(anchor.get("block")),
                revision: anchor.get("revision").and_then(Value::as_i64),
                exact: text(anchor.get("selector").and_then(|selector| selector.get("exact"))),
            })
            .collect()
    }

    /// The words it is about, where they are known.
    fn words(&self, opinion: &OpinionView) -> Option<String> {
        if let Some(exact) = self.exact.as_ref().filter(|words| !words.trim().is_empty()) {
            return Some(exact.clone());
        }
        let id = self.block.as_ref()?;
        let named =
            opinion.revisions.iter().filter(|r| self.revision.is_none_or(|n| n == r.number));
        named
            .flat_map(|revision| blocks::split(&revision.content))
            .find(|block| block.id == *id)
            .map(|block| block.text)
    }
}

impl Threads {
    /// Arranges comments, which come oldest first, around the text shown.
    pub(super) fn arrange(
        opinion: &OpinionView,
        comments: &[CommentView],
        shown_blocks: &BTreeSet<&str>,
    ) -> Self {
        let known: BTreeSet<&str> = comments.iter().map(|view| view.comment.uri.as_str()).collect();
        let mut answers: BTreeMap<&str, Vec<&CommentView>> = BTreeMap::new();
        let mut roots = Vec::new();
        for view in comments {
            let parent = view.comment.in_reply_to.as_str();
            if known.contains(parent) && parent != view.comment.uri {
                answers.entry(parent).or_default().push(view);
            } else {
                roots.push(view);
            }
        }
        let mut threads = Self::default();
        for root in roots {
            let anchors = Anchor::all_of(root);
            let block = anchors
                .iter()
                .filter_map(|anchor| anchor.block.as_deref())
                .find(|id| shown_blocks.contains(id));
            let lost_quote = match block {
                Some(_) => None,
                None => anchors.iter().find_map(|anchor| anchor.words(opinion)),
            };
            let thread = flat(opinion, root, &answers, lost_quote);
            match block {
                Some(id) => threads.of_block.entry(id.to_owned()).or_default().extend(thread),
                None => threads.of_whole.extend(thread),
            }
        }
        threads
    }
}

/// A thread in reading order. A loop, not a recursion: how deep it goes is for others to say.
fn flat<'a>(
    opinion: &OpinionView,
    root: &'a CommentView,
    answers: &BTreeMap<&str, Vec<&'a CommentView>>,
    lost_quote: Option<String>,
) -> Vec<Shown> {
    let mut out: Vec<Shown> = Vec::new();
    let mut pending = vec![(root, 0)];
    let mut quote = lost_quote;
    while let Some((view, depth)) = pending.pop() {
        let below = answers.get(view.comment.uri.as_str()).map(Vec::as_slice).unwrap_or_default();
        let is_answered = below.iter().any(|answer| !answer.comment.deleted);
        out.push(shown(opinion, view, depth, is_answered, quote.take()));
        pending.extend(below.iter().rev().map(|answer| (*answer, (depth + 1).min(DEPTH_MAX))));
    }
    out
}

fn shown(
    opinion: &OpinionView,
    view: &CommentView,
    depth: usize,
    is_answered: bool,
    lost_quote: Option<String>,
) -> Shown {
    let comment = &view.comment;
    let kind = comment.kind.parse().unwrap_or(CommentKind::Remark);
    let reply = format!("{}/comment?reply={}", map::opinion_href(opinion.key), view.key);
    Shown {
        anchor: format!("c-{}", view.key),
        voice: map::voice_for(
            &view.author,
            view.group,
            comment.capacity.as_deref(),
            view.on_behalf_of.as_ref(),
            view.confirmed,
        ),
        kind,
        at: Timestamp::from_millis(comment.published),
        revision: Anchor::all_of(view).iter().find_map(|anchor| anchor.revision),
        lost_quote,
        html: (!comment.deleted).then(|| SafeHtml::sanitized(&comment.content)),
        lang: comment.language.clone().unwrap_or_default(),
        unanswered: kind.asks_for_answer() && !is_answered && !comment.deleted,
        depth,
        reply_href: (!comment.deleted).then_some(reply),
    }
}

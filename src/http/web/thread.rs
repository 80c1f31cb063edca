//! Comments as a page shows them: each thread under the paragraph its first comment is about now, else after the text,
//! with the words as they were where the passage is gone.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use moka::sync::Cache;

use super::{
    interact, map,
    session::Visitor,
    view::{AttachedView, CommentView as Shown, Fate, Link, PassageView, SafeHtml, Voice},
};
use crate::{
    base::clock::Timestamp,
    domain::{anchor::AnchorState, comment::CommentKind, disposition::Outcome, parsed::parsed},
    protocol::{intents::Intent, paths::host_of},
    record::passage::{Named, passages},
    service::{
        commentary::Talk,
        dispositions::DispositionView,
        media::MediumView,
        read::{CommentView, OpinionView},
    },
};

/// Deepest level that is set in; what lies below stands at it.
const DEPTH_MAX: usize = 4;
/// Bytes of sanitised comments that are kept: under one entry the words never change.
const KEPT_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// What every comment of a page is shown with.
pub(super) struct Frame<'a> {
    /// The opinion.
    pub(super) opinion: &'a OpinionView,
    /// Who reads.
    pub(super) visitor: &'a Visitor,
    /// Whether they may say what became of it.
    pub(super) may_dispose: bool,
    /// Which comments somebody answered.
    pub(super) answered: &'a BTreeSet<String>,
    /// Whether comments stand in a list of their own, away from their passages.
    pub(super) is_list: bool,
}

/// The comments of an opinion, by where they stand.
#[derive(Debug, Default)]
pub(super) struct Threads {
    /// By the id of the block they are tied to.
    pub(super) of_block: BTreeMap<String, Vec<Shown>>,
    /// Comments that stand at another block and are about this one too.
    pub(super) also: BTreeMap<String, Vec<Link>>,
    /// Tied to no block of the text shown.
    pub(super) of_whole: Vec<Shown>,
}

impl Threads {
    /// Arranges comments, which come oldest first, around the text shown.
    pub(super) fn arrange(
        frame: &Frame<'_>,
        talk: &Talk,
        shown_blocks: &BTreeSet<&str>,
        is_current: bool,
    ) -> Self {
        let known: BTreeSet<&str> =
            talk.comments.iter().map(|view| view.comment.uri.as_str()).collect();
        let mut answers: BTreeMap<&str, Vec<&CommentView>> = BTreeMap::new();
        let mut roots = Vec::new();
        for view in &talk.comments {
            let parent = view.comment.in_reply_to.as_str();
            if known.contains(parent) && parent != view.comment.uri {
                answers.entry(parent).or_default().push(view);
            } else {
                roots.push(view);
            }
        }
        let mut threads = Self::default();
        for root in roots {
            let mut places = places(root, is_current);
            places.retain(|id| shown_blocks.contains(id.as_str()));
            places.dedup();
            let thread = flat(frame, root, &answers);
            let mut places = places.into_iter();
            match places.next() {
                Some(first) => {
                    let link = Link {
                        text: root.author.name.clone(),
                        href: format!("#c-{}", root.key),
                        lang: String::new(),
                    };
                    for other in places.filter(|other| *other != first) {
                        threads.also.entry(other).or_default().push(link.clone());
                    }
                    threads.of_block.entry(first).or_default().extend(thread);
                }
                None => threads.of_whole.extend(thread),
            }
        }
        threads
    }
}

/// The blocks a comment stands at: in the current text where its passages are now, in an older one those it named.
fn places(view: &CommentView, is_current: bool) -> Vec<String> {
    if is_current && !view.anchors.is_empty() {
        return view.anchors.iter().filter_map(|anchor| anchor.block.clone()).collect();
    }
    passages(&view.comment.anchors).into_iter().filter_map(|named| named.block).collect()
}

/// A thread in reading order. A loop, not a recursion: how deep it goes is for others to say.
fn flat<'a>(
    frame: &Frame<'_>,
    root: &'a CommentView,
    answers: &BTreeMap<&str, Vec<&'a CommentView>>,
) -> Vec<Shown> {
    let mut out: Vec<Shown> = Vec::new();
    let mut pending = vec![(root, 0)];
    while let Some((view, depth)) = pending.pop() {
        let below = answers.get(view.comment.uri.as_str()).map(Vec::as_slice).unwrap_or_default();
        out.push(shown(frame, view, depth));
        pending.extend(below.iter().rev().map(|answer| (*answer, (depth + 1).min(DEPTH_MAX))));
    }
    out
}

/// Threads one after the other: each of these comments with the answers below it.
pub(super) fn with_answers(
    frame: &Frame<'_>,
    comments: &[CommentView],
    below: &[CommentView],
) -> Vec<Shown> {
    let mut answers: BTreeMap<&str, Vec<&CommentView>> = BTreeMap::new();
    for view in below {
        answers.entry(view.comment.in_reply_to.as_str()).or_default().push(view);
    }
    comments.iter().flat_map(|root| flat(frame, root, &answers)).collect()
}

/// One comment as a page shows it.
pub(super) fn shown(frame: &Frame<'_>, view: &CommentView, depth: usize) -> Shown {
    let comment = &view.comment;
    let opinion = frame.opinion;
    let kind = comment.kind.parse().unwrap_or(CommentKind::Remark);
    let here = !comment.deleted;
    let own = here && comment.attested_by.is_none() && frame.visitor.is(&comment.author);
    let is_answered = frame.answered.contains(&comment.uri) || !view.dispositions.is_empty();
    let href = format!("/c/{}", view.key);
    Shown {
        anchor: format!("c-{}", view.key),
        voice: map::stated(
            with_claim(
                map::voice_for(
                    &view.author,
                    view.group,
                    comment.capacity.as_deref(),
                    view.on_behalf_of.as_ref(),
                    view.confirmed,
                ),
                comment.claims_to_speak_for.as_ref(),
            ),
            &view.author,
            comment.attested_by.as_ref(),
        ),
        kind,
        at: Timestamp::from_millis(comment.published),
        revision: passages(&comment.anchors).iter().find_map(|named| named.revision),
        passages: passage_views(frame, view),
        fates: view
            .dispositions
            .iter()
            .map(|said| {
                let of = said.disposition.of_version.as_ref();
                fate(opinion.key, said, of.is_some_and(|of| *of != comment.activity_id))
            })
            .collect(),
        html: here.then(|| words(&comment.entry_hash, &comment.content)),
        attached: view.media.iter().map(attached).collect(),
        lang: comment.language.clone().unwrap_or_default(),
        unanswered: kind.asks_for_answer() && !is_answered && here,
        depth,
        reply_href: here
            .then(|| format!("{}/comment?reply={}", map::opinion_href(opinion.key), view.key)),
        from_href: (here && frame.visitor.is_nobody())
            .then(|| interact::href(&comment.uri, Intent::Reply)),
        history_href: (comment.versions > 1).then(|| format!("{href}/history")),
        edit_href: own.then(|| format!("{href}/edit")),
        answer_href: (here && frame.may_dispose).then(|| format!("{href}/answer")),
        place_href: frame.is_list.then_some(href),
        answers_another: frame.is_list && depth == 0 && comment.in_reply_to != opinion.opinion.uri,
    }
}

/// What is attached to it: a picture of ours is shown, small and by its path, so that it is loaded from nowhere else.
fn attached(one: &MediumView) -> AttachedView {
    let path = |url: &str| url::Url::parse(url).map(|url| url.path().to_owned()).ok();
    let shown = path(&one.preview_url).zip(one.preview_size);
    AttachedView {
        href: one.url.clone(),
        shown: shown.filter(|_| one.is_held).map(|(path, (width, height))| (path, width, height)),
        description: one.description.clone(),
        kind: one.kind,
        host: host_of(&one.url),
    }
}

/// A comment's words, sanitised once.
fn words(entry: &str, content: &str) -> SafeHtml {
    static KEPT: LazyLock<Cache<String, SafeHtml>> = LazyLock::new(|| {
        Cache::builder()
            .max_capacity(KEPT_BYTES_MAX)
            .weigher(|entry: &String, html: &SafeHtml| {
                u32::try_from(entry.len() + html.bytes()).unwrap_or(u32::MAX)
            })
            .build()
    });
    KEPT.get_with_by_ref(entry, || SafeHtml::sanitized(content))
}

/// What is to be said of a comment's passages: nothing of one that stands as it was and asks for nothing.
fn passage_views(frame: &Frame<'_>, view: &CommentView) -> Vec<PassageView> {
    let opinion = frame.opinion;
    (0..)
        .zip(passages(&view.comment.anchors))
        .filter_map(|(n, named)| {
            let now = view.anchors.iter().find(|anchor| anchor.n == n)?;
            let state: AnchorState = now.state.parse().ok()?;
            if state == AnchorState::Exact && !named.missing_here && !frame.is_list {
                return None;
            }
            let is_lost = matches!(state, AnchorState::Changed | AnchorState::Removed);
            let revision = named.revision.filter(|_| is_lost);
            Some(PassageView {
                place: now.paragraph.zip(now.block.as_ref()).map(|(number, block)| {
                    (number, format!("{}#{block}", map::opinion_href(opinion.key)))
                }),
                state,
                missing_here: named.missing_here,
                old_words: if is_lost { old_words(opinion, &named) } else { None },
                named_in: revision
                    .filter(|number| opinion.revisions.iter().any(|r| r.number == *number))
                    .map(|number| (number, revision_href(opinion.key, number))),
            })
        })
        .collect()
}

/// The words that a passage was, where they are known: those quoted, else the paragraph's.
fn old_words(opinion: &OpinionView, named: &Named) -> Option<String> {
    if let Some(exact) = named.exact.as_ref().filter(|words| !words.trim().is_empty()) {
        return Some(exact.clone());
    }
    let id = named.block.as_ref()?;
    opinion
        .revisions
        .iter()
        .filter(|revision| match &named.digest {
            Some(digest) => *digest == revision.digest,
            None => named.revision.is_none_or(|number| number == revision.number),
        })
        .find_map(|revision| {
            let text = parsed(&revision.digest, &revision.content);
            text.blocks().iter().find(|block| block.id == *id).map(|block| block.text.clone())
        })
}

fn revision_href(key: i64, number: i64) -> String {
    format!("/o/{key}/revisions/{number}")
}

/// What somebody said became of it.
pub(super) fn fate(opinion_key: i64, view: &DispositionView, on_older_version: bool) -> Fate {
    let said = &view.disposition;
    Fate {
        anchor: format!("d-{}", view.key),
        outcome: said.outcome.parse().unwrap_or(Outcome::NotAccepted),
        revision: said.revision.map(|number| (number, revision_href(opinion_key, number))),
        reason: map::text(&said.reason, said.language.as_deref().unwrap_or_default()),
        venue: said.venue.clone(),
        voice: map::voice_for(
            &view.author,
            view.author.group,
            None,
            view.on_behalf_of.as_ref(),
            view.confirmed,
        ),
        at: Timestamp::from_millis(said.published),
        counts: view.counts,
        on_older_version,
    }
}

/// Who speaks, with whom they say to speak for in a reply by keyword: words, confirmed by nothing.
fn with_claim(voice: Voice, claim: Option<&String>) -> Voice {
    match claim {
        Some(claim) if voice.on_behalf_of.is_none() => {
            Voice { on_behalf_of: Some(claim.clone()), confirmed: false, ..voice }
        }
        _ => voice,
    }
}

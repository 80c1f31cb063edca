//! What changed between two revisions, in short: the first paragraphs whose words differ, with a link to all of them.
//! For whoever has to decide whether a position fits the later text.

use super::{
    map,
    view::{ChangeView, Changes},
};
use crate::{
    domain::{blocks, diff},
    service::read::OpinionView,
};

/// Longest text that is compared on the way, in bytes of HTML: a longer one has its own page.
const COMPARED_BYTES_MAX: usize = 200_000;
/// Changed paragraphs shown.
const SHOWN_MAX: usize = 5;

/// The changes from one revision to another. Without `compares`, only where to read them.
pub(super) fn in_short(opinion: &OpinionView, from: i64, to: i64, compares: bool) -> Changes {
    let mut found = if compares { changed(opinion, from, to) } else { None };
    let has_more = found.as_ref().is_some_and(|found| found.len() > SHOWN_MAX);
    if let Some(found) = &mut found {
        found.truncate(SHOWN_MAX);
    }
    Changes {
        from,
        to,
        paragraphs: found,
        has_more,
        lang: opinion.shown.language.clone(),
        href: format!("{}/diff/{from}..{to}", map::opinion_href(opinion.key)),
    }
}

/// The paragraphs whose words differ; none where a revision is not here or the texts are long.
fn changed(opinion: &OpinionView, from: i64, to: i64) -> Option<Vec<ChangeView>> {
    let text = |number: i64| {
        let numbered = opinion.revisions.iter().filter(|revision| revision.number == number);
        let text = numbered.max_by_key(|revision| revision.current)?;
        (text.content.len() <= COMPARED_BYTES_MAX).then_some(text)
    };
    let (earlier, later) = (text(from)?, text(to)?);
    let changes = diff::compare(&blocks::split(&earlier.content), &blocks::split(&later.content));
    Some(changes.into_iter().map(ChangeView::from).filter(ChangeView::is_change).collect())
}

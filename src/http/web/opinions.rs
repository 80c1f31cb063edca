//! The page of an opinion: one revision of its text with what was said about it.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    about,
    error_page::Refusal,
    fields::Asked,
    frame, interact, map, revisions,
    session::{Visitor, status_of},
    standing::Standing,
    thread::{Frame, Threads},
    view::{Identity, OpinionPage, QuoteRow, SafeHtml, Section, TextBlock, TextPart},
};
use crate::{
    base::clock::Timestamp,
    domain::{
        blocks::{Block, BlockKind, Part},
        opinion::OpinionStatus,
        parsed::parsed,
    },
    protocol::intents::Intent,
    service::{Service, ServiceError, read::OpinionView},
};

/// `GET /o/{key}`, and with `?revision=` an older text of it.
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let revision = Some(asked.get("revision")).filter(|text| !text.is_empty());
    let revision = revision.map(number).transpose()?;
    page(&service, &visitor, &key, revision).await
}

/// `GET /o/{key}/revisions/{number}`
pub(super) async fn show_revision(
    State(service): State<Service>,
    visitor: Visitor,
    Path((key, revision)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    if let Some(revision) = revision.strip_suffix(".md") {
        let view = find(&service, &key, Some(number(revision)?)).await?;
        return Ok(revisions::markdown(&service, &view));
    }
    page(&service, &visitor, &key, Some(number(&revision)?)).await
}

/// The number of a revision as it stands in an address.
pub(super) fn number(text: &str) -> Result<i64, ServiceError> {
    text.parse().ok().ok_or(ServiceError::NotFound { what: "revision" })
}

/// The opinion behind the key in an address.
pub(super) async fn find(
    service: &Service,
    key: &str,
    revision: Option<i64>,
) -> Result<OpinionView, Refusal> {
    let uri = service.object_uri(key, "opinion").await?;
    Ok(service.opinion(&uri, revision).await?)
}

async fn page(
    service: &Service,
    visitor: &Visitor,
    key: &str,
    revision: Option<i64>,
) -> Result<Response, Refusal> {
    let uri = service.object_uri(key, "opinion").await?;
    let view = match service.opinion(&uri, revision).await {
        Err(ServiceError::NoRevision { asked, .. }) => {
            return revisions::unknown(service, visitor, key, asked).await;
        }
        found => found?,
    };
    if revision.is_none() && status_of(&view.opinion.status) == OpinionStatus::Withdrawn {
        return about::withdrawn(service, visitor, &view).await;
    }
    let talk = service.talk(&view).await?;
    let standing = Standing::first_names(service, &view).await?;
    let text = parsed(&view.shown.digest, &view.shown.content);
    let ids: BTreeSet<&str> = text.blocks().iter().map(|block| block.id.as_str()).collect();
    let may_dispose = visitor.say_of(service, view.room.id).await?.on(&view.opinion.uri);
    let frame =
        Frame { opinion: &view, visitor, may_dispose, answered: &talk.answered, is_list: false };
    let mut threads = Threads::arrange(&frame, &talk, &ids, view.shown.current);
    let before = previous_blocks(&view);
    let href = map::opinion_href(view.key);
    let comment_href = format!("{href}/comment");
    let parts = text
        .parts()
        .iter()
        .map(|part| match part {
            Part::Loose(html) => TextPart::Loose(SafeHtml::sanitized(html)),
            Part::Block(block) => {
                let count = talk.in_block.get(&block.id).copied().unwrap_or_default();
                TextPart::Block(TextBlock {
                    comments: threads.of_block.remove(&block.id).unwrap_or_default(),
                    also: threads.also.remove(&block.id).unwrap_or_default(),
                    all: (!talk.is_all && count > 0)
                        .then(|| (count, format!("{href}/p/{}", block.number))),
                    is_changed: before.as_ref().is_some_and(|before| !before.contains(&block.id)),
                    comment_href: Some(format!("{comment_href}?block={}", block.id)),
                    missing_href: Some(format!("{comment_href}?missing={}", block.id)),
                    ..text_block(block)
                })
            }
        })
        .collect();
    let language = view.shown.language.clone();
    let note = view.shown.change_note.as_deref().filter(|note| !note.is_empty());
    frame::show(&OpinionPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&view),
        identity: identity(&view),
        about: about::of(service, visitor, &view).await?,
        abstract_text: map::text(&view.shown.abstract_text, &language),
        parts,
        change_note: note.map(|note| map::text(note, &language)),
        comments: threads.of_whole,
        has_more_comments: !talk.is_all,
        comment_href: Some(comment_href),
        standing: standing.rows(visitor, &view),
        position_href: Some(format!("{}/position", map::opinion_href(view.key))),
        own_position: Standing::own_of(service, visitor, &view).await?,
        revise_href: visitor
            .is(&view.opinion.author)
            .then(|| format!("{}/revise", map::opinion_href(view.key))),
        handle: Some(view.opinion.uri.clone()),
        interact_href: visitor
            .is_nobody()
            .then(|| interact::href(&view.opinion.uri, Intent::Reply)),
        completeness: None,
        quotes: quotes(service, &view).await?,
        lang: language,
    })
}

/// The posts elsewhere that quote an opinion: linked commentary, no part of the record.
async fn quotes(service: &Service, view: &OpinionView) -> Result<Vec<QuoteRow>, ServiceError> {
    let quotes = service.quotes_of(&view.opinion.uri).await?;
    Ok(quotes
        .into_iter()
        .map(|quote| QuoteRow {
            voice: map::voice(&quote.actor, quote.actor.group, None),
            href: quote.href,
            at: quote.at,
        })
        .collect())
}

/// A block without what was said about it.
pub(super) fn text_block(block: &Block) -> TextBlock {
    TextBlock {
        number: block.number,
        id: block.id.clone(),
        html: SafeHtml::of_block(block),
        is_heading: matches!(block.kind, BlockKind::Heading(_)),
        is_item: matches!(block.kind, BlockKind::ListItem | BlockKind::TableRow),
        is_changed: false,
        comments: Vec::new(),
        also: Vec::new(),
        all: None,
        comment_href: None,
        missing_href: None,
    }
}

/// The blocks of the revision before the one shown, where it is held.
fn previous_blocks(view: &OpinionView) -> Option<BTreeSet<String>> {
    let digest = view.shown.previous.as_ref()?;
    let previous = view.revisions.iter().find(|revision| revision.digest == *digest)?;
    let text = parsed(&previous.digest, &previous.content);
    Some(text.blocks().iter().map(|block| block.id.clone()).collect())
}

/// Which text it is.
pub(super) fn identity(view: &OpinionView) -> Identity {
    Identity {
        revision: map::revision_ref(view, view.shown.number),
        newest: view.opinion.revision,
        first_published_at: view.host.clone(),
        held_since: view.opinion.received_at.map(Timestamp::from_millis),
    }
}

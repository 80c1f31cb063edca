//! The page of an opinion: one revision of its text with what was said about it.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    error_page::Refusal,
    fields::Asked,
    frame, map,
    session::Visitor,
    standing::Standing,
    thread::Threads,
    view::{Identity, OpinionPage, SafeHtml, Section, TextBlock, TextPart},
};
use crate::{
    base::clock::Timestamp,
    domain::blocks::{self, Block, BlockKind, Part},
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
    let view = find(service, key, revision).await?;
    let comments = service.comments(view.room.id, &view.opinion.uri).await?;
    let standing = Standing::of(service, &view).await?;
    let parts = blocks::parts(&view.shown.content);
    let ids: BTreeSet<&str> = parts
        .iter()
        .filter_map(|part| match part {
            Part::Block(block) => Some(block.id.as_str()),
            Part::Loose(_) => None,
        })
        .collect();
    let mut threads = Threads::arrange(&view, &comments, &ids);
    let before = previous_blocks(&view);
    let comment_href = format!("{}/comment", map::opinion_href(view.key));
    let parts = parts
        .into_iter()
        .map(|part| match part {
            Part::Loose(html) => TextPart::Loose(SafeHtml::sanitized(&html)),
            Part::Block(block) => TextPart::Block(TextBlock {
                comments: threads.of_block.remove(&block.id).unwrap_or_default(),
                is_changed: before.as_ref().is_some_and(|before| !before.contains(&block.id)),
                comment_href: Some(format!("{comment_href}?block={}", block.id)),
                ..text_block(&block)
            }),
        })
        .collect();
    let language = view.shown.language.clone();
    let note = view.shown.change_note.as_deref().filter(|note| !note.is_empty());
    frame::show(&OpinionPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&view),
        identity: identity(&view),
        authors: vec![map::voice(&view.author, view.group, None)],
        abstract_text: map::text(&view.shown.abstract_text, &language),
        parts,
        change_note: note.map(|note| map::text(note, &language)),
        comments: threads.of_whole,
        comment_href: Some(comment_href),
        standing: standing.rows(visitor, &view),
        position_href: Some(format!("{}/position", map::opinion_href(view.key))),
        own_position: standing.own(visitor),
        revise_href: visitor
            .is(&view.opinion.author)
            .then(|| format!("{}/revise", map::opinion_href(view.key))),
        handle: Some(view.opinion.uri.clone()),
        completeness: None,
        lang: language,
    })
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
        comment_href: None,
    }
}

/// The blocks of the revision before the one shown, where it is held.
fn previous_blocks(view: &OpinionView) -> Option<BTreeSet<String>> {
    let digest = view.shown.previous.as_ref()?;
    let previous = view.revisions.iter().find(|revision| revision.digest == *digest)?;
    Some(blocks::split(&previous.content).into_iter().map(|block| block.id).collect())
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

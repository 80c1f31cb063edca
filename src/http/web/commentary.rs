//! Lists of what is said: the comments on a text or on one of its paragraphs, the versions of a comment, the ledger of
//! a topic. Each list is in one of the four orders.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    error_page::Refusal,
    fields::Asked,
    frame, map,
    opinions::find,
    session::Visitor,
    standing,
    thread::{self, Frame},
    view::{
        Choice, CommentHistoryPage, CommentsPage, LedgerKind, LedgerPage, LedgerRowView, Link,
        SafeHtml, Section, VersionView,
    },
};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{
        blocks::Block, comment::CommentKind, disposition::LedgerState, markup::plain_text,
        order::Order, parsed::parsed, position::PositionKind,
    },
    record::passage::passages,
    service::{
        Service, ServiceError,
        commentary::{About, Brief, Wanted},
        dispositions::Say,
        ledger::{LedgerRow, Raised},
        read::OpinionView,
    },
};

/// Characters of a paragraph, and of what was raised, in a list.
const WORDS_CHARS: usize = 600;

/// The word behind `?name=`: the default where there is none, and where there is one that is not of the vocabulary,
/// a page that says so.
fn word<T: std::str::FromStr>(asked: &Asked, name: &'static str) -> Result<Option<T>, Refusal>
where
    T::Err: std::fmt::Display,
{
    let text = asked.get(name);
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|error: T::Err| ServiceError::invalid(name, error.to_string()).into())
}

/// The number of the page asked for, from 1.
fn page_number(asked: &Asked) -> usize {
    asked.get("page").parse().unwrap_or(1).max(1)
}

fn page_items() -> usize {
    usize::try_from(limits::PAGE_ITEMS_DEFAULT).unwrap_or(usize::MAX)
}

/// One page of a list, and whether there is another.
fn cut<T>(items: Vec<T>, number: usize) -> (Vec<T>, bool) {
    let skip = (number - 1).saturating_mul(page_items());
    let more = items.len() > skip.saturating_add(page_items());
    (items.into_iter().skip(skip).take(page_items()).collect(), more)
}

fn choices<T: Copy + PartialEq>(all: &[T], chosen: Option<T>) -> Vec<Choice<T>> {
    all.iter().map(|what| Choice { what: *what, is_chosen: chosen == Some(*what) }).collect()
}

/// `GET /o/{key}/comments`
pub(super) async fn list(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let opinion = find(&service, &key, None).await?;
    show_list(&service, &visitor, &opinion, None, &asked).await
}

/// `GET /o/{key}/p/{n}`
pub(super) async fn on_paragraph(
    State(service): State<Service>,
    visitor: Visitor,
    Path((key, number)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let opinion = find(&service, &key, None).await?;
    let text = parsed(&opinion.shown.digest, &opinion.shown.content);
    let number: usize = number.parse().unwrap_or_default();
    let block = text
        .blocks()
        .iter()
        .find(|block| block.number == number)
        .ok_or(ServiceError::NotFound { what: "paragraph" })?;
    show_list(&service, &visitor, &opinion, Some(block), &asked).await
}

async fn show_list(
    service: &Service,
    visitor: &Visitor,
    opinion: &OpinionView,
    block: Option<&Block>,
    asked: &Asked,
) -> Result<Response, Refusal> {
    let wanted = Wanted {
        order: word(asked, "order")?.unwrap_or_default(),
        kind: word(asked, "kind")?,
        unanswered: !asked.get("unanswered").is_empty(),
        about: block.map(|block| About::Block(block.id.clone())).unwrap_or_default(),
    };
    let listed = service.list_comments(opinion, &wanted).await?;
    let number = page_number(asked);
    let (briefs, more) = cut(listed.briefs, number);
    let comments = service.listed_comments(opinion.room.id, &briefs).await?;
    let below = match block {
        Some(_) => service.answers_below(opinion.room.id, &comments).await?,
        None => Vec::new(),
    };
    let answered: BTreeSet<String> = briefs
        .iter()
        .filter(|brief| brief.answered)
        .map(|brief: &Brief| brief.uri.clone())
        .chain(below.iter().map(|view| view.comment.in_reply_to.clone()))
        .collect();
    let may_dispose = visitor.say_of(service, opinion.room.id).await?.on(&opinion.opinion.uri);
    let frame = Frame { opinion, visitor, may_dispose, answered: &answered, is_list: true };
    let href = map::opinion_href(opinion.key);
    let action = match block {
        Some(block) => format!("{href}/p/{}", block.number),
        None => format!("{href}/comments"),
    };
    let mut next = format!("{action}?order={}", wanted.order);
    if let Some(kind) = wanted.kind {
        next.push_str("&kind=");
        next.push_str(kind.word());
    }
    if wanted.unanswered {
        next.push_str("&unanswered=1");
    }
    let language = &opinion.shown.language;
    let id = block.map(|block| block.id.clone());
    frame::show(&CommentsPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(opinion),
        paragraph: block.map(|block| {
            let words: String = block.text.chars().take(WORDS_CHARS).collect();
            (block.number, map::text(&words, language))
        }),
        orders: choices(Order::ALL, Some(wanted.order)),
        kinds: choices(CommentKind::ALL, wanted.kind),
        unanswered: wanted.unanswered,
        order: wanted.order,
        order_start: listed.start,
        comments: thread::with_answers(&frame, &comments, &below),
        next_href: more.then(|| format!("{next}&page={}", number + 1)),
        comment_href: match &id {
            Some(id) => format!("{href}/comment?block={id}"),
            None => format!("{href}/comment"),
        },
        missing_href: format!(
            "{href}/comment?missing={}",
            id.as_deref().unwrap_or(super::comments::MISSING_IN_WHOLE)
        ),
        action,
    })
}

/// `GET /c/{key}/history`
pub(super) async fn history(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let uri = service.object_uri(&key, "comment").await?;
    let versions = service.comment_versions(&uri).await?;
    let (view, author) = service.comment_stub(&uri).await?;
    let opinion = view.opinion_uri.as_deref().unwrap_or_default();
    let opinion = service.opinion(opinion, None).await?;
    let deleted = view.deleted;
    let mut versions: Vec<VersionView> = (1..)
        .zip(versions)
        .map(|(number, made)| VersionView {
            number,
            at: made.written,
            kind: made.kind.parse().unwrap_or(CommentKind::Remark),
            html: (!deleted).then(|| SafeHtml::sanitized(&made.content)),
            lang: made.language.unwrap_or_default(),
            is_current: made.current,
            entry_href: service
                .paths
                .path_of(&made.activity_id)
                .unwrap_or(&made.activity_id)
                .to_owned(),
        })
        .collect();
    versions.reverse();
    frame::show(&CommentHistoryPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&opinion),
        voice: map::stated(
            map::voice(&author, author.group, view.capacity.as_deref()),
            &author,
            view.attested_by.as_ref(),
        ),
        place_href: format!("{}#c-{key}", map::opinion_href(opinion.key)),
        versions,
    })
}

/// `GET /t/{slug}/ledger`
pub(super) async fn ledger(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let room = service.room(&slug).await?;
    let order: Order = word(&asked, "order")?.unwrap_or_default();
    let state: Option<LedgerState> = word(&asked, "state")?;
    let (lines, order_start) = service.ledger(&room, order, state).await?;
    let number = page_number(&asked);
    let (lines, more) = cut(lines, number);
    let rows = service.ledger_rows(&room, lines).await?;
    let say = visitor.say_of(&service, room.id).await?;
    let action = format!("/t/{slug}/ledger");
    let mut next = format!("{action}?order={order}");
    if let Some(state) = state {
        next.push_str("&state=");
        next.push_str(state.word());
    }
    frame::show(&LedgerPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        topic: map::room_link(&room.name, &room.slug, &room.language),
        orders: choices(Order::ALL, Some(order)),
        states: choices(LedgerState::ALL, state),
        order,
        order_start,
        rows: rows.iter().map(|row| ledger_row(row, &say)).collect(),
        next_href: more.then(|| format!("{next}&page={}", number + 1)),
        action,
    })
}

fn ledger_row(row: &LedgerRow, say: &Say) -> LedgerRowView {
    let opinion = Link {
        text: row.opinion.name.clone(),
        href: map::opinion_href(row.opinion_key),
        lang: row.opinion.language.clone(),
    };
    let cut = |text: &str| text.chars().take(WORDS_CHARS).collect::<String>();
    let lang = |lang: &Option<String>| lang.clone().unwrap_or_default();
    let (kind, href, words, voice, at, revision, version) = match &row.raised {
        Raised::Comment(view) => {
            let comment = &view.comment;
            (
                LedgerKind::Comment(comment.kind.parse().unwrap_or(CommentKind::Objection)),
                format!("/c/{}", view.key),
                (!comment.deleted).then(|| {
                    map::text(&cut(&plain_text(&comment.content)), &lang(&comment.language))
                }),
                map::stated(
                    map::voice_for(
                        &view.author,
                        view.group,
                        comment.capacity.as_deref(),
                        view.on_behalf_of.as_ref(),
                        view.confirmed,
                    ),
                    &view.author,
                    comment.attested_by.as_ref(),
                ),
                comment.published,
                passages(&comment.anchors).iter().find_map(|named| named.revision),
                &comment.activity_id,
            )
        }
        Raised::Position(view) => {
            let position = &view.position;
            (
                LedgerKind::Position(position.kind.parse().unwrap_or(PositionKind::Objection)),
                format!("{}/positions#{}", opinion.href, standing::anchor(view)),
                position
                    .statement
                    .as_ref()
                    .map(|words| map::text(&cut(words), &lang(&position.language))),
                map::stated(
                    map::voice(&view.actor, view.group, Some(&position.capacity)),
                    &view.actor,
                    position.attested_by.as_ref(),
                ),
                position.published,
                Some(position.revision),
                &position.activity_id,
            )
        }
    };
    let is_answerable = match &row.raised {
        Raised::Comment(view) => !view.comment.deleted,
        Raised::Position(view) => view.position.object_uri.is_some(),
    };
    let answer_href = match &row.raised {
        Raised::Comment(view) => format!("/c/{}/answer", view.key),
        Raised::Position(view) => format!("/positions/{}/answer", view.key),
    };
    LedgerRowView {
        answer_href: (is_answerable && say.on(&row.opinion.uri)).then_some(answer_href),
        href,
        kind,
        words,
        voice,
        at: Timestamp::from_millis(at),
        revision,
        state: row.state,
        days_open: row.days_open,
        fate: row.answer.as_ref().map(|answer| {
            let of = answer.disposition.of_version.as_ref();
            thread::fate(row.opinion_key, answer, of.is_some_and(|of| of != version))
        }),
        opinion,
    }
}

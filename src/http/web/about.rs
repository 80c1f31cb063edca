//! What stands around a text, and the two forms about it as a whole: its status, and a separate statement on it.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    again::Again,
    error_page::{Refusal, found},
    fields::{Asked, Fields},
    frame,
    map::{self, Done},
    opinions::{find, number},
    session::{Visitor, status_of},
    speak,
    view::{
        AboutText, AuthorMark, Deed, Fault, Link, SafeHtml, Section, StatementPage, StatementView,
        StatusPage, WithdrawnPage,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::{
        delegation::Scope,
        rotation::{Place, rotate},
    },
    service::{
        Service, ServiceError,
        authors::{NamedAuthor, Signature},
        opinions::NewStatus,
        read::{CommentView, OpinionView},
        statements::NewStatement,
    },
};

/// Titles offered as those that take a text's place.
const SUCCESSORS_MAX: usize = 200;

/// The authors of a text, with what stands behind each name.
pub(super) fn authors(authors: &[NamedAuthor]) -> Vec<AuthorMark> {
    let mark = |author: &NamedAuthor| AuthorMark {
        voice: map::voice(&author.actor, author.actor.group, None),
        signature: author.signature,
    };
    authors.iter().map(mark).collect()
}

/// What stands around the text shown.
pub(super) async fn of(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
) -> Result<AboutText, Refusal> {
    let href = map::opinion_href(view.key);
    let revision = view.shown.number;
    let filed = service.statements(view.room.id, &view.opinion.uri, &view.shown.digest).await?;
    let place = |one: &CommentView| Place {
        group: one.group,
        actor: one.comment.author.clone(),
        entry: one.comment.entry_hash.clone(),
    };
    let (filed, _) = rotate(&view.room.topic, service.now(), filed, place);
    let own = view.authors.iter().find(|author| visitor.is(&author.actor.uri));
    let is_confirmed = |author: &NamedAuthor| match author.signature {
        Signature::Text => true,
        Signature::Confirmed(number) => number == revision,
        Signature::Named => false,
    };
    let mut confirm_seats = speak::seats(service, visitor, Scope::CoAuthor).await?;
    confirm_seats.retain(|seat| {
        view.authors.iter().any(|author| {
            let is_theirs = if seat.value.is_empty() {
                visitor.is(&author.actor.uri)
            } else {
                author.actor.uri == seat.value
            };
            is_theirs && !is_confirmed(author)
        })
    });
    Ok(AboutText {
        authors: authors(&view.authors),
        status_note: view
            .opinion
            .status_note
            .as_deref()
            .map(|note| map::text(note, &view.opinion.language)),
        successor: successor(service, view).await?,
        statements: filed.iter().map(statement).collect(),
        statement_href: format!("{href}/statement?revision={revision}"),
        markdown_href: format!("{href}/revisions/{revision}.md"),
        confirm_href: (!confirm_seats.is_empty()).then(|| format!("{href}/confirm")),
        confirm_seats,
        status_href: visitor.is(&view.opinion.author).then(|| format!("{href}/status")),
        draft_href: own.map(|_| format!("{href}/draft")),
    })
}

async fn successor(service: &Service, view: &OpinionView) -> Result<Option<Link>, Refusal> {
    let Some(uri) = &view.opinion.superseded_by else { return Ok(None) };
    let known = found(service.opinion(uri, None).await)?;
    let elsewhere = || {
        map::is_web(uri).then(|| Link { text: uri.clone(), href: uri.clone(), lang: String::new() })
    };
    Ok(known.map(|view| map::opinion_link(&view)).or_else(elsewhere))
}

fn statement(view: &CommentView) -> StatementView {
    StatementView {
        anchor: format!("statement-{}", view.key),
        voice: map::voice(&view.author, view.group, view.comment.capacity.as_deref()),
        at: Timestamp::from_millis(view.comment.published),
        html: SafeHtml::sanitized(&view.comment.content),
        lang: view.comment.language.clone().unwrap_or_default(),
    }
}

/// The page of an opinion that was withdrawn: title, reason, and the last text behind a link.
pub(super) async fn withdrawn(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
) -> Result<Response, Refusal> {
    frame::show(&WithdrawnPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(view),
        about: of(service, visitor, view).await?,
        revision: map::revision_ref(view, view.shown.number),
    })
}

/// `GET /o/{key}/status`
pub(super) async fn status_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let view = own(&service, &visitor, &key).await?;
    let new = NewStatus {
        status: status_of(&view.opinion.status),
        reason: String::new(),
        superseded_by: view.opinion.superseded_by.clone(),
    };
    show_status(&service, &visitor, &view, new, Again::first()).await
}

/// The opinion, where it is the reader's own.
async fn own(service: &Service, visitor: &Visitor, key: &str) -> Result<OpinionView, Refusal> {
    visitor.caller()?;
    let view = find(service, key, None).await?;
    if visitor.is(&view.opinion.author) {
        Ok(view)
    } else {
        Err(ServiceError::NotPermitted { why: "only its author may change an opinion" }.into())
    }
}

async fn show_status(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
    new: NewStatus,
    again: Again,
) -> Result<Response, Refusal> {
    let others = service.opinions(&view.room).await?;
    let page = StatusPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(view),
        successors: others
            .iter()
            .filter(|other| other.opinion.uri != view.opinion.uri)
            .take(SUCCESSORS_MAX)
            .map(|other| {
                (other.opinion.uri.clone(), map::text(&other.shown.name, &other.shown.language))
            })
            .collect(),
        action: format!("{}/status", map::opinion_href(view.key)),
        status: new.status,
        reason: new.reason,
        superseded_by: new.superseded_by.unwrap_or_default(),
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

/// `POST /o/{key}/status`
pub(super) async fn change_status(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let view = own(&service, &visitor, &key).await?;
    let new = NewStatus {
        status: status_of(fields.get("status")),
        reason: fields.text("reason"),
        superseded_by: Some(fields.get("supersededBy").to_owned()).filter(|uri| !uri.is_empty()),
    };
    if !visitor.sent(&fields) {
        return show_status(&service, &visitor, &view, new, Again::expired()).await;
    }
    let changed = service.change_status(visitor.caller()?, &view.opinion.uri, new.clone()).await;
    let acted = match changed {
        Ok(acted) => acted,
        Err(error) => {
            let again = Again::refused(&fields, error)?;
            return show_status(&service, &visitor, &view, new, again).await;
        }
    };
    done(&service, &visitor, &view, &acted, Deed::Revised).await
}

async fn done(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
    acted: &crate::service::acts::Acted,
    deed: Deed,
) -> Result<Response, Refusal> {
    let done = Done {
        deed,
        object: map::opinion_link(view),
        slug: view.room.slug.clone(),
        undo_href: None,
    };
    frame::show(&done.page(service, visitor, acted).await?)
}

/// What was typed into the form of a statement.
struct Typed {
    speak_as: String,
    content: String,
    language: String,
}

/// `GET /o/{key}/statement`, with `?revision=`
pub(super) async fn statement_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    visitor.caller()?;
    let revision = Some(asked.get("revision")).filter(|text| !text.is_empty());
    let view = find(&service, &key, revision.map(number).transpose()?).await?;
    let typed = Typed {
        speak_as: String::new(),
        content: String::new(),
        language: visitor.t.language.code().to_owned(),
    };
    show_statement(&service, &visitor, &view, typed, Again::first()).await
}

async fn show_statement(
    service: &Service,
    visitor: &Visitor,
    view: &OpinionView,
    typed: Typed,
    again: Again,
) -> Result<Response, Refusal> {
    let page = StatementPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(view),
        revision: map::revision_ref(view, view.shown.number),
        principals: speak::principals(service, visitor, Scope::Comment).await?,
        action: format!("{}/statement", map::opinion_href(view.key)),
        speak_as: typed.speak_as,
        content: typed.content,
        language: typed.language,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

/// `POST /o/{key}/statement`
pub(super) async fn file_statement(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let revision = number(fields.get("revision"))?;
    let view = find(&service, &key, Some(revision)).await?;
    let typed = Typed {
        speak_as: fields.text("as"),
        content: fields.text("content"),
        language: fields.text("language"),
    };
    if !visitor.sent(&fields) {
        return show_statement(&service, &visitor, &view, typed, Again::expired()).await;
    }
    let Some((capacity, on_behalf_of)) = speak::chosen(&typed.speak_as) else {
        return show_statement(
            &service,
            &visitor,
            &view,
            typed,
            Again::fault("as", Fault::NotAChoice),
        )
        .await;
    };
    let new = NewStatement {
        content: typed.content.clone(),
        revision,
        language: Some(typed.language.clone()),
        capacity,
        on_behalf_of,
    };
    let acted = match service.file_statement(caller, &view.opinion.uri, new).await {
        Ok(acted) => acted,
        Err(error) => {
            let again = Again::refused(&fields, error)?;
            return show_statement(&service, &visitor, &view, typed, again).await;
        }
    };
    done(&service, &visitor, &view, &acted, Deed::Commented).await
}

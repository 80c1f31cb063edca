//! Drafts: the list of one's own, the workspace, and what is done with it as a whole. Whoever is not among its authors
//! gets the page for what is not there, signed in or not.

pub(super) mod part;
pub(super) mod release;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::Fields,
    frame,
    i18n::Texts,
    map::{self, Done},
    opinions::find,
    session::Visitor,
    speak,
    view::{
        Deed, DraftAuthorRow, DraftForm, DraftHeadRow, DraftInvitePage, DraftNewPage, DraftPage,
        DraftParagraph, DraftRevises, DraftRow, DraftsPage, Link, Principal, SafeHtml, Section,
    },
};
use crate::{
    domain::{markup::render_opinion, position::Capacity},
    service::{
        Caller, Service, ServiceError,
        drafts::{
            Authorship, Confirmation, Desk, DraftBlock, DraftPart, DraftView, NewDraft, SeatView,
        },
    },
};

const NO_DRAFT: ServiceError = ServiceError::NotFound { what: "draft" };

/// The reader, where signed in: to everybody else there is no draft, not even one that is forbidden.
fn reader(visitor: &Visitor) -> Option<&Caller> {
    visitor.session.as_ref().map(|session| &session.caller)
}

fn writer(visitor: &Visitor) -> Result<&Caller, ServiceError> {
    reader(visitor).ok_or(NO_DRAFT)
}

fn key(text: &str) -> Result<i64, ServiceError> {
    text.parse().ok().ok_or(NO_DRAFT)
}

fn href(id: i64) -> String {
    format!("/drafts/{id}")
}

fn to(id: i64) -> Response {
    Redirect::to(&href(id)).into_response()
}

/// In whose name a form acts on a draft: its field `as`.
fn desk(id: i64, fields: &Fields) -> Desk {
    let chosen = speak::chosen(fields.get("as"));
    Desk { draft: id, on_behalf_of: chosen.and_then(|(_, on_behalf_of)| on_behalf_of) }
}

/// The places at a draft that the reader may take, of those that `may` do what a form does: what its field `as` offers.
fn seats(view: &DraftView, may: impl Fn(&SeatView) -> bool) -> Vec<Principal> {
    let seat = |seat: &SeatView| Principal {
        value: if seat.is_own { String::new() } else { seat.actor.uri.clone() },
        name: seat.actor.name.clone(),
        capacity: if seat.actor.kind == "Organization" {
            Capacity::Organization
        } else {
            Capacity::Individual
        },
    };
    view.seats.iter().filter(|one| may(one)).map(seat).collect()
}

fn writes(seat: &SeatView) -> bool {
    seat.authorship == Authorship::Joined
}

/// The place that is offered first.
fn first(seats: &[Principal]) -> String {
    seats.first().map(|seat| seat.value.clone()).unwrap_or_default()
}

/// Who wrote a version, and for whom.
fn hand(t: Texts, block: &DraftBlock) -> String {
    match &block.on_behalf_of {
        Some(body) => t
            .say_with_two("draft-editor-for", "name", &block.editor.name, "body", &body.name)
            .plain()
            .to_owned(),
        None => block.editor.name.clone(),
    }
}

/// `GET /drafts`
pub(super) async fn list(
    State(service): State<Service>,
    visitor: Visitor,
) -> Result<Response, Refusal> {
    let rows = service.drafts(visitor.caller()?).await?;
    let rows = rows.into_iter().map(|row| DraftRow {
        draft: Link { text: row.title, href: href(row.id), lang: row.language },
        topic: map::room_link(&row.room.name, &row.room.slug, &row.room.language),
        updated: row.updated,
        is_invitation: row.authorship == Authorship::Invited,
        speak_as: row.on_behalf_of.as_ref().map(|body| body.uri.clone()).unwrap_or_default(),
        on_behalf_of: row.on_behalf_of.map(|body| body.name),
    });
    frame::show(&DraftsPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        rows: rows.collect(),
    })
}

/// `GET /t/{slug}/draft`
pub(super) async fn new(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    visitor.caller()?;
    let language = visitor.t.language.code().to_owned();
    let form = DraftForm { language, ..DraftForm::default() };
    show_new(&service, &visitor, &slug, form, Again::first()).await
}

async fn show_new(
    service: &Service,
    visitor: &Visitor,
    slug: &str,
    form: DraftForm,
    again: Again,
) -> Result<Response, Refusal> {
    let room = service.room(slug).await?;
    let page = DraftNewPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        topic: map::room_link(&room.name, &room.slug, &room.language),
        action: format!("/t/{slug}/draft"),
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

/// `POST /t/{slug}/draft`
pub(super) async fn begin(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let form = DraftForm {
        name: fields.text("name"),
        abstract_text: fields.text("abstract"),
        source: fields.text("source"),
        language: fields.text("language"),
    };
    if !visitor.sent(&fields) {
        return show_new(&service, &visitor, &slug, form, Again::expired()).await;
    }
    let new = NewDraft {
        name: form.name.clone(),
        abstract_text: form.abstract_text.clone(),
        source: form.source.clone(),
        language: form.language.clone(),
    };
    let room = service.room(&slug).await?;
    match service.create_draft(caller, room, new).await {
        Ok(id) => Ok(to(id)),
        Err(error) => {
            show_new(&service, &visitor, &slug, form, Again::refused(&fields, error)?).await
        }
    }
}

/// `POST /o/{key}/draft`: the next revision, together.
pub(super) async fn begin_revision(
    State(service): State<Service>,
    visitor: Visitor,
    Path(opinion): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let view = find(&service, &opinion, None).await?;
    Ok(to(service.create_draft_of(caller, &view.opinion.uri).await?))
}

/// `POST /o/{key}/confirm`: a named co-author says that the text is theirs, or a delegate that it is its organisation's.
pub(super) async fn confirm(
    State(service): State<Service>,
    visitor: Visitor,
    Path(opinion): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let view = find(&service, &opinion, None).await?;
    let confirmation = Confirmation {
        revision: super::opinions::number(fields.get("revision"))?,
        on_behalf_of: speak::chosen(fields.get("as")).and_then(|(_, on_behalf_of)| on_behalf_of),
    };
    let acted = service.confirm_authorship(caller, &view.opinion.uri, confirmation).await?;
    let done = Done {
        deed: Deed::TookPosition,
        object: map::opinion_link(&view),
        slug: view.room.slug.clone(),
        undo_href: Some(format!("/positions/{}/withdraw", acted.key)),
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

/// `GET /drafts/{key}`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    workspace(&service, &visitor, key(&id)?, StatusCode::OK, None).await
}

async fn workspace(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    status: StatusCode,
    message: Option<String>,
) -> Result<Response, Refusal> {
    let view = service.draft(reader(visitor), id).await?;
    let lang = view.part(DraftPart::Language).to_owned();
    let own = writer(visitor)?;
    let head = view.head.iter().filter(|block| {
        // A new opinion changes nothing yet.
        block.part != DraftPart::Note || view.revises.is_some()
    });
    let joined = seats(&view, writes);
    let page = DraftPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        href: href(id),
        topic: map::room_link(&view.room.name, &view.room.slug, &view.room.language),
        title: map::text(view.part(DraftPart::Title), &lang),
        head: head
            .map(|block| DraftHeadRow {
                label: label(block.part),
                text: map::text(
                    &block.source,
                    if block.part == DraftPart::Language { "" } else { &lang },
                ),
                edit_href: format!("/drafts/{id}/b/{}", block.id),
            })
            .collect(),
        paragraphs: paragraphs(visitor.t, &view),
        removed: view.removed.iter().map(|block| (block.id, rendered(&block.source))).collect(),
        authors: authors(&view, None),
        digest: view.digest.clone(),
        arrangement: view.arrangement,
        seat: first(&joined),
        is_invitation: joined.is_empty(),
        joined,
        invited: seats(&view, |seat| seat.authorship == Authorship::Invited),
        to_agree: seats(&view, |seat| writes(seat) && !seat.agreed),
        may_publish: publishes(&view, own),
        revises: revises(service, &view).await?,
        message,
        lang,
    };
    frame::show_with(status, &page)
}

/// True where this author's key can sign the text.
fn publishes(view: &DraftView, caller: &Caller) -> bool {
    view.revises.as_ref().map_or_else(
        || view.seats.iter().any(|seat| seat.is_own && writes(seat)),
        |revises| revises.publisher == caller.actor.uri,
    )
}

async fn revises(service: &Service, view: &DraftView) -> Result<Option<DraftRevises>, Refusal> {
    let Some(of) = &view.revises else { return Ok(None) };
    let publisher = service.actor_views([of.publisher.clone()]).await?;
    let opinion = map::opinion_href(of.key);
    Ok(Some(DraftRevises {
        compare_href: format!("{opinion}/diff/{}..{}", of.base, of.current),
        opinion: Link {
            text: of.name.clone(),
            href: opinion,
            lang: view.part(DraftPart::Language).to_owned(),
        },
        base: of.base,
        current: of.current,
        publisher: publisher.values().next().map(|who| who.name.clone()).unwrap_or_default(),
    }))
}

fn authors(view: &DraftView, signer: Option<&str>) -> Vec<DraftAuthorRow> {
    view.authors
        .iter()
        .map(|author| DraftAuthorRow {
            voice: map::voice(&author.actor, author.actor.group, None),
            is_invited: author.authorship == Authorship::Invited,
            agreed: author.agreed,
            agreed_by: author.agreed_by.as_ref().map(|who| who.name.clone()),
            signs: signer == Some(author.actor.uri.as_str()),
        })
        .collect()
}

fn label(part: DraftPart) -> &'static str {
    match part {
        DraftPart::Title => "title-field",
        DraftPart::Abstract => "abstract",
        DraftPart::Language => "language-field",
        DraftPart::Note => "what-changed",
        DraftPart::Text => "text-field",
    }
}

fn rendered(source: &str) -> SafeHtml {
    SafeHtml::sanitized(&render_opinion(source).unwrap_or_default())
}

fn paragraphs(t: Texts, view: &DraftView) -> Vec<DraftParagraph> {
    let ids: Vec<i64> = view.blocks.iter().map(|block| block.id).collect();
    let id_at = |at: usize| ids.get(at).map(i64::to_string);
    view.blocks
        .iter()
        .enumerate()
        .map(|(at, block)| DraftParagraph {
            id: block.id,
            number: at + 1,
            html: rendered(&block.source),
            editor: hand(t, block),
            edited: block.edited,
            edit_href: format!("/drafts/{}/b/{}", view.id, block.id),
            insert_href: format!("/drafts/{}/insert?after={}", view.id, block.id),
            up: match at {
                0 => None,
                1 => Some(String::new()),
                _ => id_at(at - 2),
            },
            down: id_at(at + 1),
        })
        .collect()
}

fn back(view: &DraftView, block: Option<i64>) -> Link {
    let anchor = block.map(|block| format!("#d-{block}")).unwrap_or_default();
    Link {
        text: view.part(DraftPart::Title).to_owned(),
        href: format!("{}{anchor}", href(view.id)),
        lang: view.part(DraftPart::Language).to_owned(),
    }
}

/// What came of an act on a draft: back to it, with what was refused in a sentence.
async fn done<T>(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    result: Result<T, ServiceError>,
) -> Result<Response, Refusal> {
    let status = match &result {
        Ok(_) => return Ok(to(id)),
        Err(ServiceError::Conflict { .. } | ServiceError::Clash(_)) => StatusCode::CONFLICT,
        Err(ServiceError::Invalid(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        Err(_) => return Err(result.err().unwrap_or(NO_DRAFT).into()),
    };
    let said = result.err().map(|error| error.to_string());
    workspace(service, visitor, id, status, said).await
}

/// The draft, in whose name, and who acts on it, where the form came from this session.
fn acts<'a>(
    visitor: &'a Visitor,
    id: &str,
    fields: &Fields,
) -> Result<(Desk, &'a Caller), Refusal> {
    let caller = writer(visitor)?;
    if visitor.sent(fields) { Ok((desk(key(id)?, fields), caller)) } else { Err(Refusal::forged()) }
}

/// `POST /drafts/{key}/answer`
pub(super) async fn answer(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (desk, caller) = acts(&visitor, &id, &fields)?;
    let id = desk.draft;
    let joins = fields.get("joins") == "yes";
    let result = service.answer_invitation(caller, desk, joins).await;
    if result.is_ok() && !joins {
        return Ok(Redirect::to("/drafts").into_response());
    }
    done(&service, &visitor, id, result).await
}

/// `POST /drafts/{key}/agree`
pub(super) async fn agree(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (desk, caller) = acts(&visitor, &id, &fields)?;
    let id = desk.draft;
    let result = service.agree_to_draft(caller, desk, fields.get("digest")).await;
    done(&service, &visitor, id, result).await
}

/// `POST /drafts/{key}/leave`
pub(super) async fn leave(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (desk, caller) = acts(&visitor, &id, &fields)?;
    let id = desk.draft;
    gone(&service, &visitor, id, service.leave_draft(caller, desk).await).await
}

/// `POST /drafts/{key}/discard`
pub(super) async fn discard(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (desk, caller) = acts(&visitor, &id, &fields)?;
    let id = desk.draft;
    gone(&service, &visitor, id, service.discard_draft(caller, desk).await).await
}

async fn gone(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    result: Result<(), ServiceError>,
) -> Result<Response, Refusal> {
    if result.is_ok() {
        return Ok(Redirect::to("/drafts").into_response());
    }
    done(service, visitor, id, result).await
}

/// `POST /drafts/{key}/base`
pub(super) async fn rebase(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (desk, caller) = acts(&visitor, &id, &fields)?;
    let id = desk.draft;
    let revision = super::opinions::number(fields.get("revision"))?;
    let result = service.rebase_draft(caller, desk, revision).await;
    done(&service, &visitor, id, result).await
}

/// `POST /drafts/{key}/move`
pub(super) async fn shift(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (desk, caller) = acts(&visitor, &id, &fields)?;
    let id = desk.draft;
    let after = Some(fields.get("after")).filter(|after| !after.is_empty()).map(key).transpose()?;
    let seen = fields.get("arrangement").parse().unwrap_or_default();
    let block = key(fields.get("block"))?;
    let result = service.move_draft_block(caller, desk, block, (after, seen)).await;
    done(&service, &visitor, id, result).await
}

/// `GET /drafts/{key}/invite`
pub(super) async fn invite_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    show_invite(&service, &visitor, key(&id)?, None, String::new(), Again::first()).await
}

async fn show_invite(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    speak_as: Option<&str>,
    handle: String,
    again: Again,
) -> Result<Response, Refusal> {
    let view = service.draft(reader(visitor), id).await?;
    let seats = seats(&view, writes);
    let page = DraftInvitePage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(&view, None),
        action: format!("/drafts/{id}/invite"),
        seat: speak_as.map_or_else(|| first(&seats), str::to_owned),
        seats,
        handle,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

/// `POST /drafts/{key}/invite`
pub(super) async fn invite(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = (key(&id)?, writer(&visitor)?);
    let handle = fields.text("handle");
    let again = if visitor.sent(&fields) {
        match service.invite_to_draft(caller, desk(id, &fields), &handle).await {
            Ok(_) => return Ok(to(id)),
            Err(error) => Again::refused(&fields, error)?,
        }
    } else {
        Again::expired()
    };
    show_invite(&service, &visitor, id, Some(fields.get("as")), handle, again).await
}

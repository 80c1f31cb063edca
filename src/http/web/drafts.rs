//! Drafts: the list of one's own, the workspace, writing a part of it, and publishing it. Whoever is not among its
//! authors gets the page for what is not there, signed in or not.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    map::{self, Done},
    opinions::{find, text_block},
    session::{Visitor, status_of},
    view::{
        ClashView, Deed, DraftAuthorRow, DraftBlockPage, DraftForm, DraftHeadRow, DraftInvitePage,
        DraftNewPage, DraftPage, DraftParagraph, DraftPublishPage, DraftRevises, DraftRow,
        DraftsPage, Fault, FormErrors, Link, SafeHtml, Section, TextPart, VersionRow,
    },
};
use crate::{
    domain::{
        blocks::{Part, parts},
        diff,
        markup::render_opinion,
        opinion::OpinionStatus,
    },
    service::{
        Caller, Service, ServiceError,
        drafts::{
            Authorship, Clash, DraftBlock, DraftPart, DraftView, NewDraft, NewWords, Release,
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
    show_new(&service, &visitor, &slug, StatusCode::OK, form, FormErrors::none()).await
}

async fn show_new(
    service: &Service,
    visitor: &Visitor,
    slug: &str,
    status: StatusCode,
    form: DraftForm,
    errors: FormErrors,
) -> Result<Response, Refusal> {
    let room = service.room(slug).await?;
    let page = DraftNewPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        topic: map::room_link(&room.name, &room.slug, &room.language),
        action: format!("/t/{slug}/draft"),
        form,
        errors,
    };
    frame::show_with(status, &page)
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
        let errors = FormErrors::none().add("", Fault::FormExpired);
        return show_new(&service, &visitor, &slug, StatusCode::FORBIDDEN, form, errors).await;
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
        Err(ServiceError::Invalid(wrong)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_new(&service, &visitor, &slug, status, form, fields.faults(wrong)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /o/{key}/draft`: the next revision, together.
pub(super) async fn begin_revision(
    State(service): State<Service>,
    visitor: Visitor,
    Path(opinion): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    if !visitor.sent(&fields) {
        return Err(Refusal::forged());
    }
    let view = find(&service, &opinion, None).await?;
    Ok(to(service.create_draft_of(caller, &view.opinion.uri).await?))
}

/// `POST /o/{key}/confirm`: a named co-author says that the text is theirs.
pub(super) async fn confirm(
    State(service): State<Service>,
    visitor: Visitor,
    Path(opinion): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    if !visitor.sent(&fields) {
        return Err(Refusal::forged());
    }
    let view = find(&service, &opinion, None).await?;
    let revision = super::opinions::number(fields.get("revision"))?;
    let acted = service.confirm_authorship(caller, &view.opinion.uri, revision).await?;
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
        paragraphs: paragraphs(&view),
        removed: view.removed.iter().map(|block| (block.id, rendered(&block.source))).collect(),
        authors: authors(&view, None),
        digest: view.digest.clone(),
        arrangement: view.arrangement,
        is_invitation: view.own == Authorship::Invited,
        has_agreed: view
            .authors
            .iter()
            .any(|author| author.agreed && author.actor.uri == own.actor.uri),
        may_publish: publishes(&view, own),
        revises: revises(service, &view).await?,
        message,
        lang,
    };
    frame::show_with(status, &page)
}

/// True where this author's key can sign the text.
fn publishes(view: &DraftView, caller: &Caller) -> bool {
    view.revises.as_ref().is_none_or(|revises| revises.publisher == caller.actor.uri)
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

fn paragraphs(view: &DraftView) -> Vec<DraftParagraph> {
    let ids: Vec<i64> = view.blocks.iter().map(|block| block.id).collect();
    let id_at = |at: usize| ids.get(at).map(i64::to_string);
    view.blocks
        .iter()
        .enumerate()
        .map(|(at, block)| DraftParagraph {
            id: block.id,
            number: at + 1,
            html: rendered(&block.source),
            editor: block.editor.name.clone(),
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

/// What came of an act on a draft: back to it, with what was refused in a sentence.
async fn done<T>(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    result: Result<T, ServiceError>,
) -> Result<Response, Refusal> {
    match result {
        Ok(_) => Ok(to(id)),
        Err(error @ (ServiceError::Conflict { .. } | ServiceError::Clash(_))) => {
            let said = Some(error.to_string());
            workspace(service, visitor, id, StatusCode::CONFLICT, said).await
        }
        Err(error @ ServiceError::Invalid(_)) => {
            let said = Some(error.to_string());
            workspace(service, visitor, id, StatusCode::UNPROCESSABLE_ENTITY, said).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The draft and who acts on it, where the form came from this session.
fn acts<'a>(visitor: &'a Visitor, id: &str, fields: &Fields) -> Result<(i64, &'a Caller), Refusal> {
    let caller = writer(visitor)?;
    if visitor.sent(fields) { Ok((key(id)?, caller)) } else { Err(Refusal::forged()) }
}

/// `POST /drafts/{key}/answer`
pub(super) async fn answer(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = acts(&visitor, &id, &fields)?;
    let joins = fields.get("joins") == "yes";
    let result = service.answer_invitation(caller, id, joins).await;
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
    let (id, caller) = acts(&visitor, &id, &fields)?;
    let result = service.agree_to_draft(caller, id, fields.get("digest")).await;
    done(&service, &visitor, id, result).await
}

/// `POST /drafts/{key}/leave`
pub(super) async fn leave(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = acts(&visitor, &id, &fields)?;
    gone(&service, &visitor, id, service.leave_draft(caller, id).await).await
}

/// `POST /drafts/{key}/discard`
pub(super) async fn discard(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = acts(&visitor, &id, &fields)?;
    gone(&service, &visitor, id, service.discard_draft(caller, id).await).await
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
    let (id, caller) = acts(&visitor, &id, &fields)?;
    let revision = super::opinions::number(fields.get("revision"))?;
    let result = service.rebase_draft(caller, id, revision).await;
    done(&service, &visitor, id, result).await
}

/// `POST /drafts/{key}/move`
pub(super) async fn shift(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = acts(&visitor, &id, &fields)?;
    let after = Some(fields.get("after")).filter(|after| !after.is_empty()).map(key).transpose()?;
    let seen = fields.get("arrangement").parse().unwrap_or_default();
    let block = key(fields.get("block"))?;
    let result = service.move_draft_block(caller, id, block, (after, seen)).await;
    done(&service, &visitor, id, result).await
}

/// `GET /drafts/{key}/invite`
pub(super) async fn invite_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let ok = StatusCode::OK;
    show_invite(&service, &visitor, key(&id)?, ok, String::new(), FormErrors::none()).await
}

async fn show_invite(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    status: StatusCode,
    handle: String,
    errors: FormErrors,
) -> Result<Response, Refusal> {
    let view = service.draft(reader(visitor), id).await?;
    let page = DraftInvitePage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(&view, None),
        action: format!("/drafts/{id}/invite"),
        handle,
        errors,
    };
    frame::show_with(status, &page)
}

fn back(view: &DraftView, block: Option<i64>) -> Link {
    let anchor = block.map(|block| format!("#d-{block}")).unwrap_or_default();
    Link {
        text: view.part(DraftPart::Title).to_owned(),
        href: format!("{}{anchor}", href(view.id)),
        lang: view.part(DraftPart::Language).to_owned(),
    }
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
    let errors = if visitor.sent(&fields) {
        match service.invite_to_draft(caller, id, &handle).await {
            Ok(_) => return Ok(to(id)),
            Err(ServiceError::Invalid(wrong)) => fields.faults(wrong),
            Err(other) => return Err(other.into()),
        }
    } else {
        FormErrors::none().add("", Fault::FormExpired)
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    show_invite(&service, &visitor, id, status, handle, errors).await
}

/// A part that is written, as its form shows it.
#[derive(Default)]
struct Writing {
    source: String,
    version: String,
    clash: Option<ClashView>,
    errors: FormErrors,
}

/// `GET /drafts/{key}/b/{block}`
pub(super) async fn edit(
    State(service): State<Service>,
    visitor: Visitor,
    Path((id, block)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (id, block) = (key(&id)?, key(&block)?);
    let view = service.draft(reader(&visitor), id).await?;
    let part = view.block(block).ok_or(NO_DRAFT)?;
    let writing = Writing {
        source: part.source.clone(),
        version: part.version.to_string(),
        ..Writing::default()
    };
    let part = part.clone();
    show_edit(&service, &visitor, (&view, &part), StatusCode::OK, writing).await
}

async fn show_edit(
    service: &Service,
    visitor: &Visitor,
    (view, block): (&DraftView, &DraftBlock),
    status: StatusCode,
    writing: Writing,
) -> Result<Response, Refusal> {
    let versions = service.draft_versions(reader(visitor), view.id, block.id).await?;
    let page = DraftBlockPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(view, (block.part == DraftPart::Text).then_some(block.id)),
        label: label(block.part),
        is_new: false,
        is_text: block.part == DraftPart::Text,
        action: format!("/drafts/{}/b/{}", view.id, block.id),
        source: writing.source,
        version: writing.version,
        clash: writing.clash,
        versions: versions
            .into_iter()
            .rev()
            .map(|version| VersionRow {
                version: version.version,
                editor: version.editor.name,
                at: version.edited,
                source: version.source,
                removed: version.removed,
            })
            .collect(),
        lang: view.part(DraftPart::Language).to_owned(),
        errors: writing.errors,
    };
    frame::show_with(status, &page)
}

/// `POST /drafts/{key}/b/{block}`
pub(super) async fn save(
    State(service): State<Service>,
    visitor: Visitor,
    Path((id, block)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = writer(&visitor)?;
    let (id, block) = (key(&id)?, key(&block)?);
    let view = service.draft(Some(caller), id).await?;
    let part = view.block(block).ok_or(NO_DRAFT)?.clone();
    let source = fields.text("source");
    let mut writing = Writing {
        source: source.clone(),
        version: fields.get("version").to_owned(),
        ..Writing::default()
    };
    if !visitor.sent(&fields) {
        writing.errors = FormErrors::none().add("", Fault::FormExpired);
        return show_edit(&service, &visitor, (&view, &part), StatusCode::FORBIDDEN, writing).await;
    }
    let version = fields.get("version").parse().unwrap_or_default();
    let result = match fields.get("do") {
        "restore" => service.restore_draft_block(caller, id, block).await,
        "remove" => service.remove_draft_block(caller, id, (block, version)).await,
        _ => service.save_draft_block(caller, id, block, NewWords { source, version }).await,
    };
    match result {
        Ok(_) => {
            let anchor =
                if part.part == DraftPart::Text { format!("#d-{block}") } else { String::new() };
            Ok(Redirect::to(&format!("{}{anchor}", href(id))).into_response())
        }
        Err(ServiceError::Clash(clash)) => {
            writing.version = clash.version.to_string();
            writing.clash = Some(both(*clash));
            show_edit(&service, &visitor, (&view, &part), StatusCode::CONFLICT, writing).await
        }
        Err(ServiceError::Invalid(wrong)) => {
            writing.errors = faults(&fields, wrong);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show_edit(&service, &visitor, (&view, &part), status, writing).await
        }
        Err(other) => Err(other.into()),
    }
}

/// What a service said of a part, beside the one field the form has.
fn faults(fields: &Fields, wrong: Vec<crate::service::FieldError>) -> FormErrors {
    let of_source = wrong.into_iter().map(|mut error| {
        error.field = "source";
        error
    });
    fields.faults(of_source.collect())
}

fn both(clash: Clash) -> ClashView {
    let base = clash.base.as_deref().unwrap_or_default();
    ClashView {
        theirs: diff::words(base, &clash.theirs),
        mine: if clash.mine.is_empty() { Vec::new() } else { diff::words(base, &clash.mine) },
        editor: clash.editor,
        removed: clash.removed,
        theirs_source: clash.theirs,
    }
}

/// `GET /drafts/{key}/insert`, with `?after=`
pub(super) async fn insert_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let view = service.draft(reader(&visitor), key(&id)?).await?;
    let writing = Writing { version: asked.get("after").to_owned(), ..Writing::default() };
    show_insert(&visitor, &view, StatusCode::OK, writing)
}

fn show_insert(
    visitor: &Visitor,
    view: &DraftView,
    status: StatusCode,
    writing: Writing,
) -> Result<Response, Refusal> {
    let page = DraftBlockPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(view, writing.version.parse().ok()),
        label: label(DraftPart::Text),
        is_new: true,
        is_text: true,
        action: format!("/drafts/{}/insert", view.id),
        source: writing.source,
        version: writing.version,
        clash: None,
        versions: Vec::new(),
        lang: view.part(DraftPart::Language).to_owned(),
        errors: writing.errors,
    };
    frame::show_with(status, &page)
}

/// `POST /drafts/{key}/insert`
pub(super) async fn insert(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = (key(&id)?, writer(&visitor)?);
    let view = service.draft(Some(caller), id).await?;
    let mut writing = Writing {
        source: fields.text("source"),
        version: fields.get("after").to_owned(),
        ..Writing::default()
    };
    if !visitor.sent(&fields) {
        writing.errors = FormErrors::none().add("", Fault::FormExpired);
        return show_insert(&visitor, &view, StatusCode::FORBIDDEN, writing);
    }
    let after = Some(fields.get("after")).filter(|after| !after.is_empty()).map(key).transpose()?;
    match service.insert_draft_blocks(caller, id, after, &writing.source).await {
        Ok(placed) => {
            let first = placed.blocks.first().copied().unwrap_or_default();
            Ok(Redirect::to(&format!("{}#d-{first}", href(id))).into_response())
        }
        Err(ServiceError::Invalid(wrong)) => {
            writing.errors = faults(&fields, wrong);
            show_insert(&visitor, &view, StatusCode::UNPROCESSABLE_ENTITY, writing)
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /drafts/{key}/publish`
pub(super) async fn release_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let open = OpinionStatus::Open;
    let none = FormErrors::none();
    show_release(&service, &visitor, key(&id)?, StatusCode::OK, open, none).await
}

async fn show_release(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    code: StatusCode,
    status: OpinionStatus,
    mut errors: FormErrors,
) -> Result<Response, Refusal> {
    let view = service.draft(reader(visitor), id).await?;
    let own = writer(visitor)?;
    let lang = view.part(DraftPart::Language).to_owned();
    let text = |part| map::text(view.part(part), &lang);
    let html = match render_opinion(&view.source()) {
        Ok(html) => html,
        Err(error) => {
            if !errors.has("source") {
                errors = errors.add_text("source", error.to_string());
            }
            String::new()
        }
    };
    let may = publishes(&view, own) && view.own == Authorship::Joined;
    let signer = view.revises.as_ref().map_or(own.actor.uri.clone(), |of| of.publisher.clone());
    let signers = service.actor_views([signer.clone()]).await?;
    let topic = service.topic(&view.room.slug).await?;
    let mut authors = authors(&view, Some(&signer));
    authors.retain(|author| !author.is_invited);
    let page = DraftPublishPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(&view, None),
        topic: map::room_link(&view.room.name, &view.room.slug, &view.room.language),
        revision: view.revises.as_ref().map_or(1, |of| of.current + 1),
        title: text(DraftPart::Title),
        abstract_text: text(DraftPart::Abstract),
        change_note: text(DraftPart::Note),
        parts: parts(&html)
            .into_iter()
            .map(|part| match part {
                Part::Block(block) => TextPart::Block(text_block(&block)),
                Part::Loose(html) => TextPart::Loose(SafeHtml::sanitized(&html)),
            })
            .collect(),
        authors,
        signer: signers.values().next().map(|who| who.name.clone()).unwrap_or_default(),
        digest: view.digest.clone(),
        status,
        hosts: map::mirrors(&topic).join(", "),
        action: may.then(|| format!("/drafts/{id}/publish")),
        revises: revises(service, &view).await?,
        errors,
    };
    frame::show_with(code, &page)
}

/// `POST /drafts/{key}/publish`
pub(super) async fn release(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = (key(&id)?, writer(&visitor)?);
    let status = status_of(fields.get("status"));
    if !visitor.sent(&fields) {
        let errors = FormErrors::none().add("", Fault::FormExpired);
        let code = StatusCode::FORBIDDEN;
        return show_release(&service, &visitor, id, code, status, errors).await;
    }
    let release = Release { digest: fields.get("digest").to_owned(), status };
    let was_new = service.draft(Some(caller), id).await?.revises.is_none();
    let acted = match service.publish_draft(caller, id, release).await {
        Ok(acted) => acted,
        Err(ServiceError::Invalid(wrong)) => {
            let mut errors = FormErrors::none();
            for error in wrong {
                errors = errors.add_text(error.field, error.message);
            }
            let code = StatusCode::UNPROCESSABLE_ENTITY;
            return show_release(&service, &visitor, id, code, status, errors).await;
        }
        Err(error @ ServiceError::Conflict { .. }) => {
            let errors = FormErrors::none().add_text("", error.to_string());
            let code = StatusCode::CONFLICT;
            return show_release(&service, &visitor, id, code, status, errors).await;
        }
        Err(other) => return Err(other.into()),
    };
    let view = service.opinion(&acted.uri, None).await?;
    let done = Done {
        deed: if was_new { Deed::Published } else { Deed::Revised },
        object: map::opinion_link(&view),
        slug: view.room.slug.clone(),
        undo_href: None,
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

//! One part of a draft: writing it, with both texts where somebody else did meanwhile, and new paragraphs.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    super::{
        again::Again,
        error_page::Refusal,
        fields::{Asked, Fields},
        frame,
        session::Visitor,
        view::{ClashView, DraftBlockPage, Section, VersionRow},
    },
    NO_DRAFT, back, desk, first, hand, href, key, label, reader, seats, writer, writes,
};
use crate::{
    domain::diff,
    service::{
        Service, ServiceError,
        drafts::{Clash, DraftBlock, DraftPart, DraftView, NewWords},
    },
};

/// A part that is written, as its form shows it.
struct Writing {
    /// Field `as`; none where it was not chosen yet.
    speak_as: Option<String>,
    source: String,
    /// What it is written from; where it is new, what it stands behind.
    version: String,
    clash: Option<ClashView>,
    again: Again,
}

impl Writing {
    fn first(source: String, version: String) -> Self {
        Self { speak_as: None, source, version, clash: None, again: Again::first() }
    }

    /// As it was sent; `from` is the field that says what it is written from.
    fn sent(visitor: &Visitor, fields: &Fields, from: &str) -> Self {
        Self {
            speak_as: Some(fields.get("as").to_owned()),
            again: if visitor.sent(fields) { Again::first() } else { Again::expired() },
            ..Self::first(fields.text("source"), fields.get(from).to_owned())
        }
    }

    fn is_refused(&self) -> bool {
        !self.again.errors.is_empty()
    }

    /// The form again: everything that is wrong with a part is beside the one field it has.
    fn refused(mut self, fields: &Fields, error: ServiceError) -> Result<Self, Refusal> {
        let error = match error {
            ServiceError::Invalid(mut wrong) => {
                for error in &mut wrong {
                    error.field = "source";
                }
                ServiceError::Invalid(wrong)
            }
            other => other,
        };
        self.again = Again::refused(fields, error)?;
        Ok(self)
    }
}

/// `GET /drafts/{key}/b/{block}`
pub(in super::super) async fn edit(
    State(service): State<Service>,
    visitor: Visitor,
    Path((id, block)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (id, block) = (key(&id)?, key(&block)?);
    let view = service.draft(reader(&visitor), id).await?;
    let part = view.block(block).ok_or(NO_DRAFT)?;
    let writing = Writing::first(part.source.clone(), part.version.to_string());
    show_edit(&service, &visitor, (&view, part), writing).await
}

async fn show_edit(
    service: &Service,
    visitor: &Visitor,
    (view, block): (&DraftView, &DraftBlock),
    writing: Writing,
) -> Result<Response, Refusal> {
    let versions = service.draft_versions(reader(visitor), view.id, block.id).await?;
    let versions = versions.iter().rev().map(|version| VersionRow {
        version: version.version,
        editor: hand(visitor.t, version),
        at: version.edited,
        source: version.source.clone(),
        removed: version.removed,
    });
    let seats = seats(view, writes);
    let page = DraftBlockPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(view, (block.part == DraftPart::Text).then_some(block.id)),
        label: label(block.part),
        is_new: false,
        is_text: block.part == DraftPart::Text,
        action: format!("/drafts/{}/b/{}", view.id, block.id),
        seat: writing.speak_as.unwrap_or_else(|| first(&seats)),
        seats,
        source: writing.source,
        version: writing.version,
        clash: writing.clash,
        versions: versions.collect(),
        lang: view.part(DraftPart::Language).to_owned(),
        errors: writing.again.errors,
    };
    frame::show_with(writing.again.status, &page)
}

/// `POST /drafts/{key}/b/{block}`
pub(in super::super) async fn save(
    State(service): State<Service>,
    visitor: Visitor,
    Path((id, block)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = writer(&visitor)?;
    let (id, block) = (key(&id)?, key(&block)?);
    let view = service.draft(Some(caller), id).await?;
    let part = view.block(block).ok_or(NO_DRAFT)?;
    let mut writing = Writing::sent(&visitor, &fields, "version");
    if writing.is_refused() {
        return show_edit(&service, &visitor, (&view, part), writing).await;
    }
    let version = fields.get("version").parse().unwrap_or_default();
    let (desk, source) = (desk(id, &fields), writing.source.clone());
    let result = match fields.get("do") {
        "restore" => service.restore_draft_block(caller, desk, block).await,
        "remove" => service.remove_draft_block(caller, desk, (block, version)).await,
        _ => service.save_draft_block(caller, desk, block, NewWords { source, version }).await,
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
            writing.again.status = StatusCode::CONFLICT;
            show_edit(&service, &visitor, (&view, part), writing).await
        }
        Err(error) => {
            let writing = writing.refused(&fields, error)?;
            show_edit(&service, &visitor, (&view, part), writing).await
        }
    }
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
pub(in super::super) async fn insert_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let view = service.draft(reader(&visitor), key(&id)?).await?;
    let writing = Writing::first(String::new(), asked.get("after").to_owned());
    show_insert(&visitor, &view, writing)
}

fn show_insert(visitor: &Visitor, view: &DraftView, writing: Writing) -> Result<Response, Refusal> {
    let seats = seats(view, writes);
    let page = DraftBlockPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        back: back(view, writing.version.parse().ok()),
        label: label(DraftPart::Text),
        is_new: true,
        is_text: true,
        action: format!("/drafts/{}/insert", view.id),
        seat: writing.speak_as.unwrap_or_else(|| first(&seats)),
        seats,
        source: writing.source,
        version: writing.version,
        clash: None,
        versions: Vec::new(),
        lang: view.part(DraftPart::Language).to_owned(),
        errors: writing.again.errors,
    };
    frame::show_with(writing.again.status, &page)
}

/// `POST /drafts/{key}/insert`
pub(in super::super) async fn insert(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = (key(&id)?, writer(&visitor)?);
    let view = service.draft(Some(caller), id).await?;
    let writing = Writing::sent(&visitor, &fields, "after");
    if writing.is_refused() {
        return show_insert(&visitor, &view, writing);
    }
    let after = Some(fields.get("after")).filter(|after| !after.is_empty()).map(key).transpose()?;
    let desk = desk(id, &fields);
    match service.insert_draft_blocks(caller, desk, after, &writing.source).await {
        Ok(placed) => {
            let first = placed.blocks.first().copied().unwrap_or_default();
            Ok(Redirect::to(&format!("{}#d-{first}", href(id))).into_response())
        }
        Err(error) => show_insert(&visitor, &view, writing.refused(&fields, error)?),
    }
}

//! From a draft to an opinion or its next revision: exactly what will be published, under which names, and publishing it.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    super::{
        again::Again,
        error_page::Refusal,
        fields::Fields,
        frame, letter,
        map::{self, Done},
        opinions::text_block,
        session::{Visitor, status_of},
        view::{DeadlineForm, Deed, DraftPublishPage, FormErrors, SafeHtml, Section, TextPart},
    },
    authors, back, key, publishes, reader, revises, writer,
};
use crate::{
    domain::{
        blocks::{Part, parts},
        markup::render_opinion,
        opinion::OpinionStatus,
    },
    service::{
        Service, ServiceError,
        drafts::{DraftPart, Release},
    },
};

/// The form as it is filled in.
struct Releasing {
    status: OpinionStatus,
    deadline: DeadlineForm,
    again: Again,
}

/// `GET /drafts/{key}/publish`
pub(in super::super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let releasing = Releasing {
        status: OpinionStatus::Open,
        deadline: DeadlineForm::none(),
        again: Again::first(),
    };
    show(&service, &visitor, key(&id)?, releasing).await
}

async fn show(
    service: &Service,
    visitor: &Visitor,
    id: i64,
    releasing: Releasing,
) -> Result<Response, Refusal> {
    let Releasing { status, deadline, again: Again { status: code, mut errors } } = releasing;
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
    let may =
        publishes(&view, own) && view.seats.iter().any(|seat| seat.is_own && super::writes(seat));
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
        deadline: view.revises.is_none().then_some(deadline),
        hosts: map::mirrors(&topic).join(", "),
        action: may.then(|| format!("/drafts/{id}/publish")),
        revises: revises(service, &view).await?,
        errors,
    };
    frame::show_with(code, &page)
}

/// `POST /drafts/{key}/publish`
pub(in super::super) async fn publish(
    State(service): State<Service>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (id, caller) = (key(&id)?, writer(&visitor)?);
    let status = status_of(fields.get("status"));
    let deadline = letter::typed(&fields);
    let releasing = |again: Again| Releasing { status, deadline: letter::typed(&fields), again };
    if !visitor.sent(&fields) {
        return show(&service, &visitor, id, releasing(Again::expired())).await;
    }
    let letter = match letter::deadline_of(&deadline) {
        Ok(letter) => letter,
        Err(errors) => return show(&service, &visitor, id, releasing(Again::wrong(errors))).await,
    };
    let release = Release { digest: fields.get("digest").to_owned(), status, letter };
    let was_new = service.draft(Some(caller), id).await?.revises.is_none();
    let acted = match service.publish_draft(caller, id, release).await {
        Ok(acted) => acted,
        // What is wrong with the text is no field of this form: it is said in words.
        Err(ServiceError::Invalid(wrong)) => {
            let mut errors = FormErrors::none();
            for error in wrong {
                let field = if error.field == "letter" { "day" } else { error.field };
                errors = errors.add_text(field, error.message);
            }
            return show(&service, &visitor, id, releasing(Again::wrong(errors))).await;
        }
        Err(error) => {
            let again = Again::refused(&fields, error)?;
            return show(&service, &visitor, id, releasing(again)).await;
        }
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

//! Writing an opinion and revising it: the form, its preview, the page after it.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::Fields,
    frame, letter,
    map::{self, Done},
    opinions::{find, text_block},
    session::{Visitor, status_of},
    view::{
        DeadlineForm, Deed, Fault, FormErrors, Link, OpinionForm, OpinionFormPage, SafeHtml,
        Section, TextPart,
    },
};
use crate::{
    domain::{
        blocks::{Part, parts},
        markup::render_opinion,
        opinion::OpinionStatus,
    },
    service::{
        Service, ServiceError,
        opinions::{NewOpinion, NewRevision},
        read::OpinionView,
    },
};

/// What a form is for.
struct Task {
    topic: Link,
    slug: String,
    revises: Option<(Link, i64)>,
    action: String,
}

impl Task {
    async fn writing(service: &Service, slug: &str) -> Result<Self, Refusal> {
        let room = service.room(slug).await?;
        Ok(Self {
            topic: map::room_link(&room.name, slug, &room.language),
            slug: slug.to_owned(),
            revises: None,
            action: format!("/t/{slug}/write"),
        })
    }

    fn revising(view: &OpinionView) -> Self {
        let room = &view.room;
        Self {
            topic: map::room_link(&room.name, &room.slug, &room.language),
            slug: room.slug.clone(),
            revises: Some((map::opinion_link(view), view.opinion.revision)),
            action: format!("{}/revise", map::opinion_href(view.key)),
        }
    }

    fn show(
        self,
        visitor: &Visitor,
        form: OpinionForm,
        again: Again,
        preview: Option<Vec<TextPart>>,
    ) -> Result<Response, Refusal> {
        let page = OpinionFormPage {
            t: visitor.t,
            page: visitor.page(Section::Topics),
            topic: self.topic,
            revises: self.revises,
            action: self.action,
            form,
            errors: again.errors,
            preview,
        };
        frame::show_with(again.status, &page)
    }

    fn preview(self, visitor: &Visitor, form: OpinionForm) -> Result<Response, Refusal> {
        match render_opinion(&form.source) {
            Ok(html) => {
                let preview = parts(&html)
                    .into_iter()
                    .map(|part| match part {
                        Part::Block(block) => TextPart::Block(text_block(&block)),
                        Part::Loose(html) => TextPart::Loose(SafeHtml::sanitized(&html)),
                    })
                    .collect();
                self.show(visitor, form, Again::first(), Some(preview))
            }
            Err(error) => {
                let errors = FormErrors::none().add_text("source", error.to_string());
                self.show(visitor, form, Again::wrong(errors), None)
            }
        }
    }
}

fn typed(fields: &Fields) -> OpinionForm {
    OpinionForm {
        name: fields.text("name"),
        abstract_text: fields.text("abstract"),
        source: fields.text("source"),
        language: fields.text("language"),
        status: status_of(fields.get("status")),
        change_note: fields.text("changeNote"),
        deadline: letter::typed(fields),
    }
}

/// `GET /t/{slug}/write`
pub(super) async fn new(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Refusal> {
    visitor.caller()?;
    let task = Task::writing(&service, &slug).await?;
    let form = OpinionForm {
        name: String::new(),
        abstract_text: String::new(),
        source: String::new(),
        language: visitor.t.language.code().to_owned(),
        status: OpinionStatus::Open,
        change_note: String::new(),
        deadline: DeadlineForm::none(),
    };
    task.show(&visitor, form, Again::first(), None)
}

/// `POST /t/{slug}/write`
pub(super) async fn publish(
    State(service): State<Service>,
    visitor: Visitor,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let task = Task::writing(&service, &slug).await?;
    let form = typed(&fields);
    if !visitor.sent(&fields) {
        return task.show(&visitor, form, Again::expired(), None);
    }
    if fields.get("do") == "preview" {
        return task.preview(&visitor, form);
    }
    let letter = match letter::deadline_of(&form.deadline) {
        Ok(letter) => letter,
        Err(errors) => return task.show(&visitor, form, Again::wrong(errors), None),
    };
    let new = NewOpinion {
        name: form.name.clone(),
        abstract_text: form.abstract_text.clone(),
        source: form.source.clone(),
        language: form.language.clone(),
        status: form.status,
    };
    let room = service.room(&slug).await?;
    let acted = match service.publish_letter(caller, room, new, letter).await {
        Ok(acted) => acted,
        Err(error) => return task.show(&visitor, form, Again::refused(&fields, error)?, None),
    };
    let view = service.opinion(&acted.uri, None).await?;
    let done = Done {
        deed: Deed::Published,
        object: map::opinion_link(&view),
        slug: task.slug,
        undo_href: None,
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

/// The opinion, where it is the reader's own.
async fn own(service: &Service, visitor: &Visitor, key: &str) -> Result<OpinionView, Refusal> {
    visitor.caller()?;
    let view = find(service, key, None).await?;
    if visitor.is(&view.opinion.author) {
        Ok(view)
    } else {
        Err(ServiceError::NotPermitted { why: "only its author may revise an opinion" }.into())
    }
}

/// `GET /o/{key}/revise`
pub(super) async fn revise_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let view = own(&service, &visitor, &key).await?;
    let form = OpinionForm {
        name: view.shown.name.clone(),
        abstract_text: view.shown.abstract_text.clone(),
        source: service.markdown(&view.shown),
        language: view.shown.language.clone(),
        status: status_of(&view.opinion.status),
        change_note: String::new(),
        deadline: DeadlineForm::none(),
    };
    Task::revising(&view).show(&visitor, form, Again::first(), None)
}

/// `POST /o/{key}/revise`
pub(super) async fn revise(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let view = own(&service, &visitor, &key).await?;
    let task = Task::revising(&view);
    // Title and language stay those of the first revision, whatever was typed.
    let form = OpinionForm {
        name: view.opinion.name.clone(),
        language: view.opinion.language.clone(),
        ..typed(&fields)
    };
    if !visitor.sent(&fields) {
        return task.show(&visitor, form, Again::expired(), None);
    }
    if fields.get("do") == "preview" {
        return task.preview(&visitor, form);
    }
    if form.abstract_text.trim().is_empty() {
        return task.show(&visitor, form, Again::fault("abstract", Fault::Missing), None);
    }
    let new = NewRevision {
        name: None,
        source: form.source.clone(),
        abstract_text: Some(form.abstract_text.clone()),
        change_note: form.change_note.clone(),
        status: Some(form.status),
    };
    let acted = match service.revise_opinion(visitor.caller()?, &view.opinion.uri, new).await {
        Ok(acted) => acted,
        Err(error) => return task.show(&visitor, form, Again::refused(&fields, error)?, None),
    };
    let done = Done {
        deed: Deed::Revised,
        object: map::opinion_link(&view),
        slug: task.slug,
        undo_href: None,
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

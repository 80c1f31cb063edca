//! Saying what became of a comment or of a position: a form for those who may, beside what they answer.

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    map::{self, Done},
    session::Visitor,
    speak,
    view::{Deed, FateForm, FateFormPage, Fault, Link, Section, UserText},
};
use crate::{
    domain::{delegation::Scope, markup::plain_text},
    service::{Service, ServiceError, dispositions::NewDisposition, read::OpinionView},
};

/// Characters of what is answered.
const QUOTE_CHARS: usize = 600;

/// What is answered.
struct Subject {
    uri: String,
    /// Its page.
    href: String,
    /// Where the form is sent.
    action: String,
    words: UserText,
    by: String,
    opinion: OpinionView,
}

async fn comment(service: &Service, key: &str) -> Result<Subject, Refusal> {
    let uri = service.object_uri(key, "comment").await?;
    let view = service.comment_view(&uri).await?;
    let opinion = view.comment.opinion_uri.clone().unwrap_or_default();
    let words: String = plain_text(&view.comment.content).chars().take(QUOTE_CHARS).collect();
    Ok(Subject {
        opinion: service.opinion(&opinion, None).await?,
        href: format!("/c/{}", view.key),
        action: format!("/c/{}/answer", view.key),
        words: map::text(&words, view.comment.language.as_deref().unwrap_or_default()),
        by: view.author.name,
        uri,
    })
}

async fn position(service: &Service, key: &str) -> Result<Subject, Refusal> {
    let uri = service.object_uri(key, "position").await?;
    let view = service.position_view(&uri).await?;
    let opinion = service.opinion(&view.position.opinion_uri, None).await?;
    let words = view.position.statement.as_deref().unwrap_or_default();
    Ok(Subject {
        href: format!(
            "{}/positions#{}",
            map::opinion_href(opinion.key),
            super::standing::anchor(&view)
        ),
        opinion,
        action: format!("/positions/{}/answer", view.key),
        words: map::text(words, view.position.language.as_deref().unwrap_or_default()),
        by: view.actor.name.clone(),
        uri,
    })
}

/// `GET /c/{key}/answer`
pub(super) async fn comment_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    form(&service, &visitor, comment(&service, &key).await?, &asked).await
}

/// `GET /positions/{key}/answer`
pub(super) async fn position_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    form(&service, &visitor, position(&service, &key).await?, &asked).await
}

/// `POST /c/{key}/answer`
pub(super) async fn answer_comment(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    publish(&service, &visitor, comment(&service, &key).await?, &fields).await
}

/// `POST /positions/{key}/answer`
pub(super) async fn answer_position(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    publish(&service, &visitor, position(&service, &key).await?, &fields).await
}

async fn form(
    service: &Service,
    visitor: &Visitor,
    subject: Subject,
    asked: &Asked,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let opinion = &subject.opinion;
    if !service.say_of(caller, opinion.room.id).await?.on(&opinion.opinion.uri) {
        let why =
            "only an author of the opinion or a facilitator of the topic may say what became of it";
        return Err(ServiceError::NotPermitted { why }.into());
    }
    let form = FateForm { outcome: asked.get("outcome").parse().ok(), ..FateForm::default() };
    show(service, visitor, subject, form, Again::first()).await
}

async fn publish(
    service: &Service,
    visitor: &Visitor,
    subject: Subject,
    fields: &Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let form = FateForm {
        outcome: fields.get("outcome").parse().ok(),
        reason: fields.text("reason"),
        revision: fields.text("revision"),
        venue: fields.text("venue"),
        speak_as: fields.text("as"),
    };
    if !visitor.sent(fields) {
        return show(service, visitor, subject, form, Again::expired()).await;
    }
    let Some(outcome) = form.outcome else {
        return show(service, visitor, subject, form, Again::fault("outcome", Fault::NotAChoice))
            .await;
    };
    let Some((_, on_behalf_of)) = speak::chosen(&form.speak_as) else {
        return show(service, visitor, subject, form, Again::fault("as", Fault::NotAChoice)).await;
    };
    let revision = form.revision.trim();
    let new = NewDisposition {
        outcome,
        reason: form.reason.clone(),
        // What is no number names no revision that exists.
        revision: (!revision.is_empty()).then(|| revision.parse().unwrap_or_default()),
        venue: Some(form.venue.clone()),
        language: Some(visitor.t.language.code().to_owned()),
        on_behalf_of,
    };
    let acted = match service.dispose(caller, &subject.uri, new).await {
        Ok(acted) => acted,
        Err(error) => {
            let again = Again::refused(fields, error)?;
            return show(service, visitor, subject, form, again).await;
        }
    };
    let link = map::opinion_link(&subject.opinion);
    let done = Done {
        deed: Deed::Disposed,
        object: Link { href: subject.href, ..link },
        slug: subject.opinion.room.slug.clone(),
        undo_href: Some(format!("/c/{}/delete", acted.key)),
    };
    frame::show(&done.page(service, visitor, &acted).await?)
}

async fn show(
    service: &Service,
    visitor: &Visitor,
    subject: Subject,
    form: FateForm,
    again: Again,
) -> Result<Response, Refusal> {
    let opinion = &subject.opinion;
    let mut numbers: Vec<i64> = opinion.revisions.iter().map(|revision| revision.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let page = FateFormPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(opinion),
        revisions: numbers.iter().rev().map(|n| map::revision_ref(opinion, *n)).collect(),
        answers: (subject.words, subject.by),
        principals: speak::principals(service, visitor, Scope::Comment).await?,
        action: subject.action,
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

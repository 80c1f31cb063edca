//! Commenting on an opinion or answering a comment; where a comment is found by its key.

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
    opinions::find as find_opinion,
    session::Visitor,
    speak, standing,
    view::{BlockChoice, CommentForm, CommentFormPage, Deed, Fault, FormErrors, Link, Section},
};
use crate::{
    domain::{blocks, comment::CommentKind, delegation::Scope, markup::plain_text},
    service::{
        Service, ServiceError,
        comments::{NewAnchor, NewComment},
        read::{CommentView, OpinionView},
    },
};

/// Characters of a block shown in the list to choose from.
const BLOCK_CHARS: usize = 60;
/// Characters of the comment that is answered.
const QUOTE_CHARS: usize = 600;

/// `GET /o/{key}/comment`, with `?block=` or `?reply=`
pub(super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    visitor.caller()?;
    let opinion = find_opinion(&service, &key, None).await?;
    let answers = answered(&service, &opinion, asked.get("reply")).await?;
    let form = CommentForm {
        block: asked.get("block").to_owned(),
        kind: CommentKind::Remark,
        content: String::new(),
        language: visitor.t.language.code().to_owned(),
        speak_as: String::new(),
    };
    show(&service, &visitor, &opinion, answers, StatusCode::OK, form, FormErrors::none()).await
}

/// `POST /o/{key}/comment`
pub(super) async fn publish(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let opinion = find_opinion(&service, &key, None).await?;
    let answers = answered(&service, &opinion, fields.get("inReplyTo")).await?;
    let kind = fields.get("kind").parse::<CommentKind>().ok();
    let form = CommentForm {
        block: fields.text("block"),
        kind: kind.unwrap_or(CommentKind::Remark),
        content: fields.text("content"),
        language: fields.text("language"),
        speak_as: fields.text("as"),
    };
    if !visitor.sent(&fields) {
        let errors = FormErrors::none().add("", Fault::FormExpired);
        return show(&service, &visitor, &opinion, answers, StatusCode::FORBIDDEN, form, errors)
            .await;
    }
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(kind) = kind else {
        let errors = FormErrors::none().add("kind", Fault::NotAChoice);
        return show(&service, &visitor, &opinion, answers, refused, form, errors).await;
    };
    let Some((capacity, on_behalf_of)) = speak::chosen(&form.speak_as) else {
        let errors = FormErrors::none().add("as", Fault::NotAChoice);
        return show(&service, &visitor, &opinion, answers, refused, form, errors).await;
    };
    let block = Some(form.block.clone()).filter(|id| !id.is_empty());
    let new = NewComment {
        content: form.content.clone(),
        kind,
        anchors: block
            .map(|id| NewAnchor { block: Some(id), ..NewAnchor::default() })
            .into_iter()
            .collect(),
        in_reply_to: answers.as_ref().map(|view| view.comment.uri.clone()),
        language: Some(form.language.clone()),
        capacity,
        on_behalf_of,
    };
    let acted = match service.comment(caller, &opinion.opinion.uri, new).await {
        Ok(acted) => acted,
        Err(ServiceError::Invalid(wrong)) => {
            let errors = fields.faults(wrong);
            return show(&service, &visitor, &opinion, answers, refused, form, errors).await;
        }
        Err(other) => return Err(other.into()),
    };
    let link = map::opinion_link(&opinion);
    let done = Done {
        deed: Deed::Commented,
        object: Link { href: format!("{}#c-{}", link.href, acted.key), ..link },
        slug: opinion.room.slug.clone(),
        undo_href: Some(format!("/c/{}/delete", acted.key)),
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

/// `POST /c/{key}/delete`
pub(super) async fn delete(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    if !visitor.sent(&fields) {
        return Err(Refusal::forged());
    }
    let uri = service.object_uri(&key, "comment").await?;
    let comment = service.comment_view(&uri).await?;
    let opinion =
        service.opinion(comment.comment.opinion_uri.as_deref().unwrap_or_default(), None).await?;
    let acted = service.delete_comment(caller, &uri).await?;
    let done = Done {
        deed: Deed::Deleted,
        object: map::opinion_link(&opinion),
        slug: opinion.room.slug.clone(),
        undo_href: None,
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

/// `GET /c/{key}`: a comment, or a position that is a Note, in its place.
pub(super) async fn find(
    State(service): State<Service>,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let not_found = || ServiceError::NotFound { what: "comment" };
    let place = match service.object_uri(&key, "comment").await {
        Ok(uri) => {
            let view = service.comment_view(&uri).await?;
            let opinion = view.comment.opinion_uri.ok_or_else(not_found)?;
            let opinion = service.opinion(&opinion, None).await?;
            format!("{}#c-{}", map::opinion_href(opinion.key), view.key)
        }
        Err(ServiceError::NotFound { .. }) => {
            let uri = service.object_uri(&key, "position").await?;
            let view = service.position_view(&uri).await?;
            let opinion = service.opinion(&view.position.opinion_uri, None).await?;
            let href = map::opinion_href(opinion.key);
            format!("{href}/positions#{}", standing::anchor(&view))
        }
        Err(other) => return Err(other.into()),
    };
    Ok(Redirect::to(&place).into_response())
}

/// The comment that is answered; none where the key is empty.
async fn answered(
    service: &Service,
    opinion: &OpinionView,
    key: &str,
) -> Result<Option<CommentView>, Refusal> {
    if key.is_empty() {
        return Ok(None);
    }
    let uri = service.object_uri(key, "comment").await?;
    let view = service.comment_view(&uri).await?;
    if view.comment.opinion_uri.as_deref() == Some(opinion.opinion.uri.as_str()) {
        Ok(Some(view))
    } else {
        Err(ServiceError::NotFound { what: "comment" }.into())
    }
}

async fn show(
    service: &Service,
    visitor: &Visitor,
    opinion: &OpinionView,
    answers: Option<CommentView>,
    status: StatusCode,
    form: CommentForm,
    errors: FormErrors,
) -> Result<Response, Refusal> {
    let blocks = blocks::split(&opinion.shown.content)
        .into_iter()
        .map(|block| BlockChoice {
            id: block.id,
            number: block.number,
            words: block.text.chars().take(BLOCK_CHARS).collect(),
        })
        .collect();
    let in_reply_to = answers.as_ref().map(|view| view.key.to_string()).unwrap_or_default();
    let answers = answers.map(|view| {
        let words: String = plain_text(&view.comment.content).chars().take(QUOTE_CHARS).collect();
        let lang = view.comment.language.as_deref().unwrap_or_default();
        (map::text(&words, lang), view.author.name)
    });
    let page = CommentFormPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(opinion),
        revision: map::revision_ref(opinion, opinion.shown.number),
        blocks,
        answers,
        in_reply_to,
        principals: speak::principals(service, visitor, Scope::Comment).await?,
        action: format!("{}/comment", map::opinion_href(opinion.key)),
        form,
        errors,
    };
    frame::show_with(status, &page)
}

//! Commenting on an opinion or answering a comment; where a comment is found by its key.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    map::{self, Done},
    opinions::find as find_opinion,
    session::{Speaker, Visitor},
    speak, standing,
    view::{
        BlockChoice, CommentEditPage, CommentForm, CommentFormPage, Deed, Fault, FormErrors, Link,
        Section,
    },
};
use crate::{
    domain::{
        comment::CommentKind,
        delegation::Scope,
        markup::{clean_line, plain_text},
        parsed::parsed,
    },
    service::{
        Service, ServiceError,
        comments::{CommentEdit, NewAnchor, NewComment},
        read::{CommentView, OpinionView},
    },
};

/// Value of the field `missing` for the text as a whole.
pub(super) const MISSING_IN_WHOLE: &str = "whole";
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
    visitor.speaker()?;
    let opinion = find_opinion(&service, &key, None).await?;
    let answers = answered(&service, &opinion, asked.get("reply")).await?;
    let form = CommentForm {
        blocks: asked.all("block").to_vec(),
        quote: String::new(),
        missing: asked.get("missing").to_owned(),
        kind: CommentKind::Remark,
        content: String::new(),
        language: visitor.t.language.code().to_owned(),
        speak_as: String::new(),
    };
    show(&service, &visitor, &opinion, answers, form, Again::first()).await
}

/// `POST /o/{key}/comment`
pub(super) async fn publish(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let speaker = visitor.speaker()?;
    let opinion = find_opinion(&service, &key, None).await?;
    let answers = answered(&service, &opinion, fields.get("inReplyTo")).await?;
    let kind = fields.get("kind").parse::<CommentKind>().ok();
    let form = CommentForm {
        blocks: fields.all("block").to_vec(),
        quote: fields.text("quote"),
        missing: fields.text("missing"),
        kind: kind.unwrap_or(CommentKind::Remark),
        content: fields.text("content"),
        language: fields.text("language"),
        speak_as: fields.text("as"),
    };
    if !visitor.sent(&fields) {
        return show(&service, &visitor, &opinion, answers, form, Again::expired()).await;
    }
    let Some(kind) = kind else {
        return show(
            &service,
            &visitor,
            &opinion,
            answers,
            form,
            Again::fault("kind", Fault::NotAChoice),
        )
        .await;
    };
    let Some((capacity, on_behalf_of)) = speak::chosen(&form.speak_as) else {
        return show(
            &service,
            &visitor,
            &opinion,
            answers,
            form,
            Again::fault("as", Fault::NotAChoice),
        )
        .await;
    };
    let new = NewComment {
        content: form.content.clone(),
        kind,
        anchors: anchors(&opinion, &form),
        in_reply_to: answers.as_ref().map(|view| view.comment.uri.clone()),
        language: Some(form.language.clone()),
        capacity,
        on_behalf_of,
    };
    let uri = &opinion.opinion.uri;
    let acted = match speaker {
        Speaker::Account(caller) => service.comment(caller, uri, new).await,
        Speaker::Guest(guest) => service.state_comment(guest, uri, new).await,
    };
    let acted = match acted {
        Ok(acted) => acted,
        Err(error) => {
            let again = Again::refused(&fields, error)?;
            return show(&service, &visitor, &opinion, answers, form, again).await;
        }
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
    let speaker = visitor.speaking(&fields)?;
    let uri = service.object_uri(&key, "comment").await?;
    let comment = service.comment_view(&uri).await?;
    let opinion =
        service.opinion(comment.comment.opinion_uri.as_deref().unwrap_or_default(), None).await?;
    let acted = match speaker {
        Speaker::Account(caller) => service.delete_comment(caller, &uri).await?,
        Speaker::Guest(guest) => service.delete_stated(guest, &uri).await?,
    };
    let done = Done {
        deed: Deed::Deleted,
        object: map::opinion_link(&opinion),
        slug: opinion.room.slug.clone(),
        undo_href: None,
    };
    frame::show(&done.page(&service, &visitor, &acted).await?)
}

/// `GET /c/{key}/edit`
pub(super) async fn edit_form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let (view, opinion) = own(&service, &visitor, &key).await?;
    let comment = &view.comment;
    let page = CommentEditPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&opinion),
        action: format!("/c/{}/edit", view.key),
        kind: comment.kind.parse().unwrap_or(CommentKind::Remark),
        content: comment.source.clone().unwrap_or_else(|| plain_text(&comment.content)),
        language: comment.language.clone().unwrap_or_default(),
        errors: FormErrors::none(),
    };
    frame::show(&page)
}

/// `POST /c/{key}/edit`
pub(super) async fn edit(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let (view, opinion) = own(&service, &visitor, &key).await?;
    let kind = fields.get("kind").parse::<CommentKind>().ok();
    let page = CommentEditPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        head: map::opinion_head(&opinion),
        action: format!("/c/{}/edit", view.key),
        kind: kind.unwrap_or(CommentKind::Remark),
        content: fields.text("content"),
        language: fields.text("language"),
        errors: FormErrors::none(),
    };
    let shown = |page: CommentEditPage, again: Again| {
        frame::show_with(again.status, &CommentEditPage { errors: again.errors, ..page })
    };
    if !visitor.sent(&fields) {
        return shown(page, Again::expired());
    }
    if kind.is_none() {
        return shown(page, Again::fault("kind", Fault::NotAChoice));
    }
    let edit = CommentEdit {
        content: page.content.clone(),
        kind,
        language: Some(page.language.clone()),
        ..CommentEdit::default()
    };
    match service.edit_comment(visitor.caller()?, &view.comment.uri, edit).await {
        Ok(acted) => {
            let link = map::opinion_link(&opinion);
            let done = Done {
                deed: Deed::Edited,
                object: Link { href: format!("/c/{}", view.key), ..link },
                slug: opinion.room.slug.clone(),
                undo_href: Some(format!("/c/{}/delete", view.key)),
            };
            frame::show(&done.page(&service, &visitor, &acted).await?)
        }
        Err(error) => shown(page, Again::refused(&fields, error)?),
    }
}

/// A comment of the reader's, and the opinion it is on.
async fn own(
    service: &Service,
    visitor: &Visitor,
    key: &str,
) -> Result<(CommentView, OpinionView), Refusal> {
    let caller = visitor.caller()?;
    let uri = service.object_uri(key, "comment").await?;
    let view = service.comment_view(&uri).await?;
    if view.comment.author != caller.actor.uri {
        let why = "only its author may change or delete a comment";
        return Err(ServiceError::NotPermitted { why }.into());
    }
    let opinion = view.comment.opinion_uri.clone().unwrap_or_default();
    let opinion = service.opinion(&opinion, None).await?;
    Ok((view, opinion))
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
            let said = service.answered_by(opinion.room.id, &uri).await?;
            let fragment = if said.is_some() { "d" } else { "c" };
            if service.shows_all(opinion.room.id, &opinion.opinion.uri).await? {
                format!("{}#{fragment}-{}", map::opinion_href(opinion.key), view.key)
            } else {
                // The page of a text that much is said on does not open every comment.
                format!("/c/{}/history", view.key)
            }
        }
        Err(ServiceError::NotFound { .. }) if service.object_uri(&key, "answer").await.is_ok() => {
            let answer = service.object_uri(&key, "answer").await?;
            let opinion = service.opinion(&service.opinion_answered(&answer).await?, None).await?;
            format!("{}/positions", map::opinion_href(opinion.key))
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

/// The passages that were chosen. Quoted words belong to the first chosen paragraph that holds them; where none does,
/// the first is named with them, and the service says what is wrong.
fn anchors(opinion: &OpinionView, form: &CommentForm) -> Vec<NewAnchor> {
    let quote = Some(clean_line(&form.quote)).filter(|quote| !quote.is_empty());
    let text = parsed(&opinion.shown.digest, &opinion.shown.content);
    let chosen: Vec<&String> = form.blocks.iter().filter(|id| !id.is_empty()).collect();
    let holds = |id: &str, quote: &str| {
        text.blocks().iter().any(|block| block.id == id && block.text.contains(quote))
    };
    let quoted = quote
        .as_ref()
        .map(|quote| chosen.iter().position(|id| holds(id, quote)).unwrap_or_default());
    let mut anchors: Vec<NewAnchor> = chosen
        .iter()
        .enumerate()
        .map(|(at, id)| NewAnchor {
            block: Some((*id).clone()),
            exact: quote.clone().filter(|_| quoted == Some(at)),
            ..NewAnchor::default()
        })
        .collect();
    if chosen.is_empty()
        && let Some(exact) = quote
    {
        anchors.push(NewAnchor { exact: Some(exact), ..NewAnchor::default() });
    }
    if !form.missing.is_empty() {
        anchors.push(NewAnchor {
            block: Some(form.missing.clone()).filter(|place| place != MISSING_IN_WHOLE),
            missing_here: true,
            ..NewAnchor::default()
        });
    }
    anchors
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
    form: CommentForm,
    again: Again,
) -> Result<Response, Refusal> {
    let blocks = parsed(&opinion.shown.digest, &opinion.shown.content)
        .blocks()
        .iter()
        .map(|block| BlockChoice {
            id: block.id.clone(),
            number: block.number,
            words: block.text.chars().take(BLOCK_CHARS).collect(),
            is_chosen: form.blocks.contains(&block.id),
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
        stated: speak::stated(service, visitor),
        action: format!("{}/comment", map::opinion_href(opinion.key)),
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

//! A sign-on letter: its page with who signed, the form of its deadline, and the small page that others embed. Nothing
//! here says how many signed.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    assets,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    i18n::{Language, Texts},
    map,
    opinions::{find, identity},
    session::Visitor,
    standing::Standing,
    view::{
        DeadlineForm, DeadlineFormPage, DeadlineView, FormErrors, LetterEmbedPage, LetterPage,
        Link, SafeHtml, Section,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::{
        blocks::{Part, parts},
        letter::{ANYWHERE, Deadline, NoDeadline},
    },
    protocol::compose::escape,
    service::{Service, ServiceError, read::OpinionView},
};

/// What the embedded page may do: nothing, in anybody's frame.
const EMBED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; \
     frame-ancestors *; base-uri 'none'";
/// Height of the frame that is offered, in pixels.
const EMBED_PIXELS: u16 = 360;

/// The deadline of an opinion that is a letter.
fn deadline(view: &OpinionView) -> Result<Deadline, ServiceError> {
    view.opinion.letter().ok_or(ServiceError::NotFound { what: "letter" })
}

fn shown(service: &Service, deadline: &Deadline) -> DeadlineView {
    DeadlineView {
        closes: deadline.closes,
        local: deadline.on_local_clocks(),
        zone: deadline.zone.clone(),
        is_anywhere: deadline.is_anywhere(),
        has_passed: deadline.has_passed(service.now()),
    }
}

/// `GET /o/{key}/letter`
pub(super) async fn show(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let view = find(&service, &key, None).await?;
    let deadline = deadline(&view)?;
    let topic = service.topic(&view.room.slug).await?;
    let standing = Standing::of(&service, &view).await?;
    let (in_time, late) = standing.signers(&visitor, &view, &deadline);
    let head = map::opinion_head(&view);
    let text = parts(&view.shown.content).into_iter().map(|part| match part {
        Part::Loose(html) => SafeHtml::sanitized(&html),
        Part::Block(block) => SafeHtml::of_block(&block),
    });
    let letter_href = format!("{}/letter", head.href);
    let rooms =
        topic.rooms.iter().filter(|link| link.state == map::LINKED && map::is_web(&link.uri)).map(
            |link| Link { text: link.host.clone(), href: link.uri.clone(), lang: String::new() },
        );
    frame::show(&LetterPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        identity: identity(&view),
        authors: vec![map::voice(&view.author, view.group, None)],
        abstract_text: map::text(&view.shown.abstract_text, &view.shown.language),
        text: text.collect(),
        lang: view.shown.language.clone(),
        deadline: shown(&service, &deadline),
        in_time,
        late,
        sign_href: format!("{}/position?revision={}", head.href, view.opinion.revision),
        handle: view.opinion.uri.clone(),
        rooms: rooms.collect(),
        snippet: snippet(&service, &view),
        embed_href: format!("{letter_href}/embed"),
        edit_href: visitor.is(&view.opinion.author).then(|| format!("{letter_href}/edit")),
        head,
    })
}

/// What somebody pastes into a page of their own.
fn snippet(service: &Service, view: &OpinionView) -> String {
    let href = format!("{}{}/letter", service.paths.origin(), map::opinion_href(view.key));
    let title = escape(&view.shown.name);
    format!(
        "<iframe src=\"{href}/embed\" title=\"{title}\" width=\"100%\" height=\"{EMBED_PIXELS}\" loading=\"lazy\"></iframe>\n\
         <p><a href=\"{href}\">{title}</a></p>"
    )
}

/// `GET /o/{key}/letter/embed`: for frames of other sites. It reads no cookie and sets none.
pub(super) async fn embed(
    State(service): State<Service>,
    Path(key): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Response {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let t = Texts::new(Language::choose(Some(asked.get("lang")), None, accepted));
    let Ok(view) = find(&service, &key, None).await else { return missing() };
    let Ok(deadline) = deadline(&view) else { return missing() };
    let page = LetterEmbedPage {
        t,
        style_href: assets::style_href(),
        title: map::text(&view.shown.name, &view.shown.language),
        abstract_text: map::text(&view.shown.abstract_text, &view.shown.language),
        authors: vec![map::voice(&view.author, view.group, None)],
        deadline: shown(&service, &deadline),
        href: format!("{}{}/letter", service.paths.origin(), map::opinion_href(view.key)),
        instance: service.profile.name.clone(),
    };
    match frame::show(&page) {
        Ok(response) => embedded(response),
        Err(_broken) => embedded(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

fn missing() -> Response {
    embedded(StatusCode::NOT_FOUND.into_response())
}

fn embedded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(EMBED_POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// The opinion, where it is the reader's own.
async fn own(service: &Service, visitor: &Visitor, key: &str) -> Result<OpinionView, Refusal> {
    visitor.caller()?;
    let view = find(service, key, None).await?;
    if visitor.is(&view.opinion.author) {
        Ok(view)
    } else {
        Err(ServiceError::NotPermitted { why: "only its author may set a letter’s deadline" }
            .into())
    }
}

/// `GET /o/{key}/letter/edit`
pub(super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let view = own(&service, &visitor, &key).await?;
    let letter = view.opinion.letter();
    let local = letter.as_ref().and_then(Deadline::on_local_clocks).map(Timestamp::to_rfc3339);
    let part = |from: usize, to: usize| {
        local.as_deref().and_then(|local| local.get(from..to)).unwrap_or_default().to_owned()
    };
    let form = DeadlineForm {
        day: part(0, 10),
        time: if local.is_some() { part(11, 16) } else { "23:59".to_owned() },
        zone: letter.map_or_else(|| ANYWHERE.to_owned(), |letter| letter.zone),
    };
    edit(&visitor, &view, form, Again::first())
}

/// What was typed for a deadline.
pub(super) fn typed(fields: &Fields) -> DeadlineForm {
    DeadlineForm { day: fields.text("day"), time: fields.text("time"), zone: fields.text("zone") }
}

/// The deadline of a text that is about to be published: none where no day was given.
pub(super) fn deadline_of(form: &DeadlineForm) -> Result<Option<Deadline>, FormErrors> {
    if form.day.trim().is_empty() { Ok(None) } else { read(form).map(Some) }
}

fn read(form: &DeadlineForm) -> Result<Deadline, FormErrors> {
    Deadline::at(&form.day, &form.time, &form.zone).map_err(|error| {
        let field = match error {
            NoDeadline::Day => "day",
            NoDeadline::Time | NoDeadline::Gap => "time",
            NoDeadline::Zone => "zone",
        };
        FormErrors::none().add_text(field, error.to_string())
    })
}

/// `POST /o/{key}/letter/edit`
pub(super) async fn set(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let view = own(&service, &visitor, &key).await?;
    let caller = visitor.caller()?;
    let form = typed(&fields);
    if !visitor.sent(&fields) {
        return edit(&visitor, &view, form, Again::expired());
    }
    let letter = if fields.get("do") == "end" {
        None
    } else {
        match read(&form) {
            Ok(deadline) => Some(deadline),
            Err(errors) => return edit(&visitor, &view, form, Again::wrong(errors)),
        }
    };
    let is_letter = letter.is_some();
    if let Err(error) = service.set_letter(caller, &view.opinion.uri, letter).await {
        return edit(&visitor, &view, form, Again::refused(&fields, error)?);
    }
    let href = map::opinion_href(view.key);
    let href = if is_letter { format!("{href}/letter") } else { href };
    Ok(Redirect::to(&href).into_response())
}

fn edit(
    visitor: &Visitor,
    view: &OpinionView,
    form: DeadlineForm,
    again: Again,
) -> Result<Response, Refusal> {
    let head = map::opinion_head(view);
    let page = DeadlineFormPage {
        t: visitor.t,
        page: visitor.page(Section::Topics),
        action: format!("{}/letter/edit", head.href),
        head,
        is_letter: view.opinion.letter().is_some(),
        form,
        errors: again.errors,
    };
    frame::show_with(again.status, &page)
}

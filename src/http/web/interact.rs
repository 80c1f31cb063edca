//! The way home of who reads here without an account (FEP-3b86): they say where their account is, and are led to where
//! their server takes its people with what they read. Their address is kept in their own browser alone, and only if they
//! want it.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use axum_extra::extract::CookieJar;
use url::form_urlencoded;

use super::{
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    guest::keep_nowhere,
    map,
    session::Visitor,
    sign_in::{form_token, is_form, set_cookie, set_form_token},
    view::{Fault, FormErrors, InteractGoPage, InteractPage, Link, Section, ThingKind},
};
use crate::{
    federation::home::HomeError,
    http::{sender::Sender, state::HttpState},
    protocol::intents::Intent,
    service::{
        Service, ServiceError,
        clients::{Found, PersonView, PostKind, PostView},
    },
};

/// Where the form is, and where it is sent.
pub(super) const PATH: &str = "/interact";
/// Cookie of who wants their address remembered.
const ADDRESS: &str = "own-server";
const YEAR_SECONDS: i64 = 31_536_000;

/// The page that leads home from a thing.
pub(super) fn href(uri: &str, intent: Intent) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("uri", uri)
        .append_pair("intent", intent.word())
        .finish();
    format!("{PATH}?{query}")
}

/// Something held here, by its id.
struct Thing {
    kind: ThingKind,
    link: Link,
    uri: String,
    /// The page of words that take a position.
    words_href: Option<String>,
}

/// `GET /interact?uri=&intent=`
pub(super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    jar: CookieJar,
    asked: Asked,
) -> Result<Response, Refusal> {
    let thing = thing(&service, asked.get("uri")).await?;
    let account = remembered(&jar);
    let typed = Typed {
        intent: Intent::of_word(asked.get("intent")).unwrap_or(Intent::Reply),
        remembers: !account.is_empty(),
        account,
    };
    show(&service, &visitor, &jar, thing, typed, StatusCode::OK, None, FormErrors::none())
}

/// `POST /interact`: answered by a page that holds the link, since browsers hold the rule on where forms lead also against
/// where an answered form leads; and whoever goes there should see where.
pub(super) async fn go(
    State(state): State<HttpState>,
    visitor: Visitor,
    jar: CookieJar,
    sender: Sender,
    fields: Fields,
) -> Result<Response, Refusal> {
    let service = &state.service;
    let thing = thing(service, fields.get("uri")).await?;
    let typed = Typed {
        intent: Intent::of_word(fields.get("intent")).unwrap_or(Intent::Reply),
        account: fields.text("account"),
        remembers: !fields.get("remember").is_empty(),
    };
    let none = FormErrors::none;
    if !is_form(&jar, &fields) && !visitor.sent(&fields) {
        let errors = none().add("", Fault::FormExpired);
        return show(service, &visitor, &jar, thing, typed, StatusCode::FORBIDDEN, None, errors);
    }
    let Sender(asker) = sender;
    let way = state.federation.way_home(&typed.account, typed.intent, &thing.uri, &asker);
    let way = match Box::pin(way).await {
        Ok(way) => way,
        Err(error) => {
            let (status, fault) = fault(error)?;
            let errors = none().add("account", fault);
            return show(service, &visitor, &jar, thing, typed, status, None, errors);
        }
    };
    let (account, remembers) = (typed.account.clone(), typed.remembers);
    let mut response = if let Some((url, host)) = way.lead {
        let page = InteractGoPage {
            t: visitor.t,
            page: visitor.page(Section::Elsewhere),
            intent: typed.intent,
            host,
            href: url.into(),
            uri: thing.uri,
            thing: thing.link,
        };
        let mut response = frame::show(&page)?;
        keep_nowhere(&mut response);
        response
    } else {
        let at = Some(way.host);
        show(service, &visitor, &jar, thing, typed, StatusCode::OK, at, none())?
    };
    if remembers {
        let value: String = form_urlencoded::byte_serialize(account.trim().as_bytes()).collect();
        set_cookie(service, &mut response, ADDRESS, &value, PATH, YEAR_SECONDS);
    } else if jar.get(ADDRESS).is_some() {
        set_cookie(service, &mut response, ADDRESS, "", PATH, 0);
    }
    Ok(response)
}

/// What was typed.
struct Typed {
    intent: Intent,
    account: String,
    remembers: bool,
}

#[expect(
    clippy::too_many_arguments,
    reason = "a form with all that was typed, and what came of it"
)]
fn show(
    service: &Service,
    visitor: &Visitor,
    jar: &CookieJar,
    thing: Thing,
    typed: Typed,
    status: StatusCode,
    none_at: Option<String>,
    errors: FormErrors,
) -> Result<Response, Refusal> {
    let (csrf, is_new) = match visitor.csrf() {
        "" => (form_token(service, jar), true),
        own => (own.to_owned(), false),
    };
    let page = InteractPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        csrf: csrf.clone(),
        intent: typed.intent,
        kind: thing.kind,
        thing: thing.link,
        uri: thing.uri,
        action: PATH,
        account: typed.account,
        remembers: typed.remembers,
        none_at,
        words_href: thing.words_href,
        errors,
    };
    let mut response = frame::show_with(status, &page)?;
    if is_new {
        set_form_token(service, &mut response, &csrf, PATH);
    }
    let kept = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    Ok(response)
}

fn remembered(jar: &CookieJar) -> String {
    let cookie = jar.get(ADDRESS).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    let pair = format!("a={cookie}");
    let read = form_urlencoded::parse(pair.as_bytes()).next();
    read.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// What is held here under an id, and can be led to: nobody is led home from here with anything else.
async fn thing(service: &Service, uri: &str) -> Result<Thing, Refusal> {
    let nothing = || ServiceError::NotFound { what: "page" };
    match service.find_address(uri, None).await?.ok_or_else(nothing)? {
        Found::Post(view) => {
            let (kind, link) = post_link(service, &view).await?;
            let is_opinion = view.kind == PostKind::Opinion;
            let words_href = is_opinion.then(|| format!("/from?o={}", view.key));
            Ok(Thing { kind, link, uri: view.uri, words_href })
        }
        Found::Person(view) => {
            let kind = kind_of(&view);
            let href = match service.page_of(&view.uri).await {
                Ok(path) => path,
                Err(ServiceError::NotFound { .. }) => view.url.clone(),
                Err(other) => return Err(other.into()),
            };
            let link = Link { text: view.name.clone(), href, lang: String::new() };
            Ok(Thing { kind, link, uri: view.uri, words_href: None })
        }
    }
}

/// What sort of thing a post is, its name and its page here.
pub(super) async fn post_link(
    service: &Service,
    view: &PostView,
) -> Result<(ThingKind, Link), Refusal> {
    if view.kind == PostKind::Opinion {
        let opinion = service.opinion(&view.uri, None).await?;
        return Ok((ThingKind::Opinion, map::opinion_link(&opinion)));
    }
    let link = Link {
        text: view.author.name.clone(),
        href: format!("/c/{}", view.key),
        lang: String::new(),
    };
    Ok((ThingKind::Words, link))
}

/// What sort of thing somebody is.
pub(super) fn kind_of(view: &PersonView) -> ThingKind {
    if view.kind == "Group" { ThingKind::Topic } else { ThingKind::Somebody }
}

/// What went wrong on the way home.
fn fault(error: HomeError) -> Result<(StatusCode, Fault), Refusal> {
    Ok(match error {
        HomeError::Here => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeHere),
        HomeError::Nobody { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeNobody),
        HomeError::Silent { .. } => (StatusCode::BAD_GATEWAY, Fault::HomeSilent),
        HomeError::Ours(error) => return Err(error.into()),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, Fault::HomeAddress),
    })
}

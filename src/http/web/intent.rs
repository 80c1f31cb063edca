//! Where other servers send people who live here, with the address of what they were reading (FEP-3b86): the page shows it
//! with the form of a reply, or with a button to follow. Reading the page changes nothing that anybody sees.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::{
    error_page::Refusal,
    fields::{Asked, Fields},
    frame,
    interact::{kind_of, post_link},
    map,
    session::{Speaker, Visitor},
    speak,
    view::{
        CameFor, Following, FormErrors, IntentPage, Link, Met, MetPost, MetSomebody, ReplyForm,
        SafeHtml, Section, ThingKind,
    },
};
use crate::{
    federation::finding,
    http::{sender::Sender, state::HttpState},
    service::{
        Service, ServiceError,
        clients::{Found, PersonView, PostKind, PostView, Sought},
    },
};

/// The path that WebFinger names for what is there.
pub const INTENT_PATH: &str = "/authorize_interaction";
/// The path that WebFinger names for what is to be written.
pub const SHARE_PATH: &str = "/share";

/// `GET /authorize_interaction?uri=`
pub(super) async fn lead(
    State(state): State<HttpState>,
    visitor: Visitor,
    sender: Sender,
    asked: Asked,
) -> Result<Response, Refusal> {
    visitor.speaker()?;
    let met = meet(&state, &visitor, &sender, asked.get("uri"), "").await?;
    show(&visitor, met)
}

/// `GET /share?text=&in_reply_to=`
pub(super) async fn share(
    State(state): State<HttpState>,
    visitor: Visitor,
    sender: Sender,
    asked: Asked,
) -> Result<Response, Refusal> {
    visitor.speaker()?;
    let text = asked.get("text").replace("\r\n", "\n");
    let met = match asked.get("in_reply_to").trim() {
        "" => Met::New { text },
        uri => meet(&state, &visitor, &sender, uri, &text).await?,
    };
    show(&visitor, met)
}

/// `POST /authorize_interaction`: follows somebody, or a topic, which opens it here.
pub(super) async fn follow(
    State(state): State<HttpState>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let nobody = || ServiceError::NotFound { what: "account" };
    let key: i64 = fields.get("key").parse().ok().ok_or_else(nobody)?;
    Box::pin(state.federation.follow_or_join(caller, key)).await?;
    let (uri, text) = (fields.get("uri"), fields.get("text"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    let back = if text.is_empty() {
        format!("{INTENT_PATH}?{}", query.append_pair("uri", uri).finish())
    } else {
        query.append_pair("text", text).append_pair("in_reply_to", uri);
        format!("{SHARE_PATH}?{}", query.finish())
    };
    Ok(Redirect::to(&back).into_response())
}

fn show(visitor: &Visitor, met: Met) -> Result<Response, Refusal> {
    let found = !matches!(met, Met::Nothing { .. });
    let page = IntentPage {
        t: visitor.t,
        page: visitor.page(Section::Elsewhere),
        met,
        follow_action: INTENT_PATH,
        errors: FormErrors::none(),
    };
    frame::show_with(if found { StatusCode::OK } else { StatusCode::NOT_FOUND }, &page)
}

/// What stands under an address or a handle. What is not known here is asked of its server, at a pace.
async fn meet(
    state: &HttpState,
    visitor: &Visitor,
    sender: &Sender,
    uri: &str,
    text: &str,
) -> Result<Met, Refusal> {
    let service = &state.service;
    let sought = Sought::read(uri);
    let nothing = || Met::Nothing { uri: uri.trim().to_owned() };
    if matches!(sought, Sought::Words(_)) {
        return Ok(nothing());
    }
    let mut found = known(service, visitor, &sought).await?;
    let mut came_for = None;
    if found.is_none() {
        state.federation.may_ask(&sender.0)?;
        let Some(met) = Box::pin(state.federation.meet(&sought)).await? else {
            return Ok(nothing());
        };
        found = known(service, visitor, &Sought::Address(met.id().to_owned())).await?;
        if let (None, finding::Met::Post(post)) = (&found, met) {
            // Its topic is not here; whoever follows it opens it.
            let room = match &post.audience {
                Some(room) => Box::pin(state.federation.known_person(room)).await?,
                None => None,
            };
            if let Some(room) = room {
                found = known(service, visitor, &Sought::Address(room)).await?;
            }
            came_for = Some(Box::pin(post_elsewhere(state, *post)).await?);
        }
    }
    Ok(match (found, came_for) {
        (Some(Found::Post(view)), _) => {
            Met::Post(Box::new(post(service, visitor, &view, text).await?))
        }
        (Some(Found::Person(view)), came_for) if came_for.is_none() || view.kind == "Group" => {
            let mut somebody = somebody(service, visitor, &view).await?;
            somebody.came_for = came_for;
            uri.trim().clone_into(&mut somebody.next);
            text.clone_into(&mut somebody.text);
            Met::Somebody(Box::new(somebody))
        }
        (_, Some(came_for)) => Met::Elsewhere(came_for),
        (_, None) => nothing(),
    })
}

/// A post that is not held here, as it is named to who came for it.
async fn post_elsewhere(
    state: &HttpState,
    post: finding::MetPost,
) -> Result<CameFor, ServiceError> {
    let author = match &post.author {
        Some(uri) => state.federation.known_person(uri).await?,
        None => None,
    };
    let author = match author {
        Some(uri) => match state.service.find_address(&uri, None).await? {
            Some(Found::Person(view)) => Some(view),
            _ => None,
        },
        None => None,
    };
    Ok(CameFor {
        link: Link {
            text: if post.title.is_empty() { post.id.clone() } else { post.title },
            href: post.id,
            lang: post.language.unwrap_or_default(),
        },
        author: author.map(|view| Link {
            text: view.name.clone(),
            href: view.url.clone(),
            lang: String::new(),
        }),
    })
}

async fn known(
    service: &Service,
    visitor: &Visitor,
    sought: &Sought,
) -> Result<Option<Found>, ServiceError> {
    let reader = visitor.session.as_ref().map(|session| &session.caller);
    match sought {
        Sought::Address(address) => service.find_address(address, reader).await,
        Sought::Handle(handle) => {
            Ok(service.person_named(handle).await?.map(|view| Found::Person(Box::new(view))))
        }
        Sought::Words(_) => Ok(None),
    }
}

async fn post(
    service: &Service,
    visitor: &Visitor,
    view: &PostView,
    text: &str,
) -> Result<MetPost, Refusal> {
    let (kind, link) = post_link(service, view).await?;
    let (opinion, in_reply_to) = match view.kind {
        PostKind::Opinion => (Some(view.key), String::new()),
        PostKind::Comment => {
            let comment = service.comment_view(&view.uri).await?.comment;
            let uri = comment.opinion_uri.unwrap_or_default();
            let opinion = service.opinion(&uri, None).await?;
            (Some(opinion.key), view.key.to_string())
        }
        // What answers a position or a receipt is written from a program.
        PostKind::Position | PostKind::Receipt => (None, String::new()),
    };
    let href = opinion.map(map::opinion_href);
    let is_opinion = kind == ThingKind::Opinion;
    Ok(MetPost {
        kind,
        name: link.text,
        author: Link {
            text: view.author.name.clone(),
            href: view.author.url.clone(),
            lang: String::new(),
        },
        at: view.published,
        html: SafeHtml::sanitized(&view.html),
        lang: view.language.clone().unwrap_or_default(),
        place_href: link.href,
        position_href: href.as_ref().filter(|_| is_opinion).map(|href| format!("{href}/position")),
        reply: href.map(|href| ReplyForm {
            action: format!("{href}/comment"),
            in_reply_to,
            content: text.to_owned(),
            language: visitor.t.language.code().to_owned(),
            stated: speak::stated(service, visitor),
        }),
    })
}

async fn somebody(
    service: &Service,
    visitor: &Visitor,
    view: &PersonView,
) -> Result<MetSomebody, Refusal> {
    let following = match visitor.speaker()? {
        Speaker::Guest(_) => Following::Guest,
        Speaker::Account(caller) if caller.actor.uri == view.uri => Following::Oneself,
        Speaker::Account(caller) => {
            let relation = service.relations(caller, &[view.key]).await?.pop();
            match relation {
                Some(relation) if relation.following => Following::Yes,
                Some(relation) if relation.requested => Following::Asked,
                _ => Following::No,
            }
        }
    };
    let href = match service.page_of(&view.uri).await {
        Ok(path) => path,
        Err(ServiceError::NotFound { .. }) => {
            let here = service.topic_page_of(&view.uri).await?;
            here.unwrap_or_else(|| view.url.clone())
        }
        Err(other) => return Err(other.into()),
    };
    let handle = if view.local {
        format!("@{}@{}", view.username, service.paths.handle_domain())
    } else {
        format!("@{}", view.acct)
    };
    Ok(MetSomebody {
        kind: kind_of(view),
        link: Link { text: view.name.clone(), href, lang: String::new() },
        handle,
        note: SafeHtml::sanitized(&view.note),
        following,
        opens: service.needs_joining(view.key).await?.is_some(),
        key: view.key,
        next: String::new(),
        text: String::new(),
        came_for: None,
    })
}

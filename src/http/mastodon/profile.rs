//! What somebody says of themselves, and what their clients begin with.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    routing::{delete, get, patch},
};
use serde::Deserialize;

use super::{
    accounts::credentials,
    bearer::{By, ReadAccounts, WriteAccounts},
    body::{File, Given},
    entity::{CredentialAccount, Profile},
    failure::Failure,
};
use crate::{
    base::limits::PICTURE_BODY_BYTES_MAX,
    http::state::HttpState,
    service::{
        Caller, Service,
        media::{Caption, Face, NewPicture},
        profile::{OwnProfile, Preferences},
    },
};

/// Below `/api/v1`.
pub(super) fn v1() -> Router<HttpState> {
    Router::new()
        .route("/accounts/update_credentials", patch(update))
        .route("/profile", get(show).patch(change))
        .route("/profile/avatar", delete(remove_avatar))
        .route("/profile/header", delete(remove_header))
}

/// What is to change; what is not sent stays.
#[derive(Debug, Default, Deserialize)]
struct Changes {
    display_name: Option<String>,
    note: Option<String>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    bot: bool,
    discoverable: Option<bool>,
    fields_attributes: Option<Vec<FieldTyped>>,
    #[serde(default)]
    source: SourceChanges,
}

#[derive(Debug, Default, Deserialize)]
struct FieldTyped {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SourceChanges {
    privacy: Option<String>,
    sensitive: Option<bool>,
    language: Option<String>,
}

impl Changes {
    /// Refuses what would be something else here than its owner meant.
    fn check(&self) -> Result<(), Failure> {
        if self.locked {
            let why = "Locked: everybody may follow; what is said in a topic is public anyway";
            return Err(Failure::invalid(why));
        }
        if self.bot {
            let why = "Bot: an account here speaks for a person or an organisation";
            return Err(Failure::invalid(why));
        }
        Ok(())
    }

    fn made_to(&self, own: OwnProfile, caller: &Caller) -> OwnProfile {
        let field = |typed: &FieldTyped| (typed.name.clone(), typed.value.clone());
        let name = self.display_name.clone().map(|name| {
            // Who clears the name is called by the handle.
            if name.trim().is_empty() { caller.actor.username.clone() } else { name }
        });
        OwnProfile {
            display_name: name.unwrap_or(own.display_name),
            profile: self.note.clone().unwrap_or(own.profile),
            discoverable: self.discoverable.unwrap_or(own.discoverable),
            fields: self
                .fields_attributes
                .as_ref()
                .map_or(own.fields, |fields| fields.iter().map(field).collect()),
            ..own
        }
    }
}

impl SourceChanges {
    fn made_to(&self, own: Preferences) -> Preferences {
        let language = self.language.clone().map(|tag| Some(tag).filter(|tag| !tag.is_empty()));
        Preferences {
            privacy: self.privacy.clone().unwrap_or(own.privacy),
            sensitive: self.sensitive.unwrap_or(own.sensitive),
            language: language.unwrap_or(own.language),
        }
    }
}

/// Makes the changes that a request asks for.
async fn make(service: &Service, caller: &Caller, request: Request) -> Result<(), Failure> {
    let mut given = Given::of(request, PICTURE_BODY_BYTES_MAX).await?;
    let faces = faces(std::mem::take(&mut given.files));
    let changes: Changes = given.read()?;
    changes.check()?;
    let prefers = service.preferences(caller).await?;
    let preferred = changes.source.made_to(prefers.clone());
    if preferred != prefers {
        service.change_preferences(caller, preferred).await?;
    }
    let own = service.own_profile(caller).await?;
    let new = changes.made_to(own.clone(), caller);
    if new != own || !faces.is_empty() {
        Box::pin(service.change_profile_and_faces(caller, new, faces)).await?;
    }
    Ok(())
}

/// The pictures among the files of a form, the last of each.
fn faces(files: Vec<File>) -> Vec<(Face, Option<NewPicture<Bytes>>)> {
    let mut found: Vec<(Face, Option<NewPicture<Bytes>>)> = Vec::new();
    for file in files {
        let named = Face::ALL.iter().copied().find(|face| face.field() == file.field);
        // A form that was sent without a file chosen has an empty one.
        if let Some(face) = named.filter(|_| !file.bytes.is_empty()) {
            let File { media_type, bytes, .. } = file;
            found.retain(|(other, _)| *other != face);
            found.push((face, Some(NewPicture { bytes, media_type, caption: Caption::default() })));
        }
    }
    found
}

async fn remove_avatar(
    service: State<Service>,
    by: By<WriteAccounts>,
) -> Result<Json<CredentialAccount>, Failure> {
    remove(service, by, Face::Avatar).await
}

async fn remove_header(
    service: State<Service>,
    by: By<WriteAccounts>,
) -> Result<Json<CredentialAccount>, Failure> {
    remove(service, by, Face::Header).await
}

async fn remove(
    State(service): State<Service>,
    by: By<WriteAccounts>,
    face: Face,
) -> Result<Json<CredentialAccount>, Failure> {
    let own = service.own_profile(&by.caller).await?;
    let none: Option<NewPicture<Bytes>> = None;
    Box::pin(service.change_profile_and_faces(&by.caller, own, vec![(face, none)])).await?;
    Ok(Json(credentials(&service, &by.caller).await?))
}

async fn update(
    State(service): State<Service>,
    by: By<WriteAccounts>,
    request: Request,
) -> Result<Json<CredentialAccount>, Failure> {
    make(&service, &by.caller, request).await?;
    Ok(Json(credentials(&service, &by.caller).await?))
}

async fn show(
    State(service): State<Service>,
    by: By<ReadAccounts>,
) -> Result<Json<Profile>, Failure> {
    profile(&service, &by.caller).await
}

async fn change(
    State(service): State<Service>,
    by: By<WriteAccounts>,
    request: Request,
) -> Result<Json<Profile>, Failure> {
    make(&service, &by.caller, request).await?;
    profile(&service, &by.caller).await
}

async fn profile(service: &Service, caller: &Caller) -> Result<Json<Profile>, Failure> {
    let view = service.person(caller.actor.id).await?;
    Ok(Json(Profile::of(&view, &service.own_profile(caller).await?)))
}

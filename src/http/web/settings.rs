//! One's own settings: what one says of oneself, and how others know that it is so.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    again::Again,
    error_page::Refusal,
    fields::{Asked, Fields},
    frame, map,
    session::Visitor,
    view::{
        Attested, Fault, FormErrors, ParticipantPage, ProfileForm, ProofConfirmPage, ProofPage,
        Section, SettingsPage, WebDomain,
    },
};
use crate::{
    base::clock::Timestamp,
    domain::attestation::ProofLevel,
    federation::Federation,
    service::{
        FieldError, Service, ServiceError, attestations::AttestationView, profile::OwnProfile,
    },
};

const PROOF: &str = "/settings/proof";

/// `GET /settings`
pub(super) async fn form(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let own = service.own_profile(visitor.caller()?).await?;
    let form = ProfileForm {
        display_name: own.display_name,
        profile: own.profile,
        group: own.group.map(|group| group.word().to_owned()).unwrap_or_default(),
        region: own.region.map(|region| region.word().to_owned()).unwrap_or_default(),
        email: own.email,
    };
    show(&visitor, form, asked.get("saved") == "yes", Again::first())
}

/// `POST /settings`
pub(super) async fn save(
    State(service): State<Service>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let form = ProfileForm {
        display_name: fields.text("displayName"),
        profile: fields.text("profile"),
        group: fields.text("group"),
        region: fields.text("region"),
        email: fields.text("email"),
    };
    if !visitor.sent(&fields) {
        return show(&visitor, form, false, Again::expired());
    }
    let (group, region) = (choice(&form.group), choice(&form.region));
    let mut errors = FormErrors::none();
    if group.is_err() {
        errors = errors.add("group", Fault::NotAChoice);
    }
    if region.is_err() {
        errors = errors.add("region", Fault::NotAChoice);
    }
    let (Ok(group), Ok(region)) = (group, region) else {
        return show(&visitor, form, false, Again::wrong(errors));
    };
    let new = OwnProfile {
        display_name: form.display_name.clone(),
        profile: form.profile.clone(),
        group,
        region,
        email: form.email.clone(),
        ..service.own_profile(caller).await?
    };
    match service.change_profile(caller, new).await {
        Ok(_) => Ok(Redirect::to("/settings?saved=yes").into_response()),
        Err(error) => show(&visitor, form, false, Again::refused(&fields, error)?),
    }
}

/// A word of a vocabulary, or none.
fn choice<T: std::str::FromStr>(word: &str) -> Result<Option<T>, T::Err> {
    if word.is_empty() { Ok(None) } else { word.parse().map(Some) }
}

fn show(
    visitor: &Visitor,
    form: ProfileForm,
    saved: bool,
    Again { status, errors }: Again,
) -> Result<Response, Refusal> {
    let page = visitor.page(Section::Elsewhere);
    frame::show_with(status, &SettingsPage { t: visitor.t, page, form, saved, errors })
}

/// What stands in the forms of the page of proofs.
#[derive(Default)]
struct Typed {
    address: String,
    domain: String,
    letter_sent_to: Option<String>,
}

impl Typed {
    async fn show(
        self,
        service: &Service,
        visitor: &Visitor,
        Again { status, errors }: Again,
    ) -> Result<Response, Refusal> {
        let caller = visitor.caller()?;
        let attested = service.attestations_of(&caller.actor.uri).await?;
        let level = attested.first().map_or(ProofLevel::Declared, |view| view.level);
        let domains = service.web_proofs(caller).await?.into_iter().map(|row| WebDomain {
            found: row.found_at.map(Timestamp::from_millis),
            failing: row.failing_since.map(Timestamp::from_millis),
            failure: row.failure.unwrap_or_default(),
            check_href: format!("{PROOF}/web/{}/check", row.id),
            remove_href: format!("{PROOF}/web/{}/remove", row.id),
            domain: row.domain,
        });
        let page = ProofPage {
            t: visitor.t,
            page: visitor.page(Section::Elsewhere),
            level,
            attested: attested.iter().map(|view| attested_row(service, view, false)).collect(),
            sends_mail: service.sends_mail(),
            address: self.address,
            letter_sent_to: self.letter_sent_to,
            domains: domains.collect(),
            domain: self.domain,
            own_uri: caller.actor.uri.clone(),
            errors,
        };
        frame::show_with(status, &page)
    }
}

/// What somebody says of a participant, as a row. `may_end`: whether the reader is who said it.
pub(super) fn attested_row(service: &Service, view: &AttestationView, may_end: bool) -> Attested {
    Attested {
        level: view.level,
        attester: view.attester.name.clone(),
        attester_href: if view.attester.kind == "Application" {
            "/mesh".to_owned()
        } else {
            map::actor_href(&view.attester)
        },
        domain: view.domain.clone().unwrap_or_default(),
        since: view.published,
        until: view.valid_until,
        href: match service.paths.path_of(&view.uri) {
            Some(path) => path.to_owned(),
            None if map::is_web(&view.uri) => view.uri.clone(),
            None => String::new(),
        },
        end_href: view.key.filter(|_| may_end).map(|key| format!("/attestations/{key}/end")),
    }
}

/// `GET /settings/proof`
pub(super) async fn proof(
    State(service): State<Service>,
    visitor: Visitor,
) -> Result<Response, Refusal> {
    visitor.caller()?;
    Typed::default().show(&service, &visitor, Again::first()).await
}

/// `POST /settings/proof/mail`
pub(super) async fn ask_mail(
    State(service): State<Service>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let typed = Typed { address: fields.text("address"), ..Typed::default() };
    if !visitor.sent(&fields) {
        return typed.show(&service, &visitor, Again::expired()).await;
    }
    let t = visitor.t;
    let handle = format!("@{}", service.handle_of(&caller.actor));
    let sent = service
        .ask_mail_proof(caller, &typed.address, |confirmation| {
            let domain = confirmation.domain;
            let subject = t.plain_with("letter-confirm-subject", "instance", &service.profile.name);
            let asked = t.say_with_two("letter-confirm-text", "handle", &handle, "domain", domain);
            let not_you = t.plain("letter-confirm-not-you");
            (subject, format!("{}\n\n{}\n\n{not_you}\n", asked.plain(), confirmation.link))
        })
        .await;
    match sent {
        Ok(domain) => {
            let typed = Typed { letter_sent_to: Some(domain), ..Typed::default() };
            typed.show(&service, &visitor, Again::first()).await
        }
        Err(error) => typed.show(&service, &visitor, Again::refused(&fields, error)?).await,
    }
}

/// `GET /settings/proof/confirm`: looks only. Software that follows links in letters confirms nothing.
pub(super) async fn confirm_form(
    State(service): State<Service>,
    visitor: Visitor,
    asked: Asked,
) -> Result<Response, Refusal> {
    let token = asked.get("token").to_owned();
    let domain = service.mail_proof_domain(visitor.caller()?, &token).await?;
    confirmation(&visitor, token, domain)
}

/// `POST /settings/proof/confirm`
pub(super) async fn confirm(
    State(service): State<Service>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let token = fields.text("token");
    match service.confirm_mail_proof(caller, &token).await? {
        Some(_) => Ok(Redirect::to(PROOF).into_response()),
        None => confirmation(&visitor, token, None),
    }
}

fn confirmation(
    visitor: &Visitor,
    token: String,
    domain: Option<String>,
) -> Result<Response, Refusal> {
    let status = if domain.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = visitor.page(Section::Elsewhere);
    frame::show_with(status, &ProofConfirmPage { t: visitor.t, page, token, domain })
}

/// `POST /settings/proof/web`
pub(super) async fn add_web(
    State(service): State<Service>,
    State(federation): State<Federation>,
    visitor: Visitor,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    let typed = Typed { domain: fields.text("domain"), ..Typed::default() };
    if !visitor.sent(&fields) {
        return typed.show(&service, &visitor, Again::expired()).await;
    }
    match service.add_web_domain(caller, &typed.domain).await {
        Ok(row) => {
            federation.look_at_web_domain(&row).await?;
            Ok(Redirect::to(PROOF).into_response())
        }
        Err(error) => typed.show(&service, &visitor, Again::refused(&fields, error)?).await,
    }
}

/// `POST /settings/proof/web/{key}/check`
pub(super) async fn check_web(
    State(service): State<Service>,
    State(federation): State<Federation>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    if !visitor.sent(&fields) {
        return Typed::default().show(&service, &visitor, Again::expired()).await;
    }
    match service.check_web_domain(caller, &key).await {
        Ok(row) => {
            federation.look_at_web_domain(&row).await?;
            Ok(Redirect::to(PROOF).into_response())
        }
        Err(error) => {
            Typed::default().show(&service, &visitor, Again::refused(&fields, error)?).await
        }
    }
}

/// `POST /settings/proof/web/{key}/remove`
pub(super) async fn remove_web(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.caller()?;
    if !visitor.sent(&fields) {
        return Typed::default().show(&service, &visitor, Again::expired()).await;
    }
    service.remove_web_domain(caller, &key).await?;
    Ok(Redirect::to(PROOF).into_response())
}

/// `POST /p/{name}/vouch`: the organisation that is signed in vouches with its key; by handle, or for whose page it is.
pub(super) async fn vouch(
    State(service): State<Service>,
    visitor: Visitor,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    let typed = fields.get("handle").trim();
    let named = if typed.is_empty() { &name } else { typed };
    match service.vouch(caller, named, None).await {
        Ok(_) => Ok(Redirect::to(&format!("/p/{}", caller.actor.username)).into_response()),
        Err(ServiceError::Invalid(wrong)) => {
            let page = super::participants::page(&service, &visitor, &name).await?;
            let said =
                |errors: FormErrors, wrong: FieldError| errors.add_text("handle", wrong.message);
            let errors = wrong.into_iter().fold(FormErrors::none(), said);
            let page = ParticipantPage { vouch_handle: typed.to_owned(), errors, ..page };
            frame::show_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /attestations/{key}/end`: who vouched takes it back.
pub(super) async fn end(
    State(service): State<Service>,
    visitor: Visitor,
    Path(key): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let caller = visitor.acting(&fields)?;
    service.stop_vouching(caller, &key).await?;
    Ok(Redirect::to(&format!("/p/{}", caller.actor.username)).into_response())
}

//! What an account says of itself: name, profile, group, region, address for mail. A change holds from now on: what was
//! signed before keeps the group and region it was signed under.

use super::{Caller, FieldError, Service, ServiceError, acts::sign_activity, objects::Served};
use crate::{
    base::{limits, mail},
    domain::{audience::Audience, group::StakeholderGroup, markup, region::Region},
    protocol::compose::{Addressing, Envelope},
    store::{
        accounts,
        actors::{self, Actor},
    },
};

/// What an account says of itself, as its form shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnProfile {
    /// Display name.
    pub display_name: String,
    /// Markdown.
    pub profile: String,
    /// Declared group.
    pub group: Option<StakeholderGroup>,
    /// Declared region.
    pub region: Option<Region>,
    /// For mail from the instance; empty where there is none. Never shown to others.
    pub email: String,
}

impl Service {
    /// What the caller says of themselves.
    pub async fn own_profile(&self, caller: &Caller) -> Result<OwnProfile, ServiceError> {
        let account = accounts::by_id(&self.store, caller.account_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        let actor = &caller.actor;
        Ok(OwnProfile {
            display_name: actor.name.clone(),
            profile: account.profile.unwrap_or_default(),
            group: super::read::group_of(actor.stakeholder_group.as_deref()),
            region: super::read::region_of(actor.region.as_deref()),
            email: account.email,
        })
    }

    /// Changes what the caller says of themselves, and tells their followers.
    pub async fn change_profile(
        &self,
        caller: &Caller,
        new: OwnProfile,
    ) -> Result<Actor, ServiceError> {
        Self::may_act(caller)?;
        let new = OwnProfile {
            display_name: markup::clean_line(&new.display_name),
            profile: markup::clean(&new.profile).trim().to_owned(),
            email: new.email.trim().to_owned(),
            ..new
        };
        let summary = check(&new)?;
        let tx = self.begin_as(caller).await?;
        let mut actor = actors::by_id(&tx, caller.actor.id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        actor.name = new.display_name;
        actor.summary = summary;
        actor.stakeholder_group = new.group.map(|group| group.term().to_owned());
        actor.region = new.region.map(|region| region.term().to_owned());
        let changed = actor != caller.actor;
        let actor = actors::save(&tx, actor).await?;
        accounts::change(&tx, caller.account_id, new.email, new.profile).await?;
        // Nobody is told of an address for mail.
        if changed {
            self.tell_of_change(&tx, &actor).await?;
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(actor)
    }

    /// `Update` of the actor's own document, to its followers.
    async fn tell_of_change(
        &self,
        tx: &crate::store::Tx,
        actor: &Actor,
    ) -> Result<(), ServiceError> {
        let Served::Here(document) = self.actor_document(actor).await? else { return Ok(()) };
        let id = self.paths.activity(self.new_id());
        let published = self.time_to_act(tx, &actor.uri).await?;
        let followers = format!("{}/followers", actor.uri);
        let envelope = Envelope {
            id: &id,
            actor: &actor.uri,
            published,
            addressing: Addressing::public(&[], &[&followers]),
            audience: None,
        };
        let keys = self.keys.of(actor).await?;
        let update = sign_activity(&keys, envelope.activity("Update", document), published);
        let body =
            serde_json::to_vec(&update).map_err(|error| ServiceError::Internal(error.into()))?;
        self.send(tx, actor, &id, body, &[Audience::Followers(actor.uri.clone())]).await
    }
}

/// Answers the profile as HTML.
fn check(new: &OwnProfile) -> Result<String, ServiceError> {
    let mut wrong = Vec::new();
    super::topics::length(
        &mut wrong,
        "displayName",
        &new.display_name,
        limits::DISPLAY_NAME_CHARS_MAX,
    );
    if new.profile.chars().count() > limits::PROFILE_CHARS_MAX {
        let max = limits::PROFILE_CHARS_MAX;
        wrong.push(FieldError::new("profile", format!("at most {max} characters")));
    }
    check_email(&mut wrong, &new.email);
    let summary = match markup::render_comment(&new.profile) {
        Ok(html) => html,
        Err(error) => {
            wrong.push(FieldError::new("profile", error.to_string()));
            String::new()
        }
    };
    if wrong.is_empty() { Ok(summary) } else { Err(ServiceError::Invalid(wrong)) }
}

/// An address for mail, or none.
pub(super) fn check_email(wrong: &mut Vec<FieldError>, email: &str) {
    if email.is_empty() {
        return;
    }
    if email.len() > limits::EMAIL_BYTES_MAX || mail::domain_of(email).is_none() {
        wrong.push(FieldError::new(
            "email",
            "must be one e-mail address, such as name@example.org, or empty",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> OwnProfile {
        OwnProfile {
            display_name: "Amina".to_owned(),
            profile: String::new(),
            group: None,
            region: None,
            email: String::new(),
        }
    }

    #[test]
    fn each_field_has_its_limit() {
        let wrong = |profile: OwnProfile| match check(&profile) {
            Ok(_) => Vec::new(),
            Err(ServiceError::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
            Err(other) => panic!("{other}"),
        };
        assert!(wrong(profile()).is_empty());
        let name = |length| OwnProfile { display_name: "x".repeat(length), ..profile() };
        assert!(wrong(name(limits::DISPLAY_NAME_CHARS_MAX)).is_empty());
        assert_eq!(wrong(name(limits::DISPLAY_NAME_CHARS_MAX + 1)), ["displayName"]);
        assert_eq!(wrong(name(0)), ["displayName"]);
        let text = |length| OwnProfile { profile: "x".repeat(length), ..profile() };
        assert!(wrong(text(limits::PROFILE_CHARS_MAX)).is_empty());
        assert_eq!(wrong(text(limits::PROFILE_CHARS_MAX + 1)), ["profile"]);
        let mail = |length: usize| {
            let (name, label) = ("x".repeat(64), "b".repeat(63));
            let rest = "c".repeat(length - name.len() - 2 * label.len() - "@...example".len());
            let email = format!("{name}@{label}.{label}.{rest}.example");
            assert_eq!(email.len(), length);
            OwnProfile { email, ..profile() }
        };
        assert!(wrong(mail(limits::EMAIL_BYTES_MAX)).is_empty());
        assert_eq!(wrong(mail(limits::EMAIL_BYTES_MAX + 1)), ["email"]);
        assert_eq!(wrong(OwnProfile { email: "nobody".into(), ..profile() }), ["email"]);
    }
}

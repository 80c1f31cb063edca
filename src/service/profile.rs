//! What an account says of itself: name, profile, group, region, address for mail. A change holds from now on: what was
//! signed before keeps the group and region it was signed under.

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::sign_activity,
    media::{Face, NewPicture},
    objects::Served,
};
use crate::{
    base::{limits, mail},
    domain::{audience::Audience, group::StakeholderGroup, markup, region::Region},
    protocol::compose::{self, Addressing, Envelope},
    store::{
        Tx, accounts,
        actors::{self, Actor},
        profiles::{self, Preference, ProfileDetail},
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
    /// Whether it wants to be found and recommended.
    pub discoverable: bool,
    /// What else it says: name and words of each field, as typed.
    pub fields: Vec<(String, String)>,
}

/// What an account wants its clients to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// `public` or `unlisted`: how replies are marked, which are public either way.
    pub privacy: String,
    /// Whether pictures are hidden at first.
    pub sensitive: bool,
    /// BCP 47.
    pub language: Option<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { privacy: "public".to_owned(), sensitive: false, language: None }
    }
}

/// The fields of a profile as shown: an address is a link, everything else is text.
pub(super) fn fields_shown(detail: &ProfileDetail) -> Vec<(String, String)> {
    fields_typed(detail)
        .into_iter()
        .map(|(name, words)| {
            let safe = compose::escape(&words);
            let is_address = !words.contains(char::is_whitespace)
                && (words.starts_with("https://") || words.starts_with("http://"))
                && url::Url::parse(&words).is_ok_and(|url| url.has_host());
            let shown = if is_address {
                format!("<a href=\"{safe}\" rel=\"me nofollow noopener\">{safe}</a>")
            } else {
                safe
            };
            (name, shown)
        })
        .collect()
}

fn fields_typed(detail: &ProfileDetail) -> Vec<(String, String)> {
    serde_json::from_str(&detail.fields).unwrap_or_default()
}

impl Service {
    /// What the caller says of themselves.
    pub async fn own_profile(&self, caller: &Caller) -> Result<OwnProfile, ServiceError> {
        let account = accounts::by_id(&self.store, caller.account_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        let actor = actors::by_id(&self.store, caller.actor.id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        let detail = profiles::details(&self.store, &[actor.id]).await?.pop();
        Ok(OwnProfile {
            profile: account.profile.unwrap_or_default(),
            group: super::read::group_of(actor.stakeholder_group.as_deref()),
            region: super::read::region_of(actor.region.as_deref()),
            display_name: actor.name,
            email: account.email,
            discoverable: detail.as_ref().is_none_or(|detail| detail.discoverable),
            fields: detail.as_ref().map(fields_typed).unwrap_or_default(),
        })
    }

    /// What the caller's clients begin with.
    pub async fn preferences(&self, caller: &Caller) -> Result<Preferences, ServiceError> {
        let row = profiles::preference(&self.store, caller.account_id).await?;
        Ok(row.map_or_else(Preferences::default, |row| Preferences {
            privacy: row.privacy,
            sensitive: row.sensitive,
            language: row.language,
        }))
    }

    /// Changes what the caller's clients begin with.
    pub async fn change_preferences(
        &self,
        caller: &Caller,
        new: Preferences,
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        check_preferences(&new)?;
        let tx = self.begin_as(caller).await?;
        let row = Preference {
            account_id: caller.account_id,
            privacy: new.privacy,
            sensitive: new.sensitive,
            language: new.language,
        };
        profiles::set_preference(&tx, row).await?;
        Ok(tx.commit().await?)
    }

    /// Changes what the caller says of themselves, and tells their followers.
    pub async fn change_profile(
        &self,
        caller: &Caller,
        new: OwnProfile,
    ) -> Result<Actor, ServiceError> {
        self.change_profile_and_faces::<Vec<u8>>(caller, new, Vec::new()).await
    }

    /// The same with pictures put in place of those before, or taken away: all of it, or nothing.
    pub async fn change_profile_and_faces<B: AsRef<[u8]> + Send + 'static>(
        &self,
        caller: &Caller,
        new: OwnProfile,
        faces: Vec<(Face, Option<NewPicture<B>>)>,
    ) -> Result<Actor, ServiceError> {
        Self::may_act(caller)?;
        let new = OwnProfile {
            display_name: markup::clean_line(&new.display_name),
            profile: markup::clean(&new.profile).trim().to_owned(),
            email: new.email.trim().to_owned(),
            fields: cleaned(&new.fields),
            ..new
        };
        let summary = check(&new)?;
        let mut developed = Vec::with_capacity(faces.len());
        for (face, picture) in faces {
            let picture = match picture {
                Some(picture) => Some(self.develop_face(caller, face, picture).await?),
                None => None,
            };
            developed.push((face, picture));
        }
        let tx = self.begin_as(caller).await?;
        let mut actor = actors::by_id(&tx, caller.actor.id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?;
        let before = actor.clone();
        actor.name = new.display_name;
        actor.summary = summary;
        actor.stakeholder_group = new.group.map(|group| group.term().to_owned());
        actor.region = new.region.map(|region| region.term().to_owned());
        for (face, picture) in developed {
            let url = self.put_face(&tx, caller, face, picture).await?;
            match face {
                Face::Avatar => actor.avatar = url,
                Face::Header => actor.header = url,
            }
        }
        let detail = ProfileDetail {
            actor_id: actor.id,
            discoverable: new.discoverable,
            fields: serde_json::to_string(&new.fields)
                .map_err(|error| ServiceError::Internal(error.into()))?,
        };
        let known = profiles::details(&tx, &[actor.id]).await?.pop();
        let plain = ProfileDetail { discoverable: true, fields: "[]".to_owned(), ..detail.clone() };
        let changed = actor != before || known.as_ref().unwrap_or(&plain) != &detail;
        let actor = actors::save(&tx, actor).await?;
        profiles::set_details(&tx, detail.clone()).await?;
        accounts::change(&tx, caller.account_id, new.email, new.profile).await?;
        // Nobody is told of an address for mail.
        if changed {
            self.tell_of_change(&tx, &actor, &detail).await?;
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(actor)
    }

    /// `Update` of the actor's own document, to its followers.
    async fn tell_of_change(
        &self,
        tx: &Tx,
        actor: &Actor,
        detail: &ProfileDetail,
    ) -> Result<(), ServiceError> {
        let served = self.actor_document_with(actor, Some(detail)).await?;
        let Served::Here(document) = served else { return Ok(()) };
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
    check_fields(&mut wrong, &new.fields);
    let summary = match markup::render_comment(&new.profile) {
        Ok(html) => html,
        Err(error) => {
            wrong.push(FieldError::new("profile", error.to_string()));
            String::new()
        }
    };
    if wrong.is_empty() { Ok(summary) } else { Err(ServiceError::Invalid(wrong)) }
}

/// Fields as they are kept: those without any words are none.
fn cleaned(fields: &[(String, String)]) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(name, words)| (markup::clean_line(name), markup::clean_line(words)))
        .filter(|(name, words)| !(name.is_empty() && words.is_empty()))
        .collect()
}

fn check_fields(wrong: &mut Vec<FieldError>, fields: &[(String, String)]) {
    if fields.len() > limits::PROFILE_FIELDS_MAX {
        let max = limits::PROFILE_FIELDS_MAX;
        wrong.push(FieldError::new("fields", format!("at most {max} of them")));
    }
    for (name, words) in fields {
        super::topics::length(wrong, "fields", name, limits::PROFILE_FIELD_CHARS_MAX);
        if words.chars().count() > limits::PROFILE_FIELD_CHARS_MAX {
            let max = limits::PROFILE_FIELD_CHARS_MAX;
            wrong.push(FieldError::new("fields", format!("at most {max} characters each")));
        }
    }
}

fn check_preferences(new: &Preferences) -> Result<(), ServiceError> {
    let mut wrong = Vec::new();
    if !["public", "unlisted"].contains(&new.privacy.as_str()) {
        let why = "what is said in a topic is public: `public` or `unlisted`";
        wrong.push(FieldError::new("privacy", why));
    }
    if let Some(language) = &new.language {
        super::topics::language(&mut wrong, language);
    }
    if wrong.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(wrong)) }
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
            discoverable: true,
            fields: Vec::new(),
        }
    }

    #[test]
    fn fields_at_their_limits_and_one_over_and_as_shown() {
        let field = |length: usize| ("x".repeat(length), "y".repeat(length));
        let wrong = |fields: Vec<(String, String)>| {
            let mut wrong = Vec::new();
            check_fields(&mut wrong, &fields);
            wrong.len()
        };
        let max = limits::PROFILE_FIELD_CHARS_MAX;
        assert_eq!(wrong(vec![field(max); limits::PROFILE_FIELDS_MAX]), 0);
        assert_eq!(wrong(vec![field(1); limits::PROFILE_FIELDS_MAX + 1]), 1);
        assert_eq!(wrong(vec![field(max + 1)]), 2);
        assert_eq!(wrong(vec![(String::new(), "y".into())]), 1);
        let typed = [
            ("Site", "https://a.example/?a=1&b=2"),
            ("Mine", "<b>\"x\""),
            ("Odd", "https://a.example/\"onclick=\"x"),
            ("", " "),
        ];
        let typed = typed.map(|(name, words)| (name.to_owned(), words.to_owned()));
        let fields = serde_json::to_string(&cleaned(&typed)).unwrap();
        let shown = fields_shown(&ProfileDetail { actor_id: 1, discoverable: true, fields });
        assert_eq!(shown.len(), 3);
        assert!(shown[0].1.starts_with("<a href=\"https://a.example/?a=1&amp;b=2\""));
        assert_eq!(shown[1].1, "&lt;b&gt;&quot;x&quot;");
        assert!(!shown[2].1.contains("\"onclick"), "{}", shown[2].1);
    }

    #[test]
    fn preferences_that_would_mean_something_else_here_are_refused() {
        let good = Preferences::default();
        assert!(check_preferences(&good).is_ok());
        let language = |tag: &str| Preferences { language: Some(tag.into()), ..good.clone() };
        assert!(check_preferences(&language("pt-BR")).is_ok());
        assert!(check_preferences(&language("no language")).is_err());
        for privacy in ["private", "direct", ""] {
            let wrong = Preferences { privacy: privacy.into(), ..good.clone() };
            assert!(check_preferences(&wrong).is_err(), "{privacy}");
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

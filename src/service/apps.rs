//! Programs that register, so that people here can let them in. Anybody may register one; what it may do depends on who
//! lets it in. Where people are sent back to is fixed here, character by character, and never looked at otherwise again.

use url::{Host, Url};

use super::{Service, ServiceError, error::FieldError, scope::Scope, sign_in::hash_of};
use crate::{
    base::{crypto::same, limits},
    store::apps,
};

pub use crate::store::apps::App;

/// In place of an address: the code is shown to be copied.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
/// What an app may ask for where it says nothing.
const SCOPE_DEFAULT: &str = "read";
/// Schemes that run or show what stands behind them, or that no program waits at.
const NEVER: &[&str] = &[
    "about",
    "blob",
    "chrome",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "sms",
    "tel",
    "urn",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// An app to register.
#[derive(Debug, Clone, Default)]
pub struct NewApp {
    /// What it calls itself.
    pub name: String,
    /// Where it says to be at home.
    pub website: Option<String>,
    /// Where people may be sent back to.
    pub redirect_uris: Vec<String>,
    /// The most it may ask for.
    pub scope: Option<String>,
}

/// An app just registered.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The app.
    pub app: App,
    /// Its secret, shown this once and kept only as a digest.
    pub secret: String,
}

impl App {
    /// Where people may be sent back to.
    pub fn redirects(&self) -> impl Iterator<Item = &str> {
        self.redirect_uris.lines()
    }
}

impl Service {
    /// Registers an app.
    pub async fn register_app(&self, new: NewApp) -> Result<Registered, ServiceError> {
        let mut faults = Vec::new();
        let name = new.name.trim();
        if name.is_empty()
            || name.chars().count() > limits::APP_NAME_CHARS_MAX
            || name.chars().any(char::is_control)
        {
            let max = limits::APP_NAME_CHARS_MAX;
            faults.push(FieldError::new("client_name", format!("must have 1 to {max} characters")));
        }
        let mut uris: Vec<&str> =
            new.redirect_uris.iter().flat_map(|text| text.split_whitespace()).collect();
        uris.dedup();
        if uris.is_empty() || uris.len() > limits::APP_REDIRECTS_MAX {
            let max = limits::APP_REDIRECTS_MAX;
            faults
                .push(FieldError::new("redirect_uris", format!("must name 1 to {max} addresses")));
        }
        for uri in &uris {
            if let Err(why) = check_redirect(uri, self.profile.development) {
                faults.push(FieldError::new("redirect_uris", why));
                break;
            }
        }
        let scope = Scope::parse(new.scope.as_deref().unwrap_or(SCOPE_DEFAULT));
        let scope = match (scope, faults.is_empty()) {
            (Ok(scope), true) => scope,
            (Ok(_), false) => return Err(ServiceError::Invalid(faults)),
            (Err(ServiceError::Invalid(wrong)), _) => {
                faults
                    .extend(wrong.into_iter().map(|fault| FieldError { field: "scopes", ..fault }));
                return Err(ServiceError::Invalid(faults));
            }
            (Err(other), _) => return Err(other),
        };
        let secret = self.secret_token();
        let row = App {
            id: self.new_id(),
            client_id: self.secret_token(),
            secret_hash: hash_of(&secret),
            name: name.to_owned(),
            website: new.website.as_deref().and_then(web_address),
            redirect_uris: uris.join("\n"),
            scope: scope.words(),
            created_at: self.now().as_millis(),
        };
        let tx = self.store.begin().await?;
        let app = apps::insert(&tx, row).await?;
        tx.commit().await?;
        Ok(Registered { app, secret })
    }

    /// The app that is called so, where the secret is its own.
    pub async fn authenticate_app(
        &self,
        client_id: &str,
        secret: &str,
    ) -> Result<Option<App>, ServiceError> {
        let app = apps::by_client_id(&self.store, client_id).await?;
        Ok(app.filter(|app| same(app.secret_hash.as_bytes(), hash_of(secret).as_bytes())))
    }

    /// An app by key.
    pub async fn app(&self, id: i64) -> Result<Option<App>, ServiceError> {
        Ok(apps::by_id(&self.store, id).await?)
    }
}

/// An address of the web that may be shown as a link; anything else is left out.
fn web_address(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    (is_web && text.len() <= limits::URI_CHARS_MAX).then(|| url.into())
}

/// Whether people may be sent back to an address.
fn check_redirect(uri: &str, development: bool) -> Result<(), &'static str> {
    if uri == OUT_OF_BAND {
        return Ok(());
    }
    if uri.len() > limits::URI_CHARS_MAX || !uri.chars().all(|c| c.is_ascii_graphic()) {
        return Err("an address is too long, or holds characters that no address has");
    }
    if uri.contains('#') {
        return Err("an address must have no fragment");
    }
    let (scheme, _) = uri.split_once(':').ok_or("an address must begin with a scheme")?;
    let scheme = scheme.to_ascii_lowercase();
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(letters) {
        return Err("an address must begin with a scheme");
    }
    if NEVER.contains(&scheme.as_str()) {
        return Err("nobody can be sent to an address of this scheme");
    }
    if !matches!(scheme.as_str(), "http" | "https") {
        return Ok(());
    }
    let url = Url::parse(uri).map_err(|_broken| "an address cannot be read")?;
    if !url.username().is_empty() || url.password().is_some() || uri.contains('\\') {
        return Err("an address must name its host only");
    }
    let is_near = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("an address must name a host"),
    };
    if scheme == "http" && !is_near && !development {
        return Err("an address must be https; http is for this computer only");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_real_programs_are_taken_and_traps_are_not() {
        for uri in [
            OUT_OF_BAND,
            "https://phanpy.example/",
            "https://elk.example/api/cs.example/oauth/https%3A%2F%2Felk.example",
            "http://localhost:5173/",
            "http://127.0.0.1:8080/callback?x=1",
            "http://[::1]/",
            "icecubesapp://",
            "oauth2redirect://com.keylesspalace.tusky/",
            "com.example.app:/callback",
        ] {
            assert_eq!(check_redirect(uri, false), Ok(()), "{uri}");
        }
        for uri in [
            "",
            "/callback",
            "callback",
            "//evil.example/",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "urn:ietf:wg:oauth:2.0:oob:auto",
            "https://client.example/#fragment",
            "icecubesapp://#x",
            "https://client.example@evil.example/",
            "https://user:pass@client.example/",
            "https://client.example\\@evil.example/",
            "http://client.example/",
            "https://",
            "https://a b/",
            "https://é.example/",
            "1app://x",
            "java\nscript:x",
        ] {
            assert!(check_redirect(uri, false).is_err(), "{uri:?}");
        }
        assert_eq!(check_redirect("http://client.example/", true), Ok(()));
    }

    #[test]
    fn an_address_at_the_limit_and_one_over() {
        let long = |chars: usize| format!("https://a.example/{}", "x".repeat(chars - 18));
        assert!(check_redirect(&long(limits::URI_CHARS_MAX), false).is_ok());
        assert!(check_redirect(&long(limits::URI_CHARS_MAX + 1), false).is_err());
    }

    #[test]
    fn a_website_is_a_link_or_nothing() {
        assert_eq!(web_address(" https://a.example ").as_deref(), Some("https://a.example/"));
        for none in ["undefined", "", "javascript:alert(1)", "https://"] {
            assert_eq!(web_address(none), None, "{none}");
        }
    }
}

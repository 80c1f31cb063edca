//! A browser without scripts: it keeps cookies, follows redirections, reads forms out of pages and sends them as they
//! stand, with what a person fills in. What it cannot do, a reader without JavaScript cannot do either.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use scraper::{ElementRef, Html, Selector};
use tower::ServiceExt as _;

/// Redirections that are followed for one step.
const REDIRECTIONS_MAX: usize = 5;

/// A browser at one instance.
#[derive(Debug, Clone)]
pub struct Browser {
    router: Router,
    host: String,
    cookies: BTreeMap<String, String>,
}

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it was found, after redirections.
    pub path: String,
    /// Its status.
    pub status: StatusCode,
    /// Its HTML.
    pub html: String,
}

/// A form of a page, filled in.
#[derive(Debug, Clone)]
pub struct Form {
    action: String,
    method: Method,
    fields: Vec<(String, String)>,
    /// Names of all controls, also of those that send nothing as they stand.
    names: Vec<String>,
}

impl Browser {
    /// A fresh browser that speaks to `router` as `host`.
    pub fn new(router: Router, host: &str) -> Self {
        Self { router, host: host.to_owned(), cookies: BTreeMap::new() }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, String::new()).await
    }

    /// Signs in with the password of the cast.
    pub async fn sign_in(&mut self, name: &str) -> Page {
        let page = self.get("/sign-in").await;
        let form =
            page.form("/sign-in").fill("handle", name).fill("password", crate::cast::PASSWORD);
        let done = self.submit(form).await;
        assert_eq!(done.status, StatusCode::OK, "{name} is signed in: {}", done.text());
        done
    }

    /// Sends a form.
    pub async fn submit(&mut self, form: Form) -> Page {
        let mut encoded = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &form.fields {
            encoded.append_pair(name, value);
        }
        let encoded = encoded.finish();
        if form.method == Method::GET {
            let path = form.action.split('?').next().unwrap_or_default();
            return self.send(Method::GET, &format!("{path}?{encoded}"), String::new()).await;
        }
        self.send(Method::POST, &form.action, encoded).await
    }

    /// Sends fields that no page offered.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, body).await
    }

    async fn send(&mut self, method: Method, path: &str, body: String) -> Page {
        let (mut method, mut path, mut body) = (method, path.to_owned(), body);
        for _ in 0..REDIRECTIONS_MAX {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let without_fragment = path.split('#').next().unwrap_or_default().to_owned();
            let request = Request::builder()
                .method(method.clone())
                .uri(&without_fragment)
                .header(header::HOST, &self.host)
                .header(header::ACCEPT, "text/html,application/xhtml+xml")
                .header(header::COOKIE, cookies.join("; "))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from(body.clone()))
                .expect("a request");
            let answer = self.router.clone().oneshot(request).await.expect("an answer");
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                let pair =
                    cookie.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
                if let Some((name, value)) = pair.split_once('=') {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
            let status = answer.status();
            let location = answer.headers().get(header::LOCATION).and_then(|at| at.to_str().ok());
            if let Some(location) = location.filter(|_| status.is_redirection()) {
                (method, path, body) = (Method::GET, location.to_owned(), String::new());
                continue;
            }
            let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
            let html = String::from_utf8_lossy(&bytes).into_owned();
            return Page { path, status, html };
        }
        panic!("{path} redirects for ever");
    }
}

impl Page {
    /// Its words, white space as one space.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.html);
        let text: Vec<&str> = document.root_element().text().collect();
        text.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Words of the elements that a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        let selector = Selector::parse(selector).expect("a selector");
        document
            .select(&selector)
            .map(|element| {
                element
                    .text()
                    .collect::<Vec<_>>()
                    .join(" ")
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    /// Where the links lead.
    pub fn links(&self) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        let selector = Selector::parse("a[href]").expect("a selector");
        document
            .select(&selector)
            .filter_map(|link| link.value().attr("href"))
            .map(str::to_owned)
            .collect()
    }

    /// The first form whose action begins so.
    pub fn form(&self, action: &str) -> Form {
        let found = self.forms().into_iter().find(|form| form.action.starts_with(action));
        found.unwrap_or_else(|| panic!("{} has no form for {action}: {}", self.path, self.text()))
    }

    /// Every form.
    pub fn forms(&self) -> Vec<Form> {
        let document = Html::parse_document(&self.html);
        let forms = Selector::parse("form").expect("a selector");
        document.select(&forms).map(|form| self.read(form)).collect()
    }

    fn read(&self, form: ElementRef<'_>) -> Form {
        let controls = Selector::parse("input, textarea, select").expect("a selector");
        let (mut fields, mut names) = (Vec::new(), Vec::new());
        for control in form.select(&controls) {
            let value = control.value();
            let Some(name) = value.attr("name") else { continue };
            names.push(name.to_owned());
            let sent = match (value.name(), value.attr("type").unwrap_or("text")) {
                ("textarea", _) => {
                    let text: String = control.text().collect();
                    // The line break right after the tag is markup (HTML, 13.1.2.5).
                    Some(text.strip_prefix('\n').unwrap_or(&text).to_owned())
                }
                ("select", _) => chosen(control),
                (_, "checkbox" | "radio") => {
                    value.attr("checked").map(|_| value.attr("value").unwrap_or("on").to_owned())
                }
                (_, "submit" | "button" | "image") => None,
                _ => Some(value.attr("value").unwrap_or_default().to_owned()),
            };
            if let Some(sent) = sent {
                fields.push((name.to_owned(), sent));
            }
        }
        let method = match form.value().attr("method") {
            Some(method) if method.eq_ignore_ascii_case("post") => Method::POST,
            _ => Method::GET,
        };
        let action = form.value().attr("action").filter(|action| !action.is_empty());
        Form { action: action.unwrap_or(&self.path).to_owned(), method, fields, names }
    }
}

fn chosen(select: ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").expect("a selector");
    let all: Vec<ElementRef<'_>> = select.select(&options).collect();
    let picked =
        all.iter().find(|option| option.value().attr("selected").is_some()).or(all.first());
    picked.map(|option| {
        let words = || option.text().collect::<String>().trim().to_owned();
        option.value().attr("value").map_or_else(words, str::to_owned)
    })
}

impl Form {
    /// Fills a field in; it must be there.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.names.iter().any(|known| known == name),
            "{} has no field {name}, only {:?}",
            self.action,
            self.names
        );
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presses a button that has a name.
    #[must_use]
    pub fn press(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Where it goes.
    pub fn action(&self) -> &str {
        &self.action
    }
}

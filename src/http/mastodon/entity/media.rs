//! What is attached to a post: pictures of this instance, and addresses of what is elsewhere.

use serde::Serialize;

use crate::{protocol::quirks::attachments::number_from, service::media::MediumView};

/// Something attached.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http::mastodon) struct MediaAttachment {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    preview_url: String,
    remote_url: Option<String>,
    preview_remote_url: Option<String>,
    text_url: Option<()>,
    meta: Meta,
    description: Option<String>,
    blurhash: Option<()>,
}

/// How large it is, and where to look.
#[derive(Debug, Clone, Serialize)]
struct Meta {
    #[serde(skip_serializing_if = "Option::is_none")]
    focus: Option<Focus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<Extent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    small: Option<Extent>,
}

#[derive(Debug, Clone, Serialize)]
struct Focus {
    x: f64,
    y: f64,
}

#[derive(Debug, Clone, Serialize)]
struct Extent {
    width: i64,
    height: i64,
    size: String,
    aspect: f64,
}

impl Extent {
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are small numbers")]
    fn of((width, height): (i64, i64)) -> Self {
        let aspect = width as f64 / height.max(1) as f64;
        Self { width, height, size: format!("{width}x{height}"), aspect }
    }
}

impl From<&MediumView> for MediaAttachment {
    fn from(view: &MediumView) -> Self {
        Self {
            id: view.key.to_string(),
            kind: view.kind.word(),
            url: view.url.clone(),
            preview_url: view.preview_url.clone(),
            remote_url: (!view.is_held).then(|| view.url.clone()),
            preview_remote_url: None,
            text_url: None,
            meta: Meta {
                focus: view.focus.map(|(x, y)| Focus { x: number_from(x), y: number_from(y) }),
                original: view.size.map(Extent::of),
                small: view.preview_size.map(Extent::of),
            },
            description: view.description.clone(),
            blurhash: None,
        }
    }
}

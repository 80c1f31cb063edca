//! What is attached to a text: pictures, video and sound, as addresses with what their author says of them. None of it is
//! fetched.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{member, number_of, one_or_many, text_of, types_of, values, words_of};
use crate::{
    base::limits::{ATTACHMENTS_READ_MAX, PICTURE_DESCRIPTION_CHARS_MAX},
    protocol::actor::parse_url,
};

/// Most pixels of a side that are believed.
const SIDE_MAX: i64 = 1_000_000;
/// Longest digest, and longest media type, that is kept.
const WORD_BYTES_MAX: usize = 128;
/// Parts of half a side in which the point is counted that is never cut away.
const FOCUS_PARTS: f64 = 10_000.0;

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// Sound.
    Audio,
    /// Something else.
    Unknown,
}

impl AttachmentKind {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Unknown => "unknown",
        }
    }
}

/// Something that is attached to a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it is.
    pub url: String,
    /// As its author says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What there is to be seen or heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Width and height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(i64, i64)>,
    /// The point that is never cut away, in ten-thousandths of half a side, from the middle to the right and up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus: Option<(i64, i64)>,
    /// Digest of the bytes (multihash in multibase), by which whoever has them can tell that they are these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// A number from -1 to 1 as ten-thousandths.
#[expect(clippy::cast_possible_truncation, reason = "within ten thousand")]
pub fn parts_of(number: f64) -> i64 {
    if number.is_finite() { (number.clamp(-1.0, 1.0) * FOCUS_PARTS).round() as i64 } else { 0 }
}

/// Ten-thousandths as a number from -1 to 1.
#[expect(clippy::cast_precision_loss, reason = "within ten thousand")]
pub fn number_from(parts: i64) -> f64 {
    parts as f64 / FOCUS_PARTS
}

/// What is attached to a text, in the order given, each address once.
pub fn attachments(object: &Value) -> Vec<Attachment> {
    let mut found: Vec<Attachment> = Vec::new();
    for item in one_or_many(object, "attachment") {
        if found.len() >= ATTACHMENTS_READ_MAX {
            break;
        }
        if let Some(read) = Attachment::read(item)
            && found.iter().all(|known| known.url != read.url)
        {
            found.push(read);
        }
    }
    found
}

/// The picture of somebody: of several sizes (PeerTube) the largest. Over https alone: whoever sees it asks for it.
pub fn picture_of(actor: &Value, name: &str) -> Option<String> {
    values(actor.get(name))
        .iter()
        .filter(|item| !types_of(item).is_empty() || text_of(item, "url").is_some())
        .filter_map(|item| Some((address(item)?.0, number_of(item, "width").unwrap_or_default())))
        .filter(|(url, _)| url.starts_with("https://"))
        .max_by_key(|(_, width)| *width)
        .map(|(url, _)| url)
}

impl Attachment {
    fn read(item: &Value) -> Option<Self> {
        let types = types_of(item);
        // A `Link` leads to another page (Lemmy), and what is said in a `PropertyValue` is nothing to look at.
        let named = types.iter().find_map(|kind| match *kind {
            "Image" => Some(Some(AttachmentKind::Image)),
            "Video" => Some(Some(AttachmentKind::Video)),
            "Audio" => Some(Some(AttachmentKind::Audio)),
            "Document" => Some(None),
            _ => None,
        })?;
        let (url, link) = address(item)?;
        let word = |document: &Value| {
            words_of(document, "mediaType").filter(|word| word.len() <= WORD_BYTES_MAX)
        };
        let media_type = word(item).or_else(|| link.and_then(word));
        let kind = named.or_else(|| media_type.as_deref().map(kind_of)).or_else(|| ending(&url));
        let side = |name| {
            let of = |document: &Value| number_of(document, name);
            of(item).or_else(|| link.and_then(of)).filter(|side| (1..=SIDE_MAX).contains(side))
        };
        // Most say it in `name`; some of old in `summary` (go-fed, Smithereen).
        let description = words_of(item, "name").or_else(|| words_of(item, "summary"));
        let digest = words_of(item, "digestMultibase").filter(|text| text.len() <= WORD_BYTES_MAX);
        Some(Self {
            kind: kind.unwrap_or(AttachmentKind::Unknown),
            url,
            media_type,
            description: description
                .map(|words| words.trim().chars().take(PICTURE_DESCRIPTION_CHARS_MAX).collect()),
            size: side("width").zip(side("height")),
            focus: focus_of(item),
            digest,
        })
    }
}

/// Where something is, with the `Link` that says so: an address, a `Link`, or a list of them (Pleroma, Akkoma).
fn address(item: &Value) -> Option<(String, Option<&Value>)> {
    let of = |value: &Value| -> Option<String> {
        // WordPress writes addresses as they stand in HTML.
        let text = value.as_str()?.replace("&#038;", "&").replace("&amp;", "&");
        parse_url(&text).is_some().then_some(text)
    };
    let given = member(item, "url").or_else(|| member(item, "href"));
    values(given).iter().find_map(|value| match value {
        Value::String(_) => Some((of(value)?, None)),
        link => Some((of(member(link, "href")?)?, Some(link))),
    })
}

fn kind_of(media_type: &str) -> AttachmentKind {
    match media_type.split('/').next().unwrap_or_default() {
        "image" => AttachmentKind::Image,
        "video" => AttachmentKind::Video,
        "audio" => AttachmentKind::Audio,
        _ => AttachmentKind::Unknown,
    }
}

/// What an address ends in, where nothing else says what is there.
fn ending(url: &str) -> Option<AttachmentKind> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (_, end) = path.rsplit_once('.')?;
    match end.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif" => Some(AttachmentKind::Image),
        "mp4" | "webm" | "mov" => Some(AttachmentKind::Video),
        "mp3" | "ogg" | "flac" | "wav" | "opus" => Some(AttachmentKind::Audio),
        _ => None,
    }
}

/// The point that is never cut away; the middle is said by saying nothing.
fn focus_of(item: &Value) -> Option<(i64, i64)> {
    let [x, y] = member(item, "focalPoint")?.as_array()?.as_slice() else { return None };
    let point = (parts_of(x.as_f64()?), parts_of(y.as_f64()?));
    Some(point).filter(|point| *point != (0, 0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(item: &Value) -> Option<Attachment> {
        attachments(&json!({"attachment": [item]})).pop()
    }

    #[test]
    fn a_picture_as_each_software_writes_it() {
        let url = "https://m.example/a.png";
        let mastodon = json!({"type": "Document", "mediaType": "image/png", "url": url, "name": "A bank",
            "blurhash": "U", "focalPoint": [0.5, -0.25], "width": 1500, "height": 1095});
        let pleroma = json!({"type": "Document", "mediaType": "image/png", "name": "A bank",
            "url": [{"type": "Link", "href": url, "mediaType": "image/png", "width": 1500, "height": 1095}]});
        let akkoma = json!({"type": "Document", "name": "A bank",
            "url": [{"type": "Link", "href": url, "mediaType": "image/png", "width": 1500, "height": 1095}]});
        let gotosocial = json!({"type": "Image", "mediaType": "image/png", "url": url, "name": "A bank",
            "width": 1500, "height": 1095});
        let misskey = json!({"type": "Document", "mediaType": "image/png", "url": url, "name": "A bank", "sensitive": false});
        let bare = json!({"type": "Document", "mediaType": null, "url": url, "name": " A bank "});
        for (item, sized, focus) in [
            (mastodon, true, Some((5_000, -2_500))),
            (pleroma, true, None),
            (akkoma, true, None),
            (gotosocial, true, None),
            (misskey, false, None),
            (bare, false, None),
        ] {
            let read = one(&item).unwrap();
            assert_eq!((read.kind, read.url.as_str()), (AttachmentKind::Image, url), "{item}");
            assert_eq!(read.description.as_deref(), Some("A bank"), "{item}");
            assert_eq!(read.size, sized.then_some((1500, 1095)), "{item}");
            assert_eq!(read.focus, focus, "{item}");
        }
    }

    #[test]
    fn what_is_no_picture_says_so_and_what_is_nothing_to_look_at_is_none() {
        let of = |media: &str| json!({"type": "Document", "mediaType": media, "url": "https://m.example/x"});
        assert_eq!(one(&of("video/mp4")).unwrap().kind, AttachmentKind::Video);
        assert_eq!(one(&of("audio/ogg")).unwrap().kind, AttachmentKind::Audio);
        assert_eq!(one(&of("application/pdf")).unwrap().kind, AttachmentKind::Unknown);
        for nothing in [
            json!({"type": "Link", "href": "https://m.example/a.png"}),
            json!({"type": "PropertyValue", "name": "Site", "value": "x"}),
            json!({"type": "Image", "url": "javascript:alert(1)"}),
            json!({"type": "Image", "url": "data:image/png;base64,AA"}),
            json!({"type": "Image"}),
            json!("https://m.example/a.png"),
        ] {
            assert_eq!(one(&nothing), None, "{nothing}");
        }
        let wordpress =
            json!({"type": "Image", "url": "https://i0.example/a.png?fit=9%2C9&#038;ssl=1"});
        assert_eq!(one(&wordpress).unwrap().url, "https://i0.example/a.png?fit=9%2C9&ssl=1");
        let odd = json!({"type": "Image", "url": "https://m.example/a", "width": -1, "height": 4.5,
            "focalPoint": [9, "x"], "name": ""});
        let read = one(&odd).unwrap();
        assert_eq!((read.size, read.focus, read.description), (None, None, None));
    }

    #[test]
    fn so_many_and_so_long_and_no_more() {
        let item = |n: usize| {
            json!({"type": "Image", "url": format!("https://m.example/{n}.png"),
            "name": "x".repeat(PICTURE_DESCRIPTION_CHARS_MAX + n)})
        };
        for n in [ATTACHMENTS_READ_MAX, ATTACHMENTS_READ_MAX + 1] {
            let items: Vec<Value> = (0..n).map(item).collect();
            assert_eq!(attachments(&json!({"attachment": items})).len(), ATTACHMENTS_READ_MAX);
        }
        for n in [0, 1] {
            let words = one(&item(n)).unwrap().description.unwrap();
            assert_eq!(words.chars().count(), PICTURE_DESCRIPTION_CHARS_MAX);
        }
        let twice = json!({"attachment": [item(1), item(1)]});
        assert_eq!(attachments(&twice).len(), 1);
        assert_eq!(attachments(&json!({"attachment": item(1)})).len(), 1);
    }

    #[test]
    fn a_picture_of_somebody_is_the_largest_over_https() {
        let peertube = json!({"icon": [
            {"type": "Image", "width": 48, "url": "https://t.example/48.jpg"},
            {"type": "Image", "width": 120, "url": "https://t.example/120.jpg"},
            {"type": "Image", "width": 500, "url": "http://t.example/500.jpg"}]});
        assert_eq!(picture_of(&peertube, "icon").as_deref(), Some("https://t.example/120.jpg"));
        let plain = json!({"image": {"type": "Image", "url": "http://t.example/a.jpg"}});
        assert_eq!(picture_of(&plain, "image"), None);
        assert_eq!(picture_of(&plain, "icon"), None);
    }

    #[test]
    fn what_is_kept_is_read_again_as_it_was() {
        let full = one(
            &json!({"type": "Image", "url": "https://m.example/a", "mediaType": "image/png",
            "name": "n", "width": 1, "height": 2, "focalPoint": [1, -1], "digestMultibase": "zQm"}),
        );
        for attachment in
            [full.unwrap(), one(&json!({"type": "Image", "url": "https://m.example/b"})).unwrap()]
        {
            let text = serde_json::to_string(&attachment).unwrap();
            assert_eq!(serde_json::from_str::<Attachment>(&text).unwrap(), attachment);
        }
        assert_eq!(parts_of(number_from(-3_333)), -3_333);
        assert_eq!((parts_of(f64::NAN), parts_of(7.0)), (0, 10_000));
    }
}

//! The style sheet, compiled in, under an address that changes with its contents; and the pictures of this instance and of
//! who has none, for programs that show one.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::base::crypto::sha256;

const STYLE: &str = include_str!("../../../assets/style.css");
/// Where the picture is.
pub const PICTURE: &str = "/assets/picture.png";
/// The pictures by name.
const PICTURES: &[(&str, &[u8])] = &[
    ("picture.png", include_bytes!("../../../assets/picture.png")),
    ("avatar.png", include_bytes!("../../../assets/avatar.png")),
    ("header.png", include_bytes!("../../../assets/header.png")),
];
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Hexadecimal digits of the digest in the address.
const DIGITS: usize = 16;

static STYLE_FILE: LazyLock<String> = LazyLock::new(|| {
    let digits: String = hex::encode(sha256(STYLE.as_bytes())).chars().take(DIGITS).collect();
    format!("style-{digits}.css")
});

/// Where the style sheet is.
pub(super) fn style_href() -> String {
    format!("/assets/{}", *STYLE_FILE)
}

/// `/assets/{file}`
pub(super) async fn serve(Path(file): Path<String>) -> Response {
    if let Some((_, picture)) = PICTURES.iter().find(|(name, _)| *name == file) {
        let headers =
            [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=86400")];
        return (headers, *picture).into_response();
    }
    // A page kept from before an upgrade names an older digest: better today's sheet than none.
    let kept = if file == *STYLE_FILE { FOR_EVER } else { "public, max-age=300" };
    let digest = file.strip_prefix("style").and_then(|rest| rest.strip_suffix(".css"));
    if !digest.is_some_and(|digest| digest.is_empty() || digest.starts_with('-')) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, kept)];
    (headers, STYLE).into_response()
}

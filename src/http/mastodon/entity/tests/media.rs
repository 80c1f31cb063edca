//! Pictures over HTTP: how they are brought, what is said of them, how they are served, what is refused.

use axum::body::Body;
use serde_json::{Value, json};

use super::{Is, Room, id, status, walk};
use crate::{
    base::limits,
    http::testing::{Answer, Instance},
};

const ATTACHMENT: &[(&str, Is)] = &[
    ("id", Is::Id),
    ("type", Is::Text),
    ("url", Is::Address),
    ("preview_url", Is::Address),
    ("remote_url", Is::TextOrNull),
    ("meta", Is::Object),
    ("description", Is::TextOrNull),
    ("blurhash", Is::TextOrNull),
];

fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([9, 99, 200]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A form with a file, and fields.
fn form(field: &str, kind: &str, bytes: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"a\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    form.extend_from_slice(head.as_bytes());
    form.extend_from_slice(bytes);
    form.extend_from_slice(b"\r\n--b--\r\n");
    form
}

impl Room {
    async fn sends(&self, token: &str, method: &str, path: &str, form: Vec<u8>) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "multipart/form-data; boundary=b"),
        ];
        self.instance.send(Instance::request(method, path, &headers, Body::from(form))).await
    }

    async fn brings(&self, bytes: &[u8], fields: &[(&str, &str)]) -> Answer {
        self.sends(&self.ana, "POST", "/api/v2/media", form("file", "image/png", bytes, fields))
            .await
    }

    async fn fetch(&self, url: &str) -> Answer {
        let path = url.strip_prefix("https://cs.example").unwrap();
        self.instance.send(Instance::request("GET", path, &[], Body::empty())).await
    }
}

#[tokio::test]
async fn a_picture_is_brought_described_shown_served_and_gone() {
    let room = Room::start().await;
    let said = [("description", "A bank"), ("focus", "0.5,-1.0")];
    let brought = room.brings(&png(900, 600), &said).await.expect(200);
    walk("attachment", &brought, ATTACHMENT);
    assert_eq!(brought["type"], "image");
    assert_eq!(brought["meta"]["focus"], json!({"x": 0.5, "y": -1.0}));
    assert_eq!(
        brought["meta"]["original"],
        json!({"width": 900, "height": 600, "size": "900x600", "aspect": 1.5})
    );
    assert_eq!(brought["meta"]["small"]["size"], "480x320");
    let path = format!("/api/v1/media/{}", id(&brought));
    assert_eq!(room.get(&room.ana, &path).await, brought);
    let put = json!({"description": "The left bank"});
    let changed = room.ask(Some(&room.ana), "PUT", &path, put).await.expect(200);
    assert_eq!(
        (&changed["description"], &changed["meta"]),
        (&json!("The left bank"), &brought["meta"])
    );
    room.ask(Some(&room.amina), "GET", &path, Value::Null).await.expect(404);
    room.ask(Some(&room.amina), "PUT", &path, json!({"description": "x"})).await.expect(404);
    room.ask(Some(&room.amina), "DELETE", &path, Value::Null).await.expect(404);

    let new =
        json!({"status": "See it.", "in_reply_to_id": room.opinion, "media_ids": [id(&brought)]});
    room.ask(Some(&room.amina), "POST", "/api/v1/statuses", new.clone()).await.expect(422);
    let posted = room.post(&room.ana, "/api/v1/statuses", new.clone()).await;
    status(&posted, true);
    let shown = &posted["media_attachments"][0];
    walk("attachment", shown, ATTACHMENT);
    assert_eq!((id(shown), &shown["description"]), (id(&brought), &json!("The left bank")));
    room.ask(Some(&room.ana), "POST", "/api/v1/statuses", new).await.expect(422);
    room.ask(Some(&room.ana), "DELETE", &path, Value::Null).await.expect(422);
    let mine = room.get(&room.ana, "/api/v1/accounts/verify_credentials").await;
    let only = format!("/api/v1/accounts/{}/statuses?only_media=true", id(&mine));
    assert_eq!(room.get(&room.ana, &only).await[0]["id"], posted["id"]);

    for url in ["url", "preview_url"].map(|name| shown[name].as_str().unwrap().to_owned()) {
        let file = room.fetch(&url).await;
        assert_eq!((file.status, file.content_type()), (200, "image/png"));
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(file.header("access-control-allow-origin"), "*");
        let digest = hex::encode(crate::base::crypto::sha256(&file.body));
        assert!(url.ends_with(&format!("/media/{digest}.png")), "{url}");
        assert_eq!(room.fetch(&url.replace(".png", ".jpg")).await.status, 404);
    }
    let of_post = format!("/api/v1/statuses/{}", id(&posted));
    let edit = json!({"status": "See it.", "media_ids": [id(&brought)],
        "media_attributes": [{"id": id(&brought), "description": "Both banks", "focus": "0,0"}]});
    let edited = room.ask(Some(&room.ana), "PUT", &of_post, edit).await.expect(200);
    assert_eq!(edited["media_attachments"][0]["description"], "Both banks");
    let history = room.get(&room.ana, &format!("{of_post}/history")).await;
    assert_eq!(history[0]["media_attachments"][0]["description"], "The left bank");
    let deleted = room.ask(Some(&room.ana), "DELETE", &of_post, Value::Null).await.expect(200);
    assert_eq!(deleted["media_attachments"], json!([]));
    assert_eq!(room.fetch(shown["url"].as_str().unwrap()).await.status, 404);

    let waits = room.brings(&png(3, 3), &[]).await.expect(200);
    assert_eq!(waits["description"], Value::Null);
    let path = format!("/api/v1/media/{}", id(&waits));
    assert_eq!(
        room.ask(Some(&room.ana), "DELETE", &path, Value::Null).await.expect(200),
        json!({})
    );
    room.ask(Some(&room.ana), "GET", &path, Value::Null).await.expect(404);
    assert_eq!(room.fetch(waits["url"].as_str().unwrap()).await.status, 404);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_the_shape_of_the_api_and_nothing_is_kept() {
    let room = Room::start().await;
    let whole = png(200, 200);
    let mut page = whole.clone();
    page.extend_from_slice(b"<html><script>alert(1)</script>");
    let mut long = whole.clone();
    long.resize(limits::PICTURE_BYTES_MAX + 1, 0);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec();
    for (path, kind, bytes, words) in [
        ("/api/v1/media", "image/svg+xml", svg.clone(), "JPEG, PNG, GIF or WebP"),
        ("/api/v2/media", "image/png", svg, "JPEG, PNG, GIF or WebP"),
        ("/api/v2/media", "image/jpeg", whole.clone(), "sent as something else"),
        ("/api/v2/media", "video/mp4", b"\0\0\0\x20ftypisom".to_vec(), "video and sound"),
        ("/api/v2/media", "image/png", whole[..whole.len() / 2].to_vec(), "broken"),
        ("/api/v2/media", "image/png", page, "web page"),
        ("/api/v2/media", "image/png", long, "bytes"),
        ("/api/v2/media", "image/png", Vec::new(), "empty"),
    ] {
        let refused = room.sends(&room.ana, "POST", path, form("file", kind, &bytes, &[])).await;
        let body = refused.expect(422);
        assert!(body["error"].as_str().unwrap().contains(words), "{body}");
        assert_eq!(body.as_object().unwrap().len(), 1);
    }
    let elsewhere = form("picture", "image/png", &whole, &[]);
    room.sends(&room.ana, "POST", "/api/v2/media", elsewhere).await.expect(422);
    for focus in ["2,0", "x", "0.5", "0,-1.1"] {
        room.brings(&whole, &[("focus", focus)]).await.expect(422);
    }
    let words = "x".repeat(limits::PICTURE_DESCRIPTION_CHARS_MAX + 1);
    room.brings(&whole, &[("description", &words)]).await.expect(422);
    let reads = room.instance.token("ana", "read").await;
    let good = || form("file", "image/png", &whole, &[]);
    room.sends(&reads, "POST", "/api/v2/media", good()).await.expect(403);
    room.sends("none", "POST", "/api/v2/media", good()).await.expect(401);
    // As many as may wait still may: none of those was kept.
    for _ in 1..limits::PICTURES_WAITING_MAX {
        room.brings(&whole, &[]).await.expect(200);
    }
    let configured = room.get(&room.ana, "/api/v2/instance").await["configuration"].take();
    assert_eq!(configured["statuses"]["max_media_attachments"], limits::PICTURES_PER_POST_MAX);
    assert_eq!(configured["media_attachments"]["image_size_limit"], limits::PICTURE_BYTES_MAX);
    assert_eq!(
        configured["media_attachments"]["supported_mime_types"],
        json!(["image/jpeg", "image/png", "image/gif", "image/webp"])
    );
    let mut most = whole.clone();
    most.resize(limits::PICTURE_BYTES_MAX, 0);
    room.brings(&most, &[]).await.expect(200);
    let one_more = room.brings(&whole, &[]).await.expect(422);
    assert!(one_more["error"].as_str().unwrap().contains("wait for a post"), "{one_more}");
}

#[tokio::test]
async fn somebody_has_a_face_here_on_the_wire_and_in_clients() {
    let room = Room::start().await;
    let path = "/api/v1/accounts/update_credentials";
    let face = form("avatar", "image/png", &png(800, 800), &[("display_name", "Ana of the banks")]);
    let changed = room.sends(&room.ana, "PATCH", path, face).await.expect(200);
    let avatar = changed["avatar"].as_str().unwrap().to_owned();
    assert!(avatar.starts_with("https://cs.example/media/"), "{changed}");
    assert_eq!(changed["display_name"], "Ana of the banks");
    assert_eq!(room.fetch(&avatar).await.status, 200);
    let wide = form("header", "image/png", &png(1_600, 400), &[]);
    let changed = room.sends(&room.ana, "PATCH", path, wide).await.expect(200);
    let header = changed["header"].as_str().unwrap().to_owned();
    assert_eq!(changed["avatar"], avatar.as_str());
    let actor = room.instance.get("/p/ana", crate::http::testing::AS2).await.expect(200);
    assert_eq!((&actor["icon"]["url"], &actor["image"]["url"]), (&json!(avatar), &json!(header)));
    assert_eq!(
        (&actor["icon"]["type"], &actor["icon"]["mediaType"]),
        (&json!("Image"), &json!("image/png"))
    );
    let digest = actor["icon"]["digestMultibase"].as_str().unwrap();
    assert!(crate::record::digest::is_of(&room.fetch(&avatar).await.body, digest));
    // A refused picture changes nothing of the rest.
    let bad = form("avatar", "image/png", b"<svg/>", &[("display_name", "Nobody")]);
    room.sends(&room.ana, "PATCH", path, bad).await.expect(422);
    let me = room.get(&room.ana, "/api/v1/accounts/verify_credentials").await;
    assert_eq!((&me["display_name"], &me["avatar"]), (&json!("Ana of the banks"), &json!(avatar)));
    // The one before goes.
    let other = form("avatar", "image/png", &png(40, 40), &[]);
    let changed = room.sends(&room.ana, "PATCH", path, other).await.expect(200);
    assert_ne!(changed["avatar"], avatar.as_str());
    assert_eq!(room.fetch(&avatar).await.status, 404);
    for (name, member) in [("avatar", "icon"), ("header", "image")] {
        let gone = changed[name].as_str().unwrap();
        let path = format!("/api/v1/profile/{name}");
        let now = room.ask(Some(&room.ana), "DELETE", &path, Value::Null).await.expect(200);
        assert_eq!(now[name], format!("https://cs.example/assets/{name}.png"));
        assert_eq!(room.fetch(gone).await.status, 404);
        let actor = room.instance.get("/p/ana", crate::http::testing::AS2).await.expect(200);
        assert_eq!(actor.get(member), None);
    }
}

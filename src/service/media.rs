//! Pictures that people bring: looked at and written anew before anything is kept, held ready for a post for a day,
//! shown by one post or as somebody's face, and gone with it. Pictures of others are addresses here and nothing more.

use std::{collections::BTreeMap, sync::Arc};

use tokio::sync::Semaphore;

use super::{Caller, FieldError, Service, ServiceError};
use crate::{
    base::{crypto::sha256, limits},
    domain::picture::{self, Kind, PictureError},
    protocol::{
        compose::picture::Picture,
        paths::Paths,
        quirks::attachments::{Attachment, AttachmentKind},
    },
    record::digest,
    store::{
        Tx,
        media::{self, Medium},
    },
};

const HOUR_MILLIS: i64 = 3_600_000;
/// Pictures that are forgotten in one step.
const FORGOTTEN_AT_ONCE: u64 = 100;

/// Where pictures are decoded: so many at once, each with memory of its own.
#[derive(Debug, Clone)]
pub(super) struct Darkroom(Arc<Semaphore>);

impl Default for Darkroom {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(limits::PICTURES_DECODED_AT_ONCE_MAX)))
    }
}

impl Darkroom {
    /// What is kept of a picture, no longer on a side than this. Takes its time: not on a thread that serves others.
    async fn develop(
        &self,
        bytes: impl AsRef<[u8]> + Send + 'static,
        said: String,
        side: u32,
    ) -> Result<Result<picture::Developed, PictureError>, ServiceError> {
        let internal = |error: anyhow::Error| ServiceError::Internal(error);
        let permit = Arc::clone(&self.0).acquire_owned().await;
        let permit = permit.map_err(|closed| internal(closed.into()))?;
        let work = tokio::task::spawn_blocking(move || {
            let developed = picture::develop(bytes.as_ref(), &said, side);
            drop(permit);
            developed
        });
        work.await.map_err(|broken| internal(broken.into()))
    }
}

/// A picture as it was sent.
#[derive(Debug, Clone)]
pub struct NewPicture<B> {
    /// Its bytes.
    pub bytes: B,
    /// What it is said to be.
    pub media_type: String,
    /// What is said of it.
    pub caption: Caption,
}

/// What is said of a picture; what is not given stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// What there is to be seen.
    pub description: Option<String>,
    /// The point that is never cut away, in ten-thousandths of half a side.
    pub focus: Option<(i64, i64)>,
}

impl Caption {
    fn check(&self) -> Result<(), ServiceError> {
        let max = limits::PICTURE_DESCRIPTION_CHARS_MAX;
        match &self.description {
            Some(words) if words.trim().chars().count() > max => {
                Err(ServiceError::invalid("description", format!("at most {max} characters")))
            }
            _ => Ok(()),
        }
    }

    fn put(&self, row: &mut Medium) {
        if let Some(words) = &self.description {
            words.trim().clone_into(&mut row.description);
        }
        if let Some((x, y)) = self.focus {
            (row.focus_x, row.focus_y) = (x, y);
        }
    }
}

/// The pictures of a post, as a client names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureChoice {
    /// By key, in order; none where it says nothing of them.
    pub keys: Option<Vec<i64>>,
    /// What is said of some of them from now on.
    pub captions: Vec<(i64, Caption)>,
}

impl PictureChoice {
    fn check(&self) -> Result<(), ServiceError> {
        let keys = self.keys.as_deref().unwrap_or_default();
        let max = limits::PICTURES_PER_POST_MAX;
        if keys.len() > max {
            let why = format!("a post shows at most {max} pictures");
            return Err(ServiceError::invalid("media_ids", why));
        }
        let twice = keys
            .iter()
            .enumerate()
            .any(|(at, key)| keys.iter().skip(at + 1).any(|other| other == key));
        if twice {
            return Err(ServiceError::invalid("media_ids", "one of them is named twice"));
        }
        self.captions.iter().try_for_each(|(_, caption)| caption.check())
    }
}

/// Something that a post shows, or that waits for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediumView {
    /// Key; of what is elsewhere made of its address.
    pub key: i64,
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it is.
    pub url: String,
    /// Where the small one is.
    pub preview_url: String,
    /// Whether it is kept here.
    pub is_held: bool,
    /// In pixels.
    pub size: Option<(i64, i64)>,
    /// Of the small one.
    pub preview_size: Option<(i64, i64)>,
    /// The point that is never cut away, in ten-thousandths of half a side.
    pub focus: Option<(i64, i64)>,
    /// What there is to be seen.
    pub description: Option<String>,
    /// Digest of the bytes, where its author says it.
    pub digest: Option<String>,
}

/// A picture of somebody, beside their name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The small one.
    Avatar,
    /// The wide one.
    Header,
}

impl Face {
    /// Both.
    pub const ALL: &[Self] = &[Self::Avatar, Self::Header];

    fn side(self) -> u32 {
        match self {
            Self::Avatar => limits::AVATAR_SIDE_PIXELS_MAX,
            Self::Header => limits::HEADER_SIDE_PIXELS_MAX,
        }
    }

    /// The name of its field in forms and in the API.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Avatar => "avatar",
            Self::Header => "header",
        }
    }

    /// What shows it.
    fn shown_by(self, actor: &str) -> String {
        match self {
            Self::Avatar => format!("{actor}#icon"),
            Self::Header => format!("{actor}#image"),
        }
    }
}

/// The name of the file of a picture.
fn file(digest: &str, kind: Kind) -> String {
    format!("{digest}.{}", kind.extension())
}

/// What the name of such a file says: its digest, and what it is.
fn read_file(name: &str) -> Option<(&str, Kind)> {
    let (digest, extension) = name.split_once('.')?;
    let kind = Kind::ALL.iter().copied().find(|kind| kind.extension() == extension)?;
    let is_digest =
        digest.len() == 64 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_digest.then_some((digest, kind))
}

/// A digest in hexadecimal as documents name it.
fn named(digest: &str) -> String {
    let bytes: Option<[u8; 32]> = hex::decode(digest).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.map(|bytes| digest::multibase(&bytes)).unwrap_or_default()
}

/// A picture of somebody here as their document names it: everything is in its address.
pub(super) fn face_document(paths: &Paths, url: Option<&str>) -> Option<Picture> {
    let url = url?;
    let (digest, kind) = read_file(paths.picture_file(url)?)?;
    Some(Picture {
        url: url.to_owned(),
        media_type: kind.media_type(),
        description: String::new(),
        size: None,
        focus: (0, 0),
        digest: named(digest),
    })
}

impl Service {
    /// Takes a picture, to wait for a post of the caller's.
    pub async fn bring_picture<B: AsRef<[u8]> + Send + 'static>(
        &self,
        caller: &Caller,
        new: NewPicture<B>,
    ) -> Result<MediumView, ServiceError> {
        Self::may_act(caller)?;
        new.caption.check()?;
        // Before the work, and once more where nobody comes between.
        self.may_bring(&self.store, caller).await?;
        let NewPicture { bytes, media_type, caption } = new;
        let side = limits::PICTURE_KEPT_SIDE_PIXELS_MAX;
        let developed = self.darkroom.develop(bytes, media_type, side).await?;
        let developed = developed.map_err(|why| ServiceError::invalid("file", why.to_string()))?;
        let tx = self.begin_as(caller).await?;
        self.may_bring(&tx, caller).await?;
        let row = self.keep(&tx, caller, developed, None, &caption).await?;
        tx.commit().await?;
        Ok(self.medium_view(&row))
    }

    /// Whether an account may bring one more.
    async fn may_bring(
        &self,
        db: &impl crate::store::Source,
        caller: &Caller,
    ) -> Result<(), ServiceError> {
        self.at_pace(db, caller).await?;
        let (count, bytes) = media::waiting(db, caller.account_id).await?;
        if count >= limits::PICTURES_WAITING_MAX || bytes >= limits::PICTURES_WAITING_BYTES_MAX {
            let why = format!(
                "{count} pictures wait for a post already; post some of them, or delete them"
            );
            return Err(ServiceError::invalid("file", why));
        }
        Ok(())
    }

    async fn at_pace(
        &self,
        db: &impl crate::store::Source,
        caller: &Caller,
    ) -> Result<(), ServiceError> {
        let since = self.now().as_millis() - HOUR_MILLIS;
        let brought = media::brought_since(db, caller.account_id, since).await?;
        if brought < limits::PICTURES_AN_HOUR_MAX {
            Ok(())
        } else {
            Err(ServiceError::TooMany { retry_after_seconds: HOUR_MILLIS / 1_000 })
        }
    }

    async fn keep(
        &self,
        tx: &Tx,
        caller: &Caller,
        developed: picture::Developed,
        shown_by: Option<String>,
        caption: &Caption,
    ) -> Result<Medium, ServiceError> {
        let picture::Developed { picture, preview } = developed;
        let bytes = picture.bytes.len() + preview.bytes.len();
        let (digest, preview_digest) =
            (hex::encode(sha256(&picture.bytes)), hex::encode(sha256(&preview.bytes)));
        let mut row = Medium {
            id: self.new_id(),
            account_id: caller.account_id,
            shown_by,
            media_type: picture.kind.media_type().to_owned(),
            width: picture.width.into(),
            height: picture.height.into(),
            preview_media_type: preview.kind.media_type().to_owned(),
            preview_width: preview.width.into(),
            preview_height: preview.height.into(),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            description: String::new(),
            focus_x: 0,
            focus_y: 0,
            created_at: self.now().as_millis(),
            digest: digest.clone(),
            preview_digest: preview_digest.clone(),
        };
        caption.put(&mut row);
        let media_type = row.media_type.clone();
        let large = media::Picture { digest, media_type, body: picture.bytes };
        let media_type = row.preview_media_type.clone();
        let small = media::Picture { digest: preview_digest, media_type, body: preview.bytes };
        // Always in one order: of two who keep the same ones, neither waits for the other.
        let mut both = [large, small];
        both.sort_by(|one, other| one.digest.cmp(&other.digest));
        for bytes in both {
            media::keep(tx, bytes).await?;
        }
        media::insert(tx, row.clone()).await?;
        Ok(row)
    }

    /// A picture that the caller brought.
    pub async fn own_picture(&self, caller: &Caller, key: i64) -> Result<MediumView, ServiceError> {
        let row = media::of_account(&self.store, caller.account_id, &[key]).await?.pop();
        Ok(self.medium_view(&row.ok_or(ServiceError::NotFound { what: "picture" })?))
    }

    /// Says something else of a picture that waits for a post.
    pub async fn caption_picture(
        &self,
        caller: &Caller,
        key: i64,
        caption: &Caption,
    ) -> Result<MediumView, ServiceError> {
        Self::may_act(caller)?;
        caption.check()?;
        let tx = self.begin_as(caller).await?;
        let mut row = waiting(&tx, caller, key).await?;
        caption.put(&mut row);
        media::change(&tx, row.clone()).await?;
        tx.commit().await?;
        Ok(self.medium_view(&row))
    }

    /// Forgets a picture that waits for a post.
    pub async fn drop_picture(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let row = waiting(&tx, caller, key).await?;
        media::forget(&tx, &[row]).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets pictures that have waited too long for a post; answers how many.
    pub async fn forget_waiting_pictures(&self) -> Result<usize, ServiceError> {
        let waited = limits::PICTURES_WAITING_HOURS_MAX * HOUR_MILLIS;
        let tx = self.store.begin().await?;
        let before = self.now().as_millis() - waited;
        let forgotten = media::forget_waiting(&tx, before, FORGOTTEN_AT_ONCE).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    /// The bytes of a picture by the name of its file, and what they are.
    pub async fn picture_file(&self, name: &str) -> Result<(&'static str, Vec<u8>), ServiceError> {
        let not_here = || ServiceError::NotFound { what: "picture" };
        let (digest, kind) = read_file(name).ok_or_else(not_here)?;
        let row = media::picture(&self.store, digest).await?.ok_or_else(not_here)?;
        if row.media_type == kind.media_type() {
            Ok((kind.media_type(), row.body))
        } else {
            Err(not_here())
        }
    }

    /// The pictures that a client chose for a post, each the caller's: those that wait for one, and those that this post
    /// shows already.
    pub(super) async fn chosen_pictures(
        &self,
        tx: &Tx,
        caller: &Caller,
        choice: &PictureChoice,
        post: Option<&str>,
    ) -> Result<Vec<Medium>, ServiceError> {
        choice.check()?;
        let keys = choice.keys.as_deref().unwrap_or_default();
        let mut rows = media::of_account(tx, caller.account_id, keys).await?;
        rows.sort_by_key(|row| keys.iter().position(|key| *key == row.id));
        if rows.len() < keys.len() {
            let why = "one of them is no picture of yours, or waited too long";
            return Err(ServiceError::invalid("media_ids", why));
        }
        if rows.iter().any(|row| row.shown_by.is_some() && row.shown_by.as_deref() != post) {
            let why = "one of them is shown by another post already";
            return Err(ServiceError::invalid("media_ids", why));
        }
        for row in &mut rows {
            let key = row.id;
            let said = choice.captions.iter().filter(|(of, _)| *of == key);
            said.for_each(|(_, caption)| caption.put(row));
        }
        Ok(rows)
    }

    /// Gives chosen pictures to a post, with what is said of them.
    pub(super) async fn show_pictures(
        &self,
        tx: &Tx,
        rows: Vec<Medium>,
        post: &str,
    ) -> Result<(), ServiceError> {
        for row in rows {
            media::change(tx, Medium { shown_by: Some(post.to_owned()), ..row }).await?;
        }
        Ok(())
    }

    /// A picture of ours as documents name it.
    pub(super) fn picture_document(&self, row: &Medium) -> Picture {
        let kind = Kind::of_media_type(&row.media_type).unwrap_or(Kind::Jpeg);
        Picture {
            url: self.paths.picture(&file(&row.digest, kind)),
            media_type: kind.media_type(),
            description: row.description.clone(),
            size: Some((row.width, row.height)),
            focus: (row.focus_x, row.focus_y),
            digest: named(&row.digest),
        }
    }

    pub(super) fn medium_view(&self, row: &Medium) -> MediumView {
        let document = self.picture_document(row);
        let kind = Kind::of_media_type(&row.preview_media_type).unwrap_or(Kind::Jpeg);
        MediumView {
            key: row.id,
            kind: AttachmentKind::Image,
            url: document.url,
            preview_url: self.paths.picture(&file(&row.preview_digest, kind)),
            is_held: true,
            size: document.size,
            preview_size: Some((row.preview_width, row.preview_height)),
            focus: Some(document.focus),
            description: Some(document.description).filter(|words| !words.is_empty()),
            digest: Some(document.digest),
        }
    }

    /// What posts show, each by its id with what is attached to it: of our own pictures with the small ones.
    pub(super) async fn shown_media(
        &self,
        posts: &[(&str, &[Attachment])],
    ) -> Result<BTreeMap<String, Vec<MediumView>>, ServiceError> {
        let ours = |attached: &[Attachment]| {
            attached.iter().any(|one| self.paths.picture_file(&one.url).is_some())
        };
        let local: Vec<String> = posts
            .iter()
            .filter(|(_, attached)| ours(attached))
            .map(|(uri, _)| (*uri).to_owned())
            .collect();
        let rows = if local.is_empty() {
            Vec::new()
        } else {
            media::shown_by(&self.store, &local).await?
        };
        Ok(posts
            .iter()
            .filter(|(_, attached)| !attached.is_empty())
            .map(|(uri, attached)| {
                let of_post = || rows.iter().filter(|row| row.shown_by.as_deref() == Some(*uri));
                let views = attached.iter().map(|one| {
                    let file = self.paths.picture_file(&one.url).and_then(read_file);
                    let held =
                        file.and_then(|(digest, _)| of_post().find(|row| row.digest == digest));
                    match held {
                        // As it was signed: what is said of it may be older than what is said now.
                        Some(row) => MediumView {
                            description: one.description.clone(),
                            focus: one.focus,
                            ..self.medium_view(row)
                        },
                        None => Self::elsewhere_view(uri, one),
                    }
                });
                ((*uri).to_owned(), views.collect())
            })
            .collect())
    }

    fn elsewhere_view(post: &str, one: &Attachment) -> MediumView {
        let digest = sha256(format!("{post} {}", one.url).as_bytes());
        let key = digest.iter().take(8).fold(0_i64, |key, byte| (key << 8) | i64::from(*byte));
        MediumView {
            key: key & i64::MAX,
            kind: one.kind,
            url: one.url.clone(),
            preview_url: one.url.clone(),
            is_held: false,
            size: one.size,
            preview_size: one.size,
            focus: one.focus,
            description: one.description.clone(),
            digest: one.digest.clone(),
        }
    }

    /// Develops a picture of somebody; nothing is kept yet.
    pub(super) async fn develop_face<B: AsRef<[u8]> + Send + 'static>(
        &self,
        caller: &Caller,
        face: Face,
        new: NewPicture<B>,
    ) -> Result<picture::Developed, ServiceError> {
        self.at_pace(&self.store, caller).await?;
        let developed = self.darkroom.develop(new.bytes, new.media_type, face.side()).await?;
        developed.map_err(|why| {
            ServiceError::Invalid(vec![FieldError::new(face.field(), why.to_string())])
        })
    }

    /// Puts a picture of somebody in place of the one before; answers its address.
    pub(super) async fn put_face(
        &self,
        tx: &Tx,
        caller: &Caller,
        face: Face,
        new: Option<picture::Developed>,
    ) -> Result<Option<String>, ServiceError> {
        let place = face.shown_by(&caller.actor.uri);
        media::let_go(tx, &place).await?;
        let Some(developed) = new else { return Ok(None) };
        let row = self.keep(tx, caller, developed, Some(place), &Caption::default()).await?;
        Ok(Some(self.picture_document(&row).url))
    }
}

/// A picture of the caller's that waits for a post.
async fn waiting(tx: &Tx, caller: &Caller, key: i64) -> Result<Medium, ServiceError> {
    let row = media::of_account(tx, caller.account_id, &[key]).await?.pop();
    let row = row.ok_or(ServiceError::NotFound { what: "picture" })?;
    if row.shown_by.is_some() {
        let why = "a post shows this picture: change the post".to_owned();
        return Err(ServiceError::Conflict { why });
    }
    Ok(row)
}

/// What is attached to a text, as its projection keeps it.
pub(super) fn attached(column: &str) -> Vec<Attachment> {
    serde_json::from_str(column).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_a_digest_and_nothing_else_is_one() {
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(read_file(&format!("{digest}.jpg")), Some((digest.as_str(), Kind::Jpeg)));
        assert_eq!(read_file(&format!("{digest}.png")), Some((digest.as_str(), Kind::Png)));
        for name in [
            digest.clone(),
            format!("{digest}.svg"),
            format!("{digest}.jpg.png"),
            format!("{}.jpg", digest.to_uppercase()),
            format!("{digest}0.jpg"),
            "../etc/passwd".into(),
            ".jpg".into(),
        ] {
            assert_eq!(read_file(&name), None, "{name}");
        }
        let paths = Paths::new("cs.example", false);
        let url = paths.picture(&file(&digest, Kind::Png));
        let printed = face_document(&paths, Some(&url)).unwrap();
        assert_eq!((printed.media_type, printed.url.as_str()), ("image/png", url.as_str()));
        assert!(printed.digest.starts_with("zQm"), "{}", printed.digest);
        assert_eq!(face_document(&paths, Some("https://elsewhere.example/media/a.png")), None);
        assert_eq!(face_document(&paths, None), None);
    }

    #[test]
    fn captions_and_choices_at_their_limits_and_one_over() {
        let max = limits::PICTURE_DESCRIPTION_CHARS_MAX;
        for (length, fits) in [(max, true), (max + 1, false)] {
            let caption = Caption { description: Some("é".repeat(length)), focus: None };
            assert_eq!(caption.check().is_ok(), fits);
            let choice = PictureChoice { keys: None, captions: vec![(1, caption)] };
            assert_eq!(choice.check().is_ok(), fits);
        }
        let keys = |count: usize| (0..).take(count).collect::<Vec<i64>>();
        let max = limits::PICTURES_PER_POST_MAX;
        for (keys, fits) in
            [(keys(max), true), (keys(max + 1), false), (vec![7, 7], false), (Vec::new(), true)]
        {
            let choice = PictureChoice { keys: Some(keys), captions: Vec::new() };
            assert_eq!(choice.check().is_ok(), fits, "{choice:?}");
        }
    }
}

//! Pictures that people send, made into ones that may be kept: decoded within bounds, turned the right way up, no larger
//! than needed, and written anew, so that nothing of what the file said beside its pixels (place, camera, comments,
//! colour profile, another document behind it) is in what others get.
//!
//! Costs time and memory: whoever calls it does so on a thread of its own, and few at once.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
    metadata::Orientation,
};

use crate::base::limits;

/// The media types that are taken.
pub const TAKEN: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Quality of the JPEG that is kept: what it loses is not seen.
const QUALITY: u8 = 88;

/// Why something is not taken as a picture: a sentence for who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There is nothing in it.
    #[error("is empty")]
    Empty,
    /// It has too many bytes.
    #[error("has more than {} bytes", limits::PICTURE_BYTES_MAX)]
    TooLarge,
    /// It moves or sounds.
    #[error("is no picture: video and sound are not kept here")]
    Moves,
    /// It is none of the formats that are read.
    #[error("is no picture that is read here: send JPEG, PNG, GIF or WebP")]
    Unknown,
    /// It is another format than was said.
    #[error("is {is}, although it was sent as something else")]
    OtherType {
        /// What it is.
        is: &'static str,
    },
    /// It is a page for browsers as well.
    #[error("holds a web page beside the picture")]
    Page,
    /// It has too many pixels.
    #[error(
        "has too many pixels: at most {} of them, and {} on a side",
        limits::PICTURE_PIXELS_MAX,
        limits::PICTURE_SIDE_PIXELS_MAX
    )]
    TooManyPixels,
    /// It cannot be read to its end.
    #[error("is broken: it cannot be read to its end")]
    Broken,
}

/// What a picture is kept as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Photographs.
    Jpeg,
    /// Drawings, and what is transparent.
    Png,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Jpeg, Self::Png];

    /// As in `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What its name ends in.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// The kind of a media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.media_type() == media_type)
    }
}

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: Kind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Its bytes: the picture and nothing else.
    pub bytes: Vec<u8>,
}

/// A picture with a small one of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Developed {
    /// The picture.
    pub picture: Picture,
    /// The small one.
    pub preview: Picture,
}

/// Makes what was sent, and was said to be of a media type, into a picture that may be kept, and a preview of it, neither
/// longer on a side than this.
pub fn develop(bytes: &[u8], said: &str, side: u32) -> Result<Developed, PictureError> {
    let format = recognised(bytes, said)?;
    let whole = decode(bytes, format)?;
    let kind = kind_for(&whole, format);
    let picture = written(&whole, kind, side)?;
    let preview = written(&whole, picture.kind, side.min(limits::PREVIEW_SIDE_PIXELS_MAX))?;
    Ok(Developed { picture, preview })
}

/// What it is by its first bytes, unless it is not to be read at all.
fn recognised(bytes: &[u8], said: &str) -> Result<ImageFormat, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if bytes.len() > limits::PICTURE_BYTES_MAX {
        return Err(PictureError::TooLarge);
    }
    let said = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if said.starts_with("video/") || said.starts_with("audio/") {
        return Err(PictureError::Moves);
    }
    let format = image::guess_format(bytes).map_err(|_none| PictureError::Unknown)?;
    let is = match format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::Png => "image/png",
        ImageFormat::Gif => "image/gif",
        ImageFormat::WebP => "image/webp",
        _ => return Err(PictureError::Unknown),
    };
    let said = match said.as_str() {
        "image/jpg" | "image/pjpeg" => "image/jpeg",
        "image/x-png" => "image/png",
        said => said,
    };
    // Programs that do not look into a file say nothing of it.
    if !matches!(said, "" | "application/octet-stream" | "image/*") && said != is {
        return Err(PictureError::OtherType { is });
    }
    if holds_page(bytes) {
        return Err(PictureError::Page);
    }
    if format == ImageFormat::Jpeg && !jpeg_ends(bytes) {
        return Err(PictureError::Broken);
    }
    Ok(format)
}

/// Whether a browser that guesses what a file is could take it for a page. Nothing of it would be kept; who sends such a
/// thing does not mean the picture.
fn holds_page(bytes: &[u8]) -> bool {
    let begins = |rest: &[u8], word: &[u8]| {
        let same = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let ends = rest.get(word.len()).is_none_or(|next| !next.is_ascii_alphanumeric());
        same && ends
    };
    let words: [&[u8]; 4] = [b"html", b"script", b"!doctype html", b"svg xmlns"];
    bytes
        .split(|byte| *byte == b'<')
        .skip(1)
        .any(|rest| words.iter().any(|word| begins(rest, word)))
}

/// Whether a JPEG has its end: the decoder paints grey what is missing. Within what is coded, the mark of the end stands
/// nowhere else; what comes before it (a preview of the camera's) may hold one of its own.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        match rest {
            [0xFF, 0xFF, ..] => rest = rest.get(1..).unwrap_or_default(),
            // The start of what is coded.
            [0xFF, 0xDA, ..] => return rest.windows(2).any(|pair| pair == [0xFF, 0xD9]),
            [0xFF, 0x01 | 0xD0..=0xD8, ..] => rest = rest.get(2..).unwrap_or_default(),
            [0xFF, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(2 + length..).unwrap_or_default();
            }
            _ => return false,
        }
    }
}

/// The pixels, the right way up.
fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, PictureError> {
    let mut bounds = Limits::default();
    bounds.max_image_width = Some(limits::PICTURE_SIDE_PIXELS_MAX);
    bounds.max_image_height = Some(limits::PICTURE_SIDE_PIXELS_MAX);
    bounds.max_alloc = Some(limits::PICTURE_DECODING_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(fault)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits::PICTURE_PIXELS_MAX
        || width.max(height) > limits::PICTURE_SIDE_PIXELS_MAX
        || decoder.total_bytes() > limits::PICTURE_DECODING_BYTES_MAX
    {
        return Err(PictureError::TooManyPixels);
    }
    if pixels == 0 {
        return Err(PictureError::Broken);
    }
    // A file that says nothing readable of it stands as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

#[expect(clippy::needless_pass_by_value, reason = "taken as the decoder gives it")]
fn fault(error: image::ImageError) -> PictureError {
    match error {
        image::ImageError::Limits(_) => PictureError::TooManyPixels,
        _ => PictureError::Broken,
    }
}

/// Photographs stay so; drawings stay exact; what can be seen through stays so.
fn kind_for(picture: &DynamicImage, format: ImageFormat) -> Kind {
    match format {
        ImageFormat::Jpeg => Kind::Jpeg,
        ImageFormat::WebP if !is_seen_through(picture) => Kind::Jpeg,
        _ => Kind::Png,
    }
}

fn is_seen_through(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX)
}

/// Written anew, no longer on a side than this and within the bytes that are kept.
fn written(whole: &DynamicImage, kind: Kind, side: u32) -> Result<Picture, PictureError> {
    let clear = kind == Kind::Png && is_seen_through(whole);
    let (mut kind, mut side) = (kind, side);
    loop {
        let fitted;
        let picture = if whole.width().max(whole.height()) > side {
            fitted = whole.resize(side, side, FilterType::Triangle);
            &fitted
        } else {
            whole
        };
        let (width, height) = (picture.width(), picture.height());
        let mut bytes = Vec::new();
        let done = match kind {
            Kind::Jpeg => JpegEncoder::new_with_quality(&mut bytes, QUALITY).write_image(
                picture.to_rgb8().as_raw(),
                width,
                height,
                ExtendedColorType::Rgb8,
            ),
            Kind::Png if clear => PngEncoder::new(&mut bytes).write_image(
                picture.to_rgba8().as_raw(),
                width,
                height,
                ExtendedColorType::Rgba8,
            ),
            Kind::Png => PngEncoder::new(&mut bytes).write_image(
                picture.to_rgb8().as_raw(),
                width,
                height,
                ExtendedColorType::Rgb8,
            ),
        };
        done.map_err(fault)?;
        if bytes.len() <= limits::PICTURE_KEPT_BYTES_MAX {
            return Ok(Picture { kind, width, height, bytes });
        }
        if kind == Kind::Png && !clear {
            kind = Kind::Jpeg;
        } else {
            side = side.min(width.max(height)) / 4 * 3;
        }
    }
}

#[cfg(test)]
mod tests;

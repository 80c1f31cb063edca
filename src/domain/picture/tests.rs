use image::{
    GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, webp::WebPEncoder},
};

use super::*;

const PLACE: &[u8] = b"GPSLatitude 0.3476 N";

/// Four quarters: red, green, blue, white.
fn quarters(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([255, 0, 0]),
        (false, true) => Rgb([0, 255, 0]),
        (true, false) => Rgb([0, 0, 255]),
        (false, false) => Rgb([255, 255, 255]),
    })
    .into()
}

/// What a camera writes beside the pixels: how it was held, and words.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(PLACE);
    exif
}

fn jpeg(picture: &DynamicImage, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).unwrap();
        encoder.set_icc_profile(b"a profile that says more".to_vec()).unwrap();
    }
    let rgb = picture.to_rgb8();
    encoder.write_image(&rgb, rgb.width(), rgb.height(), ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn png(picture: &DynamicImage, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).unwrap();
    }
    let color = picture.color().into();
    encoder.write_image(picture.as_bytes(), picture.width(), picture.height(), color).unwrap();
    bytes
}

fn gif(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    let frame = || image::Frame::new(picture.to_rgba8());
    encoder.encode_frames([frame(), frame()]).unwrap();
    drop(encoder);
    bytes
}

fn webp(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let rgba = picture.to_rgba8();
    WebPEncoder::new_lossless(&mut bytes)
        .write_image(&rgba, rgba.width(), rgba.height(), ExtendedColorType::Rgba8)
        .unwrap();
    bytes
}

fn made(bytes: &[u8]) -> Result<Developed, PictureError> {
    develop(bytes, "", limits::PICTURE_KEPT_SIDE_PIXELS_MAX)
}

fn pixels(picture: &Picture) -> DynamicImage {
    image::load_from_memory(&picture.bytes).unwrap()
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|part| part == words)
}

#[test]
fn nothing_that_a_file_says_beside_its_pixels_is_kept() {
    let picture = quarters(60, 40);
    let mut with_comment = jpeg(&picture, Some(exif(1)));
    // A comment, as programs write one behind the first mark.
    let comment = [&[0xFF, 0xFE, 0, 12], b"Ana Sauv\xe9e".as_slice()].concat();
    with_comment.splice(2..2, comment);
    for sent in [with_comment, png(&picture, Some(exif(1)))] {
        assert!(holds(&sent, PLACE), "the trap is set");
        let Developed { picture, preview } = made(&sent).unwrap();
        for kept in [&picture, &preview] {
            for trace in [PLACE, b"Exif", b"eXIf", b"ICC_PROFILE", b"iCCP", b"Ana", b"profile"] {
                assert!(!holds(&kept.bytes, trace), "{:?}", String::from_utf8_lossy(trace));
            }
            assert_eq!((kept.width, kept.height), (60, 40));
        }
    }
    // Another document behind the picture is no part of it.
    let mut tail = png(&picture, None);
    tail.extend_from_slice(b"PK\x03\x04 an archive");
    assert!(!holds(&made(&tail).unwrap().picture.bytes, b"archive"));
}

#[test]
fn a_picture_stands_as_it_was_held() {
    let picture = quarters(64, 32);
    // Which quarter comes to the upper left: red, then green, white, blue as it is turned.
    for (orientation, first, size) in [
        (1, [255, 0, 0], (64, 32)),
        (3, [255, 255, 255], (64, 32)),
        (6, [0, 0, 255], (32, 64)),
        (8, [0, 255, 0], (32, 64)),
    ] {
        for sent in
            [jpeg(&picture, Some(exif(orientation))), png(&picture, Some(exif(orientation)))]
        {
            let kept = made(&sent).unwrap().picture;
            assert_eq!((kept.width, kept.height), size, "{orientation}");
            let upper_left = pixels(&kept).to_rgb8().get_pixel(4, 4).0;
            let near = upper_left.iter().zip(first).all(|(is, was)| is.abs_diff(was) < 30);
            assert!(near, "{orientation}: {upper_left:?}");
        }
    }
}

#[test]
fn each_format_becomes_what_keeps_it_best() {
    let opaque = quarters(40, 40);
    let clear: DynamicImage = RgbaImage::from_pixel(40, 40, Rgba([9, 9, 9, 100])).into();
    for (sent, kind) in [
        (jpeg(&opaque, None), Kind::Jpeg),
        (png(&opaque, None), Kind::Png),
        (png(&clear, None), Kind::Png),
        (gif(&opaque), Kind::Png),
        (webp(&opaque), Kind::Jpeg),
        (webp(&clear), Kind::Png),
    ] {
        let kept = made(&sent).unwrap();
        assert_eq!(kept.picture.kind, kind);
        assert_eq!(
            image::guess_format(&kept.picture.bytes).unwrap().to_mime_type(),
            kind.media_type()
        );
    }
    assert_eq!(pixels(&made(&webp(&clear)).unwrap().picture).to_rgba8().get_pixel(3, 3).0[3], 100);
    // Of a GIF that moves the first picture is kept, and is still.
    assert!(!holds(&made(&gif(&opaque)).unwrap().picture.bytes, b"acTL"));
    // Said in another word, or not at all.
    for said in
        ["image/jpg", "image/jpeg; charset=binary", "application/octet-stream", "IMAGE/JPEG"]
    {
        assert!(develop(&jpeg(&opaque, None), said, 100).is_ok(), "{said}");
    }
}

#[test]
fn what_is_too_long_is_made_to_fit_and_the_preview_is_small() {
    let max = limits::PICTURE_KEPT_SIDE_PIXELS_MAX;
    let flat = |width, height| png(&GrayImage::from_pixel(width, height, Luma([7])).into(), None);
    for (width, height, kept) in
        [(max, 10, (max, 10)), (max + 1, 10, (max, 10)), (10, 2 * max, (5, max)), (1, 1, (1, 1))]
    {
        let made = made(&flat(width, height)).unwrap();
        assert_eq!((made.picture.width, made.picture.height), kept, "{width} × {height}");
        let side = made.preview.width.max(made.preview.height);
        assert!(side <= limits::PREVIEW_SIDE_PIXELS_MAX, "{side}");
    }
}

#[test]
fn what_would_be_too_large_to_keep_is_made_smaller() {
    // Noise, of which no encoder makes less.
    let mut seed: u32 = 7;
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    let opaque: DynamicImage =
        RgbImage::from_fn(1_500, 1_500, |_, _| Rgb([next(), next(), next()])).into();
    let kept = made(&png(&opaque, None)).unwrap().picture;
    assert_eq!((kept.kind, kept.width), (Kind::Jpeg, 1_500));
    assert!(kept.bytes.len() <= limits::PICTURE_KEPT_BYTES_MAX);
    let clear: DynamicImage =
        RgbaImage::from_fn(1_200, 1_200, |_, _| Rgba([next(), next(), next(), next()])).into();
    let kept = made(&png(&clear, None)).unwrap().picture;
    assert_eq!((kept.kind, kept.width), (Kind::Png, 900));
    assert!(kept.bytes.len() <= limits::PICTURE_KEPT_BYTES_MAX);
}

/// The head of a PNG of this size, with nothing in it.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let small = png(&GrayImage::new(1, 1).into(), None);
    let mut head = Vec::from(b"IHDR");
    head.extend_from_slice(&width.to_be_bytes());
    head.extend_from_slice(&height.to_be_bytes());
    head.extend_from_slice(&[8, 0, 0, 0, 0]);
    let sum = crc(&head);
    let mut bytes = small.get(..12).unwrap().to_vec();
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(&sum.to_be_bytes());
    bytes.extend_from_slice(small.get(33..).unwrap());
    bytes
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
        })
    })
}

#[test]
fn bombs_are_refused_by_their_size_before_a_pixel_is_read() {
    let side = limits::PICTURE_SIDE_PIXELS_MAX;
    for (width, height) in [(60_000, 60_000), (side + 1, 1), (1, side + 1), (4_096, 4_097)] {
        let refused = made(&bomb(width, height));
        assert_eq!(refused, Err(PictureError::TooManyPixels), "{width} × {height}");
    }
    // At the edge the size is no fault; that its pixels are missing is.
    for (width, height) in [(4_096, 4_096), (side, 1_024)] {
        assert_eq!(made(&bomb(width, height)), Err(PictureError::Broken), "{width} × {height}");
    }
    let flat = png(&GrayImage::from_pixel(side, 1, Luma([7])).into(), None);
    assert_eq!(made(&flat).unwrap().picture.width, limits::PICTURE_KEPT_SIDE_PIXELS_MAX);
}

#[test]
fn the_bytes_at_their_limit_and_one_over() {
    let mut bytes = png(&quarters(8, 8), None);
    bytes.resize(limits::PICTURE_BYTES_MAX, 0);
    assert!(made(&bytes).is_ok());
    bytes.push(0);
    assert_eq!(made(&bytes), Err(PictureError::TooLarge));
    assert_eq!(made(&[]), Err(PictureError::Empty));
}

#[test]
fn what_is_no_whole_picture_is_refused_in_words() {
    let picture = quarters(300, 200);
    for whole in [jpeg(&picture, None), png(&picture, None), gif(&picture), webp(&picture)] {
        assert!(made(&whole).is_ok());
        for part in [whole.len() / 2, whole.len() / 4, 30] {
            let refused = made(whole.get(..part).unwrap());
            assert_eq!(refused, Err(PictureError::Broken), "{part} of {}", whole.len());
        }
    }
    // The camera's own preview has an end of its own.
    let inner = jpeg(&quarters(8, 8), None);
    let cut = jpeg(&picture, Some(inner)).len() - 40;
    let cut = jpeg(&picture, Some(jpeg(&quarters(8, 8), None))).get(..cut).unwrap().to_vec();
    assert_eq!(made(&cut), Err(PictureError::Broken));
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (sent, said, why) in [
        (svg.as_slice(), "image/svg+xml", PictureError::Unknown),
        (svg.as_slice(), "image/png", PictureError::Unknown),
        (b"<!doctype html><p>x", "image/jpeg", PictureError::Unknown),
        (b"%PDF-1.7", "application/pdf", PictureError::Unknown),
        (b"BM\x01\x02", "image/bmp", PictureError::Unknown),
        (b"\0\0\0\x20ftypisom", "video/mp4", PictureError::Moves),
        (b"OggS", "audio/ogg", PictureError::Moves),
    ] {
        assert_eq!(develop(sent, said, 100), Err(why), "{said}");
    }
    let whole = png(&picture, None);
    let refused = develop(&whole, "image/jpeg", 100);
    assert_eq!(refused, Err(PictureError::OtherType { is: "image/png" }));
    for page in ["<html>", "<SCRIPT>alert(1)", "<!doctype HTML>", "<script src=//x>"] {
        let mut both = whole.clone();
        both.extend_from_slice(page.as_bytes());
        assert_eq!(made(&both), Err(PictureError::Page), "{page}");
    }
    let mut words = whole.clone();
    words.extend_from_slice(b"<x:xmpmeta><rdf:Description/><htmlish>");
    assert!(made(&words).is_ok());
}

//! Pictures to send: of one colour, so that two are the same picture or are not.

/// A PNG of one colour.
pub fn png(colour: [u8; 3], width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb(colour));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture is written");
    bytes.into_inner()
}

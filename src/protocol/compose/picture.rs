//! Printing pictures: what a post shows, and what somebody has for a face (FEP-1311).

use serde_json::{Map, Value, json};

use crate::protocol::quirks::attachments::number_from;

/// A picture of this instance, ready to print as an `Image`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub media_type: &'static str,
    /// What there is to be seen; empty where nobody said.
    pub description: String,
    /// Width and height in pixels, where it is a post's.
    pub size: Option<(i64, i64)>,
    /// The point that is never cut away, in ten-thousandths of half a side; the middle is not said.
    pub focus: (i64, i64),
    /// Digest of its bytes: multihash in multibase.
    pub digest: String,
}

impl Picture {
    /// The `Image`.
    pub fn print(&self) -> Value {
        let mut document = Map::new();
        document.insert("type".into(), "Image".into());
        document.insert("mediaType".into(), self.media_type.into());
        document.insert("url".into(), self.url.clone().into());
        if !self.description.is_empty() {
            document.insert("name".into(), self.description.clone().into());
        }
        if let Some((width, height)) = self.size {
            document.insert("width".into(), width.into());
            document.insert("height".into(), height.into());
        }
        if self.focus != (0, 0) {
            let (x, y) = self.focus;
            document.insert("focalPoint".into(), json!([number_from(x), number_from(y)]));
        }
        document.insert("digestMultibase".into(), self.digest.clone().into());
        Value::Object(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::quirks::attachments::attachments;

    #[test]
    fn what_is_printed_is_read_as_it_was() {
        let picture = Picture {
            url: "https://cs.example/media/ab.png".to_owned(),
            media_type: "image/png",
            description: "A bank".to_owned(),
            size: Some((3, 2)),
            focus: (5_000, -10_000),
            digest: "zQm".to_owned(),
        };
        let printed = picture.print();
        assert_eq!(printed["focalPoint"], json!([0.5, -1.0]));
        let read = attachments(&json!({"attachment": [printed]})).pop().unwrap();
        assert_eq!(
            (read.url, read.size, read.focus),
            (picture.url.clone(), picture.size, Some(picture.focus))
        );
        assert_eq!(
            (read.description.unwrap(), read.digest.unwrap()),
            (picture.description.clone(), picture.digest.clone())
        );
        let plain = Picture { description: String::new(), focus: (0, 0), size: None, ..picture };
        let members: Vec<String> = plain.print().as_object().unwrap().keys().cloned().collect();
        assert_eq!(members.len(), 4, "{members:?}");
    }
}

//! What is attached to a comment, as its page shows it: pictures of this instance as such, everything else as a link that
//! says what is there and at whose server. Nothing of another server is loaded by reading a page here.

use crate::protocol::quirks::attachments::AttachmentKind;

/// Something attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedView {
    /// Where it is.
    pub href: String,
    /// The picture to show, where it is here: address, width, height.
    pub shown: Option<(String, i64, i64)>,
    /// What there is to be seen or heard, where its author says it.
    pub description: Option<String>,
    /// What it is.
    pub kind: AttachmentKind,
    /// Its host.
    pub host: String,
}

impl AttachedView {
    /// The message that says what it is.
    pub fn key(&self) -> &'static str {
        key(self.kind)
    }
}

const fn key(kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Image => "attached-image",
        AttachmentKind::Video => "attached-video",
        AttachmentKind::Audio => "attached-audio",
        AttachmentKind::Unknown => "attached-file",
    }
}

/// Message keys that this module chooses.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    use AttachmentKind::{Audio, Image, Unknown, Video};
    [Image, Video, Audio, Unknown].into_iter().map(|kind| key(kind).to_owned()).collect()
}

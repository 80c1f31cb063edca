//! Writing in a draft. Each part is saved with the version it was written from: two people in two paragraphs never
//! meet, two in one are shown both texts and the one they began from. Nothing that was written is lost: every version
//! stays, of what was taken out too.

use super::{Authorship, Desk, DraftBlock, DraftPart, Held, NO_DRAFT, Seat, field, wrong};
use crate::{
    base::{clock::Timestamp, limits},
    domain::{markup, pieces},
    service::{
        Caller, FieldError, Service, ServiceError,
        topics::{language, length},
    },
    store::{
        Tx,
        drafts::{self, Block},
    },
};

/// Other words for a part.
#[derive(Debug, Clone)]
pub struct NewWords {
    /// Markdown; plain text for all that is no paragraph. Several paragraphs become as many.
    pub source: String,
    /// The version they were written from.
    pub version: i64,
}

/// Two people wrote the same part from the same version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The part.
    pub block: i64,
    /// What both began from; none where nobody ever wrote that version.
    pub base: Option<String>,
    /// What stands now.
    pub theirs: String,
    /// Whether what stands now is that it was taken out.
    pub removed: bool,
    /// Its version: with it the next try is not refused.
    pub version: i64,
    /// Who wrote it.
    pub editor: String,
    /// What was sent.
    pub mine: String,
}

/// Where paragraphs went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Keys of what was written, in order.
    pub blocks: Vec<i64>,
    /// The draft's arrangement now.
    pub arrangement: i64,
}

/// What is wrong with a part of the head. All but the language may be empty while it is a draft.
pub(super) fn check_head(wrong: &mut Vec<FieldError>, part: DraftPart, text: &str) {
    let chars_max = match part {
        DraftPart::Title => limits::NAME_CHARS_MAX,
        DraftPart::Abstract => limits::ABSTRACT_CHARS_MAX,
        DraftPart::Note => limits::CHANGE_NOTE_CHARS_MAX,
        DraftPart::Language => return language(wrong, text),
        DraftPart::Text => return,
    };
    if !text.is_empty() {
        length(wrong, field(part), text, chars_max);
    }
}

/// What is wrong with paragraphs that are to be put into a draft.
pub(super) fn check_text(faults: &mut Vec<FieldError>, field: &'static str, pieces: &[String]) {
    for piece in pieces {
        if let Err(error) = markup::render_opinion(piece) {
            faults.push(wrong(field, error.to_string()));
        } else if !pieces::ends_by_itself(piece) {
            let start: String = piece.chars().take(30).collect();
            faults.push(wrong(
                field,
                format!(
                    "the paragraph that begins with “{start}” leaves a code fence or a comment open, and would swallow what follows it"
                ),
            ));
        }
    }
}

impl Service {
    /// Saves a part. Another part never stands in the way; the same one, saved meanwhile, answers
    /// [`ServiceError::Clash`] with both texts.
    pub async fn save_draft_block(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        block: i64,
        new: NewWords,
    ) -> Result<Placed, ServiceError> {
        let (tx, mut held) = self.write_draft(caller, desk.into()).await?;
        let row = held.blocks.iter().find(|row| row.id == block).ok_or(NO_DRAFT)?.clone();
        let part = DraftPart::of(&row);
        let mut faults = Vec::new();
        let mut pieces = if part == DraftPart::Text {
            pieces::split(&new.source)
        } else if part == DraftPart::Note {
            vec![markup::clean(&new.source).trim().to_owned()]
        } else {
            vec![markup::clean_line(&new.source)]
        };
        if pieces.is_empty() {
            faults
                .push(wrong("source", "must not be empty; to take the paragraph out, take it out"));
        }
        if part == DraftPart::Text {
            check_text(&mut faults, "source", &pieces);
        } else if let Some(text) = pieces.first() {
            check_head(&mut faults, part, text);
            fixed_language(&mut faults, &held, part, text);
        }
        if !faults.is_empty() {
            return Err(ServiceError::Invalid(faults));
        }
        let whole = pieces::join(pieces.iter().map(String::as_str));
        if !row.removed && row.source == whole {
            return Ok(Placed { blocks: vec![block], arrangement: held.draft.arrangement });
        }
        if row.version != new.version {
            return Err(self.clash(&tx, &row, new.version, whole).await?);
        }
        let rest = pieces.split_off(1);
        let stood = if row.removed { 0 } else { row.source.len() };
        let more = whole.len().saturating_sub(stood);
        room_for(&held, rest.len() + usize::from(row.removed), more)?;
        let first = pieces.pop().unwrap_or_default();
        let (place, mut written) = (row.place, vec![block]);
        self.next_version(&tx, held.seat, row, first, false).await?;
        written.extend(self.put(&tx, &mut held, place, rest).await?);
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        Ok(Placed { blocks: written, arrangement: held.draft.arrangement })
    }

    /// Puts new paragraphs after another, or first; pasted text becomes as many paragraphs as it has.
    pub async fn insert_draft_blocks(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        after: Option<i64>,
        source: &str,
    ) -> Result<Placed, ServiceError> {
        let (tx, mut held) = self.write_draft(caller, desk.into()).await?;
        let pieces = pieces::split(source);
        let mut faults = Vec::new();
        if pieces.is_empty() {
            faults.push(wrong("source", "must not be empty"));
        }
        check_text(&mut faults, "source", &pieces);
        let place = place_after(&held, after);
        if place.is_none() {
            faults.push(wrong("after", "this draft has no such paragraph"));
        }
        let Some(place) = place.filter(|_| faults.is_empty()) else {
            return Err(ServiceError::Invalid(faults));
        };
        room_for(&held, pieces.len(), source.len())?;
        let written = self.put(&tx, &mut held, place, pieces).await?;
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        Ok(Placed { blocks: written, arrangement: held.draft.arrangement })
    }

    /// Moves a paragraph behind another, or to the beginning. `arrangement` is that of the draft as it was seen: the
    /// order is one thing, and whoever changes it must have seen it.
    pub async fn move_draft_block(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        block: i64,
        (after, arrangement): (Option<i64>, i64),
    ) -> Result<Placed, ServiceError> {
        let (tx, mut held) = self.write_draft(caller, desk.into()).await?;
        paragraph(&held, block)?;
        if held.draft.arrangement != arrangement {
            return Err(ServiceError::Conflict {
                why: "the order of the paragraphs changed meanwhile: look at it again, then move"
                    .to_owned(),
            });
        }
        if after == Some(block) {
            return Err(ServiceError::invalid("after", "a paragraph does not follow itself"));
        }
        let place = place_after(&held, after)
            .ok_or_else(|| ServiceError::invalid("after", "this draft has no such paragraph"))?;
        drafts::make_room(&tx, held.draft.id, place, 1).await?;
        drafts::set_place(&tx, block, place + 1).await?;
        held.draft.arrangement += 1;
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        Ok(Placed { blocks: vec![block], arrangement: held.draft.arrangement })
    }

    /// Takes a paragraph out. Its words stay with the draft, and can be put back.
    pub async fn remove_draft_block(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        (block, version): (i64, i64),
    ) -> Result<Placed, ServiceError> {
        let (tx, mut held) = self.write_draft(caller, desk.into()).await?;
        let row = paragraph(&held, block)?;
        if row.version != version {
            return Err(self.clash(&tx, &row, version, String::new()).await?);
        }
        let source = row.source.clone();
        self.next_version(&tx, held.seat, row, source, true).await?;
        held.draft.arrangement += 1;
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        Ok(Placed { blocks: vec![block], arrangement: held.draft.arrangement })
    }

    /// Puts back a paragraph that was taken out, where it stood.
    pub async fn restore_draft_block(
        &self,
        caller: &Caller,
        desk: impl Into<Desk>,
        block: i64,
    ) -> Result<Placed, ServiceError> {
        let (tx, mut held) = self.write_draft(caller, desk.into()).await?;
        let row = held.blocks.iter().find(|row| row.id == block && row.removed).cloned();
        let row = row.ok_or(NO_DRAFT)?;
        room_for(&held, 1, row.source.len())?;
        let source = row.source.clone();
        self.next_version(&tx, held.seat, row, source, false).await?;
        held.draft.arrangement += 1;
        self.touch(&tx, &mut held).await?;
        tx.commit().await?;
        Ok(Placed { blocks: vec![block], arrangement: held.draft.arrangement })
    }

    /// Every version of a part, first to last.
    pub async fn draft_versions(
        &self,
        caller: Option<&Caller>,
        id: i64,
        block: i64,
    ) -> Result<Vec<DraftBlock>, ServiceError> {
        let view = self.draft(caller, id).await?;
        let part = view.block(block).ok_or(NO_DRAFT)?.part;
        let versions = drafts::versions(&self.store, block).await?;
        let named = versions.iter().flat_map(|row| [Some(row.editor_id), row.on_behalf_of]);
        let people = self.people_of(&self.store, named.flatten().collect()).await?;
        Ok(versions
            .into_iter()
            .filter_map(|row| {
                Some(DraftBlock {
                    id: block,
                    part,
                    source: row.source,
                    version: row.version,
                    editor: people.get(&row.editor_id)?.clone(),
                    on_behalf_of: row.on_behalf_of.and_then(|id| people.get(&id).cloned()),
                    edited: Timestamp::from_millis(row.edited_at),
                    removed: row.removed,
                })
            })
            .collect())
    }

    async fn clash(
        &self,
        tx: &Tx,
        row: &Block,
        version: i64,
        mine: String,
    ) -> Result<ServiceError, ServiceError> {
        let base = drafts::version(tx, row.id, version).await?.map(|base| base.source);
        let people = self.people_of(tx, vec![row.editor_id]).await?;
        Ok(ServiceError::Clash(Box::new(Clash {
            block: row.id,
            base,
            theirs: row.source.clone(),
            removed: row.removed,
            version: row.version,
            editor: people.get(&row.editor_id).map(|who| who.name.clone()).unwrap_or_default(),
            mine,
        })))
    }

    pub(super) async fn next_version(
        &self,
        tx: &Tx,
        seat: Seat,
        mut row: Block,
        source: String,
        removed: bool,
    ) -> Result<(), ServiceError> {
        row.source = source;
        row.removed = removed;
        row.version += 1;
        row.editor_id = seat.sitter;
        row.on_behalf_of = seat.body();
        row.edited_at = self.now().as_millis();
        Ok(drafts::save_block(tx, row).await?)
    }

    async fn put(
        &self,
        tx: &Tx,
        held: &mut Held,
        place: i64,
        pieces: Vec<String>,
    ) -> Result<Vec<i64>, ServiceError> {
        if pieces.is_empty() {
            return Ok(Vec::new());
        }
        let by = i64::try_from(pieces.len()).unwrap_or_default();
        drafts::make_room(tx, held.draft.id, place, by).await?;
        let mut written = Vec::new();
        for (place, piece) in (place + 1..).zip(pieces) {
            let row = self.new_block(held.draft.id, held.seat, (DraftPart::Text, place), piece);
            written.push(row.id);
            drafts::insert_block(tx, row).await?;
        }
        held.draft.arrangement += 1;
        Ok(written)
    }

    pub(super) async fn touch(&self, tx: &Tx, held: &mut Held) -> Result<(), ServiceError> {
        held.draft.updated_at = self.now().as_millis();
        Ok(drafts::save(tx, held.draft.clone()).await?)
    }
}

/// A paragraph that stands in the text.
fn paragraph(held: &Held, block: i64) -> Result<Block, ServiceError> {
    held.text().find(|row| row.id == block).cloned().ok_or(NO_DRAFT)
}

/// The place behind a paragraph, or before the first; none where there is no such.
fn place_after(held: &Held, after: Option<i64>) -> Option<i64> {
    match after {
        Some(block) => held.text().find(|row| row.id == block).map(|row| row.place),
        None => Some(held.text().map(|row| row.place).min().unwrap_or(i64::from(u8::MAX)) - 1),
    }
}

/// What is wrong with the size of a whole text.
pub(super) fn check_size(faults: &mut Vec<FieldError>, blocks: usize, bytes: usize) {
    let (blocks_max, bytes_max) = (limits::DRAFT_BLOCKS_MAX, limits::OPINION_SOURCE_BYTES_MAX);
    if blocks > blocks_max {
        faults.push(wrong("source", format!("a text has at most {blocks_max} paragraphs")));
    } else if bytes > bytes_max {
        let message =
            format!("the text would have {bytes} bytes, more than the {bytes_max} allowed");
        faults.push(wrong("source", message));
    }
}

/// Refuses what would make the text longer than one that can be published.
fn room_for(held: &Held, more_blocks: usize, more_bytes: usize) -> Result<(), ServiceError> {
    let blocks = held.text().count() + more_blocks;
    let bytes = held.source().len() + more_bytes;
    let mut faults = Vec::new();
    // A text that only gets shorter is never in the way.
    check_size(&mut faults, blocks, if more_bytes > 0 { bytes } else { 0 });
    if faults.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(faults)) }
}

/// The language of a published opinion stays: what was said on it was said on a text in that language.
fn fixed_language(faults: &mut Vec<FieldError>, held: &Held, part: DraftPart, text: &str) {
    let published = held.draft.opinion_uri.is_some();
    if published && part == DraftPart::Language && held.head(part) != text {
        faults.push(wrong("language", "the language of a published opinion stays as it is"));
    }
}

impl Authorship {
    /// True for who writes it.
    pub const fn writes(self) -> bool {
        matches!(self, Self::Joined)
    }
}

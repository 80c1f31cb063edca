//! Commenting on opinions, and answering comments.

use serde_json::json;

use super::{
    Caller, FieldError, Service, ServiceError,
    acts::{Acted, sign_activity},
    delegations::FieldErrorOr,
    error::markup as markup_error,
    media::{PictureChoice, attached},
    topics::language,
};
use crate::{
    base::limits,
    domain::{
        anchor, audience::Audience, comment::CommentKind, delegation::Scope, markup,
        parsed::parsed, position::Capacity,
    },
    protocol::{
        compose::{self, Addressing, Anchor, Envelope, Note, escape, picture::Picture},
        context::PUBLIC,
        quirks::{id_of, ids_of},
    },
    record::{fold, fold::Held, item::Cell, passage::passages},
    store::{
        Tx,
        actors::{self, Actor},
        dispositions, entries, keys,
        media::{self, Medium},
        projections::{self, Comment, Opinion, Revision},
        rooms,
    },
};

/// A new comment.
#[derive(Debug, Clone)]
pub struct NewComment {
    /// Markdown.
    pub content: String,
    /// Kind, as its author sets it.
    pub kind: CommentKind,
    /// Passages it is about.
    pub anchors: Vec<NewAnchor>,
    /// The comment it answers; none for the opinion itself.
    pub in_reply_to: Option<String>,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// In which capacity; an organisation's account speaks for the organisation.
    pub capacity: Option<Capacity>,
    /// For whom, by actor id.
    pub on_behalf_of: Option<String>,
}

/// A passage.
#[derive(Debug, Clone, Default)]
pub struct NewAnchor {
    /// Block id, such as `b-7gk2m1qd`.
    pub block: Option<String>,
    /// Or its number: 4 for §4.
    pub paragraph: Option<usize>,
    /// Quoted words.
    pub exact: Option<String>,
    /// Whether something is missing there.
    pub missing_here: bool,
}

/// A comment written anew. What it answers and is about stays.
#[derive(Debug, Clone, Default)]
pub struct CommentEdit {
    /// Markdown of the whole.
    pub content: String,
    /// Its kind, where that changes.
    pub kind: Option<CommentKind>,
    /// BCP 47, where that changes.
    pub language: Option<String>,
    /// Its pictures, where they change.
    pub pictures: PictureChoice,
}

/// What a reply says, wherever in the thread it goes.
pub(super) struct Words<'a> {
    pub(super) content: &'a str,
    pub(super) source: Option<&'a str>,
    pub(super) language: &'a str,
    pub(super) anchors: &'a [Anchor],
    pub(super) comment_kind: Option<CommentKind>,
    pub(super) capacity: &'a str,
    pub(super) mandate: Option<compose::Mandate<'a>>,
    pub(super) stakeholder_group: Option<&'a str>,
    pub(super) position: Option<&'a compose::Position<'a>>,
    pub(super) disposition: Option<&'a compose::Disposition<'a>>,
    /// The guest whose words they are, where this instance signs them.
    pub(super) signed_in_as: Option<&'a str>,
    /// The pictures it shows.
    pub(super) pictures: &'a [Picture],
}

/// A comment that was checked.
pub(super) struct Draft {
    /// HTML, with the words that are quoted.
    pub(super) content: String,
    source: String,
    language: String,
    anchors: Vec<Anchor>,
    /// What it answers, and whose that is.
    pub(super) parent: (String, String),
}

impl Draft {
    /// What it says, in nobody's name yet.
    pub(super) fn words(&self, kind: CommentKind) -> Words<'_> {
        Words {
            content: &self.content,
            source: Some(&self.source),
            language: &self.language,
            anchors: &self.anchors,
            comment_kind: Some(kind),
            capacity: Capacity::Individual.term(),
            mandate: None,
            stakeholder_group: None,
            position: None,
            disposition: None,
            signed_in_as: None,
            pictures: &[],
        }
    }
}

impl Service {
    /// Comments on an opinion or answers a comment on it.
    pub async fn comment(
        &self,
        caller: &Caller,
        opinion_uri: &str,
        new: NewComment,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let (opinion, current) = self.open_opinion(&tx, opinion_uri).await?;
        let mut wrong = Vec::new();
        let draft = check(&tx, &opinion, &current, &new, &mut wrong).await?;
        let spoken = self
            .spoken(&tx, caller, new.on_behalf_of.as_deref(), new.capacity, Scope::Comment)
            .await;
        let spoken = match spoken {
            Ok(spoken) => Some(spoken),
            Err(FieldErrorOr::Field(error)) => {
                wrong.push(error);
                None
            }
            Err(FieldErrorOr::Other(error)) => return Err(error),
        };
        let Some(spoken) = spoken.filter(|_| wrong.is_empty()) else {
            return Err(ServiceError::Invalid(wrong));
        };
        if spoken.mandate().is_some() {
            let hand = self.hand_of(&tx, &opinion).await?;
            self.bring_mandate(&tx, &hand, &spoken).await?;
        }
        let words = Words {
            capacity: spoken.capacity.term(),
            mandate: spoken.mandate(),
            stakeholder_group: spoken.stakeholder_group.as_deref(),
            ..draft.words(new.kind)
        };
        let acted = self.send_note(&tx, &caller.actor, &opinion, &draft.parent, &words).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// Writes a comment of the caller's anew (product C7): every version stays public, and the last is shown.
    pub async fn edit_comment(
        &self,
        caller: &Caller,
        uri: &str,
        edit: CommentEdit,
    ) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let comment = own_comment(&tx, caller, uri).await?;
        if dispositions::by_uri(&tx, comment.room_id, uri).await?.is_some() {
            return Err(ServiceError::Conflict {
                why: "what became of a comment is not rewritten; say it anew, the last word counts"
                    .to_owned(),
            });
        }
        let source = markup::clean(&edit.content);
        let kind = edit.kind.map_or_else(|| comment.kind.clone(), |kind| kind.word().to_owned());
        let tag = edit.language.or_else(|| comment.language.clone()).unwrap_or_default();
        let mut wrong = Vec::new();
        let pictures = self.pictures_after(&tx, caller, &comment, edit.pictures).await?;
        if source.trim().is_empty() {
            wrong.push(FieldError::new("content", "must not be empty"));
        } else if comment.source.as_ref() == Some(&source)
            && comment.kind == kind
            && comment.language.as_ref() == Some(&tag)
            && pictures.is_none()
        {
            wrong.push(FieldError::new("content", "nothing has changed"));
        }
        language(&mut wrong, &tag);
        let html = markup::render_comment(&source).map_err(markup_error("content"));
        let html = html.unwrap_or_else(|error| {
            wrong.push(error);
            String::new()
        });
        if !wrong.is_empty() {
            return Err(ServiceError::Invalid(wrong));
        }
        let room = rooms::by_id(&tx, comment.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let hand = self.room_hand(room).await?;
        let before = entries::by_hash_text(&tx, comment.room_id, &comment.entry_hash)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("{uri} is shown but not in the log")))?;
        let mut note = entries::read(&before)?
            .document
            .get_mut("object")
            .map(serde_json::Value::take)
            .unwrap_or_default();
        let named = passages(&comment.anchors);
        let content = with_quotes(named.iter().filter_map(|named| named.exact.as_deref()), &html);
        let at = self.time_to_act(&tx, &caller.actor.uri).await?;
        if let Some(members) = note.as_object_mut() {
            members.remove("proof");
            members.insert("contentMap".to_owned(), json!({&tag: content}));
            members.insert("content".to_owned(), content.into());
            let source = json!({"content": source, "mediaType": "text/markdown"});
            members.insert("source".to_owned(), source);
            members.insert("language".to_owned(), compose::language::language(&tag));
            members.insert("updated".to_owned(), json!(at));
            if let Some(pictures) = pictures {
                let printed: Vec<_> =
                    pictures.iter().map(|row| self.picture_document(row).print()).collect();
                members.insert("attachment".to_owned(), printed.into());
                self.show_pictures(&tx, pictures, uri).await?;
            }
            if let Some(kind) = edit.kind {
                members.insert("commentKind".to_owned(), kind.term().into());
            }
        }
        let home = id_of(&note, "audience");
        let (to, cc) = (ids_of(&note, "to"), ids_of(&note, "cc"));
        let named: Vec<Option<String>> =
            to.iter().filter(|uri| *uri != PUBLIC).cloned().map(Some).collect();
        let activity_id = self.paths.activity(self.new_id());
        let envelope = Envelope {
            id: &activity_id,
            actor: &caller.actor.uri,
            published: at,
            addressing: Addressing { to, cc },
            audience: home.as_deref(),
        };
        let keys = self.keys.of(&caller.actor).await?;
        let act = sign_activity(&keys, envelope.activity("Update", note), at);
        let mut audiences = vec![Audience::Followers(caller.actor.uri.clone())];
        audiences.extend(self.elsewhere(named.iter().chain([&home])));
        let receipt = self.record(&tx, &hand, &caller.actor, act, &audiences).await?;
        let key = keys::give(&tx, uri, "comment", self.new_id()).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(Acted { uri: uri.to_owned(), key, activity_id, receipt })
    }

    /// The pictures of a comment of the caller's as they are to be; none where nothing of them changes. Those of earlier
    /// versions stay, as the words do, until the comment is deleted.
    async fn pictures_after(
        &self,
        tx: &Tx,
        caller: &Caller,
        comment: &Comment,
        choice: PictureChoice,
    ) -> Result<Option<Vec<Medium>>, ServiceError> {
        if choice == PictureChoice::default() {
            return Ok(None);
        }
        let mut shown = Vec::new();
        let rows = media::shown_by(tx, std::slice::from_ref(&comment.uri)).await?;
        for one in attached(&comment.attachments) {
            let file = self.paths.picture_file(&one.url).unwrap_or_default();
            shown.extend(rows.iter().find(|row| file.starts_with(&row.digest)).cloned());
        }
        let keys = choice.keys.unwrap_or_else(|| shown.iter().map(|row| row.id).collect());
        let choice = PictureChoice { keys: Some(keys), ..choice };
        let chosen = self.chosen_pictures(tx, caller, &choice, Some(&comment.uri)).await?;
        Ok((chosen != shown).then_some(chosen))
    }

    /// Every version of a comment, first to last; where its author deleted it, without the words.
    pub async fn comment_versions(&self, uri: &str) -> Result<Vec<fold::Version>, ServiceError> {
        let comment = projections::comment(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "comment" })?;
        let cell = Cell::Comment(comment.uri);
        let parts = entries::of_cell(&self.store, comment.room_id, &cell).await?;
        let held: Vec<Held> =
            parts.items.into_iter().map(|item| Held::new(item, &parts.modifiers)).collect();
        Ok(fold::versions(&held))
    }

    /// Deletes a comment of the caller's.
    pub async fn delete_comment(&self, caller: &Caller, uri: &str) -> Result<Acted, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let comment = own_comment(&tx, caller, uri).await?;
        let mut also = Vec::new();
        if let Some(opinion) = &comment.opinion_uri
            && let Some(opinion) = projections::opinion(&tx, opinion).await?
        {
            also = self.elsewhere([&Some(opinion.author), &opinion.audience]);
        }
        let acted =
            self.delete_object(&tx, &caller.actor, comment.room_id, uri, "Note", &also).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(acted)
    }

    /// An opinion that can be answered, with its current revision.
    pub(super) async fn open_opinion(
        &self,
        tx: &Tx,
        uri: &str,
    ) -> Result<(Opinion, Revision), ServiceError> {
        let opinion = projections::opinion(tx, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "opinion" })?;
        if opinion.deleted {
            return Err(ServiceError::Gone { uri: uri.to_owned() });
        }
        let revisions = projections::revisions(tx, opinion.room_id, uri).await?;
        let current = revisions
            .into_iter()
            .find(|revision| revision.current)
            .ok_or_else(|| ServiceError::internal(format!("{uri} has no current revision")))?;
        Ok((opinion, current))
    }

    /// Sends a reply `Note` in an opinion's thread: the envelope, the addresses and the mention are the same for a
    /// comment and for a position that is a Note.
    pub(super) async fn send_note(
        &self,
        tx: &Tx,
        author: &Actor,
        opinion: &Opinion,
        (parent, parent_author): &(String, String),
        words: &Words<'_>,
    ) -> Result<Acted, ServiceError> {
        let room = rooms::by_id(tx, opinion.room_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "topic" })?;
        let hand = self.room_hand(room).await?;
        let at = self.time_to_act(tx, &author.uri).await?;
        let uri = self.paths.note(self.new_id());
        let home = opinion.audience.clone().unwrap_or_else(|| hand.actor.uri.clone());
        let addressing = Addressing::public(
            &[parent_author],
            &[
                &home,
                &format!("{}/followers", hand.actor.uri),
                &format!("{}/followers", author.uri),
            ],
        );
        let answered = actors::by_uri(tx, parent_author).await?;
        let handle = answered.as_ref().map(|actor| self.handle_of(actor));
        let mention =
            answered.as_ref().zip(handle.as_ref()).map(|(a, h)| (a.uri.as_str(), h.as_str()));
        let context = format!("{}/context", opinion.uri);
        let note = Note {
            id: &uri,
            author: &author.uri,
            in_reply_to: parent,
            content: words.content,
            source: words.source,
            language: words.language,
            published: at,
            addressing: addressing.clone(),
            audience: &home,
            topic: &hand.room.topic,
            context: &context,
            mention,
            anchors: words.anchors,
            comment_kind: words.comment_kind.map(CommentKind::term),
            stakeholder_group: words.stakeholder_group,
            capacity: Some(words.capacity),
            mandate: words.mandate,
            position: words.position,
            signed_in_as: words.signed_in_as,
            pictures: words.pictures,
        };
        let mut note = note.print();
        if let (Some(members), Some(said)) = (note.as_object_mut(), words.disposition) {
            members.insert("disposition".to_owned(), said.print());
        }
        let activity_id = self.paths.activity(self.new_id());
        let envelope = Envelope {
            id: &activity_id,
            actor: &author.uri,
            published: at,
            addressing,
            audience: Some(&home),
        };
        let keys = self.keys.of(author).await?;
        let act = sign_activity(&keys, envelope.activity("Create", note), at);
        let mut audiences = vec![Audience::Followers(author.uri.clone())];
        audiences.extend(self.elsewhere([&Some(parent_author.clone()), &Some(home)]));
        let receipt = self.record(tx, &hand, author, act, &audiences).await?;
        let key = keys::give(tx, &uri, "comment", self.new_id()).await?;
        Ok(Acted { uri, key, activity_id, receipt })
    }

    /// Those of these actors who do not live here.
    pub(super) fn elsewhere<'a>(
        &self,
        actors: impl IntoIterator<Item = &'a Option<String>>,
    ) -> Vec<Audience> {
        actors
            .into_iter()
            .flatten()
            .filter(|uri| !self.paths.is_ours(uri))
            .map(|uri| Audience::Actor(uri.clone()))
            .collect()
    }
}

/// Checks a comment on an opinion, and notes what is wrong with it.
pub(super) async fn check(
    tx: &Tx,
    opinion: &Opinion,
    current: &Revision,
    new: &NewComment,
    wrong: &mut Vec<FieldError>,
) -> Result<Draft, ServiceError> {
    let source = markup::clean(&new.content);
    let tag = new.language.clone().unwrap_or_else(|| opinion.language.clone());
    if new.kind == CommentKind::SeparateStatement {
        wrong.push(FieldError::new("kind", "a separate statement is filed on a revision as such"));
    }
    if source.trim().is_empty() {
        wrong.push(FieldError::new("content", "must not be empty"));
    }
    language(wrong, &tag);
    let html = match markup::render_comment(&source).map_err(markup_error("content")) {
        Ok(html) => html,
        Err(error) => {
            wrong.push(error);
            String::new()
        }
    };
    let anchors = anchors(wrong, opinion, current, &new.anchors);
    let parent = match &new.in_reply_to {
        Some(uri) if *uri != opinion.uri => match projections::comment(tx, uri).await? {
            Some(comment) if comment.opinion_uri.as_ref() == Some(&opinion.uri) => {
                (comment.uri, comment.author)
            }
            _ => {
                wrong.push(FieldError::new("inReplyTo", "must be a comment on this opinion"));
                (String::new(), String::new())
            }
        },
        _ => (opinion.uri.clone(), opinion.author.clone()),
    };
    let content = with_quotes(anchors.iter().filter_map(|a| a.exact.as_deref()), &html);
    Ok(Draft { content, source, language: tag, anchors, parent })
}

/// A comment that is there, of the caller's.
async fn own_comment(tx: &Tx, caller: &Caller, uri: &str) -> Result<Comment, ServiceError> {
    let comment =
        projections::comment(tx, uri).await?.ok_or(ServiceError::NotFound { what: "comment" })?;
    if comment.deleted {
        return Err(ServiceError::Gone { uri: uri.to_owned() });
    }
    if comment.author != caller.actor.uri {
        return Err(ServiceError::NotPermitted {
            why: "only its author may change or delete a comment",
        });
    }
    if comment.attested_by.is_some() {
        return Err(ServiceError::NotPermitted {
            why: "another instance holds this comment; sign in there to take it back",
        });
    }
    Ok(comment)
}

/// The quoted words also stand in the text, where other servers show them (protocol 4.c).
fn with_quotes<'a>(quotes: impl Iterator<Item = &'a str>, html: &str) -> String {
    let mut content = String::new();
    for quoted in quotes {
        content.push_str("<blockquote><p>");
        content.push_str(&escape(quoted));
        content.push_str("</p></blockquote>");
    }
    content.push_str(html);
    content
}

fn anchors(
    wrong: &mut Vec<FieldError>,
    opinion: &Opinion,
    current: &Revision,
    given: &[NewAnchor],
) -> Vec<Anchor> {
    let max = limits::COMMENT_ANCHORS_MAX;
    if given.len() > max {
        let message = format!("{} passages; a comment is about at most {max}", given.len());
        wrong.push(FieldError::new("anchors", message));
        return Vec::new();
    }
    let text = parsed(&current.digest, &current.content);
    let blocks = text.blocks();
    let mut anchors = Vec::new();
    for named in given {
        let sought = match (&named.block, named.paragraph) {
            (Some(id), _) => {
                Some((blocks.iter().find(|block| block.id == *id), format!("block `{id}`")))
            }
            (None, Some(number)) => {
                Some((blocks.iter().find(|block| block.number == number), format!("§{number}")))
            }
            (None, None) => None,
        };
        let block = match sought {
            Some((None, what)) => {
                let (revision, last) = (current.number, blocks.len());
                let message = format!("revision {revision} has no {what}; it has §1 to §{last}");
                wrong.push(FieldError::new("anchors", message));
                continue;
            }
            Some((found, _)) => found,
            None => None,
        };
        let exact =
            named.exact.as_deref().map(markup::clean_line).filter(|words| !words.is_empty());
        if let (None, Some(_)) = (block, &exact) {
            let message = "quoted words need the paragraph that they stand in";
            wrong.push(FieldError::new("anchors", message));
        }
        if let (Some(block), Some(words)) = (block, &exact)
            && !block.text.contains(words.as_str())
        {
            wrong.push(FieldError::new(
                "anchors",
                format!("§{} does not hold the words “{words}”", block.number),
            ));
        }
        anchors.push(Anchor {
            source: opinion.uri.clone(),
            revision: current.number,
            digest: current.digest.clone(),
            block: block.map(|block| block.id.clone()),
            around: match (block, &exact) {
                (Some(block), Some(words)) => {
                    let (before, after) = anchor::context(&block.text, words);
                    (before.to_owned(), after.to_owned())
                }
                _ => (String::new(), String::new()),
            },
            exact,
            missing_here: named.missing_here,
        });
    }
    anchors
}

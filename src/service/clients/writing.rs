//! What a client writes: replies. One that begins with a keyword takes a position, and is read like a reply from any
//! other server; every other one is a comment.

use super::posts::{PostKind, PostView};
use crate::{
    base::limits,
    domain::{delegation::Scope, markup, reply},
    service::{
        Caller, Service, ServiceError,
        comments::{CommentEdit, Words},
        delegations::FieldErrorOr,
        error::markup as markup_error,
        media::PictureChoice,
    },
    store::{
        Tx, answers,
        marks::{self, Posted},
        posts, projections,
    },
};

const MINUTE_MILLIS: i64 = 60_000;

/// A reply to write.
#[derive(Debug, Clone, Default)]
pub struct NewPost {
    /// The words as typed.
    pub text: String,
    /// A content warning: stands above them.
    pub warning: Option<String>,
    /// What it answers, by key.
    pub in_reply_to: Option<i64>,
    /// BCP 47; the opinion's where not given.
    pub language: Option<String>,
    /// The name under which the same request may come again.
    pub name: Option<String>,
    /// The pictures it shows.
    pub pictures: PictureChoice,
}

impl Service {
    /// Writes a reply. The same name within an hour is the same reply.
    pub async fn write_post(
        &self,
        caller: &Caller,
        new: NewPost,
    ) -> Result<PostView, ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        let now = self.now().as_millis();
        let too_old = now - limits::POSTED_NAMES_MINUTES * MINUTE_MILLIS;
        let name: Option<String> = new
            .name
            .as_deref()
            .map(|name| name.trim().chars().take(limits::POSTED_NAME_CHARS_MAX).collect())
            .filter(|name: &String| !name.is_empty());
        if let Some(name) = &name
            && let Some(known) = marks::posted(&tx, caller.account_id, name, too_old).await?
        {
            drop(tx);
            return self.post_by_uri(&known.uri, caller).await;
        }
        let uri = self.reply(&tx, caller, &new).await?;
        if let Some(name) = name {
            let row = Posted { account_id: caller.account_id, name, uri: uri.clone(), at: now };
            marks::note_posted(&tx, row, too_old).await?;
        }
        tx.commit().await?;
        self.wake.after_act();
        self.post_by_uri(&uri, caller).await
    }

    async fn post_by_uri(&self, uri: &str, caller: &Caller) -> Result<PostView, ServiceError> {
        let row = posts::by_uri(&self.store, uri).await?;
        let row = row.ok_or(ServiceError::NotFound { what: "status" })?;
        let mut views = self.post_views(&[row], Some(caller)).await?;
        views.pop().ok_or(ServiceError::NotFound { what: "status" })
    }

    async fn reply(&self, tx: &Tx, caller: &Caller, new: &NewPost) -> Result<String, ServiceError> {
        let Some(parent) = new.in_reply_to else {
            let why = format!(
                "reply to an opinion or a comment: an opinion of your own has a title and an abstract; write it at {}",
                self.paths.origin()
            );
            return Err(ServiceError::invalid("in_reply_to_id", why));
        };
        let (opinion_uri, parent) = self.what_is_answered(tx, parent).await?;
        let (opinion, _) = self.open_opinion(tx, &opinion_uri).await?;
        let source = with_lines(&markup::clean(&typed(new)));
        if source.trim().is_empty() {
            return Err(ServiceError::invalid("status", "must not be empty"));
        }
        let language = new.language.clone().unwrap_or_else(|| opinion.language.clone());
        let mut wrong = Vec::new();
        crate::service::topics::language(&mut wrong, &language);
        let html = markup::render_comment(&source).map_err(markup_error("status"));
        let html = html.unwrap_or_else(|error| {
            wrong.push(error);
            String::new()
        });
        if !wrong.is_empty() {
            return Err(ServiceError::Invalid(wrong));
        }
        let spoken = match self.spoken(tx, caller, None, None, Scope::Comment).await {
            Ok(spoken) => spoken,
            Err(FieldErrorOr::Field(error)) => return Err(ServiceError::Invalid(vec![error])),
            Err(FieldErrorOr::Other(error)) => return Err(error),
        };
        let rows = self.chosen_pictures(tx, caller, &new.pictures, None).await?;
        if !rows.is_empty() && takes_position(&html, &language) {
            let why = "a position is taken in words alone: show the picture in a comment";
            return Err(ServiceError::invalid("media_ids", why));
        }
        let pictures: Vec<_> = rows.iter().map(|row| self.picture_document(row)).collect();
        // No kind: with one it would not be read (decisions 7), and clients have no field for it.
        let words = Words {
            content: &html,
            source: Some(&source),
            language: &language,
            anchors: &[],
            comment_kind: None,
            capacity: spoken.capacity.term(),
            mandate: None,
            stakeholder_group: spoken.stakeholder_group.as_deref(),
            position: None,
            disposition: None,
            signed_in_as: None,
            pictures: &pictures,
        };
        let uri = self.send_note(tx, &caller.actor, &opinion, &parent, &words).await?.uri;
        self.show_pictures(tx, rows, &uri).await?;
        Ok(uri)
    }

    /// The opinion at the end of the thread of what is answered; and what is answered, with whose it is.
    async fn what_is_answered(
        &self,
        tx: &Tx,
        key: i64,
    ) -> Result<(String, (String, String)), ServiceError> {
        let not_here = || ServiceError::NotFound { what: "status" };
        let Some(post) = posts::by_id(tx, key).await? else {
            let answer = answers::by_id(tx, key).await?.ok_or_else(not_here)?;
            let note = answer.note_uri.clone().ok_or_else(not_here)?;
            let room = Self::receipt_room(&answer).ok_or_else(not_here)?;
            return Ok((answer.opinion_uri, (note, room)));
        };
        let opinion = match post.kind.as_str() {
            posts::OPINION => Some(post.uri.clone()),
            posts::COMMENT => {
                projections::comment(tx, &post.uri).await?.and_then(|row| row.opinion_uri)
            }
            _ => projections::position(tx, &post.uri).await?.map(|row| row.opinion_uri),
        };
        let opinion = opinion.ok_or_else(|| {
            ServiceError::invalid(
                "in_reply_to_id",
                "the opinion that this is about is not here yet",
            )
        })?;
        Ok((opinion, (post.uri, post.author)))
    }

    /// Writes a reply of the caller's anew.
    pub async fn edit_post(
        &self,
        caller: &Caller,
        key: i64,
        edit: NewPost,
    ) -> Result<PostView, ServiceError> {
        let post = self.own_post(caller, key).await?;
        match post.kind {
            PostKind::Comment => {
                let edit = CommentEdit {
                    content: with_lines(&typed(&edit)),
                    kind: None,
                    language: edit.language,
                    pictures: edit.pictures,
                };
                self.edit_comment(caller, &post.uri, edit).await?;
            }
            PostKind::Position | PostKind::Receipt => {
                let why = "what was taken as a position is not edited; write a new reply";
                return Err(ServiceError::invalid("status", why));
            }
            PostKind::Opinion => {
                let why = "an opinion is revised on its page, which says what changed and why";
                return Err(ServiceError::invalid("status", why));
            }
        }
        self.post(key, Some(caller)).await
    }

    /// Deletes what the caller wrote; answers it as it was.
    pub async fn delete_post(&self, caller: &Caller, key: i64) -> Result<PostView, ServiceError> {
        let post = self.own_post(caller, key).await?;
        match post.kind {
            PostKind::Comment => drop(self.delete_comment(caller, &post.uri).await?),
            PostKind::Opinion => drop(self.delete_opinion(caller, &post.uri).await?),
            PostKind::Position | PostKind::Receipt => {
                self.delete_position_note(caller, &post.uri).await?;
            }
        }
        Ok(post)
    }

    /// Deletes the Note that took a position, which ends it (P6); a `Like` is withdrawn.
    async fn delete_position_note(&self, caller: &Caller, uri: &str) -> Result<(), ServiceError> {
        let taken = projections::position(&self.store, uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "position" })?;
        let Some(note) = taken.object_uri.clone() else {
            self.withdraw_position(caller, uri).await?;
            return Ok(());
        };
        let tx = self.begin_as(caller).await?;
        let opinion = projections::opinion(&tx, &taken.opinion_uri).await?;
        let also = opinion.map_or_else(Vec::new, |opinion| {
            self.elsewhere([&Some(opinion.author), &opinion.audience])
        });
        self.delete_object(&tx, &caller.actor, taken.room_id, &note, "Note", &also).await?;
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// A post of the caller's.
    pub async fn own_post(&self, caller: &Caller, key: i64) -> Result<PostView, ServiceError> {
        Self::may_act(caller)?;
        let post = self.post(key, Some(caller)).await?;
        if post.author.uri != caller.actor.uri {
            return Err(ServiceError::NotPermitted { why: "only its author may change it" });
        }
        Ok(post)
    }
}

/// Whether a room would read a position in it.
fn takes_position(html: &str, language: &str) -> bool {
    reply::read(html, Some(language))
        .is_some_and(|said| said.act.is_some() && said.flaw().is_none())
}

/// The words, below a content warning where there is one.
fn typed(new: &NewPost) -> String {
    match new.warning.as_deref().map(str::trim).filter(|warning| !warning.is_empty()) {
        Some(warning) => format!("{warning}\n\n{}", new.text),
        None => new.text.clone(),
    }
}

/// Who types into such a program ends a line where the line is to end: in Markdown that is two spaces before it.
fn with_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    let mut out = String::with_capacity(text.len() + 2 * lines.len());
    for (at, line) in lines.iter().enumerate() {
        out.push_str(line);
        if let Some(next) = lines.get(at + 1) {
            let ends = line.is_empty() || next.is_empty();
            out.push_str(if ends { "\n" } else { "  \n" });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_they_were_ended() {
        assert_eq!(
            with_lines("support:\nfor two reasons \n\nmore"),
            "support:  \nfor two reasons\n\nmore"
        );
        assert_eq!(with_lines("one"), "one");
    }
}

//! What the accounts here are told: that a text they hold a position on was revised, that somebody commented on
//! theirs, objected, or said what became of a comment. Read from the rooms' logs; silence about a notice changes
//! nothing, and every answer is a new signed act (protocol P5).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Caller, Service, ServiceError, acts::Acted, positions::NewPosition, read::OpinionView,
};
use crate::{
    domain::position::{Capacity, PositionKind},
    protocol::quirks::{member, text_of},
    record::item::{Cell, Item},
    store::{
        Tx, entries,
        notices::{self, Notice},
        projections::{self, Opinion, Position},
        rooms::{self, Room},
    },
};

/// Entries looked at in one step.
const WINDOW: u64 = 100;

/// Whether and how a notice of a new revision was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The position is on the new text now.
    Moved,
    /// It does not stand any more.
    Withdrawn,
    /// A still newer revision came: that one's notice is to be answered.
    Overtaken,
    /// Nothing was said yet: the position stays with the earlier text.
    Open,
}

/// What sort of news a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// A text was revised on which the account holds a position.
    Revision,
    /// Somebody commented on a text of the account's.
    Comment,
    /// Somebody objected to it.
    Objection,
    /// Somebody said what became of a comment of the account's.
    Disposition,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Revision, Self::Comment, Self::Objection, Self::Disposition];

    /// The word in the API and the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Revision => "revision",
            Self::Comment => "comment",
            Self::Objection => "objection",
            Self::Disposition => "disposition",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// A notice with what it is about.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// The notice.
    pub notice: Notice,
    /// What sort of news it is.
    pub kind: NoticeKind,
    /// The opinion; none where its author deleted it.
    pub opinion: Option<OpinionView>,
    /// Who did it.
    pub actor: super::read::ActorView,
    /// The position that was on an earlier text, where it still stands.
    pub position: Option<Position>,
    /// What was said to it; `Open` for kinds that ask for nothing.
    pub answer: Answer,
}

impl Service {
    /// Reads what the logs gained and leaves notices of it; answers how many entries were looked at. What was left
    /// and how far the log was read are one transaction: a crash loses none and repeats none.
    pub async fn leave_notices(&self) -> Result<usize, ServiceError> {
        let mut looked = 0;
        for room in rooms::all(&self.store).await? {
            looked += self.notice(&room).await?;
        }
        if looked > 0 {
            self.wake.told();
        }
        Ok(looked)
    }

    async fn notice(&self, room: &Room) -> Result<usize, ServiceError> {
        let name = format!("notices {}", room.id);
        let tx = self.store.begin().await?;
        let cursor = rooms::cursor(&tx, &name).await?;
        let window = entries::page_counted(&tx, room.id, cursor, WINDOW).await?;
        let Some(last) = window.last().and_then(|row| row.counted) else { return Ok(0) };
        let mut revised = BTreeSet::new();
        for row in &window {
            let Some(cell) = row.cell.as_deref().and_then(Cell::from_column) else { continue };
            match cell {
                Cell::Opinion(uri) => {
                    revised.insert(uri);
                }
                Cell::Comment(_) if matches!(row.act_type.as_str(), "Create" | "Witness") => {
                    self.notice_comment(&tx, room, &entries::read(row)?).await?;
                }
                Cell::Line(opinion, _) if row.act_type != "Update" => {
                    self.notice_objection(&tx, room, &entries::read(row)?, &opinion).await?;
                }
                Cell::Comment(_) | Cell::Line(..) | Cell::Attested(_) => {}
            }
        }
        for uri in revised {
            self.notice_revision(&tx, room, &uri).await?;
        }
        rooms::set_cursor(&tx, &name, last).await?;
        tx.commit().await?;
        Ok(window.len())
    }

    /// Everybody here whose position names an earlier text than the current one, as the tables say now: what came in
    /// which order makes no difference.
    async fn notice_revision(&self, tx: &Tx, room: &Room, uri: &str) -> Result<(), ServiceError> {
        let Some(opinion) = self.opinion_of(tx, room, uri).await? else { return Ok(()) };
        if opinion.revision == 1 {
            return Ok(());
        }
        let mut stale = projections::live_positions(tx, room.id, uri).await?;
        stale.retain(|held| {
            held.revision < opinion.revision && held.revision_digest != opinion.digest
        });
        let holders: BTreeSet<String> = stale
            .iter()
            .flat_map(|held| std::iter::once(&held.actor).chain(&held.on_behalf_of))
            .filter(|uri| self.paths.is_ours(uri))
            .cloned()
            .collect();
        if holders.is_empty() {
            return Ok(());
        }
        let holders: Vec<String> = holders.into_iter().collect();
        let accounts: BTreeMap<String, i64> =
            notices::accounts_of(tx, &holders).await?.into_iter().collect();
        for held in &stale {
            let told = std::iter::once(&held.actor).chain(&held.on_behalf_of);
            for account_id in told.filter_map(|uri| accounts.get(uri)) {
                let news = News {
                    kind: NoticeKind::Revision,
                    subject: format!("{} {}", opinion.digest, held.line),
                    object: uri,
                    line: &held.line,
                    actor: &opinion.author,
                    from_revision: Some(held.revision),
                };
                notices::leave(tx, self.news(*account_id, &opinion, &news)).await?;
            }
        }
        Ok(())
    }

    async fn notice_comment(&self, tx: &Tx, room: &Room, item: &Item) -> Result<(), ServiceError> {
        let Some(comment) = projections::comment(tx, item.own_object()).await? else {
            return Ok(());
        };
        let Some(uri) = comment.opinion_uri.as_deref() else { return Ok(()) };
        let Some(opinion) = self.opinion_of(tx, room, uri).await? else { return Ok(()) };
        let object = member(&item.document, "object");
        let disposes = object.is_some_and(|object| member(object, "disposition").is_some());
        let (kind, told) = if disposes {
            let asked = projections::comment(tx, &comment.in_reply_to).await?;
            (NoticeKind::Disposition, asked.map(|asked| asked.author).into_iter().collect())
        } else if comment.kind == "objection" {
            (NoticeKind::Objection, self.authors(tx, &opinion).await?)
        } else {
            (NoticeKind::Comment, self.authors(tx, &opinion).await?)
        };
        if !disposes
            && let Some(asked) = projections::comment(tx, &comment.in_reply_to).await?
            && !told.contains(&asked.author)
        {
            self.tell_of_answer(tx, &comment, uri, &asked.author).await?;
        }
        self.tell(tx, &opinion, kind, &comment.uri, &comment.author, told).await
    }

    async fn notice_objection(
        &self,
        tx: &Tx,
        room: &Room,
        item: &Item,
        opinion: &str,
    ) -> Result<(), ServiceError> {
        let position = item.document.get("position").or_else(|| {
            let note = member(&item.document, "object")?;
            note.get("position").or_else(|| note.get("attestedPosition"))
        });
        let kind = position.and_then(|position| text_of(position, "kind")).unwrap_or_default();
        if PositionKind::from_term(kind) != Some(PositionKind::Objection) {
            return Ok(());
        }
        let Some(opinion) = self.opinion_of(tx, room, opinion).await? else { return Ok(()) };
        let told = self.authors(tx, &opinion).await?;
        self.tell(tx, &opinion, NoticeKind::Objection, item.own_object(), &item.voice(), told).await
    }

    /// The opinion, where it is in this room and stands.
    async fn opinion_of(
        &self,
        tx: &Tx,
        room: &Room,
        uri: &str,
    ) -> Result<Option<Opinion>, ServiceError> {
        let found = projections::opinion(tx, uri).await?;
        Ok(found.filter(|opinion| opinion.room_id == room.id && !opinion.deleted))
    }

    /// Whose text it is: its author, and those whom the current revision names beside them.
    async fn authors(&self, tx: &Tx, opinion: &Opinion) -> Result<Vec<String>, ServiceError> {
        let revisions = projections::revisions(tx, opinion.room_id, &opinion.uri).await?;
        let current = revisions.iter().find(|revision| revision.current);
        let mut authors: Vec<String> = current
            .and_then(|revision| serde_json::from_str(&revision.authors).ok())
            .unwrap_or_default();
        authors.push(opinion.author.clone());
        authors.sort();
        authors.dedup();
        Ok(authors)
    }

    async fn tell(
        &self,
        tx: &Tx,
        opinion: &Opinion,
        kind: NoticeKind,
        object: &str,
        actor: &str,
        mut told: Vec<String>,
    ) -> Result<(), ServiceError> {
        told.retain(|uri| uri != actor && self.paths.is_ours(uri));
        for (_, account_id) in notices::accounts_of(tx, &told).await? {
            let subject = object.to_owned();
            let news = News { kind, subject, object, line: "", actor, from_revision: None };
            notices::leave(tx, self.news(account_id, opinion, &news)).await?;
        }
        Ok(())
    }

    fn news(&self, account_id: i64, opinion: &Opinion, news: &News<'_>) -> Notice {
        let revises = news.kind == NoticeKind::Revision;
        Notice {
            id: self.new_id(),
            account_id,
            kind: news.kind.word().to_owned(),
            subject: news.subject.clone(),
            room_id: opinion.room_id,
            opinion_uri: opinion.uri.clone(),
            line: news.line.to_owned(),
            object_uri: news.object.to_owned(),
            actor: news.actor.to_owned(),
            revision: revises.then_some(opinion.revision),
            digest: revises.then(|| opinion.digest.clone()),
            from_revision: news.from_revision,
            at: self.now().as_millis(),
            read_at: None,
            answered: None,
            number: None,
        }
    }

    /// How many notices an account has not read.
    pub async fn unread_notices(&self, caller: &Caller) -> Result<u64, ServiceError> {
        Ok(notices::count_unread(&self.store, caller.account_id, &self.aversions(caller).await?)
            .await?)
    }

    /// An account's notices, newest first, after so many; and whether there are more.
    pub async fn notices(
        &self,
        caller: &Caller,
        limit: u64,
        offset: u64,
    ) -> Result<(Vec<NoticeView>, bool), ServiceError> {
        let mut rows = notices::of_account(
            &self.store,
            caller.account_id,
            &self.aversions(caller).await?,
            limit + 1,
            offset,
        )
        .await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        let actors = self.actor_views(rows.iter().map(|row| row.actor.clone())).await?;
        let mut opinions: BTreeMap<String, Option<OpinionView>> = BTreeMap::new();
        let mut views = Vec::new();
        for notice in rows {
            let Some(kind) = NoticeKind::from_word(&notice.kind) else { continue };
            let Some(actor) = actors.get(&notice.actor).cloned() else { continue };
            if !opinions.contains_key(&notice.opinion_uri) {
                let found = match self.opinion(&notice.opinion_uri, None).await {
                    Ok(view) => Some(view),
                    Err(ServiceError::NotFound { .. } | ServiceError::Gone { .. }) => None,
                    Err(other) => return Err(other),
                };
                opinions.insert(notice.opinion_uri.clone(), found);
            }
            let opinion = opinions.get(&notice.opinion_uri).cloned().flatten();
            let position = if kind == NoticeKind::Revision {
                projections::standing_of_line(
                    &self.store,
                    notice.room_id,
                    &notice.opinion_uri,
                    &notice.line,
                )
                .await?
            } else {
                None
            };
            let answer = match (&opinion, kind) {
                (Some(view), NoticeKind::Revision) => {
                    answer(&notice, &view.opinion, position.as_ref())
                }
                _ => Answer::Open,
            };
            views.push(NoticeView { notice, kind, opinion, actor, position, answer });
        }
        Ok((views, more))
    }

    /// Marks what was shown, up to this notice, as read.
    pub async fn read_notices(&self, caller: &Caller, up_to: i64) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        notices::read_up_to(&tx, caller.account_id, up_to, self.now().as_millis()).await?;
        Ok(tx.commit().await?)
    }

    /// Takes the position again on the new text, with the kind and the words it had: a new signed act. Answered twice
    /// it does nothing more.
    pub async fn keep_position(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<Option<Acted>, ServiceError> {
        let (notice, held) = self.asked(caller, key).await?;
        let Some(held) = held else {
            return Err(ServiceError::Conflict {
                why: "this position does not stand any more; take a new one".to_owned(),
            });
        };
        if held.revision_digest == notice.digest.clone().unwrap_or_default() {
            self.answered(notice, "keep").await?;
            return Ok(None);
        }
        let opinion = projections::opinion(&self.store, &notice.opinion_uri)
            .await?
            .ok_or(ServiceError::NotFound { what: "opinion" })?;
        if Some(&opinion.digest) != notice.digest.as_ref() {
            return Err(ServiceError::Conflict {
                why: "a newer revision was published meanwhile; read what changed, then decide"
                    .to_owned(),
            });
        }
        let speaks_for_itself = held.on_behalf_of.as_ref() == Some(&caller.actor.uri);
        let new = NewPosition {
            kind: held.kind.parse().map_err(ServiceError::internal)?,
            statement: held.statement.clone(),
            revision: opinion.revision,
            capacity: if speaks_for_itself { None } else { Capacity::from_term(&held.capacity) },
            on_behalf_of: held.on_behalf_of.clone().filter(|uri| *uri != caller.actor.uri),
        };
        let acted = self.take_position(caller, &notice.opinion_uri, new).await?;
        self.answered(notice, "keep").await?;
        Ok(Some(acted))
    }

    /// Withdraws the position that a notice is about.
    pub async fn withdraw_noticed(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<Option<Acted>, ServiceError> {
        let (notice, held) = self.asked(caller, key).await?;
        let acted = match held {
            Some(held) => {
                let uri = super::read::position_uri(&held);
                Some(self.withdraw_position(caller, uri).await?)
            }
            None => None,
        };
        self.answered(notice, "withdraw").await?;
        Ok(acted)
    }

    /// A notice that asks for something, and the position it is about where that stands.
    async fn asked(
        &self,
        caller: &Caller,
        key: i64,
    ) -> Result<(Notice, Option<Position>), ServiceError> {
        let notice = notices::by_id(&self.store, caller.account_id, key)
            .await?
            .filter(|notice| notice.kind == NoticeKind::Revision.word())
            .ok_or(ServiceError::NotFound { what: "notice" })?;
        let held = projections::standing_of_line(
            &self.store,
            notice.room_id,
            &notice.opinion_uri,
            &notice.line,
        )
        .await?;
        Ok((notice, held))
    }

    async fn answered(&self, notice: Notice, answer: &str) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        notices::answer(&tx, notice, answer, self.now().as_millis()).await?;
        Ok(tx.commit().await?)
    }
}

/// What a notice says.
struct News<'a> {
    kind: NoticeKind,
    subject: String,
    object: &'a str,
    line: &'a str,
    actor: &'a str,
    from_revision: Option<i64>,
}

/// What was said to a notice of a revision, as the positions stand now, however it was said.
fn answer(notice: &Notice, opinion: &Opinion, held: Option<&Position>) -> Answer {
    let noticed = notice.digest.as_deref().unwrap_or_default();
    match held {
        None => Answer::Withdrawn,
        Some(held) if held.revision_digest == noticed => Answer::Moved,
        Some(held) if Some(held.revision) > notice.revision => Answer::Moved,
        Some(_) if opinion.digest != noticed => Answer::Overtaken,
        Some(_) => Answer::Open,
    }
}

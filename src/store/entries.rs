//! The log of each room. [`append`] is the one way in, for a form on a page, a call of the API, a reply from
//! elsewhere and a relay alike: it writes the entry and folds what it changes, in the caller's transaction.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry as MapEntry};

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, ExprTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
    sea_query::{Expr, OnConflict, Query},
};

use super::{Source, StoreError, Tx, entity::entry, keys, projections, rooms};
use crate::{
    base::clock::Timestamp,
    protocol::quirks::id_of,
    record::{
        digest::EntryHash,
        item::{Cell, Item, Kind, Known},
    },
};

pub use super::entity::entry::Model as Entry;

/// What was found out about an item's authenticity. Held items are in the set, and change nothing that is shown
/// (decisions 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A valid proof of its author.
    Proof,
    /// Valid delivery evidence.
    Evidence,
    /// Not verified yet.
    Held,
}

impl Verdict {
    /// The word in the column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proof => "proof",
            Self::Evidence => "evidence",
            Self::Held => "held",
        }
    }
}

/// An item on its way into a room's log.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// The room.
    pub room_id: i64,
    /// The item, read.
    pub item: &'a Item,
    /// Its exact bytes.
    pub body: &'a [u8],
    /// What was found out about it.
    pub verdict: Verdict,
    /// The linked room that relayed it; none if it came directly.
    pub origin: Option<&'a str>,
    /// Rooms known to hold it.
    pub sent_to: &'a [String],
    /// Relays so far.
    pub hops: i64,
    /// When it came here.
    pub taken_at: Timestamp,
    /// A fresh id, for the key of an object first seen with this item.
    pub fresh_key: i64,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// New: its number in the log.
    New {
        /// Number in this room's log.
        seq: i64,
    },
    /// The set holds it already.
    Known {
        /// Number in this room's log.
        seq: i64,
    },
}

impl Appended {
    /// Its number in the log.
    pub const fn seq(self) -> i64 {
        match self {
            Self::New { seq } | Self::Known { seq } => seq,
        }
    }
}

/// Cells that entries just written change, to be folded once all of them are in. What is written together, an act and
/// its receipt, is folded together.
#[derive(Debug, Default)]
pub struct Changes {
    /// Of a cell that nothing counted in before, all there is.
    cells: BTreeMap<(i64, Cell), Option<Fresh>>,
    /// What was just written and counts, by room and hash: a receipt that follows names one of them.
    written: BTreeMap<(i64, String), Item>,
}

/// The one item of a comment that nothing was counted of before, in any room.
#[derive(Debug)]
struct Fresh {
    item: Item,
    /// The key that its object was just given here.
    key: i64,
}

impl Changes {
    /// Notes that a cell is to be folded from all that the log has of it.
    fn add(&mut self, room_id: i64, cell: Cell) {
        self.cells.entry((room_id, cell)).or_default();
    }

    /// Notes that an item was counted: it may be the only one of its cell.
    fn count(&mut self, room_id: i64, item: &Item, fresh_key: Option<i64>) {
        let Some(cell) = item.cell.clone() else { return };
        let fresh = fresh_key
            .filter(|_| matches!(cell, Cell::Comment(_)))
            .map(|key| Fresh { item: item.clone().seen(), key });
        // Whatever was noted of it before, there is more of it now.
        match self.cells.entry((room_id, cell)) {
            MapEntry::Vacant(place) => drop(place.insert(fresh)),
            MapEntry::Occupied(mut place) => *place.get_mut() = None,
        }
    }

    /// The same as [`modifiers_of`], without asking for what was just written.
    async fn modifiers_of(
        &self,
        tx: &Tx,
        room_id: i64,
        items: &[Item],
    ) -> Result<Vec<Item>, StoreError> {
        let names = names_of(items.iter());
        let written = self.written.range((room_id, String::new())..(room_id + 1, String::new()));
        let mut modifiers = BTreeMap::new();
        let mut hashes = Vec::new();
        for ((_, hash), item) in written {
            hashes.push(hash.clone());
            let names_one = item.object.as_ref().is_some_and(|object| names.contains(object));
            if names_one && modifies(item) {
                modifiers.insert(hash.clone(), item.clone());
            }
        }
        for row in modifiers_in(room_id, &names)
            .filter(entry::Column::Hash.is_not_in(hashes))
            .all(tx.connection())
            .await?
        {
            modifiers.insert(row.hash.clone(), read(&row)?);
        }
        Ok(modifiers.into_values().collect())
    }

    /// Folds every cell once.
    pub async fn fold(mut self, tx: &Tx) -> Result<(), StoreError> {
        // In their order: comments come before the lines of positions that a Reading finds in them.
        while let Some(((room_id, cell), fresh)) = self.cells.pop_first() {
            let fresh_key = fresh.as_ref().map(|fresh| fresh.key);
            let parts = match fresh {
                Some(Fresh { item, .. }) => {
                    let items = vec![item];
                    let modifiers = self.modifiers_of(tx, room_id, &items).await?;
                    Parts { items, modifiers, statements: Vec::new() }
                }
                None => of_cell(tx, room_id, &cell).await?,
            };
            if matches!(cell, Cell::Comment(_)) {
                // What changes a reply changes the positions that are read in it.
                let readings = parts.modifiers.iter().filter(|item| item.kind == Kind::Reading);
                for line in readings.filter_map(|reading| reading.cell.clone()) {
                    self.add(room_id, line);
                }
            }
            Box::pin(projections::fold_parts(tx, room_id, &cell, parts, fresh_key)).await?;
        }
        Ok(())
    }
}

/// Appends an item and folds what it changes.
pub async fn append(tx: &Tx, arrival: &Arrival<'_>) -> Result<Appended, StoreError> {
    let mut changes = Changes::default();
    let appended = write(tx, arrival, &mut changes).await?;
    changes.fold(tx).await?;
    Ok(appended)
}

/// Appends an item; what it changes is yet to be folded. The same item again changes nothing, but that one verified
/// now which was only held before begins to count.
pub async fn write(
    tx: &Tx,
    arrival: &Arrival<'_>,
    changes: &mut Changes,
) -> Result<Appended, StoreError> {
    let Arrival { room_id, item, .. } = *arrival;
    // The room is locked first: two appends of one item cannot both find it missing.
    let numbers = rooms::take_numbers(tx, room_id, arrival.verdict != Verdict::Held).await?;
    let row = Entry {
        room_id,
        seq: numbers.seq,
        hash: item.hash.to_string(),
        kind: item.kind.word().to_owned(),
        item_id: item.id.clone(),
        act_type: item.act_type.clone(),
        actor: item.actor.clone(),
        object: item.object.clone(),
        cell: item.cell.as_ref().map(Cell::to_column),
        act_digest: item.act_digest.clone(),
        published: item.published.map(Timestamp::as_millis),
        verdict: arrival.verdict.word().to_owned(),
        body: arrival.body.to_vec(),
        origin: arrival.origin.map(str::to_owned),
        sent_to: words(&arrival.sent_to.iter().cloned().collect()),
        hops: arrival.hops,
        taken_at: arrival.taken_at.as_millis(),
        counted: numbers.counted,
    };
    let is_new = entry::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([entry::Column::RoomId, entry::Column::Hash])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(tx.connection())
        .await?
        > 0;
    if !is_new {
        let known = by_hash(tx, room_id, item.hash).await?.ok_or_else(|| {
            StoreError::Corrupt(format!("no entry {} of room {room_id}", item.hash))
        })?;
        let known_seq = known.seq;
        let now_counts = known.verdict == Verdict::Held.word() && arrival.verdict != Verdict::Held;
        rooms::give_back(tx, room_id, numbers, now_counts).await?;
        let mut sent_to: BTreeSet<String> = list(&known.sent_to);
        let before = sent_to.len();
        sent_to.extend(arrival.sent_to.iter().cloned());
        if now_counts || sent_to.len() > before {
            let mut row = known.into_active_model();
            row.sent_to = Set(words(&sent_to));
            if now_counts {
                row.verdict = Set(arrival.verdict.word().to_owned());
                row.counted = Set(numbers.counted);
            }
            row.update(tx.connection()).await?;
        }
        if now_counts {
            counts(tx, arrival, changes).await?;
        }
        return Ok(Appended::Known { seq: known_seq });
    }
    if arrival.verdict != Verdict::Held {
        counts(tx, arrival, changes).await?;
    }
    Ok(Appended::New { seq: numbers.seq })
}

/// What an item does once it counts. One that is only held gets no key: whoever forged it would decide for good what
/// sort of thing another's id names here.
async fn counts(tx: &Tx, arrival: &Arrival<'_>, changes: &mut Changes) -> Result<(), StoreError> {
    let Arrival { room_id, item, .. } = *arrival;
    let fresh_key = match keyed_object(item) {
        Some((uri, kind)) => keys::give_new(tx, uri, kind, arrival.fresh_key).await?,
        None => None,
    };
    changes.written.insert((room_id, item.hash.to_string()), item.clone());
    changes.count(room_id, item, fresh_key);
    for cell in named_by(tx, room_id, item, changes).await? {
        changes.add(room_id, cell);
    }
    Ok(())
}

/// What gets a key of ours when it is first seen: opinions, comments and positions that are Notes by their object id,
/// positions that are Likes by the activity's, also where the Like embeds the opinion it is about.
fn keyed_object(item: &Item) -> Option<(&str, &'static str)> {
    let makes = matches!(item.kind, Kind::Act | Kind::Witness);
    let kind = match item.cell.as_ref().filter(|_| makes)? {
        Cell::Opinion(_) => "opinion",
        Cell::Comment(_) => "comment",
        Cell::Line(..) => "position",
        Cell::Attested(_) => return None,
    };
    Some((item.own_object(), kind))
}

/// The cells that an item changes beside its own: those of the items it names.
async fn named_by(
    tx: &Tx,
    room_id: i64,
    item: &Item,
    changes: &Changes,
) -> Result<BTreeSet<Cell>, StoreError> {
    let mut cells = BTreeSet::new();
    if item.kind == Kind::Delegation {
        cells.extend(lines_of(tx, room_id, &item.actor).await?);
    }
    let Some(target) = &item.object else { return Ok(cells) };
    if !item.is_modifier() && item.kind != Kind::Reading {
        return Ok(cells);
    }
    if let Some(cell) =
        changes.written.get(&(room_id, target.clone())).and_then(|named| named.cell.clone())
    {
        cells.insert(cell);
        return Ok(cells);
    }
    let whole_actor = item.act_type == "Delete" && *target == item.actor;
    if whole_actor {
        // What an instance attests for somebody is an entry of the instance's.
        cells.extend(lines_of(tx, room_id, target).await?);
        for comment in projections::attested_comments(tx, room_id, target).await? {
            cells.insert(Cell::Comment(comment));
        }
    }
    let named: Vec<Condition> = if whole_actor {
        vec![
            Condition::all()
                .add(entry::Column::Cell.is_not_null())
                .add(entry::Column::Actor.eq(target)),
        ]
    } else if target.parse::<EntryHash>().is_ok() {
        vec![Condition::all().add(entry::Column::Hash.eq(target))]
    } else {
        // One question each: asked together, SQLite reads the whole room for them.
        vec![
            Condition::all().add(entry::Column::ItemId.eq(target)),
            // The Likes of an opinion name it too, by the thousand, and are not changed by its end.
            Condition::all()
                .add(entry::Column::Object.eq(target))
                .add(entry::Column::Kind.is_in([Kind::Act.word(), Kind::Witness.word()]))
                .add(entry::Column::ActType.is_in(["Create", "Update", "Witness"])),
        ]
    };
    for condition in named {
        let rows: Vec<(Option<String>, String, String)> =
            named_in(room_id, condition).into_tuple().all(tx.connection()).await?;
        for (cell, actor, act_type) in rows {
            match cell {
                Some(column) => cells.extend(Cell::from_column(&column)),
                // The end of a delegation, or the time of a delegation or of its end, changes what is confirmed.
                None if matches!(act_type.as_str(), "Delegation" | "Delete") => {
                    cells.extend(lines_of(tx, room_id, &actor).await?);
                }
                None => {}
            }
        }
    }
    Ok(cells)
}

/// Cell, actor and type of the entries of a room that something names.
fn named_in(room_id: i64, named: Condition) -> Select<entry::Entity> {
    entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(named)
        .select_only()
        .column(entry::Column::Cell)
        .column(entry::Column::Actor)
        .column(entry::Column::ActType)
}

/// Every cell of positions in the name of a principal.
async fn lines_of(tx: &Tx, room_id: i64, principal: &str) -> Result<Vec<Cell>, StoreError> {
    let columns: Vec<Option<String>> = entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Cell.starts_with("p "))
        // Wildcards in an id only find more than asked for.
        .filter(entry::Column::Cell.ends_with(format!(" {principal}")))
        .select_only()
        .column(entry::Column::Cell)
        .distinct()
        .into_tuple()
        .all(tx.connection())
        .await?;
    let of_principal = |cell: &Cell| matches!(cell, Cell::Line(_, whose) if whose == principal);
    Ok(columns
        .into_iter()
        .flatten()
        .filter_map(|column| Cell::from_column(&column))
        .filter(of_principal)
        .collect())
}

/// The replies in which Readings find positions, with all that was sent of the same Notes: the same act may have come in
/// several ways.
async fn replies_read(
    db: &impl Source,
    room_id: i64,
    readings: &[Item],
) -> Result<Vec<Item>, StoreError> {
    let of: Vec<&str> = readings
        .iter()
        .filter(|item| item.kind == Kind::Reading)
        .filter_map(|item| item.object.as_deref())
        .collect();
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let cells = Query::select()
        .column(entry::Column::Cell)
        .from(entry::Entity)
        .and_where(Expr::col(entry::Column::RoomId).eq(room_id))
        .and_where(Expr::col(entry::Column::Hash).is_in(of))
        .to_owned();
    let rows = counted(room_id)
        .filter(entry::Column::Cell.starts_with("c "))
        .filter(entry::Column::Cell.in_subquery(cells))
        .order_by_asc(entry::Column::Hash)
        .all(db.connection())
        .await?;
    rows.iter().map(seen).collect()
}

/// Reads a stored entry as the fold takes it.
fn seen(row: &Entry) -> Result<Item, StoreError> {
    Ok(read(row)?.seen())
}

/// All that one cell is folded from.
#[derive(Debug, Default)]
pub struct Parts {
    /// The items of the cell that count; with Readings the replies they read.
    pub items: Vec<Item>,
    /// A principal's delegations and its Deletes, for a cell of positions in its name.
    pub statements: Vec<Item>,
    /// Every Undo, Delete, receipt and Reading that names one of them.
    pub modifiers: Vec<Item>,
}

/// Reads what a cell is folded from.
pub async fn of_cell(db: &impl Source, room_id: i64, cell: &Cell) -> Result<Parts, StoreError> {
    let own = counted(room_id)
        .filter(entry::Column::Cell.eq(cell.to_column()))
        .order_by_asc(entry::Column::Hash)
        .all(db.connection())
        .await?;
    let mut items: Vec<Item> = own.iter().map(seen).collect::<Result<_, _>>()?;
    items.extend(replies_read(db, room_id, &items).await?);
    let statements = match cell {
        Cell::Line(_, principal) => mandate_statements(db, room_id, principal).await?,
        _ => Vec::new(),
    };
    let modifiers = modifiers_of(db, room_id, items.iter().chain(&statements)).await?;
    Ok(Parts { items, statements, modifiers })
}

/// What a principal signed about who may act for it: its delegations and, where it has any, its Deletes.
pub async fn mandate_statements(
    db: &impl Source,
    room_id: i64,
    principal: &str,
) -> Result<Vec<Item>, StoreError> {
    let signed = || counted(room_id).filter(entry::Column::Actor.eq(principal));
    let delegations = signed()
        .filter(entry::Column::Kind.eq(Kind::Delegation.word()))
        .order_by_asc(entry::Column::Hash)
        .all(db.connection())
        .await?;
    if delegations.is_empty() {
        return Ok(Vec::new());
    }
    let deletes = signed()
        .filter(entry::Column::ActType.eq("Delete"))
        .order_by_asc(entry::Column::Hash)
        .all(db.connection())
        .await?;
    delegations.iter().chain(&deletes).map(read).collect()
}

/// Every Undo, Delete, receipt and Reading that counts and names one of these items, its object or its actor.
pub async fn modifiers_of(
    db: &impl Source,
    room_id: i64,
    items: impl Iterator<Item = &Item>,
) -> Result<Vec<Item>, StoreError> {
    let names: Vec<String> = names_of(items).into_iter().collect();
    let mut modifiers = BTreeMap::new();
    for some in names.chunks(500) {
        for row in modifiers_in(room_id, some).all(db.connection()).await? {
            modifiers.insert(row.hash.clone(), read(&row)?);
        }
    }
    Ok(modifiers.into_values().collect())
}

/// By what these items can be named.
fn names_of<'a>(items: impl Iterator<Item = &'a Item>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in items {
        names.extend([item.id.clone(), item.hash.to_string(), item.actor.clone(), item.voice()]);
        names.extend(id_of(&item.document, "object"));
    }
    names
}

/// Whether an item says something of what it names.
fn modifies(item: &Item) -> bool {
    matches!(item.kind, Kind::Receipt | Kind::Reading)
        || matches!(item.act_type.as_str(), "Undo" | "Delete")
}

/// The same of the entries of a room that count, as far as they name one of these.
fn modifiers_in<'a>(
    room_id: i64,
    names: impl IntoIterator<Item = &'a String>,
) -> Select<entry::Entity> {
    counted(room_id).filter(entry::Column::Object.is_in(names)).filter(
        Condition::any()
            .add(entry::Column::Kind.is_in([Kind::Receipt.word(), Kind::Reading.word()]))
            .add(entry::Column::ActType.is_in(["Undo", "Delete"])),
    )
}

/// The entries of a room that count.
fn counted(room_id: i64) -> sea_orm::Select<entry::Entity> {
    entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Verdict.ne(Verdict::Held.word()))
}

/// Reads again which cell each act of a room's log belongs to: a later version of this program may divide the state
/// otherwise.
pub async fn reassign_cells(tx: &Tx, room_id: i64) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let rows = page(tx, room_id, after, 500).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        for row in rows {
            let item = Item::read(&row.body).map_err(|error| damaged(&row, &error))?;
            let cell = item.cell.as_ref().map(Cell::to_column);
            if cell != row.cell {
                let mut row = row.into_active_model();
                row.cell = Set(cell);
                row.update(tx.connection()).await?;
            }
        }
    }
}

/// Every cell that a room's log has.
pub async fn cells(db: &impl Source, room_id: i64) -> Result<BTreeSet<Cell>, StoreError> {
    let columns: Vec<Option<String>> = entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Cell.is_not_null())
        .select_only()
        .column(entry::Column::Cell)
        .distinct()
        .into_tuple()
        .all(db.connection())
        .await?;
    Ok(columns.into_iter().flatten().filter_map(|column| Cell::from_column(&column)).collect())
}

/// Reads a stored entry. It was read once before it was stored, so a failure is damage.
pub fn read(row: &Entry) -> Result<Item, StoreError> {
    let damaged = |what: &str| damaged(row, &what);
    let cell = |column: &str| Cell::from_column(column).ok_or_else(|| damaged("its cell"));
    let known = Known {
        hash: row.hash.parse().map_err(|_not_hex| damaged("its hash"))?,
        kind: Kind::from_word(&row.kind).ok_or_else(|| damaged("its kind"))?,
        id: row.item_id.clone(),
        act_type: row.act_type.clone(),
        actor: row.actor.clone(),
        object: row.object.clone(),
        act_digest: row.act_digest.clone(),
        published: row.published.map(Timestamp::from_millis),
        cell: row.cell.as_deref().map(cell).transpose()?,
    };
    Item::known(known, &row.body).map_err(|error| damaged(&error.to_string()))
}

fn damaged(row: &Entry, what: &impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("entry {} of room {}: {what}", row.seq, row.room_id))
}

/// By hash.
pub async fn by_hash(
    db: &impl Source,
    room_id: i64,
    hash: EntryHash,
) -> Result<Option<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Hash.eq(hash.to_string()))
        .one(db.connection())
        .await?)
}

/// By hash, as hex, in whichever room holds it.
pub async fn by_hash_text(
    db: &impl Source,
    room_id: i64,
    hash: &str,
) -> Result<Option<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Hash.eq(hash))
        .one(db.connection())
        .await?)
}

/// All entries with this activity id, in any room.
pub async fn by_item_id(db: &impl Source, id: &str) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::ItemId.eq(id))
        .order_by_asc(entry::Column::Seq)
        .all(db.connection())
        .await?)
}

/// The newest entry about an object id that embeds it (Create or Update), in any room.
pub async fn latest_of_object(db: &impl Source, cell: &Cell) -> Result<Option<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Cell.eq(cell.to_column()))
        .filter(entry::Column::Kind.eq(Kind::Act.word()))
        .filter(entry::Column::Verdict.ne(Verdict::Held.word()))
        .order_by_desc(entry::Column::Published)
        .one(db.connection())
        .await?)
}

/// A page of a room's log, after a number.
pub async fn page(
    db: &impl Source,
    room_id: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Seq.gt(after))
        .order_by_asc(entry::Column::Seq)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// A page of what counts in a room, in the order in which it began to, after a number of that order: an entry that was
/// held first comes when it is verified.
pub async fn page_counted(
    db: &impl Source,
    room_id: i64,
    after: i64,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Counted.gt(after))
        .order_by_asc(entry::Column::Counted)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// Whether something of this cell counted before this number that made or changed the same object.
pub async fn counted_before(
    db: &impl Source,
    room_id: i64,
    cell: &Cell,
    object: &str,
    counted: i64,
) -> Result<bool, StoreError> {
    let of_object = Condition::any()
        .add(entry::Column::Object.eq(object))
        .add(entry::Column::ItemId.eq(object));
    let found: Option<i64> = entry::Entity::find()
        .select_only()
        .column(entry::Column::Seq)
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Cell.eq(cell.to_column()))
        .filter(of_object)
        .filter(entry::Column::Counted.lt(counted))
        .limit(1)
        .into_tuple()
        .one(db.connection())
        .await?;
    Ok(found.is_some())
}

/// What an actor made in a room: the acts that a Delete of the actor takes back.
pub async fn made_by(
    db: &impl Source,
    room_id: i64,
    actor: &str,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Actor.eq(actor))
        .filter(entry::Column::Cell.is_not_null())
        .order_by_desc(entry::Column::Seq)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// The newest acts of a room, newest first, receipts and the like left out.
pub async fn recent_acts(
    db: &impl Source,
    room_id: i64,
    limit: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.is_in([Kind::Act.word(), Kind::Genesis.word()]))
        .order_by_desc(entry::Column::Seq)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// When the newest acts of a room are dated, newest in the log first.
pub async fn recent_dates(
    db: &impl Source,
    room_id: i64,
    limit: u64,
) -> Result<Vec<Option<i64>>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.is_in([Kind::Act.word(), Kind::Genesis.word()]))
        .order_by_desc(entry::Column::Seq)
        .limit(limit)
        .select_only()
        .column(entry::Column::Published)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// How many entries a room's log holds.
pub async fn count(db: &impl Source, room_id: i64) -> Result<u64, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .count(db.connection())
        .await?)
}

/// Whether the log holds an item of this kind that names this object.
pub async fn holds(
    db: &impl Source,
    room_id: i64,
    kind: Kind,
    object: &str,
) -> Result<bool, StoreError> {
    let found = entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.eq(kind.word()))
        .filter(entry::Column::Object.eq(object))
        .count(db.connection())
        .await?;
    Ok(found > 0)
}

/// The statements of a kind that name an object.
pub async fn naming(
    db: &impl Source,
    room_id: i64,
    kind: Kind,
    object: &str,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.eq(kind.word()))
        .filter(entry::Column::Object.eq(object))
        .order_by_asc(entry::Column::Seq)
        .all(db.connection())
        .await?)
}

/// The snapshots of these actors that a room's log holds, first to last.
pub async fn snapshots_of(
    db: &impl Source,
    room_id: i64,
    actors: &[&str],
) -> Result<Vec<Entry>, StoreError> {
    let mut rows = snapshots_in(room_id, actors).all(db.connection()).await?;
    rows.sort_unstable_by_key(|row| row.seq);
    Ok(rows)
}

/// Not in their order: asked for that, SQLite reads the whole room in it.
fn snapshots_in(room_id: i64, actors: &[&str]) -> Select<entry::Entity> {
    entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.eq(Kind::Snapshot.word()))
        .filter(entry::Column::Object.is_in(actors.iter().copied()))
}

/// Whether a room's log holds this act of this object, and counts it.
pub async fn counts_act(
    db: &impl Source,
    room_id: i64,
    object: &str,
    act_digest: &str,
) -> Result<bool, StoreError> {
    let found = counted(room_id)
        .filter(entry::Column::Object.eq(object))
        .filter(entry::Column::ActDigest.eq(act_digest))
        .count(db.connection())
        .await?;
    Ok(found > 0)
}

/// The Witnesses of this act of this object in a room, whatever was found out about them.
pub async fn witnesses(
    db: &impl Source,
    room_id: i64,
    object: &str,
    act_digest: &str,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.eq(Kind::Witness.word()))
        .filter(entry::Column::Object.eq(object))
        .filter(entry::Column::ActDigest.eq(act_digest))
        .order_by_asc(entry::Column::Seq)
        .all(db.connection())
        .await?)
}

/// The rooms an entry is known to be at.
pub fn sent_to(row: &Entry) -> BTreeSet<String> {
    list(&row.sent_to)
}

fn list(text: &str) -> BTreeSet<String> {
    serde_json::from_str(text).unwrap_or_default()
}

fn words(set: &BTreeSet<String>) -> String {
    serde_json::to_string(set).unwrap_or_else(|_never| "[]".to_owned())
}

/// The latest time an actor gave any act held here.
pub async fn last_published(
    db: &impl Source,
    actor: &str,
) -> Result<Option<Timestamp>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Actor.eq(actor))
        .filter(entry::Column::Published.is_not_null())
        .order_by_desc(entry::Column::Published)
        .one(db.connection())
        .await?
        .and_then(|row| row.published)
        .map(Timestamp::from_millis))
}

/// The newest entries of an actor's acts, newest first, after an offset: its outbox.
pub async fn acts_by(
    db: &impl Source,
    actor: &str,
    limit: u64,
    offset: u64,
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Actor.eq(actor))
        .filter(entry::Column::Kind.eq(Kind::Act.word()))
        .order_by_desc(entry::Column::Published)
        .order_by_desc(entry::Column::Seq)
        .limit(limit)
        .offset(offset)
        .all(db.connection())
        .await?)
}

/// The rooms in which an actor has acted, founding them included, by number.
pub async fn rooms_of(db: &impl Source, actor: &str) -> Result<Vec<i64>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Actor.eq(actor))
        .filter(entry::Column::Kind.is_in([Kind::Act.word(), Kind::Genesis.word()]))
        .select_only()
        .column(entry::Column::RoomId)
        .distinct()
        .order_by_asc(entry::Column::RoomId)
        .into_tuple()
        .all(db.connection())
        .await?)
}

/// How many acts of an actor are held.
pub async fn count_acts_by(db: &impl Source, actor: &str) -> Result<u64, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Actor.eq(actor))
        .filter(entry::Column::Kind.eq(Kind::Act.word()))
        .count(db.connection())
        .await?)
}

/// Every entry that made or changed an object, newest first: its history (FEP-bad1).
pub async fn of_object(db: &impl Source, cell: &Cell) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Cell.eq(cell.to_column()))
        .filter(entry::Column::Verdict.ne(Verdict::Held.word()))
        .order_by_desc(entry::Column::Published)
        .order_by_desc(entry::Column::Seq)
        .all(db.connection())
        .await?)
}

/// Entries that are held but not verified yet, oldest first.
pub async fn held(db: &impl Source, limit: u64) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Verdict.eq(Verdict::Held.word()))
        .order_by_asc(entry::Column::TakenAt)
        .limit(limit)
        .all(db.connection())
        .await?)
}

/// The entry with this hash, in whichever room holds it: of several rooms the oldest.
pub async fn find(db: &impl Source, hash: &str) -> Result<Option<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::Hash.eq(hash))
        .order_by_asc(entry::Column::RoomId)
        .one(db.connection())
        .await?)
}

/// The receipts that a room's log holds for any of these entries, those that are verified, first to last.
pub async fn receipts_for(
    db: &impl Source,
    room_id: i64,
    hashes: &[String],
) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    for some in hashes.chunks(500) {
        let rows = entry::Entity::find()
            .filter(entry::Column::RoomId.eq(room_id))
            .filter(entry::Column::Object.is_in(some.iter().cloned()))
            .filter(entry::Column::Kind.eq(Kind::Receipt.word()))
            .filter(entry::Column::Verdict.ne(Verdict::Held.word()))
            .order_by_asc(entry::Column::Seq);
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// The entries of these kinds in a room that count, by date and hash: the order does not depend on how they came.
pub async fn of_kinds(
    db: &impl Source,
    room_id: i64,
    kinds: &[Kind],
) -> Result<Vec<Entry>, StoreError> {
    Ok(entry::Entity::find()
        .filter(entry::Column::RoomId.eq(room_id))
        .filter(entry::Column::Kind.is_in(kinds.iter().map(|kind| kind.word())))
        .filter(entry::Column::Verdict.ne(Verdict::Held.word()))
        .order_by_asc(entry::Column::Published)
        .order_by_asc(entry::Column::Hash)
        .all(db.connection())
        .await?)
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait as _, DbBackend, QueryTrait as _, Statement};

    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn what_every_act_asks_reads_no_whole_room() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("polylogue.db").display());
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let of = |column: entry::Column| Condition::all().add(column.eq("x"));
        for (asked, select) in [
            ("snapshots", snapshots_in(1, &["a", "b"])),
            ("an item", named_in(1, of(entry::Column::ItemId))),
            ("an entry", named_in(1, of(entry::Column::Hash))),
        ] {
            let query = select.build(DbBackend::Sqlite).to_string();
            let explain =
                Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {query}"));
            let plan = store.connection().query_all_raw(explain).await.unwrap();
            let steps: Vec<String> =
                plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(
                steps.iter().any(|step| step.starts_with("SEARCH entry")),
                "{asked}: {steps:?}"
            );
            for step in steps {
                let whole = step.starts_with("SCAN")
                    || step.ends_with("(room_id=?)")
                    || step.ends_with(">?)");
                assert!(!whole, "{asked}: {step}");
            }
        }
        store.close().await.unwrap();
    }
}

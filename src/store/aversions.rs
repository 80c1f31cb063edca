//! Whom and what accounts here do not want to read. It changes what they read themselves, and nothing that is held: no
//! question of anybody else knows these tables.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
    Select, sea_query::SelectStatement,
};

use super::{
    Source, StoreError, Tx,
    entity::{actor, block, domain_block, mute, muted_thread},
    insert_row,
    posts::Window,
};

pub use super::entity::{
    block::Model as Block, domain_block::Model as DomainBlock, mute::Model as Mute,
    muted_thread::Model as MutedThread,
};

/// Ids asked for at once.
const CHUNK: usize = 500;

/// What one reader does not want to read: which of the tables have anything of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a table that need not be asked")]
pub struct Aversions {
    account_id: i64,
    actor: String,
    now: i64,
    mutes: bool,
    blocks: bool,
    domains: bool,
    threads: bool,
}

impl Aversions {
    /// Of an account that speaks as this actor, at this moment.
    pub async fn of(
        db: &impl Source,
        account_id: i64,
        actor: &str,
        now: i64,
    ) -> Result<Self, StoreError> {
        let connection = db.connection();
        let all = Self { account_id, actor: actor.to_owned(), now, ..Self::default() };
        Ok(Self {
            mutes: all.muted().one(connection).await?.is_some(),
            blocks: all.blocked().one(connection).await?.is_some(),
            domains: domain_block::Entity::find()
                .filter(domain_block::Column::AccountId.eq(account_id))
                .one(connection)
                .await?
                .is_some(),
            threads: muted_thread::Entity::find()
                .filter(muted_thread::Column::AccountId.eq(account_id))
                .one(connection)
                .await?
                .is_some(),
            ..all
        })
    }

    fn muted(&self) -> Select<mute::Entity> {
        mute::Entity::find().filter(mute::Column::AccountId.eq(self.account_id)).filter(
            Condition::any()
                .add(mute::Column::Until.is_null())
                .add(mute::Column::Until.gt(self.now)),
        )
    }

    fn blocked(&self) -> Select<block::Entity> {
        block::Entity::find().filter(block::Column::Blocker.eq(&self.actor))
    }

    /// Ids of all who live on servers that are blocked.
    fn of_domains(&self) -> SelectStatement {
        let domains = domain_block::Entity::find()
            .select_only()
            .column(domain_block::Column::Domain)
            .filter(domain_block::Column::AccountId.eq(self.account_id))
            .into_query();
        actor::Entity::find()
            .select_only()
            .column(actor::Column::Uri)
            .filter(actor::Column::Host.in_subquery(domains))
            .into_query()
    }

    /// That a column names nobody who is not to be read.
    pub fn spare(&self, actor: impl ColumnTrait) -> Condition {
        self.without(actor, self.muted())
    }

    /// That a column names no room of ours, by key, that is not to be read: what is said in it is other people's.
    pub fn spare_rooms(&self, room: impl ColumnTrait) -> Condition {
        let mut spared = Condition::all();
        let rooms = |uris: SelectStatement| {
            actor::Entity::find()
                .select_only()
                .column(actor::Column::Id)
                .filter(actor::Column::Uri.in_subquery(uris))
                .into_query()
        };
        if self.mutes {
            let muted = self.muted().select_only().column(mute::Column::ActorUri).into_query();
            spared = spared.add(room.not_in_subquery(rooms(muted)));
        }
        if self.blocks {
            let blocked = self.blocked().select_only().column(block::Column::Blocked).into_query();
            spared = spared.add(room.not_in_subquery(rooms(blocked)));
        }
        spared
    }

    /// That a column names nobody of whom nothing is to be told.
    fn tell(&self, actor: impl ColumnTrait) -> Condition {
        self.without(actor, self.muted().filter(mute::Column::Notices.eq(true)))
    }

    fn without(&self, actor: impl ColumnTrait, muted: Select<mute::Entity>) -> Condition {
        let mut spared = Condition::all();
        if self.mutes {
            let muted = muted.select_only().column(mute::Column::ActorUri).into_query();
            spared = spared.add(actor.not_in_subquery(muted));
        }
        if self.blocks {
            let blocked = self.blocked().select_only().column(block::Column::Blocked).into_query();
            spared = spared.add(actor.not_in_subquery(blocked));
        }
        if self.domains {
            spared = spared.add(actor.not_in_subquery(self.of_domains()));
        }
        spared
    }

    /// That a notice, by these columns, is neither of somebody nor of a discussion of whom nothing is to be told. What
    /// kind it is decides first: whose position names an earlier text must hear of the later one, whoever wrote it.
    pub fn told(
        &self,
        always: Condition,
        actor: impl ColumnTrait,
        opinion: impl ColumnTrait,
    ) -> Condition {
        let mut told = self.tell(actor);
        if self.threads {
            let muted = muted_thread::Entity::find()
                .select_only()
                .column(muted_thread::Column::OpinionUri)
                .filter(muted_thread::Column::AccountId.eq(self.account_id))
                .into_query();
            told = told.add(opinion.not_in_subquery(muted));
        }
        if told.is_empty() { told } else { Condition::any().add(always).add(told) }
    }
}

/// Which of these actors are not to be read.
pub async fn hidden(
    db: &impl Source,
    aversions: &Aversions,
    actors: &[String],
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    if aversions.mutes {
        for some in actors.chunks(CHUNK) {
            let rows: Vec<String> = aversions
                .muted()
                .filter(mute::Column::ActorUri.is_in(some.iter().cloned()))
                .select_only()
                .column(mute::Column::ActorUri)
                .into_tuple()
                .all(db.connection())
                .await?;
            found.extend(rows);
        }
    }
    if aversions.blocks {
        found.extend(blocked(db, &aversions.actor, actors).await?);
    }
    if aversions.domains {
        for some in actors.chunks(CHUNK) {
            let rows: Vec<String> = actor::Entity::find()
                .filter(actor::Column::Uri.in_subquery(aversions.of_domains()))
                .filter(actor::Column::Uri.is_in(some.iter().cloned()))
                .select_only()
                .column(actor::Column::Uri)
                .into_tuple()
                .all(db.connection())
                .await?;
            found.extend(rows);
        }
    }
    Ok(found)
}

/// The mutes of these actors by an account that stand.
pub async fn mutes_of(
    db: &impl Source,
    account_id: i64,
    actors: &[String],
    now: i64,
) -> Result<Vec<Mute>, StoreError> {
    let all = Aversions { account_id, now, ..Aversions::default() };
    let mut found = Vec::new();
    for some in actors.chunks(CHUNK) {
        let rows = all.muted().filter(mute::Column::ActorUri.is_in(some.iter().cloned()));
        found.extend(rows.all(db.connection()).await?);
    }
    Ok(found)
}

/// An account's mutes that stand, the latest first.
pub async fn mutes(
    db: &impl Source,
    account_id: i64,
    now: i64,
    window: Window,
) -> Result<Vec<Mute>, StoreError> {
    let all = Aversions { account_id, now, ..Aversions::default() };
    let rows = window.of(all.muted(), mute::Column::Id).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.id))
}

/// Puts a mute in place of the one before.
pub async fn mute(tx: &Tx, row: Mute) -> Result<(), StoreError> {
    unmute(tx, row.account_id, &row.actor_uri).await?;
    insert_row(tx, row).await
}

/// Ends a mute.
pub async fn unmute(tx: &Tx, account_id: i64, actor: &str) -> Result<(), StoreError> {
    mute::Entity::delete_by_id((account_id, actor.to_owned())).exec(tx.connection()).await?;
    Ok(())
}

/// Which of these an actor blocks.
pub async fn blocked(
    db: &impl Source,
    blocker: &str,
    actors: &[String],
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for some in actors.chunks(CHUNK) {
        let rows: Vec<String> = block::Entity::find()
            .filter(block::Column::Blocker.eq(blocker))
            .filter(block::Column::Blocked.is_in(some.iter().cloned()))
            .select_only()
            .column(block::Column::Blocked)
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Whom an account's actor blocks, the latest first.
pub async fn blocks(
    db: &impl Source,
    blocker: &str,
    window: Window,
) -> Result<Vec<Block>, StoreError> {
    let rows = block::Entity::find()
        .filter(block::Column::Blocker.eq(blocker))
        .filter(block::Column::Number.is_not_null());
    let rows = window.of(rows, block::Column::Number).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.number.unwrap_or_default()))
}

/// Which of these servers an account blocks.
pub async fn blocked_domains(
    db: &impl Source,
    account_id: i64,
    domains: &[String],
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for some in domains.chunks(CHUNK) {
        let rows: Vec<String> = domain_block::Entity::find()
            .filter(domain_block::Column::AccountId.eq(account_id))
            .filter(domain_block::Column::Domain.is_in(some.iter().cloned()))
            .select_only()
            .column(domain_block::Column::Domain)
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// The servers that an account blocks, the latest first.
pub async fn domain_blocks(
    db: &impl Source,
    account_id: i64,
    window: Window,
) -> Result<Vec<DomainBlock>, StoreError> {
    let rows = domain_block::Entity::find().filter(domain_block::Column::AccountId.eq(account_id));
    let rows = window.of(rows, domain_block::Column::Id).all(db.connection()).await?;
    Ok(window.cut(rows, |row| row.id))
}

/// How many servers an account blocks.
pub async fn count_domain_blocks(db: &impl Source, account_id: i64) -> Result<u64, StoreError> {
    Ok(domain_block::Entity::find()
        .filter(domain_block::Column::AccountId.eq(account_id))
        .count(db.connection())
        .await?)
}

/// Blocks a server; the same again changes nothing.
pub async fn block_domain(tx: &Tx, row: DomainBlock) -> Result<(), StoreError> {
    let key = (row.account_id, row.domain.clone());
    if domain_block::Entity::find_by_id(key).one(tx.connection()).await?.is_none() {
        insert_row(tx, row).await?;
    }
    Ok(())
}

/// Blocks a server no more.
pub async fn unblock_domain(tx: &Tx, account_id: i64, domain: &str) -> Result<(), StoreError> {
    let key = (account_id, domain.to_owned());
    domain_block::Entity::delete_by_id(key).exec(tx.connection()).await?;
    Ok(())
}

/// Which of these discussions an account wants to be told nothing of.
pub async fn muted_threads(
    db: &impl Source,
    account_id: i64,
    opinions: &[String],
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for some in opinions.chunks(CHUNK) {
        let rows: Vec<String> = muted_thread::Entity::find()
            .filter(muted_thread::Column::AccountId.eq(account_id))
            .filter(muted_thread::Column::OpinionUri.is_in(some.iter().cloned()))
            .select_only()
            .column(muted_thread::Column::OpinionUri)
            .into_tuple()
            .all(db.connection())
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Mutes a discussion, or ends that.
pub async fn mute_thread(tx: &Tx, row: MutedThread, muted: bool) -> Result<(), StoreError> {
    let key = (row.account_id, row.opinion_uri.clone());
    muted_thread::Entity::delete_by_id(key).exec(tx.connection()).await?;
    if muted { insert_row(tx, row).await } else { Ok(()) }
}

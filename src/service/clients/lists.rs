//! Lists: people and rooms whom somebody follows and reads together.

use super::{people::PersonView, posts::PostView};
use crate::{
    base::limits,
    domain::{filter::FilterContext, markup},
    service::{Caller, FieldError, Service, ServiceError},
    store::{
        Tx, actors, follows,
        lists::{self, ListMember},
        posts::{self, Circle, OPINION, Shelf, Window},
    },
};

pub use crate::store::lists::List;

/// Whose answers a list shows.
const POLICIES: &[&str] = &[FOLLOWED, "list", NONE];
/// Those to people whom its owner follows.
const FOLLOWED: &str = "followed";
/// None.
const NONE: &str = "none";

/// What a list is to be; what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct ListChange {
    /// Its name.
    pub title: Option<String>,
    /// `followed`, `list` or `none`.
    pub replies_policy: Option<String>,
    /// Whether its members are left out at home.
    pub exclusive: Option<bool>,
}

impl ListChange {
    fn made_to(self, mut list: List) -> Result<List, ServiceError> {
        let mut wrong = Vec::new();
        if let Some(title) = self.title {
            list.title = markup::clean_line(&title);
        }
        let max = limits::LIST_TITLE_CHARS_MAX;
        crate::service::topics::length(&mut wrong, "title", &list.title, max);
        if let Some(policy) = self.replies_policy {
            if !POLICIES.contains(&policy.as_str()) {
                let one_of = format!("must be one of: {}", POLICIES.join(", "));
                wrong.push(FieldError::new("replies_policy", one_of));
            }
            list.replies_policy = policy;
        }
        list.exclusive = self.exclusive.unwrap_or(list.exclusive);
        if wrong.is_empty() { Ok(list) } else { Err(ServiceError::Invalid(wrong)) }
    }
}

impl Service {
    /// A caller's lists, oldest first.
    pub async fn lists(&self, caller: &Caller) -> Result<Vec<List>, ServiceError> {
        Ok(lists::of(&self.store, caller.account_id).await?)
    }

    /// One list of the caller's.
    pub async fn list(&self, caller: &Caller, key: i64) -> Result<List, ServiceError> {
        let list = lists::by_id(&self.store, caller.account_id, key).await?;
        list.ok_or(ServiceError::NotFound { what: "list" })
    }

    /// Makes a list.
    pub async fn create_list(
        &self,
        caller: &Caller,
        new: ListChange,
    ) -> Result<List, ServiceError> {
        Self::may_act(caller)?;
        let list = new.made_to(List {
            id: self.new_id(),
            account_id: caller.account_id,
            title: String::new(),
            replies_policy: "list".to_owned(),
            exclusive: false,
        })?;
        let tx = self.begin_as(caller).await?;
        if lists::count(&tx, caller.account_id).await? >= limits::LISTS_MAX {
            let max = limits::LISTS_MAX;
            return Err(ServiceError::invalid("title", format!("there are {max} lists already")));
        }
        lists::insert(&tx, list.clone()).await?;
        tx.commit().await?;
        Ok(list)
    }

    /// Changes a list.
    pub async fn change_list(
        &self,
        caller: &Caller,
        key: i64,
        change: ListChange,
    ) -> Result<List, ServiceError> {
        Self::may_act(caller)?;
        let list = change.made_to(self.list(caller, key).await?)?;
        let tx = self.begin_as(caller).await?;
        lists::save(&tx, list.clone()).await?;
        tx.commit().await?;
        Ok(list)
    }

    /// Deletes a list.
    pub async fn delete_list(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let list = self.list(caller, key).await?;
        let tx = self.begin_as(caller).await?;
        lists::delete(&tx, list.id).await?;
        Ok(tx.commit().await?)
    }

    /// Who is on a list, the latest first, with the place of each.
    pub async fn list_members(
        &self,
        caller: &Caller,
        key: i64,
        window: Window,
    ) -> Result<Vec<(i64, PersonView)>, ServiceError> {
        let list = self.list(caller, key).await?;
        let rows = lists::members(&self.store, list.id, window).await?;
        let people = self.persons(rows.iter().map(|row| row.actor_uri.clone())).await?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.id, people.get(&row.actor_uri)?.as_ref().clone())))
            .collect())
    }

    /// Puts people and rooms on a list whom the caller follows, or asked to; all of them or none.
    pub async fn add_to_list(
        &self,
        caller: &Caller,
        key: i64,
        people: &[i64],
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let list = self.list(caller, key).await?;
        let rows = actors::by_ids(&self.store, people).await?;
        let tx = self.begin_as(caller).await?;
        for person in people {
            let not_here = || ServiceError::NotFound { what: "account" };
            let row = rows.iter().find(|row| row.id == *person).ok_or_else(not_here)?;
            follows::between(&tx, &caller.actor.uri, &row.uri).await?.ok_or_else(not_here)?;
            let member =
                ListMember { list_id: list.id, actor_uri: row.uri.clone(), id: self.new_id() };
            if !lists::add(&tx, member).await? {
                return Err(ServiceError::invalid("account_ids", "is on the list already"));
            }
        }
        if lists::count_members(&tx, list.id).await? > limits::LIST_MEMBERS_MAX {
            let max = limits::LIST_MEMBERS_MAX;
            return Err(ServiceError::invalid("account_ids", format!("a list has at most {max}")));
        }
        Ok(tx.commit().await?)
    }

    /// Takes people and rooms off a list.
    pub async fn take_off_list(
        &self,
        caller: &Caller,
        key: i64,
        people: &[i64],
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let list = self.list(caller, key).await?;
        let rows = actors::by_ids(&self.store, people).await?;
        let uris: Vec<String> = rows.into_iter().map(|row| row.uri).collect();
        let tx = self.begin_as(caller).await?;
        lists::remove(&tx, &[list.id], &uris).await?;
        Ok(tx.commit().await?)
    }

    /// The caller's lists that somebody is on.
    pub async fn lists_with(&self, caller: &Caller, key: i64) -> Result<Vec<List>, ServiceError> {
        let other = self.actor_keyed(key).await?;
        Ok(lists::with(&self.store, caller.account_id, &other.uri).await?)
    }

    /// Takes somebody off all of the caller's lists.
    pub(super) async fn leave_lists(
        &self,
        tx: &Tx,
        caller: &Caller,
        actor: &str,
    ) -> Result<(), ServiceError> {
        let ids: Vec<i64> =
            lists::of(tx, caller.account_id).await?.into_iter().map(|list| list.id).collect();
        Ok(lists::remove(tx, &ids, &[actor.to_owned()]).await?)
    }

    /// Whom the caller's exclusive lists keep away from home.
    pub(super) async fn kept_from_home(
        &self,
        caller: &Caller,
    ) -> Result<Vec<String>, ServiceError> {
        let mut all = lists::of(&self.store, caller.account_id).await?;
        all.retain(|list| list.exclusive);
        let ids: Vec<i64> = all.into_iter().map(|list| list.id).collect();
        Ok(lists::on(&self.store, &ids).await?)
    }

    /// What those on a list wrote: of rooms the opinions; of people their opinions, and of their answers those that the
    /// list is for.
    pub async fn list_posts(
        &self,
        caller: &Caller,
        key: i64,
        window: Window,
    ) -> Result<Vec<PostView>, ServiceError> {
        let list = self.list(caller, key).await?;
        let members = lists::on(&self.store, &[list.id]).await?;
        let circle = match list.replies_policy.as_str() {
            NONE => None,
            FOLLOWED => Some(Circle::Followed(caller.actor.uri.clone())),
            _ => Some(Circle::List(list.id, caller.actor.uri.clone())),
        };
        let mut shelves = Vec::new();
        for actor in actors::by_uris(&self.store, &members).await? {
            for shelf in self.shelves_of(&actor, false).await? {
                match (shelf, &circle) {
                    (Shelf::By(author, kind), Some(circle)) if kind != OPINION => {
                        shelves.push(Shelf::Within(author, kind, circle.clone()));
                    }
                    (Shelf::By(_, kind), None) if kind != OPINION => {}
                    (shelf, _) => shelves.push(shelf),
                }
            }
        }
        shelves.sort_unstable();
        shelves.dedup();
        let reader = self.aversions(caller).await?;
        let rows = posts::page(&self.store, &shelves, window, Some(&reader)).await?;
        self.post_views_in(&rows, Some(caller), FilterContext::Home).await
    }
}

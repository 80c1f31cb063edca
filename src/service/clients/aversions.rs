//! Whom and what somebody does not want to read: mutes, blocks, servers, discussions. The record is public and common, so
//! that none of this takes anything out of a discussion: it is left out where one reader reads, and ends follows
//! (docs/decisions/0014).

use std::collections::BTreeSet;

use super::people::PersonView;
use crate::{
    base::limits,
    domain::audience::Audience,
    protocol::compose::{Addressing, Envelope},
    service::{Caller, Service, ServiceError},
    store::{
        Tx, accounts,
        actors::{self, Actor},
        aversions::{self, Aversions, Block, DomainBlock, Mute, MutedThread},
        blocks, follows,
        posts::Window,
    },
};

const SECOND_MILLIS: i64 = 1_000;

/// How somebody is muted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewMute {
    /// Nothing that they do is told either.
    pub notices: bool,
    /// How long, in seconds; none for ever.
    pub seconds: Option<i64>,
}

impl Service {
    /// What a caller does not want to read.
    pub(in crate::service) async fn aversions(
        &self,
        caller: &Caller,
    ) -> Result<Aversions, ServiceError> {
        let now = self.now().as_millis();
        Ok(Aversions::of(&self.store, caller.account_id, &caller.actor.uri, now).await?)
    }

    pub(super) async fn aversions_of(
        &self,
        reader: Option<&Caller>,
    ) -> Result<Option<Aversions>, ServiceError> {
        match reader {
            Some(reader) => Ok(Some(self.aversions(reader).await?)),
            None => Ok(None),
        }
    }

    /// Which of these actors a reader does not want to read: streams and pushes ask it of what they are about to send.
    pub async fn hidden_from(
        &self,
        reader: Option<&Caller>,
        actors: Vec<String>,
    ) -> Result<BTreeSet<String>, ServiceError> {
        let Some(reader) = self.aversions_of(reader).await? else { return Ok(BTreeSet::new()) };
        Ok(aversions::hidden(&self.store, &reader, &actors).await?.into_iter().collect())
    }

    /// Somebody else, whom one may mute or block.
    async fn other(&self, caller: &Caller, key: i64) -> Result<Actor, ServiceError> {
        Self::may_act(caller)?;
        let other = self.actor_keyed(key).await?;
        if other.uri == caller.actor.uri {
            return Err(ServiceError::invalid("id", "this is yourself"));
        }
        Ok(other)
    }

    /// Mutes somebody, anew where they are muted already.
    pub async fn mute_person(
        &self,
        caller: &Caller,
        key: i64,
        new: NewMute,
    ) -> Result<(), ServiceError> {
        let other = self.other(caller, key).await?;
        let now = self.now().as_millis();
        let row = Mute {
            account_id: caller.account_id,
            actor_uri: other.uri,
            id: self.new_id(),
            notices: new.notices,
            until: new
                .seconds
                .filter(|seconds| *seconds > 0)
                .map(|seconds| now.saturating_add(seconds.saturating_mul(SECOND_MILLIS))),
        };
        let tx = self.begin_as(caller).await?;
        aversions::mute(&tx, row).await?;
        Ok(tx.commit().await?)
    }

    /// Mutes somebody no more.
    pub async fn unmute_person(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        let other = self.other(caller, key).await?;
        let tx = self.begin_as(caller).await?;
        aversions::unmute(&tx, caller.account_id, &other.uri).await?;
        Ok(tx.commit().await?)
    }

    /// Whom a caller mutes, the latest first: place in the list, person, and until when.
    pub async fn muted_people(
        &self,
        caller: &Caller,
        window: Window,
    ) -> Result<Vec<(i64, PersonView, Option<i64>)>, ServiceError> {
        let now = self.now().as_millis();
        let rows = aversions::mutes(&self.store, caller.account_id, now, window).await?;
        let people = self.persons(rows.iter().map(|row| row.actor_uri.clone())).await?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                Some((row.id, people.get(&row.actor_uri)?.as_ref().clone(), row.until))
            })
            .collect())
    }

    /// Blocks somebody: neither follows the other from now on. They are told no more than that their follow ended: a Block
    /// would have their server hide what is public from them.
    pub async fn block_person(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        let other = self.other(caller, key).await?;
        let tx = self.begin_as(caller).await?;
        let own = &caller.actor.uri;
        if aversions::blocked(&tx, own, std::slice::from_ref(&other.uri)).await?.is_empty() {
            self.part(&tx, caller, &other).await?;
            let number = self.new_id();
            let row = Block {
                blocker: own.clone(),
                blocked: other.uri,
                activity_uri: self.paths.activity(number),
                created_at: self.now().as_millis(),
                number: Some(number),
            };
            blocks::save(&tx, row).await?;
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// Blocks somebody no more. What ended is not begun again.
    pub async fn unblock_person(&self, caller: &Caller, key: i64) -> Result<(), ServiceError> {
        let other = self.other(caller, key).await?;
        let tx = self.begin_as(caller).await?;
        blocks::delete(&tx, &caller.actor.uri, &other.uri).await?;
        Ok(tx.commit().await?)
    }

    /// Whom a caller blocks, the latest first, with the place of each in the list.
    pub async fn blocked_people(
        &self,
        caller: &Caller,
        window: Window,
    ) -> Result<Vec<(i64, PersonView)>, ServiceError> {
        let rows = aversions::blocks(&self.store, &caller.actor.uri, window).await?;
        let people = self.persons(rows.iter().map(|row| row.blocked.clone())).await?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.number?, people.get(&row.blocked)?.as_ref().clone())))
            .collect())
    }

    /// Blocks a whole server.
    pub async fn block_domain(&self, caller: &Caller, domain: &str) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let domain = read_domain(domain)?;
        if domain == self.paths.domain() {
            return Err(ServiceError::invalid("domain", "this is your own server"));
        }
        let tx = self.begin_as(caller).await?;
        let (account_id, own) = (caller.account_id, &caller.actor.uri);
        let mut others: BTreeSet<String> = BTreeSet::new();
        others.extend(follows::following(&tx, own).await?.into_iter().map(|row| row.followee));
        others.extend(follows::followers(&tx, own).await?.into_iter().map(|row| row.follower));
        let others: Vec<String> = others.into_iter().collect();
        for other in actors::by_uris(&tx, &others).await? {
            if other.host == domain {
                self.part(&tx, caller, &other).await?;
            }
        }
        let row = DomainBlock { account_id, domain, id: self.new_id() };
        aversions::block_domain(&tx, row).await?;
        if aversions::count_domain_blocks(&tx, account_id).await? > limits::DOMAIN_BLOCKS_MAX {
            let max = limits::DOMAIN_BLOCKS_MAX;
            return Err(ServiceError::invalid("domain", format!("you block {max} already")));
        }
        tx.commit().await?;
        self.wake.after_act();
        Ok(())
    }

    /// Blocks a server no more.
    pub async fn unblock_domain(&self, caller: &Caller, domain: &str) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let tx = self.begin_as(caller).await?;
        aversions::unblock_domain(&tx, caller.account_id, &read_domain(domain)?).await?;
        Ok(tx.commit().await?)
    }

    /// The servers that a caller blocks, the latest first, with the place of each in the list.
    pub async fn blocked_domains(
        &self,
        caller: &Caller,
        window: Window,
    ) -> Result<Vec<(i64, String)>, ServiceError> {
        let rows = aversions::domain_blocks(&self.store, caller.account_id, window).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.domain)).collect())
    }

    /// Mutes the discussion that a post stands in, or ends that: nothing of it is told any more. What asks for an answer
    /// is, and it is read as before.
    pub async fn mute_thread(
        &self,
        caller: &Caller,
        key: i64,
        muted: bool,
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let (head, _) = self.head_of(key).await?;
        let opinion_uri = head.ok_or(ServiceError::NotFound { what: "status" })?;
        let tx = self.begin_as(caller).await?;
        let row = MutedThread { account_id: caller.account_id, opinion_uri };
        aversions::mute_thread(&tx, row, muted).await?;
        Ok(tx.commit().await?)
    }

    /// Whether somebody of ours does not let somebody follow.
    pub async fn refuses_follower(
        &self,
        followed: &Actor,
        follower: &Actor,
    ) -> Result<bool, ServiceError> {
        let asked = std::slice::from_ref(&follower.uri);
        if !aversions::blocked(&self.store, &followed.uri, asked).await?.is_empty() {
            return Ok(true);
        }
        let Some(account) = accounts::by_actor(&self.store, followed.id).await? else {
            return Ok(false);
        };
        let host = std::slice::from_ref(&follower.host);
        Ok(!aversions::blocked_domains(&self.store, account.id, host).await?.is_empty())
    }

    /// Ends what two follow of each other, and tells the other's server where it must know.
    async fn part(&self, tx: &Tx, caller: &Caller, other: &Actor) -> Result<(), ServiceError> {
        let own = &caller.actor.uri;
        self.end_follow(tx, caller, other).await?;
        if let Some(row) = follows::between(tx, &other.uri, own).await? {
            follows::delete(tx, &other.uri, own).await?;
            if !other.local {
                let id = self.paths.activity(self.new_id());
                let envelope = Envelope {
                    id: &id,
                    actor: own,
                    published: self.now(),
                    addressing: Addressing { to: vec![other.uri.clone()], cc: Vec::new() },
                    audience: None,
                };
                let follow = serde_json::json!({
                    "id": row.activity_uri, "type": "Follow", "actor": other.uri, "object": own,
                });
                let act = envelope.activity("Reject", follow);
                self.send_signed(tx, caller, &id, act, &[Audience::Inbox(other.inbox.clone())])
                    .await?;
            }
        }
        self.leave_lists(tx, caller, &other.uri).await
    }
}

/// A host, as it stands in ids: in lower case, with its port where it has one.
fn read_domain(text: &str) -> Result<String, ServiceError> {
    let wrong = || ServiceError::invalid("domain", "must be the name of a server");
    let text = text.trim().trim_start_matches('@').trim_end_matches('/');
    let text = text.strip_prefix("https://").unwrap_or(text);
    let url = url::Url::parse(&format!("https://{text}/")).map_err(|_no_host| wrong())?;
    let host = url.host_str().filter(|_| url.path() == "/" && url.username().is_empty());
    match (host, url.port()) {
        (None, _) => Err(wrong()),
        (Some(host), None) => Ok(host.to_owned()),
        (Some(host), Some(port)) => Ok(format!("{host}:{port}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_as_they_stand_in_ids() {
        for (typed, read) in [
            ("B.example", Some("b.example")),
            (" https://b.example/ ", Some("b.example")),
            ("@b.example:8443", Some("b.example:8443")),
            ("bücher.example", Some("xn--bcher-kva.example")),
            ("", None),
            ("a/b", None),
            ("ada@b.example", None),
            ("b example", None),
        ] {
            assert_eq!(read_domain(typed).ok().as_deref(), read, "{typed}");
        }
    }
}

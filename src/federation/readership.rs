//! What kind of follower a server makes of its people: learned from its NodeInfo, remembered, asked again after a
//! week. Capabilities are not inferred from a name (FEP-0151); the one thing that is chosen by it is the form in which
//! a room hands on what it gains (protocol Part 1).

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde_json::Value;
use url::Url;

use super::{
    Federation,
    fetch::FetchError,
    network::{NetworkError, same_origin},
};
use crate::{
    domain::readership::Readership,
    protocol::{
        json,
        paths::host_of,
        quirks::{member, one_or_many, text_of},
    },
    service::ServiceError,
    store::{
        actors,
        follows::{self, Follow},
        hosts::{self, HostSoftware},
    },
};

/// How long an answer is good for.
const FRESH_MILLIS: i64 = 7 * 86_400_000;
/// How long no answer is: the next try is a day later.
const SILENT_MILLIS: i64 = 86_400_000;
/// Longest name of a software that is kept, in characters.
const NAME_CHARS_MAX: usize = 64;
const NODEINFO: &str = "/.well-known/nodeinfo";
const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/2.";

impl Federation {
    /// The kinds of followers that a local actor has.
    pub(super) async fn readerships_of(
        &self,
        followee: &str,
    ) -> Result<BTreeSet<Readership>, ServiceError> {
        let followers = follows::followers(&self.service.store, followee).await?;
        Ok(self.readerships(&followers).await?.into_values().collect())
    }

    /// The kind that each host of these followers makes.
    pub(super) async fn readerships(
        &self,
        followers: &[Follow],
    ) -> Result<BTreeMap<String, Readership>, ServiceError> {
        let mut kinds = BTreeMap::new();
        // Who lives here is handed nothing on.
        for follow in followers.iter().filter(|row| !self.service.paths.is_ours(&row.follower)) {
            if let Entry::Vacant(place) = kinds.entry(host_of(&follow.follower)) {
                place.insert(self.readership(&follow.follower).await?);
            }
        }
        Ok(kinds)
    }

    /// The kind that the server of an actor makes.
    pub(super) async fn readership(&self, actor: &str) -> Result<Readership, ServiceError> {
        let host = host_of(actor);
        let now = self.service.now().as_millis();
        let known = hosts::software(&self.service.store, &host).await?;
        if let Some(known) = &known {
            let fresh = if known.software.is_some() { FRESH_MILLIS } else { SILENT_MILLIS };
            if now - known.asked_at < fresh {
                return Ok(Readership::of_software(known.software.as_deref()));
            }
        }
        // Its actors say so themselves (FEP-844e): no need to ask.
        let row = actors::by_uri(&self.service.store, actor).await?;
        if row.is_some_and(|row| row.implements_mesh) {
            return Ok(Readership::Peer);
        }
        let software = match self.ask_software(actor).await {
            Ok(software) => Some(software),
            Err(error) => {
                tracing::info!(%host, %error, "its NodeInfo cannot be read");
                known.and_then(|known| known.software)
            }
        };
        let kind = Readership::of_software(software.as_deref());
        let tx = self.service.store.begin().await?;
        hosts::save(&tx, HostSoftware { host, software, asked_at: now }).await?;
        tx.commit().await?;
        Ok(kind)
    }

    async fn ask_software(&self, actor: &str) -> Result<String, FetchError> {
        let nothing = || FetchError::from(NetworkError::Request("it names no software"));
        let index = Url::parse(actor)
            .and_then(|url| url.join(NODEINFO))
            .map_err(|_no_url| NetworkError::Request("it is no URL"))?;
        let links = self.get_json(&index).await?;
        let newest = one_or_many(&links, "links")
            .into_iter()
            .filter_map(|link| Some((text_of(link, "rel")?, text_of(link, "href")?)))
            .filter(|(rel, _)| rel.starts_with(SCHEMA))
            .max_by_key(|(rel, _)| rel.to_owned());
        let (_, href) = newest.ok_or_else(nothing)?;
        let url = Url::parse(href).map_err(|_no_url| NetworkError::Request("it is no URL"))?;
        if !same_origin(&url, &index) {
            return Err(NetworkError::Request("it is on another host").into());
        }
        let document = self.get_json(&url).await?;
        let name = member(&document, "software").and_then(|software| text_of(software, "name"));
        let name = name.filter(|name| name.chars().count() <= NAME_CHARS_MAX);
        name.map(str::to_lowercase).ok_or_else(nothing)
    }

    async fn get_json(&self, url: &Url) -> Result<Value, FetchError> {
        let answer = self.fetcher.get_public(url, "application/json").await?;
        match FetchError::of_status(answer.status) {
            Some(error) => Err(error),
            None => Ok(json::parse(&answer.body)?),
        }
    }
}

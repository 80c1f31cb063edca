//! What is let in to an account: browsers that are signed in, and programs with a token. Its owner sees each and can end
//! it (issue 5, item 1).

use super::{Caller, Service, ServiceError, sign_in::hash_of};
use crate::{
    base::clock::Timestamp,
    store::{
        accounts,
        apps::{self, Which},
    },
};

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// Names it; good for nothing else.
    pub key: String,
    /// What the browser said it is.
    pub agent: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// A program that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetIn {
    /// Names it; good for nothing else.
    pub key: String,
    /// What it calls itself; `None` for a token made on the command line.
    pub name: Option<String>,
    /// Where it says to be at home.
    pub website: Option<String>,
    /// What it may do.
    pub scope: Vec<String>,
    /// Since when.
    pub since: Timestamp,
}

/// What begins the key of a program, its number behind it; else the key is a token's digest.
const APP: &str = "app-";

impl Service {
    /// The browsers that are signed in, newest first. `token` is that of the one that asks.
    pub async fn open_sessions(
        &self,
        caller: &Caller,
        token: &str,
    ) -> Result<Vec<OpenSession>, ServiceError> {
        let (own, now) = (hash_of(token), self.now().as_millis());
        let rows = accounts::sessions_of(&self.store, caller.account_id, now).await?;
        let session = |row: accounts::Session| OpenSession {
            is_this: row.token_hash == own,
            key: row.token_hash,
            agent: row.agent,
            since: Timestamp::from_millis(row.created_at),
            until: Timestamp::from_millis(row.expires_at),
        };
        Ok(rows.into_iter().map(session).collect())
    }

    /// Ends a session of one's own.
    pub async fn end_session(&self, caller: &Caller, key: &str) -> Result<(), ServiceError> {
        let tx = self.store.begin().await?;
        if !accounts::delete_own_session(&tx, key, caller.account_id).await? {
            return Err(ServiceError::NotFound { what: "session" });
        }
        Ok(tx.commit().await?)
    }

    /// The programs that were let in, each app once, newest first.
    pub async fn programs_let_in(&self, caller: &Caller) -> Result<Vec<LetIn>, ServiceError> {
        let tokens = apps::tokens_for(&self.store, caller.account_id).await?;
        let ids: Vec<i64> = tokens.iter().filter_map(|token| token.app_id).collect();
        let known = apps::by_ids(&self.store, &ids).await?;
        let mut found: Vec<LetIn> = Vec::new();
        for token in tokens {
            let app = known.iter().find(|app| Some(app.id) == token.app_id);
            let key = app.map_or(token.token_hash, |app| format!("{APP}{}", app.id));
            let words = token.scope.split(' ').map(str::to_owned);
            let since = Timestamp::from_millis(token.created_at);
            if let Some(same) = found.iter_mut().find(|one| one.key == key) {
                for word in words {
                    if !same.scope.contains(&word) {
                        same.scope.push(word);
                    }
                }
                same.since = since;
                continue;
            }
            found.push(LetIn {
                key,
                name: app.map(|app| app.name.clone()),
                website: app.and_then(|app| app.website.clone()),
                scope: words.collect(),
                since,
            });
        }
        Ok(found)
    }

    /// Lets a program in no longer.
    pub async fn shut_out(&self, caller: &Caller, key: &str) -> Result<(), ServiceError> {
        let which = match key.strip_prefix(APP).map(str::parse) {
            Some(Ok(app_id)) => Which::App(app_id, caller.account_id),
            _ => Which::Own(key, caller.account_id),
        };
        let tx = self.store.begin().await?;
        if apps::revoke(&tx, which, self.now().as_millis()).await? == 0 {
            return Err(ServiceError::NotFound { what: "program" });
        }
        tx.commit().await?;
        self.wake.told();
        Ok(())
    }
}

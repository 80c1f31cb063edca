//! Changing a password: by its owner, who knows the old one, and by whoever runs the instance. What was let in with the
//! old one stays or goes, as the owner says.

use zeroize::Zeroizing;

use super::{
    Caller, Service, ServiceError,
    accounts::{check_password, hash_password, verify_password},
    sign_in::{Device, hash_of},
};
use crate::{
    base::entropy,
    store::{accounts, apps},
};

/// A new password, and what ends with the old one.
#[derive(Debug)]
pub struct NewPassword {
    /// The old one.
    pub old: Zeroizing<String>,
    /// The new one.
    pub new: Zeroizing<String>,
    /// Whether every other browser is signed out.
    pub ends_sessions: bool,
    /// Whether every program is let in no longer.
    pub ends_programs: bool,
}

impl Service {
    /// Changes one's own password. `token` is that of the browser that asks, which stays signed in. A wrong old one counts
    /// as a failed try to sign in: who sits at an open browser cannot guess it either.
    pub async fn change_password(
        &self,
        caller: &Caller,
        token: &str,
        device: impl Into<Device>,
        change: NewPassword,
    ) -> Result<(), ServiceError> {
        Self::may_act(caller)?;
        let mut wrong = Vec::new();
        if let Err(error) = check_password(&change.new) {
            wrong.push(error);
        }
        let Device { address, .. } = device.into();
        let name = &caller.actor.username;
        let subjects = [format!("account:{}", name.to_lowercase()), format!("address:{address}")];
        let noted = self.note_try(self.now(), &subjects, Some(caller.actor.id)).await?;
        let stored = accounts::by_id(&self.store, caller.account_id)
            .await?
            .ok_or(ServiceError::NotFound { what: "account" })?
            .password_hash;
        let NewPassword { old, new, ends_sessions, ends_programs } = change;
        let salt = entropy::bytes::<16>(self.ports.entropy.as_ref());
        // Argon2 works for tens of milliseconds: not on a thread that serves others.
        let worked = tokio::task::spawn_blocking(move || {
            (verify_password(&old, &stored), hash_password(&new, &salt))
        });
        let (right, hash) = worked.await.map_err(|error| ServiceError::Internal(error.into()))?;
        if !right {
            return Err(ServiceError::invalid("oldPassword", "this is not the old password"));
        }
        let tx = self.store.begin().await?;
        accounts::delete_attempts(&tx, &noted).await?;
        if !wrong.is_empty() {
            tx.commit().await?;
            return Err(ServiceError::Invalid(wrong));
        }
        accounts::set_password(&tx, caller.account_id, hash?).await?;
        if ends_sessions {
            accounts::delete_other_sessions(&tx, caller.account_id, &hash_of(token)).await?;
        }
        if ends_programs {
            let now = self.now().as_millis();
            apps::revoke(&tx, apps::Which::All(caller.account_id), now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Gives an account a new password, on the command line: whoever knew the old one is signed out everywhere. Writes a line
    /// to the administrators' log.
    pub async fn set_password(
        &self,
        name: &str,
        new: Zeroizing<String>,
    ) -> Result<(), ServiceError> {
        let caller = self.caller_named(name).await?;
        check_password(&new).map_err(|error| ServiceError::Invalid(vec![error]))?;
        let salt = entropy::bytes::<16>(self.ports.entropy.as_ref());
        let hash = hash_password(&new, &salt)?;
        let tx = self.store.begin().await?;
        accounts::set_password(&tx, caller.account_id, hash).await?;
        accounts::delete_other_sessions(&tx, caller.account_id, "").await?;
        accounts::clear_attempts(&tx, &format!("account:{}", name.to_lowercase())).await?;
        self.audit(&tx, "command line", format!("gave {name} a new password")).await?;
        Ok(tx.commit().await?)
    }
}

//! Who calls the Mastodon API, and what for: the token of `Authorization`, and the scope that a handler needs, as a type
//! in its signature. `By<ReadStatuses>` refuses who has no token (401) or one that is not good for it (403);
//! `Option<By<ReadStatuses>>` lets in who has none.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{header, request::Parts},
};

use super::failure::Failure;
use crate::{
    http::{extract::bearer_token, state::HttpState},
    service::{Caller, sign_in::Access},
};

/// A scope that a handler needs.
pub trait Need: Send + Sync {
    /// Its word.
    const SCOPE: &'static str;
}

macro_rules! needs {
    ($($name:ident = $scope:literal,)*) => {$(
        #[doc = concat!("Needs `", $scope, "`.")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl Need for $name {
            const SCOPE: &'static str = $scope;
        }
    )*};
}

needs! {
    Profile = "profile",
    ReadAccounts = "read:accounts",
    ReadBlocks = "read:blocks",
    ReadBookmarks = "read:bookmarks",
    ReadFavourites = "read:favourites",
    ReadFilters = "read:filters",
    ReadFollows = "read:follows",
    ReadLists = "read:lists",
    ReadMutes = "read:mutes",
    ReadNotifications = "read:notifications",
    ReadSearch = "read:search",
    ReadStatuses = "read:statuses",
    WriteAccounts = "write:accounts",
    WriteBlocks = "write:blocks",
    WriteBookmarks = "write:bookmarks",
    WriteConversations = "write:conversations",
    WriteFavourites = "write:favourites",
    WriteFilters = "write:filters",
    WriteFollows = "write:follows",
    WriteLists = "write:lists",
    WriteMedia = "write:media",
    WriteMutes = "write:mutes",
    WriteNotifications = "write:notifications",
    WriteReports = "write:reports",
    WriteStatuses = "write:statuses",
    Push = "push",
}

/// Who calls, with a token that is good for `N`. What a service asks of [`Caller::may_write`] is said by the need.
#[derive(Debug, Clone)]
pub struct By<N> {
    /// Who.
    pub caller: Caller,
    need: PhantomData<fn() -> N>,
}

impl<N: Need> By<N> {
    /// Who a token lets in for this.
    pub(super) fn of(access: Access) -> Result<Self, Failure> {
        if !access.scope.covers(N::SCOPE) {
            return Err(Failure::out_of_scope());
        }
        let caller = access.caller.ok_or_else(Failure::nobody)?;
        let may_write = N::SCOPE.starts_with("write:");
        Ok(Self { caller: Caller { may_write, ..caller }, need: PhantomData })
    }
}

impl<N: Need> FromRequestParts<HttpState> for By<N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Failure> {
        Self::of(access(parts, state).await?)
    }
}

impl<N: Need> OptionalFromRequestParts<HttpState> for By<N> {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &HttpState,
    ) -> Result<Option<Self>, Failure> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(None);
        }
        let access = access(parts, state).await?;
        // What is public is so for an app's own token too.
        if access.caller.is_none() { Ok(None) } else { Self::of(access).map(Some) }
    }
}

/// What a request's token stands for.
pub(super) async fn access(parts: &Parts, state: &HttpState) -> Result<Access, Failure> {
    let token = bearer_token(&parts.headers).ok_or_else(Failure::no_token)?;
    state.service.access(token).await?.ok_or_else(Failure::no_token)
}

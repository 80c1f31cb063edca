//! Where a request comes from, as a name for its pace: an IPv4 address, or the network of 64 bits that one household or
//! server has of IPv6. Behind a proxy that the operator did not name (`server.trusted_proxies`) nobody can tell, and then
//! nobody's pace is held against others.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{Extensions, HeaderMap, request::Parts},
};

use super::state::HttpState;
use crate::federation::network::is_global;

/// The address a request is charged to; empty where it cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(pub String);

impl Sender {
    /// Of a request.
    pub fn of(state: &HttpState, extensions: &Extensions, headers: &HeaderMap) -> Self {
        let peer = extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let client = state.client_address(peer, forwarded);
        // Passed on by something near us whose word is not taken: all the world has its address.
        if forwarded.is_some() && client == peer && !is_global(client) {
            return Self(String::new());
        }
        Self(network_of(client))
    }
}

impl FromRequestParts<HttpState> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &HttpState) -> Result<Self, Infallible> {
        Ok(Self::of(state, &parts.extensions, &parts.headers))
    }
}

fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_household_is_one_sender() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}

//! What the faces need, shared by all handlers; cheap to clone.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::{federation::Federation, service::Service};

/// State of the router.
#[derive(Debug, Clone)]
pub struct HttpState {
    /// Use cases and reads.
    pub service: Service,
    /// What comes in from other servers, and what must be asked of them.
    pub federation: Federation,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: std::sync::Arc<Vec<IpNet>>,
}

impl HttpState {
    /// The address of the client: the peer's, or, behind trusted proxies, the last one in `X-Forwarded-For` that is
    /// not itself a trusted proxy.
    pub fn client_address(&self, peer: IpAddr, forwarded_for: Option<&str>) -> IpAddr {
        let trusted =
            |address: &IpAddr| self.trusted_proxies.iter().any(|net| net.contains(address));
        if !trusted(&peer) {
            return peer;
        }
        forwarded_for
            .unwrap_or_default()
            .rsplit(',')
            .filter_map(|part| part.trim().parse::<IpAddr>().ok())
            .find(|address| !trusted(address))
            .unwrap_or(peer)
    }
}

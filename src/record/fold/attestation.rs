//! What others say of one participant, folded: their attestations, and what ended them.

use super::{Held, acts};
use crate::{
    base::clock::Timestamp,
    domain::attestation::ProofLevel,
    protocol::quirks::{id_of, member, text_of, time_of},
    record::item::Kind,
};

/// Longest name that a domain has (RFC 1035), with a port.
const DOMAIN_BYTES_MAX: usize = 260;

/// One attestation.
#[derive(Debug, Clone, PartialEq)]
pub struct Attestation {
    /// Its entry.
    pub entry_hash: String,
    /// Id of the statement.
    pub uri: String,
    /// Who says so.
    pub attester: String,
    /// Wire term: on what basis.
    pub basis: String,
    /// The domain it is about.
    pub domain: Option<String>,
    /// The organisation it is about.
    pub affiliation: Option<String>,
    /// Wire term of the group it is about.
    pub stakeholder_group: Option<String>,
    /// When it was said.
    pub published: Timestamp,
    /// Until when it holds.
    pub valid_until: Option<Timestamp>,
    /// Attested.
    pub received: Option<Timestamp>,
    /// When its attester took it back.
    pub ended: Option<Timestamp>,
}

/// Folds the attestations about one subject, oldest first. Nobody attests for themselves.
pub fn attestations(items: &[Held]) -> Vec<Attestation> {
    acts(items).iter().filter_map(read).collect()
}

fn read(held: &Held) -> Option<Attestation> {
    let item = &held.item;
    if item.kind != Kind::Attestation || item.object.as_deref() == Some(item.actor.as_str()) {
        return None;
    }
    let document = &item.document;
    let claim = member(document, "claim");
    let basis = text_of(document, "basis")?.to_owned();
    let domain = claim.and_then(|claim| text_of(claim, "domain")).filter(|text| is_domain(text));
    let level = ProofLevel::from_term(&basis);
    if domain.is_none() && matches!(level, Some(ProofLevel::MailDomain | ProofLevel::WebDomain)) {
        return None;
    }
    Some(Attestation {
        entry_hash: item.hash.to_string(),
        uri: item.id.clone(),
        attester: item.actor.clone(),
        basis,
        domain: domain.map(str::to_owned),
        affiliation: claim.and_then(|claim| id_of(claim, "affiliation")),
        stakeholder_group: claim
            .and_then(|claim| text_of(claim, "stakeholderGroup"))
            .map(str::to_owned),
        published: item.published?,
        valid_until: time_of(document, "validUntil"),
        received: held.received,
        ended: held.ended,
    })
}

/// A name that stands beside people's names must be one: letters that look like others are not shown (RFC 5890 has
/// them in ASCII).
fn is_domain(text: &str) -> bool {
    text.len() <= DOMAIN_BYTES_MAX
        && text.contains(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::record::item::Item;

    fn held(document: serde_json::Value) -> Held {
        Held::new(Item::of(document).unwrap(), &[])
    }

    fn document(basis: &str, claim: &serde_json::Value) -> serde_json::Value {
        json!({
            "type": "Attestation", "id": "https://a.example/d/1",
            "attributedTo": "https://a.example/actor", "subject": "https://a.example/p/amina",
            "basis": basis, "claim": claim, "published": "2026-09-01T00:00:00.000Z",
        })
    }

    #[test]
    fn only_what_can_be_shown_is_read() {
        let count = |document| attestations(&[held(document)]).len();
        assert_eq!(count(document("plg:emailDomain", &json!({"domain": "ministry.example"}))), 1);
        assert_eq!(count(document("plg:emailDomain", &json!({"domain": "ministry․example"}))), 0);
        assert_eq!(count(document("plg:webDomain", &json!({"domain": "of the ministry"}))), 0);
        assert_eq!(count(document("plg:webDomain", &json!({}))), 0);
        assert_eq!(count(document("plg:knownMember", &json!({}))), 1);
        let mut own = document("plg:knownMember", &json!({}));
        own["attributedTo"] = json!("https://a.example/p/amina");
        assert_eq!(count(own), 0);
    }

    #[test]
    fn its_attester_alone_takes_it_back() {
        let item = Item::of(document("plg:emailDomain", &json!({"domain": "a.example"}))).unwrap();
        let delete = |actor: &str| {
            Item::of(json!({
                "type": "Delete", "id": "https://a.example/a/2", "actor": actor,
                "object": "https://a.example/d/1", "published": "2026-09-02T00:00:00.000Z",
            }))
            .unwrap()
        };
        let ended =
            |by: &str| attestations(&[Held::new(item.clone(), &[delete(by)])])[0].ended.is_some();
        assert!(ended("https://a.example/actor"));
        assert!(!ended("https://a.example/p/amina"));
    }
}

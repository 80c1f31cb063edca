//! Who may speak for an organisation, folded from what it signed: its delegations, and its Deletes of them. What is
//! confirmed is judged by the time an act was received, which no author can choose (decisions 4 and 9).

use super::Held;
use crate::{
    base::clock::Timestamp,
    domain::delegation::Scope,
    protocol::quirks::{one_or_many, time_of},
    record::item::Kind,
};

/// What one organisation said of who may act for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mandates(Vec<Given>);

#[derive(Debug, Clone, PartialEq)]
struct Given {
    id: String,
    subject: String,
    scopes: Vec<Scope>,
    from: Timestamp,
    until: Option<Timestamp>,
    /// When it was taken back, by its Delete or by one without a scope that came after it.
    ended: Option<Timestamp>,
}

impl Mandates {
    /// Reads the delegations that `principal` signed, and its Deletes of them. What others signed is nothing here.
    pub fn of(principal: &str, statements: &[Held]) -> Self {
        let own: Vec<&Held> =
            statements.iter().filter(|held| held.item.actor == principal).collect();
        let delegations = || own.iter().filter(|held| held.item.kind == Kind::Delegation);
        let ends = |held: &Held| {
            let deletes = own.iter().filter(|other| {
                other.item.act_type == "Delete"
                    && other.item.object.as_deref() == Some(held.item.id.as_str())
            });
            // Everything that was given to somebody is taken back by one without a scope; what is given later is not.
            let revocations = delegations().filter(|other| {
                other.item.object == held.item.object
                    && scopes(other).is_empty()
                    && when(other) >= when(held)
            });
            deletes.chain(revocations).map(|other| when(other)).min()
        };
        let given = delegations().filter_map(|held| {
            let scopes = scopes(held);
            (!scopes.is_empty()).then_some(())?;
            let document = &held.item.document;
            Some(Given {
                id: held.item.id.clone(),
                subject: held.item.object.clone()?,
                scopes,
                // Without a beginning it would hold for acts long before anybody thought of it.
                from: time_of(document, "validFrom").or(held.item.published)?,
                until: time_of(document, "validUntil"),
                ended: ends(held),
            })
        });
        Self(given.collect())
    }

    /// Whether an act of `actor` that names `delegation` and was received at `received` was made with the
    /// organisation's authority. An act whose time nobody attests is not confirmed.
    pub fn confirm(
        &self,
        actor: &str,
        delegation: Option<&str>,
        scope: Scope,
        received: Option<Timestamp>,
    ) -> bool {
        let (Some(delegation), Some(received)) = (delegation, received) else { return false };
        self.0.iter().any(|given| {
            given.id == delegation
                && given.subject == actor
                && given.scopes.contains(&scope)
                && given.from <= received
                && given.until.is_none_or(|until| received <= until)
                && given.ended.is_none_or(|ended| received <= ended)
        })
    }
}

fn scopes(held: &Held) -> Vec<Scope> {
    one_or_many(&held.item.document, "scope")
        .into_iter()
        .filter_map(|word| word.as_str().and_then(Scope::from_wire))
        .collect()
}

/// When a statement was received; where nobody attests it, its author's word.
fn when(held: &Held) -> Timestamp {
    held.received.or(held.item.published).unwrap_or_default()
}

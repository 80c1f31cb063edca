//! The first field of every form on which somebody takes part: in whose name they speak (product A4).

use super::{error_page::Refusal, session::Visitor, view::Principal};
use crate::{
    domain::{delegation::Scope, position::Capacity},
    service::Service,
};

/// Value of the field `as` for who speaks in personal capacity.
const PERSONAL: &str = "personal";

/// In whose name the reader may speak: oneself first, then organisations whose delegation holds.
pub(super) async fn principals(
    service: &Service,
    visitor: &Visitor,
    scope: Scope,
) -> Result<Vec<Principal>, Refusal> {
    let actor = &visitor.caller()?.actor;
    let name = if actor.name.trim().is_empty() { &actor.username } else { &actor.name };
    let as_oneself =
        |value: &str, capacity| Principal { value: value.to_owned(), name: name.clone(), capacity };
    if actor.kind == "Organization" {
        return Ok(vec![as_oneself("", Capacity::Organization)]);
    }
    let mut principals = vec![
        as_oneself("", Capacity::Individual),
        as_oneself(PERSONAL, Capacity::PersonalCapacity),
    ];
    for body in service.principals_of(&actor.uri, scope).await? {
        principals.push(Principal {
            value: body.uri,
            name: body.name,
            capacity: Capacity::Organization,
        });
    }
    Ok(principals)
}

/// As whose author the reader may speak: themselves, then organisations whose delegation holds; nobody, where not signed
/// in.
pub(super) async fn seats(
    service: &Service,
    visitor: &Visitor,
    scope: Scope,
) -> Result<Vec<Principal>, Refusal> {
    if visitor.session.is_none() {
        return Ok(Vec::new());
    }
    let mut seats = principals(service, visitor, scope).await?;
    seats.retain(|seat| seat.value != PERSONAL);
    Ok(seats)
}

/// What the field says: capacity, and for whom; `None` where it is none of the choices there were.
pub(super) fn chosen(value: &str) -> Option<(Option<Capacity>, Option<String>)> {
    match value {
        "" => Some((None, None)),
        PERSONAL => Some((Some(Capacity::PersonalCapacity), None)),
        uri if uri.contains("://") => Some((None, Some(uri.to_owned()))),
        _ => None,
    }
}

/// The choice that says this: the inverse of [`chosen`].
pub(super) fn value_of(capacity: &str, on_behalf_of: Option<String>) -> String {
    match Capacity::from_term(capacity) {
        Some(Capacity::PersonalCapacity) => PERSONAL.to_owned(),
        _ => on_behalf_of.unwrap_or_default(),
    }
}

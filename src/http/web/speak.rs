//! The first field of every form on which somebody takes part: in whose name they speak (product A4).

use super::{
    error_page::Refusal,
    session::{Speaker, Visitor, handle_of},
    view::{Principal, Stated},
};
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
    let speaker = visitor.speaker()?;
    let actor = speaker.actor();
    let name = if actor.name.trim().is_empty() { &actor.username } else { &actor.name };
    let as_oneself =
        |value: &str, capacity| Principal { value: value.to_owned(), name: name.clone(), capacity };
    if actor.kind == "Organization" {
        return Ok(vec![as_oneself("", Capacity::Organization)]);
    }
    if matches!(speaker, Speaker::Guest(_)) {
        // Identified as a person, and for nobody else (docs/decisions/0013).
        return Ok(vec![as_oneself("", Capacity::Individual)]);
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

/// How what a guest says will be shown; nothing for who has an account here.
pub(super) fn stated(service: &Service, visitor: &Visitor) -> Option<Stated> {
    let guest = visitor.guest.as_ref()?.guest.actor();
    let host = service.paths.domain().to_owned();
    Some(Stated { host, handle: handle_of(guest) })
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

//! Handles: the one namespace of persons, organisations and rooms on an instance (protocol 4.a). A handle is
//! never given twice, not even after deletion; that rule is the store's.

use thiserror::Error;

/// Shortest handle, in characters.
pub const HANDLE_CHARS_MIN: usize = 3;
/// Longest handle that can be chosen, in characters.
pub const HANDLE_CHARS_MAX: usize = 20;
/// Longest handle of a room's collection of rooms: a handle and its suffix (decisions 14).
pub const ROOMS_HANDLE_CHARS_MAX: usize = HANDLE_CHARS_MAX + ROOMS_SUFFIX.len();
/// Suffix of the handle under which a room's collection of rooms is found; nobody may choose it (decisions 14).
pub const ROOMS_SUFFIX: &str = "_rooms";

/// Handles nobody may choose: paths of this server, names that readers take for the instance itself, and
/// words that begin a keyword reply.
pub const RESERVED: &[&str] = &[
    "abuse",
    "actor",
    "admin",
    "administrator",
    "all",
    "announce",
    "anonymous",
    "api",
    "archive",
    "assets",
    "atom",
    "auth",
    "cite",
    "contact",
    "costs",
    "everyone",
    "facilitator",
    "feed",
    "follow",
    "followers",
    "from",
    "group",
    "health",
    "help",
    "home",
    "host",
    "hostmaster",
    "inbox",
    "info",
    "instance",
    "invite",
    "join",
    "legal",
    "local",
    "log",
    "login",
    "logout",
    "mail",
    "media",
    "mesh",
    "moderation",
    "moderator",
    "nobody",
    "nodeinfo",
    "null",
    "oauth",
    "object",
    "objection",
    "opinion",
    "opinions",
    "outbox",
    "owner",
    "polylogue",
    "position",
    "positions",
    "postmaster",
    "press",
    "privacy",
    "record",
    "relay",
    "report",
    "reservation",
    "room",
    "rooms",
    "root",
    "rules",
    "search",
    "security",
    "server",
    "settings",
    "sign_in",
    "sign_out",
    "signin",
    "signup",
    "source",
    "staff",
    "static",
    "status",
    "support",
    "sysadmin",
    "system",
    "terms",
    "test",
    "token",
    "topic",
    "topics",
    "undefined",
    "users",
    "venues",
    "webfinger",
    "webmaster",
    "well_known",
    "withdraw",
    "withdrawn",
    "www",
];

/// Why a text is not a handle that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HandleError {
    /// Shorter or longer than allowed.
    #[error("a handle has {HANDLE_CHARS_MIN} to {HANDLE_CHARS_MAX} characters")]
    Length,
    /// Another character than those allowed.
    #[error("a handle has only the letters a to z, digits and _")]
    Character,
    /// Does not begin with a letter.
    #[error("a handle begins with a letter")]
    FirstCharacter,
    /// In [`RESERVED`], or ends in [`ROOMS_SUFFIX`].
    #[error("this handle is reserved")]
    Reserved,
}

/// Checks a handle that somebody wants to have. Capital letters are refused, not lowered: two people would
/// otherwise read two names where there is one.
pub fn check(handle: &str) -> Result<(), HandleError> {
    form(handle, HANDLE_CHARS_MAX)?;
    if handle.ends_with(ROOMS_SUFFIX) || RESERVED.binary_search(&handle).is_ok() {
        return Err(HandleError::Reserved);
    }
    Ok(())
}

/// Checks a handle that something on this server may have: also that of a room's collection of rooms.
pub fn check_any(handle: &str) -> Result<(), HandleError> {
    match handle.strip_suffix(ROOMS_SUFFIX) {
        Some(room) => check(room),
        None => form(handle, HANDLE_CHARS_MAX),
    }
}

/// The handle of the collection of rooms that belongs to the room `handle`.
pub fn rooms_of(handle: &str) -> String {
    format!("{handle}{ROOMS_SUFFIX}")
}

fn form(handle: &str, chars_max: usize) -> Result<(), HandleError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !(HANDLE_CHARS_MIN..=chars_max).contains(&handle.chars().count()) {
        return Err(HandleError::Length);
    }
    if !handle.chars().all(allowed) {
        return Err(HandleError::Character);
    }
    if !handle.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err(HandleError::FirstCharacter);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(RESERVED.windows(2).all(|pair| pair[0] < pair[1]), "sorted and without doubles");
        assert!(RESERVED.iter().all(|word| form(word, HANDLE_CHARS_MAX).is_ok()));
    }

    #[test]
    fn length_at_the_edge_and_one_over() {
        assert_eq!(check("abc"), Ok(()));
        assert_eq!(check("ab"), Err(HandleError::Length));
        assert_eq!(check(&"a".repeat(20)), Ok(()));
        assert_eq!(check(&"a".repeat(21)), Err(HandleError::Length));
    }

    #[test]
    fn letters_digits_and_underscore_only() {
        assert_eq!(check("enhanced_cooperation"), Ok(()));
        assert_eq!(check("r2d2"), Ok(()));
        for bad in ["Amina", "am ina", "amína", "am-ina", "a.b", "аmina"] {
            assert_eq!(check(bad), Err(HandleError::Character), "{bad}");
        }
        assert_eq!(check("_amina"), Err(HandleError::FirstCharacter));
        assert_eq!(check("2amina"), Err(HandleError::FirstCharacter));
    }

    #[test]
    fn reserved_words_and_the_suffix_of_rooms() {
        assert_eq!(check("admin"), Err(HandleError::Reserved));
        assert_eq!(check("climate_rooms"), Err(HandleError::Reserved));
        assert_eq!(check_any("enhanced_cooperation_rooms"), Ok(()));
        assert_eq!(rooms_of("enhanced_cooperation").len(), ROOMS_HANDLE_CHARS_MAX);
        assert_eq!(check_any("enhanced_cooperations_rooms"), Err(HandleError::Length));
        assert_eq!(check_any("admin_rooms"), Err(HandleError::Reserved));
    }
}

//! Reactions in the shapes others send. None of them is a position (decisions 3): a position has its own object.

use serde_json::Value;

use super::{member, one_or_many, text_of, type_of, types_of, words_of};

/// Longest emoji that is kept, in characters: the name of a custom one with its colons.
const EMOJI_CHARS_MAX: usize = 100;

/// What sort of reaction an activity is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// A favourite.
    Like,
    /// A vote against. Friendica's is the same.
    Dislike,
    /// An emoji.
    Emoji(String),
}

impl Reaction {
    /// The word in the column.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Like => "like",
            Self::Dislike => "dislike",
            Self::Emoji(_) => "emoji",
        }
    }

    /// The emoji, where it is one.
    pub fn emoji(&self) -> Option<&str> {
        match self {
            Self::Emoji(emoji) => Some(emoji),
            _ => None,
        }
    }

    /// Reads a reaction; `None` where it is none, or a position.
    pub fn read(activity: &Value) -> Option<Self> {
        match type_of(activity, &["Like", "Dislike", "EmojiReact"])? {
            "Like" if member(activity, "position").is_some() => None,
            "Dislike" => Some(Self::Dislike),
            // Misskey 2025 and Mitra send an emoji as a Like with words, Pleroma 2.7 and Akkoma as a type of their own.
            "Like" | "EmojiReact" => Some(emoji_of(activity).map_or(Self::Like, Self::Emoji)),
            _ => None,
        }
    }
}

/// `_misskey_reaction`, else `content`, else `name`; of a custom one the name in `tag`.
fn emoji_of(activity: &Value) -> Option<String> {
    let named = ["_misskey_reaction", "content", "name"]
        .iter()
        .find_map(|name| words_of(activity, name))
        .or_else(|| {
            one_or_many(activity, "tag")
                .into_iter()
                .find(|tag| types_of(tag).contains(&"Emoji"))
                .and_then(|tag| text_of(tag, "name").map(str::to_owned))
        })?;
    Some(named.trim().chars().take(EMOJI_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_emoji_is_as_long_as_it_may_be() {
        let of = |chars: usize| {
            Reaction::read(&json!({"type": "Like", "content": "x".repeat(chars)})).unwrap()
        };
        assert_eq!(of(EMOJI_CHARS_MAX), Reaction::Emoji("x".repeat(EMOJI_CHARS_MAX)));
        assert_eq!(of(EMOJI_CHARS_MAX + 1), of(EMOJI_CHARS_MAX));
    }
}

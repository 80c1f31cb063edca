//! L5: meaning to wire and back: inbox, fetching, delivery, relay.

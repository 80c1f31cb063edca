//! Journeys of the product, as people take them: in a browser without scripts and by the API, on every database.

mod j2_a_network_drafts;
mod own_parties;
mod speak_as_at_drafts;
mod who_one_is;

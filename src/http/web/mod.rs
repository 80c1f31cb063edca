//! The pages: HTML rendered here, readable without scripts, in the reader's language.

pub mod i18n;
pub mod view;

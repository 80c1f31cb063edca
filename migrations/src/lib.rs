//! The schema of Polylogue as steps that never change once released.

//! L1: pure rules of the discussion: no IO, no JSON values, no database.

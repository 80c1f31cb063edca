//! L4: use cases: check a rule, sign an act, append it; and the reads behind every face.

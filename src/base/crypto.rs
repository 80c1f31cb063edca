//! Keys, signatures, digests and the sealing of secrets, all on aws-lc-rs (dependencies: one crypto library).

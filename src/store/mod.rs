//! L3: the two databases. The only layer that imports sea_orm.

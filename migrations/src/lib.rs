//! The schema of Polylogue as steps that never change once released: a later release adds steps.

pub use sea_orm_migration::{MigratorTrait, prelude::DbErr};

mod columns;
mod m20261124_000001_create_foundation;
mod m20261126_000002_add_delegations;
mod m20261126_000003_create_anchors_and_dispositions;
mod m20261126_000004_create_drafts;
mod m20261126_000005_create_notices_and_letters;
mod m20261126_000006_create_readings;
mod m20261126_000007_create_attestations;
mod m20261126_000008_add_parties_and_seats;
mod m20261126_000009_create_servers;
mod m20261126_000010_create_reach;
mod m20261126_000011_create_what_is_read;
mod m20261126_000012_index_what_each_act_asks;
mod m20261126_000013_create_oauth;
mod m20261126_000014_create_markers;
mod m20261126_000015_create_client_marks;
mod m20261126_000016_number_notices;
mod m20261126_000018_create_guests;
mod m20261126_000020_create_desk;
mod m20261126_000022_index_long_lists;
mod m20261127_000023_create_push;
mod m20261127_000024_create_media;
mod m20261127_000025_index_items_of_a_room;
mod m20261127_000026_index_answers_by_kind;
mod m20261127_000027_add_category_of_reports;

/// All steps, in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_create_foundation::Migration),
            Box::new(m20261126_000002_add_delegations::Migration),
            Box::new(m20261126_000005_create_notices_and_letters::Migration),
            Box::new(m20261126_000004_create_drafts::Migration),
            Box::new(m20261126_000003_create_anchors_and_dispositions::Migration),
            Box::new(m20261126_000006_create_readings::Migration),
            Box::new(m20261126_000007_create_attestations::Migration),
            Box::new(m20261126_000008_add_parties_and_seats::Migration),
            Box::new(m20261126_000009_create_servers::Migration),
            Box::new(m20261126_000011_create_what_is_read::Migration),
            Box::new(m20261126_000012_index_what_each_act_asks::Migration),
            Box::new(m20261126_000010_create_reach::Migration),
            Box::new(m20261126_000013_create_oauth::Migration),
            Box::new(m20261126_000014_create_markers::Migration),
            Box::new(m20261126_000015_create_client_marks::Migration),
            Box::new(m20261126_000016_number_notices::Migration),
            Box::new(m20261126_000022_index_long_lists::Migration),
            Box::new(m20261126_000018_create_guests::Migration),
            Box::new(m20261126_000020_create_desk::Migration),
            Box::new(m20261127_000023_create_push::Migration),
            Box::new(m20261127_000024_create_media::Migration),
            Box::new(m20261127_000025_index_items_of_a_room::Migration),
            Box::new(m20261127_000026_index_answers_by_kind::Migration),
            Box::new(m20261127_000027_add_category_of_reports::Migration),
        ]
    }
}

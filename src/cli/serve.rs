//! `polylogue serve`.

/// Run the server, until Ctrl-C.
///
/// At the first start it makes the data directory, the database and the keys. Then it prints the address of the
/// first page. All else is set in the configuration file or by POLYLOGUE__SECTION__KEY variables.
#[derive(Debug, clap::Args)]
pub struct Args {}

//! The names that scripts depend on.

use clap::{CommandFactory, Parser};

use super::{Cli, Command, account, receipt, token, topic};
use crate::{
    base::crypto::ProofKey,
    domain::{group::StakeholderGroup, region::Region},
};

fn parse(line: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("polylogue").chain(line.iter().copied()))
}

#[test]
fn the_definitions_are_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_is_there_and_explained() {
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    assert_eq!(
        names,
        [
            "serve", "demo", "init", "doctor", "migrate", "rebuild", "account", "token", "topic",
            "held", "receipt"
        ]
    );
    assert!(command.get_subcommands().all(|c| c.get_about().is_some()));
}

#[test]
fn an_account_with_all_its_options() {
    let cli = parse(&[
        "account",
        "create",
        "amina",
        "--kind",
        "organization",
        "--display-name",
        "Amina's net",
        "--email",
        "a@civil.example",
        "--role",
        "admin",
        "--group",
        "civil-society",
        "--region",
        "africa",
        "--password-stdin",
        "--config",
        "other.toml",
    ])
    .unwrap();
    assert_eq!(cli.config.as_deref(), Some(std::path::Path::new("other.toml")));
    let Command::Account(account::Command::Create(args)) = cli.into_command() else { panic!() };
    assert_eq!(args.name, "amina");
    assert_eq!(args.kind, account::Kind::Organization);
    assert_eq!(args.display_name.as_deref(), Some("Amina's net"));
    assert_eq!(args.email.as_deref(), Some("a@civil.example"));
    assert_eq!(args.role, account::Role::Admin);
    assert_eq!(args.group, Some(StakeholderGroup::CivilSociety));
    assert_eq!(args.region, Some(Region::Africa));
    assert!(args.password_stdin);
}

#[test]
fn a_wrong_word_is_answered_with_those_allowed() {
    let wrong_group = parse(&["account", "create", "a", "--group", "ngo"]).unwrap_err().to_string();
    assert!(wrong_group.contains("technical-community"), "{wrong_group}");
    let wrong_kind = parse(&["account", "create", "a", "--kind", "group"]).unwrap_err().to_string();
    assert!(wrong_kind.contains("organization"), "{wrong_kind}");
    let wrong_scope =
        parse(&["token", "create", "a", "--scope", "read all"]).unwrap_err().to_string();
    assert!(wrong_scope.contains("\"all\"") && wrong_scope.contains("follow"), "{wrong_scope}");
    assert!(parse(&["token", "create", "a", "--scope", " "]).is_err());
}

#[test]
fn scopes_are_a_set() {
    let cli = parse(&["token", "create", "amina", "--scope", "follow  read write read"]).unwrap();
    let Command::Token(token::Command::Create(args)) = cli.into_command() else { panic!() };
    assert_eq!(args.scope.to_string(), "read write follow");
}

#[test]
fn topics_are_made_and_joined_as_somebody() {
    let cli = parse(&[
        "topic",
        "create",
        "enhanced_cooperation",
        "--name",
        "Enhanced cooperation",
        "--question",
        "How?",
        "--language",
        "en",
        "--as",
        "amina",
        "--party",
        "farmers; civil-society; en: Farmers",
        "--party",
        "state; governments; en: State",
    ])
    .unwrap();
    let Command::Topic(topic::Command::Create(args)) = cli.into_command() else { panic!() };
    assert_eq!(args.parties.len(), 2);
    assert_eq!((args.slug.as_str(), args.founder.as_str()), ("enhanced_cooperation", "amina"));

    let facilitate = ["topic", "facilitate", "x", "--add", "bruno", "--as", "amina"];
    let Command::Topic(topic::Command::Facilitate(args)) =
        parse(&facilitate).unwrap().into_command()
    else {
        panic!()
    };
    assert_eq!((args.add.as_deref(), args.remove), (Some("bruno"), None));
    assert!(parse(&["topic", "facilitate", "x", "--as", "amina"]).is_err());
    let both = ["topic", "facilitate", "x", "--add", "b", "--remove", "c", "--as", "amina"];
    assert!(parse(&both).is_err());

    let join = ["topic", "join", "https://a.example/t/x", "--slug", "y", "--as", "amina"];
    let Command::Topic(topic::Command::Join(args)) = parse(&join).unwrap().into_command() else {
        panic!()
    };
    assert_eq!((args.url.as_str(), args.slug.as_deref()), ("https://a.example/t/x", Some("y")));
    let nobody = join.get(..5).unwrap();
    assert!(parse(nobody).unwrap_err().to_string().contains("--as"));
}

#[test]
fn demo_takes_an_opinion_and_a_place_to_keep_it() {
    let cli = parse(&["demo", "--opinion", "o.md", "--keep", "dir"]).unwrap();
    let Command::Demo(args) = cli.into_command() else { panic!() };
    assert_eq!(args.opinion, Some("o.md".into()));
    assert_eq!(args.keep, Some("dir".into()));
}

#[test]
fn no_command_is_serve() {
    assert!(matches!(parse(&[]).unwrap().into_command(), Command::Serve(_)));
    let configured = parse(&["--config", "a.toml"]).unwrap();
    assert_eq!(configured.config, Some("a.toml".into()));
    assert!(matches!(configured.into_command(), Command::Serve(_)));
}

#[test]
fn a_receipt_is_checked_with_what_is_known_beside_it() {
    let key = ProofKey::from_seed([1; 32]).public();
    let known = key.to_multibase();
    let line = ["receipt", "check", "r.json", "--log", "log.json", "--key", &known];
    let Command::Receipt(receipt::Command::Check(args)) = parse(&line).unwrap().into_command()
    else {
        panic!()
    };
    assert_eq!((args.key, args.log), (Some(key), Some("log.json".into())));
    let wrong = parse(&["receipt", "check", "r.json", "--key", "z6Mk"]).unwrap_err().to_string();
    assert!(wrong.contains("Ed25519"), "{wrong}");
}

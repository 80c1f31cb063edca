//! Public client libraries drive an instance over its socket, as their users do. They are installed by
//! `ci/client_tools.sh`; `.ci/run` says where, and then they must be there.

mod desk;
mod pictures;
mod posts;

use std::{path::PathBuf, process::Stdio};

use polylogue::{
    domain::{group::StakeholderGroup, opinion::OpinionStatus},
    service::{
        Role,
        accounts::{AccountKind, NewAccount},
        opinions::NewOpinion,
        topics::NewTopic,
    },
};
use polylogue_tests::{TestInstance, cast::PASSWORD};
use tokio::process::Command;

/// Where `.ci/run` says the libraries are.
const VARIABLE: &str = "POLYLOGUE_TEST_CLIENTS";

/// What runs a script.
#[derive(Clone, Copy)]
enum By {
    Python,
    Node,
}

/// Python with the libraries; says loudly that a test is skipped where nobody installed them.
fn python() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "where CI says that its libraries are")]
    if let Ok(directory) = std::env::var(VARIABLE) {
        return Some(PathBuf::from(directory).join("bin/python"));
    }
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/ci/clients/bin/python");
    if own.exists() && scripts().join("node_modules/pins.json").exists() {
        return Some(own);
    }
    println!("SKIPPED: no client library is installed; ci/client_tools.sh installs them");
    None
}

fn scripts() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("clients")
}

/// An opinion by somebody else, in a topic of its own; its id.
async fn opinion_at(instance: &TestInstance) -> String {
    let bruno = instance.person("bruno", StakeholderGroup::Governments).await;
    let topic = NewTopic {
        slug: "rivers".to_owned(),
        name: "Rivers".to_owned(),
        question: "Whose are they?".to_owned(),
        language: "en".to_owned(),
        parties: None,
    };
    let (room, _) = instance.app.service.create_topic(&bruno, topic).await.unwrap();
    let opinion = NewOpinion {
        name: "Two banks".to_owned(),
        abstract_text: "A river is of those on both its banks.".to_owned(),
        source: "A river has *two* banks.".to_owned(),
        language: "en".to_owned(),
        status: OpinionStatus::Open,
    };
    instance.app.service.publish_opinion(&bruno, room, opinion).await.unwrap().uri
}

/// Runs a script of `tests/clients` against an instance with an account and an opinion of somebody else; prints what it
/// prints.
async fn drive(by: By, script: &str) {
    let Some(python) = python() else { return };
    let instance = TestInstance::start("clients").await.at_work();
    let new = NewAccount {
        name: "amina".to_owned(),
        kind: AccountKind::Person,
        display_name: "Amina".to_owned(),
        email: String::new(),
        role: Role::Member,
        group: Some(StakeholderGroup::CivilSociety),
        region: None,
        password: Some(PASSWORD.to_owned().into()),
    };
    instance.app.service.create_account(new).await.unwrap();
    let opinion = opinion_at(&instance).await;
    let program = match by {
        By::Python => python.clone(),
        By::Node => PathBuf::from("node"),
    };
    let ran = Command::new(program)
        .env("POLYLOGUE_TEST_PYTHON", &python)
        .arg(scripts().join(script))
        .args([instance.origin(), "amina", PASSWORD, &opinion])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    println!("{}", String::from_utf8_lossy(&ran.stdout));
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn toot_is_let_in_and_drives_an_instance() {
    drive(By::Python, "toot_cli.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn masto_js_is_let_in_and_drives_an_instance() {
    drive(By::Node, "masto_js.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn megalodon_is_let_in_and_drives_an_instance() {
    drive(By::Node, "megalodon.mjs").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mastodon_py_is_let_in_and_drives_an_instance() {
    drive(By::Python, "mastodon_py.py").await;
}

//! Private keys at rest: readable with the instance's vault, in their own place, and in no other way.

use polylogue::{
    base::crypto::Vault,
    store::actors::{self, Actor},
};
use polylogue_tests::{TestDatabase, TestService, service::VAULT_KEY};

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn keys_open_with_the_vault_of_the_instance_alone() {
    for database in TestDatabase::each().await {
        let instance = TestService::over("cs.example", database);
        let service = &instance.service;
        let amina = instance.person("amina", None).await.caller.actor;
        let bruno = instance.person("bruno", None).await.caller.actor;
        let keys = service.keys.of(&amina).await.unwrap();
        let sealed = actors::secret(&service.store, amina.id).await.unwrap().unwrap();
        assert!(!holds(&sealed.proof_key, keys.proof.seed()));
        assert!(!holds(&sealed.request_key, &keys.request.pkcs8()[40..72]));

        // Started again with the same vault key the keys are the same; with another they stay shut.
        let again = instance.again_with_vault(VAULT_KEY);
        let opened = again.keys.of(&amina).await.unwrap();
        assert_eq!(opened.proof.seed(), keys.proof.seed());
        assert_eq!(opened.request.pkcs8(), keys.request.pkcs8());
        let mut other = VAULT_KEY;
        other[31] ^= 1;
        assert!(instance.again_with_vault(other).keys.of(&amina).await.is_err());

        // A sealed key moved to another's row, or to the place of the other key, does not open.
        let vault = Vault::new(VAULT_KEY);
        let place = |actor: &Actor, which: &str| format!("actor:{}:{which}", actor.id);
        assert!(vault.open(&place(&amina, "proof"), &sealed.proof_key).is_ok());
        assert!(vault.open(&place(&bruno, "proof"), &sealed.proof_key).is_err());
        assert!(vault.open(&place(&amina, "request"), &sealed.proof_key).is_err());
        let mut damaged = sealed.proof_key.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(vault.open(&place(&amina, "proof"), &damaged).is_err());
        assert_eq!(actors::secret(&service.store, 1).await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_database_file_holds_no_private_key_password_or_token() {
    let database = TestDatabase::sqlite().await;
    let file = database.sqlite_file();
    let instance = TestService::over("cs.example", database);
    let service = &instance.service;
    let amina = instance.person("amina", None).await.caller.actor;
    let scope = polylogue::service::sign_in::Scope::parse("write").unwrap();
    let token = service.create_token("amina", scope).await.unwrap();
    let home = std::net::IpAddr::from([192, 0, 2, 1]);
    let password = polylogue_tests::cast::PASSWORD;
    let session = service.sign_in("amina", password, home).await.unwrap();
    let keys = service.keys.of(&amina).await.unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend(std::fs::read(file.with_extension("db-wal")).unwrap());
    // What is there is found, so that what is not found is not there.
    assert!(holds(&bytes, amina.uri.as_bytes()));
    let seed_hex = polylogue::record::digest::EntryHash(*keys.proof.seed()).to_string();
    for secret in [
        keys.proof.seed().as_slice(),
        seed_hex.as_bytes(),
        &keys.request.pkcs8()[40..72],
        password.as_bytes(),
        token.as_bytes(),
        session.token.as_bytes(),
    ] {
        assert!(!holds(&bytes, secret));
    }
}

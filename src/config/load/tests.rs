//! The whole way from text to configuration.

use super::*;
use crate::{
    config::{ConfigErrors, Problem},
    domain::group::StakeholderGroup,
};

fn from(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let dir = scratch::Dir::new();
    let path = dir.path().join("polylogue.toml");
    std::fs::write(&path, file).unwrap();
    let environment = environment.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
    load(Some(&path), environment)
}

fn problems(file: &str, environment: &[(&str, &str)]) -> Vec<Problem> {
    from(file, environment).unwrap_err().problems().to_vec()
}

fn keys(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|p| p.key.as_str()).collect()
}

/// A directory that goes away with the test.
mod scratch {
    use std::{
        path::{Path, PathBuf},
        sync::atomic::{AtomicU32, Ordering},
    };

    static COUNT: AtomicU32 = AtomicU32::new(0);

    pub(super) struct Dir(PathBuf);

    impl Dir {
        pub(super) fn new() -> Self {
            let n = COUNT.fetch_add(1, Ordering::Relaxed);
            let dir =
                std::env::temp_dir().join(format!("polylogue-config-{}-{n}", std::process::id()));
            std::fs::create_dir(&dir).unwrap();
            Self(dir)
        }

        pub(super) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Dir {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

#[test]
fn nothing_given_is_a_server_for_this_machine() {
    let config = load(None, std::iter::empty()).unwrap();
    assert_eq!(config.server.listen, ["127.0.0.1:8480".parse().unwrap()]);
    assert_eq!(config.instance.domain.to_string(), "localhost:8480");
    assert_eq!(config.instance.name, "Polylogue");
    assert_eq!(config.instance.group, None);
    assert_eq!(config.database.url.expose(), "sqlite://./polylogue-data/polylogue.db");
    assert_eq!(config.data.dir, Path::new("./polylogue-data"));
    assert!(matches!(&config.data.secret_key, SecretKeySource::File(path)
        if path == Path::new("./polylogue-data/secret.key")));
    assert!(config.federation.development);
    assert!(!config.federation.development_public);
    assert_eq!(config.federation.allow_addresses, loopback_networks());
    assert!(config.federation.allow_domains.is_empty());
    assert!(config.server.trusted_proxies.is_empty());
    assert!(config.sign_in.guests && config.sign_in.allow_hosts.is_empty());
    assert!(config.limits.enabled);
    assert_eq!(config.log.filter, "info");
    assert_eq!(config.origin(), "http://localhost:8480");
    assert!(!config.is_exposed_development());
}

#[test]
fn everything_in_the_file() {
    let config = from(
        r#"
        [server]
        listen = ["0.0.0.0:80", "[::]:80"]
        trusted_proxies = ["10.1.2.3", "192.168.7.9/16"]
        [instance]
        domain = "civil.example"
        name = "Civil society"
        group = "civil-society"
        [database]
        url = "postgres://u:p@db/polylogue"
        [data]
        dir = "/var/lib/polylogue"
        [federation]
        development = false
        allow_addresses = ["10.20.0.0/16"]
        allow_domains = ["a.example", "*.partner.example"]
        [sign_in]
        guests = false
        allow_hosts = ["social.example", "*.partner.example"]
        block_hosts = "spam.example"
        [limits]
        enabled = false
        [log]
        filter = "warn,polylogue=debug"
        "#,
        &[],
    )
    .unwrap();
    assert_eq!(config.server.listen.len(), 2);
    let networks: Vec<_> = config.server.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(networks, ["10.1.2.3/32", "192.168.0.0/16"]);
    assert_eq!(config.origin(), "https://civil.example");
    assert_eq!(config.instance.group, Some(StakeholderGroup::CivilSociety));
    assert_eq!(config.federation.allow_domains, ["a.example", "*.partner.example"]);
    assert!(!config.sign_in.guests);
    assert_eq!(config.sign_in.allow_hosts, ["social.example", "*.partner.example"]);
    assert_eq!(config.sign_in.block_hosts, ["spam.example"]);
    assert!(!config.limits.enabled);
}

#[test]
fn the_environment_replaces_the_file() {
    let config = from(
        "server.listen = \"127.0.0.1:1\"\ninstance.name = \"file\"\nlimits.enabled = true",
        &[
            ("POLYLOGUE__SERVER__LISTEN", "127.0.0.1:2, [::1]:3"),
            ("POLYLOGUE__LIMITS__ENABLED", "false"),
            ("POLYLOGUE__INSTANCE__NAME", ""),
            ("POLYLOGUE_TEST_POSTGRES_URL", "not ours"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    let ports: Vec<u16> = config.server.listen.iter().map(SocketAddr::port).collect();
    assert_eq!(ports, [2, 3]);
    assert!(!config.limits.enabled);
    assert_eq!(config.instance.name, "file", "an empty variable is not set");
}

#[test]
fn all_problems_come_at_once() {
    let found = problems(
        "[server]\nlisten = [\"localhost:80\", \"127.0.0.1:8480\", \"x\"]\nport = 1\n\
         [instance]\ndomain = 7\ngroup = \"ngo\"\n[limits]\nenabled = \"yes\"\n[sever]\nlisten = 1\n",
        &[("POLYLOGUE__DATABASE__URL", "mysql://u:sesame@h/d"), ("POLYLOGUE__SERVER__LISTN", "x")],
    );
    let mut names = keys(&found);
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "database.url",
            "instance.domain",
            "instance.group",
            "limits.enabled",
            "server.listen",
            "server.listen",
            "server.listn",
            "server.port",
            "sever",
        ]
    );
    let text = ConfigErrors(found).to_string();
    assert!(text.starts_with("the configuration has 9 problems:"), "{text}");
    assert!(text.contains("polylogue.toml, line 3)"), "the line of `port`: {text}");
    assert!(text.contains("environment variable POLYLOGUE__SERVER__LISTN"), "{text}");
    assert!(text.contains("given:   \"ngo\""), "{text}");
    assert!(text.contains("allowed: one of academic-community"), "{text}");
    assert!(!text.contains("sesame"), "a secret is not repeated: {text}");
}

#[test]
fn every_syntax_error_and_an_unreadable_file_are_told() {
    let found = problems("[server\nlisten = \n", &[("POLYLOGUE__INSTANCE__GROUP", "x")]);
    assert!(found.len() >= 3, "{found:?}");
    assert!(
        found.iter().any(|p| p.key == "instance.group"),
        "the environment is read all the same"
    );

    let missing = load(Some(Path::new("/nonexistent/polylogue.toml")), std::iter::empty());
    assert!(missing.unwrap_err().to_string().contains("/nonexistent/polylogue.toml"));
}

#[test]
fn names_in_the_wrong_case_are_unknown() {
    assert_eq!(
        keys(&problems("", &[("POLYLOGUE__server__listen", "127.0.0.1:1")])),
        ["server.listen"]
    );
    assert_eq!(keys(&problems("Server.listen = \"127.0.0.1:1\"", &[])), ["Server"]);
    assert_eq!(keys(&problems("listen = \"127.0.0.1:1\"", &[])), ["listen"]);
}

#[test]
fn development_is_the_default_for_local_names_only() {
    let development = |domain: &str| {
        from("", &[("POLYLOGUE__INSTANCE__DOMAIN", domain)]).unwrap().federation.development
    };
    for local in ["localhost", "localhost:8480", "civil.localhost:8481", "a.test", "a.test:81"] {
        assert!(development(local), "{local}");
    }
    for public in ["civil.example", "localhost.example", "latest"] {
        assert!(!development(public), "{public}");
    }
}

#[test]
fn development_listens_on_loopback_alone() {
    let listen = |address: &str, more: &[(&str, &str)]| {
        let mut all = vec![("POLYLOGUE__SERVER__LISTEN", address)];
        all.extend_from_slice(more);
        from("", &all)
    };
    for loopback in ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"] {
        assert!(listen(loopback, &[]).is_ok(), "{loopback}");
    }
    for open in ["0.0.0.0:8480", "[::]:8480", "192.168.1.1:8480", "[::ffff:10.0.0.1]:1"] {
        let errors = listen(open, &[]).unwrap_err();
        assert_eq!(keys(errors.problems()), ["server.listen"]);
        assert!(errors.to_string().contains("federation.development_public"), "{errors}");
        let public = [("POLYLOGUE__FEDERATION__DEVELOPMENT_PUBLIC", "true")];
        assert!(listen(open, &public).unwrap().is_exposed_development());
        let not_development = [("POLYLOGUE__INSTANCE__DOMAIN", "civil.example")];
        assert!(!listen(open, &not_development).unwrap().is_exposed_development());
    }
    let mixed = listen("127.0.0.1:1,0.0.0.0:1", &[]).unwrap_err();
    assert_eq!(mixed.problems().len(), 1, "each address by itself: {mixed}");
    assert_eq!(keys(&problems("server.listen = []", &[])), ["server.listen"]);
}

#[test]
fn ports_belong_to_development() {
    assert_eq!(
        keys(&problems("instance.domain = \"civil.example:8480\"", &[])),
        ["instance.domain"]
    );
    assert_eq!(keys(&problems("instance.domain = \"localhost:80\"", &[])), ["instance.domain"]);
    let explicit = "instance.domain = \"civil.example:8480\"\nfederation.development = true";
    assert_eq!(from(explicit, &[]).unwrap().origin(), "http://civil.example:8480");
}

#[test]
fn private_addresses_outside_development_need_names() {
    let addresses = "federation.allow_addresses = [\"10.0.0.0/8\"]\n";
    let public = "instance.domain = \"civil.example\"\n";
    assert_eq!(
        keys(&problems(&format!("{addresses}{public}"), &[])),
        ["federation.allow_addresses"]
    );
    let named = format!("{addresses}{public}federation.allow_domains = [\"a.example\"]");
    assert_eq!(from(&named, &[]).unwrap().federation.allow_addresses.len(), 1);
    let development = from(addresses, &[]).unwrap().federation;
    assert_eq!(development.allow_addresses.len(), 1, "a list replaces loopback");
    let none = from("federation.allow_addresses = []", &[]).unwrap().federation;
    assert!(none.allow_addresses.is_empty(), "also an empty one");
    assert!(from(public, &[]).unwrap().federation.allow_addresses.is_empty());
}

#[test]
fn one_mistake_is_one_problem() {
    // An unreadable domain leaves open whether this is development, so nothing is said about the rest.
    let found = problems(
        "instance.domain = \"Civil.Example\"\nserver.listen = \"0.0.0.0:80\"\n\
         federation.allow_addresses = [\"10.0.0.0/8\"]",
        &[],
    );
    assert_eq!(keys(&found), ["instance.domain"]);
}

#[test]
fn the_secret_key_comes_from_the_environment_alone() {
    let key = "00".repeat(32);
    let given = from("", &[("POLYLOGUE__DATA__SECRET_KEY", &key)]).unwrap();
    assert!(matches!(&given.data.secret_key, SecretKeySource::Given(k) if k.expose() == &[0; 32]));
    assert!(!format!("{given:?}").contains(&key));

    let in_file = from(&format!("data.secret_key = \"{key}\""), &[]).unwrap_err();
    assert_eq!(keys(in_file.problems()), ["data.secret_key"]);
    assert!(!in_file.to_string().contains(&key));
    let too_short = "a1".repeat(31);
    let short = from("", &[("POLYLOGUE__DATA__SECRET_KEY", &too_short)]).unwrap_err();
    assert!(!short.to_string().contains(&too_short), "{short}");
}

#[test]
fn the_database_follows_the_data_directory() {
    let url = |dir: &str| {
        from("", &[("POLYLOGUE__DATA__DIR", dir)]).unwrap().database.url.expose().to_owned()
    };
    assert_eq!(url("/srv/p"), "sqlite:///srv/p/polylogue.db");
    assert_eq!(url("/srv/50% ?"), "sqlite:///srv/50%25 %3F/polylogue.db");
}

#[test]
fn names_and_filters_at_their_edges() {
    let name = |n: usize| from("", &[("POLYLOGUE__INSTANCE__NAME", &"é".repeat(n))]);
    assert!(name(DISPLAY_NAME_CHARS_MAX).is_ok());
    assert!(name(DISPLAY_NAME_CHARS_MAX + 1).is_err());
    assert!(from("instance.name = \" \"", &[]).is_err());
    assert!(from("instance.name = \"a\\nb\"", &[]).is_err());
    assert!(from("log.filter = \"polylogue=loud\"", &[]).is_err());
}

#[test]
fn every_wrong_host_of_guests_is_a_problem_of_its_own() {
    let wrong = "sign_in.guests = \"yes\"\nsign_in.allow_hosts = [\"https://a.example\", \"b.example:8080\"]\n\
                 sign_in.block_hosts = [\"*\"]";
    assert_eq!(
        keys(&problems(wrong, &[])),
        ["sign_in.guests", "sign_in.allow_hosts", "sign_in.allow_hosts", "sign_in.block_hosts"]
    );
}

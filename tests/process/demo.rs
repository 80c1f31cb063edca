//! `polylogue demo` as a newcomer meets it: three instances, one record, and nothing left behind.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use polylogue_tests::instance::scratch;
use serde_json::Value;
use url::Url;

const PROGRAM: &str = env!("CARGO_BIN_EXE_polylogue");

/// A running demo and what it said.
struct Demo {
    child: Child,
    said: Vec<String>,
    rest: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Demo {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .arg("demo")
            .args(arguments)
            .env_clear()
            .env("TMPDIR", std::env::temp_dir())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let rest = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut demo = Self { child, said: Vec::new(), rest };
        for line in demo.rest.by_ref().map(Result::unwrap) {
            let last = line.contains("Stop with Ctrl-C");
            demo.said.push(line);
            if last {
                break;
            }
        }
        assert!(
            demo.said.iter().any(|line| line.contains("curl")),
            "it shows something: {:?}",
            demo.said
        );
        demo
    }

    /// The addresses in the lines for curl.
    fn addresses(&self) -> Vec<Url> {
        let curls = self.said.iter().filter(|line| line.trim().starts_with("curl"));
        let words =
            curls.flat_map(|line| line.split([' ', '\''])).filter(|word| word.starts_with("http"));
        words.map(|word| word.parse().unwrap()).collect()
    }

    /// As Ctrl-C or a service manager would; answers what it said last.
    fn stop(&mut self) -> String {
        let told =
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success(), "it ends well");
        self.rest.by_ref().map(Result::unwrap).collect()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Ended already, where all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn get(url: &Url) -> Value {
    #[expect(clippy::disallowed_methods, reason = "the test's own client, to loopback")]
    let client = reqwest::Client::builder()
        .no_proxy()
        .resolve(url.host_str().unwrap(), SocketAddr::from(([127, 0, 0, 1], url.port().unwrap())))
        .build()
        .unwrap();
    let answer =
        client.get(url.clone()).header("accept", "application/activity+json").send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    answer.json().await.unwrap()
}

#[tokio::test]
async fn shows_one_record_on_three_instances() {
    let kept = scratch();
    let mut demo = Demo::start(&["--keep", kept.path().to_str().unwrap()]);
    let addresses = demo.addresses();
    let [opinion, comment, position, logs @ ..] = addresses.as_slice() else {
        panic!("six addresses: {addresses:?}");
    };
    let hosts: Vec<&str> =
        [opinion, comment, position].iter().map(|url| url.host_str().unwrap()).collect();
    assert_eq!(hosts, ["civil.localhost", "gov.localhost", "tech.localhost"]);
    assert_eq!(get(opinion).await["type"], "Article");
    assert_eq!(get(comment).await["inReplyTo"], opinion.as_str());
    let like = get(position).await;
    assert_eq!((&like["type"], &like["object"]), (&"Like".into(), &opinion.as_str().into()));
    assert_eq!(like["position"]["kind"], "plg:support");

    let mut sets = Vec::new();
    for log in logs {
        let page = get(log).await;
        let mut hashes: Vec<String> = page["orderedItems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["hash"].as_str().unwrap().to_owned())
            .collect();
        hashes.sort();
        sets.push(hashes);
    }
    assert_eq!(sets.len(), 3);
    assert!(sets[0].len() > 10 && sets.windows(2).all(|pair| pair[0] == pair[1]), "{sets:?}");
    assert!(demo.stop().contains("Kept in"));

    // What is kept can be made anew from its record, and is what it was.
    let ports = std::fs::read_to_string(kept.path().join("ports")).unwrap();
    for (host, port) in ["civil", "gov", "tech"].iter().zip(ports.split(' ')) {
        let rebuilt = Command::new(PROGRAM)
            .arg("rebuild")
            .env_clear()
            .env("POLYLOGUE__DATA__DIR", kept.path().join(host))
            .env("POLYLOGUE__INSTANCE__DOMAIN", format!("{host}.localhost:{port}"))
            .output()
            .unwrap();
        let said = String::from_utf8(rebuilt.stdout).unwrap();
        assert!(
            rebuilt.status.success() && said.contains("Every table is as it was"),
            "{host}: {said}"
        );
    }

    // Started again it goes on from there, at the same addresses.
    let mut again = Demo::start(&["--keep", kept.path().to_str().unwrap()]);
    assert_eq!(again.addresses()[0], *opinion);
    again.stop();
}

#[test]
fn publishes_an_opinion_of_ones_own_and_leaves_nothing_behind() {
    let directory = scratch();
    let file = directory.path().join("opinion.md");
    let fixture =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/wgec-opinion.md");
    let text = std::fs::read_to_string(fixture).unwrap_or_else(|_absent| {
        println!("SKIPPED: the opinion of 2014 is not here; one of our own takes its place");
        "---\ntitle: Ours\nlanguage: en\n---\n\n## One\n\nA text.\n\n## Two\n\nAnother.".to_owned()
    });
    std::fs::write(&file, text).unwrap();
    let mut demo = Demo::start(&["--opinion", file.to_str().unwrap()]);
    let temporary = std::env::temp_dir().join(format!("polylogue-demo-{}", demo.child.id()));
    assert!(temporary.is_dir());
    assert!(demo.stop().contains("Nothing is left behind"));
    assert!(!temporary.exists());
}

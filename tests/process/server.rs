//! A `polylogue serve` of its own, which can be killed and started again.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_polylogue");

/// The server and its place.
pub(super) struct Server {
    directory: PathBuf,
    port: u16,
    running: Option<Child>,
}

impl Server {
    pub(super) fn new(directory: &Path) -> Self {
        // Free now; the server takes it a moment later.
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        Self { directory: directory.to_owned(), port, running: None }
    }

    pub(super) fn origin(&self) -> String {
        format!("http://sender.localhost:{}", self.port)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .env_clear()
            .current_dir(&self.directory)
            .env("POLYLOGUE__SERVER__LISTEN", format!("127.0.0.1:{}", self.port))
            .env("POLYLOGUE__INSTANCE__DOMAIN", format!("sender.localhost:{}", self.port))
            .env("POLYLOGUE__DATA__DIR", self.directory.join("data"))
            .env("POLYLOGUE__LIMITS__ENABLED", "false")
            .env("POLYLOGUE__LOG__FILTER", "warn");
        command
    }

    /// Starts it and waits until it says where it is.
    pub(super) fn start(&mut self) {
        let mut child = self.command(&["serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let where_it_is =
            said.by_ref().map(Result::unwrap).find(|line| line.contains(" is at http"));
        assert!(
            where_it_is.is_some_and(|line| line.contains(&self.origin())),
            "it says where it is"
        );
        assert!(said.map(Result::unwrap).any(|line| line.contains("Ctrl-C")), "and how to stop it");
        self.running = Some(child);
    }

    /// SIGKILL: nothing can be saved on the way out.
    pub(super) fn kill(&mut self) {
        let mut child = self.running.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Runs a command beside the server; answers what it printed.
    pub(super) fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut child =
            self.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// POSTs to the API; answers the document.
    pub(super) async fn post(
        &self,
        client: &reqwest::Client,
        token: &str,
        path: &str,
        body: &Value,
    ) -> Value {
        let url = format!("{}/api/plg/v1{path}", self.origin());
        let answer = client.post(url).bearer_auth(token).json(body).send().await.unwrap();
        let status = answer.status();
        let document: Value = answer.json().await.unwrap();
        assert_eq!(status, 201, "{document}");
        document
    }

    /// A client for which the server's name is this machine.
    pub(super) fn client(&self) -> reqwest::Client {
        #[expect(clippy::disallowed_methods, reason = "the test's own client, to loopback")]
        let client = reqwest::Client::builder()
            .no_proxy()
            .resolve("sender.localhost", std::net::SocketAddr::from(([127, 0, 0, 1], self.port)));
        client.build().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

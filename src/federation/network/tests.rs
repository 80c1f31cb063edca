//! The client against a scripted server on loopback: what it reaches, follows and reads.

use super::*;
use crate::federation::scripted::Scripted;

fn network() -> Network {
    Network::new(Policy::development(), "polylogue test").unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "the form of what makes headers")]
fn none(_: &Url) -> Result<Vec<(HeaderName, HeaderValue)>, NetworkError> {
    Ok(Vec::new())
}

#[tokio::test]
async fn test_28_this_machine_is_not_reached_in_production() {
    let server = Scripted::start(|_, _| (200, vec![], b"secret".to_vec()));
    let local = server.url("a.localhost", "/");
    let answer = network().get(&local, Redirects::SameOrigin, none).await.unwrap();
    assert_eq!(answer.body, b"secret");

    let production = Network::new(Policy::production(), "polylogue test").unwrap();
    let refused = production.get(&local, Redirects::SameOrigin, none).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused(Refusal::Scheme { .. })), "{refused}");
    let refused = production.post(&local, Vec::new(), Vec::new()).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused(Refusal::Scheme { .. })), "{refused}");
    // By name over https it is the resolver that refuses, when the connection is made.
    let https = Url::parse("https://localhost/").unwrap();
    let refused = production.get(&https, Redirects::SameOrigin, none).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused(Refusal::Address { .. })), "{refused}");
    assert!(!refused.is_transient());

    // In development: by name, never by number.
    let literal = server.url("127.0.0.1", "/");
    let refused = network().get(&literal, Redirects::SameOrigin, none).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused(Refusal::Host)), "{refused}");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn redirects_within_the_origin_three_at_most() {
    let server = Scripted::start(|port, asked| match asked.line.split_once(' ').unwrap().1 {
        "/a" => (301, vec![("location", "/b".into())], vec![]),
        "/b" => (302, vec![("location", format!("http://a.localhost:{port}/c#x"))], vec![]),
        "/c" => (307, vec![("location", "/d".into())], vec![]),
        "/round" => (308, vec![("location", "/round".into())], vec![]),
        "/away" => (302, vec![("location", format!("http://b.localhost:{port}/d"))], vec![]),
        "/number" => (302, vec![("location", format!("http://127.0.0.1:{port}/d"))], vec![]),
        "/nowhere" => (302, vec![], vec![]),
        _ => (200, vec![], b"end".to_vec()),
    });
    let url = |path| server.url("a.localhost", path);
    let network = network();
    let get = |path| {
        let (url, network) = (url(path), &network);
        async move { network.get(&url, Redirects::SameOrigin, none).await }
    };
    let answer = get("/a").await.unwrap();
    assert_eq!((answer.url, answer.body), (url("/d"), b"end".to_vec()));

    assert!(matches!(get("/round").await, Err(NetworkError::Redirect)));
    assert!(matches!(get("/nowhere").await, Err(NetworkError::Redirect)));
    assert!(matches!(get("/away").await, Err(NetworkError::OtherOrigin { .. })));
    let anywhere = network.get(&url("/away"), Redirects::AnyOrigin, none).await.unwrap();
    assert_eq!(anywhere.url, server.url("b.localhost", "/d"));
    let refused = network.get(&url("/number"), Redirects::AnyOrigin, none).await.unwrap_err();
    assert!(matches!(refused, NetworkError::Refused(Refusal::Host)), "{refused}");
    let rounds = server.asked().iter().filter(|asked| asked.line == "GET /round").count();
    assert_eq!(rounds, REDIRECTS_MAX + 1);

    // A delivery does not follow.
    let posted = network.post(&url("/a"), Vec::new(), b"{}".to_vec()).await.unwrap();
    assert_eq!((posted.status.as_u16(), posted.url), (301, url("/a")));
    assert_eq!(server.asked().last().unwrap().body, b"{}");
}

#[tokio::test]
async fn bodies_at_and_one_over_the_edge() {
    let server = Scripted::start(|_, asked| {
        let over = usize::from(asked.line.ends_with("over"));
        (200, vec![], vec![b' '; FETCH_BODY_BYTES_MAX + over])
    });
    let network = network();
    let get = |path| {
        let url = server.url("a.localhost", path);
        let network = &network;
        async move { network.get(&url, Redirects::SameOrigin, none).await }
    };
    assert_eq!(get("/at").await.unwrap().body.len(), FETCH_BODY_BYTES_MAX);
    assert!(matches!(
        get("/over").await,
        Err(NetworkError::BodySize { max: FETCH_BODY_BYTES_MAX })
    ));
    // The answer to a delivery may be as long as it likes.
    let posted = network.post(&server.url("a.localhost", "/over"), Vec::new(), Vec::new()).await;
    assert_eq!(posted.unwrap().body, b"");
}

#[test]
fn origins_are_compared_with_their_ports() {
    let same = |left, right| same_origin(&Url::parse(left).unwrap(), &Url::parse(right).unwrap());
    assert!(same("https://cs.example/a", "https://CS.example:443/b?c#d"));
    assert!(!same("https://cs.example/", "http://cs.example/"));
    assert!(!same("https://cs.example/", "https://cs.example:8443/"));
    assert!(!same("https://cs.example/", "https://a.cs.example/"));
}

#[tokio::test]
async fn test_28_a_name_may_not_change_its_meaning_between_check_and_connection() {
    // The resolver gives the client only what was judged: a name with one address of each kind leads to the public one.
    let policy = Arc::new(Policy::production());
    let mixed =
        vec![([127, 0, 0, 1], 0).into(), ([1, 1, 1, 1], 0).into(), ([10, 0, 0, 1], 0).into()];
    assert_eq!(policy.reachable("mixed.example", mixed), Ok(vec![([1, 1, 1, 1], 0).into()]));
    let resolved = Resolver::new(policy).resolve("localhost".parse().unwrap()).await;
    assert!(resolved.is_err(), "a name of this machine has no address in production");
}

#[tokio::test]
async fn a_server_that_never_ends_its_answer_is_left_in_time() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = server.accept().unwrap();
        let mut some = [0; 4096];
        let _ = stream.read(&mut some);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
        // Says nothing more, and does not hang up.
        let _ = stream.read(&mut some);
    });
    let url = Url::parse(&format!("http://a.localhost:{port}/")).unwrap();
    let hasty = Network { deadline: Duration::from_millis(100), ..network() };
    let answer = hasty.get(&url, Redirects::SameOrigin, none).await;
    assert!(matches!(answer, Err(NetworkError::Timeout)), "{answer:?}");
    assert_eq!(network().deadline, Duration::from_secs(FETCH_SECONDS_MAX));
}

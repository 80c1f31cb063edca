//! What a participant keeps of their acts.

use super::*;
use crate::{
    base::clock::Timestamp,
    record::receipt::{Bundle, Known, LogPart, Outcome, check},
};

fn later() -> Timestamp {
    Timestamp::parse_rfc3339("2100-01-01T00:00:00Z").unwrap()
}

#[tokio::test]
async fn a_receipt_is_read_kept_and_checked() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let key = opinion["key"].as_str().unwrap();
    let comment = json!({"content": "Only two?", "kind": "question"});
    let comment = instance.post(&token, &format!("/opinions/{key}/comments"), &comment).await;
    let comment = comment.expect(201);
    let hash = comment["receipt"]["hash"].as_str().unwrap();

    let page = html(&instance.get(&format!("/receipts/{hash}"), HTML).await);
    assert!(page.contains(hash) && page.contains("own key signed it"), "{page}");
    assert!(page.contains("https://cs.example/t/rivers#ed25519") && page.contains("/s/"));
    let file = instance.get(&format!("/receipts/{hash}.json"), HTML).await;
    assert!(file.header("content-disposition").contains("receipt-"));
    let bundle = Bundle::read(&file.body).unwrap();
    let log = instance.get("/t/rivers/log", AS2).await;
    let known = Known { room_key: None, log: Some(LogPart::read(&log.body).unwrap()) };
    let findings = check(&bundle, &known, later());
    assert_eq!(findings.len(), 6);
    assert!(findings.iter().all(|found| found.outcome == Outcome::Holds), "{findings:?}");
    let alone = check(&bundle, &Known::default(), later());
    assert!(alone.iter().all(|found| found.outcome != Outcome::Fails), "{alone:?}");
    let same = instance.api(&format!("/receipts/{hash}")).await.expect(200);
    assert_eq!(same["file"], file.json());
    assert_eq!(same["receipts"][0]["room"], "https://cs.example/t/rivers");
    assert_eq!(same["seq"], comment["receipt"]["seq"]);

    let path = format!("/comments/{}", comment["key"].as_str().unwrap());
    instance.delete(&token, &path).await.expect(200);
    let file = instance.get(&format!("/receipts/{hash}.json"), HTML).await;
    assert!(
        !html(&file).contains("Only two?"),
        "what was deleted is not handed out by its receipt"
    );
    assert_eq!(Bundle::read(&file.body).unwrap().entry, None);
    let page = html(&instance.get(&format!("/receipts/{hash}"), HTML).await);
    assert!(page.contains("deleted its words"), "{page}");
    for path in ["/receipts/00", "/receipts/x.json"] {
        assert_eq!(instance.get(path, HTML).await.status, 404, "{path}");
    }
    assert_eq!(instance.api("/receipts/00").await.status, 404);
}

#[tokio::test]
async fn ones_own_receipts_are_listed_page_by_page() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let path = format!("/opinions/{}/comments", opinion["key"].as_str().unwrap());
    let mut hashes = vec![opinion["receipt"]["hash"].as_str().unwrap().to_owned()];
    for n in 0..21 {
        let comment = json!({"content": format!("Comment {n}.")});
        let comment = instance.post(&token, &path, &comment).await.expect(201);
        hashes.push(comment["receipt"]["hash"].as_str().unwrap().to_owned());
    }
    let answer = instance.get("/me/receipts", HTML).await;
    assert_eq!(answer.status, 303, "only for oneself");
    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    let first = ada.get("/me/receipts").await;
    let second = ada.get("/me/receipts?after=20").await;
    for hash in &hashes {
        let on = [&first, &second].iter().filter(|page| page.contains(hash.as_str())).count();
        assert_eq!(on, 1, "each act once: {hash}");
    }
    assert!(first.contains("href=\"/me/receipts?after=20\"") && !second.contains("after=40"));
    assert!(first.contains(hashes.last().unwrap()), "newest first");
}

#[tokio::test]
async fn a_new_revision_asks_who_holds_a_position_and_one_click_answers() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    instance.account("joao", StakeholderGroup::Governments).await;
    let joao_token = instance.token("joao", "read write").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let path = format!("/opinions/{}", opinion["key"].as_str().unwrap());
    let position = json!({"kind": "reservation", "statement": "If both are heard.", "revision": 1});
    instance.post(&joao_token, &format!("{path}/positions"), &position).await.expect(201);
    let comment = json!({"content": "Only two?", "kind": "objection"});
    instance.post(&joao_token, &format!("{path}/comments"), &comment).await.expect(201);
    let revise = async |words: &str| {
        let revision = json!({"source": format!("## Why\n\n{words}\n\nBoth are heard."),
            "changeNote": "Counted again."});
        instance.post(&token, &format!("{path}/revisions"), &revision).await.expect(201);
        while instance.service.leave_notices().await.unwrap() > 0 {}
    };
    revise("A river has three banks.").await;

    let mut ada = Browser::new(&instance);
    ada.sign_in("ada").await;
    let page = ada.get("/notices").await;
    assert!(page.contains("objected to") && !page.contains("/keep"), "{page}");
    let mut joao = Browser::new(&instance);
    let csrf = joao.sign_in("joao").await;
    assert!(joao.get("/topics").await.contains("Notices (1 unread)"));
    let page = joao.get("/notices").await;
    assert!(page.contains("If both are heard.") && page.contains("revision 1"), "{page}");
    assert!(page.contains("</del>") && page.contains("three"), "what changed, in words: {page}");
    assert!(page.contains("/diff/1..2"));
    let keep = page.split('"').find(|text| text.ends_with("/keep")).unwrap().to_owned();
    assert_eq!(joao.post(&keep, &[("csrf", "wrong")]).await.0, 403);
    let live = async || {
        let list = instance.api(&format!("{path}/positions")).await.expect(200);
        let items = list["items"].as_array().unwrap().clone();
        items.iter().map(|p| (p["kind"].clone(), p["revision"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(live().await, [(json!("reservation"), json!(1))], "silence changes nothing");
    let (status, page) = joao.post(&keep, &[("csrf", &csrf)]).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(live().await, [(json!("reservation"), json!(2))]);
    let acts = async || {
        let list = instance.api(&format!("{path}/positions?history=true")).await.expect(200);
        list["items"].as_array().unwrap().len()
    };
    let before = acts().await;
    assert_eq!(joao.post(&keep, &[("csrf", &csrf)]).await.0, 303, "answered twice");
    assert_eq!(acts().await, before);
    assert!(!joao.get("/topics").await.contains("unread"));

    revise("A river has four banks.").await;
    revise("A river has five banks.").await;
    let page = joao.get("/notices").await;
    assert!(page.contains("A newer revision was published since"), "{page}");
    let notices = instance.get_as(&joao_token, "/notices").await.expect(200);
    let keys: Vec<&str> =
        notices["items"].as_array().unwrap().iter().map(|n| n["key"].as_str().unwrap()).collect();
    assert_eq!(notices["items"][0]["answer"], "open");
    assert_eq!(notices["items"][1]["answer"], "overtaken");
    assert_eq!(notices["items"][2]["answer"], "moved");
    let answer = async |token: &str, key: &str, answer: &str| {
        instance.post(token, &format!("/notices/{key}/{answer}"), &json!({})).await
    };
    assert_eq!(answer(&joao_token, keys[1], "keep").await.status, 409);
    let change = page.split('"').find(|text| text.contains("position?change=")).unwrap();
    let form = joao.get(change).await;
    assert!(form.contains("value=\"reservation\" required checked"), "{form}");
    assert!(form.contains("If both are heard."));
    answer(&joao_token, keys[0], "withdraw").await.expect(200);
    assert!(live().await.is_empty());
    let again = answer(&joao_token, keys[0], "withdraw").await.expect(200);
    assert_eq!(again["receipt"], json!(null));
    assert_eq!(answer(&token, keys[0], "keep").await.status, 404, "another account's notice");

    let up_to = value_of(&joao.get("/notices").await, "upTo");
    assert_eq!(joao.post("/notices/read", &[("csrf", &csrf), ("upTo", &up_to)]).await.0, 303);
    assert!(!joao.get("/topics").await.contains("unread"));
}

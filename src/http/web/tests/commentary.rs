//! A comment on several paragraphs, written anew, answered by the author; and the same by the API.

use serde_json::json;

use super::{Browser, href_in, started};
use crate::domain::{blocks, group::StakeholderGroup};

#[tokio::test]
async fn a_comment_on_several_paragraphs_is_rewritten_and_answered() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    instance.account("bob", StakeholderGroup::Governments).await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let href = format!("/o/{}", opinion["key"].as_str().unwrap());
    let ids: Vec<String> = blocks::split(opinion["content"].as_str().unwrap())
        .into_iter()
        .map(|block| block.id)
        .collect();
    let mut bo = Browser::new(&instance);
    let csrf = bo.sign_in("bob").await;
    let csrf = csrf.as_str();

    let form = bo.get(&format!("{href}/comment?missing={}", ids[2])).await;
    assert!(form.contains(&format!("value=\"{}\" selected", ids[2])), "{form}");
    let mut fields = vec![
        ("csrf", csrf),
        ("block", ids[1].as_str()),
        ("block", ids[2].as_str()),
        ("quote", "words that nobody wrote"),
        ("missing", "whole"),
        ("kind", "objection"),
        ("content", "Rivers have *three* banks."),
        ("language", "en"),
    ];
    let (status, page) = bo.post(&format!("{href}/comment"), &fields).await;
    assert_eq!(status, 422);
    assert!(page.contains("does not hold the words") && page.contains("three* banks"), "{page}");
    for id in &ids[1..] {
        assert!(page.contains(&format!("value=\"{id}\" checked")), "still chosen: {page}");
    }
    fields[3] = ("quote", "Both are heard");
    let (status, page) = bo.post(&format!("{href}/comment"), &fields).await;
    assert_eq!(status, 200, "{page}");
    let key = href_in(&page, &format!("{href}#c-")).split_once("#c-").unwrap().1.to_owned();

    let page = bo.get(&href).await;
    assert!(page.contains("Also on this paragraph") && page.contains("unanswered"), "{page}");
    assert!(page.contains("Says that something is missing in the text."), "{page}");
    assert!(
        page.contains(&format!("/c/{key}/edit")) && !page.contains(&format!("/c/{key}/answer"))
    );
    let listed = bo.get(&format!("{href}/comments?order=unanswered&kind=objection")).await;
    assert!(listed.contains("On §2.") && listed.contains("<em>three</em>"), "{listed}");
    assert!(bo.get(&format!("{href}/p/3?order=newest")).await.contains("<em>three</em>"));
    assert!(bo.get(&format!("{href}/p/1")).await.contains("No comment here yet"));
    let refused = bo.send("GET", &format!("{href}/comments?order=top"), String::new()).await;
    assert_eq!(refused.status, 422);
    assert!(super::html(&refused).contains("fair, newest, document, unanswered"));
    let missing = bo.send("GET", &format!("{href}/p/9"), String::new()).await;
    assert_eq!(missing.status, 404);

    let edit = [("csrf", csrf), ("kind", "concern"), ("language", "en")];
    let with = |content| edit.iter().copied().chain([("content", content)]).collect::<Vec<_>>();
    let (status, page) = bo.post(&format!("/c/{key}/edit"), &with("")).await;
    assert_eq!(status, 422, "{page}");
    let (status, page) = bo.post(&format!("/c/{key}/edit"), &with("Rivers have many banks.")).await;
    assert_eq!(status, 200, "{page}");
    let history = bo.get(&format!("/c/{key}/history")).await;
    assert!(history.contains("Version 1") && history.contains("<em>three</em>"), "{history}");
    assert!(history.contains("many banks") && history.contains("shown now"));

    // Who may say what became of it: the author of the opinion, not who raised it.
    assert_eq!(bo.send("GET", &format!("/c/{key}/answer"), String::new()).await.status, 403);
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    assert!(ada.get(&href).await.contains(&format!("/c/{key}/answer")));
    ada.get(&format!("/c/{key}/answer")).await;
    let said = [("csrf", csrf.as_str()), ("outcome", "accepted"), ("revision", "1"), ("venue", "")];
    let with = |reason| said.iter().copied().chain([("reason", reason)]).collect::<Vec<_>>();
    let (status, page) = ada.post(&format!("/c/{key}/answer"), &with(" ")).await;
    assert_eq!(status, 422);
    assert!(page.contains("id=\"o-accepted\" value=\"accepted\" required checked"), "{page}");
    let open = ada.get("/t/rivers/ledger?state=open").await;
    assert!(open.contains("many banks") && open.contains("since today"), "{open}");
    let (status, page) = ada.post(&format!("/c/{key}/answer"), &with("Said in §2.")).await;
    assert_eq!(status, 200, "{page}");
    let page = ada.get(&href).await;
    assert!(page.contains("Said in §2.") && page.contains("in revision 1"), "{page}");
    assert!(!page.contains("unanswered"), "{page}");
    assert!(ada.get("/t/rivers/ledger?state=open").await.contains("Nothing is listed here"));
    let ledger = ada.get("/t/rivers/ledger").await;
    assert!(ledger.contains("answered the same day") && ledger.contains("Two banks"), "{ledger}");
    assert!(ada.get("/t/rivers").await.contains("/t/rivers/ledger"));

    // The same by the API.
    let comment = instance.api(&format!("/comments/{key}")).await.expect(200);
    assert_eq!(comment["anchors"].as_array().unwrap().len(), 3);
    assert_eq!(
        (&comment["anchors"][1]["state"], &comment["anchors"][1]["paragraphNow"]),
        (&json!("exact"), &json!(3))
    );
    assert_eq!(comment["anchors"][1]["exact"], "Both are heard");
    assert_eq!(comment["dispositions"][0]["outcome"], "accepted");
    let versions = instance.api(&format!("/comments/{key}/versions")).await.expect(200);
    assert_eq!(versions["items"][1]["current"], true);
    assert_eq!(comment["dispositions"][0]["ofVersion"], versions["items"][1]["activity"]);
    let path = format!("/comments/{key}/dispositions");
    let draft =
        json!({"outcome": "out-of-scope", "reason": "Not ours.", "venue": "The lakes forum"});
    let made = instance.post(&token, &path, &draft).await.expect(201);
    assert_eq!((&made["binding"], &made["venue"]), (&json!(true), &json!("The lakes forum")));
    for (draft, field) in [
        (json!({"outcome": "fine", "reason": "x"}), "outcome"),
        (json!({"outcome": "not-accepted"}), "reason"),
        (json!({"outcome": "partly", "reason": "x", "revision": 9}), "revision"),
    ] {
        let refused = instance.post(&token, &path, &draft).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    let ledger = instance.api("/topics/rivers/ledger?state=addressed").await.expect(200);
    assert_eq!(ledger["items"][0]["answer"]["reason"], "Not ours.");
    assert_eq!(ledger["items"][0]["comment"]["key"], json!(key));
    let list = format!(
        "/opinions/{}/comments?kind=concern&unanswered=true",
        opinion["key"].as_str().unwrap()
    );
    assert_eq!(instance.api(&list).await.expect(200)["items"], json!([]));
    let wrong = instance.api("/topics/rivers/ledger?order=top").await.expect(422);
    assert_eq!(wrong["errors"][0]["field"], "order");
}

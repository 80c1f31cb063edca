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

#[tokio::test]
async fn positions_are_names_by_group_and_the_same_as_a_table() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    let opinion = instance.opinion(&token, "rivers", "Two banks").await;
    let key = opinion["key"].as_str().unwrap();
    let path = format!("/opinions/{key}/positions");
    let support = json!({"kind": "support", "revision": 1});
    for name in ["bob", "cyd", "dia", "edo", "fay", "gus", "hal", "ida", "joe"] {
        let token = instance.account(name, StakeholderGroup::Governments).await;
        instance.post(&token, &path, &support).await.expect(201);
    }
    let objection =
        json!({"kind": "objection", "statement": "=HYPERLINK(\"x\"), \"no\"", "revision": 1});
    instance.post(&token, &path, &objection).await.expect(201);
    let kim = instance.account("kim", StakeholderGroup::CivilSociety).await;
    let claim = json!({"kind": "support", "revision": 1, "onBehalfOf": "https://x.example/p/union",
        "capacity": "organization"});
    instance.post(&kim, &path, &claim).await.expect(201);
    let revision =
        json!({"source": "## Why\n\nA river has three banks.", "changeNote": "Counted."});
    instance.post(&token, &format!("/opinions/{key}/revisions"), &revision).await.expect(201);
    let late = json!({"kind": "concern", "statement": "Late.", "revision": 2});
    instance.post(&kim, &path, &late).await.expect(201);

    let page = html(&instance.get(&format!("/o/{key}/positions"), HTML).await);
    let (_, row) = page.split_once("governments</span></th>").unwrap();
    let (row, _) = row.split_once("</tr>").unwrap();
    let (first, others) = row.split_once("<summary>The other names</summary>").unwrap();
    assert_eq!(first.matches("(rev 1)").count(), 7, "seven names, each with its revision: {row}");
    assert!(first.contains("BOB") && others.contains("JOE") && !first.contains("JOE"), "{row}");
    let (table, below) = page.split_once("id=\"claims\"").unwrap();
    assert!(below.contains("says they speak for") && !table.contains("says they speak for"));
    assert!(page.contains("governments, support: held on an earlier revision only"), "the figure");
    assert!(page.contains("civil society, concern: held\""), "{page}");
    let opinion_page = html(&instance.get(&format!("/o/{key}"), HTML).await);
    assert!(opinion_page.contains("The other names") && !opinion_page.contains("JOE</bdi>"));
    let topic = html(&instance.get("/t/rivers", HTML).await);
    assert!(
        topic.contains("Positions at a glance") && topic.contains("support: held on an earlier")
    );
    let second = html(&instance.get(&format!("/o/{key}/positions?revision=2"), HTML).await);
    assert!(second.contains("Late.") && !second.contains("BOB</bdi>"), "{second}");

    let tunis = html(&instance.get(&format!("/o/{key}/positions?lens=tunis"), HTML).await);
    assert!(
        tunis.contains("academic and technical communities (within the other groups)</th>"),
        "{tunis}"
    );
    assert_eq!(
        tunis.matches("BOB</bdi>").count(),
        page.matches("BOB</bdi>").count(),
        "nobody is left out"
    );
    assert!(tunis.contains("positions.csv?lens=tunis"));

    let table = instance.get(&format!("/o/{key}/positions.csv"), HTML).await;
    assert!(table.content_type().starts_with("text/csv"));
    let text = html(&table);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 14, "a header, twelve positions, an end: {text}");
    let columns: Vec<&str> = lines[0].split(',').collect();
    let described = include_str!("../../../../docs/positions-csv.md");
    for column in &columns {
        assert!(described.contains(&format!("| `{column}` |")), "{column} is described");
    }
    assert_eq!(described.matches("\n| `").count(), columns.len());
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\"), \"\"no\"\"\""), "{text}");
    let one = html(&instance.get(&format!("/o/{key}/positions.csv?revision=2"), HTML).await);
    assert_eq!(one.split("\r\n").count(), 3);

    let list = instance.api(&format!("{path}?kind=support&group=governments&limit=5")).await;
    let list = list.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 5);
    let next = list["next"].as_str().unwrap();
    assert!(next.contains("kind=support&group=governments&limit=5"), "{next}");
    let none = instance.api(&format!("{path}?group=none")).await.expect(200);
    assert_eq!(none["items"], json!([]));
    for wrong in ["kind=like", "group=plg:academia"] {
        let refused = instance.api(&format!("{path}?{wrong}")).await;
        assert_eq!(refused.status, 422, "{wrong}");
    }
}

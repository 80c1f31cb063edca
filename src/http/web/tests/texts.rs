//! Texts: their revisions as pages and files, their status, their terms, statements on them; and what is too much.

use super::*;

async fn written(instance: &Instance, source: &str) -> (String, String) {
    let token = instance.token("ada", "read write follow").await;
    let body =
        json!({"name": "Two banks", "abstract": "In short.", "language": "en", "source": source});
    let opinion = instance.post(&token, "/topics/rivers/opinions", &body).await.expect(201);
    (token, opinion["key"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn every_revision_can_be_read_compared_and_kept_as_a_file() {
    let instance = started().await;
    let (token, key) = written(&instance, "## Why\n\nA river has *two* banks.").await;
    let body = json!({"source": "## Why\n\nA river has *three* banks.", "changeNote": "Counted."});
    instance.post(&token, &format!("/opinions/{key}/revisions"), &body).await.expect(201);
    let file = instance.get(&format!("/o/{key}/revisions/1.md"), HTML).await;
    assert_eq!(file.content_type(), "text/markdown; charset=utf-8");
    let text = html(&file);
    assert!(
        text.starts_with("# Two banks\n") && text.contains("A river has *two* banks."),
        "{text}"
    );
    assert!(text.contains("Revision 1, ") && text.contains("ni:///sha-256;"), "{text}");
    let side = html(&instance.get(&format!("/o/{key}/diff/1..2?view=side"), HTML).await);
    assert!(
        side.contains("class=\"sides\"") && side.contains("<del>") && side.contains("<ins>"),
        "{side}"
    );
    let unknown = instance.get(&format!("/o/{key}/revisions/7"), HTML).await;
    assert_eq!(unknown.status, 404);
    let page = html(&unknown);
    assert!(
        page.contains("There is no revision 7")
            && page.contains(&format!("/o/{key}/revisions/2\"")),
        "{page}"
    );
    let compared = instance.get(&format!("/o/{key}/diff/1..7"), HTML).await;
    assert_eq!((compared.status, html(&compared).contains("There is no revision 7")), (404, true));
    let api = instance.api(&format!("/opinions/{key}/revisions/7")).await.expect(404);
    assert!(api["detail"].as_str().unwrap().contains("1, 2"), "{api}");
}

#[tokio::test]
async fn a_withdrawn_opinion_says_why_and_keeps_its_text_behind_a_link() {
    let instance = started().await;
    let (_, key) = written(&instance, "A river has two banks.").await;
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    let path = format!("/o/{key}/status");
    assert!(ada.get(&format!("/o/{key}")).await.contains(&path));
    assert!(ada.get(&path).await.contains("name=\"supersededBy\""));
    let (status, page) =
        ada.post(&path, &[("csrf", &csrf), ("status", "withdrawn"), ("reason", "")]).await;
    assert_eq!((status, page.contains("Please fill this in.")), (422, true), "{page}");
    let (status, page) = ada
        .post(&path, &[("csrf", &csrf), ("status", "withdrawn"), ("reason", "It dried up.")])
        .await;
    assert_eq!(status, 200, "{page}");
    let page = ada.get(&format!("/o/{key}")).await;
    assert!(page.contains("It dried up.") && page.contains("Two banks"), "{page}");
    assert!(!page.contains("A river has two banks."));
    let last = href_in(&page, &format!("/o/{key}/revisions/"));
    assert!(ada.get(&last).await.contains("A river has two banks."));
    let shown = instance.api(&format!("/opinions/{key}")).await.expect(200);
    assert_eq!(
        (&shown["status"], &shown["statusNote"]),
        (&json!("withdrawn"), &json!("It dried up."))
    );
    // Another one takes its place.
    let (token, other) = written(&instance, "A river has three banks.").await;
    let by = instance.api(&format!("/opinions/{other}")).await.expect(200)["id"].clone();
    let body = json!({"status": "superseded", "reason": "Better.", "supersededBy": by});
    let shown = instance.post(&token, &format!("/opinions/{key}/status"), &body).await.expect(200);
    assert_eq!(shown["supersededBy"], by);
    assert!(ada.get(&format!("/o/{key}")).await.contains(&format!("/o/{other}\"")));
}

#[tokio::test]
async fn terms_stand_side_by_side() {
    let instance = started().await;
    assert!(html(&instance.get("/t/rivers/terms", HTML).await).contains("No term is defined yet."));
    let (token, key) = written(&instance, "**River:** what flows.").await;
    written(&instance, "## Definitions\n\n### river\n\nWhat has banks.").await;
    instance
        .post(
            &token,
            &format!("/opinions/{key}/positions"),
            &json!({"kind": "support", "revision": 1}),
        )
        .await
        .expect(201);
    let page = html(&instance.get("/t/rivers/terms", HTML).await);
    assert!(page.contains("what flows.") && page.contains("What has banks."), "{page}");
    assert_eq!(page.matches("class=\"term\"").count(), 1);
    assert_eq!(page.matches("<article>").count(), 2);
    assert!(
        page.contains(&format!("/o/{key}/revisions/1#b-")) && page.contains("support: "),
        "{page}"
    );
    let list = instance.api("/topics/rivers/terms").await.expect(200);
    assert_eq!(list["items"][0]["definitions"].as_array().unwrap().len(), 2);
    assert_eq!(list["items"][0]["definitions"][1]["paragraph"], 1);
}

#[tokio::test]
async fn a_separate_statement_is_shown_with_its_revision() {
    let instance = started().await;
    let (token, key) = written(&instance, "A river has two banks.").await;
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    let path = format!("/o/{key}/statement");
    assert!(ada.get(&format!("{path}?revision=1")).await.contains("name=\"content\""));
    let sent = [("csrf", csrf.as_str()), ("revision", "1"), ("as", ""), ("language", "en")];
    let with = |content: &'static str| {
        sent.iter().copied().chain([("content", content)]).collect::<Vec<_>>()
    };
    assert_eq!(ada.post(&path, &with(" ")).await.0, 422);
    assert_eq!(ada.post(&path, &with("One bank is <b>ours</b>.")).await.0, 200);
    assert_eq!(ada.post(&path, &with("Both banks are ours.")).await.0, 200);
    let page = ada.get(&format!("/o/{key}")).await;
    let (_, statements) = page.split_once("id=\"statements\"").unwrap();
    let (statements, _) = statements.split_once("</section>").unwrap();
    assert!(
        statements.contains("Both banks are ours.") && !statements.contains("One bank"),
        "{statements}"
    );
    let body = json!({"content": "By the API.", "revision": 1});
    let filed =
        instance.post(&token, &format!("/opinions/{key}/statements"), &body).await.expect(201);
    assert_eq!(filed["kind"], "separate-statement");
    let listed = instance.api(&format!("/opinions/{key}/revisions/1/statements")).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let body = json!({"content": "x", "kind": "separate-statement"});
    instance.post(&token, &format!("/opinions/{key}/comments"), &body).await.expect(422);
}

/// Bad input of texts: by form and by API, refused or neutralised, in a sentence, with everything typed kept.
#[tokio::test]
async fn what_is_too_much_is_refused_in_a_sentence_and_nothing_typed_is_lost() {
    let instance = started().await;
    let token = instance.token("ada", "read write follow").await;
    let mut ada = Browser::new(&instance);
    let csrf = ada.sign_in("ada").await;
    let bombs = [
        (format!("|{}\n|{}\n", " a |".repeat(5_000), "---|".repeat(5_000)), "5000 columns"),
        ("> ".repeat(5_000) + "x", "nested more than"),
        ("*a **b ".repeat(2_000) + &"** c*".repeat(2_000), "nested more than"),
        ("x".repeat(300_000), "bytes, more than"),
    ];
    for (source, says) in &bombs {
        let body =
            json!({"name": "Kept title", "abstract": "A", "source": source, "language": "en"});
        let problem = instance.post(&token, "/topics/rivers/opinions", &body).await.expect(422);
        assert_eq!(problem["errors"][0]["field"], "source");
        let said = problem["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains(says), "{said}");
        let form = [
            ("csrf", csrf.as_str()),
            ("name", "Kept title"),
            ("abstract", "A"),
            ("source", source),
            ("language", "en"),
            ("status", "open"),
        ];
        let (status, page) = ada.post("/t/rivers/write", &form).await;
        assert_eq!(status, 422, "{says}");
        assert!(page.contains("value=\"Kept title\"") && page.contains(says), "{says}");
        let typed: String = source.chars().filter(|c| c.is_alphanumeric()).take(40).collect();
        assert!(page.contains(typed.get(..1).unwrap()), "what was typed is in the form");
        let draft = [
            ("csrf", csrf.as_str()),
            ("name", "Kept title"),
            ("abstract", "A"),
            ("source", source),
            ("language", "en"),
        ];
        let (status, page) = ada.post("/t/rivers/draft", &draft).await;
        assert_eq!((status, page.contains("Kept title")), (422, true), "{says}");
    }
    // An address used again and again is written out at most as often as there is room for it.
    let source =
        format!("{}\n\n[x]: https://x.example/{}\n", "[x] ".repeat(40_000), "y".repeat(2_000));
    let body = json!({"name": "Links", "abstract": "A", "source": source, "language": "en"});
    let answer = instance.post(&token, "/topics/rivers/opinions", &body).await;
    assert!(matches!(answer.status, 201 | 422), "{}", answer.status);
    // Ten megabytes are not read at all: nothing can be shown again, and the page says so.
    let ten = "x".repeat(10_000_000);
    let (status, page) = ada.post("/t/rivers/write", &[("csrf", &csrf), ("source", &ten)]).await;
    assert_eq!(status, 413);
    assert!(page.contains("larger than") && page.contains("Go back in your browser"), "{page}");
    let body = json!({"name": "A", "abstract": "A", "source": ten, "language": "en"});
    instance.post(&token, "/topics/rivers/opinions", &body).await.expect(413);
    // Unseen and direction-turning characters are taken out of titles and texts.
    let body = json!({"name": "Two\u{200b} \u{202e}banks\u{2066}", "abstract": "A\u{feff}b", "source": "x\u{202e}y", "language": "en"});
    let opinion = instance.post(&token, "/topics/rivers/opinions", &body).await.expect(201);
    assert_eq!((&opinion["name"], &opinion["abstract"]), (&json!("Two banks"), &json!("Ab")));
    assert!(opinion["content"].as_str().unwrap().contains("<p>xy</p>"));
    let only =
        json!({"name": "\u{200b}\u{202e}", "abstract": "A", "source": "x", "language": "en"});
    let refused = instance.post(&token, "/topics/rivers/opinions", &only).await.expect(422);
    assert_eq!(refused["errors"][0]["field"], "name");
}

//! Two people write a draft in their browsers, and everybody else finds nothing.

use super::*;
use crate::http::negotiate::ACTIVITY_JSON;

#[tokio::test]
async fn two_people_draft_and_publish_together() {
    let instance = started().await;
    let eve_token = instance.account("eve", StakeholderGroup::Governments).await;
    instance.account("grace", StakeholderGroup::PrivateSector).await;
    let (mut ada, mut grace) = (Browser::new(&instance), Browser::new(&instance));
    let csrf = ada.sign_in("ada").await;
    let grace_csrf = grace.sign_in("grace").await;
    assert!(ada.get("/t/rivers").await.contains("/t/rivers/draft"));
    assert!(ada.get("/drafts").await.contains("You have no draft"));
    let form = ada.get("/t/rivers/draft").await;
    assert!(form.contains("action=\"/t/rivers/draft\""));
    let begun = [
        ("csrf", csrf.as_str()),
        ("name", "Two banks"),
        ("abstract", "Those who drink from it."),
        ("source", "First.\r\n\r\nSecond."),
        ("language", "en"),
    ];
    // Refused, the form keeps what was typed.
    let mut wrong = begun;
    wrong[4].1 = "no tag";
    let (status, page) = ada.post("/t/rivers/draft", &wrong).await;
    assert_eq!(status, 422);
    assert!(page.contains("Second.") && page.contains("language tag"), "{page}");
    assert_eq!(ada.post("/t/rivers/draft", &begun).await.0, 303);
    let href = href_in(&ada.get("/drafts").await, "/drafts/");
    let page = ada.get(&href).await;
    assert!(page.contains("<p>First.</p>") && page.contains("<p>Second.</p>"), "{page}");
    let first = href_in(&page, &format!("{href}/b/"));

    // Nobody else is told, however they ask.
    let nothing = |status: u16, what: &str| assert_eq!(status, 404, "{what}");
    for path in [
        href.clone(),
        format!("{href}/publish"),
        format!("{href}/invite"),
        format!("{href}/insert"),
        first.clone(),
    ] {
        for accept in [HTML, "application/json", ACTIVITY_JSON] {
            nothing(instance.get(&path, accept).await.status, &path);
        }
        nothing(grace.send("GET", &path, String::new()).await.status, &path);
    }
    nothing(instance.api(&href).await.status, "no token");
    let bearer = format!("Bearer {eve_token}");
    let headers = [("authorization", bearer.as_str())];
    let asked = Instance::request("GET", &format!("/api/plg/v1{href}"), &headers, Body::empty());
    nothing(instance.send(asked).await.status, "the token of another");
    for act in
        ["answer", "agree", "leave", "discard", "move", "invite", "insert", "publish", "base"]
    {
        let path = format!("{href}/{act}");
        nothing(grace.post(&path, &[("csrf", &grace_csrf)]).await.0, &path);
        nothing(Browser::new(&instance).post(&path, &[("csrf", "x")]).await.0, &path);
    }

    let (status, page) =
        ada.post(&format!("{href}/invite"), &[("csrf", &csrf), ("handle", "nobody_at_all")]).await;
    assert_eq!(status, 422);
    assert!(page.contains("nobody_at_all"));
    assert_eq!(
        ada.post(&format!("{href}/invite"), &[("csrf", &csrf), ("handle", "@grace")]).await.0,
        303
    );
    assert!(grace.get("/drafts").await.contains("You were asked to write along"));
    assert!(grace.get(&href).await.contains("<p>First.</p>"));
    assert_eq!(
        grace.post(&format!("{href}/answer"), &[("csrf", &grace_csrf), ("joins", "yes")]).await.0,
        303
    );

    // Both edit the first paragraph from the same version: the second one sees both texts, and what was typed.
    let page = ada.get(&href).await;
    let paragraph = page.split("id=\"d-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let edit = format!("{href}/b/{paragraph}");
    let version = value_of(&ada.get(&edit).await, "version");
    let save = |csrf: &str, source: &str, version: &str| {
        [("csrf", csrf.to_owned()), ("source", source.to_owned()), ("version", version.to_owned())]
    };
    let sent = save(&csrf, "First, by Ada.", &version);
    let fields: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(ada.post(&edit, &fields).await.0, 303);
    let sent = save(&grace_csrf, "First, by Grace.", &version);
    let fields: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (status, page) = grace.post(&edit, &fields).await;
    assert_eq!(status, 409);
    assert!(
        page.contains("First, by Grace.</textarea>") && page.contains("First, by Ada."),
        "{page}"
    );
    assert!(page.contains("<ins>") && page.contains("Nothing is lost"));
    let newer = value_of(&page, "version");
    let sent = save(&grace_csrf, "First, by both.", &newer);
    let fields: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(grace.post(&edit, &fields).await.0, 303);
    assert!(ada.get(&edit).await.contains("Earlier versions"));

    let page = grace.get(&href).await;
    assert!(
        page.contains("0 of 2 agreed") && page.contains("Waiting for <bdi>ADA, GRACE</bdi>"),
        "{page}"
    );
    let digest = value_of(&page, "digest");
    assert_eq!(
        grace.post(&format!("{href}/agree"), &[("csrf", &grace_csrf), ("digest", &digest)]).await.0,
        303
    );
    let (status, page) =
        ada.post(&format!("{href}/agree"), &[("csrf", &csrf), ("digest", "stale")]).await;
    assert_eq!(status, 409);
    assert!(page.contains("read it again, then agree") && page.contains("1 of 2 agreed"), "{page}");
    let page = ada.get(&format!("{href}/publish")).await;
    assert!(
        page.contains("<p>First, by both.</p>") && page.contains("confirms it with their own key"),
        "{page}"
    );
    let digest = value_of(&page, "digest");
    let (status, page) = ada
        .post(
            &format!("{href}/publish"),
            &[("csrf", &csrf), ("digest", "stale"), ("status", "open")],
        )
        .await;
    assert_eq!((status, page.contains("then publish")), (409, true));
    let (status, page) = ada
        .post(
            &format!("{href}/publish"),
            &[("csrf", &csrf), ("digest", &digest), ("status", "open")],
        )
        .await;
    assert_eq!(status, 200, "{page}");
    let opinion = href_in(&page, "/o/");
    let page = ada.get(&opinion).await;
    assert!(page.contains("GRACE</bdi></a> (confirmed for revision 1)"), "{page}");
    let shown =
        instance.api(&format!("/opinions{}", opinion.trim_start_matches("/o"))).await.expect(200);
    assert_eq!(shown["authors"][1]["signature"], "confirmed");
    assert_eq!(shown["authors"][1]["confirmed"], 1);
    assert!(grace.get(&opinion).await.contains(&format!("{opinion}/draft")));
    assert!(ada.get(&href).await.contains("The next revision of"));
    assert!(grace.get(&format!("{href}/publish")).await.contains("Only"));
}

#[tokio::test]
async fn a_draft_by_the_api() {
    let instance = started().await;
    let token = instance.token("ada", "read write").await;
    let body = json!({"name": "A", "abstract": "B", "source": "One.\n\nTwo.", "language": "en"});
    let draft = instance.post(&token, "/topics/rivers/drafts", &body).await.expect(201);
    let path = format!("/drafts/{}", draft["key"].as_str().unwrap());
    let block = draft["blocks"][0]["key"].as_str().unwrap().to_owned();
    assert_eq!(draft["blocks"].as_array().unwrap().len(), 2);
    let placed = instance
        .post(&token, &format!("{path}/blocks"), &json!({"source": "Three.\n\nFour."}))
        .await
        .expect(201);
    assert_eq!(placed["blocks"].as_array().unwrap().len(), 2);
    let put = async |body: &serde_json::Value| {
        let authorization = format!("Bearer {token}");
        let headers =
            [("authorization", authorization.as_str()), ("content-type", "application/json")];
        let path = format!("/api/plg/v1{path}/blocks/{block}");
        instance.send(Instance::request("PUT", &path, &headers, Body::from(body.to_string()))).await
    };
    put(&json!({"source": "One, better.", "version": 1})).await.expect(200);
    let clash = put(&json!({"source": "One, otherwise.", "version": 1})).await.expect(409);
    assert_eq!(clash["clash"]["base"], "One.");
    assert_eq!(clash["clash"]["theirs"], "One, better.");
    assert_eq!(clash["clash"]["mine"], "One, otherwise.");
    assert_eq!(clash["clash"]["version"], 2);
    let open = put(&json!({"source": "```\nopen", "version": 2})).await.expect(422);
    assert!(open["errors"][0]["message"].as_str().unwrap().contains("leaves a code fence"));
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str())];
    let read = Instance::request("GET", &format!("/api/plg/v1{path}"), &headers, Body::empty());
    let answer = instance.send(read).await;
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let draft = answer.expect(200);
    let release = json!({"digest": draft["digest"]});
    let opinion = instance.post(&token, &format!("{path}/publication"), &release).await.expect(201);
    assert_eq!((&opinion["revision"], &opinion["name"]), (&json!(1), &json!("A")));
    assert_eq!(opinion["blocks"][2]["text"], "One, better.");
}

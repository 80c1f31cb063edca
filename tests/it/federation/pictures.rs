//! A picture on a comment, seen from a mirror: an address with a digest, which is not fetched, and gone with the comment.

use polylogue::{
    domain::group::StakeholderGroup,
    record::digest,
    service::{
        clients::NewPost,
        media::{Caption, NewPicture, PictureChoice},
    },
    store::{posts, projections},
};
use polylogue_tests::{Browser, TestDatabase, TestInstance, drain, picture::png};

use super::mesh::{found, publish};

#[tokio::test]
async fn a_picture_is_at_a_mirror_an_address_with_a_digest_and_goes_with_the_comment() {
    for database in TestDatabase::each().await {
        let (civil, gov) =
            tokio::join!(TestInstance::start("civil"), TestInstance::start_over("gov", &database));
        let amina = civil.person("amina", StakeholderGroup::CivilSociety).await;
        let joao = gov.person("joao", StakeholderGroup::Governments).await;
        let address = found(&civil, &amina).await;
        gov.app.federation.join(&joao, &address, None).await.unwrap();
        drain(&[&civil, &gov]).await;
        let opinion = publish(&civil, &amina).await;
        drain(&[&civil, &gov]).await;

        let service = &gov.app.service;
        let parent = posts::by_uri(&service.store, &opinion).await.unwrap().unwrap().id;
        let new = |colour, description: &str| NewPicture {
            bytes: png(colour, 600, 400),
            media_type: "image/png".to_owned(),
            caption: Caption { description: Some(description.to_owned()), focus: None },
        };
        let one = service.bring_picture(&joao, new([1, 2, 3], "The watch")).await.unwrap();
        let two = service.bring_picture(&joao, new([4, 5, 6], "")).await.unwrap();
        let reply = NewPost {
            text: "This is the watch.".to_owned(),
            in_reply_to: Some(parent),
            pictures: PictureChoice { keys: Some(vec![one.key, two.key]), captions: Vec::new() },
            ..NewPost::default()
        };
        let written = service.write_post(&joao, reply).await.unwrap();
        drain(&[&civil, &gov]).await;

        let mirror = &civil.app.service;
        let row = posts::by_uri(&mirror.store, &written.uri).await.unwrap().unwrap();
        assert!(row.with_media);
        let there = mirror.post(row.id, None).await.unwrap();
        assert_eq!(there.media.len(), 2);
        let seen = &there.media[0];
        assert!(!seen.is_held && seen.url == one.url && seen.size == Some((600, 400)));
        assert_eq!(seen.description.as_deref(), Some("The watch"));
        assert_eq!(there.media[1].description, None);
        // Whoever has the bytes can tell by the signed comment that they are these.
        let file = service.paths.picture_file(&one.url).unwrap();
        let (_, mut bytes) = service.picture_file(file).await.unwrap();
        let named = seen.digest.clone().unwrap();
        assert!(digest::is_of(&bytes, &named));
        bytes[40] ^= 1;
        assert!(!digest::is_of(&bytes, &named));

        // At home the page shows it; at the mirror it says where it is, and loads nothing.
        for (instance, is_home) in [(&gov, true), (&civil, false)] {
            let service = &instance.app.service;
            let key = posts::by_uri(&service.store, &opinion).await.unwrap().unwrap().id;
            let mut browser = Browser::new(instance.app.router(), service.paths.domain());
            let page = browser.get(&format!("/o/{key}/comments")).await;
            assert_eq!(page.html.matches("<img ").count(), if is_home { 2 } else { 0 });
            assert_eq!(page.html.contains("alt=\"The watch\""), is_home, "{}", page.html);
            assert_eq!(page.html.contains("src=\"/media/"), is_home);
            assert_eq!(page.text().contains("not kept here"), !is_home);
            assert!(page.text().contains("No description"), "{}", page.text());
            assert!(page.links().contains(&one.url), "{:?}", page.links());
        }

        let cell = projections::comment(&mirror.store, &written.uri).await.unwrap().unwrap();
        assert!(cell.attachments.contains(&named));
        service.delete_post(&joao, written.key).await.unwrap();
        drain(&[&civil, &gov]).await;
        let cell = projections::comment(&mirror.store, &written.uri).await.unwrap().unwrap();
        assert!(cell.deleted && cell.attachments == "[]", "{cell:?}");
        assert!(service.picture_file(file).await.is_err());
        assert!(posts::by_uri(&mirror.store, &written.uri).await.unwrap().is_none());
    }
}

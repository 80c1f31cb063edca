//! Pictures that posts show: whose they are, how many, how long, on both databases.

use polylogue::{
    base::limits,
    service::{
        Caller, ServiceError,
        clients::{NewPost, PostView, Timeline, Window},
        media::{Caption, MediumView, NewPicture, PictureChoice},
    },
};
use polylogue_tests::{Participant, TestDatabase, TestService, picture::png};

const RED: [u8; 3] = [200, 0, 0];
const BLUE: [u8; 3] = [0, 0, 200];

/// An instance with an opinion to comment on.
struct Gallery {
    test: TestService,
    amina: Participant,
    ana: Participant,
    opinion: i64,
}

impl Gallery {
    async fn over(database: TestDatabase) -> Self {
        let test = TestService::over("civil.example", database);
        let amina = test.person("amina", None).await;
        let ana = test.person("ana", None).await;
        let (room, _) = amina.topic("rivers").await.unwrap();
        let opinion = amina.publishes(&room, "Two banks", "A river has two.").await.unwrap().key;
        Self { test, amina, ana, opinion }
    }

    async fn brings(&self, who: &Caller, colour: [u8; 3]) -> Result<MediumView, ServiceError> {
        let new = NewPicture {
            bytes: png(colour, 30, 20),
            media_type: "image/png".to_owned(),
            caption: Caption { description: Some(" A bank. ".to_owned()), focus: None },
        };
        self.test.clock.pass_millis(1);
        self.test.service.bring_picture(who, new).await
    }

    async fn writes(
        &self,
        who: &Caller,
        text: &str,
        keys: &[i64],
    ) -> Result<PostView, ServiceError> {
        let new = NewPost {
            text: text.to_owned(),
            in_reply_to: Some(self.opinion),
            pictures: PictureChoice { keys: Some(keys.to_vec()), captions: Vec::new() },
            ..NewPost::default()
        };
        self.test.clock.pass_millis(1);
        self.test.service.write_post(who, new).await
    }

    async fn edits(
        &self,
        key: i64,
        text: &str,
        pictures: PictureChoice,
    ) -> Result<PostView, ServiceError> {
        let new = NewPost { text: text.to_owned(), pictures, ..NewPost::default() };
        self.test.clock.pass_millis(1);
        self.test.service.edit_post(&self.ana.caller, key, new).await
    }

    /// Whether the bytes are served.
    async fn is_there(&self, url: &str) -> bool {
        let file = self.test.service.paths.picture_file(url).unwrap();
        self.test.service.picture_file(file).await.is_ok()
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>, field: &str) {
    match result {
        Err(ServiceError::Invalid(fields)) => assert_eq!(fields[0].field, field, "{fields:?}"),
        other => panic!("{other:?}"),
    }
}

fn only(keys: &[i64]) -> PictureChoice {
    PictureChoice { keys: Some(keys.to_vec()), captions: Vec::new() }
}

#[tokio::test]
async fn a_picture_is_shown_by_one_post_of_its_owner_and_goes_with_it() {
    for database in TestDatabase::each().await {
        let gallery = Gallery::over(database).await;
        let (service, ana) = (&gallery.test.service, &gallery.ana.caller);
        let red = gallery.brings(ana, RED).await.unwrap();
        assert_eq!((red.size, red.description.as_deref()), (Some((30, 20)), Some("A bank.")));
        refused(gallery.writes(&gallery.amina.caller, "mine", &[red.key]).await, "media_ids");
        refused(gallery.writes(ana, "none", &[77]).await, "media_ids");
        refused(gallery.writes(ana, "twice", &[red.key, red.key]).await, "media_ids");
        refused(gallery.writes(ana, "support", &[red.key]).await, "media_ids");
        let post = gallery.writes(ana, "See the bank.", &[red.key]).await.unwrap();
        assert_eq!(post.media, [MediumView { focus: None, ..red.clone() }]);
        refused(gallery.writes(ana, "again", &[red.key]).await, "media_ids");
        let caption = Caption { description: Some("x".into()), focus: None };
        for result in [
            service.caption_picture(ana, red.key, &caption).await.map(drop),
            service.drop_picture(ana, red.key).await,
        ] {
            assert!(matches!(result, Err(ServiceError::Conflict { .. })), "{result:?}");
        }
        // The same bytes, brought by somebody else, are kept once and stay until nobody shows them.
        let same = gallery.brings(&gallery.amina.caller, RED).await.unwrap();
        assert_eq!((same.url.as_str(), same.key == red.key), (red.url.as_str(), false));
        let other = gallery.writes(&gallery.amina.caller, "I too.", &[same.key]).await.unwrap();
        service.delete_post(ana, post.key).await.unwrap();
        assert!(gallery.is_there(&red.url).await && gallery.is_there(&red.preview_url).await);
        service.delete_post(&gallery.amina.caller, other.key).await.unwrap();
        assert!(!gallery.is_there(&red.url).await && !gallery.is_there(&red.preview_url).await);
        let gone = service.own_picture(ana, red.key).await;
        assert!(matches!(gone, Err(ServiceError::NotFound { .. })), "{gone:?}");
    }
}

#[tokio::test]
async fn an_edit_keeps_changes_and_captions_pictures_and_every_version_keeps_its_own() {
    for database in TestDatabase::each().await {
        let gallery = Gallery::over(database).await;
        let (service, ana) = (&gallery.test.service, &gallery.ana.caller);
        let red = gallery.brings(ana, RED).await.unwrap();
        let blue = gallery.brings(ana, BLUE).await.unwrap();
        let post = gallery.writes(ana, "The bank.", &[red.key]).await.unwrap();
        // Who says nothing of pictures changes none.
        let kept = gallery.edits(post.key, "That bank.", PictureChoice::default()).await.unwrap();
        assert_eq!(kept.media[0].key, red.key);
        refused(gallery.edits(post.key, "That bank.", PictureChoice::default()).await, "content");
        // What is said of one is a change by itself.
        let caption = Caption { description: Some("The left bank".into()), focus: Some((1, -2)) };
        let said = PictureChoice { keys: None, captions: vec![(red.key, caption)] };
        let captioned = gallery.edits(post.key, "That bank.", said).await.unwrap();
        assert_eq!(captioned.media[0].description.as_deref(), Some("The left bank"));
        assert_eq!(captioned.media[0].focus, Some((1, -2)));
        let both = gallery.edits(post.key, "That bank.", only(&[blue.key, red.key])).await.unwrap();
        let keys: Vec<i64> = both.media.iter().map(|one| one.key).collect();
        assert_eq!(keys, [blue.key, red.key]);
        let none = gallery.edits(post.key, "That bank.", only(&[])).await.unwrap();
        assert!(none.media.is_empty());
        let versions = service.post_versions(post.key).await.unwrap();
        let counts: Vec<usize> = versions.iter().map(|one| one.media.len()).collect();
        assert_eq!(counts, [1, 1, 1, 2, 0]);
        assert_eq!(versions[0].media[0].description.as_deref(), Some("A bank."));
        // Versions stay public, and what they show with them, until the comment is deleted.
        assert!(gallery.is_there(&red.url).await && gallery.is_there(&blue.url).await);
        service.delete_post(ana, post.key).await.unwrap();
        assert!(!gallery.is_there(&red.url).await && !gallery.is_there(&blue.url).await);
    }
}

#[tokio::test]
async fn pictures_wait_for_a_day_so_many_and_no_more() {
    for database in TestDatabase::each().await {
        let gallery = Gallery::over(database).await;
        let (service, ana) = (&gallery.test.service, &gallery.ana.caller);
        let mut keys = Vec::new();
        for shade in (0_u8..).take(usize::try_from(limits::PICTURES_WAITING_MAX).unwrap()) {
            keys.push(gallery.brings(ana, [shade, 9, 9]).await.unwrap().key);
        }
        refused(gallery.brings(ana, BLUE).await, "file");
        service.drop_picture(ana, keys.pop().unwrap()).await.unwrap();
        keys.push(gallery.brings(ana, BLUE).await.unwrap().key);
        let max = limits::PICTURES_PER_POST_MAX;
        refused(gallery.writes(ana, "Too many.", &keys[..=max]).await, "media_ids");
        let post = gallery.writes(ana, "Enough.", &keys[..max]).await.unwrap();
        assert_eq!(post.media.len(), max);
        gallery.test.clock.pass_minutes(limits::PICTURES_WAITING_HOURS_MAX * 60 - 1);
        assert_eq!(service.forget_waiting_pictures().await.unwrap(), 0);
        gallery.test.clock.pass_minutes(2);
        assert_eq!(service.forget_waiting_pictures().await.unwrap(), keys.len() - max);
        assert_eq!(service.forget_waiting_pictures().await.unwrap(), 0);
        // What a post shows stays.
        assert!(gallery.is_there(&post.media[0].url).await);
        refused(gallery.writes(ana, "Too late.", &keys[max..=max]).await, "media_ids");
    }
}

#[tokio::test]
async fn who_asks_for_pictures_alone_is_given_the_posts_that_show_some() {
    for database in TestDatabase::each().await {
        let gallery = Gallery::over(database).await;
        let (service, ana) = (&gallery.test.service, &gallery.ana.caller);
        let red = gallery.brings(ana, RED).await.unwrap();
        gallery.writes(ana, "In words.", &[]).await.unwrap();
        let post = gallery.writes(ana, "In colour.", &[red.key]).await.unwrap();
        let alone = Window { with_media: true, ..Window::newest(9) };
        let of = ana.actor.id;
        let keys = |views: Vec<PostView>| views.iter().map(|one| one.key).collect::<Vec<_>>();
        assert_eq!(keys(service.posts_of(of, false, None, alone).await.unwrap()), [post.key]);
        let all = service.posts_of(of, false, None, Window::newest(9)).await.unwrap();
        assert_eq!(all.len(), 2);
        // Opinions of ours are texts.
        let public = service.public_posts(Timeline::Public, None, alone).await.unwrap();
        assert!(public.is_empty());
        gallery.edits(post.key, "In words now.", only(&[])).await.unwrap();
        assert!(service.posts_of(of, false, None, alone).await.unwrap().is_empty());
    }
}

//! Drafts: what several people write together. Nothing that was written is lost, nobody else sees it, and what is
//! published carries the names that were asked and the keys of those who agreed.

use std::{collections::BTreeSet, sync::Arc};

use polylogue::{
    base::limits,
    domain::{group::StakeholderGroup, opinion::OpinionStatus, position::PositionKind},
    service::{
        Service, ServiceError,
        acts::Acted,
        authors::Signature,
        drafts::{Authorship, DraftPart, DraftView, NewDraft, NewWords, Release},
        statements::NewStatement,
    },
    store::{dump, projections, rooms::Room},
};
use polylogue_tests::{Participant, TestDatabase, TestService, Words};

const THREE: &str = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph.";

struct Table {
    instance: TestService,
    room: Room,
    people: Vec<Participant>,
    draft: i64,
}

impl Table {
    /// Five people around one draft of three paragraphs; the first began it, all have joined.
    async fn set(database: TestDatabase) -> Self {
        let instance = TestService::over("cs.example", database);
        let mut people = Vec::new();
        for name in ["amina", "bruno", "chen", "dana"] {
            people.push(instance.person(name, Some(StakeholderGroup::CivilSociety)).await);
        }
        people
            .push(instance.organisation("grace_org", Some(StakeholderGroup::PrivateSector)).await);
        let (room, _) = people[0].topic("who_pays").await.unwrap();
        let new = NewDraft {
            name: "Costs".into(),
            abstract_text: "Who pays, and why.".into(),
            source: THREE.into(),
            language: "en".into(),
        };
        let service = &instance.service;
        let draft = service.create_draft(&people[0].caller, room.clone(), new).await.unwrap();
        let table = Self { instance, room, people, draft };
        for guest in table.people.iter().skip(1) {
            let handle = format!("@{}@cs.example", guest.caller.actor.username);
            table.service().invite_to_draft(table.caller(0), draft, &handle).await.unwrap();
            table.service().answer_invitation(&guest.caller, draft, true).await.unwrap();
        }
        table
    }

    fn service(&self) -> &Service {
        &self.instance.service
    }

    fn caller(&self, at: usize) -> &polylogue::service::Caller {
        &self.people[at].caller
    }

    async fn sees(&self, at: usize) -> DraftView {
        self.service().draft(Some(self.caller(at)), self.draft).await.unwrap()
    }

    async fn saves(
        &self,
        at: usize,
        block: i64,
        version: i64,
        source: &str,
    ) -> Result<polylogue::service::drafts::Placed, ServiceError> {
        let new = NewWords { source: source.into(), version };
        self.service().save_draft_block(self.caller(at), self.draft, block, new).await
    }

    async fn agrees(&self, at: usize) -> Result<(), ServiceError> {
        let digest = self.sees(at).await.digest;
        self.service().agree_to_draft(self.caller(at), self.draft, &digest).await
    }

    async fn publishes(&self, at: usize) -> Result<Acted, ServiceError> {
        let digest = self.sees(at).await.digest;
        let release = Release { digest, status: OpinionStatus::Open, letter: None };
        self.service().publish_draft(self.caller(at), self.draft, release).await
    }

    async fn text(&self) -> Vec<String> {
        self.sees(0).await.blocks.into_iter().map(|block| block.source).collect()
    }

    async fn agreed(&self) -> Vec<bool> {
        self.sees(0).await.authors.iter().map(|author| author.agreed).collect()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "asked for only to be refused")]
fn is_absent<T: std::fmt::Debug>(result: Result<T, ServiceError>) {
    assert!(matches!(result, Err(ServiceError::NotFound { what: "draft" })), "{result:?}");
}

#[expect(clippy::needless_pass_by_value, reason = "asked for only to be refused")]
fn conflicts<T: std::fmt::Debug>(result: Result<T, ServiceError>) {
    assert!(matches!(result, Err(ServiceError::Conflict { .. })), "{result:?}");
}

fn field<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> &'static str {
    match result {
        Err(ServiceError::Invalid(fields)) => fields[0].field,
        other => panic!("not refused for a field: {other:?}"),
    }
}

#[tokio::test]
async fn two_people_in_two_paragraphs_never_meet_and_in_one_both_texts_are_kept() {
    for database in TestDatabase::each().await {
        let table = Table::set(database).await;
        let seen = table.sees(0).await;
        let ids: Vec<i64> = seen.blocks.iter().map(|block| block.id).collect();
        table.saves(0, ids[0], 1, "First, by Amina.").await.unwrap();
        table.saves(1, ids[1], 1, "Second, by Bruno.").await.unwrap();
        // The same paragraph, from the version before: both texts and the one both began from.
        let clash = match table.saves(2, ids[0], 1, "First, by Chen.").await {
            Err(ServiceError::Clash(clash)) => clash,
            other => panic!("{other:?}"),
        };
        assert_eq!(clash.base.as_deref(), Some("First paragraph."));
        assert_eq!(
            (clash.theirs.as_str(), clash.mine.as_str()),
            ("First, by Amina.", "First, by Chen.")
        );
        assert_eq!((clash.version, clash.editor.as_str(), clash.removed), (2, "amina", false));
        assert_eq!(table.text().await[0], "First, by Amina.", "nothing was overwritten");
        // The same text is no conflict; with the version shown, the choice is taken.
        table.saves(2, ids[0], 1, "First, by Amina.").await.unwrap();
        table.saves(2, ids[0], clash.version, "First, by both.").await.unwrap();
        let versions = table
            .service()
            .draft_versions(Some(table.caller(3)), table.draft, ids[0])
            .await
            .unwrap();
        let texts: Vec<&str> = versions.iter().map(|version| version.source.as_str()).collect();
        assert_eq!(texts, ["First paragraph.", "First, by Amina.", "First, by both."]);

        // Taken out meanwhile: what was written is in the answer, what was taken out can be put back.
        table
            .service()
            .remove_draft_block(table.caller(0), table.draft, (ids[1], 2))
            .await
            .unwrap();
        match table.saves(1, ids[1], 2, "Second, better.").await {
            Err(ServiceError::Clash(clash)) => {
                assert!(clash.removed);
                assert_eq!(clash.theirs, "Second, by Bruno.");
                assert_eq!(clash.mine, "Second, better.");
            }
            other => panic!("{other:?}"),
        }
        let gone =
            table.service().remove_draft_block(table.caller(1), table.draft, (ids[0], 2)).await;
        assert!(matches!(gone, Err(ServiceError::Clash(_))), "{gone:?}");
        table.service().restore_draft_block(table.caller(3), table.draft, ids[1]).await.unwrap();
        assert_eq!(
            table.text().await,
            ["First, by both.", "Second, by Bruno.", "Third paragraph."]
        );

        // Pasted text becomes as many paragraphs, behind the one named.
        let pasted = "## Why\nBecause.\n\n- a\n- b";
        table
            .service()
            .insert_draft_blocks(table.caller(4), table.draft, Some(ids[1]), pasted)
            .await
            .unwrap();
        table
            .service()
            .insert_draft_blocks(table.caller(4), table.draft, None, "Before all.")
            .await
            .unwrap();
        let expected = [
            "Before all.",
            "First, by both.",
            "Second, by Bruno.",
            "## Why",
            "Because.",
            "- a\n- b",
            "Third paragraph.",
        ];
        assert_eq!(table.text().await, expected);
        // Moved by somebody who saw the order as it is, and by somebody who did not.
        let arrangement = table.sees(2).await.arrangement;
        let service = table.service();
        service
            .move_draft_block(table.caller(2), table.draft, ids[2], (None, arrangement))
            .await
            .unwrap();
        conflicts(
            service
                .move_draft_block(table.caller(3), table.draft, ids[2], (Some(ids[0]), arrangement))
                .await,
        );
        assert_eq!(table.text().await[..2], ["Third paragraph.", "Before all."]);
        // Saving several paragraphs in one splits it.
        table.saves(0, ids[2], 1, "Third.\n\nAnd fourth.").await.unwrap();
        assert_eq!(table.text().await[..3], ["Third.", "And fourth.", "Before all."]);
    }
}

/// Fifty saves at once: of fifty paragraphs none meets another; of one paragraph each is either taken on top of the
/// one before or told of it, and every word that anybody wrote is in the end in the text.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost_among_fifty_at_once() {
    for database in TestDatabase::each().await {
        let table = Arc::new(Table::set(database).await);
        let many: Vec<String> = (0..50).map(|at| format!("Paragraph {at}.")).collect();
        let many = many.join("\n\n");
        let placed = table
            .service()
            .insert_draft_blocks(table.caller(0), table.draft, None, &many)
            .await
            .unwrap();
        assert_eq!(placed.blocks.len(), 50);
        let each = placed.blocks.iter().enumerate().map(|(at, block)| {
            let (table, block) = (Arc::clone(&table), *block);
            async move { table.saves(at % 5, block, 1, &format!("Paragraph {at}, saved.")).await }
        });
        for saved in at_once(each).await {
            saved.expect("another paragraph is never in the way");
        }
        let texts: BTreeSet<String> = table.text().await.into_iter().collect();
        assert!((0..50).all(|at| texts.contains(&format!("Paragraph {at}, saved."))));

        let block = placed.blocks[0];
        let words: Vec<String> = (0..50).map(|at| format!("word{at}")).collect();
        let each = words.iter().enumerate().map(|(at, word)| {
            let (table, word) = (Arc::clone(&table), word.clone());
            async move {
                let (mut text, mut version) = ("Paragraph 0, saved.".to_owned(), 2);
                let mut told = 0;
                loop {
                    let mine = format!("{text} {word}");
                    match table.saves(at % 5, block, version, &mine).await {
                        Ok(_) => return told,
                        // What a person does with both texts before them: their words into the other's.
                        Err(ServiceError::Clash(clash)) => {
                            assert_eq!(clash.mine, mine, "what was sent is in the answer");
                            (text, version) = (clash.theirs, clash.version);
                            told += 1;
                        }
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }
        });
        let told: usize = at_once(each).await.into_iter().sum();
        assert!(told > 0, "nobody met anybody: this was no concurrency");
        let view = table.sees(0).await;
        let held = view.block(block).unwrap();
        assert_eq!(held.version, 52);
        for word in &words {
            assert!(held.source.split(' ').any(|held| held == word), "{word} was lost");
        }
        let versions = table
            .service()
            .draft_versions(Some(table.caller(0)), table.draft, block)
            .await
            .unwrap();
        assert_eq!(versions.len(), 52);
    }
}

/// All of these on the runtime's threads at the same time.
async fn at_once<T: Send + 'static>(
    tasks: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    #[expect(clippy::disallowed_methods, reason = "callers on several threads are what is tested")]
    let running: Vec<_> = tasks.map(tokio::spawn).collect();
    let mut done = Vec::new();
    for task in running {
        done.push(task.await.expect("no task panics"));
    }
    done
}

#[tokio::test]
async fn nobody_else_is_told_that_there_is_a_draft() {
    let table = Table::set(TestDatabase::sqlite().await).await;
    let eve = table.instance.person("eve", None).await;
    let (service, id) = (table.service(), table.draft);
    let block = table.sees(0).await.blocks[0].id;
    is_absent(service.draft(None, id).await);
    is_absent(service.draft(Some(&eve.caller), id).await);
    is_absent(service.draft(Some(&eve.caller), 7).await);
    is_absent(service.draft_versions(Some(&eve.caller), id, block).await);
    let words = NewWords { source: "x".into(), version: 1 };
    is_absent(service.save_draft_block(&eve.caller, id, block, words).await);
    is_absent(service.insert_draft_blocks(&eve.caller, id, None, "x").await);
    is_absent(service.move_draft_block(&eve.caller, id, block, (None, 1)).await);
    is_absent(service.remove_draft_block(&eve.caller, id, (block, 1)).await);
    is_absent(service.restore_draft_block(&eve.caller, id, block).await);
    is_absent(service.invite_to_draft(&eve.caller, id, "eve").await);
    is_absent(service.answer_invitation(&eve.caller, id, true).await);
    is_absent(service.leave_draft(&eve.caller, id).await);
    is_absent(service.discard_draft(&eve.caller, id).await);
    is_absent(service.agree_to_draft(&eve.caller, id, "x").await);
    let release = Release { digest: String::new(), status: OpinionStatus::Open, letter: None };
    is_absent(service.publish_draft(&eve.caller, id, release).await);
    is_absent(service.rebase_draft(&eve.caller, id, 1).await);
    assert!(service.drafts(&eve.caller).await.unwrap().is_empty());
    // Asked, one reads it and writes nothing; who declines or leaves does not see it any more.
    service.invite_to_draft(table.caller(0), id, "eve").await.unwrap();
    assert_eq!(service.draft(Some(&eve.caller), id).await.unwrap().own, Authorship::Invited);
    assert!(matches!(
        service.insert_draft_blocks(&eve.caller, id, None, "x").await,
        Err(ServiceError::NotPermitted { .. })
    ));
    service.answer_invitation(&eve.caller, id, false).await.unwrap();
    is_absent(service.draft(Some(&eve.caller), id).await);
    service.leave_draft(table.caller(1), id).await.unwrap();
    is_absent(service.draft(Some(table.caller(1)), id).await);
    assert_eq!(dump::everything(&service.store).await.unwrap(), "", "a draft is no record");
    assert_eq!(
        table.instance.log(&table.room).await.iter().filter(|row| row.kind == "act").count(),
        0
    );
}

#[tokio::test]
async fn any_change_ends_an_agreement() {
    let table = Table::set(TestDatabase::sqlite().await).await;
    let (service, id) = (table.service(), table.draft);
    let stale = table.sees(0).await.digest;
    let block = table.sees(0).await.blocks[0].clone();
    for at in 0..5 {
        table.agrees(at).await.unwrap();
    }
    assert_eq!(table.agreed().await, [true; 5]);
    table.saves(0, block.id, 1, "First, otherwise.").await.unwrap();
    assert_eq!(table.agreed().await, [false; 5]);
    conflicts(service.agree_to_draft(table.caller(1), id, &stale).await);
    // The order is part of the text, the abstract is, and so is who stands under it.
    table.agrees(1).await.unwrap();
    let arrangement = table.sees(0).await.arrangement;
    let last = table.sees(0).await.blocks[2].id;
    service
        .move_draft_block(table.caller(0), id, block.id, (Some(last), arrangement))
        .await
        .unwrap();
    assert_eq!(table.agreed().await, [false; 5]);
    table.agrees(1).await.unwrap();
    let view = table.sees(0).await;
    let part = view.head.iter().find(|part| part.part == DraftPart::Abstract).unwrap();
    table.saves(0, part.id, 1, "Who pays.").await.unwrap();
    assert_eq!(table.agreed().await, [false; 5]);
    table.agrees(1).await.unwrap();
    service.leave_draft(table.caller(4), id).await.unwrap();
    assert_eq!(table.agreed().await, [false; 4]);
    // What is said about the revision is no part of it.
    table.agrees(1).await.unwrap();
    let note = view.head.iter().find(|part| part.part == DraftPart::Note).unwrap();
    table.saves(0, note.id, 1, "A note.").await.unwrap();
    assert_eq!(table.agreed().await, [false, true, false, false]);
}

async fn confirmed(table: &Table, opinion: &str) -> Vec<(String, i64)> {
    let rows =
        projections::positions(&table.service().store, table.room.id, opinion).await.unwrap();
    let mut found: Vec<(String, i64)> = rows
        .into_iter()
        .filter(|row| row.role.as_deref() == Some("plg:coAuthor"))
        .map(|row| (row.actor.rsplit('/').next().unwrap().to_owned(), row.revision))
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn who_agreed_confirms_with_their_own_key_and_who_did_not_is_named() {
    for database in TestDatabase::each().await {
        let table = Table::set(database).await;
        for at in [1, 2, 4] {
            table.agrees(at).await.unwrap();
        }
        let stale = Release { digest: "another".into(), status: OpinionStatus::Open, letter: None };
        conflicts(table.service().publish_draft(table.caller(0), table.draft, stale).await);
        let acted = table.publishes(0).await.unwrap();
        let view = table.service().opinion(&acted.uri, None).await.unwrap();
        let mut named: Vec<String> = serde_json::from_str(&view.shown.authors).unwrap();
        named.sort();
        let mut expected: Vec<String> =
            table.people.iter().map(|who| who.uri().to_owned()).collect();
        expected.sort();
        assert_eq!(named, expected, "all who joined are named");
        assert_eq!(view.opinion.author, table.people[0].uri());
        let who = |names: &[&str], revision: i64| -> Vec<(String, i64)> {
            names.iter().map(|name| ((*name).to_owned(), revision)).collect()
        };
        assert_eq!(confirmed(&table, &acted.uri).await, who(&["bruno", "chen", "grace_org"], 1));
        let live = projections::positions(&table.service().store, table.room.id, &acted.uri)
            .await
            .unwrap();
        assert!(live.iter().all(|row| row.revision_digest == view.shown.digest && row.live));
        // Everything was signed by who it is by, and the record says the same after a rebuild.
        let before = dump::everything(&table.service().store).await.unwrap();
        let tx = table.service().store.begin().await.unwrap();
        projections::rebuild(&tx, table.room.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(dump::everything(&table.service().store).await.unwrap(), before);
        // Dana says afterwards that it is hers too; nobody else can.
        let service = table.service();
        service.confirm_authorship(table.caller(3), &acted.uri, 1).await.unwrap();
        let eve = table.instance.person("eve", None).await;
        let refused = service.confirm_authorship(&eve.caller, &acted.uri, 1).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })));
        assert_eq!(
            confirmed(&table, &acted.uri).await,
            who(&["bruno", "chen", "dana", "grace_org"], 1)
        );

        // The draft goes on: the next revision, published by the first author alone.
        let view = table.sees(1).await;
        assert_eq!(view.revises.as_ref().map(|revises| revises.base), Some(1));
        assert!(view.authors.iter().all(|author| !author.agreed));
        table.saves(1, view.blocks[1].id, 1, "Second, revised together.").await.unwrap();
        let note = view.head.iter().find(|part| part.part == DraftPart::Note).unwrap().id;
        assert_eq!(field(table.publishes(0).await), "changeNote");
        table.saves(1, note, 1, "Said better.").await.unwrap();
        table.agrees(1).await.unwrap();
        let refused = table.publishes(1).await;
        assert!(matches!(refused, Err(ServiceError::NotPermitted { .. })), "{refused:?}");
        table.publishes(0).await.unwrap();
        let now = service.opinion(&acted.uri, None).await.unwrap();
        assert_eq!((now.shown.number, now.opinion.chain.as_str()), (2, "complete"));
        assert_eq!(now.shown.change_note.as_deref(), Some("Said better."));
        assert!(confirmed(&table, &acted.uri).await.contains(&("bruno".to_owned(), 2)));
        assert_eq!(table.sees(0).await.part(DraftPart::Note), "", "the note was said");

        // A revision that came by another way is not overwritten: somebody has to look.
        table.people[0].revises(&acted.uri, "All anew.", "Alone.", None).await.unwrap();
        let view = table.sees(1).await;
        assert!(view.revises.as_ref().unwrap().is_behind());
        table
            .saves(1, view.blocks[0].id, view.blocks[0].version, "First, third time.")
            .await
            .unwrap();
        conflicts(table.publishes(0).await);
        conflicts(service.rebase_draft(table.caller(2), table.draft, 2).await);
        service.rebase_draft(table.caller(2), table.draft, 3).await.unwrap();
        let view = table.sees(1).await;
        let note = view.head.iter().find(|part| part.part == DraftPart::Note).unwrap();
        table.saves(1, note.id, note.version, "Both ways.").await.unwrap();
        table.publishes(0).await.unwrap();
        assert_eq!(service.opinion(&acted.uri, None).await.unwrap().shown.number, 4);
    }
}

#[tokio::test]
async fn a_change_of_status_keeps_names_digest_and_text() {
    let table = Table::set(TestDatabase::sqlite().await).await;
    table.agrees(1).await.unwrap();
    let uri = table.publishes(0).await.unwrap().uri;
    let before = table.service().opinion(&uri, None).await.unwrap().shown;
    let new = |status, reason: &str, by: Option<&str>| polylogue::service::opinions::NewStatus {
        status,
        reason: reason.into(),
        superseded_by: by.map(str::to_owned),
    };
    let change = async |status, reason: &str, by: Option<&str>| {
        table.service().change_status(table.caller(0), &uri, new(status, reason, by)).await
    };
    assert_eq!(field(change(OpinionStatus::Withdrawn, " ", None).await), "reason");
    assert_eq!(
        field(change(OpinionStatus::Final, "", Some("https://x.example/o/1")).await),
        "supersededBy"
    );
    let nowhere = change(OpinionStatus::Superseded, "So.", Some("https://x.example/o/1")).await;
    assert_eq!(field(nowhere), "supersededBy");
    assert_eq!(field(change(OpinionStatus::Superseded, "So.", Some(&uri)).await), "supersededBy");
    assert_eq!(field(change(OpinionStatus::Draft, "", None).await), "status");
    assert_eq!(field(change(OpinionStatus::Open, "", None).await), "status");
    let other = table.people[0].publishes(&table.room, "Costs again", "Better.").await.unwrap().uri;
    change(OpinionStatus::Superseded, "A better one is there.", Some(&other)).await.unwrap();
    let after = table.service().opinion(&uri, None).await.unwrap();
    assert_eq!(after.shown, before, "a past revision never changes");
    assert_eq!(after.opinion.status, "superseded");
    assert_eq!(after.opinion.status_note.as_deref(), Some("A better one is there."));
    assert_eq!(after.opinion.superseded_by.as_deref(), Some(other.as_str()));
    change(OpinionStatus::Final, "", None).await.unwrap();
    let after = table.service().opinion(&uri, None).await.unwrap();
    assert_eq!((after.opinion.status_note, after.opinion.superseded_by), (None, None));
    assert_eq!((after.revisions.len(), after.opinion.chain.as_str()), (1, "complete"));
}

#[tokio::test]
async fn what_cannot_be_published_is_refused_where_it_is_written() {
    let table = Table::set(TestDatabase::sqlite().await).await;
    let (service, id) = (table.service(), table.draft);
    let insert =
        async |source: &str| service.insert_draft_blocks(table.caller(0), id, None, source).await;
    for source in ["", "  \n", "```\nnever closed", "<!-- never closed"] {
        assert_eq!(field(insert(source).await), "source", "{source}");
    }
    let wide = format!("|{}\n|{}\n", " a |".repeat(5_000), "---|".repeat(5_000));
    assert_eq!(field(insert(&wide).await), "source");
    assert_eq!(field(insert(&"> ".repeat(40)).await), "source");
    // At the limit of bytes, and one over it.
    let stands = table.sees(0).await.source().len();
    let fits = "x".repeat(limits::OPINION_SOURCE_BYTES_MAX - stands - 2);
    assert_eq!(field(insert(&format!("{fits}xxx")).await), "source");
    insert(&fits).await.unwrap();
    assert_eq!(field(insert("one more").await), "source");
    let first = table.sees(0).await.blocks[0].clone();
    table.saves(0, first.id, first.version, "shorter").await.unwrap();
    assert_eq!(field(service.invite_to_draft(table.caller(0), id, "nobody_here").await), "handle");
    assert_eq!(
        field(service.invite_to_draft(table.caller(0), id, "x@other.example").await),
        "handle"
    );
    assert_eq!(field(service.invite_to_draft(table.caller(0), id, "bruno").await), "handle");
    // Empty is allowed while it is a draft, not when it is published.
    let title =
        table.sees(0).await.head.into_iter().find(|part| part.part == DraftPart::Title).unwrap();
    table.saves(0, title.id, 1, "\u{200b}\u{202e}").await.unwrap();
    assert_eq!(table.sees(0).await.part(DraftPart::Title), "");
    assert_eq!(field(table.publishes(0).await), "name");
    let language =
        table.sees(0).await.head.into_iter().find(|part| part.part == DraftPart::Language).unwrap();
    assert_eq!(field(table.saves(0, language.id, 1, "no tag").await), "language");
}

#[tokio::test]
async fn paragraphs_authors_and_drafts_at_their_limits() {
    let table = Table::set(TestDatabase::sqlite().await).await;
    let (service, id) = (table.service(), table.draft);
    let many = "x\n\n".repeat(limits::DRAFT_BLOCKS_MAX - 3);
    service.insert_draft_blocks(table.caller(0), id, None, &many).await.unwrap();
    assert_eq!(field(service.insert_draft_blocks(table.caller(0), id, None, "y").await), "source");

    let own = service.drafts(table.caller(0)).await.unwrap().len();
    let begin = async || {
        let new = NewDraft { language: "en".into(), ..NewDraft::default() };
        service.create_draft(table.caller(0), table.room.clone(), new).await
    };
    let max = usize::try_from(limits::DRAFTS_OPEN_MAX).unwrap();
    for _ in own..max {
        begin().await.unwrap();
    }
    conflicts(begin().await);
}

#[tokio::test]
async fn a_draft_of_several_is_left_and_the_last_one_may_discard_it() {
    let table = Table::set(TestDatabase::sqlite().await).await;
    let (service, id) = (table.service(), table.draft);
    conflicts(service.discard_draft(table.caller(0), id).await);
    for at in 0..4 {
        service.leave_draft(table.caller(at), id).await.unwrap();
    }
    conflicts(service.leave_draft(table.caller(4), id).await);
    assert_eq!(table.service().draft(Some(table.caller(4)), id).await.unwrap().blocks.len(), 3);
    // Who left can be asked again.
    service.invite_to_draft(table.caller(4), id, "amina").await.unwrap();
    service.answer_invitation(table.caller(0), id, true).await.unwrap();
    service.leave_draft(table.caller(0), id).await.unwrap();
    service.discard_draft(table.caller(4), id).await.unwrap();
    is_absent(service.draft(Some(table.caller(4)), id).await);
}

#[tokio::test]
async fn test_77_a_name_is_confirmed_by_its_own_key_for_one_revision() {
    for database in TestDatabase::each().await {
        let table = Table::set(database).await;
        let service = table.service();
        let uri = table.publishes(0).await.unwrap().uri;
        let of_bruno = async || {
            let view = service.opinion(&uri, None).await.unwrap();
            let bruno =
                view.authors.iter().find(|author| author.actor.uri == table.people[1].uri());
            bruno.unwrap().signature
        };
        assert_eq!(of_bruno().await, Signature::Named, "named by somebody else");
        for (number, text) in [(2, "Two."), (3, "Three.")] {
            table.people[0].revises(&uri, text, "Again.", None).await.unwrap();
            assert_eq!(service.opinion(&uri, None).await.unwrap().shown.number, number);
            assert_eq!(of_bruno().await, Signature::Named);
        }
        service.confirm_authorship(table.caller(1), &uri, 3).await.unwrap();
        assert_eq!(of_bruno().await, Signature::Confirmed(3));
        table.people[0].revises(&uri, "Four.", "Again.", None).await.unwrap();
        assert_eq!(
            of_bruno().await,
            Signature::Confirmed(3),
            "after revision 4: confirmed for revision 3"
        );
        // A position like anybody's is no word of an author.
        table.people[2].takes_position(&uri, 4, PositionKind::Support, Words::NONE).await.unwrap();
        let view = service.opinion(&uri, None).await.unwrap();
        let chen = view.authors.iter().find(|author| author.actor.uri == table.people[2].uri());
        assert_eq!(chen.unwrap().signature, Signature::Named);
        assert_eq!(view.authors[0].signature, Signature::Text);
        // Who then objects to the text they confirmed, or takes it back, does not stand behind it.
        let because = Words::because("Not any more.");
        table.people[1].takes_position(&uri, 3, PositionKind::Objection, because).await.unwrap();
        assert_eq!(of_bruno().await, Signature::Named);
        let again = service.confirm_authorship(table.caller(1), &uri, 4).await.unwrap();
        assert_eq!(of_bruno().await, Signature::Confirmed(4));
        table.people[1].withdraws(&again.uri).await.unwrap();
        assert_eq!(of_bruno().await, Signature::Named);
    }
}

#[tokio::test]
async fn a_separate_statement_stands_with_its_revision_and_the_last_one_counts() {
    for database in TestDatabase::each().await {
        let table = Table::set(database).await;
        let service = table.service();
        let uri = table.people[0].publishes(&table.room, "Costs", "One.").await.unwrap().uri;
        table.people[0].revises(&uri, "Two.", "Again.", None).await.unwrap();
        let file = async |at: usize, revision: i64, content: &str| {
            let new = NewStatement {
                content: content.into(),
                revision,
                language: None,
                capacity: None,
                on_behalf_of: None,
            };
            service.file_statement(table.caller(at), &uri, new).await
        };
        assert_eq!(field(file(1, 1, " ").await), "content");
        assert!(matches!(file(1, 3, "x").await, Err(ServiceError::NoRevision { asked: 3, .. })));
        file(1, 1, "We said otherwise.").await.unwrap();
        let last = file(1, 1, "We still say otherwise.").await.unwrap();
        file(2, 1, "So do we.").await.unwrap();
        file(2, 2, "On the second.").await.unwrap();
        // A comment of another kind is none, nor is the same kind as an answer to a passage.
        table.people[3].comments(&uri, "Just a comment.", None).await.unwrap();
        let on = async |revision: i64| {
            let view = service.opinion(&uri, Some(revision)).await.unwrap();
            let found = service.statements(table.room.id, &uri, &view.shown.digest).await.unwrap();
            found.into_iter().map(|view| view.comment.source.unwrap()).collect::<BTreeSet<_>>()
        };
        let said =
            |words: &[&str]| words.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(on(1).await, said(&["We still say otherwise.", "So do we."]));
        assert_eq!(on(2).await, said(&["On the second."]));
        // Taken back, the one before stands again: it was never withdrawn.
        table.people[1].deletes_comment(&last.uri).await.unwrap();
        assert_eq!(on(1).await, said(&["We said otherwise.", "So do we."]));
    }
}

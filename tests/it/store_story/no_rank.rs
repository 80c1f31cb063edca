//! INV-8: a stakeholder group decides where a name is shown and nothing else. Whatever somebody does, the answer is the
//! same from whichever group they speak.

use polylogue::{
    base::entropy::{self, Entropy},
    domain::{
        delegation::Scope, group::StakeholderGroup, opinion::OpinionStatus, position::PositionKind,
    },
    service::{ServiceError, acts::Acted, delegations::NewDelegation},
    store::entries,
};
use polylogue_tests::{
    Participant, SeededEntropy, TestDatabase, TestService, Words, entropy::seed_or,
};

const SEED: u64 = 0x1489_0008;
const ACTS: usize = 40;

/// What one of these acts was answered, in words.
fn answer<T>(result: &Result<T, ServiceError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// The same acts in the same order by somebody of this group, among the same others.
async fn answers(
    database: TestDatabase,
    group: Option<StakeholderGroup>,
    seed: u64,
) -> (Vec<String>, u64) {
    let instance = TestService::over("cs.example", database);
    let entropy = SeededEntropy::new(seed);
    let below = |bound: u64| u64::from_le_bytes(entropy::bytes(&entropy as &dyn Entropy)) % bound;
    let amina = instance.person("amina", Some(StakeholderGroup::CivilSociety)).await;
    let body = instance.organisation("body", Some(StakeholderGroup::PrivateSector)).await;
    let subject: Participant = instance.person("subject", group).await;
    let (room, _) = amina.topic("footing").await.unwrap();
    let theirs = amina.publishes(&room, "Theirs", "One.\n\nTwo.").await.unwrap();
    let (mut opinions, mut comments, mut positions) = (vec![theirs.uri], Vec::new(), Vec::new());
    let mut said = Vec::new();
    for at in 0..ACTS {
        instance.clock.pass_minutes(1);
        let pick = |list: &[String]| {
            let bound = u64::try_from(list.len().max(1)).unwrap();
            list.get(usize::try_from(below(bound)).unwrap()).cloned()
        };
        let opinion = pick(&opinions).unwrap();
        let keep = |list: &mut Vec<String>, result: &Result<Acted, ServiceError>| {
            list.extend(result.as_ref().ok().map(|acted| acted.uri.clone()));
        };
        let result = match below(9) {
            0 => {
                let result =
                    subject.publishes(&room, ["", "Ours"][usize::from(at % 3 > 0)], "Text.").await;
                keep(&mut opinions, &result);
                result
            }
            1 => subject.revises(&opinion, &format!("Text {at}."), "Clearer.", None).await,
            2 => subject.revises(&opinion, "Text.", "Ended.", Some(OpinionStatus::Final)).await,
            3 => {
                let result =
                    subject.comments(&opinion, ["", "Words."][usize::from(at % 4 > 0)], None).await;
                keep(&mut comments, &result);
                result
            }
            4 | 5 => {
                let kind = PositionKind::ALL[usize::try_from(below(5)).unwrap()];
                let words = Words {
                    statement: (at % 3 > 0).then_some("For a reason."),
                    on_behalf_of: (at % 5 == 0).then_some(body.uri()),
                };
                let revision = i64::try_from(1 + below(2)).unwrap();
                let result = subject.takes_position(&opinion, revision, kind, words).await;
                keep(&mut positions, &result);
                result
            }
            6 => match pick(&positions) {
                Some(position) => subject.withdraws(&position).await,
                None => continue,
            },
            7 => match pick(&comments) {
                Some(comment) => subject.deletes_comment(&comment).await,
                None => continue,
            },
            _ => {
                let new = NewDelegation {
                    subject: "subject".to_owned(),
                    scopes: vec![Scope::Position],
                    valid_until: None,
                };
                let service = &instance.service;
                said.push(answer(&service.delegate(&subject.caller, new.clone()).await));
                said.push(answer(&service.delegate(&body.caller, new).await));
                subject.deletes_opinion(&opinion).await
            }
        };
        said.push(answer(&result));
    }
    let entries = entries::count(&instance.service.store, room.id).await.unwrap();
    (said, entries)
}

#[tokio::test]
async fn inv_8_the_group_is_an_input_to_no_answer() {
    let seed = seed_or(SEED);
    for (at, database) in TestDatabase::each().await.into_iter().enumerate() {
        let on_sqlite = at == 0;
        let expected = Box::pin(answers(database, None, seed)).await;
        assert!(expected.0.iter().any(|said| said == "done"), "{expected:?}");
        assert!(expected.0.iter().any(|said| said != "done"), "{expected:?}");
        let groups = if on_sqlite { StakeholderGroup::ALL } else { &StakeholderGroup::ALL[..1] };
        for group in groups {
            let database = if on_sqlite {
                TestDatabase::sqlite().await
            } else {
                TestDatabase::postgres().await.unwrap()
            };
            assert_eq!(
                Box::pin(answers(database, Some(*group), seed)).await,
                expected,
                "{group}, seed {seed}"
            );
        }
    }
}

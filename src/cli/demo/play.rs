//! The small discussion that the demo shows: an opinion on the first instance, comments from the second, an objection
//! and a position from the third, and what to look at.

use std::{io::Write, time::Duration};

use anyhow::{Context as _, ensure};

use crate::{
    app::App,
    base::limits,
    domain::{
        comment::CommentKind, group::StakeholderGroup, opinion::OpinionStatus,
        position::PositionKind,
    },
    service::{
        Caller, Role,
        accounts::{AccountKind, NewAccount},
        comments::{NewAnchor, NewComment},
        opinions::{NewOpinion, NewRevision},
        positions::NewPosition,
        topics::NewTopic,
    },
    store::{entries, links, projections, rooms},
    workers::runner::come_about,
};

const SLUG: &str = "enhanced_cooperation";
const PATIENCE: Duration = Duration::from_secs(30);
const PASSWORD: &str = "demo-demo-demo";

/// The opinion to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script {
    title: String,
    abstract_text: String,
    language: String,
    source: String,
}

impl Script {
    /// Reads Markdown with a head of `key: value` lines between two lines of `---`.
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        let text = text.replace("\r\n", "\n");
        let rest =
            text.strip_prefix("---\n").context("the opinion must begin with a line of ---")?;
        let (head, source) = rest
            .split_once("\n---\n")
            .context("the head of the opinion must end with a line of ---")?;
        let value = |key: &str| {
            head.lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.trim() == key)
                .map(|(_, value)| value.trim().trim_matches('"').to_owned())
                .filter(|value| !value.is_empty())
        };
        let source = source.trim().to_owned();
        Ok(Self {
            title: value("title").context("the head of the opinion needs a `title:`")?,
            abstract_text: value("abstract").unwrap_or_else(|| first_words(&source)),
            language: value("language").unwrap_or_else(|| "en".to_owned()),
            source,
        })
    }
}

/// The beginning of a text as an abstract: its first paragraphs that are no headings, cut after a word.
fn first_words(source: &str) -> String {
    let mut words = String::new();
    for word in source.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace)
    {
        if words.chars().count() + word.chars().count() + 2 > limits::ABSTRACT_CHARS_MAX {
            words.push('…');
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

/// Plays it, or finds it played the last time, and says what to look at.
pub(super) async fn play(
    civil: &App,
    gov: &App,
    tech: &App,
    opinion: &Script,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if rooms::by_slug(&civil.service.store, SLUG).await?.is_none() {
        Box::pin(discuss(civil, gov, tech, opinion, out)).await?;
    }
    show(civil, gov, tech, out).await
}

async fn person(
    app: &App,
    name: &str,
    display: &str,
    group: StakeholderGroup,
) -> anyhow::Result<Caller> {
    app.service
        .create_account(NewAccount {
            name: name.to_owned(),
            kind: AccountKind::Person,
            display_name: display.to_owned(),
            email: String::new(),
            role: Role::Admin,
            group: Some(group),
            region: None,
            password: Some(PASSWORD.to_owned().into()),
        })
        .await?;
    Ok(app.service.caller_named(name).await?)
}

async fn discuss(
    civil: &App,
    gov: &App,
    tech: &App,
    script: &Script,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mireille =
        person(civil, "mireille", "Mireille Oyono", StakeholderGroup::CivilSociety).await?;
    let ilse = person(gov, "ilse", "Ilse Verhoeven", StakeholderGroup::Governments).await?;
    let dagny = person(tech, "dagny", "Dagny Holm", StakeholderGroup::TechnicalCommunity).await?;

    let topic = NewTopic {
        slug: SLUG.to_owned(),
        name: "Enhanced cooperation".to_owned(),
        question:
            "How should enhanced cooperation be put into practice, and who should take part in it?"
                .to_owned(),
        language: "en".to_owned(),
        parties: None,
    };
    let (room, _) = civil.service.create_topic(&mireille, topic).await?;
    let address = civil.service.paths.room(&room.slug);
    writeln!(out, "Linking the three rooms of {address} …")?;
    out.flush()?;
    gov.federation.join(&ilse, &address, None).await?;
    wait("the first link", || async { linked(civil, gov, 1).await }).await?;
    tech.federation.join(&dagny, &address, None).await?;
    wait("the links of all three", || async {
        Ok(linked(civil, gov, 2).await? && linked(tech, gov, 2).await?)
    })
    .await?;

    let new = NewOpinion {
        name: script.title.clone(),
        abstract_text: script.abstract_text.clone(),
        source: script.source.clone(),
        language: script.language.clone(),
        status: OpinionStatus::Open,
    };
    let published = civil.service.publish_opinion(&mireille, room.clone(), new).await?;
    wait("the opinion at the others", || async {
        Ok(holds(gov, &published.uri).await? && holds(tech, &published.uri).await?)
    })
    .await?;

    let comment = |content: &str, kind, paragraph| NewComment {
        content: content.to_owned(),
        kind,
        anchors: vec![NewAnchor { paragraph: Some(paragraph), ..NewAnchor::default() }],
        in_reply_to: None,
        language: Some("en".to_owned()),
        capacity: None,
        on_behalf_of: None,
    };
    let question = comment(
        "How would a small administration, with one desk for all of this, follow such a process?",
        CommentKind::Question,
        3,
    );
    gov.service.comment(&ilse, &published.uri, question).await?;
    let suggestion = comment(
        "Say who keeps the record, and that nobody can do so alone.",
        CommentKind::Suggestion,
        2,
    );
    gov.service.comment(&ilse, &published.uri, suggestion).await?;

    let objection = NewPosition {
        kind: PositionKind::Objection,
        statement: Some(
            "Before a mechanism recommends venues, those who operate the network must be named among them.".to_owned(),
        ),
        revision: 1,
        capacity: None,
        on_behalf_of: None,
    };
    tech.service.take_position(&dagny, &published.uri, objection).await?;
    wait("comments and objection at the first", || async {
        Ok(rows(civil, &published.uri).await? == (2, 1))
    })
    .await?;

    let revision = NewRevision {
        name: None,
        source: format!(
            "{}\n\nThe record is kept by rooms of several groups at once, each holding all of it. Operators of the \
             network are among the venues considered.",
            script.source
        ),
        abstract_text: None,
        change_note:
            "Says who keeps the record, and names operators, after the comments of two groups."
                .to_owned(),
        status: None,
    };
    civil.service.revise_opinion(&mireille, &published.uri, revision).await?;
    wait("the second revision at the others", || async {
        Ok(revision_at(gov, &published.uri).await? == 2
            && revision_at(tech, &published.uri).await? == 2)
    })
    .await?;
    let support = NewPosition {
        kind: PositionKind::Support,
        statement: Some("The new last paragraph answers my objection.".to_owned()),
        revision: 2,
        capacity: None,
        on_behalf_of: None,
    };
    tech.service.take_position(&dagny, &published.uri, support).await?;
    Ok(())
}

async fn show(civil: &App, gov: &App, tech: &App, out: &mut impl Write) -> anyhow::Result<()> {
    wait("the same record at all three", || async {
        let first = hashes(civil).await?;
        Ok(!first.is_empty() && first == hashes(gov).await? && first == hashes(tech).await?)
    })
    .await?;
    let room = civil.service.room(SLUG).await?;
    let opinions = projections::opinions(&civil.service.store, room.id).await?;
    let opinion = opinions.first().context("there is no opinion")?;
    let comments = projections::comments(&civil.service.store, room.id, &opinion.uri).await?;
    let positions = projections::positions(&civil.service.store, room.id, &opinion.uri).await?;
    let (comment, position) = (
        comments.first().context("there is no comment")?,
        positions.iter().find(|position| position.live).context("there is no position")?,
    );
    let [a, b, c] = [civil, gov, tech].map(|app| app.service.paths.origin().to_owned());
    writeln!(
        out,
        "\nThree instances hold one topic, {} entries each, the same at all three:",
        hashes(civil).await?.len()
    )?;
    for (app, who) in [(civil, "mireille"), (gov, "ilse"), (tech, "dagny")] {
        writeln!(
            out,
            "  {:<32} {} (sign in as {who}, password {PASSWORD})",
            format!("{}/", app.service.paths.origin()),
            app.config.instance.name
        )?;
    }
    writeln!(out, "\nLook at")?;
    writeln!(out, "  {a}/t/{SLUG}       the topic, and the same at {b} and {c}")?;
    writeln!(
        out,
        "  {}       the opinion, with comments and positions of three groups",
        opinion.uri
    )?;
    writeln!(
        out,
        "\nOr without a browser (on systems that do not know *.localhost, add --resolve HOST:PORT:127.0.0.1):"
    )?;
    let accept = "-H 'Accept: application/activity+json'";
    writeln!(out, "  curl -s {accept} {}      # the opinion, at the first", opinion.uri)?;
    writeln!(out, "  curl -s {accept} {}      # its comment, from the second", comment.uri)?;
    writeln!(
        out,
        "  curl -s {accept} {}      # its position, from the third",
        position.activity_id
    )?;
    for origin in [&a, &b, &c] {
        writeln!(
            out,
            "  curl -s '{origin}/t/{SLUG}/log?after=0&limit=200' | grep -o '\"hash\":\"[0-9a-f]*\"' | sort | sha256sum"
        )?;
    }
    writeln!(out, "\nStop with Ctrl-C.")?;
    Ok(())
}

async fn wait<F>(what: &str, look: impl FnMut() -> F) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<bool>>,
{
    ensure!(
        come_about(PATIENCE, look).await?,
        "{what} did not come about within {} s",
        PATIENCE.as_secs()
    );
    Ok(())
}

async fn linked(one: &App, other: &App, links_up: usize) -> anyhow::Result<bool> {
    for app in [one, other] {
        let Some(room) = rooms::by_slug(&app.service.store, SLUG).await? else { return Ok(false) };
        if links::up(&app.service.store, room.id).await?.len() < links_up {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn holds(app: &App, uri: &str) -> anyhow::Result<bool> {
    Ok(projections::opinion(&app.service.store, uri).await?.is_some())
}

async fn revision_at(app: &App, uri: &str) -> anyhow::Result<i64> {
    Ok(projections::opinion(&app.service.store, uri).await?.map_or(0, |opinion| opinion.revision))
}

async fn rows(app: &App, uri: &str) -> anyhow::Result<(usize, usize)> {
    let room = app.service.room(SLUG).await?;
    let comments = projections::comments(&app.service.store, room.id, uri).await?;
    let positions = projections::positions(&app.service.store, room.id, uri).await?;
    Ok((comments.len(), positions.len()))
}

async fn hashes(app: &App) -> anyhow::Result<Vec<String>> {
    let Some(room) = rooms::by_slug(&app.service.store, SLUG).await? else { return Ok(Vec::new()) };
    let mut hashes = Vec::new();
    let mut after = 0;
    loop {
        let page =
            entries::page(&app.service.store, room.id, after, limits::PAGE_ITEMS_MAX).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        hashes.extend(page.into_iter().map(|row| row.hash));
    }
    hashes.sort();
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opinion_that_comes_with_the_program_can_be_published() {
        let script = Script::read(include_str!("../../../assets/demo-opinion.md")).unwrap();
        assert!(script.abstract_text.chars().count() <= limits::ABSTRACT_CHARS_MAX);
        assert!(script.title.contains(':'));
        assert!(script.source.contains("2014"));
    }

    #[test]
    fn an_abstract_is_made_of_the_first_words() {
        let script = Script::read("---\ntitle: A\n---\n# H\n\nOne two.").unwrap();
        assert_eq!(script.abstract_text, "One two.");
        let long = Script::read(&format!("---\ntitle: A\n---\n{}", "word ".repeat(500))).unwrap();
        assert!(long.abstract_text.ends_with('…') && long.abstract_text.chars().count() <= 500);
        assert!(Script::read("no head").is_err());
    }
}

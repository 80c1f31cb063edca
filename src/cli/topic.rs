//! `polylogue topic …`.

use std::io::Write;

use clap::Subcommand;

use crate::{
    app::App,
    config::Config,
    domain::vocabulary::Vocabulary,
    service::{rosters::RosterChange, topics::NewTopic},
    workers::control,
};

/// What to do with topics.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a new topic with its question
    Create(CreateArgs),
    /// Hold a topic jointly with the instance that has it
    Join(JoinArgs),
    /// Say who facilitates a topic
    Facilitate(FacilitateArgs),
}

/// Open a new topic with its question.
///
/// The question is signed and can never be changed: it is what everybody answers. Other instances can then join.
/// Prints the address of the topic.
#[derive(Debug, clap::Args)]
pub struct CreateArgs {
    /// Name in addresses, as in this.instance/t/SLUG: 3 to 20 of a-z, 0-9 and _, beginning with a letter
    pub slug: String,
    /// Name as people read it
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// The question that the topic asks
    #[arg(long, value_name = "TEXT")]
    pub question: String,
    /// Language of name and question, such as en, fr or ar
    #[arg(long, value_name = "TAG")]
    pub language: String,
    /// A party in the topic's own words, once for each: `WORD; GROUP, GROUP; en: NAME; fr: NAME`
    ///
    /// GROUP is one of the eight stakeholder groups. They stay what people declare; a party is a heading under which
    /// the positions of its groups can be seen. Without any, the eight are the headings.
    #[arg(long = "party", value_name = "PARTY")]
    pub parties: Vec<String>,
    /// Account that founds the topic
    #[arg(long = "as", value_name = "NAME")]
    pub founder: String,
}

/// Hold a topic jointly with the instance that has it.
///
/// Opens a room for the topic here, asks the other room for a link, and takes in all that it holds; from then on
/// each tells the other what is new. The server must be running, so that the other side can answer.
#[derive(Debug, clap::Args)]
pub struct JoinArgs {
    /// Address of the topic there, such as `https://civil.example/t/enhanced_cooperation`
    pub url: String,
    /// Name in addresses here, where the one used there is taken
    #[arg(long)]
    pub slug: Option<String>,
    /// Account that joins
    #[arg(long = "as", value_name = "NAME")]
    pub joiner: String,
}

/// Say who facilitates a topic.
///
/// Facilitators say, beside the authors of an opinion, what became of comments and objections. Each change is signed by
/// one of them and enters the topic's record. Prints who they are from then on.
#[derive(Debug, clap::Args)]
pub struct FacilitateArgs {
    /// Name of the topic in addresses here
    pub slug: String,
    /// Somebody more: a handle or an actor id
    #[arg(long, value_name = "WHO", conflicts_with = "remove", required_unless_present = "remove")]
    pub add: Option<String>,
    /// Somebody less
    #[arg(long, value_name = "WHO")]
    pub remove: Option<String>,
    /// Account of a facilitator, who signs
    #[arg(long = "as", value_name = "NAME")]
    pub signer: String,
}

/// Signs a roster.
pub(super) async fn facilitate(
    config: Config,
    args: FacilitateArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let caller = app.service.caller_named(&args.signer).await?;
    let change = match (args.add, args.remove) {
        (Some(who), _) => RosterChange::Add(who),
        (None, who) => RosterChange::Remove(who.unwrap_or_default()),
    };
    app.service.change_roster(&caller, &args.slug, change).await?;
    for facilitator in app.service.topic(&args.slug).await?.facilitators {
        writeln!(out, "{}", facilitator.handle)?;
    }
    control::ring(&app.config.data.dir).await;
    Ok(())
}

/// Founds a topic and opens its first room.
pub(super) async fn create(
    config: Config,
    args: CreateArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let caller = app.service.caller_named(&args.founder).await?;
    let new = NewTopic {
        slug: args.slug,
        name: args.name,
        question: args.question,
        language: args.language,
        parties: Vocabulary::read_lines(&args.parties.join("\n"))?,
    };
    let (room, _) = app.service.create_topic(&caller, new).await?;
    writeln!(out, "{}", app.service.paths.room(&room.slug))?;
    control::ring(&app.config.data.dir).await;
    Ok(())
}

/// Opens a room for a topic held elsewhere; the running server does the rest.
pub(super) async fn join(
    config: Config,
    args: JoinArgs,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let app = App::open(config).await?;
    let caller = app.service.caller_named(&args.joiner).await?;
    let room = app.federation.join(&caller, &args.url, args.slug.as_deref()).await?;
    writeln!(out, "{}", app.service.paths.room(&room.slug))?;
    if control::ring(&app.config.data.dir).await {
        writeln!(out, "The server asks for the link and takes in what the other room holds.")?;
    } else {
        writeln!(
            out,
            "No server runs here: the link is asked for when one does (polylogue serve)."
        )?;
    }
    Ok(())
}

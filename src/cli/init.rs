//! `polylogue init`: writes a configuration file to start from. It never replaces one, and makes nothing else: the
//! first `serve` makes the data directory and the keys.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::{
    config::{self, Domain},
    domain::group::StakeholderGroup,
};

/// Write a configuration file to start from.
///
/// Writes polylogue.toml (or the file named by --config) with every setting explained, and tells what to do next. A
/// file that is there already is left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name of this instance on the network, such as polylogue.ngo.example; it can never change once
    /// something has been published
    #[arg(long, value_parser = parse_domain, default_value = "localhost:8480")]
    pub domain: Domain,
    /// How the instance calls itself
    #[arg(long, value_name = "TEXT", default_value = "Polylogue")]
    pub name: String,
    /// Stakeholder group that runs it: academic-community, civil-society, governments, individual-users,
    /// international-organisations, other, private-sector or technical-community
    #[arg(long)]
    pub group: Option<StakeholderGroup>,
}

/// Writes the file and says on `out` what to do next.
///
/// # Errors
/// Where the file is there already, cannot be written, or would not be a valid configuration; then none is left.
pub fn run(args: &Args, file: Option<PathBuf>, out: &mut impl Write) -> anyhow::Result<()> {
    let file = file.unwrap_or_else(|| PathBuf::from(config::FILE_NAME));
    match write_new(&file, &content(args)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} is there already; it was left as it is", file.display())
        }
        written => written.with_context(|| format!("{} cannot be written", file.display()))?,
    }
    let config = match config::load(Some(&file), std::iter::empty()) {
        Ok(config) => config,
        Err(errors) => {
            std::fs::remove_file(&file)?;
            return Err(errors.into());
        }
    };
    writeln!(out, "Wrote {}.", file.display())?;
    writeln!(out, "Next: polylogue serve, then open {}/", config.origin())?;
    Ok(())
}

fn parse_domain(text: &str) -> Result<Domain, String> {
    Domain::parse(text).ok_or_else(|| format!("must be {}", config::key::DOMAIN.allowed))
}

fn write_new(file: &Path, content: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(file)?.write_all(content.as_bytes())
}

/// Every key with what is allowed; those that were asked for set, the others commented out.
fn content(args: &Args) -> String {
    let mut lines = vec![
        "# Polylogue's settings. A variable such as POLYLOGUE__SERVER__LISTEN replaces the line it names."
            .to_owned(),
    ];
    let mut section = "";
    for key in config::key::KEYS {
        if key.section() != section {
            section = key.section();
            lines.push(format!("\n[{section}]"));
        }
        lines.push(format!("# {}", key.allowed));
        lines.push(format!("# Without it: {}.", key.default));
        let name = key.name.split_once('.').map_or(key.name, |(_, name)| name);
        let given = match key.name {
            "instance.domain" => Some(args.domain.to_string()),
            "instance.name" => Some(args.name.clone()),
            "instance.group" => args.group.as_ref().map(|group| group.word().to_owned()),
            _ => None,
        };
        lines.push(match given {
            Some(value) => format!("{name} = {}", toml::Value::String(value)),
            None => format!("# {name} ="),
        });
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(name: &str) -> Args {
        Args {
            domain: Domain::parse("civil.example").unwrap(),
            name: name.to_owned(),
            group: Some(StakeholderGroup::CivilSociety),
        }
    }

    fn file(test: &str) -> PathBuf {
        std::env::temp_dir().join(format!("polylogue-init-{}-{test}.toml", std::process::id()))
    }

    #[test]
    fn the_file_says_what_was_asked_for_and_is_never_replaced() {
        let file = file("written");
        let mut out = Vec::new();
        run(&args("People's \"net\""), Some(file.clone()), &mut out).unwrap();
        let config = config::load(Some(&file), std::iter::empty()).unwrap();
        let again = run(&args("Other"), Some(file.clone()), &mut Vec::new());
        let kept = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();

        assert_eq!(config.instance.name, "People's \"net\"");
        assert_eq!(config.instance.domain.to_string(), "civil.example");
        assert_eq!(config.instance.group, Some(StakeholderGroup::CivilSociety));
        assert!(String::from_utf8(out).unwrap().contains("https://civil.example/"));
        assert!(again.unwrap_err().to_string().contains("is there already"));
        assert!(kept.contains("People"));
        for key in config::key::KEYS {
            let (_, name) = key.name.split_once('.').unwrap();
            assert!(kept.contains(&format!("{name} =")), "{} is not explained", key.name);
        }
    }

    #[test]
    fn a_name_that_cannot_be_leaves_no_file() {
        let file = file("refused");
        let error = run(&args(""), Some(file.clone()), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("instance.name"), "{error}");
        assert!(!file.exists());
    }
}

//! The stories that the simulator can tell. Each is a file: the cast, what happens by itself, and what a
//! presenter says about it. `docs/simulator.md` describes the format.

mod cue;
mod file;
mod named;
mod switches;

use std::{fmt, fs, io, path::PathBuf, str::FromStr, sync::Arc};

pub(super) use self::{
    cue::{Act, When},
    file::{Hooks, Script},
    named::Named,
    switches::{
        Cancelled, Cancelling, Credentials, Deadline, Duplicates, HookForm, Lapsed, Limits, Regenerations,
        Reject, States, Switches, Tickets, Unconfirmed, Unknown,
    },
};

/// A story, read and checked.
#[derive(Clone)]
pub struct Scenario {
    name: Arc<str>,
    script: Arc<Script>,
}

/// The stories that come with the program: name and file.
const BUILT_IN: [(&str, &str); 11] = [
    ("calm-desk", include_str!("../../../assets/scenarios/calm-desk.toml")),
    ("vcc-decline", include_str!("../../../assets/scenarios/vcc-decline.toml")),
    ("rush-hour", include_str!("../../../assets/scenarios/rush-hour.toml")),
    ("airline-outage", include_str!("../../../assets/scenarios/airline-outage.toml")),
    ("card-blocked", include_str!("../../../assets/scenarios/card-blocked.toml")),
    ("fulfilment-5min", include_str!("../../../assets/scenarios/fulfilment-5min.toml")),
    ("network-storm", include_str!("../../../assets/scenarios/network-storm.toml")),
    ("mixed-airlines", include_str!("../../../assets/scenarios/mixed-airlines.toml")),
    ("ryanair-confirm", include_str!("../../../assets/scenarios/ryanair-confirm.toml")),
    ("baggage-loss", include_str!("../../../assets/scenarios/baggage-loss.toml")),
    ("quiet", include_str!("../../../assets/scenarios/quiet.toml")),
];

/// Why a story cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a story that comes with the program nor a file.
    #[error("no scenario is called `{0}`; there are {names}, or the path of a file that ends in .toml",
        names = Scenario::names().collect::<Vec<_>>().join(", "))]
    Unknown(String),
    /// The file cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file says something that cannot be played.
    #[error("{path}:{line}:{column}: {message}")]
    Wrong {
        /// The file.
        path: String,
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// What is wrong, and what is expected.
        message: String,
    },
}

impl Scenario {
    /// The names of the stories that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// What it is called: its own name, or the file's.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// Reads a story from the text of a file.
    fn read(name: &str, path: &str, text: &str) -> Result<Self, ScenarioError> {
        let script = Script::read(text).map_err(|wrong| ScenarioError::Wrong {
            path: path.to_owned(),
            line: wrong.line,
            column: wrong.column,
            message: wrong.message,
        })?;
        Ok(Self { name: name.into(), script: Arc::new(script) })
    }
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    /// A story that comes with the program, by name, or one from a file, by a path that ends in `.toml`.
    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        if let Some((name, file)) = BUILT_IN.iter().find(|(name, _)| *name == text) {
            return Self::read(name, &format!("{name}.toml"), file);
        }
        let path = PathBuf::from(text);
        if path.extension().is_none_or(|ending| ending != "toml") {
            return Err(ScenarioError::Unknown(text.to_owned()));
        }
        let file = fs::read_to_string(&path)
            .map_err(|source| ScenarioError::Unreadable { path: path.clone(), source })?;
        let name = path.file_stem().map_or_else(|| text.into(), |stem| stem.to_string_lossy());
        Self::read(&name, text, &file)
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scenario").field(&self.name).finish()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A story that is played nowhere but in a test.
    pub(in crate::sim) fn parsed(text: &str) -> Scenario {
        Scenario::read("test", "test.toml", text).unwrap()
    }

    #[test]
    fn every_story_that_comes_along_can_be_told() {
        for name in Scenario::names() {
            let scenario: Scenario = name.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(scenario.name(), name);
            let script = scenario.script();
            for said in [&script.title, &script.about] {
                assert!(!said.en.is_empty() && !said.zh.is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn a_story_that_is_not_there_lists_those_that_are() {
        let error = "stormy".parse::<Scenario>().unwrap_err().to_string();
        assert!(
            error.starts_with("no scenario is called `stormy`; there are calm-desk, vcc-decline, "),
            "{error}"
        );
        let error = "/nowhere/stormy.toml".parse::<Scenario>().unwrap_err().to_string();
        assert!(error.starts_with("cannot read /nowhere/stormy.toml: "), "{error}");
    }
}

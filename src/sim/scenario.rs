//! The stories that the simulator can tell.

use std::{fmt, str::FromStr};

/// What happens in the simulated world, besides what clients ask of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scenario {
    /// An ordinary hour: orders of every state, new ones arriving, some of them paid by somebody else.
    #[default]
    CalmDesk,
    /// As `calm-desk`, but the airline declines the card passed through for the newest order that takes one.
    VccDecline,
    /// Nothing happens by itself and nothing is unpaid: for measuring an idle console.
    Quiet,
}

/// A scenario that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is called `{0}`; there are {names}", names = Scenario::NAMES.join(", "))]
pub struct NoSuchScenario(String);

impl Scenario {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CalmDesk, Self::VccDecline, Self::Quiet];

    /// The names of all, as given to `--scenario`.
    pub const NAMES: [&str; 3] = ["calm-desk", "vcc-decline", "quiet"];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// True when orders arrive by themselves.
    pub(super) fn has_arrivals(self) -> bool {
        self != Self::Quiet
    }
}

impl FromStr for Scenario {
    type Err = NoSuchScenario;

    fn from_str(name: &str) -> Result<Self, NoSuchScenario> {
        Self::ALL.into_iter().find(|one| one.name() == name).ok_or_else(|| NoSuchScenario(name.to_owned()))
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_an_unknown_one_lists_them() {
        for one in Scenario::ALL {
            assert_eq!(one.name().parse(), Ok(one));
        }
        let error = "stormy".parse::<Scenario>().unwrap_err().to_string();
        assert_eq!(error, "no scenario is called `stormy`; there are calm-desk, vcc-decline, quiet");
    }
}

//! Who wrote something into the journal.

use super::text::Text;

/// Who wrote something: a person at a running program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Author {
    /// The person, with the machine: `li@desk`.
    pub who: Text,
    /// The program's id in the journal.
    pub program: Text,
}

impl Author {
    /// The person without the machine.
    pub fn name(&self) -> &str {
        name(&self.who)
    }
}

/// The person of `li@desk`.
pub fn name(who: &str) -> &str {
    who.split('@').next().filter(|name| !name.is_empty()).unwrap_or(who)
}

//! No card number stands in an argument: it would be in the shell's history, in every list of processes, and in what
//! the argument names or says. Refused before anything else is done with it.

use std::ffi::OsString;

use super::{
    args::Arguments,
    exit::{Exit, Failure},
    session::variable,
};
use crate::{
    config::Settings,
    domain::{stray_card::StrayCard, subject::Subject},
};

/// The refusal, if one of these arguments holds a card number; it never quotes it. `parsed` gives the language.
pub(super) fn refuse(
    arguments: impl Iterator<Item = OsString>,
    parsed: Option<&Arguments>,
) -> Option<Failure> {
    let card = arguments.skip(1).find_map(|argument| StrayCard::find(&argument.to_string_lossy()))?;
    let flags = parsed.map(|arguments| arguments.global.flags());
    let set_up = flags.as_ref().and_then(|flags| Settings::load(flags, variable).ok());
    let asked = flags.and_then(|flags| flags.lang);
    let lang = asked.or(set_up.map(|settings| *settings.lang)).unwrap_or_default();
    let message = lang.fill("card_input.in_argument", &[("last_four", &card.last_four)]);
    let mend = lang.text("card_input.in_argument_mend");
    Some(Failure::new(Exit::Usage, "card_in_argument", message, mend).about(lang, Subject::Card))
}

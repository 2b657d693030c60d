//! Why a configuration is refused, in the language in use.

use super::{ConfigError, error::SecretError};
use crate::lang::{Lang, system};

impl ConfigError {
    /// In words. What the parser of the file says is English in every language.
    pub fn said(&self, lang: Lang) -> String {
        match self {
            Self::Unreadable { path, source } => {
                let cause = system::cause(lang, &source.to_string());
                lang.fill("config_error.unreadable", &[("path", &path.display()), ("cause", &cause)])
            }
            Self::Wrong { path, line, column, message } => lang.fill(
                "config_error.wrong",
                &[("path", &path.display()), ("line", line), ("column", column), ("message", message)],
            ),
            Self::Variable { name, expected, found } => lang
                .fill("config_error.variable", &[("name", name), ("expected", expected), ("found", found)]),
            Self::CardNumber { name, last_four } => {
                lang.fill("config_error.card_number", &[("name", name), ("last_four", last_four)])
            }
            Self::NoSuchEnvironment { name, known } => {
                lang.fill("config_error.environment", &[("name", name), ("known", known)])
            }
            Self::NoHome => lang.text("config_error.no_home").to_owned(),
            Self::NoClientId { environment, file } => lang.fill(
                "config_error.no_client_id",
                &[("environment", environment), ("file", &file.display())],
            ),
            Self::Secret(error) => error.said(lang),
            Self::DemoNearLive { name } => lang.fill("config_error.near_live", &[("name", name)]),
        }
    }
}

impl SecretError {
    fn said(&self, lang: Lang) -> String {
        match self {
            Self::NoVariable => lang.text("secret_error.no_variable").to_owned(),
            Self::Unreadable { path, source } => {
                let cause = system::cause(lang, &source.to_string());
                lang.fill("secret_error.unreadable", &[("path", &path.display()), ("cause", &cause)])
            }
            Self::Link(path) => lang.fill("secret_error.link", &[("path", &path.display())]),
            Self::NotAFile(path) => lang.fill("secret_error.not_a_file", &[("path", &path.display())]),
            Self::OpenToOthers { path, mode } => {
                let mode = format!("{mode:03o}");
                lang.fill("secret_error.open", &[("path", &path.display()), ("mode", &mode)])
            }
            Self::WrongOwner { path, owner, me } => {
                lang.fill("secret_error.owner", &[("path", &path.display()), ("owner", owner), ("me", me)])
            }
            Self::CannotRun { program, source } => {
                let cause = system::cause(lang, &source.to_string());
                lang.fill("secret_error.cannot_run", &[("program", program), ("cause", &cause)])
            }
            Self::Failed { program, status } => {
                lang.fill("secret_error.failed", &[("program", program), ("status", status)])
            }
            Self::TooSlow { program, seconds } => {
                lang.fill("secret_error.too_slow", &[("program", program), ("seconds", seconds)])
            }
            Self::Unusable(source) => lang.fill("secret_error.unusable", &[("source", source)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn every_reason_is_said_in_both_languages_as_the_log_has_it() {
        let cause = || io::Error::other("gone");
        let (name, program) = ("PAYDESK_LANG", || "pass".to_owned());
        let errors = [
            ConfigError::Unreadable { path: "/c".into(), source: cause() },
            ConfigError::Wrong { path: "/c".into(), line: 1, column: 2, message: "odd".into() },
            ConfigError::Variable { name, expected: "en".into(), found: "x".into() },
            ConfigError::CardNumber { name, last_four: "0366".into() },
            ConfigError::NoSuchEnvironment { name: "x".into(), known: "sandbox".into() },
            ConfigError::NoHome,
            ConfigError::NoClientId { environment: "live".into(), file: "/c".into() },
            ConfigError::DemoNearLive { name },
            SecretError::NoVariable.into(),
            SecretError::Unreadable { path: "/s".into(), source: cause() }.into(),
            SecretError::Link("/s".into()).into(),
            SecretError::NotAFile("/s".into()).into(),
            SecretError::OpenToOthers { path: "/s".into(), mode: 0o44 }.into(),
            SecretError::WrongOwner { path: "/s".into(), owner: 1, me: 2 }.into(),
            SecretError::CannotRun { program: program(), source: cause() }.into(),
            SecretError::Failed { program: program(), status: "exit status: 1".into() }.into(),
            SecretError::TooSlow { program: program(), seconds: 9 }.into(),
            SecretError::Unusable("/s".into()).into(),
        ];
        for error in errors {
            assert_eq!(error.said(Lang::En), error.to_string());
            let zh = error.said(Lang::ZhCn);
            assert!(zh != error.to_string() && !zh.contains('{'), "{zh}");
        }
    }
}

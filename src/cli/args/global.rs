//! The flags that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use tracing::level_filters::LevelFilter;

use super::offered::offered;
use crate::{config::Flags, lang::Lang};

/// Flags that every command takes.
#[derive(Args, Debug)]
pub struct Global {
    /// Configuration file, instead of the one at the platform's place
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// Where journal and log are kept
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    data_dir: Option<PathBuf>,
    /// The environment to work on: one of [environments.NAME] in the configuration
    #[arg(long, global = true, value_name = "NAME", value_hint = ValueHint::Other)]
    env: Option<String>,
    /// Language of the texts
    #[arg(long, global = true, value_name = "LANG", value_parser = offered(language, || vec!["en", "zh-CN"]))]
    lang: Option<Lang>,
    /// Look, but change nothing: no payment is possible
    #[arg(long, global = true)]
    read_only: bool,
    /// What is logged
    #[arg(long, global = true, value_name = "LEVEL", value_parser = offered(level, levels))]
    log_level: Option<LevelFilter>,
    /// No colours (as does the variable `NO_COLOR`)
    #[arg(long, global = true)]
    no_color: bool,
}

impl Global {
    /// As the configuration wants them.
    pub fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            data_dir: self.data_dir.clone(),
            environment: self.env.clone(),
            lang: self.lang,
            read_only: self.read_only,
            log_level: self.log_level,
            no_color: self.no_color,
        }
    }
}

fn language(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "expected en or zh-CN".into())
}

fn levels() -> Vec<&'static str> {
    vec!["off", "error", "warn", "info", "debug", "trace"]
}

fn level(text: &str) -> Result<LevelFilter, String> {
    text.parse().map_err(|_| "expected off, error, warn, info, debug or trace".into())
}

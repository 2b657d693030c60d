//! What the command line says about the configuration.

use std::path::PathBuf;

use tracing::level_filters::LevelFilter;

use crate::lang::Lang;

/// The flags of the command line that bear on the configuration.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data-dir`
    pub data_dir: Option<PathBuf>,
    /// `--env`
    pub environment: Option<String>,
    /// `--lang`
    pub lang: Option<Lang>,
    /// `--read-only`
    pub read_only: bool,
    /// `--log-level`
    pub log_level: Option<LevelFilter>,
    /// `--no-color`
    pub no_color: bool,
}

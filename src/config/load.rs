//! Where the settings come from: the configuration file under variables and flags.

use std::{io, path::PathBuf};

use super::{
    demo::DEMO_FILE,
    error::ConfigError,
    flags::Flags,
    origin::{Origin, Sourced},
    settings::Settings,
    source::Source,
};

impl Settings {
    /// Reads file and environment variables (through `variable`) under the flags.
    pub fn load(flags: &Flags, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let directories = directories::ProjectDirs::from("", "", "paydesk");
        // A folder in which a demo keeps its journal is reached through that demo.
        let of_demo =
            flags.data_dir.as_ref().map(|folder| folder.join(DEMO_FILE)).filter(|file| file.exists());
        let path = match (flags.config.as_ref().or(of_demo.as_ref()), &directories) {
            (Some(path), _) => path.clone(),
            (None, Some(directories)) => directories.config_dir().join("config.toml"),
            (None, None) => PathBuf::from("config.toml"),
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && flags.config.is_none() => None,
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        };
        let data_dir = match (&flags.data_dir, &directories) {
            (Some(folder), _) => Sourced { value: folder.clone(), origin: Origin::Flag("--data-dir") },
            (None, Some(directories)) => Sourced::built_in(directories.data_dir().to_owned()),
            (None, None) => return Err(ConfigError::NoHome),
        };
        let source = Source { path, text: text.as_deref().unwrap_or_default(), variable: &variable };
        source.settings(flags, data_dir, text.is_some())
    }
}

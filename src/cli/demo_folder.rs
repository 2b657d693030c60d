//! Where a demo keeps its journal, so that other commands find what was paid in it: a folder that was given, or one that
//! goes when the demo ends. Beside the journal stands how the simulator is reached, which is the configuration of every
//! command that is given the folder and no other.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use reqwest::Url;
use uuid::Uuid;

use crate::config::DEMO_FILE;

/// Where the secret stands that the simulator takes: any.
const SECRET_FILE: &str = "demo-secret";

/// The folder of a demo.
pub(super) struct DemoFolder {
    path: PathBuf,
    is_ours: bool,
}

impl DemoFolder {
    /// The folder that was given, if it is a demo's, empty, or not there yet: the files of a desk are no demo's. Without
    /// one, a new one.
    pub(super) fn open(given: Option<&Path>) -> io::Result<Self> {
        let make =
            |path: &Path, recursive| fs::DirBuilder::new().recursive(recursive).mode(0o700).create(path);
        let Some(path) = given else {
            let name = Uuid::new_v4().simple().to_string();
            let path = std::env::temp_dir().join(format!("paydesk-demo-{}", name.get(..8).unwrap_or(&name)));
            make(&path, false)?;
            return Ok(Self { path, is_ours: true });
        };
        make(path, true)?;
        if !path.join(DEMO_FILE).exists() && fs::read_dir(path)?.next().is_some() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it holds files that are no demo's"));
        }
        Ok(Self { path: std::path::absolute(path)?, is_ours: false })
    }

    /// Writes down how the simulator is reached.
    pub(super) fn write(&self, base_url: &Url) -> io::Result<()> {
        let text = format!(
            "# How the demo that uses this folder is reached, while it runs.\nenvironment = \"demo\"\n\
             [environments.demo]\nbase_url = \"{base_url}\"\nclient_id = \"demo\"\n\
             client_secret_file = \"{SECRET_FILE}\"\n"
        );
        for (name, text) in [(SECRET_FILE, "demo\n"), (DEMO_FILE, &*text)] {
            let mut file = fs::OpenOptions::new();
            file.write(true).create(true).truncate(true).mode(0o600);
            file.open(self.path.join(name))?.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for DemoFolder {
    fn drop(&mut self) {
        if self.is_ours {
            // What is left of it is nobody's, in a folder that is cleaned.
            let _left = fs::remove_dir_all(&self.path);
        }
    }
}

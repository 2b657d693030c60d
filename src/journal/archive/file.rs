//! An archive: entries in a compressed file, one JSON object a line, each with all that its hash is made of. The hash of
//! the first one follows the last one of the archive before.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;

use crate::journal::chain::{self, Link, Row};

/// Where archives lie, beside the journal.
const FOLDER: &str = "archive";

/// What a file is called until it is complete.
const UNNAMED: &str = ".new";

/// One entry. The body is what was hashed, byte for byte.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    seq: i64,
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    program: Cow<'a, str>,
    #[serde(borrow)]
    operator: Cow<'a, str>,
    #[serde(default)]
    order_no: Option<String>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    body: &'a RawValue,
    hash: String,
}

/// The file of an archive.
pub(in crate::journal) fn path(folder: &Path, file: &str) -> PathBuf {
    folder.join(FOLDER).join(file)
}

/// An archive that is being written, under a name that nobody takes for one.
pub(in crate::journal) struct Writer {
    out: GzEncoder<BufWriter<File>>,
    unnamed: PathBuf,
    path: PathBuf,
}

impl Writer {
    /// Begins the archive `file` of the journal in `folder`. What an earlier try has left of it goes.
    pub(in crate::journal) fn begin(folder: &Path, file: &str) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder.join(FOLDER))?;
        let (path, unnamed) = (path(folder, file), path(folder, &format!("{file}{UNNAMED}")));
        let out =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unnamed)?;
        Ok(Self { out: GzEncoder::new(BufWriter::new(out), Compression::default()), unnamed, path })
    }

    /// Writes the next entry.
    pub(in crate::journal) fn write(&mut self, row: &Row<'_>, hash: &Link) -> io::Result<()> {
        let line = Line {
            seq: row.seq,
            at: row.at.into(),
            program: row.program.into(),
            operator: row.operator.into(),
            order_no: row.order_no.map(str::to_owned),
            kind: row.kind.into(),
            body: serde_json::from_str(row.body)?,
            hash: chain::hex(hash),
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    /// Brings it to disk.
    pub(in crate::journal) fn complete(self) -> io::Result<Complete> {
        let file = self.out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(Complete { unnamed: self.unnamed, path: self.path })
    }
}

/// An archive that is on disk, and has no name yet.
pub(in crate::journal) struct Complete {
    unnamed: PathBuf,
    path: PathBuf,
}

impl Complete {
    /// Gives it its name, in the place of what may have that; the name is on disk as well when this returns.
    pub(in crate::journal) fn name(self) -> io::Result<()> {
        fs::rename(&self.unnamed, &self.path)?;
        self.path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

/// Reads an archive, entry by entry, until `take` says that it is enough.
pub(in crate::journal) fn read<E: From<io::Error>>(
    path: &Path,
    mut take: impl FnMut(&Row<'_>, Link) -> Result<bool, E>,
) -> Result<(), E> {
    let mut lines = BufReader::new(GzDecoder::new(BufReader::new(File::open(path)?)));
    let mut text = String::new();
    loop {
        text.clear();
        if lines.read_line(&mut text)? == 0 {
            return Ok(());
        }
        let line: Line<'_> = serde_json::from_str(&text).map_err(io::Error::from)?;
        let row = Row {
            seq: line.seq,
            at: &line.at,
            program: &line.program,
            operator: &line.operator,
            order_no: line.order_no.as_deref(),
            kind: &line.kind,
            body: line.body.get(),
        };
        let hash = chain::link(&line.hash).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        if !take(&row, hash)? {
            return Ok(());
        }
    }
}

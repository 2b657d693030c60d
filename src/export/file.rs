//! Files that are handed on: in a folder of their own, for its owner alone, and never over one that is there.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// So many files of one name may be there.
const AT_MOST: usize = 1_000;

/// Writes `text` into a new file in `folder`, which is made if it is not there; a number tells files of one name apart.
pub fn write_new(folder: &Path, name: &str, extension: &str, text: &str) -> io::Result<PathBuf> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    for n in 1..AT_MOST {
        let number = if n == 1 { String::new() } else { format!("-{n}") };
        let path = folder.join(format!("{name}{number}.{extension}"));
        let mut file = match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            opened => opened?,
        };
        // Half a file would be taken for the whole.
        if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
            fs::remove_file(&path).ok();
            return Err(error);
        }
        return Ok(path);
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_its_owners_alone_and_never_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let exports = folder.path().join("exports");
        let write = |text| write_new(&exports, "action-1422", "csv", text).unwrap();
        let paths = [write("one"), write("two")];
        assert_eq!(
            paths.each_ref().map(|path| path.file_name().unwrap().to_str().unwrap()),
            ["action-1422.csv", "action-1422-2.csv"]
        );
        assert_eq!(paths.each_ref().map(|path| fs::read_to_string(path).unwrap()), ["one", "two"]);
        for path in &paths {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(fs::metadata(&exports).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_link_that_lies_there_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other");
        fs::write(&other, "kept").unwrap();
        std::os::unix::fs::symlink(&other, folder.path().join("x.csv")).unwrap();
        let path = write_new(folder.path(), "x", "csv", "new").unwrap();
        assert!(path.ends_with("x-2.csv") && fs::read_to_string(&other).unwrap() == "kept");
    }
}

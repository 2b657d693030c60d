//! Where a journal may live: not on a drive whose locks and syncs cannot be relied on.

use std::path::Path;

/// File systems over a network, by the magic numbers that Linux gives them (`statfs(2)`): NFS, SMB, CIFS, SMB2, AFS,
/// Coda, Ceph.
const NETWORK: [u32; 7] = [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x5346_414f, 0x7375_7245, 0x00c3_6400];

/// True when `folder` is on a network drive, as far as the system tells.
pub(super) fn is_shared_drive(folder: &Path) -> bool {
    kind_of(folder).is_some_and(|kind| NETWORK.contains(&kind))
}

#[cfg(target_os = "linux")]
fn kind_of(folder: &Path) -> Option<u32> {
    let kind = rustix::fs::statfs(folder).ok()?.f_type;
    // The magic numbers have 32 bits; the field is as wide as a word, and signed on some machines.
    u32::try_from(i128::from(kind) & i128::from(u32::MAX)).ok()
}

#[cfg(not(target_os = "linux"))]
fn kind_of(_: &Path) -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_folder_is_no_network_drive_and_nfs_is_one() {
        assert!(!is_shared_drive(tempfile::tempdir().unwrap().path()));
        assert!(NETWORK.contains(&0x6969));
    }
}

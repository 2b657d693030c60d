//! Where a journal may live: not on a drive whose locks and shared memory cannot be relied on.
//!
//! Two programs share the journal through locks and a memory-mapped file beside it. Over a network, and through another
//! machine's file system (a share of a virtual machine's host, a FUSE daemon), either may be missing or private to one side.

use std::path::Path;

/// A kind of drive that is refused, in a word for people.
pub(super) type Kind = &'static str;

/// By the magic numbers that Linux gives them (`statfs(2)`, `include/uapi/linux/magic.h`, and the drivers themselves).
const MAGIC: [(u32, Kind); 21] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "SMB"),
    (0xfe53_4d42, "SMB"),
    (0x564c, "NCP"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x1983_0326, "BeeGFS"),
    (0x2003_0528, "OrangeFS"),
    (0x0116_1970, "GFS2"),
    (0x7461_636f, "OCFS2"),
    (0x0102_1997, "9p"),
    (0x786f_4256, "vboxsf"),
    (0xbacb_acbc, "vmhgfs"),
    (0x7c7c_6673, "prl_fs"),
    (FUSE, "FUSE"),
    (0x6a65_6a63, "FUSE"), // folders that Docker Desktop shares
];

/// FUSE, and virtiofs, which is made of it.
const FUSE: u32 = 0x6573_5546;

/// By their names in the mount table. Whatever FUSE mounts is called `fuse.` and its own name.
const NAMES: [(&str, Kind); 22] = [
    ("nfs", "NFS"),
    ("nfs4", "NFS"),
    ("cifs", "SMB"),
    ("smb3", "SMB"),
    ("smbfs", "SMB"),
    ("ncpfs", "NCP"),
    ("afs", "AFS"),
    ("afpfs", "AFP"),
    ("webdav", "WebDAV"),
    ("ftp", "FTP"),
    ("coda", "Coda"),
    ("ceph", "Ceph"),
    ("lustre", "Lustre"),
    ("9p", "9p"),
    ("drvfs", "drvfs"),
    ("virtiofs", "virtiofs"),
    ("vboxsf", "vboxsf"),
    ("vmhgfs", "vmhgfs"),
    ("prl_fs", "prl_fs"),
    ("macfuse", "FUSE"),
    ("osxfuse", "FUSE"),
    ("fuse", "FUSE"),
];

/// What the system says of the drive that a folder is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Drive {
    magic: Option<u32>,
    name: Option<String>,
    /// The system itself says that it is not of this machine.
    is_remote: bool,
}

impl Drive {
    /// The kind, if a journal may not live there. What the system does not tell is trusted; a name says more than a number.
    fn refused(&self) -> Option<Kind> {
        let by_name = self.name.as_deref().and_then(|name| {
            let is_fuse = name.starts_with("fuse.");
            let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
            known.or_else(|| is_fuse.then_some("FUSE"))
        });
        // A FUSE daemon on a block device of this machine (NTFS, exFAT): nobody else can reach it.
        let is_local = self.name.as_deref() == Some("fuseblk");
        let by_magic = MAGIC.iter().find(|(magic, _)| Some(*magic) == self.magic).map(|(_, kind)| *kind);
        by_name.or(by_magic.filter(|_| !is_local)).or(self.is_remote.then_some("network drive"))
    }
}

/// The kind of drive that `folder` is on, if a journal may not live there, as far as the system says.
pub(super) fn refused(folder: &Path) -> Option<Kind> {
    drive_of(folder).refused()
}

#[cfg(target_os = "linux")]
fn drive_of(folder: &Path) -> Drive {
    // The magic numbers have 32 bits; the field is as wide as a word, and signed on some machines.
    let magic = rustix::fs::statfs(folder).ok().and_then(|stat| {
        let kind = i128::from(stat.f_type) & i128::from(u32::MAX);
        u32::try_from(kind).ok()
    });
    let device = rustix::fs::stat(folder).ok().map(|stat| stat.st_dev);
    let name = device.and_then(|device| {
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
        name_in(&mounts, rustix::fs::major(device), rustix::fs::minor(device))
    });
    Drive { magic, name, is_remote: false }
}

/// The name of the file system on a device, from a mount table as `proc_pid_mountinfo(5)` describes it.
#[cfg(target_os = "linux")]
fn name_in(mounts: &str, major: u32, minor: u32) -> Option<String> {
    let device = format!("{major}:{minor}");
    let line = mounts.lines().find(|line| line.split(' ').nth(2) == Some(&*device))?;
    let (_, rest) = line.split_once(" - ")?;
    rest.split(' ').next().map(str::to_owned)
}

#[cfg(target_os = "macos")]
fn drive_of(folder: &Path) -> Drive {
    /// `MNT_LOCAL` of `sys/mount.h`.
    const LOCAL: u32 = 0x1000;
    let Ok(stat) = rustix::fs::statfs(folder) else { return Drive::default() };
    let bytes = stat.f_fstypename.iter().map(|c| c.to_ne_bytes()[0]).take_while(|byte| *byte != 0);
    let name: String = bytes.map(char::from).collect();
    Drive { magic: None, name: Some(name), is_remote: stat.f_flags & LOCAL == 0 }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn drive_of(_: &Path) -> Drive {
    Drive::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive(magic: u32, name: Option<&str>) -> Option<Kind> {
        Drive { magic: Some(magic), name: name.map(str::to_owned), is_remote: false }.refused()
    }

    #[test]
    fn drives_of_other_machines_are_refused_and_those_of_this_one_are_not() {
        let check = |magic, name, want| assert_eq!(drive(magic, name), want, "{magic:x} {name:?}");
        check(0x0102_1997, Some("9p"), Some("9p"));
        check(0x0102_1997, None, Some("9p"));
        check(FUSE, Some("virtiofs"), Some("virtiofs"));
        check(FUSE, Some("fuse.sshfs"), Some("FUSE"));
        check(FUSE, Some("fuse.rclone"), Some("FUSE"));
        check(FUSE, None, Some("FUSE"));
        check(FUSE, Some("fuseblk"), None);
        check(0x6969, Some("nfs4"), Some("NFS"));
        check(0xff53_4d42, Some("cifs"), Some("SMB"));
        check(0xfe53_4d42, None, Some("SMB"));
        check(0x00c3_6400, Some("ceph"), Some("Ceph"));
        check(0x786f_4256, Some("vboxsf"), Some("vboxsf"));
        check(0x6a65_6a63, Some("fakeowner"), Some("FUSE"));
        check(0x5346_4846, Some("drvfs"), Some("drvfs"));
        for (magic, name) in [
            (0xef53, "ext4"),
            (0x5846_5342, "xfs"),
            (0x9123_683e, "btrfs"),
            (0x794c_7630, "overlay"),
            (0x0102_1994, "tmpfs"),
            (0x2fc1_2fc1, "zfs"),
            (0xf2f5_2010, "f2fs"),
            (0x5346_4846, "wslfs"),
        ] {
            check(magic, Some(name), None);
            check(magic, None, None);
        }
        let mac = |name: &str, is_remote| {
            Drive { magic: None, name: Some(name.to_owned()), is_remote }.refused().is_some()
        };
        assert!(!mac("apfs", false) && mac("smbfs", true) && mac("newfs", true) && mac("macfuse", false));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_name_is_that_of_the_device_in_the_mount_table() {
        const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
31 22 0:27 / /mnt/My\\040Share rw,relatime - 9p host rw,trans=virtio
32 22 0:28 / /mnt/ssh rw,nosuid shared:9 master:2 - fuse.sshfs host:/srv rw";
        assert_eq!(name_in(MOUNTS, 254, 0).as_deref(), Some("ext4"));
        assert_eq!(name_in(MOUNTS, 0, 27).as_deref(), Some("9p"));
        assert_eq!(name_in(MOUNTS, 0, 28).as_deref(), Some("fuse.sshfs"));
        assert_eq!(name_in(MOUNTS, 0, 2), None);
    }

    #[test]
    fn a_local_folder_is_not_refused() {
        assert_eq!(refused(tempfile::tempdir().unwrap().path()), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_the_system_says_of_a_drive_is_read() {
        let drive = drive_of(Path::new("/proc"));
        assert_eq!((drive.magic, drive.name.as_deref()), (Some(0x9fa0), Some("proc")));
    }
}

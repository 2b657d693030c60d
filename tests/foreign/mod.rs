//! A drive that is not of this machine, as far as anybody can see: a FUSE file system with one empty folder, answered by a
//! thread of the test. Mounting takes rights that not every machine gives; where it is refused there is no drive.

use std::{
    ffi::CString,
    fs::File,
    io::{Read, Write},
    os::fd::AsRawFd,
    path::{Path, PathBuf},
};

use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};

pub(crate) struct Drive(PathBuf);

impl Drive {
    /// Mounts it over `folder`; none where that is not permitted.
    pub(crate) fn over(folder: &Path) -> Option<Self> {
        let device = File::options().read(true).write(true).open("/dev/fuse").ok()?;
        let options = format!("fd={},rootmode=40000,user_id=0,group_id=0", device.as_raw_fd());
        let options = CString::new(options).unwrap();
        mount("test", folder, "fuse", MountFlags::empty(), Some(&*options)).ok()?;
        std::thread::spawn(move || serve(device));
        Some(Self(folder.to_owned()))
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        let _gone = unmount(&*self.0, UnmountFlags::DETACH);
    }
}

/// Answers until it is unmounted. The numbers are those of `linux/fuse.h`.
fn serve(mut device: File) {
    let mut request = vec![0; 70_000];
    while let Ok(length) = device.read(&mut request) {
        let number = |at: usize| u32::from_ne_bytes(request[at..at + 4].try_into().unwrap());
        let unique = &request[8..16];
        let folder = || {
            let mut attributes = vec![0_u8; 88];
            attributes[0] = 1;
            attributes[60..64].copy_from_slice(&0o040_777_u32.to_ne_bytes());
            attributes[64] = 2;
            attributes
        };
        let (error, body) = match number(4) {
            26 if length >= 48 => {
                let words = [7, 31, 0, 0, 0, 4_096, 1].map(u32::to_ne_bytes).concat();
                (0, [words, vec![0; 36]].concat())
            }
            3 => (0, [vec![0; 16], folder()].concat()),
            17 => (0, vec![0; 80]),
            2 | 36 | 42 => continue,
            1 => (-2, Vec::new()),
            _ => (-38, Vec::new()),
        };
        let length = u32::try_from(16 + body.len()).unwrap().to_ne_bytes();
        let answer = [&length[..], &i32::to_ne_bytes(error), unique, &body].concat();
        if device.write_all(&answer).is_err() {
            return;
        }
    }
}

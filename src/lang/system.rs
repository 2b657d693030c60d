//! What the operating system says, in the language in use.

use super::Lang;

/// What Linux and macOS call it, and the key of its text.
const KNOWN: [(&str, &str); 9] = [
    ("No such file or directory", "system.no_such_file"),
    ("Permission denied", "system.permission"),
    ("Not a directory", "system.not_a_directory"),
    ("Is a directory", "system.is_a_directory"),
    ("File exists", "system.exists"),
    ("Read-only file system", "system.read_only"),
    ("No space left on device", "system.disk_full"),
    ("database or disk is full", "system.disk_full"),
    ("Address already in use", "system.address_in_use"),
];

/// `said` without the number of the error, and in words of ours where they are known.
pub fn cause(lang: Lang, said: &str) -> String {
    let mut said = said.to_owned();
    while let Some((before, after)) = said.split_once(" (os error ") {
        let rest = after.split_once(')').map_or("", |(_, rest)| rest);
        said = format!("{before}{rest}");
    }
    for (words, key) in KNOWN {
        said = said.replace(words, lang.text(key));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_error_is_left_out_and_known_words_are_translated() {
        let check = |said: &str, en: &str, zh: &str| {
            assert_eq!((&*cause(Lang::En, said), &*cause(Lang::ZhCn, said)), (en, zh));
        };
        check("Permission denied (os error 13)", "permission denied", "没有权限");
        check(
            "127.0.0.1:7071: Address already in use (os error 98)",
            "127.0.0.1:7071: address already in use",
            "127.0.0.1:7071: 地址已被占用",
        );
        check("Too many open files (os error 24)", "Too many open files", "Too many open files");
        check("cut (os error 5", "cut", "cut");
    }
}

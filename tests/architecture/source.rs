//! Reads Rust files as far as is needed to know which file takes a name from which other one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The files of a tree by their module path (`["desk", "book"]`), each without comments, texts and tests.
pub(super) struct Sources(BTreeMap<Vec<String>, File>);

struct File {
    path: String,
    code: String,
    uses: Vec<Use>,
}

/// One name of a `use`, as a path from the root of the crate.
struct Use {
    path: Vec<String>,
    /// The name that it has here; none for a glob.
    name: Option<String>,
    is_public: bool,
}

impl Sources {
    /// Reads the folder `src`.
    pub(super) fn read(src: &Path) -> Self {
        let mut files = Vec::new();
        collect(src, src, &mut files);
        Self::of(files)
    }

    /// The files as path below `src` and text.
    pub(super) fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let file = |(path, text): (String, String)| {
            let module = module_of(&path);
            let (code, uses) = take_uses(&without_tests(&plain(&text)), &module);
            (module, File { path, code, uses })
        };
        Self(files.into_iter().map(file).collect())
    }

    /// Each file with the files that it takes a name from. What a file only hands on (`pub use`) it does not need
    /// itself: who takes it from there takes it from where it is defined.
    pub(super) fn arrows(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut arrows = BTreeMap::new();
        for (module, file) in &self.0 {
            let used = file.uses.iter().filter(|used| !used.is_public).map(|used| used.path.clone());
            let named = self.paths_in(module, &file.code);
            let to = used.chain(named).filter_map(|path| self.home_of(&path, 0));
            let to: BTreeSet<&str> = to.filter(|to| *to != file.path).collect();
            arrows.insert(file.path.as_str(), to);
        }
        arrows
    }

    /// Every identifier of the code, in its parts (`on_query_answer` and `OnQueryAnswer` are three words), with the file.
    pub(super) fn words(&self) -> BTreeSet<(String, &str)> {
        let mut words = BTreeSet::new();
        for file in self.0.values() {
            let used = file.uses.iter().flat_map(|used| &used.path).map(String::as_str);
            for identifier in file.code.split(|c| !is_word(c)).chain(used) {
                words.extend(parts(identifier).map(|word| (word, file.path.as_str())));
            }
        }
        words
    }

    /// The file in which what `path` names is defined.
    fn home_of(&self, path: &[String], depth: usize) -> Option<&str> {
        let known = (0..=path.len()).rev().find(|end| self.0.contains_key(&path[..*end]))?;
        let file = &self.0[&path[..known]];
        let rest = &path[known..];
        if let (Some(name), true) = (rest.first(), depth < 8) {
            let handed_on = file.uses.iter().find(|used| used.is_public && used.name.as_ref() == Some(name));
            if let Some(used) = handed_on {
                let target: Vec<String> = used.path.iter().chain(&rest[1..]).cloned().collect();
                return self.home_of(&target, depth + 1).or(Some(&file.path));
            }
        }
        // The root holds nothing but the list of rooms.
        (known > 0).then_some(file.path.as_str())
    }

    /// Paths that stand in the code itself: from the root, from above, and from the modules that it declares.
    fn paths_in(&self, module: &[String], code: &str) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        let mut before = ' ';
        // `pub(in crate::room)` says who may see something, and takes nothing.
        let mut is_visibility = false;
        let mut rest = code;
        while let Some(c) = rest.chars().next() {
            let word: String = rest.chars().take_while(|c| is_word(*c)).collect();
            if word.is_empty() {
                before = c;
                rest = &rest[c.len_utf8()..];
                continue;
            }
            let mut path = vec![word.clone()];
            rest = &rest[word.len()..];
            while let Some(tail) = rest.strip_prefix("::") {
                let next: String = tail.chars().take_while(|c| is_word(*c)).collect();
                if next.is_empty() {
                    break;
                }
                rest = &tail[next.len()..];
                path.push(next);
            }
            let child: Vec<String> = module.iter().cloned().chain([word.clone()]).collect();
            let starts = matches!(word.as_str(), "crate" | "super" | "self") || self.0.contains_key(&child);
            if path.len() > 1 && before != ':' && starts && !is_visibility {
                paths.extend(from_root(module, &path));
            }
            before = 'x';
            is_visibility = path == ["in"];
        }
        paths
    }
}

/// Groups of files of which each needs, over others, every other.
pub(super) fn circles<'a>(arrows: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<Vec<&'a str>> {
    let reach = |from: &'a str| {
        let mut seen = BTreeSet::new();
        let mut due = vec![from];
        while let Some(at) = due.pop() {
            let next = arrows.get(at).into_iter().flatten().copied();
            due.extend(next.filter(|to| seen.insert(*to)));
        }
        seen
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = arrows.keys().map(|file| (*file, reach(file))).collect();
    let mut circles = BTreeSet::new();
    for (file, beyond) in &reached {
        if beyond.contains(file) {
            let back = |other: &&&str| reached.get(**other).is_some_and(|beyond| beyond.contains(file));
            circles.insert(beyond.iter().filter(back).copied().collect::<Vec<_>>());
        }
    }
    circles.into_iter().collect()
}

/// The words of an identifier, in small letters.
fn parts(identifier: &str) -> impl Iterator<Item = String> {
    let mut parts = vec![String::new()];
    let mut was_small = false;
    for c in identifier.chars() {
        if c == '_' || c.is_uppercase() && was_small {
            parts.push(String::new());
        }
        was_small = c.is_lowercase();
        if let Some(part) = parts.last_mut().filter(|_| c != '_') {
            part.extend(c.to_lowercase());
        }
    }
    parts.into_iter().filter(|part| !part.is_empty())
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn module_of(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib")) {
        parts.pop();
    }
    parts
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text without comments, and with nothing between quotes.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hashes = rest.strip_prefix('r').map(|tail| tail.len() - tail.trim_start_matches('#').len());
        let raw = hashes.filter(|hashes| rest[1 + hashes..].starts_with('"') && !out.ends_with(is_word));
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(hashes) = raw {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = 2 + hashes;
            rest[body..].find(&close).map_or(rest.len(), |end| body + end + close.len())
        } else if c == '"' {
            end_of_quote(rest)
        } else if c == '\'' && is_char(rest) {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2).max(if rest[1..].starts_with('\\') {
                4
            } else {
                3
            })
        } else {
            0
        };
        if skipped == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.push(' ');
            rest = &rest[skipped..];
        }
    }
    out
}

fn end_of_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// A character in quotes, not a lifetime.
fn is_char(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('\\') => true,
        Some(_) => chars.next() == Some('\''),
        None => false,
    }
}

/// Tests inside a file may reach for anything that helps them.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        rest = &rest[at + MARK.len()..];
        let mut depth = 0;
        let end = rest.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0 && matches!(c, ';' | '}')
        });
        rest = end.map_or("", |(at, _)| &rest[at + 1..]);
    }
    out + rest
}

/// Takes the `use` lines out of the code.
fn take_uses(code: &str, module: &[String]) -> (String, Vec<Use>) {
    let (mut out, mut uses) = (String::new(), Vec::new());
    let mut rest = code;
    while let Some(at) = rest.find("use ") {
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end);
        let is_statement = rest[..at].chars().next_back().is_none_or(char::is_whitespace);
        if !is_statement {
            out.push_str(&rest[..at + 4]);
            rest = &rest[at + 4..];
            continue;
        }
        out.push_str(&rest[..at]);
        let head = rest[..at].trim_end();
        let is_public = head.ends_with("pub") || head.ends_with(')') && head.contains("pub(");
        let mut names = Vec::new();
        spread(&rest[at + 4..end], &[], &mut names);
        for (path, name) in names {
            uses.extend(from_root(module, &path).map(|path| Use { path, name, is_public }));
        }
        rest = &rest[end..];
    }
    (out + rest, uses)
}

/// The single paths of a `use` with groups.
fn spread(tree: &str, above: &[String], found: &mut Vec<(Vec<String>, Option<String>)>) {
    let tree = tree.trim();
    if let Some(open) = tree.find('{') {
        let stem = tree[..open].trim().trim_end_matches("::");
        let above: Vec<String> = above.iter().cloned().chain(words(stem)).collect();
        let inner = tree[open + 1..].trim_end().trim_end_matches('}');
        let (mut depth, mut start) = (0, 0);
        for (at, c) in inner.char_indices() {
            depth += i32::from(c == '{') - i32::from(c == '}');
            if c == ',' && depth == 0 {
                spread(&inner[start..at], &above, found);
                start = at + 1;
            }
        }
        // The closing brackets of inner groups were trimmed with the outer one.
        let last = &inner[start..];
        let missing = last.matches('{').count() - last.matches('}').count().min(last.matches('{').count());
        spread(&(last.to_owned() + &"}".repeat(missing)), &above, found);
    } else if !tree.is_empty() {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let mut full: Vec<String> = above.iter().cloned().chain(words(path)).collect();
        let is_self = full.len() > 1 && full.last().is_some_and(|last| last == "self");
        if is_self || full.last().is_some_and(|last| last == "*") {
            full.pop();
        }
        let name = if path.ends_with('*') {
            None
        } else {
            alias.map(str::trim).map(str::to_owned).or(full.last().cloned())
        };
        found.push((full, name));
    }
}

fn words(path: &str) -> impl Iterator<Item = String> {
    path.split("::").map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// A path as it is seen from the root; none if it leads out of the crate. A path without a beginning of its own is one
/// from here.
fn from_root(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut at = module.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            at.clear();
            rest = &path[1..];
        }
        "self" => rest = &path[1..],
        _ => {
            while rest.first().is_some_and(|word| word == "super") {
                at.pop()?;
                rest = &rest[1..];
            }
        }
    }
    at.extend(rest.iter().cloned());
    Some(at)
}

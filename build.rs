//! Reads texts and codes while the program is built: whoever starts it waits for none of that, and a file that cannot be read
//! ends the build.

#[path = "src/lang/bucket.rs"]
mod bucket;

use std::{collections::BTreeMap, env, error::Error, fmt::Write, fs, path::Path};

use bucket::{BUCKETS, bucket_of};

const TEXTS: &str = "assets/lang";
const CODES: &str = "assets/codes.toml";

/// `[section]` tables with `key = { en = "…", zh = "…" }`.
type Sections = BTreeMap<String, BTreeMap<String, Text>>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    en: String,
    zh: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TEXTS}");
    println!("cargo::rerun-if-changed={CODES}");
    println!("cargo::rerun-if-changed=src/lang/bucket.rs");
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("texts.rs"), texts(Path::new(TEXTS))?)?;
    let codes: toml::Table = fs::read_to_string(CODES)?.parse()?;
    fs::write(out.join("codes.json"), serde_json::to_string(&codes)?)?;
    Ok(())
}

/// The texts of all files as two tables of Rust: themselves, by the bucket of their key, and where each bucket begins.
fn texts(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut buckets: Vec<BTreeMap<String, Text>> = Vec::new();
    buckets.resize_with(BUCKETS, BTreeMap::new);
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let sections: Sections = toml::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        for (section, texts) in sections {
            for (key, text) in texts {
                let key = format!("{section}.{key}");
                if buckets[bucket_of(&key)].insert(key.clone(), text).is_some() {
                    return Err(format!("{}: {key} is there twice", path.display()).into());
                }
            }
        }
    }
    let (mut begins, mut count) = (vec![0], 0);
    for bucket in &buckets {
        count += bucket.len();
        begins.push(count);
    }
    let mut code = format!("static TEXTS: [(&str, [&str; 2]); {count}] = [\n");
    for (key, Text { en, zh }) in buckets.into_iter().flatten() {
        writeln!(code, "({key:?}, [{en:?}, {zh:?}]),")?;
    }
    writeln!(code, "];\nstatic BEGINS: [u16; BUCKETS + 1] = {begins:?};")?;
    Ok(code)
}

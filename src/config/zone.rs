//! The zone in which times are shown, from the one file that holds it: the library would look through all zones of the machine
//! before it gives one, and whoever starts the console would wait for that.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
};

use jiff::tz::TimeZone;
use toml::Value;

use super::readable::Readable;

/// The machine's zone: a link to its file among all zones.
const OF_MACHINE: &str = "/etc/localtime";

/// Where those lie, on most machines.
const ALL_ZONES: &str = "/usr/share/zoneinfo";

/// The zone in which times are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    /// The machine's.
    System,
    /// An IANA zone by its name.
    Named(TimeZone),
}

impl Zone {
    /// The zone itself.
    pub fn time_zone(&self) -> TimeZone {
        match self {
            Self::System => of_machine().unwrap_or_else(TimeZone::system),
            Self::Named(zone) => zone.clone(),
        }
    }
}

impl Readable for Zone {
    fn expected() -> String {
        r#""system" or a zone of the IANA database such as "Asia/Shanghai""#.into()
    }
    fn read(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "system" => Some(Self::System),
            name => named(name).or_else(|| TimeZone::get(name).ok()).map(Self::Named),
        }
    }
}

/// Nothing if it is said in another way than usual: then the library finds it.
fn of_machine() -> Option<TimeZone> {
    if env::var_os("TZ").is_some() {
        return None;
    }
    let link = fs::read_link(OF_MACHINE).ok()?;
    let (_, name) = link.to_str()?.rsplit_once("zoneinfo/")?;
    TimeZone::tzif(name, &fs::read(OF_MACHINE).ok()?).ok()
}

/// Nothing if its file is elsewhere, or `name` is written in another way than that: then the library finds it.
fn named(name: &str) -> Option<TimeZone> {
    let folder = env::var_os("TZDIR").map_or_else(|| ALL_ZONES.into(), PathBuf::from);
    let is_name = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    is_name.then(|| fs::read(folder.join(name)).ok())?.and_then(|zone| TimeZone::tzif(name, &zone).ok())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_zone_is_what_the_library_says_of_its_name() {
        let at: Timestamp = "2026-07-03T06:22:10Z".parse().unwrap();
        for name in ["Asia/Shanghai", "Europe/Berlin", "UTC", "asia/shanghai"] {
            let Some(Zone::Named(zone)) = Zone::read(&Value::String(name.to_owned())) else {
                panic!("{name}");
            };
            let known = TimeZone::get(name).unwrap();
            assert_eq!(zone.iana_name().map(str::to_lowercase), known.iana_name().map(str::to_lowercase));
            assert_eq!(zone.to_offset(at), known.to_offset(at), "{name}");
        }
        for name in ["", "Mars/Olympus", "../zoneinfo/UTC", "/usr/share/zoneinfo/UTC", "Asia", "tzdata.zi"] {
            assert_eq!(Zone::read(&Value::String(name.to_owned())), None, "{name}");
        }
    }

    #[test]
    fn the_machines_zone_is_the_one_that_the_library_finds() {
        let at: Timestamp = "2026-07-03T06:22:10Z".parse().unwrap();
        let (zone, known) = (Zone::System.time_zone(), TimeZone::system());
        assert_eq!((zone.iana_name(), zone.to_offset(at)), (known.iana_name(), known.to_offset(at)));
    }
}

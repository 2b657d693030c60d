//! The table of docs/keys.md, from the table of actions.

use super::{Keymap, labels};
use crate::{
    console::action::{ACTIONS, Binding, Context},
    lang::Lang,
};

/// More screens than this are all of them.
const EVERYWHERE: usize = 10;

/// The table, a line for each action: where it is, its key, its word in the configuration, and its names.
pub fn guide() -> String {
    let keymap = Keymap::default();
    let mut lines =
        vec!["| Where | Keys | `[keys]` | Action | 操作 |".to_owned(), "|---|---|---|---|---|".to_owned()];
    for row in ACTIONS {
        let mut places: Vec<(String, Vec<&str>)> = Vec::new();
        for context in Context::ALL {
            let keys = keymap.reached_by(row, context).map(labels).unwrap_or_default();
            let name = context.name();
            match places.iter_mut().find(|(known, _)| *known == keys) {
                _ if keys.is_empty() => {}
                Some((_, names)) if names.contains(&name) => {}
                Some((_, names)) => names.push(name),
                None => places.push((keys, vec![name])),
            }
        }
        for (keys, places) in places {
            let named = |lang: Lang, between: &str, everywhere: &str| {
                let names: Vec<&str> = places.iter().map(|name| lang.text(name)).collect();
                if names.len() > EVERYWHERE { everywhere.to_owned() } else { names.join(between) }
            };
            let (place, place_zh) =
                (named(Lang::En, ", ", "everywhere"), named(Lang::ZhCn, "、", "所有界面"));
            let quoted = keys.split(' ').map(|key| format!("`{}`", key.replace('|', "\\|")));
            let id = match row.action.binding() {
                Binding::Free => format!("`{}`", row.id),
                Binding::Needed => format!("`{}` *", row.id),
                Binding::Fixed => "fixed".to_owned(),
            };
            let quoted = quoted.collect::<Vec<_>>().join(" ");
            let [en, zh] = [Lang::En, Lang::ZhCn].map(|lang| row.action.title(lang));
            lines.push(format!("| {place} | {quoted} | {id} | {en} | {zh} | {place_zh} |"));
        }
    }
    lines.join("\n") + "\n"
}

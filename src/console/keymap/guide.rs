//! The table of docs/keys.md, from the table of actions.

use super::Keymap;
use crate::{
    console::action::{ACTIONS, Binding, Context},
    lang::Lang,
};

/// The table, a line for each action: where it is, its key, its word in the configuration, and its names.
pub fn guide() -> String {
    let keymap = Keymap::default();
    let mut lines =
        vec!["| Where | Keys | `[keys]` | Action | 操作 |".to_owned(), "|---|---|---|---|---|".to_owned()];
    for row in ACTIONS {
        let mut places: Vec<(String, Vec<&str>)> = Vec::new();
        for context in Context::ALL {
            let keys = keymap.labels(context, row);
            if keys.is_empty() {
                continue;
            }
            let place = Lang::En.text(context.name());
            match places.iter_mut().find(|(known, _)| *known == keys) {
                Some((_, places)) if places.contains(&place) => {}
                Some((_, places)) => places.push(place),
                None => places.push((keys, vec![place])),
            }
        }
        for (keys, places) in places {
            let places = if places.len() > 10 { "everywhere".to_owned() } else { places.join(", ") };
            let quoted = keys.split(' ').map(|key| format!("`{}`", key.replace('|', "\\|")));
            let id = match row.action.binding() {
                Binding::Free => format!("`{}`", row.id),
                Binding::Needed => format!("`{}` *", row.id),
                Binding::Fixed => "fixed".to_owned(),
            };
            let quoted = quoted.collect::<Vec<_>>().join(" ");
            let [en, zh] = [Lang::En, Lang::ZhCn].map(|lang| row.action.title(lang));
            lines.push(format!("| {places} | {quoted} | {id} | {en} | {zh} |"));
        }
    }
    lines.join("\n") + "\n"
}

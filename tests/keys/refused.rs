//! An action that is not possible stays where it is, and says why and what would make it so.

use paydesk::{
    console::action::{ACTIONS, Context, Selection, Standing},
    lang::Lang,
};

use crate::{actions::places, rig::Rig};

fn remark(rig: &Rig) -> String {
    rig.console.ui.remark.as_ref().map(|remark| remark.text.clone()).unwrap_or_default()
}

/// Desks on which something is not possible: nothing is there, nothing may be written, nothing is known for sure.
fn hindered(context: Context) -> Vec<Rig> {
    let read_only = |mut rig: Rig| {
        rig.console.model.setup.read_only = true;
        rig
    };
    let stale = |mut rig: Rig| {
        rig.console.model.health.last_success = None;
        rig.console.model.started_at = "2026-11-03T05:00:00Z".parse().unwrap();
        rig
    };
    let mut rigs = places(context);
    rigs.extend(places(context).into_iter().map(read_only));
    rigs.extend(places(context).into_iter().map(stale));
    if context == Context::Table {
        rigs.push(Rig::new((80, 24)));
    }
    rigs
}

#[test]
fn every_action_that_is_not_possible_says_why_in_every_context_and_does_nothing() {
    let mut refused = std::collections::BTreeSet::new();
    for context in Context::ALL {
        for row in ACTIONS {
            let Some(chord) = row.chords(context).first() else { continue };
            for mut rig in hindered(context) {
                let picture = rig.console.picture();
                let Err(why) = row.action.possible(picture.standing()) else { continue };
                let said = picture.why(why);
                rig.console.ui.remark = None;
                rig.effects.clear();
                let key = crossterm::event::KeyEvent::new(chord.0, chord.1);
                rig.strike(key, std::time::Duration::from_secs(1));
                assert_eq!(remark(&rig), said, "{} in {context:?}", row.id);
                assert_eq!(rig.console.ui.layers.context(), context, "{} in {context:?}", row.id);
                assert!(rig.effects.is_empty(), "{} in {context:?}: {:?}", row.id, rig.effects);
                refused.insert(why);
            }
        }
    }
    assert!(refused.len() >= 8, "too few of the reasons were met: {refused:?}");
}

#[test]
fn every_reason_names_a_remedy_in_one_line_of_a_wide_screen() {
    let all = |bits: u16| Standing {
        is_read_only: bits & 1 > 0,
        is_stale: bits & 2 > 0,
        has_baggage: bits & 4 > 0,
        wants_commit: bits & 8 > 0,
        has_link: bits & 16 > 0,
        has_decision: bits & 32 > 0,
        has_narration: bits & 64 > 0,
        is_bulk: bits & 256 > 0,
        selection: if bits & 128 > 0 { Selection::Drawn } else { Selection::Nothing },
    };
    let rig = places(Context::Table).remove(0);
    for why in ACTIONS.iter().flat_map(|row| (0..512).filter_map(|bits| row.action.possible(all(bits)).err()))
    {
        for lang in [Lang::En, Lang::ZhCn] {
            let text = lang.fill(why, &[("log", &"@"), ("new_link", &"n")]);
            // What is the matter, and after a stop or a colon what to do.
            let parts =
                text.trim_end_matches(['.', '。']).split([':', '：', '.', '。', '，', ';', '；']).count();
            assert!(parts >= 2, "{why} names no remedy: {text}");
            assert!(unicode_width::UnicodeWidthStr::width(&*text) <= 118, "{text}");
        }
    }
    assert!(!rig.console.picture().why("message.stale").contains('{'));
}

#[test]
fn what_is_not_possible_stays_in_the_footer_and_the_help_in_another_ink() {
    let mut rig = Rig::new((80, 24));
    let ink = |rig: &Rig, text: &str| {
        let (columns, rows) = rig.console.ui.size;
        let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, columns, rows));
        rig.console.draw(&mut buffer);
        let y = rows - 1;
        let line: String = (0..columns).map(|x| buffer[(x, y)].symbol().to_owned()).collect();
        let x = line.find(text).unwrap_or_else(|| unreachable!("{text} is not in {line}"));
        buffer[(u16::try_from(x).unwrap(), y)].style()
    };
    assert_eq!(ink(&rig, "$ pay").fg, ink(&rig, "pay").fg, "muted as a whole");
    assert_ne!(ink(&rig, "$ pay").fg, ink(&rig, "? keys").fg);
    rig.press("?");
    assert!(rig.screen().contains("open the pay form"));
}

//! What holds of every theme that the program brings along: it can be read, by every eye, in every depth.

use std::{collections::BTreeSet, fs};

use ratatui::style::{Color, Style};

use super::{Depth, Rgb, Role, Theme, colour::rgb_of};
use crate::config::BuiltIn;

/// The roles that are read, on the ground and on every tint.
const INKS: [Role; 9] = [
    Role::Text,
    Role::Muted,
    Role::Accent,
    Role::Strong,
    Role::Urgent,
    Role::Soon,
    Role::Going,
    Role::Good,
    Role::Doubt,
];

/// The inks of states.
const STATES: [Role; 5] = [Role::Urgent, Role::Doubt, Role::Good, Role::Going, Role::Soon];

/// The roles that bring a ground of their own.
const BLOCKS: [Role; 4] = [Role::Call, Role::Field, Role::Live, Role::Stage];

/// What a colour of a painted theme looks like. Those of the palette look like anything.
fn seen(colour: Option<Color>) -> Result<Rgb, String> {
    match colour {
        Some(Color::Rgb(red, green, blue)) => Ok(Rgb(red, green, blue)),
        Some(Color::Indexed(index @ 16..)) => Ok(rgb_of(index)),
        other => Err(format!("nobody knows what {other:?} looks like")),
    }
}

/// How far two colours are apart, from 1 to 21 (WCAG 2).
fn contrast(a: Rgb, b: Rgb) -> f32 {
    let (a, b) = (a.luminance() + 0.05, b.luminance() + 0.05);
    a.max(b) / a.min(b)
}

/// How light a colour looks, from 0 to 100 (L* of CIE).
fn lightness(colour: Rgb) -> f32 {
    let light = colour.luminance();
    if light > 216.0 / 24389.0 { 116.0 * light.cbrt() - 16.0 } else { light * 24389.0 / 27.0 }
}

/// All that cannot be read in a theme, if text needs a contrast of `least`.
fn unreadable(theme: &Theme, least: f32) -> Result<Vec<String>, String> {
    let ground = seen(theme.ground().bg)?;
    let mut wrong = Vec::new();
    for tint in [None, Some(Role::Bar), Some(Role::Selection)] {
        let under = match tint {
            Some(role) => seen(theme.style(role).bg)?,
            None => ground,
        };
        if tint.is_some() && under == ground {
            wrong.push(format!("{tint:?} is not seen"));
        }
        for (role, least) in INKS.map(|role| (role, least)).into_iter().chain([(Role::Faint, 1.5)]) {
            let Style { fg, bg, .. } = theme.style(role);
            let found = contrast(seen(fg)?, under);
            if bg.is_some() || found < least {
                wrong.push(format!("{role:?} on {tint:?}: {found:.2}"));
            }
        }
    }
    for role in BLOCKS {
        let found = contrast(seen(theme.style(role).fg)?, seen(theme.style(role).bg)?);
        if found < least {
            wrong.push(format!("{role:?}: {found:.2}"));
        }
    }
    Ok(wrong)
}

fn painted() -> impl Iterator<Item = (BuiltIn, Depth, Theme)> {
    let themes = [BuiltIn::Dark, BuiltIn::Light, BuiltIn::HighContrast, BuiltIn::ColourBlind];
    themes.into_iter().flat_map(|theme| {
        [Depth::True, Depth::Indexed].map(|depth| (theme, depth, Theme::built_in(theme).brought_down(depth)))
    })
}

#[test]
fn every_file_is_a_built_in_theme_in_which_every_role_has_its_line() {
    let mut files = BTreeSet::new();
    for file in fs::read_dir("assets/themes").unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(BuiltIn::named(&name).is_some(), "{name} is not among the built-in themes");
        let text = fs::read_to_string(&path).unwrap();
        for (_, role) in Role::ALL {
            assert!(text.contains(&format!("\n{role} = ")), "{name} says nothing of {role}");
        }
        files.insert(name);
    }
    assert_eq!(files.len(), BuiltIn::ALL.len(), "{files:?}");
}

#[test]
fn every_ink_is_read_on_every_ground() {
    for (name, depth, theme) in painted() {
        let least = if name == BuiltIn::HighContrast { 7.0 } else { 4.5 };
        assert_eq!(unreadable(&theme, least), Ok(Vec::new()), "{} in {depth:?}", name.word());
    }
}

#[test]
fn a_theme_that_cannot_be_read_is_found_out() {
    let mut theme = Theme::built_in(BuiltIn::Dark);
    theme.styles[Role::Muted as usize] = Style::new().fg(Color::Rgb(0x6b, 0x75, 0x80));
    theme.styles[Role::Faint as usize] = Style::new().fg(Color::Rgb(0x1c, 0x22, 0x28));
    theme.styles[Role::Bar as usize] = Style::new().bg(Color::Rgb(0x0f, 0x14, 0x19));
    theme.styles[Role::Live as usize] = Style::new().fg(Color::Rgb(255, 255, 255)).bg(Color::Rgb(255, 0, 0));
    let wrong = unreadable(&theme, 4.5).unwrap();
    assert_eq!(
        wrong,
        [
            "Muted on None: 3.95",
            "Faint on None: 1.15",
            "Some(Bar) is not seen",
            "Muted on Some(Bar): 3.95",
            "Faint on Some(Bar): 1.15",
            "Muted on Some(Selection): 2.74",
            "Faint on Some(Selection): 1.25",
            "Live: 4.00",
        ]
    );
    theme.styles[Role::Soon as usize] = Style::new().fg(Color::Yellow);
    assert!(unreadable(&theme, 4.5).is_err());
}

#[test]
fn states_differ_in_lightness_for_eyes_that_do_not_tell_their_colours() {
    for (name, depth, theme) in painted().filter(|(name, ..)| *name == BuiltIn::ColourBlind) {
        let light = STATES.map(|role| lightness(seen(theme.style(role).fg).unwrap()));
        // The cube of 256 has no finer steps.
        let least = if depth == Depth::True { 8.0 } else { 6.5 };
        for pair in light.windows(2) {
            assert!(pair[1] - pair[0] >= least, "{} in {depth:?}: {STATES:?} are {light:?}", name.word());
        }
    }
}

#[test]
fn what_is_not_painted_leaves_the_terminal_its_ground() {
    for theme in [BuiltIn::Terminal, BuiltIn::Mono] {
        assert_eq!(Theme::built_in(theme).ground(), Style::new(), "{}", theme.word());
    }
    for (name, _, theme) in painted() {
        assert!(theme.ground().bg.is_some(), "{}", name.word());
    }
}

//! Colours, and how they are brought down to what a terminal can show.

use ratatui::style::Color;

/// A colour by its parts of red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let number = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(digits)?;
        let [_, red, green, blue] = u32::from_str_radix(number, 16).ok()?.to_be_bytes();
        Some(Self(red, green, blue))
    }

    /// Its parts as light, from 0 to 1.
    fn light(self) -> [f32; 3] {
        [self.0, self.1, self.2].map(|part| {
            let part = f32::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// How light it is to the eye, from 0 to 1 (the relative luminance of WCAG).
    pub fn luminance(self) -> f32 {
        let [red, green, blue] = self.light();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// True for a background on which white is read better than black.
    pub fn is_dark(self) -> bool {
        // There both have the same contrast: 1.05 / (l + 0.05) = (l + 0.05) / 0.05.
        self.luminance() < 0.179
    }

    /// Where it stands in Oklab, in which equal distances look equally far.
    fn oklab(self) -> [f32; 3] {
        let [red, green, blue] = self.light();
        let long = (0.412_221_47 * red + 0.536_332_54 * green + 0.051_445_993 * blue).cbrt();
        let medium = (0.211_903_5 * red + 0.680_699_5 * green + 0.107_396_96 * blue).cbrt();
        let short = (0.088_302_46 * red + 0.281_718_84 * green + 0.629_978_7 * blue).cbrt();
        [
            0.210_454_26 * long + 0.793_617_8 * medium - 0.004_072_047 * short,
            1.977_998_5 * long - 2.428_592_2 * medium + 0.450_593_7 * short,
            0.025_904_037 * long + 0.782_771_77 * medium - 0.808_675_77 * short,
        ]
    }
}

/// The colours of a terminal that no palette changes: a cube of six steps, and greys.
pub(super) struct Cube([(u8, [f32; 3]); 240]);

impl Cube {
    /// All of them.
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|place| {
            let index = 16 + u8::try_from(place).unwrap_or_default();
            (index, rgb_of(index).oklab())
        }))
    }

    /// The one that looks most like `colour`.
    pub(super) fn nearest(&self, colour: Rgb) -> u8 {
        let wanted = colour.oklab();
        let distance = |to: &[f32; 3]| -> f32 { wanted.iter().zip(to).map(|(a, b)| (a - b).powi(2)).sum() };
        let nearest = self.0.iter().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
        nearest.map_or(15, |(index, _)| *index)
    }
}

/// What the colour of that number looks like; the first sixteen, which a palette may change, count as black.
pub(super) fn rgb_of(index: u8) -> Rgb {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |of: u8| STEPS[usize::from(of % 6)];
    match index {
        0..16 => Rgb(0, 0, 0),
        16..232 => Rgb(step((index - 16) / 36), step((index - 16) / 6), step(index - 16)),
        232.. => {
            let grey = 8 + 10 * (index - 232);
            Rgb(grey, grey, grey)
        }
    }
}

/// The sixteen by their names, of which the bright ones are the second half; `default` is what the terminal has anyway.
const NAMES: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// The names of colours.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().map(|(name, _)| name)
}

/// Reads `#rrggbb` or a name.
pub(super) fn parse(word: &str) -> Option<Color> {
    let named = || NAMES.into_iter().find(|(name, _)| *name == word).map(|(_, colour)| colour);
    Rgb::parse(word).map(|Rgb(red, green, blue)| Color::Rgb(red, green, blue)).or_else(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits_or_a_name() {
        let check = |word: &str, want: Option<Color>| assert_eq!(parse(word), want, "{word}");
        check("#0f1419", Some(Color::Rgb(15, 20, 25)));
        check("#FF7b72", Some(Color::Rgb(255, 123, 114)));
        check("bright-blue", Some(Color::LightBlue));
        check("default", Some(Color::Reset));
        for wrong in ["", "#", "#fff", "#+f1419", "#0f141g", "0f1419", "#0f14191", "#é1419", "Red", "teal"] {
            check(wrong, None);
        }
    }

    #[test]
    fn the_nearest_of_the_cube_is_the_one_that_looks_most_alike() {
        let cube = Cube::new();
        for index in 16..=255 {
            let same = cube.nearest(rgb_of(index));
            assert_eq!(rgb_of(same), rgb_of(index), "{index}");
        }
        let check = |colour: &str, want: u8| {
            let rgb = Rgb::parse(colour).unwrap();
            assert_eq!(cube.nearest(rgb), want, "{colour}: {:?}", rgb_of(cube.nearest(rgb)));
        };
        check("#000001", 16);
        check("#fefefe", 231);
        check("#0f1419", 233);
        check("#56c8d0", 80);
        check("#ff7b72", 210);
        check("#6cb0ff", 75);
    }

    #[test]
    fn a_background_is_dark_when_white_is_read_better_on_it() {
        let is_dark = |colour: &str| Rgb::parse(colour).unwrap().is_dark();
        for dark in ["#000000", "#0f1419", "#002b36", "#282a36", "#2e3440", "#0000ff", "#757575"] {
            assert!(is_dark(dark), "{dark}");
        }
        for light in ["#ffffff", "#fdf6e3", "#eee8d5", "#d0d0d0", "#00ff00", "#777777"] {
            assert!(!is_dark(light), "{light}");
        }
    }
}

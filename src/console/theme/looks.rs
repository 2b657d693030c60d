//! Which theme and which signs, by what is wanted and by what the program runs in.

use super::{Depth, Rgb, Signs, Theme, file};
use crate::config::{self, BuiltIn, ConfigError};

/// What stands in a variable of that name.
type Said = (&'static str, String);

/// What the program runs in, as far as looks go by it.
pub struct Surroundings {
    term: String,
    colorterm: String,
    sty: String,
    colorfgbg: String,
    locale: Option<Said>,
}

/// What the terminal paints where nothing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// White is read on it.
    Dark,
    /// Black is.
    Light,
}

impl Surroundings {
    /// As the environment's variables tell them.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let said = |name: &'static str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"];
        let locale = locale.into_iter().find_map(|name| Some((name, said(name)?)));
        let [term, colorterm, sty, colorfgbg] =
            ["TERM", "COLORTERM", "STY", "COLORFGBG"].map(|name| said(name).unwrap_or_default());
        Self { term, colorterm, sty, colorfgbg, locale }
    }

    /// How many colours the terminal has, and the variable that says so.
    pub fn depth(&self) -> (Depth, &'static str) {
        let depth = Depth::of(&self.term, &self.colorterm, &self.sty);
        let is_by_term = depth == Depth::of(&self.term, "", &self.sty);
        (depth, if is_by_term { "TERM" } else { "COLORTERM" })
    }

    /// What a terminal says of its background in a variable: ink and ground by their numbers of the sixteen, `15;0`.
    pub fn background(&self) -> Option<Background> {
        let (_, ground) = self.colorfgbg.rsplit_once(';')?;
        match ground.parse().ok()? {
            0..=6 | 8 => Some(Background::Dark),
            7 | 9..=15 => Some(Background::Light),
            _ => None,
        }
    }

    /// True if the locale is one of UTF-8.
    pub fn is_utf8(&self) -> bool {
        let said = self.locale.as_ref();
        said.is_some_and(|(_, locale)| locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
    }

    /// The signs that can be shown, and the variable that says so.
    pub fn signs(&self) -> (Signs, &'static str) {
        let locale = self.locale.as_ref().map_or("LANG", |(name, _)| name);
        match (&*self.term, self.is_utf8()) {
            ("linux", _) => (Signs::Ascii, "TERM"),
            (_, true) => (Signs::Unicode, locale),
            (_, false) => (Signs::Ascii, locale),
        }
    }

    /// The signs that are wanted, or those that can be shown.
    pub fn signs_wanted(&self, wanted: config::Signs) -> Signs {
        match wanted {
            config::Signs::Unicode => Signs::Unicode,
            config::Signs::Ascii => Signs::Ascii,
            config::Signs::Auto => self.signs().0,
        }
    }
}

/// The themes of which the terminal's background chooses one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByBackground {
    dark: Theme,
    light: Theme,
}

impl ByBackground {
    fn in_depth(depth: Depth) -> Self {
        let theme = |theme| Theme::built_in(theme).brought_down(depth);
        Self { dark: theme(BuiltIn::Dark), light: theme(BuiltIn::Light) }
    }

    /// The one for that background.
    pub fn on(self, background: Rgb) -> Theme {
        if background.is_dark() { self.dark } else { self.light }
    }
}

/// How the console looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looks {
    /// How roles look, to begin with.
    pub theme: Theme,
    /// What frames and marks are drawn with.
    pub signs: Signs,
    /// If the terminal is to be asked for its background: what its answer chooses from.
    pub by_background: Option<ByBackground>,
}

impl Looks {
    /// What is wanted, as far as it can be had. The error says what is wrong with a theme of the user's own.
    pub fn new(
        theme: &config::Theme,
        signs: config::Signs,
        around: &Surroundings,
    ) -> Result<Self, ConfigError> {
        let (depth, _) = around.depth();
        let may_ask = matches!((theme, depth), (config::Theme::Auto, Depth::True | Depth::Indexed));
        let by_background = may_ask.then(|| ByBackground::in_depth(depth));
        let theme = match (theme, &by_background, around.background()) {
            (config::Theme::BuiltIn(theme), ..) => Theme::built_in(*theme),
            (config::Theme::Own(own), ..) => file::read(&own.path, &own.text)?,
            (config::Theme::Auto, Some(pair), Some(Background::Dark)) => pair.dark.clone(),
            (config::Theme::Auto, Some(pair), Some(Background::Light)) => pair.light.clone(),
            (config::Theme::Auto, ..) => Theme::terminal(),
        };
        Ok(Self { theme: theme.brought_down(depth), signs: around.signs_wanted(signs), by_background })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(pairs: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
        })
    }

    fn looks(theme: &config::Theme, pairs: &[(&str, &str)]) -> Looks {
        Looks::new(theme, config::Signs::Auto, &around(pairs)).unwrap()
    }

    #[test]
    fn signs_are_ascii_where_the_locale_or_the_terminal_knows_no_others() {
        let check = |pairs: &[(&str, &str)], want| assert_eq!(around(pairs).signs(), want, "{pairs:?}");
        check(&[("LANG", "en_US.UTF-8")], (Signs::Unicode, "LANG"));
        check(&[("LANG", "zh_CN.utf8")], (Signs::Unicode, "LANG"));
        check(&[("LC_ALL", ""), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")], (Signs::Unicode, "LC_CTYPE"));
        check(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], (Signs::Ascii, "LC_ALL"));
        check(&[("LANG", "zh_CN.GB18030")], (Signs::Ascii, "LANG"));
        check(&[], (Signs::Ascii, "LANG"));
        check(&[("LANG", "en_US.UTF-8"), ("TERM", "linux")], (Signs::Ascii, "TERM"));
    }

    #[test]
    fn a_variable_tells_dark_from_light() {
        let check = |text, want| assert_eq!(around(&[("COLORFGBG", text)]).background(), want, "{text}");
        check("15;0", Some(Background::Dark));
        check("0;15", Some(Background::Light));
        check("0;default;7", Some(Background::Light));
        check("7;8", Some(Background::Dark));
        for text in ["", "15", "15;default", "15;16", "15;-1"] {
            check(text, None);
        }
    }

    #[test]
    fn the_depth_is_told_with_the_variable_that_says_so() {
        let depth = |pairs: &[(&str, &str)]| around(pairs).depth();
        assert_eq!(depth(&[("TERM", "xterm-256color")]), (Depth::Indexed, "TERM"));
        assert_eq!(depth(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]), (Depth::True, "COLORTERM"));
        assert_eq!(depth(&[("TERM", "linux"), ("COLORTERM", "truecolor")]), (Depth::Sixteen, "TERM"));
        assert_eq!(depth(&[]), (Depth::None, "TERM"));
    }

    #[test]
    fn without_a_wish_the_background_decides_and_nobody_is_asked_who_cannot_tell() {
        let check = |pairs: &[(&str, &str)], want: Theme, asks: bool| {
            let looks = looks(&config::Theme::Auto, pairs);
            assert_eq!((looks.theme, looks.by_background.is_some()), (want, asks), "{pairs:?}");
        };
        let (term, dark, light) = (("TERM", "xterm-256color"), ("COLORFGBG", "15;0"), ("COLORFGBG", "0;15"));
        let brought = |theme| Theme::built_in(theme).brought_down(Depth::Indexed);
        check(&[term], Theme::terminal(), true);
        check(&[term, dark], brought(BuiltIn::Dark), true);
        check(&[term, light], brought(BuiltIn::Light), true);
        check(&[("TERM", "xterm"), dark], Theme::terminal(), false);
        check(&[("TERM", "linux")], Theme::terminal(), false);
        check(&[("TERM", "dumb"), ("COLORTERM", "truecolor"), dark], Theme::mono(), false);
        check(&[], Theme::mono(), false);
    }

    #[test]
    fn the_answer_chooses_between_dark_and_light() {
        let pair =
            looks(&config::Theme::Auto, &[("TERM", "xterm"), ("COLORTERM", "truecolor")]).by_background;
        let on = |background| pair.clone().unwrap().on(background);
        assert_eq!(on(Rgb(0, 43, 54)), Theme::built_in(BuiltIn::Dark));
        assert_eq!(on(Rgb(253, 246, 227)), Theme::built_in(BuiltIn::Light));
    }

    #[test]
    fn a_wish_holds_as_far_as_there_are_colours_and_asks_nobody() {
        let wish = config::Theme::BuiltIn(BuiltIn::Light);
        let check = |term: &str, want: Theme| {
            let looks = looks(&wish, &[("TERM", term), ("COLORFGBG", "15;0")]);
            assert_eq!((looks.theme, looks.by_background), (want, None), "{term}");
        };
        check("xterm-direct", Theme::built_in(BuiltIn::Light));
        check("xterm", Theme::terminal());
        check("dumb", Theme::mono());
    }
}

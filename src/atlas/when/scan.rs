//! Reads a text from left to right, a piece at a time.

/// What is left to be read.
#[derive(Clone, Copy)]
pub(super) struct Scan<'a>(pub(super) &'a str);

impl<'a> Scan<'a> {
    pub(super) fn eat(&mut self, wanted: char) -> bool {
        self.any(&[wanted]).is_some()
    }

    pub(super) fn any(&mut self, wanted: &[char]) -> Option<char> {
        let first = self.0.chars().next().filter(|c| wanted.contains(c))?;
        self.0 = self.0.get(first.len_utf8()..)?;
        Some(first)
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !fits(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }

    /// A run of digits, at least one.
    pub(super) fn run(&mut self) -> Option<&'a str> {
        Some(self.take(|c| c.is_ascii_digit())).filter(|digits| !digits.is_empty())
    }

    /// A number of so many digits: as many as there are, up to `most`.
    pub(super) fn digits(&mut self, fewest: usize, most: usize) -> Option<i64> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at_checked(count).filter(|_| count >= fewest)?;
        self.0 = rest;
        digits.parse().ok()
    }

    pub(super) fn word(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_alphabetic())
    }

    /// The name of a zone of the IANA database, which has a stroke in it.
    pub(super) fn zone(&mut self) -> Option<&'a str> {
        let name = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
        Some(name).filter(|name| name.contains('/'))
    }

    /// Reads on after a blank, if there is one; reads nothing at all if `read` finds nothing.
    pub(super) fn after_blank<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        ahead.eat(' ');
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }
}

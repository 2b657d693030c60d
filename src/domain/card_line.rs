//! A whole card in one line, as password managers, virtual-card portals and spreadsheets put it on the clipboard:
//! `4532015112830366 09/28 123`, with blanks, tabs, commas or bars between, the date in several forms, a name or none.

use zeroize::Zeroizing;

use super::{
    card::{CardNumber, Cvv, Expiry, SecretDigits},
    fold::fold,
};

/// How a number is printed on a card, in groups.
const GROUPINGS: [&[usize]; 3] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

/// What a line says of a card.
pub struct CardLine {
    /// The number, of full length.
    pub number: CardNumber,
    /// Month and year.
    pub expiry: Option<Expiry>,
    /// The security code.
    pub cvv: Option<Cvv>,
    /// Given name and family name, when there are exactly two words.
    pub name: Option<(String, String)>,
}

impl CardLine {
    /// Reads a line that holds a whole number and something of the card besides. `None` for a text with anything in
    /// it whose meaning is not certain: half a card would be worse than none.
    pub fn read(text: &str) -> Option<Self> {
        let is_gap = |c: char| c.is_whitespace() || matches!(fold(c), ',' | ';' | '|') || c == '、';
        let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
        let (number, at, count) = find_number(&words)?;
        let mut line = Self { number, expiry: None, cvv: None, name: None };
        let mut names: Vec<&str> = Vec::new();
        let mut rest = words.iter().take(at).chain(words.iter().skip(at + count)).peekable();
        while let Some(word) = rest.next() {
            if word.chars().all(is_of_name) {
                names.push(word);
                continue;
            }
            let expiry = line.expiry.is_none().then(|| {
                read_expiry(word).or_else(|| {
                    // `09 28`, as two columns of a table.
                    let expiry = Expiry::parse(word, rest.peek()?)?;
                    rest.next();
                    Some(expiry)
                })
            });
            if let Some(Some(expiry)) = expiry {
                line.expiry = Some(expiry);
                continue;
            }
            let cvv: Cvv = digits(word)?;
            if line.cvv.is_some() || !matches!(cvv.len(), 3 | 4) {
                return None;
            }
            line.cvv = Some(cvv);
        }
        line.name = read_name(&names);
        (line.expiry.is_some() || line.cvv.is_some()).then_some(line)
    }
}

/// Month and year in one word: `09/28`, `9/2028`, `2028-09`, `0928`.
pub fn read_expiry(word: &str) -> Option<Expiry> {
    // It may yet turn out to be a security code.
    let plain: Zeroizing<String> = Zeroizing::new(word.chars().map(fold).collect());
    match plain.split_once(['/', '-', '.']) {
        Some((year, month)) if year.len() == 4 => Expiry::parse(month, year),
        Some((month, year)) => Expiry::parse(month, year),
        None if plain.len() == 4 && plain.is_ascii() => {
            let (month, year) = plain.split_at(2);
            Expiry::parse(month, year)
        }
        None => None,
    }
}

/// The number, the first of its words, and how many they are.
fn find_number(words: &[&str]) -> Option<(CardNumber, usize, usize)> {
    let whole = |(at, word): (usize, &&str)| {
        let number: CardNumber = digits(word)?;
        if !number.has_full_length() {
            return None;
        }
        Some((number, at, 1_usize))
    };
    words.iter().enumerate().find_map(whole).or_else(|| {
        GROUPINGS.iter().find_map(|sizes| {
            let (at, groups) = words.windows(sizes.len()).enumerate().find(|(_, groups)| {
                groups.iter().zip(*sizes).all(|(group, size)| {
                    group.chars().count() == *size && group.chars().all(|c| fold(c).is_ascii_digit())
                })
            })?;
            let mut number = CardNumber::new();
            let fits = groups.iter().flat_map(|group| group.chars()).all(|c| number.push(fold(c)));
            fits.then_some((number, at, sizes.len()))
        })
    })
}

/// The digits of a word, dashes between them passed over.
pub fn digits<const N: usize>(word: &str) -> Option<SecretDigits<N>> {
    let mut digits = SecretDigits::new();
    word.chars().map(fold).filter(|c| !matches!(c, '-' | ' ')).all(|c| digits.push(c)).then_some(digits)
}

fn is_of_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '/')
}

/// Two words, or `FAMILY/GIVEN`; who can tell where three of them part?
fn read_name(words: &[&str]) -> Option<(String, String)> {
    match words {
        [one] => {
            let (last, first) =
                one.split_once('/').filter(|(last, first)| !last.is_empty() && !first.is_empty())?;
            Some((first.to_owned(), last.to_owned()))
        }
        [first, last] if !first.contains('/') && !last.contains('/') => {
            Some(((*first).to_owned(), (*last).to_owned()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Number, date, code and name; a bar for what the line does not tell.
    fn read(text: &str) -> Option<String> {
        let line = CardLine::read(text)?;
        let text = |digits: &[u8]| String::from_utf8(digits.to_vec()).unwrap();
        let expiry = line.expiry.map(|expiry| format!("{:02}/{}", expiry.month, expiry.year));
        let parts = [
            Some(text(line.number.expose())),
            expiry,
            line.cvv.map(|cvv| text(cvv.expose())),
            line.name.map(|(first, last)| format!("{first} {last}")),
        ];
        Some(parts.map(|parts| parts.unwrap_or("-".into())).join(" "))
    }

    #[test]
    fn a_whole_card_is_read_in_every_known_form() {
        let check = |text: &str, name: &str| {
            assert_eq!(read(text), Some(format!("4532015112830366 09/2028 123 {name}")), "{text:?}");
        };
        check("4532015112830366 09/28 123", "-");
        check("4532015112830366\t09/28\t123\n", "-");
        check("4532015112830366,09/2028,123", "-");
        check("4532015112830366|09|28|123", "-");
        check("4532015112830366; 2028-09; 123", "-");
        check("4532 0151 1283 0366  0928  123", "-");
        check("4532-0151-1283-0366 9/28 123", "-");
        check("４５３２０１５１１２８３０３６６ ０９／２８ １２３", "-");
        check("RAFAEL SANTOS 4532015112830366 09/28 123", "RAFAEL SANTOS");
        check("4532015112830366 09/28 123 SANTOS/RAFAEL", "RAFAEL SANTOS");
        check("4532015112830366 09/28 123 RAFAEL LUIS SANTOS", "-");
        let amex = "378282246310005 08/2029 1234 -".to_owned();
        assert_eq!(read("3782 822463 10005 08/29 1234"), Some(amex));
        assert_eq!(read("4532015112830366 09/28"), Some("4532015112830366 09/2028 - -".into()));
    }

    #[test]
    fn a_text_that_is_not_certain_is_no_card() {
        for text in [
            "",
            "4532015112830366",
            "4532 0151 1283 0366",
            "45320151128303661234567 09/28 123",
            "453201511283 09/28 123",
            "4532015112830366 09/28 12345",
            "4532015112830366 13/28 123 123",
            "4532015112830366 09/28 123 456",
            "4532015112830366 4532015112830366 09/28",
            "please pay 100.00 by 09/28",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}

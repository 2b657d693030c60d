//! The grammar of a filter: terms parted by blanks, each a word or a field with values, and how they are written.
//!
//! ```text
//! term   = ["!"] ( field ":" value { "," value } | word )
//! value  = piece | (">" | ">=" | "<" | "<=") piece | piece ".." piece
//! piece  = anything up to a blank or comma | '"' anything '"'
//! ```
//!
//! Every text is a filter: what is not written to its end yet is a part that is empty. What a field is, and what it can
//! do with a value, is not known here. Signs and letters in full width are read as the keys that they stand on.

use std::{fmt, ops::Range};

use winnow::{
    LocatingSlice, Parser, Result,
    combinator::{alt, opt, preceded, repeat, separated, terminated},
    token::{any, one_of, rest, take_until, take_while},
};

use crate::domain::fold::fold_text;

/// A filter as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of them must hold.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// It must not hold.
    pub is_negated: bool,
    /// What it asks for.
    pub asked: Asked,
}

/// What a term asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A word anywhere in what is shown of an order.
    Word(Piece),
    /// One of these values in a field.
    Field {
        /// Its name.
        name: Piece,
        /// The values.
        values: Vec<Value>,
    },
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// This one.
    Is(Piece),
    /// Whatever lies on this side of it.
    Than(Side, Piece),
    /// Whatever lies between two, both included.
    Between(Piece, Piece),
}

/// A side of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `>`
    Above,
    /// `>=`
    From,
    /// `<`
    Below,
    /// `<=`
    To,
}

/// A part of the text, with where it stands: characters from the start. Two are equal when their texts are.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Without quotes.
    pub text: String,
    /// Where it stands, with them.
    pub at: Range<usize>,
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Piece {}

impl Query {
    /// Reads a filter.
    pub fn read(text: &str) -> Self {
        let folded = fold_text(text);
        let mut query = parse(&folded);
        // The parser counts bytes; folding has left every character in its place.
        query.for_each_piece(|piece| {
            let chars = |byte: usize| folded.get(..byte).map_or(0, |before| before.chars().count());
            piece.at = chars(piece.at.start)..chars(piece.at.end);
        });
        query
    }

    /// What is not written to its end: a field without a value, a sign without what it compares with.
    pub fn unfinished(&self) -> Option<&Piece> {
        self.terms.iter().find_map(|term| match &term.asked {
            Asked::Word(word) => Some(word).filter(|word| word.text.is_empty()),
            Asked::Field { name, values } => {
                let is_unfinished = values.iter().any(|value| value.is_unfinished());
                Some(name).filter(|_| is_unfinished)
            }
        })
    }

    /// The same without this word, if it stands there.
    pub fn without_word(&self, word: &str) -> Option<Self> {
        let is_it = |term: &&Term| matches!(&term.asked, Asked::Word(piece) if piece.text == word);
        let terms: Vec<Term> = self.terms.iter().filter(|term| !is_it(term)).cloned().collect();
        (terms.len() < self.terms.len()).then_some(Self { terms })
    }

    fn for_each_piece(&mut self, mut change: impl FnMut(&mut Piece)) {
        for term in &mut self.terms {
            match &mut term.asked {
                Asked::Word(word) => change(word),
                Asked::Field { name, values } => {
                    change(name);
                    for value in values {
                        match value {
                            Value::Is(piece) | Value::Than(_, piece) => change(piece),
                            Value::Between(low, high) => {
                                change(low);
                                change(high);
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Value {
    /// True while a part of it is still to be written: it asks nothing yet.
    pub fn is_unfinished(&self) -> bool {
        match self {
            Self::Is(piece) | Self::Than(_, piece) => piece.text.is_empty(),
            Self::Between(low, high) => low.text.is_empty() || high.text.is_empty(),
        }
    }

    /// Where it stands.
    pub fn at(&self) -> Range<usize> {
        match self {
            Self::Is(piece) | Self::Than(_, piece) => piece.at.clone(),
            Self::Between(low, high) => low.at.start..high.at.end,
        }
    }
}

/// A value or a word as it must be written to be read as itself.
pub fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c == ',')
        && !text.contains("..")
        && !text.starts_with(['"', '<', '>', '!'])
        && name(&mut LocatingSlice::new(text)).is_err();
    if is_plain {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, term) in self.terms.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            if term.is_negated {
                f.write_str("!")?;
            }
            match &term.asked {
                Asked::Word(word) if word.text.is_empty() && term.is_negated => {}
                Asked::Word(word) => f.write_str(&quoted(&word.text))?,
                Asked::Field { name, values } => {
                    write!(f, "{}:", name.text)?;
                    for (n, value) in values.iter().enumerate() {
                        write!(f, "{}{value}", if n > 0 { "," } else { "" })?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = |piece: &Piece| match piece.text.as_str() {
            "" => String::new(),
            text => quoted(text),
        };
        match self {
            Self::Is(piece) => f.write_str(&written(piece)),
            Self::Than(side, piece) => write!(f, "{}{}", side.sign(), written(piece)),
            // The lower end is never in quotes: what would need them ends it.
            Self::Between(low, high) => write!(f, "{}..{}", low.text, written(high)),
        }
    }
}

impl Side {
    /// How it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::From => ">=",
            Self::Below => "<",
            Self::To => "<=",
        }
    }
}

type Input<'a> = LocatingSlice<&'a str>;

fn parse(text: &str) -> Query {
    let blanks = || take_while(0.., char::is_whitespace);
    let terms = preceded(blanks(), repeat(0.., terminated(term, blanks())));
    // Whatever stands there is a word at least, so that nothing is ever left over.
    let terms = terminated(terms, rest).parse(LocatingSlice::new(text));
    Query { terms: terms.unwrap_or_default() }
}

fn term(input: &mut Input<'_>) -> Result<Term> {
    let is_negated = opt('!').parse_next(input)?.is_some();
    let field = (name, separated(1.., value, ',')).map(|(name, values)| Asked::Field { name, values });
    // Nothing has to follow a sign that is there.
    let least = usize::from(!is_negated);
    let word = piece(take_while(least.., |c: char| !c.is_whitespace())).map(Asked::Word);
    let asked = alt((field, quotation.map(Asked::Word), word)).parse_next(input)?;
    Ok(Term { is_negated, asked })
}

/// The name of a field, up to its colon. It begins with a letter, so that a time is none.
fn name(input: &mut Input<'_>) -> Result<Piece> {
    let letter = one_of(|c: char| c.is_alphabetic());
    let letters = take_while(0.., |c: char| c.is_alphanumeric() || c == '_');
    terminated(piece((letter, letters).take()), ':').parse_next(input)
}

fn value(input: &mut Input<'_>) -> Result<Value> {
    let side =
        alt((">=".value(Side::From), ">".value(Side::Above), "<=".value(Side::To), "<".value(Side::Below)));
    let between =
        (piece(take_until(1.., "..")).verify(|low| !low.text.contains(is_end)), "..", alt((quotation, bare)));
    alt((
        (side, alt((quotation, bare))).map(|(side, piece)| Value::Than(side, piece)),
        quotation.map(Value::Is),
        between.map(|(low, _, high)| Value::Between(low, high)),
        bare.map(Value::Is),
    ))
    .parse_next(input)
}

/// What ends a value that is not quoted.
fn is_end(c: char) -> bool {
    c.is_whitespace() || c == ','
}

fn bare(input: &mut Input<'_>) -> Result<Piece> {
    piece(take_while(0.., |c: char| !is_end(c))).parse_next(input)
}

/// A text in quotes, which may hold anything; one that is not closed goes to the end.
fn quotation(input: &mut Input<'_>) -> Result<Piece> {
    let escaped = preceded('\\', any);
    let part = alt((escaped, any.verify(|c| *c != '"')));
    let inside = repeat(0.., part).fold(String::new, |mut text, c: char| {
        text.push(c);
        text
    });
    let (text, at) = ('"', inside, opt('"')).map(|(_, text, _)| text).with_span().parse_next(input)?;
    Ok(Piece { text, at })
}

fn piece<'a>(
    mut text: impl Parser<Input<'a>, &'a str, winnow::error::ContextError>,
) -> impl Parser<Input<'a>, Piece, winnow::error::ContextError> {
    move |input: &mut Input<'a>| {
        let (text, at) = text.by_ref().with_span().parse_next(input)?;
        Ok(Piece { text: text.to_owned(), at })
    }
}

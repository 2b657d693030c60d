//! A card on standard input: the vendor's `creditCard`, or a whole `pay.do` body around it, as other programs and editors
//! write it. What is unambiguous is read; for the rest the field is named and what was expected, and never its value.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{
    card::{CardNumber, Cvv},
    draft::Draft,
    field::Field,
    method::PaymentMethod,
    order::OrderNo,
    stray_card::StrayCard,
    subject::Subject,
};

/// What a field should have held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// 13 to 19 digits.
    CardNumber,
    /// 3 or 4 digits; as a string, since a bare number loses its leading zeros.
    Cvv,
    /// 1 to 12.
    Month,
    /// Two or four digits.
    Year,
    /// A text without a card number.
    NoCardNumber,
    /// A string, also where it is made of digits: they may begin with zeros.
    Text,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// An object.
    Object,
}

/// The card object on standard input cannot be read. Never quotes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardInputError {
    /// Not a JSON object.
    #[error("not one JSON object (line {line}, column {column})")]
    NotAnObject {
        /// Line of the mistake.
        line: usize,
        /// Column of the mistake.
        column: usize,
        /// The last field before it.
        after: Option<&'static str>,
    },
    /// A field holds something else than it should, or nothing.
    #[error("{field}: {expected:?} expected")]
    Field {
        /// The field.
        field: &'static str,
        /// What it should hold.
        expected: Expected,
    },
    /// A field that no card has; its digits are masked.
    #[error("unknown field {0}")]
    Unknown(String),
    /// A field stands twice.
    #[error("{0} stands twice")]
    Twice(&'static str),
    /// The `pay.do` body is about another order than the one to be paid.
    #[error("orderNo is another order")]
    OtherOrder,
    /// The `pay.do` body is for another method than was asked for.
    #[error("paymentMethod is another method")]
    OtherMethod,
}

impl CardInputError {
    /// What it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Field { field, .. } | Self::Twice(field) => {
                field_of(field).map_or(Subject::Card, Subject::Entered)
            }
            Self::OtherOrder => Subject::OrderNo,
            Self::OtherMethod => Subject::Method,
            Self::NotAnObject { .. } | Self::Unknown(_) => Subject::Card,
        }
    }
}

/// The field of the form that a name of the vendor's stands for.
fn field_of(name: &str) -> Option<Field> {
    let text = TEXTS.into_iter().find(|(known, _)| *known == name).map(|(_, field)| field);
    text.or(match name {
        "cardNumber" => Some(Field::Number),
        "cardCVV" => Some(Field::Cvv),
        "cardExpireMonth" => Some(Field::ExpiryMonth),
        "cardExpireYear" => Some(Field::ExpiryYear),
        "reusable" => Some(Field::Reusable),
        "paymentLimit" => Some(Field::Ceiling),
        "threeDS" | "ip" => Some(Field::DeviceIp),
        _ => None,
    })
}

/// The texts of `creditCard`, with the names that the vendor has used for them.
const TEXTS: [(&str, Field); 8] = [
    ("cardHolderFirstName", Field::FirstName),
    ("cardHolderLastName", Field::LastName),
    ("cardHolderCountry", Field::Country),
    ("cardHolderProvince", Field::Province),
    ("cardHoldProvince", Field::Province),
    ("cardHolderCity", Field::City),
    ("cardHolderPostCode", Field::PostCode),
    ("cardHolderAddress", Field::Street),
];

/// Its other fields; the last two are only ever empty.
const OTHERS: [&str; 9] = [
    "cardNumber",
    "cardCVV",
    "cardExpireMonth",
    "cardExpireYear",
    "reusable",
    "paymentLimit",
    "threeDS",
    "cardHolderPhone",
    "cardHolderEmail",
];

/// What stands around it in the body of `pay.do`. What is not the card is decided elsewhere.
const BODY: [&str; 7] = [
    "orderNo",
    "paymentMethod",
    "supportCreditTransPayment",
    "creditCard",
    "clientOrderNo",
    "requestSource",
    "allowRetry",
];

impl Draft {
    /// Reads a card for `method` from JSON. If a whole body of `pay.do` is given, it must be about `order`, and, where
    /// that is known already, for `method`. The caller wipes `bytes` afterwards.
    pub fn from_json(
        method: Option<PaymentMethod>,
        order: OrderNo,
        bytes: &[u8],
    ) -> Result<Self, CardInputError> {
        let text = decoded(bytes)?;
        let fields = Object::read(&text)?;
        let card = match fields.get("creditCard") {
            Some(card) => {
                fields.check(|name| BODY.into_iter().find(|known| *known == name))?;
                check_body(&fields, method, order)?;
                card.object("creditCard")?
            }
            None => fields,
        };
        let texts = TEXTS.map(|(name, _)| name);
        card.check(|name| OTHERS.into_iter().chain(texts).find(|known| *known == name))?;
        let mut draft = Self::new(method.unwrap_or(PaymentMethod::Vcc));
        draft.fill(&card)?;
        Ok(draft)
    }

    fn fill(&mut self, card: &Object<'_>) -> Result<(), CardInputError> {
        let wrong = |field, expected| CardInputError::Field { field, expected };
        let number = card.given("cardNumber").and_then(|value| CardNumber::parse(value.digits()?));
        self.number = number.ok_or(wrong("cardNumber", Expected::CardNumber))?;
        if let Some(value) = card.given("cardCVV") {
            self.cvv = value.cvv().ok_or(wrong("cardCVV", Expected::Cvv))?;
        }
        // What month or year that is, the rules say together with everything else that is wrong.
        for (name, field, expected) in [
            ("cardExpireMonth", Field::ExpiryMonth, Expected::Month),
            ("cardExpireYear", Field::ExpiryYear, Expected::Year),
        ] {
            if let Some(value) = card.given(name) {
                let text = value.text().or_else(|| value.digits().map(str::to_owned));
                self.set(field, &text.ok_or(wrong(name, expected))?);
            }
        }
        for (name, field) in TEXTS {
            if let Some(value) = card.given(name) {
                let text = value.text().ok_or(wrong(name, Expected::Text))?;
                if StrayCard::find(&text).is_some() {
                    return Err(wrong(name, Expected::NoCardNumber));
                }
                self.set(field, &text);
            }
        }
        if let Some(value) = card.given("reusable") {
            self.reusable = value.flag().ok_or(wrong("reusable", Expected::Flag))?;
        }
        if let Some(value) = card.given("paymentLimit") {
            self.set(Field::Ceiling, &value.number().ok_or(wrong("paymentLimit", Expected::Number))?);
        }
        if let Some(value) = card.given("threeDS") {
            let device = value.object("threeDS")?;
            device.check(|name| (name == "ip").then_some("ip"))?;
            if let Some(ip) = device.given("ip") {
                self.set(Field::DeviceIp, &ip.text().ok_or(wrong("ip", Expected::Text))?);
            }
        }
        match ["cardHolderPhone", "cardHolderEmail"].into_iter().find(|name| card.given(name).is_some()) {
            Some(name) => Err(CardInputError::Unknown(name.to_owned())),
            None => Ok(()),
        }
    }
}

/// The body must not say something else than the command line.
fn check_body(
    body: &Object<'_>,
    method: Option<PaymentMethod>,
    order: OrderNo,
) -> Result<(), CardInputError> {
    if let Some(value) = body.given("orderNo") {
        let named = value.text().and_then(|text| text.parse::<OrderNo>().ok());
        if named != Some(order) {
            return Err(CardInputError::OtherOrder);
        }
    }
    match (body.given("paymentMethod"), method) {
        (Some(value), Some(method)) if value.digits() != Some(&method.number().to_string()) => {
            Err(CardInputError::OtherMethod)
        }
        _ => Ok(()),
    }
}

/// The text of the input, in memory that is wiped: UTF-8, or UTF-16 with a mark, as some shells write it into a pipe.
fn decoded(bytes: &[u8]) -> Result<Zeroizing<String>, CardInputError> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        // Of full size from the start: a buffer that grows leaves copies behind. A unit becomes three bytes at most.
        let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        text
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => Ok(wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Ok(wide(rest, u16::from_be_bytes)),
        _ => {
            let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(plain).map_err(|error| {
                let read = plain.get(..error.valid_up_to()).unwrap_or_default();
                let line = read.split(|byte| *byte == b'\n').count();
                CardInputError::NotAnObject { line, column: 0, after: None }
            })?;
            Ok(Zeroizing::new(text.to_owned()))
        }
    }
}

/// The fields of an object as they stand in it.
struct Object<'a>(Vec<(String, Value<'a>)>);

/// A value, borrowed from the input so that no copy of a secret is made.
#[derive(Clone, Copy)]
struct Value<'a>(&'a RawValue);

impl<'a> Object<'a> {
    fn read(text: &'a str) -> Result<Self, CardInputError> {
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            CardInputError::NotAnObject { line, column, after: field_before(text, line, column) }
        })
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// A value that is there and not null.
    fn given(&self, name: &str) -> Option<Value<'a>> {
        self.get(name).filter(|value| value.0.get() != "null")
    }

    /// Every field is known, and stands once.
    fn check(&self, known: impl Fn(&str) -> Option<&'static str>) -> Result<(), CardInputError> {
        for (i, (name, _)) in self.0.iter().enumerate() {
            let field = known(name).ok_or_else(|| CardInputError::Unknown(shown(name)))?;
            if self.0.iter().skip(i + 1).any(|(other, _)| other == name) {
                return Err(CardInputError::Twice(field));
            }
        }
        Ok(())
    }
}

/// An unknown name as it may be shown: whatever was mistaken for a name may be a secret.
fn shown(name: &str) -> String {
    let name: String = name.chars().take(40).map(|c| if c.is_numeric() { '*' } else { c }).collect();
    super::text::Text::new(&name).to_string()
}

/// The last field that is named before a place in the text.
fn field_before(text: &str, line: usize, column: usize) -> Option<&'static str> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let before = text.as_bytes().get(..(start + column).min(text.len()))?;
    let last = |name: &&'static str| {
        let quoted = format!("\"{name}\"");
        before.windows(quoted.len()).rposition(|window| window == quoted.as_bytes())
    };
    let names = OTHERS.into_iter().chain(TEXTS.map(|(name, _)| name)).chain(BODY);
    names.filter_map(|name| Some((last(&name)?, name))).max().map(|(_, name)| name)
}

impl<'a> Value<'a> {
    /// The digits of a string or of a bare whole number. A string with escapes is none: it could not be borrowed.
    fn digits(self) -> Option<&'a str> {
        let raw = self.0.get();
        if raw.starts_with('"') {
            serde_json::from_str(raw).ok()
        } else {
            raw.bytes().all(|byte| byte.is_ascii_digit()).then_some(raw)
        }
    }

    /// A bare number with fewer than three digits has lost zeros, or is none.
    fn cvv(self) -> Option<Cvv> {
        let digits = self.digits()?;
        let is_whole = self.0.get().starts_with('"') || matches!(digits.len(), 3 | 4);
        Cvv::parse(digits).filter(|_| is_whole)
    }

    fn text(self) -> Option<String> {
        serde_json::from_str(self.0.get()).ok()
    }

    fn flag(self) -> Option<bool> {
        match self.0.get() {
            "true" | "\"true\"" => Some(true),
            "false" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    /// The digits of a number, also as a string, as an older sample of the vendor has it.
    fn number(self) -> Option<String> {
        self.text()
            .or_else(|| serde_json::from_str::<serde_json::Number>(self.0.get()).ok().map(|n| n.to_string()))
    }

    fn object(self, field: &'static str) -> Result<Object<'a>, CardInputError> {
        serde_json::from_str(self.0.get())
            .map_err(|_| CardInputError::Field { field, expected: Expected::Object })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    fields.push((name, Value(value)));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

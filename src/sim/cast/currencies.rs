//! What currencies are worth.

use rust_decimal::Decimal;

/// The currencies in which an agency can settle. Airlines sell in more.
pub(in crate::sim) const SETTLED: [&str; 17] = [
    "USD", "EUR", "GBP", "SGD", "CNH", "CNY", "CAD", "CHF", "NZD", "HKD", "NOK", "DKK", "CZK", "PLN", "AED",
    "SEK", "HUF",
];

/// True when an agency can settle in it.
pub(in crate::sim) fn is_settled_in(currency: &str) -> bool {
    SETTLED.contains(&currency)
}

/// Units of a currency for one US dollar, roughly, and the smallest step in which airlines price in it, in
/// hundredths.
pub(in crate::sim) fn rate(currency: &str) -> (Decimal, i64) {
    let (rate, scale, step) = match currency {
        "EUR" => (92, 2, 1),
        "GBP" => (79, 2, 1),
        "SGD" => (134, 2, 10),
        "CNY" | "CNH" => (72, 1, 1),
        "HKD" => (78, 1, 100),
        "JPY" => (150, 0, 1_000),
        "KRW" => (1_380, 0, 10_000),
        "VND" => (25_400, 0, 100_000),
        "IDR" => (16_200, 0, 10_000),
        "PHP" => (58, 0, 100),
        "THB" => (35, 0, 100),
        "INR" => (84, 0, 100),
        "MYR" => (44, 1, 10),
        "NOK" | "SEK" => (108, 1, 100),
        "HUF" => (365, 0, 1_000),
        "AUD" => (153, 2, 1),
        "CAD" => (137, 2, 1),
        "CHF" => (88, 2, 5),
        "NZD" => (168, 2, 1),
        "DKK" => (687, 2, 100),
        "CZK" => (232, 1, 100),
        "PLN" => (396, 2, 1),
        "AED" => (367, 2, 1),
        "SAR" => (375, 2, 1),
        _ => (1, 0, 1),
    };
    (Decimal::new(rate, scale), step)
}

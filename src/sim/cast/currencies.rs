//! What currencies are worth.

use rust_decimal::Decimal;

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
        "SAR" => (375, 2, 1),
        _ => (1, 0, 1),
    };
    (Decimal::new(rate, scale), step)
}

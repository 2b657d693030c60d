//! `pay.do`.

use serde_json::Value;

use super::fields::Fields;
use crate::{
    domain::method::PaymentMethod,
    sim::{card::Card, refusal::Refusal, world::Pay},
};

/// `pay.do`. What the documents call mandatory is 100 when it is missing, a missing card 400. Without a method
/// the deposit pays, as it does on the vendor's test system.
pub(in crate::sim) fn pay(body: &Value) -> Result<Pay, Refusal> {
    let fields = Fields::of(body)?;
    let order_no = fields.required("orderNo", 100)?;
    let method = match fields.given("paymentMethod") {
        None => PaymentMethod::Deposit,
        Some(number) => number
            .as_i64()
            .and_then(PaymentMethod::from_number)
            .ok_or_else(|| fields.ill_typed("paymentMethod", "one of 1, 3, 4, 5"))?,
    };
    let card = if method.needs_card() {
        let object = fields.object("creditCard", "creditCard.")?;
        Some(card(&object.ok_or_else(|| Refusal::new(400, "creditCard is required"))?)?)
    } else {
        None
    };
    Ok(Pay { order_no, method, card })
}

fn card(fields: &Fields<'_>) -> Result<Card, Refusal> {
    let limit = fields
        .given("paymentLimit")
        .map(|value| value.as_u64().ok_or_else(|| fields.ill_typed("paymentLimit", "an integer")))
        .transpose()?;
    if fields.given("reusable").is_some_and(|value| !value.is_boolean()) {
        return Err(fields.ill_typed("reusable", "a boolean"));
    }
    if fields.given("threeDS").is_some_and(|value| !value.is_object()) {
        return Err(fields.ill_typed("threeDS", "an object"));
    }
    Ok(Card {
        number: fields.required("cardNumber", 400)?,
        cvv: fields.text("cardCVV")?,
        month: fields.required("cardExpireMonth", 400)?,
        year: fields.required("cardExpireYear", 400)?,
        last_name: fields.required("cardHolderLastName", 400)?,
        first_name: fields.required("cardHolderFirstName", 400)?,
        country: fields.text("cardHolderCountry")?,
        province: fields.text("cardHolderProvince")?,
        city: fields.text("cardHolderCity")?,
        post_code: fields.text("cardHolderPostCode")?,
        street: fields.text("cardHolderAddress")?,
        limit: limit.map(Into::into),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_fault_of_a_payment_is_named() {
        let card = json!({
            "cardNumber": "4111111111111111", "cardCVV": "123", "cardExpireMonth": "03",
            "cardExpireYear": "2031", "cardHolderLastName": "KELLER", "cardHolderFirstName": "GRETA",
            "paymentLimit": 400, "threeDS": null,
        });
        let with = |field: &str, value: Value| {
            let mut card = card.clone();
            card[field] = value;
            json!({ "orderNo": "A", "paymentMethod": 3, "creditCard": card })
        };
        let check = |body: Value, want: Option<(i64, &str)>| {
            let got = pay(&body).err().map(|refusal| (refusal.status, refusal.msg));
            assert_eq!(got.as_ref().map(|(status, msg)| (*status, msg.as_str())), want, "{body}");
        };
        check(json!({ "orderNo": "A", "paymentMethod": 1 }), None);
        check(json!({ "orderNo": "A", "paymentMethod": 4, "creditCard": null, "more": {} }), None);
        check(with("cardHolderCity", Value::Null), None);
        check(json!([]), Some((400, "the body must be a JSON object")));
        check(json!({ "paymentMethod": 1 }), Some((100, "orderNo is required")));
        check(json!({ "orderNo": "", "paymentMethod": 1 }), Some((100, "orderNo is required")));
        check(json!({ "orderNo": 7, "paymentMethod": 1 }), Some((400, "orderNo must be a string")));
        check(json!({ "orderNo": "A" }), None);
        check(
            json!({ "orderNo": "A", "paymentMethod": 2 }),
            Some((400, "paymentMethod must be one of 1, 3, 4, 5")),
        );
        check(
            json!({ "orderNo": "A", "paymentMethod": "1" }),
            Some((400, "paymentMethod must be one of 1, 3, 4, 5")),
        );
        check(json!({ "orderNo": "A", "paymentMethod": 3 }), Some((400, "creditCard is required")));
        check(
            json!({ "orderNo": "A", "paymentMethod": 5, "creditCard": "x" }),
            Some((400, "creditCard must be an object")),
        );
        check(with("cardNumber", Value::Null), Some((400, "creditCard.cardNumber is required")));
        check(with("cardNumber", json!(41)), Some((400, "creditCard.cardNumber must be a string")));
        check(with("cardExpireMonth", json!("")), Some((400, "creditCard.cardExpireMonth is required")));
        check(with("paymentLimit", json!(1.5)), Some((400, "creditCard.paymentLimit must be an integer")));
        check(with("reusable", json!("no")), Some((400, "creditCard.reusable must be a boolean")));
    }
}

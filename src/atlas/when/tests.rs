//! One instant in every form, and what is none.

use jiff::fmt::strtime;
use proptest::prelude::*;

use super::*;

fn singapore(text: &str) -> Option<String> {
    moment(text, Offset::constant(8)).map(|at| at.to_string())
}

#[test]
fn one_instant_in_every_documented_and_plausible_form() {
    for text in [
        "2026-11-03 14:45:02",
        "2026-11-03T14:45:02",
        "2026-11-03t14:45:02",
        "2026-11-03  14:45:02",
        "2026/11/03 14:45:02",
        "2026-11-03 14:45:02.000",
        "2026-11-03 14:45:02,000000000000",
        "2026-11-03 02:45:02 PM",
        "2026-11-03T06:45:02Z",
        "2026-11-03t06:45:02z",
        "2026-11-03 06:45:02Z",
        "2026-11-03 06:45:02 UTC",
        "2026-11-03T06:45:02.000Z",
        "2026-11-03T14:45:02+08:00",
        "2026-11-03T14:45:02+0800",
        "2026-11-03T14:45:02+08",
        "2026-11-03 14:45:02 +08:00",
        "2026-11-03 14:45:02 +0800",
        "2026-11-03T14:45:02+08:00:00",
        "2026-11-03T01:45:02-05:00",
        "2026-11-03T01:45:02\u{2212}05:00",
        "2026-11-03T12:15:02+05:30",
        "2026-11-03 14:45:02 GMT+8",
        "2026-11-03 14:45:02 UTC+08:00",
        "2026-11-03 14:45:02 SGT",
        "2026-11-03T14:45:02+08:00[Asia/Singapore]",
        "2026-11-03T06:45:02Z[UTC]",
        "2026-11-03T14:45:02[Asia/Shanghai]",
        "2026-11-03T15:45:02[Asia/Tokyo]",
        "2026-11-03T01:45:02[America/New_York]",
        "2026-11-03T01:45:02[america/new_york][u-ca=iso8601]",
        "2026-11-03 14:45:02 Asia/Singapore",
        "20261103144502",
        "20261103144502000",
        "20261103T144502",
        "20261103T064502Z",
        "20261103T144502+0800",
        "1793688302",
        "1793688302000",
        "1793688302.000",
        "1.793688302E9",
        "1.793688302E12",
        "2.0261103144502E13",
        "Nov 3, 2026 2:45:02 PM",
        "Nov 3, 2026, 2:45:02\u{202f}PM",
        "November 3, 2026 2:45:02 PM",
        "3 Nov 2026 14:45:02",
        "Tue, 03 Nov 2026 06:45:02 GMT",
        "Tue, 3 Nov 2026 14:45:02 +0800",
        "Tuesday, 03-Nov-26 06:45:02 GMT",
        "Tue Nov 03 14:45:02 SGT 2026",
        "Tue Nov  3 14:45:02 2026",
        "Tue Nov 03 06:45:02 UTC 2026",
        "Tue Nov 03 14:45:02 +0800 2026",
        "Tue Nov 03 2026 14:45:02 GMT+0800 (Singapore Standard Time)",
        "Tue, 03 Nov 2026 06:45:02 +0000 (UTC)",
        "2026-11-03 14:45:02 +0800 CST",
        "2026年11月3日 14:45:02",
        "2026-11-3 14:45:02",
        "\t2026-11-03\u{a0}14:45:02\n",
    ] {
        assert_eq!(singapore(text).as_deref(), Some("2026-11-03T06:45:02Z"), "{text}");
    }
    assert_eq!(singapore("2026-11-03 14:45").as_deref(), Some("2026-11-03T06:45:00Z"));
    assert_eq!(singapore("202611031445").as_deref(), Some("2026-11-03T06:45:00Z"));
    assert_eq!(singapore("Apr 1, 2023 12:36:44 AM").as_deref(), Some("2023-03-31T16:36:44Z"));
    assert_eq!(singapore("Apr 1, 2023 12:36:44 PM").as_deref(), Some("2023-04-01T04:36:44Z"));
    assert_eq!(
        singapore("2026-11-03T14:45:02.987654321+08:00").as_deref(),
        Some("2026-11-03T06:45:02.987654321Z")
    );
    assert_eq!(
        singapore("2026-11-03 00:00:00").as_deref(),
        Some("2026-11-02T16:00:00Z"),
        "midnight, if it is said"
    );
}

#[test]
fn what_is_not_one_moment_is_none_and_never_midnight() {
    for text in [
        "",
        " ",
        "null",
        "0",
        "1",
        "-1",
        "x",
        "T",
        "2026",
        "2026-11",
        "2026-11-27",
        "2026/11/27",
        "20261127",
        "2026-11-27T",
        "2026-11-27 ",
        "2026-11-27Z",
        "2026-11-27+08:00",
        "2026-11-27T14",
        "2026-11-27 14:",
        "2026-11-27 14:4",
        "2026-11-27 14:45:",
        "2026-11-27 14:45:0",
        "2026-11-27 14:45:02.",
        "Nov 27, 2026",
        "0000-00-00 00:00:00",
        "2026110314",
        "0001-01-01T00:00:00Z",
        "0001-01-01 00:00:00",
        "1970-01-01 00:00:00",
        "1899-12-30T00:00:00",
        "9999-12-31 23:59:59",
        "9999-12-30T23:59:59Z",
        "-009999-01-02 01:59:59",
        "2026-13-01 00:00:00",
        "2026-02-30 10:00:00",
        "2026-11-27 24:00:00",
        "2026-11-27 23:60:00",
        "27/11/2026 10:00:00",
        "11/27/2026 10:00:00",
        "27-11-2026 10:00:00",
        "26-11-27 10:00:00",
        "2026-11-27 10:00:00 CST",
        "2026-11-27 10:00:00 IST",
        "2026-11-27 10:00:00 XYZ",
        "2026-11-27 13:00:00 PM",
        "2026-11-27 0:00:00 AM",
        "2026-11-27 10:00:00+25:00",
        "2026-11-27 10:00:00+08:99",
        "2026-11-27 10:00:00+",
        "2026-11-27 10:00:00+8:0",
        "2026-11-27 10:00:00 next",
        "2026-11-27 10:00:00 2026-11-27",
        "2026-11-27T10:00:00[Mars/Olympus]",
        "2026-11-27T10:00:00[",
        "2026-11-27-10:00:00",
        "10:00:00",
        "2026-11-27 10.00.00",
        "2026年11月27日",
        "2026-11-27 (Friday)",
        "Fri Nov 27 2026",
        "1e308",
        "99999999999999999999",
        "1793688302000000",
        "1.5",
        "tomorrow",
        "立即",
        "2026-10-25T01:30:00[Europe/London]",
        "2026-03-29T01:30:00[Europe/London]",
    ] {
        assert_eq!(singapore(text), None, "{text:?}");
    }
}

#[test]
fn a_list_of_numbers_is_a_local_time() {
    let at = |numbers: &[i64]| listed(numbers, Offset::constant(8)).map(|at| at.to_string());
    assert_eq!(at(&[2026, 11, 3, 14, 45, 2]).as_deref(), Some("2026-11-03T06:45:02Z"));
    assert_eq!(at(&[2026, 11, 3, 14, 45]).as_deref(), Some("2026-11-03T06:45:00Z"));
    assert_eq!(at(&[2026, 11, 3, 14, 45, 2, 5]).as_deref(), Some("2026-11-03T06:45:02.000000005Z"));
    for numbers in
        [&[][..], &[2026, 11, 3], &[2026, 11, 3, 14], &[2026, 13, 3, 14, 45], &[1, 2, 3, 4, 5, 6, 7, 8]]
    {
        assert_eq!(at(numbers), None, "{numbers:?}");
    }
}

proptest! {
    /// Round the clock, the zones and the forms: what another library writes is read as the same instant.
    #[test]
    fn an_instant_is_itself_in_every_zone_and_form(
        second in 946_684_800_i64 + 86_400..4_102_444_800 - 86_400,
        quarters in -48_i32..=56,
        form in prop::sample::select(vec![
            "%Y-%m-%d %H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z",
            "%Y-%m-%dt%H:%M:%S.000%:z", "%Y%m%dT%H%M%S%z", "%a, %d %b %Y %H:%M:%S %z", "%b %d, %Y %I:%M:%S %p %:z",
            "%A, %d-%b-%y %H:%M:%S %z", "%Y/%m/%d %I:%M:%S %p UTC%:z", "%s", "%s000",
        ]),
        naked in -12_i8..=14,
    ) {
        let at = Timestamp::from_second(second).unwrap();
        let zoned = at.to_zoned(TimeZone::fixed(Offset::from_seconds(quarters * 900).unwrap()));
        let text = strtime::format(form, &zoned).unwrap();
        // Since 1970 there are ten digits only from 2001 on.
        prop_assume!(!form.starts_with("%s") || second >= 1_000_000_000);
        // And some of those of 2033 to 2036 may be a date with its hour.
        prop_assume!(form != "%s" || !(2_000_000_000..2_100_000_000).contains(&second));
        prop_assert_eq!(moment(&text, Offset::constant(naked)), Some(at), "{}", text);
    }

    /// Without an offset it is local to whoever documents the field.
    #[test]
    fn a_naked_time_is_local(
        second in 946_684_800_i64 + 86_400..4_102_444_800 - 86_400,
        naked in -12_i8..=14,
        form in prop::sample::select(vec![
            "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%S", "%b %e, %Y %l:%M:%S %p",
            "%a %b %e %H:%M:%S %Y", "%d %B %Y %H:%M:%S",
        ]),
    ) {
        let at = Timestamp::from_second(second).unwrap();
        let zoned = at.to_zoned(TimeZone::fixed(Offset::constant(naked)));
        let text = strtime::format(form, &zoned).unwrap();
        prop_assert_eq!(moment(&text, Offset::constant(naked)), Some(at), "{}", text);
    }

    /// In a zone with summer time, whatever its offset is that day.
    #[test]
    fn a_zone_in_brackets_is_honoured(
        second in 946_684_800_i64 + 86_400..4_102_444_800 - 86_400,
        name in prop::sample::select(vec!["Asia/Singapore", "Europe/London", "America/New_York", "Australia/Lord_Howe"]),
    ) {
        let at = Timestamp::from_second(second).unwrap();
        let zoned = at.to_zoned(TimeZone::get(name).unwrap());
        prop_assert_eq!(moment(&zoned.to_string(), Offset::UTC), Some(at));
        let local = format!("{}[{name}]", zoned.datetime());
        if let Some(read) = moment(&local, Offset::UTC) {
            prop_assert_eq!(read.to_zoned(TimeZone::get(name).unwrap()).datetime(), zoned.datetime());
        }
    }

    /// A moment that was cut is none, or one with its minutes: never the midnight of its date.
    #[test]
    fn a_cut_moment_is_no_midnight(second in 1_000_000_000_i64..4_000_000_000, cut in 0_usize..25) {
        let at = Timestamp::from_second(second).unwrap();
        let whole = at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
        let text = whole.get(..cut).unwrap();
        match moment(text, Offset::UTC) {
            Some(read) => prop_assert!(cut >= 16 && at.duration_since(read).as_secs() < 60, "{}", text),
            None => prop_assert!(cut < 25),
        }
    }

    #[test]
    fn no_text_is_a_panic(text in "\\PC{0,30}|[0-9TZ:.,+\\- \\[\\]/APMGUTC]{0,40}|[0-9]{0,30}(e[0-9]{0,5})?") {
        let _ = moment(&text, Offset::constant(8));
    }
}

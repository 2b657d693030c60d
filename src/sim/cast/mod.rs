//! The cast: airlines, airports, passengers and agencies from which orders are made. Airlines and airports
//! are real, people and their documents are invented.

mod currencies;
mod people;
mod places;

pub(super) use self::{
    currencies::{is_settled_in, rate},
    people::{MAILBOXES, PEOPLE, People},
    places::{Airport, airport, places},
};

/// A direct flight that an airline sells.
#[derive(Debug)]
pub(super) struct Route {
    pub from: &'static str,
    pub to: &'static str,
    /// Flight number of the way out; the way back is the next one.
    pub number: u16,
    /// Local time of departure, hours and minutes.
    pub departs: (i8, i8),
    /// Flying time.
    pub minutes: i32,
}

/// What an airline wants to know of a card's billing address before it accepts the card: country, province,
/// city, postcode and street, in this order.
pub(super) type Billing = [bool; 5];

/// An airline.
#[derive(Debug)]
pub(super) struct Airline {
    pub code: &'static str,
    pub name: &'static str,
    pub site: &'static str,
    /// The currency in which it charges cards.
    pub currency: &'static str,
    pub fare_family: &'static str,
    pub billing: Billing,
    pub routes: &'static [Route],
}

impl Airline {
    /// How far from an airport it is at home, in time zones.
    pub(super) fn hours_from(&self, place: &Airport) -> u32 {
        let served = self.routes.iter().flat_map(|route| [route.from, route.to]);
        served.map(|code| airport(code).utc.abs_diff(place.utc) / 60).min().unwrap_or(u32::MAX)
    }
}

impl PartialEq for Airline {
    /// There is one of each code.
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Airline {}

/// A row of the vendor's matrix of billing addresses, as it is printed: `R` for required.
const fn row(marks: [u8; 5]) -> Billing {
    let [country, province, city, post_code, street] = marks;
    [country == b'R', province == b'R', city == b'R', post_code == b'R', street == b'R']
}

const fn route(from: &'static str, to: &'static str, number: u16, departs: (i8, i8), minutes: i32) -> Route {
    Route { from, to, number, departs, minutes }
}

macro_rules! airlines {
    ($($code:literal $name:literal $site:literal $currency:literal $family:literal $billing:literal
       [$($from:literal $to:literal $number:literal $hour:literal:$minute:literal $minutes:literal),+];
    )+) => {
        &[$(Airline {
            code: $code, name: $name, site: $site, currency: $currency,
            fare_family: $family, billing: row(*$billing),
            routes: &[$(route($from, $to, $number, ($hour, $minute), $minutes)),+],
        }),+]
    };
}

/// Airlines of every row of the billing matrix that has one with a wide network, and of no row at all.
pub(super) const AIRLINES: &[Airline] = airlines! {
    "5J" "Cebu Pacific" "https://www.cebupacificair.com" "PHP" "GO Basic" b"RRRRR"
        ["MNL" "SIN" 803 5:40 225, "MNL" "HKG" 110 6:10 140, "CEB" "NRT" 5062 6:25 285];
    "TR" "Scoot" "https://www.flyscoot.com" "SGD" "Fly" b"R-RRR"
        ["SIN" "BKK" 610 9:35 145, "SIN" "PER" 16 17:55 310, "SIN" "TPE" 874 1:10 280];
    "VY" "Vueling" "https://www.vueling.com" "EUR" "Basic" b"R-RRR"
        ["BCN" "BRU" 8988 7:15 125, "BCN" "ORY" 8018 12:40 110];
    "MM" "Peach" "https://www.flypeach.com" "JPY" "Minimum" b"--RRR"
        ["KIX" "ICN" 1 8:20 110, "KIX" "TPE" 23 11:20 195, "NRT" "CTS" 565 16:00 105];
    "FR" "Ryanair" "https://www.ryanair.com" "EUR" "Basic" b"-----"
        ["DUB" "KIR" 111 6:45 55, "MAN" "DUB" 557 9:10 65, "DUB" "STN" 203 12:30 80];
    "D8" "Norwegian Air Sweden" "https://www.norwegian.com" "SEK" "LowFare" b"R-RRR"
        ["ARN" "LGW" 4451 7:30 155, "ARN" "CPH" 4103 18:10 75];
    "U2" "easyJet" "https://www.easyjet.com" "GBP" "Standard" b"-----"
        ["LGW" "AMS" 8871 6:20 75, "LGW" "GVA" 8463 13:45 100];
    "AK" "AirAsia" "https://www.airasia.com" "MYR" "Value" b"-----"
        ["KUL" "SIN" 701 7:10 65, "KUL" "DPS" 378 9:30 185];
    "FD" "Thai AirAsia" "https://www.airasia.com" "THB" "Value" b"-----"
        ["DMK" "SIN" 351 9:45 145, "DMK" "CNX" 3437 15:20 75];
    "QG" "Citilink" "https://www.citilink.co.id" "IDR" "Basic" b"-----"
        ["CGK" "SUB" 716 15:10 95, "CGK" "DPS" 684 10:25 115];
    "VJ" "VietJet Air" "https://www.vietjetair.com" "VND" "Eco" b"-----"
        ["SGN" "HAN" 122 6:10 130, "SGN" "BKK" 801 8:55 95];
    "6E" "IndiGo" "https://www.goindigo.in" "INR" "Saver" b"-----"
        ["DEL" "BOM" 2112 8:00 135, "DEL" "DXB" 1463 20:30 230];
    "DY" "Norwegian" "https://www.norwegian.com" "NOK" "LowFare" b"-RRRR"
        ["OSL" "CPH" 940 11:25 70, "OSL" "ALC" 1792 6:50 215];
    "BT" "airBaltic" "https://www.airbaltic.com" "EUR" "Economy Basic" b"R-RRR"
        ["RIX" "HEL" 301 8:30 70, "RIX" "BER" 211 16:35 110];
    "W6" "Wizz Air" "https://www.wizzair.com" "HUF" "Basic" b"-----"
        ["BUD" "LTN" 2205 6:00 160, "BUD" "FCO" 2337 13:20 105];
    "NK" "Spirit" "https://www.spirit.com" "USD" "Bare Fare" b"RRRRR"
        ["FLL" "LGA" 372 10:15 185, "FLL" "ATL" 488 18:40 115];
    "F9" "Frontier" "https://www.flyfrontier.com" "USD" "Basic" b"R-RRR"
        ["DEN" "LAS" 1067 9:10 120, "DEN" "PHX" 2241 19:30 115];
    "SY" "Sun Country" "https://www.suncountry.com" "USD" "Basic" b"RRRRR"
        ["MSP" "LAX" 421 7:40 235];
    "LJ" "Jin Air" "https://www.jinair.com" "KRW" "Super Saver" b"RR-RR"
        ["ICN" "KIX" 211 7:35 105, "GMP" "CJU" 313 12:10 70];
    "9C" "Spring Airlines" "https://www.ch.com" "CNY" "Special" b"-----"
        ["PVG" "KIX" 8515 9:30 140, "PVG" "CNX" 6203 21:15 285];
    "EW" "Eurowings" "https://www.eurowings.com" "EUR" "BASIC" b"RRRRR"
        ["CGN" "PMI" 9540 5:55 150, "CGN" "BER" 52 18:15 65];
    "A3" "Aegean" "https://www.aegeanair.com" "EUR" "Light" b"RRRRR"
        ["ATH" "SKG" 116 9:00 55, "ATH" "LCA" 902 8:20 100];
    "JQ" "Jetstar" "https://www.jetstar.com" "AUD" "Starter" b"-----"
        ["SYD" "MEL" 503 7:00 95, "MEL" "OOL" 436 13:30 130];
    "DE" "Condor" "https://www.condor.com" "EUR" "Economy Zero" b"--R--"
        ["FRA" "PMI" 1508 6:10 135];
    "KM" "KM Malta" "https://www.kmmaltairlines.com" "EUR" "Economy Basic" b"R-R-R"
        ["MLA" "FCO" 612 6:50 90];
    "H4" "HiSky" "https://www.hisky.aero" "EUR" "Smart" b"R----"
        ["OTP" "DUB" 491 6:30 235];
    "RW" "Royal Air Philippines" "https://www.royalairphilippines.com" "PHP" "Saver" b"----R"
        ["MNL" "MPH" 111 8:10 70];
    "XY" "flynas" "https://www.flynas.com" "SAR" "Light" b"-----"
        ["RUH" "JED" 17 11:00 110, "RUH" "DXB" 201 17:45 115];
};

/// The airline of a designator.
pub(super) fn airline(code: &str) -> Option<&'static Airline> {
    AIRLINES.iter().find(|airline| airline.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_joins_two_listed_airports() {
        for route in AIRLINES.iter().flat_map(|airline| airline.routes) {
            for code in [route.from, route.to] {
                assert_eq!(airport(code).code, code);
            }
        }
    }

    #[test]
    fn every_currency_has_a_rate_of_its_own() {
        use rust_decimal::Decimal;

        let all = AIRLINES.iter().map(|airline| airline.currency).chain(currencies::SETTLED);
        for currency in all.filter(|currency| *currency != "USD") {
            assert_ne!(rate(currency).0, Decimal::ONE, "{currency}");
        }
    }
}

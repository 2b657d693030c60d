//! Airports and the cities they serve.

/// An airport.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::sim) struct Airport {
    /// IATA code of the airport.
    pub code: &'static str,
    /// IATA code of its city, by which the order list speaks.
    pub city: &'static str,
    /// Standard time there, in minutes ahead of UTC.
    pub utc: i32,
}

macro_rules! airports {
    ($($code:literal $city:literal $utc:literal),+ $(,)?) => {
        &[$(Airport { code: $code, city: $city, utc: $utc }),+]
    };
}

#[rustfmt::skip]
const AIRPORTS: &[Airport] = airports![
    "ABZ" "ABZ" 0, "ACE" "ACE" 0, "ADL" "ADL" 570, "AGP" "AGP" 60, "AKL" "AKL" 780, "ALC" "ALC" 60,
    "AMM" "AMM" 180, "AMS" "AMS" 60, "ARN" "STO" 60, "ATH" "ATH" 120, "ATL" "ATL" -300, "AUH" "AUH" 240,
    "AUS" "AUS" -360, "BCN" "BCN" 60, "BDS" "BDS" 60, "BER" "BER" 60, "BFS" "BFS" 0, "BGO" "BGO" 60,
    "BHX" "BHX" 0, "BKI" "BKI" 480, "BKK" "BKK" 420, "BLQ" "BLQ" 60, "BLR" "BLR" 330, "BNE" "BNE" 600,
    "BOG" "BOG" -300, "BOM" "BOM" 330, "BOS" "BOS" -300, "BRI" "BRI" 60, "BRS" "BRS" 0, "BRU" "BRU" 60,
    "BUD" "BUD" 60, "BWI" "BWI" -300, "CAI" "CAI" 120, "CAN" "CAN" 480, "CCU" "CCU" 330, "CDG" "PAR" 60,
    "CEB" "CEB" 480, "CGK" "JKT" 420, "CGN" "CGN" 60, "CHC" "CHC" 780, "CJU" "CJU" 540, "CKG" "CKG" 480,
    "CLT" "CLT" -300, "CMB" "CMB" 330, "CNX" "CNX" 420, "COK" "COK" 330, "CPH" "CPH" 60, "CRK" "CRK" 480,
    "CTA" "CTA" 60, "CTS" "SPK" 540, "CTU" "CTU" 480, "CUN" "CUN" -300, "DAC" "DAC" 360, "DAD" "DAD" 420,
    "DEL" "DEL" 330, "DEN" "DEN" -420, "DFW" "DFW" -360, "DMK" "BKK" 420, "DMM" "DMM" 180, "DOH" "DOH" 180,
    "DPS" "DPS" 480, "DRW" "DRW" 570, "DTW" "DTT" -300, "DUB" "DUB" 0, "DUS" "DUS" 60, "DVO" "DVO" 480,
    "DXB" "DXB" 240, "EDI" "EDI" 0, "EIN" "EIN" 60, "EWR" "NYC" -300, "EZE" "BUE" -180, "FAO" "FAO" 0,
    "FCO" "ROM" 60, "FLL" "FLL" -300, "FRA" "FRA" 60, "FUE" "FUE" 0, "FUK" "FUK" 540, "GDN" "GDN" 60,
    "GLA" "GLA" 0, "GMP" "SEL" 540, "GOI" "GOI" 330, "GOT" "GOT" 60, "GRU" "SAO" -180, "GVA" "GVA" 60,
    "HAK" "HAK" 480, "HAM" "HAM" 60, "HAN" "HAN" 420, "HEL" "HEL" 120, "HER" "HER" 120, "HGH" "HGH" 480,
    "HKG" "HKG" 480, "HKT" "HKT" 420, "HND" "TYO" 540, "HNL" "HNL" -600, "HYD" "HYD" 330, "IAD" "WAS" -300,
    "IAH" "HOU" -360, "IBZ" "IBZ" 60, "ICN" "SEL" 540, "IST" "IST" 180, "JED" "JED" 180, "JFK" "NYC" -300,
    "KCH" "KCH" 480, "KHH" "KHH" 480, "KIR" "KIR" 0, "KIX" "OSA" 540, "KNO" "MES" 420, "KRK" "KRK" 60,
    "KTM" "KTM" 345, "KUL" "KUL" 480, "KWI" "KWI" 180, "LAS" "LAS" -480, "LAX" "LAX" -480, "LCA" "LCA" 120,
    "LGA" "NYC" -300, "LGK" "LGK" 480, "LGW" "LON" 0, "LHR" "LON" 0, "LIM" "LIM" -300, "LIS" "LIS" 0,
    "LOP" "AMI" 480, "LPA" "LPA" 0, "LTN" "LON" 0, "LYS" "LYS" 60, "MAA" "MAA" 330, "MAD" "MAD" 60,
    "MAN" "MAN" 0, "MCO" "ORL" -300, "MCT" "MCT" 240, "MDW" "CHI" -360, "MEL" "MEL" 600, "MEX" "MEX" -360,
    "MFM" "MFM" 480, "MIA" "MIA" -300, "MLA" "MLA" 60, "MLE" "MLE" 300, "MNL" "MNL" 480, "MPH" "MPH" 480,
    "MRS" "MRS" 60, "MSP" "MSP" -360, "MSY" "MSY" -360, "MUC" "MUC" 60, "MXP" "MIL" 60, "NAP" "NAP" 60,
    "NCE" "NCE" 60, "NGO" "NGO" 540, "NRT" "TYO" 540, "NTE" "NTE" 60, "OKA" "OKA" 540, "OLB" "OLB" 60,
    "OOL" "OOL" 600, "OPO" "OPO" 0, "ORD" "CHI" -360, "ORY" "PAR" 60, "OSL" "OSL" 60, "OTP" "BUH" 120,
    "PDX" "PDX" -480, "PEK" "BJS" 480, "PEN" "PEN" 480, "PER" "PER" 480, "PHL" "PHL" -300, "PHX" "PHX" -420,
    "PKX" "BJS" 480, "PMI" "PMI" 60, "PMO" "PMO" 60, "PNH" "PNH" 420, "PNQ" "PNQ" 330, "PPS" "PPS" 480,
    "PQC" "PQC" 420, "PRG" "PRG" 60, "PSA" "PSA" 60, "PUS" "PUS" 540, "PVG" "SHA" 480, "PVR" "PVR" -360,
    "RDU" "RDU" -300, "REP" "REP" 420, "RGN" "RGN" 390, "RIX" "RIX" 120, "RMQ" "RMQ" 480, "RUH" "RUH" 180,
    "SAN" "SAN" -480, "SCL" "SCL" -240, "SDJ" "SDJ" 540, "SEA" "SEA" -480, "SFO" "SFO" -480,
    "SGN" "SGN" 420, "SHA" "SHA" 480, "SIN" "SIN" 480, "SJU" "SJU" -240, "SKG" "SKG" 120, "SOF" "SOF" 120,
    "STN" "LON" 0, "STR" "STR" 60, "SUB" "SUB" 420, "SVQ" "SVQ" 60, "SYD" "SYD" 600, "SZX" "SZX" 480,
    "TFS" "TCI" 0, "TGD" "TGD" 60, "TIA" "TIA" 60, "TLL" "TLL" 120, "TLV" "TLV" 120, "TPA" "TPA" -300,
    "TPE" "TPE" 480, "TRD" "TRD" 60, "TRZ" "TRZ" 330, "TSA" "TPE" 480, "TUN" "TUN" 60, "UPG" "UPG" 480,
    "USM" "USM" 420, "VCE" "VCE" 60, "VIE" "VIE" 60, "VLC" "VLC" 60, "VNO" "VNO" 120, "VTE" "VTE" 420,
    "WAW" "WAW" 60, "WLG" "WLG" 780, "WUH" "WUH" 480, "XIY" "SIA" 480, "XMN" "XMN" 480, "YUL" "YMQ" -300,
    "YVR" "YVR" -480, "YYZ" "YTO" -300, "ZAG" "ZAG" 60, "ZRH" "ZRH" 60,
];

/// The airport of a code; each route's airports are in the list (see the test of the airlines).
pub(in crate::sim) fn airport(code: &str) -> &'static Airport {
    const NOWHERE: &Airport = &Airport { code: "ZZZ", city: "ZZZ", utc: 0 };
    AIRPORTS.binary_search_by_key(&code, |airport| airport.code).map_or(NOWHERE, |at| &AIRPORTS[at])
}

/// The airports that a code means: one airport, or all those of a city. An airport comes before a city of the
/// same code.
pub(in crate::sim) fn places(code: &str) -> Vec<&'static Airport> {
    let mut places: Vec<&Airport> =
        AIRPORTS.iter().filter(|one| one.code == code || one.city == code).collect();
    places.sort_by_key(|one| one.code != code);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn airports_are_in_order_and_found_by_city() {
        assert!(AIRPORTS.is_sorted_by(|one, next| one.code < next.code));
        let codes = |code: &str| places(code).iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(codes("LON"), ["LGW", "LHR", "LTN", "STN"]);
        assert_eq!(codes("SHA"), ["SHA", "PVG"]);
        assert!(codes("ZZZ").is_empty());
    }
}

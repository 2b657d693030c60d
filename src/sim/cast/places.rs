//! Airports and the cities they serve.

use jiff::{SignedDuration, Timestamp, civil, tz::Offset};

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

impl Airport {
    /// What time it is there.
    pub(in crate::sim) fn local(&self, at: Timestamp) -> civil::DateTime {
        Offset::UTC.to_datetime(at).saturating_add(SignedDuration::from_mins(i64::from(self.utc)))
    }
}

macro_rules! airports {
    ($($code:literal $city:literal $utc:literal),+ $(,)?) => {
        &[$(Airport { code: $code, city: $city, utc: $utc }),+]
    };
}

#[rustfmt::skip]
const AIRPORTS: &[Airport] = airports![
    "AAL" "AAL" 60, "ABZ" "ABZ" 0, "ACE" "ACE" 0, "ADB" "IZM" 180, "ADL" "ADL" 570, "AEP" "BUE" -180,
    "AGA" "AGA" 60, "AGP" "AGP" 60, "AHB" "AHB" 180, "AKL" "AKL" 780, "ALA" "ALA" 300, "ALC" "ALC" 60,
    "ALG" "ALG" 60, "AMD" "AMD" 330, "AMM" "AMM" 180, "AMS" "AMS" 60, "ANC" "ANC" -540, "ARN" "STO" 60,
    "ATH" "ATH" 120, "ATL" "ATL" -300, "AUH" "AUH" 240, "AUS" "AUS" -360, "AVV" "MEL" 600, "AYT" "AYT" 180,
    "BAH" "BAH" 180, "BBI" "BBI" 330, "BCD" "BCD" 480, "BCN" "BCN" 60, "BDS" "BDS" 60, "BEG" "BEG" 60,
    "BER" "BER" 60, "BFS" "BFS" 0, "BGO" "BGO" 60, "BGY" "MIL" 60, "BHX" "BHX" 0, "BIO" "BIO" 60,
    "BKI" "BKI" 480, "BKK" "BKK" 420, "BLL" "BLL" 60, "BLQ" "BLQ" 60, "BLR" "BLR" 330, "BNA" "BNA" -360,
    "BNE" "BNE" 600, "BOD" "BOD" 60, "BOG" "BOG" -300, "BOH" "BOH" 0, "BOJ" "BOJ" 120, "BOM" "BOM" 330,
    "BOS" "BOS" -300, "BPN" "BPN" 480, "BRE" "BRE" 60, "BRI" "BRI" 60, "BRS" "BRS" 0, "BRU" "BRU" 60,
    "BSB" "BSB" -180, "BSL" "EAP" 60, "BUD" "BUD" 60, "BVA" "PAR" 60, "BWI" "BWI" -300, "CAG" "CAG" 60,
    "CAI" "CAI" 120, "CAN" "CAN" 480, "CBR" "CBR" 600, "CCU" "CCU" 330, "CDG" "PAR" 60, "CEB" "CEB" 480,
    "CEI" "CEI" 420, "CFU" "CFU" 120, "CGK" "JKT" 420, "CGN" "CGN" 60, "CGO" "CGO" 480, "CGY" "CGY" 480,
    "CHC" "CHC" 780, "CHQ" "CHQ" 120, "CIA" "ROM" 60, "CJB" "CJB" 330, "CJU" "CJU" 540, "CKG" "CKG" 480,
    "CLE" "CLE" -300, "CLJ" "CLJ" 120, "CLT" "CLT" -300, "CMB" "CMB" 330, "CMN" "CAS" 60, "CNS" "CNS" 600,
    "CNX" "CNX" 420, "COK" "COK" 330, "CPH" "CPH" 60, "CPT" "CPT" 120, "CRK" "CRK" 480, "CRL" "BRU" 60,
    "CSX" "CSX" 480, "CTA" "CTA" 60, "CTG" "CTG" -300, "CTS" "SPK" 540, "CTU" "CTU" 480, "CUN" "CUN" -300,
    "CVG" "CVG" -300, "CWL" "CWL" 0, "CXR" "CXR" 420, "DAC" "DAC" 360, "DAD" "DAD" 420, "DBV" "DBV" 60,
    "DEL" "DEL" 330, "DEN" "DEN" -420, "DFW" "DFW" -360, "DLC" "DLC" 480, "DLI" "DLI" 420, "DMK" "BKK" 420,
    "DMM" "DMM" 180, "DOH" "DOH" 180, "DPS" "DPS" 480, "DRW" "DRW" 570, "DTM" "DTM" 60, "DTW" "DTT" -300,
    "DUB" "DUB" 0, "DUD" "DUD" 780, "DUR" "DUR" 120, "DUS" "DUS" 60, "DVO" "DVO" 480, "DXB" "DXB" 240,
    "EBL" "EBL" 180, "EDI" "EDI" 0, "EIN" "EIN" 60, "EMA" "NQT" 0, "ESB" "ANK" 180, "EVN" "EVN" 240,
    "EWR" "NYC" -300, "EXT" "EXT" 0, "EZE" "BUE" -180, "FAO" "FAO" 0, "FCO" "ROM" 60, "FEZ" "FEZ" 60,
    "FLL" "FLL" -300, "FMM" "FMM" 60, "FOC" "FOC" 480, "FRA" "FRA" 60, "FUE" "FUE" 0, "FUK" "FUK" 540,
    "GAU" "GAU" 330, "GDL" "GDL" -360, "GDN" "GDN" 60, "GES" "GES" 480, "GIG" "RIO" -180, "GLA" "GLA" 0,
    "GMP" "SEL" 540, "GOA" "GOA" 60, "GOI" "GOI" 330, "GOT" "GOT" 60, "GRO" "GRO" 60, "GRU" "SAO" -180,
    "GRZ" "GRZ" 60, "GVA" "GVA" 60, "GYD" "BAK" 240, "HAK" "HAK" 480, "HAM" "HAM" 60, "HAN" "HAN" 420,
    "HBA" "HBA" 600, "HDY" "HDY" 420, "HEL" "HEL" 120, "HER" "HER" 120, "HGH" "HGH" 480, "HHN" "FRA" 60,
    "HIJ" "HIJ" 540, "HKG" "HKG" 480, "HKT" "HKT" 420, "HND" "TYO" 540, "HNL" "HNL" -600, "HPH" "HPH" 420,
    "HRB" "HRB" 480, "HRG" "HRG" 120, "HUI" "HUI" 420, "HYD" "HYD" 330, "IAD" "WAS" -300, "IAH" "HOU" -360,
    "IAS" "IAS" 120, "IBR" "IBR" 540, "IBZ" "IBZ" 60, "ICN" "SEL" 540, "ILO" "ILO" 480, "IND" "IND" -300,
    "INN" "INN" 60, "INV" "INV" 0, "IPH" "IPH" 480, "ISG" "ISG" 540, "IST" "IST" 180, "IXC" "IXC" 330,
    "JAI" "JAI" 330, "JED" "JED" 180, "JFK" "NYC" -300, "JHB" "JHB" 480, "JJN" "JJN" 480, "JMK" "JMK" 120,
    "JNB" "JNB" 120, "JTR" "JTR" 120, "KBV" "KBV" 420, "KCH" "KCH" 480, "KEF" "REK" 0, "KGS" "KGS" 120,
    "KHH" "KHH" 480, "KIR" "KIR" 0, "KIX" "OSA" 540, "KKC" "KKC" 420, "KLO" "KLO" 480, "KMG" "KMG" 480,
    "KMJ" "KMJ" 540, "KNO" "MES" 420, "KOJ" "KOJ" 540, "KRK" "KRK" 60, "KTM" "KTM" 345, "KTW" "KTW" 60,
    "KUL" "KUL" 480, "KWE" "KWE" 480, "KWI" "KWI" 180, "LAS" "LAS" -480, "LAX" "LAX" -480, "LBA" "LBA" 0,
    "LBB" "LBB" -360, "LBJ" "LBJ" 480, "LCA" "LCA" 120, "LCY" "LON" 0, "LEJ" "LEJ" 60, "LGA" "NYC" -300,
    "LGK" "LGK" 480, "LGW" "LON" 0, "LHR" "LON" 0, "LIM" "LIM" -300, "LIN" "MIL" 60, "LIS" "LIS" 0,
    "LJU" "LJU" 60, "LKO" "LKO" 330, "LOP" "AMI" 480, "LPA" "LPA" 0, "LPL" "LPL" 0, "LTN" "LON" 0,
    "LUX" "LUX" 60, "LYS" "LYS" 60, "MAA" "MAA" 330, "MAD" "MAD" 60, "MAH" "MAH" 60, "MAN" "MAN" 0,
    "MCI" "MKC" -360, "MCO" "ORL" -300, "MCT" "MCT" 240, "MDC" "MDC" 480, "MDE" "MDE" -300,
    "MDW" "CHI" -360, "MED" "MED" 180, "MEL" "MEL" 600, "MEX" "MEX" -360, "MFM" "MFM" 480, "MIA" "MIA" -300,
    "MKE" "MKE" -360, "MLA" "MLA" 60, "MLE" "MLE" 300, "MMY" "MMY" 540, "MNL" "MNL" 480, "MPH" "MPH" 480,
    "MPL" "MPL" 60, "MRS" "MRS" 60, "MSP" "MSP" -360, "MSY" "MSY" -360, "MTY" "MTY" -360, "MUC" "MUC" 60,
    "MXP" "MIL" 60, "MYJ" "MYJ" 540, "MYY" "MYY" 480, "NAP" "NAP" 60, "NBO" "NBO" 180, "NCE" "NCE" 60,
    "NCL" "NCL" 0, "NGB" "NGB" 480, "NGO" "NGO" 540, "NGS" "NGS" 540, "NJF" "NJF" 180, "NKG" "NKG" 480,
    "NNG" "NNG" 480, "NOC" "NOC" 0, "NRN" "DUS" 60, "NRT" "TYO" 540, "NST" "NST" 420, "NTE" "NTE" 60,
    "NTL" "NTL" 600, "NUE" "NUE" 60, "NYO" "STO" 60, "OAK" "OAK" -480, "OIT" "OIT" 540, "OKA" "OKA" 540,
    "OLB" "OLB" 60, "OOL" "OOL" 600, "OPO" "OPO" 0, "ORD" "CHI" -360, "ORK" "ORK" 0, "ORY" "PAR" 60,
    "OSL" "OSL" 60, "OTP" "BUH" 120, "PAT" "PAT" 330, "PDG" "PDG" 420, "PDX" "PDX" -480, "PEK" "BJS" 480,
    "PEN" "PEN" 480, "PER" "PER" 480, "PFO" "PFO" 120, "PHL" "PHL" -300, "PHX" "PHX" -420, "PIE" "TPA" -300,
    "PIT" "PIT" -300, "PKU" "PKU" 420, "PKX" "BJS" 480, "PLM" "PLM" 420, "PMI" "PMI" 60, "PMO" "PMO" 60,
    "PNH" "PNH" 420, "PNQ" "PNQ" 330, "POZ" "POZ" 60, "PPS" "PPS" 480, "PQC" "PQC" 420, "PRG" "PRG" 60,
    "PRN" "PRN" 60, "PSA" "PSA" 60, "PTY" "PTY" -300, "PUJ" "PUJ" -240, "PUS" "PUS" 540, "PUY" "PUY" 60,
    "PVG" "SHA" 480, "PVR" "PVR" -360, "RAK" "RAK" 60, "RDU" "RDU" -300, "REP" "REP" 420, "REU" "REU" 60,
    "RGN" "RGN" 390, "RHO" "RHO" 120, "RIX" "RIX" 120, "RMQ" "RMQ" 480, "RSW" "FMY" -300, "RTM" "RTM" 60,
    "RUH" "RUH" 180, "RVN" "RVN" 120, "RZE" "RZE" 60, "SAN" "SAN" -480, "SAW" "IST" 180, "SBW" "SBW" 480,
    "SCL" "SCL" -240, "SCQ" "SCQ" 60, "SDJ" "SDJ" 540, "SDK" "SDK" 480, "SDQ" "SDQ" -240, "SEA" "SEA" -480,
    "SFB" "ORL" -300, "SFO" "SFO" -480, "SGN" "SGN" 420, "SHA" "SHA" 480, "SHE" "SHE" 480, "SHJ" "SHJ" 240,
    "SIN" "SIN" 480, "SJC" "SJC" -480, "SJO" "SJO" -360, "SJU" "SJU" -240, "SKG" "SKG" 120, "SKP" "SKP" 60,
    "SLC" "SLC" -420, "SLL" "SLL" 240, "SMF" "SMF" -480, "SNN" "SNN" 0, "SOF" "SOF" 120, "SOU" "SOU" 0,
    "SPU" "SPU" 60, "SRG" "SRG" 420, "SSH" "SSH" 120, "STL" "STL" -360, "STN" "LON" 0, "STR" "STR" 60,
    "SUB" "SUB" 420, "SVG" "SVG" 60, "SVQ" "SVQ" 60, "SYD" "SYD" 600, "SYX" "SYX" 480, "SZG" "SZG" 60,
    "SZX" "SZX" 480, "TAC" "TAC" 480, "TAE" "TAE" 540, "TAG" "TAG" 480, "TAK" "TAK" 540, "TAO" "TAO" 480,
    "TAS" "TAS" 300, "TBS" "TBS" 240, "TFS" "TCI" 0, "TGD" "TGD" 60, "TIA" "TIA" 60, "TIJ" "TIJ" -480,
    "TKU" "TKU" 120, "TLL" "TLL" 120, "TLS" "TLS" 60, "TLV" "TLV" 120, "TMP" "TMP" 120, "TNA" "TNA" 480,
    "TNG" "TNG" 60, "TOS" "TOS" 60, "TPA" "TPA" -300, "TPE" "TPE" 480, "TPS" "TPS" 60, "TRD" "TRD" 60,
    "TRN" "TRN" 60, "TRV" "TRV" 330, "TRZ" "TRZ" 330, "TSA" "TPE" 480, "TSF" "VCE" 60, "TSN" "TSN" 480,
    "TSR" "TSR" 120, "TSV" "TSV" 600, "TUN" "TUN" 60, "TUU" "TUU" 180, "TWU" "TWU" 480, "UBP" "UBP" 420,
    "UIH" "UIH" 420, "UIO" "UIO" -300, "UPG" "UPG" 480, "URC" "URC" 480, "URT" "URT" 420, "USM" "USM" 420,
    "UTH" "UTH" 420, "VAR" "VAR" 120, "VCA" "VCA" 420, "VCE" "VCE" 60, "VCP" "SAO" -180, "VIE" "VIE" 60,
    "VII" "VII" 420, "VLC" "VLC" 60, "VNO" "VNO" 120, "VNS" "VNS" 330, "VRN" "VRN" 60, "VTE" "VTE" 420,
    "WAW" "WAW" 60, "WLG" "WLG" 780, "WMI" "WAW" 60, "WNZ" "WNZ" 480, "WRO" "WRO" 60, "WUH" "WUH" 480,
    "XIY" "SIA" 480, "XMN" "XMN" 480, "XRY" "XRY" 60, "YEG" "YEA" -420, "YHZ" "YHZ" -240, "YIA" "JOG" 420,
    "YOW" "YOW" -300, "YUL" "YMQ" -300, "YVR" "YVR" -480, "YWG" "YWG" -360, "YYC" "YEA" -420,
    "YYZ" "YTO" -300, "ZAD" "ZAD" 60, "ZAG" "ZAG" 60, "ZAM" "ZAM" 480, "ZQN" "ZQN" 780, "ZRH" "ZRH" 60,
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
        assert_eq!(codes("LON"), ["LCY", "LGW", "LHR", "LTN", "STN"]);
        assert_eq!(codes("SHA"), ["SHA", "PVG"]);
        assert!(codes("ZZZ").is_empty());
    }
}

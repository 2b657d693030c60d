//! Passengers and agencies.

/// People of one country: how they are named and where their documents come from.
pub(in crate::sim) struct People {
    pub country: &'static str,
    pub families: &'static [&'static str],
    pub women: &'static [&'static str],
    pub men: &'static [&'static str],
    /// Calling code, four digits.
    pub phone: &'static str,
}

/// Passengers as airlines book them: Latin capitals. The first group is written in Chinese characters, which
/// some regional carriers take, and which take two columns each on a screen.
pub(in crate::sim) const PEOPLE: &[People] = &[
    People {
        country: "CN",
        families: &["王", "李", "张", "欧阳", "陈", "赵"],
        women: &["秀英", "丽娜", "雨桐", "静"],
        men: &["小明", "建国", "浩然", "伟"],
        phone: "0086",
    },
    People {
        country: "CN",
        families: &["WANG", "LI", "ZHANG", "LIU", "CHEN", "YANG", "OUYANG", "ZHAO", "XU"],
        women: &["XIUYING", "LINA", "YUTONG", "JING", "MEILING"],
        men: &["XIAOMING", "JIANGUO", "HAORAN", "WEI", "LEI"],
        phone: "0086",
    },
    People {
        country: "PH",
        families: &["REYES", "BAUTISTA", "DELA CRUZ", "OCAMPO", "VILLANUEVA"],
        women: &["MARIA CLARA", "ANGELICA", "JOY"],
        men: &["JOSE MIGUEL", "PAOLO", "EMILIO"],
        phone: "0063",
    },
    People {
        country: "JP",
        families: &["SATO", "WATANABE", "KOBAYASHI", "MATSUMOTO"],
        women: &["YUI", "HARUKA", "AKARI"],
        men: &["REN", "DAICHI", "KENJI"],
        phone: "0081",
    },
    People {
        country: "DE",
        families: &["BECKER", "SCHUSTER", "VON DER HEIDE", "KELLER"],
        women: &["ANNIKA", "GRETA", "SABINE"],
        men: &["LUKAS", "MORITZ", "HEINRICH"],
        phone: "0049",
    },
    People {
        country: "ES",
        families: &["GARCIA LOPEZ", "NAVARRO", "ORTEGA", "IGLESIAS"],
        women: &["CARMEN", "LUCIA", "NURIA"],
        men: &["PABLO", "ALEJANDRO", "IKER"],
        phone: "0034",
    },
    People {
        country: "IN",
        families: &["SHARMA", "IYER", "CHATTERJEE", "VENKATANARASIMHARAJUVARIPETA"],
        women: &["ANANYA", "KAVITA", "DIYA"],
        men: &["ARJUN", "ROHAN", "VIKRAM"],
        phone: "0091",
    },
    People {
        country: "US",
        families: &["MILLER", "O'CONNOR", "WASHINGTON", "NGUYEN"],
        women: &["EMILY", "GRACE ANNE", "OLIVIA"],
        men: &["JAMES", "TYLER", "BENJAMIN"],
        phone: "0001",
    },
    People {
        country: "SG",
        families: &["TAN", "LIM", "NG", "RAJARATNAM"],
        women: &["HUI MIN", "SHU FEN", "PRIYA"],
        men: &["JUN WEI", "KAI XIANG", "BOON HOCK"],
        phone: "0065",
    },
];

/// Mailboxes of the agencies that place the orders.
pub(in crate::sim) const MAILBOXES: &[&str] = &[
    "tickets@blue-harbour.example",
    "desk@skylane.example",
    "ota@kaida-travel.example",
    "ops@norte.example",
];

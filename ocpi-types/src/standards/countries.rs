//! Countries of ISO 3166-1, with their currencies and their time zone.
//!
//! Codes: ISO 3166-1 as of February 2026 (pycountry 26.2.16), and `XK`, `XKX`, which ISO leaves to its users and which the
//! European Union uses for Kosovo. Currencies: legal tender as of November 2026 (CLDR in Babel 2.19.0). Time zones: IANA 2026f,
//! where all of a country's zones have had the same clock by the rules that are in force.

/// A country, with its codes, currencies and time zone.
#[derive(Debug)]
pub(crate) struct Country {
    /// Two letters.
    pub(crate) alpha2: &'static str,
    /// Three letters.
    pub(crate) alpha3: &'static str,
    /// Its currencies, parted by blanks.
    pub(crate) currencies: &'static str,
    /// Its time zone, or nothing if it has several.
    pub(crate) time_zone: &'static str,
}

/// The country of this code of two letters; case does not matter.
#[inline]
pub(crate) fn by_alpha2(code: &str) -> Option<&'static Country> {
    let letters: &[u8; 2] = code.as_bytes().try_into().ok()?;
    BY_ALPHA2.get(number(letters)?).and_then(|place| COUNTRIES.get(usize::from(*place)))
}

/// The country of this code of three letters; case does not matter.
#[inline]
pub(crate) fn by_alpha3(code: &str) -> Option<&'static Country> {
    let letters: &[u8; 3] = code.as_bytes().try_into().ok()?;
    BY_ALPHA3.get(number(letters)?).and_then(|place| COUNTRIES.get(usize::from(*place)))
}

/// All countries.
pub(crate) fn all() -> &'static [Country] {
    &COUNTRIES
}

/// Letters as a number in base 26.
#[inline]
const fn number(letters: &[u8]) -> Option<usize> {
    let (mut number, mut at) = (0, 0);
    while at < letters.len() {
        if !letters[at].is_ascii_alphabetic() {
            return None;
        }
        number = number * 26 + (letters[at].to_ascii_uppercase() - b'A') as usize;
        at += 1;
    }
    Some(number)
}

/// The places of the countries by the numbers of their codes.
static BY_ALPHA2: [u8; 26 * 26] = places(false);
static BY_ALPHA3: [u8; 26 * 26 * 26] = places(true);

/// Place of no country.
const NONE: u8 = u8::MAX;

const fn places<const N: usize>(of_three: bool) -> [u8; N] {
    let mut places = [NONE; N];
    let mut place = 0;
    while place < NONE && (place as usize) < COUNTRIES.len() {
        let country = &COUNTRIES[place as usize];
        let code = if of_three { country.alpha3 } else { country.alpha2 };
        if let Some(number) = number(code.as_bytes()) {
            places[number] = place;
        }
        place += 1;
    }
    places
}

const fn country(
    alpha2: &'static str,
    alpha3: &'static str,
    currencies: &'static str,
    time_zone: &'static str,
) -> Country {
    Country { alpha2, alpha3, currencies, time_zone }
}

/// In order of the codes of two letters.
#[rustfmt::skip]
static COUNTRIES: [Country; 250] = [
    country("AD", "AND", "EUR", "Europe/Andorra"),
    country("AE", "ARE", "AED", "Asia/Dubai"),
    country("AF", "AFG", "AFN", "Asia/Kabul"),
    country("AG", "ATG", "XCD", "America/Antigua"),
    country("AI", "AIA", "XCD", "America/Anguilla"),
    country("AL", "ALB", "ALL", "Europe/Tirane"),
    country("AM", "ARM", "AMD", "Asia/Yerevan"),
    country("AO", "AGO", "AOA", "Africa/Luanda"),
    country("AQ", "ATA", "", ""),
    country("AR", "ARG", "ARS", "America/Argentina/Buenos_Aires"),
    country("AS", "ASM", "USD", "Pacific/Pago_Pago"),
    country("AT", "AUT", "EUR", "Europe/Vienna"),
    country("AU", "AUS", "AUD", ""),
    country("AW", "ABW", "AWG", "America/Aruba"),
    country("AX", "ALA", "EUR", "Europe/Mariehamn"),
    country("AZ", "AZE", "AZN", "Asia/Baku"),
    country("BA", "BIH", "BAM", "Europe/Sarajevo"),
    country("BB", "BRB", "BBD", "America/Barbados"),
    country("BD", "BGD", "BDT", "Asia/Dhaka"),
    country("BE", "BEL", "EUR", "Europe/Brussels"),
    country("BF", "BFA", "XOF", "Africa/Ouagadougou"),
    country("BG", "BGR", "EUR", "Europe/Sofia"),
    country("BH", "BHR", "BHD", "Asia/Bahrain"),
    country("BI", "BDI", "BIF", "Africa/Bujumbura"),
    country("BJ", "BEN", "XOF", "Africa/Porto-Novo"),
    country("BL", "BLM", "EUR", "America/St_Barthelemy"),
    country("BM", "BMU", "BMD", "Atlantic/Bermuda"),
    country("BN", "BRN", "BND", "Asia/Brunei"),
    country("BO", "BOL", "BOB", "America/La_Paz"),
    country("BQ", "BES", "USD", "America/Kralendijk"),
    country("BR", "BRA", "BRL", ""),
    country("BS", "BHS", "BSD", "America/Nassau"),
    country("BT", "BTN", "INR BTN", "Asia/Thimphu"),
    country("BV", "BVT", "NOK", ""),
    country("BW", "BWA", "BWP", "Africa/Gaborone"),
    country("BY", "BLR", "BYN", "Europe/Minsk"),
    country("BZ", "BLZ", "BZD", "America/Belize"),
    country("CA", "CAN", "CAD", ""),
    country("CC", "CCK", "AUD", "Indian/Cocos"),
    country("CD", "COD", "CDF", ""),
    country("CF", "CAF", "XAF", "Africa/Bangui"),
    country("CG", "COG", "XAF", "Africa/Brazzaville"),
    country("CH", "CHE", "CHF", "Europe/Zurich"),
    country("CI", "CIV", "XOF", "Africa/Abidjan"),
    country("CK", "COK", "NZD", "Pacific/Rarotonga"),
    country("CL", "CHL", "CLP", ""),
    country("CM", "CMR", "XAF", "Africa/Douala"),
    country("CN", "CHN", "CNY", ""),
    country("CO", "COL", "COP", "America/Bogota"),
    country("CR", "CRI", "CRC", "America/Costa_Rica"),
    country("CU", "CUB", "CUP", "America/Havana"),
    country("CV", "CPV", "CVE", "Atlantic/Cape_Verde"),
    country("CW", "CUW", "XCG", "America/Curacao"),
    country("CX", "CXR", "AUD", "Indian/Christmas"),
    country("CY", "CYP", "EUR", "Asia/Nicosia"),
    country("CZ", "CZE", "CZK", "Europe/Prague"),
    country("DE", "DEU", "EUR", "Europe/Berlin"),
    country("DJ", "DJI", "DJF", "Africa/Djibouti"),
    country("DK", "DNK", "DKK", "Europe/Copenhagen"),
    country("DM", "DMA", "XCD", "America/Dominica"),
    country("DO", "DOM", "DOP", "America/Santo_Domingo"),
    country("DZ", "DZA", "DZD", "Africa/Algiers"),
    country("EC", "ECU", "USD", ""),
    country("EE", "EST", "EUR", "Europe/Tallinn"),
    country("EG", "EGY", "EGP", "Africa/Cairo"),
    country("EH", "ESH", "MAD", "Africa/El_Aaiun"),
    country("ER", "ERI", "ERN", "Africa/Asmara"),
    country("ES", "ESP", "EUR", ""),
    country("ET", "ETH", "ETB", "Africa/Addis_Ababa"),
    country("FI", "FIN", "EUR", "Europe/Helsinki"),
    country("FJ", "FJI", "FJD", "Pacific/Fiji"),
    country("FK", "FLK", "FKP", "Atlantic/Stanley"),
    country("FM", "FSM", "USD", ""),
    country("FO", "FRO", "DKK", "Atlantic/Faroe"),
    country("FR", "FRA", "EUR", "Europe/Paris"),
    country("GA", "GAB", "XAF", "Africa/Libreville"),
    country("GB", "GBR", "GBP", "Europe/London"),
    country("GD", "GRD", "XCD", "America/Grenada"),
    country("GE", "GEO", "GEL", "Asia/Tbilisi"),
    country("GF", "GUF", "EUR", "America/Cayenne"),
    country("GG", "GGY", "GBP", "Europe/Guernsey"),
    country("GH", "GHA", "GHS", "Africa/Accra"),
    country("GI", "GIB", "GIP", "Europe/Gibraltar"),
    country("GL", "GRL", "DKK", ""),
    country("GM", "GMB", "GMD", "Africa/Banjul"),
    country("GN", "GIN", "GNF", "Africa/Conakry"),
    country("GP", "GLP", "EUR", "America/Guadeloupe"),
    country("GQ", "GNQ", "XAF", "Africa/Malabo"),
    country("GR", "GRC", "EUR", "Europe/Athens"),
    country("GS", "SGS", "GBP", "Atlantic/South_Georgia"),
    country("GT", "GTM", "GTQ", "America/Guatemala"),
    country("GU", "GUM", "USD", "Pacific/Guam"),
    country("GW", "GNB", "XOF", "Africa/Bissau"),
    country("GY", "GUY", "GYD", "America/Guyana"),
    country("HK", "HKG", "HKD", "Asia/Hong_Kong"),
    country("HM", "HMD", "AUD", ""),
    country("HN", "HND", "HNL", "America/Tegucigalpa"),
    country("HR", "HRV", "EUR", "Europe/Zagreb"),
    country("HT", "HTI", "HTG USD", "America/Port-au-Prince"),
    country("HU", "HUN", "HUF", "Europe/Budapest"),
    country("ID", "IDN", "IDR", ""),
    country("IE", "IRL", "EUR", "Europe/Dublin"),
    country("IL", "ISR", "ILS", "Asia/Jerusalem"),
    country("IM", "IMN", "GBP", "Europe/Isle_of_Man"),
    country("IN", "IND", "INR", "Asia/Kolkata"),
    country("IO", "IOT", "USD", "Indian/Chagos"),
    country("IQ", "IRQ", "IQD", "Asia/Baghdad"),
    country("IR", "IRN", "IRR", "Asia/Tehran"),
    country("IS", "ISL", "ISK", "Atlantic/Reykjavik"),
    country("IT", "ITA", "EUR", "Europe/Rome"),
    country("JE", "JEY", "GBP", "Europe/Jersey"),
    country("JM", "JAM", "JMD", "America/Jamaica"),
    country("JO", "JOR", "JOD", "Asia/Amman"),
    country("JP", "JPN", "JPY", "Asia/Tokyo"),
    country("KE", "KEN", "KES", "Africa/Nairobi"),
    country("KG", "KGZ", "KGS", "Asia/Bishkek"),
    country("KH", "KHM", "KHR", "Asia/Phnom_Penh"),
    country("KI", "KIR", "AUD", ""),
    country("KM", "COM", "KMF", "Indian/Comoro"),
    country("KN", "KNA", "XCD", "America/St_Kitts"),
    country("KP", "PRK", "KPW", "Asia/Pyongyang"),
    country("KR", "KOR", "KRW", "Asia/Seoul"),
    country("KW", "KWT", "KWD", "Asia/Kuwait"),
    country("KY", "CYM", "KYD", "America/Cayman"),
    country("KZ", "KAZ", "KZT", "Asia/Almaty"),
    country("LA", "LAO", "LAK", "Asia/Vientiane"),
    country("LB", "LBN", "LBP", "Asia/Beirut"),
    country("LC", "LCA", "XCD", "America/St_Lucia"),
    country("LI", "LIE", "CHF", "Europe/Vaduz"),
    country("LK", "LKA", "LKR", "Asia/Colombo"),
    country("LR", "LBR", "LRD", "Africa/Monrovia"),
    country("LS", "LSO", "ZAR LSL", "Africa/Maseru"),
    country("LT", "LTU", "EUR", "Europe/Vilnius"),
    country("LU", "LUX", "EUR", "Europe/Luxembourg"),
    country("LV", "LVA", "EUR", "Europe/Riga"),
    country("LY", "LBY", "LYD", "Africa/Tripoli"),
    country("MA", "MAR", "MAD", "Africa/Casablanca"),
    country("MC", "MCO", "EUR", "Europe/Monaco"),
    country("MD", "MDA", "MDL", "Europe/Chisinau"),
    country("ME", "MNE", "EUR", "Europe/Podgorica"),
    country("MF", "MAF", "EUR", "America/Marigot"),
    country("MG", "MDG", "MGA", "Indian/Antananarivo"),
    country("MH", "MHL", "USD", "Pacific/Majuro"),
    country("MK", "MKD", "MKD", "Europe/Skopje"),
    country("ML", "MLI", "XOF", "Africa/Bamako"),
    country("MM", "MMR", "MMK", "Asia/Yangon"),
    country("MN", "MNG", "MNT", ""),
    country("MO", "MAC", "MOP", "Asia/Macau"),
    country("MP", "MNP", "USD", "Pacific/Saipan"),
    country("MQ", "MTQ", "EUR", "America/Martinique"),
    country("MR", "MRT", "MRU", "Africa/Nouakchott"),
    country("MS", "MSR", "XCD", "America/Montserrat"),
    country("MT", "MLT", "EUR", "Europe/Malta"),
    country("MU", "MUS", "MUR", "Indian/Mauritius"),
    country("MV", "MDV", "MVR", "Indian/Maldives"),
    country("MW", "MWI", "MWK", "Africa/Blantyre"),
    country("MX", "MEX", "MXN", ""),
    country("MY", "MYS", "MYR", "Asia/Kuala_Lumpur"),
    country("MZ", "MOZ", "MZN", "Africa/Maputo"),
    country("NA", "NAM", "ZAR NAD", "Africa/Windhoek"),
    country("NC", "NCL", "XPF", "Pacific/Noumea"),
    country("NE", "NER", "XOF", "Africa/Niamey"),
    country("NF", "NFK", "AUD", "Pacific/Norfolk"),
    country("NG", "NGA", "NGN", "Africa/Lagos"),
    country("NI", "NIC", "NIO", "America/Managua"),
    country("NL", "NLD", "EUR", "Europe/Amsterdam"),
    country("NO", "NOR", "NOK", "Europe/Oslo"),
    country("NP", "NPL", "NPR", "Asia/Kathmandu"),
    country("NR", "NRU", "AUD", "Pacific/Nauru"),
    country("NU", "NIU", "NZD", "Pacific/Niue"),
    country("NZ", "NZL", "NZD", ""),
    country("OM", "OMN", "OMR", "Asia/Muscat"),
    country("PA", "PAN", "PAB USD", "America/Panama"),
    country("PE", "PER", "PEN", "America/Lima"),
    country("PF", "PYF", "XPF", ""),
    country("PG", "PNG", "PGK", ""),
    country("PH", "PHL", "PHP", "Asia/Manila"),
    country("PK", "PAK", "PKR", "Asia/Karachi"),
    country("PL", "POL", "PLN", "Europe/Warsaw"),
    country("PM", "SPM", "EUR", "America/Miquelon"),
    country("PN", "PCN", "NZD", "Pacific/Pitcairn"),
    country("PR", "PRI", "USD", "America/Puerto_Rico"),
    country("PS", "PSE", "ILS JOD", "Asia/Gaza"),
    country("PT", "PRT", "EUR", ""),
    country("PW", "PLW", "USD", "Pacific/Palau"),
    country("PY", "PRY", "PYG", "America/Asuncion"),
    country("QA", "QAT", "QAR", "Asia/Qatar"),
    country("RE", "REU", "EUR", "Indian/Reunion"),
    country("RO", "ROU", "RON", "Europe/Bucharest"),
    country("RS", "SRB", "RSD", "Europe/Belgrade"),
    country("RU", "RUS", "RUB", ""),
    country("RW", "RWA", "RWF", "Africa/Kigali"),
    country("SA", "SAU", "SAR", "Asia/Riyadh"),
    country("SB", "SLB", "SBD", "Pacific/Guadalcanal"),
    country("SC", "SYC", "SCR", "Indian/Mahe"),
    country("SD", "SDN", "SDG", "Africa/Khartoum"),
    country("SE", "SWE", "SEK", "Europe/Stockholm"),
    country("SG", "SGP", "SGD", "Asia/Singapore"),
    country("SH", "SHN", "SHP", "Atlantic/St_Helena"),
    country("SI", "SVN", "EUR", "Europe/Ljubljana"),
    country("SJ", "SJM", "NOK", "Arctic/Longyearbyen"),
    country("SK", "SVK", "EUR", "Europe/Bratislava"),
    country("SL", "SLE", "SLE", "Africa/Freetown"),
    country("SM", "SMR", "EUR", "Europe/San_Marino"),
    country("SN", "SEN", "XOF", "Africa/Dakar"),
    country("SO", "SOM", "SOS", "Africa/Mogadishu"),
    country("SR", "SUR", "SRD", "America/Paramaribo"),
    country("SS", "SSD", "SSP", "Africa/Juba"),
    country("ST", "STP", "STN", "Africa/Sao_Tome"),
    country("SV", "SLV", "USD", "America/El_Salvador"),
    country("SX", "SXM", "XCG", "America/Lower_Princes"),
    country("SY", "SYR", "SYP", "Asia/Damascus"),
    country("SZ", "SWZ", "SZL", "Africa/Mbabane"),
    country("TC", "TCA", "USD", "America/Grand_Turk"),
    country("TD", "TCD", "XAF", "Africa/Ndjamena"),
    country("TF", "ATF", "EUR", "Indian/Kerguelen"),
    country("TG", "TGO", "XOF", "Africa/Lome"),
    country("TH", "THA", "THB", "Asia/Bangkok"),
    country("TJ", "TJK", "TJS", "Asia/Dushanbe"),
    country("TK", "TKL", "NZD", "Pacific/Fakaofo"),
    country("TL", "TLS", "USD", "Asia/Dili"),
    country("TM", "TKM", "TMT", "Asia/Ashgabat"),
    country("TN", "TUN", "TND", "Africa/Tunis"),
    country("TO", "TON", "TOP", "Pacific/Tongatapu"),
    country("TR", "TUR", "TRY", "Europe/Istanbul"),
    country("TT", "TTO", "TTD", "America/Port_of_Spain"),
    country("TV", "TUV", "AUD", "Pacific/Funafuti"),
    country("TW", "TWN", "TWD", "Asia/Taipei"),
    country("TZ", "TZA", "TZS", "Africa/Dar_es_Salaam"),
    country("UA", "UKR", "UAH", ""),
    country("UG", "UGA", "UGX", "Africa/Kampala"),
    country("UM", "UMI", "USD", ""),
    country("US", "USA", "USD", ""),
    country("UY", "URY", "UYU", "America/Montevideo"),
    country("UZ", "UZB", "UZS", "Asia/Samarkand"),
    country("VA", "VAT", "EUR", "Europe/Vatican"),
    country("VC", "VCT", "XCD", "America/St_Vincent"),
    country("VE", "VEN", "VES", "America/Caracas"),
    country("VG", "VGB", "USD", "America/Tortola"),
    country("VI", "VIR", "USD", "America/St_Thomas"),
    country("VN", "VNM", "VND", "Asia/Ho_Chi_Minh"),
    country("VU", "VUT", "VUV", "Pacific/Efate"),
    country("WF", "WLF", "XPF", "Pacific/Wallis"),
    country("WS", "WSM", "WST", "Pacific/Apia"),
    country("XK", "XKX", "EUR", "Europe/Belgrade"),
    country("YE", "YEM", "YER", "Asia/Aden"),
    country("YT", "MYT", "EUR", "Indian/Mayotte"),
    country("ZA", "ZAF", "ZAR", "Africa/Johannesburg"),
    country("ZM", "ZMB", "ZMW", "Africa/Lusaka"),
    country("ZW", "ZWE", "USD ZWG", "Africa/Harare"),
];

#[cfg(test)]
mod tests {
    use super::{all, by_alpha2, by_alpha3};

    #[test]
    fn each_country_is_found_by_its_codes() {
        for country in all() {
            assert_eq!(by_alpha2(&country.alpha2.to_lowercase()).unwrap().alpha3, country.alpha3);
            assert_eq!(by_alpha3(&country.alpha3.to_lowercase()).unwrap().alpha2, country.alpha2);
        }
        for none in ["", "N", "N1", "AA", "NLD", "[[", "é"] {
            assert!(by_alpha2(none).is_none(), "{none}");
        }
        for none in ["NL", "ZZZ", "N1D", "NLDX", "@AA"] {
            assert!(by_alpha3(none).is_none(), "{none}");
        }
    }
}

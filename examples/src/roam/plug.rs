//! Plugs by their names in OCPI, and by the names that drivers use.

use ocpi_types::v2_3_0::locations::ConnectorType;

/// Names that drivers use, and the plugs that they mean. `CCS` alone is that of Europe.
const ALIASES: [(&str, ConnectorType); 13] = [
    ("CCS", ConnectorType::Iec62196T2Combo),
    ("CCS1", ConnectorType::Iec62196T1Combo),
    ("CCS2", ConnectorType::Iec62196T2Combo),
    ("Combo1", ConnectorType::Iec62196T1Combo),
    ("Combo2", ConnectorType::Iec62196T2Combo),
    ("J1772", ConnectorType::Iec62196T1),
    ("Mennekes", ConnectorType::Iec62196T2),
    ("NACS", ConnectorType::SaeJ3400),
    ("Schuko", ConnectorType::DomesticF),
    ("Type1", ConnectorType::Iec62196T1),
    ("Type2", ConnectorType::Iec62196T2),
    ("Type3A", ConnectorType::Iec62196T3A),
    ("Type3C", ConnectorType::Iec62196T3C),
];

/// Reads the name of a plug, whatever its case, blanks and dashes are.
pub(super) fn plug(text: &str) -> Result<ConnectorType, String> {
    named(text).ok_or_else(|| {
        let names: Vec<&str> = ConnectorType::ALL.iter().map(ConnectorType::as_str).collect();
        let aliases = ALIASES.map(|(alias, _)| alias);
        format!("a plug is one of {}; {} are other names of some", names.join(", "), aliases.join(", "))
    })
}

/// Whether a connector has the plug. Feeds use the names of drivers as well.
pub(super) fn fits(standard: &ConnectorType, plug: &ConnectorType) -> bool {
    standard == plug || named(standard.as_str()).as_ref() == Some(plug)
}

fn named(text: &str) -> Option<ConnectorType> {
    let wanted = simplified(text);
    let known = ConnectorType::ALL.iter().map(|plug| (plug.as_str(), plug));
    let aliases = ALIASES.iter().map(|(alias, plug)| (*alias, plug));
    known.chain(aliases).find(|(name, _)| simplified(name) == wanted).map(|(_, plug)| plug.clone())
}

fn simplified(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use ocpi_types::v2_3_0::locations::ConnectorType;

    use super::{ALIASES, fits, plug};

    #[test]
    fn plugs_have_several_names() {
        for (text, expected) in [
            ("IEC_62196_T2", ConnectorType::Iec62196T2),
            ("iec-62196-t2", ConnectorType::Iec62196T2),
            ("Type 2", ConnectorType::Iec62196T2),
            ("ccs", ConnectorType::Iec62196T2Combo),
            ("CCS1", ConnectorType::Iec62196T1Combo),
            ("CHAdeMO", ConnectorType::Chademo),
        ] {
            assert_eq!(plug(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_plug_has_its_own_name() {
        for known in ConnectorType::ALL {
            assert_eq!(plug(known.as_str()).as_ref(), Ok(known));
        }
    }

    #[test]
    fn unknown_names_are_refused_with_those_that_are_known() {
        for text in ["", "FOO", "T2", "ÉIEC_62196_T"] {
            let told = plug(text).expect_err(text);
            assert!(told.contains("IEC_62196_T2_COMBO, ") && told.contains("CHADEMO"), "{told}");
            assert!(ALIASES.iter().all(|(alias, _)| told.contains(alias)), "{told}");
        }
    }

    #[test]
    fn feeds_may_use_the_other_names() {
        let type2 = ConnectorType::Iec62196T2;
        assert!(fits(&type2, &type2) && fits(&ConnectorType::from("Type2"), &type2));
        assert!(!fits(&ConnectorType::from("Type3"), &type2));
        assert!(!fits(&ConnectorType::Iec62196T2Combo, &type2));
    }
}

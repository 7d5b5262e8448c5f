//! Phrases: a row for each, a column for each language.

use super::Language;

macro_rules! phrases {
    ($($name:ident: $en:literal, $sv:literal, $de:literal, $nl:literal;)+) => {
        /// A phrase. `{0}` and `{1}` are filled in.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(super) enum Phrase { $($name,)+ }

        impl Phrase {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name,)+];

            const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$name, Language::English) => $en,
                        (Self::$name, Language::Swedish) => $sv,
                        (Self::$name, Language::German) => $de,
                        (Self::$name, Language::Dutch) => $nl,
                    )+
                }
            }
        }
    };
}

phrases! {
    // Prices.
    Energy: "Energy costs {0} per kWh{1}.", "Energi kostar {0} per kWh{1}.", "Energie kostet {0} je kWh{1}.", "Energie kost {0} per kWh{1}.";
    EnergyFree: "Energy is free{0}.", "Energi är gratis{0}.", "Energie ist kostenlos{0}.", "Energie is gratis{0}.";
    Time: "Charging time costs {0} per hour{1}.", "Laddtid kostar {0} per timme{1}.", "Ladezeit kostet {0} je Stunde{1}.", "Laadtijd kost {0} per uur{1}.";
    TimeFree: "Charging time is free{0}.", "Laddtid är gratis{0}.", "Ladezeit ist kostenlos{0}.", "Laadtijd is gratis{0}.";
    Parking: "Parking without charging costs {0} per hour{1}.", "Parkering utan laddning kostar {0} per timme{1}.", "Parken ohne Laden kostet {0} je Stunde{1}.", "Parkeren zonder laden kost {0} per uur{1}.";
    ParkingFree: "Parking without charging is free{0}.", "Parkering utan laddning är gratis{0}.", "Parken ohne Laden ist kostenlos{0}.", "Parkeren zonder laden is gratis{0}.";
    Fee: "Each session has a fee of {0}{1}.", "Varje laddning har en avgift på {0}{1}.", "Jeder Ladevorgang hat eine Gebühr von {0}{1}.", "Elke sessie heeft een vast bedrag van {0}{1}.";
    FeeFree: "There is no fee{0}.", "Det finns ingen avgift{0}.", "Es gibt keine Gebühr{0}.", "Er is geen vast bedrag{0}.";
    Reservation: "A reservation costs {0} per hour{1}.", "En reservation kostar {0} per timme{1}.", "Eine Reservierung kostet {0} je Stunde{1}.", "Een reservering kost {0} per uur{1}.";
    ReservationFree: "The time of a reservation is free{0}.", "Tiden för en reservation är gratis{0}.", "Die Zeit einer Reservierung ist kostenlos{0}.", "De tijd van een reservering is gratis{0}.";
    ReservationFee: "A reservation has a fee of {0}{1}.", "En reservation har en avgift på {0}{1}.", "Eine Reservierung hat eine Gebühr von {0}{1}.", "Een reservering heeft een vast bedrag van {0}{1}.";
    Expired: "A reservation that is not used costs {0} per hour{1}.", "En reservation som inte används kostar {0} per timme{1}.", "Eine Reservierung, die verfällt, kostet {0} je Stunde{1}.", "Een reservering die verloopt, kost {0} per uur{1}.";
    ExpiredFee: "A reservation that is not used has a fee of {0}{1}.", "En reservation som inte används har en avgift på {0}{1}.", "Eine Reservierung, die verfällt, hat eine Gebühr von {0}{1}.", "Een reservering die verloopt, heeft een vast bedrag van {0}{1}.";
    Overtime: "Staying beyond the booked time costs {0} per hour{1}.", "Att stanna efter bokad tid kostar {0} per timme{1}.", "Länger als gebucht zu bleiben kostet {0} je Stunde{1}.", "Langer blijven dan geboekt kost {0} per uur{1}.";
    OvertimeFee: "Staying beyond the booked time has a fee of {0}{1}.", "Att stanna efter bokad tid har en avgift på {0}{1}.", "Länger als gebucht zu bleiben hat eine Gebühr von {0}{1}.", "Langer blijven dan geboekt heeft een vast bedrag van {0}{1}.";
    ReservationNoFee: "A reservation has no fee{0}.", "En reservation har ingen avgift{0}.", "Eine Reservierung hat keine Gebühr{0}.", "Een reservering heeft geen vast bedrag{0}.";
    ExpiredFree: "The time of a reservation that is not used is free{0}.", "Tiden för en reservation som inte används är gratis{0}.", "Die Zeit einer Reservierung, die verfällt, ist kostenlos{0}.", "De tijd van een reservering die verloopt, is gratis{0}.";
    ExpiredNoFee: "A reservation that is not used has no fee{0}.", "En reservation som inte används har ingen avgift{0}.", "Eine Reservierung, die verfällt, hat keine Gebühr{0}.", "Een reservering die verloopt, heeft geen vast bedrag{0}.";
    OvertimeFree: "Staying beyond the booked time is free{0}.", "Att stanna efter bokad tid är gratis{0}.", "Länger als gebucht zu bleiben ist kostenlos{0}.", "Langer blijven dan geboekt is gratis{0}.";
    OvertimeNoFee: "Staying beyond the booked time has no fee{0}.", "Att stanna efter bokad tid har ingen avgift{0}.", "Länger als gebucht zu bleiben hat keine Gebühr{0}.", "Langer blijven dan geboekt heeft geen vast bedrag{0}.";
    Cancel: "Cancelling a booking costs {0} per hour{1}.", "Att avboka kostar {0} per timme{1}.", "Eine Buchung zu stornieren kostet {0} je Stunde{1}.", "Een boeking annuleren kost {0} per uur{1}.";
    CancelFree: "The time of a cancelled booking is free{0}.", "Tiden för en avbokad bokning är gratis{0}.", "Die Zeit einer stornierten Buchung ist kostenlos{0}.", "De tijd van een geannuleerde boeking is gratis{0}.";
    CancelNoFee: "Cancelling a booking has no fee{0}.", "Att avboka har ingen avgift{0}.", "Eine Buchung zu stornieren hat keine Gebühr{0}.", "Een boeking annuleren heeft geen vast bedrag{0}.";
    CancelFee: "Cancelling a booking has a fee of {0}{1}.", "Att avboka har en avgift på {0}{1}.", "Eine Buchung zu stornieren hat eine Gebühr von {0}{1}.", "Een boeking annuleren heeft een vast bedrag van {0}{1}.";
    EnergyUnstated: "The price of energy is not stated{0}.", "Priset på energi anges inte{0}.", "Der Preis für Energie ist nicht angegeben{0}.", "De prijs van energie is niet vermeld{0}.";
    TimeUnstated: "The price of charging time is not stated{0}.", "Priset på laddtid anges inte{0}.", "Der Preis für Ladezeit ist nicht angegeben{0}.", "De prijs van laadtijd is niet vermeld{0}.";
    ParkingUnstated: "The price of parking without charging is not stated{0}.", "Priset på parkering utan laddning anges inte{0}.", "Der Preis für Parken ohne Laden ist nicht angegeben{0}.", "De prijs van parkeren zonder laden is niet vermeld{0}.";
    FeeUnstated: "The fee of a session is not stated{0}.", "Avgiften för en laddning anges inte{0}.", "Die Gebühr für einen Ladevorgang ist nicht angegeben{0}.", "Het vaste bedrag van een sessie is niet vermeld{0}.";
    ReservationUnstated: "The price of a reservation is not stated{0}.", "Priset på en reservation anges inte{0}.", "Der Preis einer Reservierung ist nicht angegeben{0}.", "De prijs van een reservering is niet vermeld{0}.";
    ExpiredUnstated: "The price of a reservation that is not used is not stated{0}.", "Priset på en reservation som inte används anges inte{0}.", "Der Preis einer Reservierung, die verfällt, ist nicht angegeben{0}.", "De prijs van een reservering die verloopt, is niet vermeld{0}.";
    OvertimeUnstated: "The price of staying beyond the booked time is not stated{0}.", "Priset för att stanna efter bokad tid anges inte{0}.", "Der Preis, länger als gebucht zu bleiben, ist nicht angegeben{0}.", "De prijs van langer blijven dan geboekt is niet vermeld{0}.";
    CancelUnstated: "The price of cancelling a booking is not stated{0}.", "Priset för att avboka anges inte{0}.", "Der Preis einer Stornierung ist nicht angegeben{0}.", "De prijs van het annuleren van een boeking is niet vermeld{0}.";
    Otherwise: "Otherwise: {0}", "Annars: {0}", "Sonst: {0}", "Anders: {0}";

    // Conditions.
    Between: "between {0} and {1}", "mellan {0} och {1}", "zwischen {0} und {1}", "tussen {0} en {1}";
    NewDay: "after midnight the new day counts", "efter midnatt gäller den nya dagen", "nach Mitternacht zählt der neue Tag", "na middernacht telt de nieuwe dag";
    Or: "{0}; or {1}", "{0}; eller {1}", "{0}; oder {1}", "{0}; of {1}";
    DaysTo: "{0} to {1}", "{0} till {1}", "{0} bis {1}", "{0} t/m {1}";
    FromDate: "from {0}", "från {0}", "ab {0}", "vanaf {0}";
    BeforeDate: "before {0}", "före {0}", "vor dem {0}", "vóór {0}";
    FromEnergy: "from {0} kWh on", "från {0} kWh", "ab {0} kWh", "vanaf {0} kWh";
    FirstEnergy: "for the first {0} kWh", "för de första {0} kWh", "für die ersten {0} kWh", "voor de eerste {0} kWh";
    FirstKwh: "for the first kWh", "för den första kWh", "für die erste kWh", "voor de eerste kWh";
    EnergyRange: "from {0} to {1} kWh", "från {0} till {1} kWh", "von {0} bis {1} kWh", "van {0} tot {1} kWh";
    AfterTime: "from {0} after the start of the session", "från {0} efter laddningens start", "ab {0} nach Beginn des Ladevorgangs", "vanaf {0} na het begin van de sessie";
    FirstTime: "up to {0} after the start of the session", "till {0} efter laddningens start", "bis {0} nach Beginn des Ladevorgangs", "tot {0} na het begin van de sessie";
    TimeRange: "from {0} to {1} after the start of the session", "från {0} till {1} efter laddningens start", "von {0} bis {1} nach Beginn des Ladevorgangs", "van {0} tot {1} na het begin van de sessie";
    PowerFrom: "at {0} kW or more", "vid {0} kW eller mer", "ab {0} kW Leistung", "bij {0} kW of meer";
    PowerBelow: "below {0} kW", "under {0} kW", "unter {0} kW Leistung", "onder {0} kW";
    CurrentFrom: "at {0} A or more", "vid {0} A eller mer", "ab {0} A", "bij {0} A of meer";
    CurrentBelow: "below {0} A", "under {0} A", "unter {0} A", "onder {0} A";
    Step: "billed per started {0}", "räknas per påbörjade {0}", "abgerechnet je angefangene {0}", "berekend per begonnen {0}";
    StepOne: "billed per started {0}", "räknas per påbörjad {0}", "abgerechnet je angefangene {0}", "berekend per begonnen {0}";
    PlusVat: "plus {0} VAT", "plus {0} moms", "zuzüglich {0} MwSt.", "exclusief {0} btw";
    WithVat: "{0} VAT included", "inklusive {0} moms", "inklusive {0} MwSt.", "inclusief {0} btw";
    Minutes: "{0} minutes", "{0} minuter", "{0} Minuten", "{0} minuten";
    Minute: "minute", "minut", "Minute", "minuut";
    Hours: "{0} hours", "{0} timmar", "{0} Stunden", "{0} uur";
    Hour: "hour", "timme", "Stunde", "uur";
    OneMinute: "1 minute", "1 minut", "1 Minute", "1 minuut";
    OneHour: "1 hour", "1 timme", "1 Stunde", "1 uur";
    Unclear: "under a condition that is not understood", "på ett villkor som inte kan tolkas", "unter einer Bedingung, die nicht verstanden wird", "onder een voorwaarde die niet begrepen wordt";
    Seconds: "{0} seconds", "{0} sekunder", "{0} Sekunden", "{0} seconden";

    // The tariff as a whole.
    VatAdded: "VAT of {0} is added to all prices.", "Moms på {0} tillkommer på alla priser.", "Zu allen Preisen kommen {0} MwSt. hinzu.", "Bij alle prijzen komt {0} btw.";
    TaxIncluded: "All prices include tax.", "Alla priser är inklusive skatt.", "Alle Preise enthalten Steuern.", "Alle prijzen zijn inclusief belasting.";
    TaxNone: "No tax applies.", "Ingen skatt tillkommer.", "Es fallen keine Steuern an.", "Er is geen belasting van toepassing.";
    TaxUnknown: "All prices are without VAT. The VAT rate is not stated.", "Alla priser är utan moms. Momssatsen anges inte.", "Alle Preise sind ohne MwSt. Der Steuersatz ist nicht angegeben.", "Alle prijzen zijn zonder btw. Het btw-tarief is niet vermeld.";
    TaxUnstated: "All prices are without tax. How much is added is not stated.", "Alla priser är utan skatt. Hur mycket som tillkommer anges inte.", "Alle Preise sind ohne Steuern. Wie viel hinzukommt, ist nicht angegeben.", "Alle prijzen zijn zonder belasting. Hoeveel erbij komt, is niet vermeld.";
    VatNone: "No VAT is added.", "Ingen moms tillkommer.", "Es kommt keine MwSt. hinzu.", "Er komt geen btw bij.";
    Least: "A session costs at least {0}.", "En laddning kostar minst {0}.", "Ein Ladevorgang kostet mindestens {0}.", "Een sessie kost minstens {0}.";
    Most: "A session costs at most {0}.", "En laddning kostar högst {0}.", "Ein Ladevorgang kostet höchstens {0}.", "Een sessie kost hoogstens {0}.";
    WithoutTax: "{0} without tax", "{0} utan skatt", "{0} ohne Steuern", "{0} zonder belasting";
    WithTax: "{0} with tax", "{0} med skatt", "{0} mit Steuern", "{0} met belasting";
    Preauthorized: "For payment at a terminal {0} is reserved beforehand.", "Vid betalning i terminal reserveras {0} i förväg.", "Bei Zahlung am Terminal werden vorab {0} reserviert.", "Bij betaling aan een terminal wordt vooraf {0} gereserveerd.";
    Free: "Charging is free.", "Laddning är gratis.", "Laden ist kostenlos.", "Laden is gratis.";
    ValidFrom: "Valid from {0}.", "Gäller från {0}.", "Gültig ab {0}.", "Geldig vanaf {0}.";
    ValidUntil: "Valid until {0}.", "Gäller till {0}.", "Gültig bis {0}.", "Geldig tot {0}.";
    AdHoc: "For payment on the spot.", "För betalning på plats.", "Für Bezahlung vor Ort.", "Voor betaling ter plaatse.";
    Cheap: "For charging as cheaply as possible.", "För så billig laddning som möjligt.", "Für möglichst günstiges Laden.", "Voor zo goedkoop mogelijk laden.";
    Fast: "For charging as fast as possible.", "För så snabb laddning som möjligt.", "Für möglichst schnelles Laden.", "Voor zo snel mogelijk laden.";
    Green: "For charging with as much renewable energy as possible.", "För laddning med så mycket förnybar energi som möjligt.", "Für Laden mit möglichst viel erneuerbarer Energie.", "Voor laden met zo veel mogelijk duurzame energie.";
    Obstacle: "Part of this tariff cannot be explained: {0}.", "En del av tariffen kan inte förklaras: {0}.", "Ein Teil dieses Tarifs lässt sich nicht erklären: {0}.", "Een deel van dit tarief kan niet worden uitgelegd: {0}.";

    Monday: "Monday", "måndag", "Montag", "maandag";
    Tuesday: "Tuesday", "tisdag", "Dienstag", "dinsdag";
    Wednesday: "Wednesday", "onsdag", "Mittwoch", "woensdag";
    Thursday: "Thursday", "torsdag", "Donnerstag", "donderdag";
    Friday: "Friday", "fredag", "Freitag", "vrijdag";
    Saturday: "Saturday", "lördag", "Samstag", "zaterdag";
    Sunday: "Sunday", "söndag", "Sonntag", "zondag";
}

impl Phrase {
    /// The phrase in a language, filled in.
    pub(super) fn say(self, language: Language, parts: &[&str]) -> String {
        let mut text = self.text(language).to_owned();
        for (index, part) in parts.iter().enumerate() {
            text = text.replace(&format!("{{{index}}}"), part);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, Phrase};

    fn places(text: &str) -> Vec<usize> {
        (0..4).filter(|index| text.contains(&format!("{{{index}}}"))).collect()
    }

    #[test]
    fn every_language_says_every_phrase_with_the_same_places() {
        for phrase in Phrase::ALL {
            let english = places(phrase.text(Language::English));
            for language in Language::ALL {
                let text = phrase.text(language);
                assert!(!text.trim().is_empty(), "{phrase:?} in {language:?}");
                assert_eq!(places(text), english, "{phrase:?} in {language:?}");
            }
        }
    }
}

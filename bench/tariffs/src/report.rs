//! The differences as a page to read.

mod figures;

use std::collections::BTreeMap;
use std::fmt::Write;

use figures::Figures;

use crate::explain::Class;
use crate::made_up::Part;

/// Comparisons, with their outcomes.
#[derive(Debug, Default)]
pub struct Report {
    made_up: BTreeMap<Class, usize>,
    shown: Vec<(String, Class)>,
}

impl Report {
    /// Counts a made-up CDR.
    pub fn add_made_up(&mut self, class: Class) {
        *self.made_up.entry(class).or_default() += 1;
    }

    /// Adds a CDR that the other engine shows.
    pub fn add_shown(&mut self, name: String, class: Class) {
        self.shown.push((name, class));
    }

    /// Lists the faults: differences that nothing explains, and figures out of their bounds.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let shown = self.shown.iter().map(|(_, class)| class);
        let unexplained = self.made_up.keys().chain(shown).filter_map(|class| match class {
            Class::Unexplained(what) => Some(what.clone()),
            _ => None,
        });
        unexplained.take(3).chain(self.figures().faults()).collect()
    }

    fn figures(&self) -> Figures {
        Figures::of(self.shown.iter().map(|(_, class)| class))
    }

    /// The page.
    #[must_use]
    pub fn page(&self) -> String {
        let count: usize = self.made_up.values().sum();
        let mut page = format!(
            "# Differences to another engine

Written by `just differential`. {count} made-up CDRs of 2.1.1 and 2.2.1 (odd steps, periods that span price changes, missing
readings, hours with four decimals, nights in which summer time starts and ends) and the {} pairs of a CDR and a tariff that
`ocpi-tariffs` 0.54.0 comes with, priced by it and by this library. Compared are the total with and without tax and the costs
of energy, time, parking and fees, to a hundredth of a cent. A difference is explained by what has to be changed for it to go
away: a policy, a part left out of the tariff and the CDR, or that one of the two gives no price.

## Made-up CDRs

| what makes both agree | CDRs |
|---|--:|
",
            self.shown.len()
        );
        for (class, count) in self.by_text() {
            let _ = writeln!(page, "| {class} | {count} |");
        }
        page.push_str("\n## What it comes with\n\n");
        page.push_str(&self.figures().table());
        page.push_str("\nThose that are not the same:\n\n| pair | |\n|---|---|\n");
        for (name, class) in &self.shown {
            if !matches!(class, Class::Same | Class::Nothing) {
                let _ = writeln!(page, "| `{name}` | {} |", text(class));
            }
        }
        page.push_str(DECIDES);
        page
    }

    /// Classes that read the same are one line; the most frequent come first.
    fn by_text(&self) -> Vec<(String, usize)> {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for (class, count) in &self.made_up {
            *lines.entry(text(class)).or_default() += count;
        }
        let mut lines: Vec<_> = lines.into_iter().collect();
        lines.sort_by(|(one, few), (other, many)| many.cmp(few).then(one.cmp(other)));
        lines
    }
}

/// Section of the page with the rules that decide which engine is right.
const DECIDES: &str = "
## What decides

| what | they | ours | the rule |
|---|---|---|---|
| spans = at-start | price a whole period by what holds at its start | split a period where the price changes; what is not measured there is in proportion, and marked as an estimate | 2.2.1 mod_cdrs §charging_period: a CPO has to start a new period there. Where he did not, the text is silent: a policy |
| fees = fixed | put all fees in the fixed costs | put the fee of an element for parking in the cost of parking | 2.2.1 mod_cdrs §cdr_object: `total_parking_cost` includes fixed price components |
| hours = as-written, the rounding of hours | take hours as written, unless they are within 0.18 s of the length of the period | take the length of the period too, if it rounds to the hours; else the whole seconds that four decimals are a rounding of, also where a period holds two kinds of time | 2.2.1 types §number_type: four decimals; 40 minutes are written 0.6667 and are 40 minutes |
| unknown_dimensions = ignored | pass over a component with a `type` that OCPI does not have | give no price: nobody says what is counted | 2.2.1 mod_tariffs §tariffdimensiontype_enum: the list is closed |
| names = as-meant | pass over a member whose name is spelled in another way, such as camel case | read it as the member it is, with the finding `name.spelling` | 2.2.1 transport_and_format: names are in snake case; what stands in another spelling restricts the price all the same |
| steps of time | round parking up whenever some parking has a price | round up the kind of time with which the session ends: charging, if the car charges again after parking | 2.2.1 mod_cdrs §step_size: time that is followed by other paid time is not rounded |
| steps of energy | round up all energy, also what no component prices | round up the energy that is billed | 2.2.1 mod_cdrs §step_size: the step is one of a price component |
| current and power not known; bounds on current and power; fees, of an element with such a bound | take an element as applying when the CDR does not say the reading that it needs, or hold a lower bound against the highest reading | give no price, and say what is missing (policies `readings` and `power`) | 2.2.1 mod_tariffs §tariffrestrictions_class: the restriction is on a value that is not there |
";

/// A class in words.
fn text(class: &Class) -> String {
    match class {
        Class::Same => "nothing: they are the same".to_owned(),
        Class::Nothing => "nothing: no element prices anything".to_owned(),
        Class::Policy(choices) => {
            let choices: Vec<String> =
                choices.iter().map(|(question, choice)| format!("{question} = {choice}")).collect();
            choices.join(", ")
        }
        Class::Without(parts) => {
            format!("without {}", parts.iter().copied().map(Part::as_str).collect::<Vec<_>>().join(" and "))
        }
        Class::Spelled => "names = as-meant".to_owned(),
        Class::NotComputable { why, .. } => format!("ours gives no price: {why}"),
        Class::NoPrice(why) => format!("theirs gives no price: {why}"),
        Class::Unexplained(_) => "not explained".to_owned(),
    }
}

//! Scenarios and rules for the tests.
#![allow(dead_code, reason = "each test takes what it needs")]

use domain::{Moment, Plan, Scenario};
use round::{Calls, Rules};
use scenario::Files;

/// 2022-03-28T07:00Z, when every site of these tests opens.
pub fn opening() -> Moment {
    Moment::parse("2022-03-28T07:00:00Z").unwrap()
}

/// A scenario of sixty made-up households, with the rest of its file.
pub fn scenario(more: &str) -> Scenario {
    let text = format!(
        "format = 1\n[community]\nname = \"test\"\ntimezone = \"UTC\"\nhouseholds = 60\nmean_size = 2.5\nentrances = 4\n\
         [round]\npurpose = \"screening\"\ndate = 2022-03-28\nopens = \"07:00\"\n{more}\n"
    );
    read(&Files([("scenario.toml".to_owned(), text.into_bytes())].into()))
}

/// One of the examples of the house.
pub fn example(name: &str) -> Scenario {
    read(&scenario::example(name).unwrap())
}

fn read(files: &Files) -> Scenario {
    let (scenario, notes) = scenario::read(files, &[], &mut |_, _| {});
    scenario.unwrap_or_else(|| panic!("{notes:#?}"))
}

/// Rules and calls of a scenario.
pub fn rules(scenario: &Scenario, plan: Option<&Plan>) -> (Rules, Calls) {
    (Rules::new(scenario, opening()), Calls::new(scenario, plan))
}

/// Two lanes of a registrar and two samplers, tubes of three, closing at nine.
pub const TWO_LANES: &str = r#"closes = "09:00"
pool = 3
[site]
lanes = 2
green_channel = true
room = 20
[[site.station]]
name = "registration"
servers = 1
service = { law = "constant", mean_s = 15 }
[[site.station]]
name = "sampling"
servers = 2
service = { law = "constant", mean_s = 20 }
[waves]
reaction = { law = "constant", mean_min = 5 }
[arrivals]
law = "waves"
"#;

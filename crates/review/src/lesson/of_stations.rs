//! Lessons about services and changeovers.

use super::{Collected, Evidence, differs, law, law_differs, number, shown};
use crate::{Review, pauses::Pauses};
use domain::{
    Scenario,
    scenario::{Changeover, Unit},
};
use serde_json::{Value, json};

pub(super) fn collect(review: &Review, scenario: &Scenario, evidence: &Evidence<'_>, found: &mut Collected) {
    for planned in &scenario.site.stations {
        let Some(seen) = review.stations.iter().find(|station| station.name == planned.name) else {
            continue;
        };
        let times = evidence.services.iter().find(|(name, _)| *name == planned.name);
        let key = |field: &str| format!("site.station.{}.{field}", planned.name);
        if let (Some(fit), Some((_, times))) = (&seen.fit, times)
            && let Some(why) = law_differs(&planned.service, times)
        {
            let (old, new) = (planned.service.mean_s(), fit.mean_s);
            let code = match why {
                "shape" => "service_shape",
                _ if new > old => "service_slower",
                _ => "service_faster",
            };
            let args = vec![
                ("station", planned.name.clone()),
                ("old", shown(old)),
                ("new", shown(new)),
                ("old_cv", shown(planned.service.cv())),
                ("new_cv", shown(fit.cv)),
                ("n", fit.n.to_string()),
            ];
            found.add(code, key("service"), (law(&planned.service), law(&fit.law)), why, args);
        }
        changeover(planned.changeover, seen, key("changeover"), found);
        if let Some([each, se]) = seen.plus_each_s.filter(|_| planned.unit != Unit::Person)
            && let Some(why) = differs(planned.plus_each_s, each, se, planned.plus_each_s.max(1.0))
        {
            let args = vec![
                ("station", planned.name.clone()),
                ("old", shown(planned.plus_each_s)),
                ("new", shown(each)),
            ];
            let change = (number(planned.plus_each_s), number(each));
            found.add("plus_each", key("plus_each_s"), change, why, args);
        }
    }
}

fn changeover(planned: Option<Changeover>, seen: &crate::StationReview, key: String, found: &mut Collected) {
    let old = |pause: Changeover| json!({ "every": pause.every, "away_s": pause.away_s });
    let new =
        |pause: &Pauses| json!({ "every": pause.every, "away_s": super::written::six_digits(pause.away_s) });
    let args = |pause: (u32, f64)| {
        vec![("station", seen.name.clone()), ("every", pause.0.to_string()), ("away", shown(pause.1))]
    };
    match (planned, &seen.changeover) {
        (None, Some(pauses)) => {
            let args = args((pauses.every, pauses.away_s));
            found.add("changeover_new", key, (Value::Null, new(pauses)), "interval", args);
        }
        (Some(pause), Some(pauses)) => {
            let length = differs(pause.away_s, pauses.away_s, pauses.away_se, pause.away_s);
            let why = if pause.every == pauses.every { length } else { Some("interval") };
            if let Some(why) = why {
                let mut args = args((pauses.every, pauses.away_s));
                args.push(("old_every", pause.every.to_string()));
                args.push(("old_away", shown(pause.away_s)));
                found.add("changeover_other", key, (old(pause), new(pauses)), why, args);
            }
        }
        (Some(pause), None) if seen.no_changeover(pause) => {
            found.add(
                "changeover_gone",
                key,
                (old(pause), Value::Null),
                "interval",
                args((pause.every, pause.away_s)),
            );
        }
        _ => {}
    }
}

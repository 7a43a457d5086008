//! What must be at the gate when: for whoever loads the carts, and for whoever takes them in and ticks.

use super::{
    Papers, csv_table,
    html::{escape, page},
    print::STYLE,
};
use crate::supplies::SupplyPlan;
use supplies::demand::REACHES;

/// The table that spreadsheets open.
pub(super) fn table(plan: &SupplyPlan, papers: &Papers<'_>) -> String {
    let rows = plan.rows(papers.scenario, papers.voice).into_iter().skip(1);
    csv_table("sheet", &["at_gate", "good", "count", "unit", "boxes", "leaves"], rows, papers.voice)
}

/// The page to print, with a box for what was counted and one for who counted it.
pub(super) fn print(plan: &SupplyPlan, papers: &Papers<'_>) -> String {
    let (scenario, voice) = (papers.scenario, papers.voice);
    let title = voice.word("sheet.supplies");
    let mut body = format!("<h1>{}</h1><p>{}</p>", escape(&title), escape(&papers.head()));
    let days = plan.replications.to_string();
    let args = [("share", &*REACHES.to_string()), ("days", &*days)];
    body += &format!("<p>{}</p>", escape(&voice.say("sheet.supplies_how", &args)));
    let mut rows = plan.rows(scenario, voice).into_iter();
    let heads = rows.next().unwrap_or_default().map(|head| format!("<th scope=col>{}</th>", escape(&head)));
    let own = ["counted", "signed"]
        .map(|head| format!("<th scope=col>{}</th>", escape(&voice.word(&format!("sheet.{head}")))));
    body += &format!("<table><tr>{}{}</tr>", heads.concat(), own.concat());
    for [at_gate, good, count, unit, boxes, leaves] in rows.map(|row| row.map(|cell| escape(&cell))) {
        body += &format!(
            "<tr><td class=t>{at_gate}</td><td>{good}</td><td class=n>{count}</td><td>{unit}</td><td class=n>{boxes}</td>\
             <td class=n>{leaves}</td><td class=box></td><td class=box></td></tr>"
        );
    }
    body += "</table>";
    for ((supply, _), sentence) in plan.goods.iter().zip(plan.sentences(scenario, voice)) {
        let rule = plan.rule(supply, scenario, voice);
        body += &format!("<p>{} ({})</p>", escape(&sentence), escape(&rule));
    }
    page(&title, STYLE, &body, voice)
}

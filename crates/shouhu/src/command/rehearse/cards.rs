//! `shouhu rehearse --fault list`: the cards of a site or of a city.

use crate::speak::Speaker;
use rehearse::faults::HANDS;
use verbs::faults::CardWords;

/// The word that lists the cards.
pub const LIST: &str = "list";

/// All cards, and whether this scenario can meet them.
pub fn list(cards: &[CardWords], json: bool, speaker: Speaker) {
    if json {
        let hands: Vec<_> =
            HANDS.iter().map(|hand| serde_json::json!({ "name": hand.name, "cards": hand.cards })).collect();
        speaker.json(&serde_json::json!({ "cards": cards, "hands": hands }));
        return;
    }
    speaker.result(&speaker.word("fault.list_head"));
    for card in cards {
        let amount = if card.amount.is_empty() { String::new() } else { format!(" · {}", card.amount) };
        speaker.result(&format!("\n{}  {}{amount}", card.played.name, card.title));
        speaker.result(&format!("    {}", card.happened));
        if !card.unmet_because.is_empty() {
            speaker.result(&format!("    → {}", card.unmet_because));
        }
    }
    speaker.result(&format!("\n{}", speaker.word("fault.list_hands")));
    for hand in &HANDS {
        speaker.result(&format!("{}  {}", hand.name, hand.cards.join(" + ")));
    }
}

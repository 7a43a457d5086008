//! Keys as `--set` takes them: steps joined by dots, elements of lists by their place from 0 or by name.

/// The most steps in a key: the deepest key of the format has fewer than ten.
const STEPS_MAX: usize = 32;

/// The keys by whose value an element of a list is called.
pub(crate) const NAMED_BY: [&str; 3] = ["name", "class", "to"];

/// The steps of a key, at least one: `site.station[0].servers` has four. `None` if one is empty, or there are too many.
pub(crate) fn steps(key: &str) -> Option<Vec<String>> {
    let path = key.replace('[', ".").replace(']', "");
    let steps: Vec<String> = path.split('.').map(|step| step.trim().to_owned()).collect();
    let sound = steps.iter().all(|step| !step.is_empty()) && steps.len() <= STEPS_MAX;
    sound.then_some(steps)
}

/// The place of the element that a step means, among elements with these names. A number may be past the end.
pub(crate) fn element<'n>(step: &str, mut names: impl Iterator<Item = Option<&'n str>>) -> Option<usize> {
    match step.parse::<usize>() {
        Ok(index) => Some(index),
        Err(_) => names.position(|name| name == Some(step)),
    }
}

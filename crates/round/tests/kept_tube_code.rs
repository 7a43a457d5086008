//! Any text ends as a code or is refused: what is kept of the fuzzing (`fuzz/`), as it is, cut and changed.

#[path = "../../../fuzz/checks/tube_code.rs"]
mod checked;
#[path = "../../../fuzz/kept.rs"]
mod kept;

#[test]
fn what_is_kept_breaks_nothing_whole_cut_or_changed() {
    kept::check(&["fuzz/seeds/tube_code"], 200, checked::check);
}

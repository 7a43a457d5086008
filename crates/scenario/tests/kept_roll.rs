//! A roll of any bytes ends with residents or with a note: what is kept of the fuzzing (`fuzz/`), as it is, cut and changed.

#[path = "../../../fuzz/checks/roll.rs"]
mod checked;
#[path = "../../../fuzz/kept.rs"]
mod kept;

#[test]
fn what_is_kept_breaks_nothing_whole_cut_or_changed() {
    kept::check(&["fuzz/seeds/roll"], 200, checked::check);
}

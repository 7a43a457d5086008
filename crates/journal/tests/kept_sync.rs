//! Bytes of any sender end as a slice or are refused: what is kept of the fuzzing (`fuzz/`), as it is, cut and changed.

#[path = "../../../fuzz/checks/sync.rs"]
mod checked;
#[path = "../../../fuzz/kept.rs"]
mod kept;

#[test]
fn what_is_kept_breaks_nothing_whole_cut_or_changed() {
    kept::check(&["fuzz/seeds/sync"], 200, checked::check);
}

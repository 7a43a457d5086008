//! Files as labs send them.

use super::{read_file, shown};
use std::{fs, path::Path};

#[test]
fn files_of_labs_give_these_reports_and_notes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/results/data");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let text = shown(&read_file(&name, &fs::read(&file).unwrap()));
        assert!(!text.contains(['{', '}']) || text.contains("{Ct_value}"), "a gap is not filled:\n{text}");
        // No name of a person stands in what is said of a file.
        assert!(!text.contains("示例") && !text.contains("EXAMPLE"), "{text}");
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

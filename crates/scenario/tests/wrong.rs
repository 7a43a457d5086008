//! Scenarios with something wrong in them, and all that is said about each.

#[path = "notes/said.rs"]
mod said;

use said::{rendered, without_words};
use scenario::{Files, read};

/// A folder with this scenario, and with the measured times that it may ask for.
fn folder(text: &str) -> Files {
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), text.into());
    if !text.contains(".csv") {
        return files;
    }
    files.0.insert("times.csv".into(), "weight,seconds\n1,9\nmany,12\n2,\n-1,3\n".into());
    files.0.insert("nothing.csv".into(), "time\n3\n".into());
    files.0.insert("nobody.csv".into(), "seconds,weight\n3,0\n".into());
    files
}

macro_rules! everything_wrong_is_said {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            let text = include_str!(concat!("wrong/", stringify!($name), ".toml"));
            let (scenario, notes) = read(&folder(text), &[], &mut |_, _| {});
            assert_eq!(scenario.is_none(), notes.refuses());
            assert_eq!(without_words(&notes), Vec::<String>::new());
            insta::assert_snapshot!(stringify!($name), rendered(&notes));
        }
    )*};
}

everything_wrong_is_said! {
    arrivals_endless arrivals_mix calendars city custody empty laws leftovers no_roll other_version overloaded routes syntax
    times types_and_ranges unknown_keys years
}

#[test]
fn a_file_that_is_not_utf_8_names_the_row_of_the_first_wrong_byte() {
    let mut files = Files::default();
    files.0.insert("scenario.toml".into(), b"format = 1\n# \xb6\xbc\n".to_vec());
    let (_, notes) = read(&files, &[], &mut |_, _| {});
    assert_eq!(rendered(&notes), "error scenario.toml:2 toml_not_utf8\n");
    assert_eq!(without_words(&notes), Vec::<String>::new());
}

#[test]
fn a_folder_without_a_scenario_and_with_strange_files_is_told_so() {
    let mut files = Files::default();
    for name in
        ["Scenario.toml", "rolll.csv", "holiday.zip", "README.md", ".git/config", "services/other.toml"]
    {
        files.0.insert(name.into(), Vec::new());
    }
    files
        .0
        .insert("directive.toml".into(), "format = 1\nlevel = \"country\"\n[[clause]]\nid = \"1\"\n".into());
    let (scenario, notes) = read(&files, &[], &mut |_, _| {});
    assert!(scenario.is_none());
    assert_eq!(without_words(&notes), Vec::<String>::new());
    insta::assert_snapshot!(rendered(&notes));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let text = format!("\u{feff}{}", include_str!("wrong/overloaded.toml").replace('\n', "\r\n"));
    let (scenario, notes) = read(&folder(&text), &[], &mut |_, _| {});
    assert!(scenario.is_some(), "{}", rendered(&notes));
}

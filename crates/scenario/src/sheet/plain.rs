//! One way to write a letter: full-width digits, odd spaces and the many dashes become the plain ones, so that
//! `１２－２－３０１` and `12-2-301` are one door.

/// The text in plain letters, trimmed.
pub fn plain(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    push_plain(raw, &mut out);
    out
}

/// Appends the text in plain letters, trimmed, to `out`.
pub fn push_plain(raw: &str, out: &mut String) {
    let start = out.len();
    if raw.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        out.push_str(raw.trim_matches(' '));
        return;
    }
    for letter in raw.chars() {
        match plain_letter(letter) {
            Some(' ') if out.len() == start => {}
            Some(letter) => out.push(letter),
            None => {}
        }
    }
    let end = out.trim_end_matches(' ').len().max(start);
    out.truncate(end);
}

/// The plain form of a letter; none for those without a width.
fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        '\u{ff01}'..='\u{ff5e}' => {
            let half = char::from_u32(letter as u32 - 0xfee0).expect("full-width forms mirror ASCII");
            if half == '~' { '-' } else { half }
        }
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{fe58}' | '〜' => '-',
        '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn full_width_letters_odd_spaces_and_dashes_become_plain() {
        assert_eq!(plain("\u{feff}　１２号楼—２单元－３０１\u{a0}"), "12号楼-2单元-301");
        assert_eq!(plain(" ab\r\ncd "), "ab  cd");
        assert_eq!(plain("　"), "");
        assert_eq!(plain("Ａ，（ｂ）"), "A,(b)");
    }
}

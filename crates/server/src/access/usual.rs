//! Passwords that whoever guesses tries first. There is no rule on what letters a password has; but it is none of these.

/// One a line, in small letters; `# ` begins what is said of them.
const USUAL: &str = include_str!("usual.txt");
/// Words that everybody guesses here.
const OURS: [&str; 12] = [
    "shouhu",
    "守护",
    "secretary",
    "screening",
    "committee",
    "volunteer",
    "password",
    "mima",
    "密码",
    "核酸",
    "书记",
    "居委会",
];
/// Letters that must be left of a password without such words: what is added to them is a year, most often.
const LEFT: usize = 6;
/// Different letters of a password, at least.
const DIFFERENT: usize = 5;

/// Whether a password is one that is tried first: a usual one, also with digits and signs around it; a telephone or document number; a few
/// letters again and again; or words of this program, or the login name, and little else.
pub fn is_usual(password: &str, login: &str) -> bool {
    let small = password.to_lowercase();
    let is_known = |word: &str| USUAL.lines().any(|one| one == word && !one.starts_with("# "));
    let word = small.trim_matches(|letter: char| !letter.is_alphabetic());
    let mut different: Vec<char> = small.chars().collect();
    different.sort_unstable();
    different.dedup();
    // A login name of two letters stands in many words.
    let own = Some(login).filter(|login| login.chars().count() > 2);
    let rest = OURS.into_iter().chain(own).fold(small.clone(), |rest, word| rest.replace(word, ""));
    let is_ours = rest != small && rest.chars().filter(|letter| letter.is_alphabetic()).count() < LEFT;
    different.len() < DIFFERENT || is_number(&small) || is_ours || is_known(&small) || is_known(word)
}

/// Numbers that others have of somebody: of a mobile telephone, or of an identity card with a day of birth in it.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        11 => digits(text) && text.starts_with('1') && !text.starts_with("10"),
        18 => {
            text.is_char_boundary(17) && digits(&text[..17]) && (digits(&text[17..]) || text.ends_with('x'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_usual_and_a_few_words_are_not() {
        for password in [
            "1234567890",
            "qwertyuiop",
            "1qaz2wsx3edc",
            "Password123",
            "1111111111",
            "1212121212",
            "sunshine2022",
            "2022dragon!!",
            "shouhu2022",
            "Shouhu-Shouhu",
            "守护守护守护守护守护",
            "anna.w-2022",
            "anna.w anna.w",
            "screening 2022-04",
            "13800000001",
            "11010119900307123X",
        ] {
            assert!(is_usual(password, "anna.w"), "{password}");
        }
        for password in [
            "four words of mine",
            "correct horse",
            "other words of mine",
            "柳树下面三只黄鹂",
            "83920174650192837465",
            "tube 0412 is blue",
            "the secretary feeds nine crows",
            "# Passwords that are tried",
        ] {
            assert!(!is_usual(password, "anna.w"), "{password}");
        }
        assert!(!is_usual("four words of mine", ""), "nobody's login");
    }

    #[test]
    fn the_list_is_as_it_should_be() {
        let words: Vec<&str> = USUAL.lines().filter(|line| !line.starts_with("# ")).collect();
        assert!(words.len() > 5000, "{}", words.len());
        assert!(
            words.iter().all(|word| *word == word.to_lowercase() && word.trim() == *word && word.len() >= 4)
        );
    }
}

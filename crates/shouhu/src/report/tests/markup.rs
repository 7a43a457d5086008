//! As much of an HTML reader as it takes to tell whether tags, attributes and references are well formed. Stricter than
//! a browser: every element but the empty ones is closed, and every attribute has its value in double quotes.

/// What is wrong, and near what.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong(String);

/// Tags in the order in which they open, with their attributes.
pub struct Markup<'p>(Vec<Tag<'p>>);

/// A tag's name and its attributes.
type Tag<'p> = (&'p str, Vec<(&'p str, &'p str)>);

const EMPTY: [&str; 2] = ["meta", "br"];
const RAW: [&str; 2] = ["script", "style"];

impl<'p> Markup<'p> {
    /// Reads a page, or says what is wrong with it.
    pub fn read(page: &'p str) -> Result<Markup<'p>, Wrong> {
        let mut found = Markup(Vec::new());
        let mut open: Vec<&str> = Vec::new();
        let mut rest = page.strip_prefix("<!DOCTYPE html>").ok_or_else(|| Wrong("no doctype".to_owned()))?;
        while let Some(start) = rest.find('<') {
            references(&rest[..start])?;
            let end = tag_end(&rest[start..])
                .ok_or_else(|| Wrong(format!("a tag has no end: {}", near(&rest[start..]))))?;
            let inside = &rest[start + 1..start + end];
            rest = &rest[start + end + 1..];
            if let Some(name) = inside.strip_prefix('/') {
                match open.pop() {
                    Some(opened) if opened == name => {}
                    opened => {
                        return Err(Wrong(format!("</{name}> closes {opened:?} before {}", near(rest))));
                    }
                }
                continue;
            }
            let closed = inside.ends_with('/');
            let (name, attributes) = tag(inside.strip_suffix('/').unwrap_or(inside))?;
            found.0.push((name, attributes));
            if RAW.contains(&name) {
                let close = format!("</{name}>");
                let at = rest.find(&close).ok_or_else(|| Wrong(format!("<{name}> has no end")))?;
                rest = &rest[at + close.len()..];
            } else if !closed && !EMPTY.contains(&name) {
                open.push(name);
            }
        }
        references(rest)?;
        if open.is_empty() { Ok(found) } else { Err(Wrong(format!("not closed: {open:?}"))) }
    }

    /// The values of an attribute, of all tags of a name that have it.
    pub fn texts(&self, name: &str, attribute: &str) -> Vec<&'p str> {
        let tags = self.0.iter().filter(|tag| tag.0 == name);
        tags.filter_map(|tag| tag.1.iter().find(|(key, _)| *key == attribute).map(|(_, value)| *value))
            .collect()
    }
}

fn near(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Where a tag ends: at the first `>` outside of quotes.
fn tag_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.char_indices().find_map(|(at, letter)| {
        quoted ^= letter == '"';
        (letter == '>' && !quoted).then_some(at)
    })
}

fn tag(inside: &str) -> Result<Tag<'_>, Wrong> {
    let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err(Wrong(format!("no name: <{}", near(inside))));
    }
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    while !rest.trim().is_empty() {
        let (key, after) = rest
            .trim_start()
            .split_once("=\"")
            .ok_or_else(|| Wrong(format!("no value: {}", near(inside))))?;
        let (value, after) =
            after.split_once('"').ok_or_else(|| Wrong(format!("no end quote: {}", near(inside))))?;
        if key.contains([' ', '"', '\''])
            || attributes.iter().any(|(known, _)| *known == key)
            || value.contains('<')
        {
            return Err(Wrong(format!("a wrong attribute: {}", near(inside))));
        }
        references(value)?;
        attributes.push((key, value));
        rest = after;
    }
    Ok((name, attributes))
}

fn references(text: &str) -> Result<(), Wrong> {
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    for part in text.split('&').skip(1) {
        if !known.iter().any(|reference| part.starts_with(reference)) {
            return Err(Wrong(format!("a bare ampersand: &{}", near(part))));
        }
    }
    Ok(())
}

#[test]
fn the_reader_finds_what_is_wrong() {
    let read = |body: &str| Markup::read(&format!("<!DOCTYPE html>{body}")).map(|_| ());
    assert_eq!(read("<p>a &amp; b<br></p><i/>"), Ok(()));
    assert!(read("<p><b></p></b>").is_err());
    assert!(read("<p>").is_err());
    assert!(read("<p>a & b</p>").is_err());
    assert!(read("<p class=x>a</p>").is_err());
    assert!(read(r#"<p a="1" a="2">a</p>"#).is_err());
    assert!(read("a < b").is_err());
}

//! Text as HTML: nothing that a server says is taken for markup, and nothing hides or turns around what stands beside it.

use std::fmt::Write;

/// Text that HTML shows as it is. What is invisible, or changes the direction of the text around it, is shown by its number.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            _ if is_hidden(sign) => {
                // Writing into a text does not fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(sign));
            }
            _ => shown.push(sign),
        }
    }
    shown
}

fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A time as a report shows it: to the minute, in UTC.
pub fn minute(text: &str) -> String {
    let day = text.get(..10).unwrap_or(text);
    match text.get(11..16) {
        Some(time) => escaped(&format!("{day} {time}")),
        None => escaped(day),
    }
}

/// The day of a time.
pub fn day(text: &str) -> String {
    escaped(text.get(..10).unwrap_or(text))
}

/// Some of the texts, and how many more there are.
pub fn some(texts: &[String], most: usize) -> String {
    let listed = texts.iter().take(most).cloned().collect::<Vec<_>>();
    match texts.len().saturating_sub(most) {
        0 => listed.join(", "),
        more => format!("{} and {more} more", listed.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_markup() {
        assert_eq!(
            escaped("<script>alert('&\")</script>"),
            "&lt;script&gt;alert(&#39;&amp;&quot;)&lt;/script&gt;"
        );
        assert_eq!(escaped("a\u{202e}b\u{7}"), "a\\u{202e}b\\u{7}");
        assert_eq!(escaped("ä名"), "ä名");
    }
}

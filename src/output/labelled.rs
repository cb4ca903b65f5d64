//! Facts for people: a label and its lines, which are wrapped to the terminal behind it.

use dialoguer::console::measure_text_width;

use crate::output::text::escape;

/// The width where it is not known.
const WIDTH: usize = 80;
/// Less than this is no room for a value.
const LEAST_ROOM: usize = 20;

/// Draws the facts, one below the other.
pub fn draw(facts: &[(&str, Vec<String>)]) -> String {
    draw_within(facts, width())
}

/// The text in lines that fit, each behind this many blanks.
pub fn indented(text: &str, blanks: usize) -> String {
    let lines = wrapped(text, width().saturating_sub(blanks).max(LEAST_ROOM));
    let lines = lines.iter().map(|line| format!("{:blanks$}{line}", ""));
    lines.collect::<Vec<_>>().join("\n")
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0))
}

fn draw_within(facts: &[(&str, Vec<String>)], width: usize) -> String {
    let widest = facts.iter().map(|(label, _)| label.len()).max();
    let widest = widest.unwrap_or_default();
    let room = width.saturating_sub(widest + 2).max(LEAST_ROOM);
    let mut text = String::new();
    for (label, values) in facts {
        let lines = values
            .iter()
            .flat_map(|value| wrapped(&escape(value), room));
        for (place, line) in lines.enumerate() {
            let label = if place == 0 { label } else { "" };
            text += format!("{label:widest$}  {line}").trim_end();
            text.push('\n');
        }
    }
    text
}

/// The text in lines of at most this width, broken at blanks; a longer word stays whole, so that it can be copied.
pub fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let is_first = line.is_empty();
        if !is_first && measure_text_width(&line) + 1 + measure_text_width(word) > room {
            lines.push(std::mem::take(&mut line));
        } else if !is_first {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_behind_their_label() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("one", 2), ["one"]);
        assert_eq!(wrapped("", 8), [""]);
        let facts = [
            (
                "registry",
                vec!["/home/jane/pg_registry.db (new)".to_owned()],
            ),
            ("next", vec!["pgrole init".to_owned()]),
        ];
        let drawn = "registry  /home/jane/pg_registry.db\n          (new)\nnext      pgrole init\n";
        assert_eq!(draw_within(&facts, 36), drawn);
    }
}

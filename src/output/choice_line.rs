//! The line of a choice that is typed into. dialoguer redraws one line: what is typed or pasted beyond the screen's width
//! is not drawn.

use std::fmt;

use dialoguer::console::measure_text_width;
use dialoguer::theme::Theme;

use crate::output::text::escape;

/// The least that is shown of what was typed.
const LEAST_ROOM: usize = 10;
const NOTHING: &str = "  (nothing matches; Backspace)";
/// What a question leaves free behind it.
pub const FREE: usize = LEAST_ROOM + 3;
const CUT: &str = "...";

/// Draws the question, what was typed, and whether anything matches it.
pub struct ChoiceLine {
    choices: Vec<String>,
    width: usize,
}

impl ChoiceLine {
    pub fn new(choices: &[String], width: usize) -> Self {
        Self {
            choices: choices.to_vec(),
            width,
        }
    }

    /// Whether dialoguer finds a choice: all letters in their order; letters of either case, unless one is a capital.
    fn has_match(&self, typed: &str) -> bool {
        let is_exact = typed.chars().any(char::is_uppercase);
        let same =
            |one: char, other: char| one == other || !is_exact && one.eq_ignore_ascii_case(&other);
        self.choices.iter().any(|choice| {
            let mut letters = choice.chars();
            typed
                .chars()
                .all(|wanted| letters.any(|letter| same(letter, wanted)))
        })
    }
}

impl Theme for ChoiceLine {
    fn format_fuzzy_select_prompt(
        &self,
        line: &mut dyn fmt::Write,
        prompt: &str,
        typed: &str,
        cursor: usize,
    ) -> fmt::Result {
        // A blank, the cursor, and one column because a terminal may break the line after the last.
        let taken = measure_text_width(prompt) + 3;
        let room = self.width.saturating_sub(taken);
        let is_room_for = |remark: &str| room >= remark.len() + LEAST_ROOM;
        let (remark, room) = if !self.has_match(typed) && is_room_for(NOTHING) {
            (NOTHING, room - NOTHING.len())
        } else {
            ("", room.max(1))
        };
        let (before, after) = typed.split_at(cursor);
        let before = end_within(&escape(before), room);
        let left = room - measure_text_width(&before).min(room);
        let after = beginning_within(&escape(after), left);
        write!(line, "{prompt} {before}|{after}{remark}")
    }
}

/// The end of a text that is wider than the room, marked as cut off.
fn end_within(text: &str, room: usize) -> String {
    if measure_text_width(text) <= room {
        return text.to_owned();
    }
    let room = room.saturating_sub(CUT.len());
    let mut end = text;
    while measure_text_width(end) > room {
        let mut letters = end.chars();
        letters.next();
        end = letters.as_str();
    }
    format!("{CUT}{end}")
}

fn beginning_within(text: &str, room: usize) -> String {
    let mut beginning = text;
    while measure_text_width(beginning) > room {
        let mut letters = beginning.chars();
        letters.next_back();
        beginning = letters.as_str();
    }
    beginning.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(typed: &str, cursor: usize) -> String {
        drawn_within(60, typed, cursor)
    }

    fn drawn_within(width: usize, typed: &str, cursor: usize) -> String {
        let choices = ["dev/app".to_owned(), "prod/Shop".to_owned()];
        let line = ChoiceLine::new(&choices, width);
        let mut drawn = String::new();
        line.format_fuzzy_select_prompt(&mut drawn, "database", typed, cursor)
            .unwrap();
        drawn
    }

    #[test]
    fn what_is_typed_is_drawn_within_one_line() {
        assert_eq!(drawn("dapp", 4), "database dapp|");
        assert_eq!(drawn("dapp", 1), "database d|app");
        let long = "x".repeat(500) + "end";
        for (cursor, width) in [(0, 60), (250, 60), (503, 60), (503, 51), (250, 40), (3, 20)] {
            let drawn = drawn_within(width, &long, cursor);
            assert!(measure_text_width(&drawn) < width, "{width}: {drawn}");
        }
        assert_eq!(
            drawn(&long, 503),
            "database ...xxxxxxxxxxxxxend|  (nothing matches; Backspace)"
        );
        // Where there is no room for the remark, what was typed matters more.
        assert_eq!(drawn_within(40, &long, 503).len(), 39);
    }

    #[test]
    fn that_nothing_matches_is_said_as_dialoguer_sees_it() {
        let is_said = |typed: &str| drawn(typed, 0).contains("nothing matches");
        assert!(is_said("zz") && is_said("ppa") && is_said("SHOP"));
        assert!(!is_said("") && !is_said("shop") && !is_said("Shop") && !is_said("dp"));
    }
}

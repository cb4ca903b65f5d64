//! What is known of one thing, for people: headings on the left, lines beside them.

use crate::output::text::escape;

/// A heading, and its lines; it is left out if there are none.
#[derive(Debug)]
pub struct Section {
    heading: &'static str,
    lines: Vec<String>,
}

impl Section {
    pub fn new(heading: &'static str, lines: Vec<String>) -> Self {
        Self { heading, lines }
    }
}

pub fn draw(title: &str, sections: &[Section]) -> String {
    let width = sections.iter().map(|section| section.heading.len()).max();
    let width = width.unwrap_or(0) + 2;
    let mut text = escape(title);
    let mut previous = "";
    for section in sections {
        for (place, line) in section.lines.iter().enumerate() {
            // Sections of one heading follow each other.
            let is_first = place == 0 && section.heading != previous;
            let heading = if is_first { section.heading } else { "" };
            text += &format!("\n  {heading:width$}{}", escape(line));
        }
        if !section.lines.is_empty() {
            previous = section.heading;
        }
    }
    text
}

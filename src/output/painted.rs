//! Text of which some parts mean something: a failure, a warning, a heading. Only [`crate::output::terminal`] turns a
//! tone into a color; the text itself never holds one.

use std::ops::Range;

use zeroize::Zeroizing;

/// What a part of a text means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Heading,
    /// Failed, refused, broken.
    Bad,
    /// Overdue, missing, to be looked at.
    Doubtful,
    /// In a protected environment.
    Protected,
}

/// A text with the tones of its parts. It may hold a password, and is zeroed when dropped.
#[derive(Debug, Default)]
pub struct Painted {
    text: Zeroizing<String>,
    tones: Vec<(Range<usize>, Tone)>,
}

impl Painted {
    /// An empty text with room for so many bytes: growing would leave a copy of a password behind.
    pub fn with_room(bytes: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(bytes)),
            tones: Vec::new(),
        }
    }

    pub fn push(&mut self, text: &str, tone: Tone) {
        let start = self.text.len();
        self.text.push_str(text);
        if tone != Tone::Plain && !text.is_empty() {
            self.tones.push((start..self.text.len(), tone));
        }
    }

    pub fn push_spaces(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
    }

    /// Begins the next line; nothing stands at the end of a line that cannot be seen.
    pub fn end_line(&mut self) {
        let end = self.text.trim_end_matches(' ').len();
        self.text.truncate(end);
        if let Some((range, _)) = self.tones.last_mut() {
            range.end = range.end.min(end);
        }
        self.text.push('\n');
    }

    /// Without the last line break: those who write lines add it.
    pub fn without_last_break(mut self) -> Self {
        if self.text.ends_with('\n') {
            self.text.pop();
        }
        self
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The parts, in order: each has one tone.
    pub fn parts(&self) -> impl Iterator<Item = (&str, Tone)> {
        let mut at = 0;
        let mut parts = Vec::with_capacity(self.tones.len() * 2 + 1);
        for (range, tone) in &self.tones {
            parts.push((&self.text[at..range.start], Tone::Plain));
            parts.push((&self.text[range.clone()], *tone));
            at = range.end;
        }
        parts.push((&self.text[at..], Tone::Plain));
        parts.into_iter().filter(|(text, _)| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart_by_their_tones() {
        let mut painted = Painted::default();
        painted.push("ENV", Tone::Heading);
        painted.push_spaces(3);
        painted.end_line();
        painted.push("prod", Tone::Protected);
        painted.push(" x", Tone::Plain);
        let parts: Vec<_> = painted.parts().collect();
        let wanted = [
            ("ENV", Tone::Heading),
            ("\n", Tone::Plain),
            ("prod", Tone::Protected),
            (" x", Tone::Plain),
        ];
        assert_eq!(parts, wanted);
    }
}

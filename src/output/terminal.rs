//! The one place that writes text to stdout and stderr. What a terminal would act on is escaped here, wherever it comes
//! from: names and messages of servers, dry-run SQL, CSV, CEF, metrics. To a file or a pipe stdout is exact.

use std::io::{self, IsTerminal, Write};

use zeroize::Zeroizing;

use crate::output::painted::{Painted, Tone};
use crate::output::progress_line::beside_progress;
use crate::output::text::{is_unsafe, push_escaped};

pub const RED: &str = "\x1b[1;31m";
pub const YELLOW: &str = "\x1b[1;33m";
pub const CYAN: &str = "\x1b[1;36m";
pub const PLAIN: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const MAGENTA: &str = "\x1b[1;35m";

/// The colors that labels are painted with: the only sequences that go to a terminal as they are.
const OURS: [&str; 4] = [RED, YELLOW, CYAN, PLAIN];

/// Writes a line to stdout, and flushes it. It goes out in one piece, so that no buffer keeps a part of it.
///
/// # Errors
/// If stdout cannot be written.
pub fn write_line(text: &str) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let mut line = Zeroizing::new(String::with_capacity(text.len() * 2 + 1));
    if is_terminal {
        push_safe(&mut line, text, Colors::Escaped);
    } else {
        line.push_str(text);
    }
    line.push('\n');
    beside_progress(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(line.as_bytes())?;
        stdout.flush()
    })
}

/// Writes a line to stderr. If even that fails there is nobody left to tell.
pub fn say(text: &str) {
    let mut line = String::with_capacity(text.len() + 1);
    push_safe(&mut line, text, Colors::Kept);
    line.push('\n');
    beside_progress(|| io::stderr().lock().write_all(line.as_bytes()).ok());
}

/// Writes a drawing to stdout, and flushes it. Its text holds no color: each part is made safe by itself, and painted
/// afterwards.
///
/// # Errors
/// If stdout cannot be written.
pub fn write_painted(painted: &Painted, is_colored: bool) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let text = text_of(painted, is_colored, is_terminal);
    beside_progress(|| {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    })
}

/// Writes a drawing to stderr.
pub fn say_painted(painted: &Painted, is_colored: bool) {
    let text = text_of(painted, is_colored, true);
    beside_progress(|| io::stderr().lock().write_all(text.as_bytes()).ok());
}

fn text_of(painted: &Painted, is_colored: bool, is_terminal: bool) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(painted.text().len() * 2 + 1));
    for (part, tone) in painted.parts() {
        let color = color_of(tone).filter(|_| is_colored);
        text.push_str(color.unwrap_or_default());
        if is_terminal {
            push_safe(&mut text, part, Colors::Escaped);
        } else {
            text.push_str(part);
        }
        if color.is_some() {
            text.push_str(PLAIN);
        }
    }
    text.push('\n');
    text
}

fn color_of(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Heading => Some(BOLD),
        Tone::Bad => Some(RED),
        Tone::Doubtful => Some(YELLOW),
        Tone::Protected => Some(MAGENTA),
    }
}

/// A portion of a stream to stdout, as a terminal may show it. A character that is cut in two waits in `rest` for the
/// next portion.
pub fn safe_portion(rest: &mut Vec<u8>, bytes: &[u8]) -> String {
    let portion = whole_characters(rest, bytes);
    let mut safe = String::with_capacity(portion.len());
    let text = String::from_utf8_lossy(&portion);
    // The line breaks of CSV.
    push_safe(&mut safe, &text.replace("\r\n", "\n"), Colors::Escaped);
    safe
}

/// What waited and what follows it, up to a character that is cut in two, which waits.
pub fn whole_characters(rest: &mut Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    rest.extend_from_slice(bytes);
    let is_whole = |error: &std::str::Utf8Error| error.error_len().is_some();
    let whole = match std::str::from_utf8(rest) {
        Ok(_) => rest.len(),
        Err(error) if is_whole(&error) => rest.len(),
        Err(error) => error.valid_up_to(),
    };
    rest.drain(..whole).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colors {
    Kept,
    Escaped,
}

/// Line breaks and tabs belong to the layout.
fn push_safe(safe: &mut String, text: &str, colors: Colors) {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let color = OURS.iter().find(|color| rest.starts_with(**color));
        if let (Some(color), Colors::Kept) = (color, colors) {
            safe.push_str(color);
            rest = &rest[color.len()..];
            continue;
        }
        if is_unsafe(letter) && letter != '\n' && letter != '\t' {
            push_escaped(safe, letter);
        } else {
            safe.push(letter);
        }
        rest = &rest[letter.len_utf8()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_colors_pass() {
        let mut safe = String::new();
        push_safe(
            &mut safe,
            "\x1b[1;31merror:\x1b[0m \x1b]0;x\x07\ta\nb",
            Colors::Kept,
        );
        assert_eq!(safe, "\x1b[1;31merror:\x1b[0m \\u{1b}]0;x\\u{7}\ta\nb");
        let mut safe = String::new();
        push_safe(&mut safe, "\x1b[1;31m", Colors::Escaped);
        assert_eq!(safe, "\\u{1b}[1;31m");
    }

    #[test]
    fn a_drawing_is_painted_by_its_tones_and_never_by_its_text() {
        let mut painted = Painted::default();
        painted.push("failed\x1b[1;31m\x1b[0m", Tone::Bad);
        painted.push(" \x1b[1mb", Tone::Plain);
        let colored = text_of(&painted, true, true);
        let wanted = "\x1b[1;31mfailed\\u{1b}[1;31m\\u{1b}[0m\x1b[0m \\u{1b}[1mb\n";
        assert_eq!(*colored, wanted);
        let plain = text_of(&painted, false, true);
        assert!(!plain.contains('\x1b'), "{plain:?}");
    }

    #[test]
    fn a_letter_that_comes_in_two_portions_is_one() {
        let mut rest = Vec::new();
        let mut text = String::new();
        for portion in ["a\u{202e}b\r\n".as_bytes(), b"\xff\x1b"] {
            for byte in portion {
                text += &safe_portion(&mut rest, &[*byte]);
            }
        }
        assert!(text.starts_with("a\\u{202e}b"), "{text:?}");
        assert!(text.ends_with("\u{fffd}\\u{1b}"), "{text:?}");
        assert_eq!(
            safe_portion(&mut rest, "x\r\ny\u{2028}".as_bytes()),
            "x\ny\\u{2028}"
        );
    }
}

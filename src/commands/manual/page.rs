//! One page of the manual, in the man(7) macros: NAME first, then the sections as they are added, SEE ALSO last.
//!
//! Text between backticks is set in bold. A date is the release's, so that a page made twice is the same.

use crate::commands::fold::folded;

/// The longest line of a page's source.
const WIDTH: usize = 78;

/// A page, and where it is found: `pgrole-user(1)`.
#[derive(Debug)]
pub struct Page {
    name: String,
    section: u8,
    about: String,
    body: String,
    see_also: Vec<(String, u8)>,
}

impl Page {
    /// A page that has only its NAME yet. Sections are 1 for commands, 5 for files, 7 for everything else.
    pub fn new(name: impl Into<String>, section: u8, about: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            section,
            about: about.into(),
            body: String::new(),
            see_also: Vec::new(),
        }
    }

    /// Its name and section, as other pages refer to it.
    pub fn title(&self) -> (String, u8) {
        (self.name.clone(), self.section)
    }

    /// Where it is below a folder of the manual: `man1/pgrole-user.1`.
    pub fn file_name(&self) -> String {
        format!("man{0}/{1}.{0}", self.section, self.name)
    }

    /// Begins a section, such as `DESCRIPTION`.
    pub fn section(&mut self, heading: &str) {
        self.request(&format!(".SH {}", escaped(&heading.to_uppercase())));
    }

    /// Begins a part of a section.
    pub fn subsection(&mut self, heading: &str) {
        self.request(&format!(".SS {}", escaped(heading)));
    }

    /// A paragraph; an empty line in it begins another.
    pub fn paragraph(&mut self, text: &str) {
        for paragraph in text.split("\n\n") {
            self.part();
            self.fill(paragraph);
        }
    }

    /// A term, and what it means below it, indented.
    pub fn item(&mut self, term: &str, meaning: &str) {
        self.request(".TP");
        self.request(&marked(term));
        for (place, paragraph) in meaning.split("\n\n").enumerate() {
            if place > 0 {
                self.request(".IP");
            }
            self.fill(paragraph);
        }
    }

    /// Lines as they are to be typed, or as they are printed.
    pub fn literal(&mut self, text: &str) {
        self.part();
        self.request(".RS 4");
        self.request(".nf");
        for line in text.lines() {
            self.request(&protected(&escaped(line)));
        }
        self.request(".fi");
        self.request(".RE");
    }

    /// Another page, for SEE ALSO.
    pub fn refer_to(&mut self, name: impl Into<String>, section: u8) {
        let other = (name.into(), section);
        if other != self.title() && !self.see_also.contains(&other) {
            self.see_also.push(other);
        }
    }

    /// The whole page.
    pub fn render(&self) -> String {
        let heading = format!(
            ".TH {} {} {} \"pgrole {}\" \"pgrole manual\"\n",
            escaped(&self.name.to_uppercase()),
            self.section,
            released(),
            env!("CARGO_PKG_VERSION"),
        );
        let name = format!("{} \\- {}", escaped(&self.name), escaped(&self.about));
        let name = format!(".SH NAME\n{}\n", filled(&name));
        let others: Vec<_> = self.see_also.iter().map(reference).collect();
        let see_also = if others.is_empty() {
            String::new()
        } else {
            format!(".SH SEE ALSO\n{}\n", others.join(",\n"))
        };
        heading + &name + &self.body + &see_also
    }

    /// Sets what follows apart from what precedes it; a heading does so itself.
    fn part(&mut self) {
        let last = self.body.lines().next_back().unwrap_or_default();
        if !last.starts_with(".S") {
            self.request(".PP");
        }
    }

    fn request(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    /// Adds text whose lines are filled by the formatter.
    fn fill(&mut self, text: &str) {
        self.request(&filled(&marked(text)));
    }
}

/// Text in lines that can be read in the page's source; the formatter fills them anew.
fn filled(text: &str) -> String {
    let lines = folded(text, WIDTH).into_iter();
    let lines: Vec<_> = lines.map(|line| protected(&line)).collect();
    lines.join("\n")
}

/// `\fBpgrole\fR(1)`.
fn reference((name, section): &(String, u8)) -> String {
    format!("\\fB{}\\fR({section})", escaped(name))
}

/// Text with what stands between backticks in bold.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(place, part)| match place % 2 {
        0 => escaped(part),
        _ => format!("\\fB{}\\fR", escaped(part)),
    });
    parts.collect()
}

/// Text in which no character means anything to the formatter, and all are copied from the page as they were typed.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            letter if letter.is_ascii() => escaped.push(letter),
            letter => escaped.push_str(&format!("\\[u{:04X}]", u32::from(letter))),
        }
    }
    escaped
}

/// A line that is none of the formatter's requests, though it begins like one.
fn protected(line: &str) -> String {
    if line.starts_with(['.', '\'']) {
        format!("\\&{line}")
    } else {
        line.to_owned()
    }
}

/// The date of the last release in CHANGELOG.md: `## 0.2.0 — 2026-11-26`.
fn released() -> &'static str {
    std::str::from_utf8(&RELEASED).expect("a date is ASCII")
}

const DATE: usize = "2026-11-26".len();

/// Taken out when this is compiled, so that the program does not carry the whole file.
static RELEASED: [u8; DATE] = last_date(include_bytes!("../../../CHANGELOG.md"));

/// The date that ends the first heading with one.
const fn last_date(changelog: &[u8]) -> [u8; DATE] {
    let mut end = 0;
    let mut is_heading = false;
    while end < changelog.len() {
        if changelog[end] == b'\n' {
            let digits_end = is_heading && end > DATE && changelog[end - 1].is_ascii_digit();
            if digits_end && changelog[end - 3] == b'-' && changelog[end - 6] == b'-' {
                let mut date = [0; DATE];
                let mut place = 0;
                while place < DATE {
                    date[place] = changelog[end - DATE + place];
                    place += 1;
                }
                return date;
            }
            is_heading = end + 2 < changelog.len()
                && changelog[end + 1] == b'#'
                && changelog[end + 2] == b'#';
        }
        end += 1;
    }
    panic!("CHANGELOG.md has no dated release")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_sections_and_means_what_it_says() {
        let mut page = Page::new("pgrole-x", 5, "a file's format");
        page.section("description");
        page.paragraph("Write `--flag=\\x` or\n.dot.\n\n.First of a paragraph.");
        page.item("`-e` ENV", "One.\n\nTwo.");
        page.literal("'quoted' ~ ^ …");
        page.refer_to("pgrole", 1);
        page.refer_to("pgrole-x", 5);
        let text = page.render();
        let (heading, rest) = text.split_once('\n').expect("it has lines");
        assert!(heading.starts_with(".TH PGROLE\\-X 5 20"), "{heading}");
        assert_eq!(
            rest,
            ".SH NAME\npgrole\\-x \\- a file\\(aqs format\n.SH DESCRIPTION\n\
             Write \\fB\\-\\-flag=\\ex\\fR or .dot.\n.PP\n\\&.First of a paragraph.\n\
             .TP\n\\fB\\-e\\fR ENV\nOne.\n.IP\nTwo.\n\
             .PP\n.RS 4\n.nf\n\\(aqquoted\\(aq \\(ti \\(ha \\[u2026]\n.fi\n.RE\n.SH SEE ALSO\n\\fBpgrole\\fR(1)\n"
        );
    }

    #[test]
    fn the_date_is_that_of_the_newest_release() {
        let changelog = b"# Changes\n\n## Unreleased\n\n- a\n\n## 0.2.0 - 2026-11-26\n\n## 0.1.0 - 2025-01-01\n";
        assert_eq!(last_date(changelog), *b"2026-11-26");
        assert_eq!(released().len(), DATE);
    }
}

//! The lines of tables and records.

use crate::output::painted::{Painted, Tone};
use crate::output::screen::{Charset, Screen};
use crate::output::table::cell::{Cell, width_of};
use crate::output::table::column::Column;
use crate::output::table::layout::GAP;

/// The columns of a table, as they are drawn.
#[derive(Debug)]
pub struct Grid {
    pub widths: Vec<usize>,
    /// Columns of numbers, which stand at the right.
    pub are_numbers: Vec<bool>,
    /// Columns whose values lose their middle if they are wider.
    pub are_shortened: Vec<bool>,
    pub charset: Charset,
    /// How far in each line begins.
    pub indent: usize,
}

impl Grid {
    pub fn push_heading(&self, painted: &mut Painted, headings: &[&str]) {
        painted.push_spaces(self.indent);
        for (place, heading) in headings.iter().enumerate() {
            self.push_part(painted, place, heading, Tone::Heading);
        }
        painted.end_line();
    }

    /// A line below the headings.
    pub fn push_rule(&self, painted: &mut Painted) {
        let stroke = match self.charset {
            Charset::Unicode => "─",
            Charset::Ascii => "-",
        };
        for (place, width) in self.widths.iter().enumerate() {
            self.push_part(painted, place, &stroke.repeat(*width), Tone::Plain);
        }
        painted.end_line();
    }

    /// A row, whose cells may have several lines.
    pub fn push_row(&self, painted: &mut Painted, cells: &[Cell]) {
        let cells = cells.iter().zip(&self.widths).zip(&self.are_shortened);
        let cells = cells.map(|((cell, width), is_shortened)| {
            let lines = if *is_shortened {
                cell.shortened(*width, self.charset)
            } else {
                cell.wrapped(*width)
            };
            (lines, cell.tone)
        });
        let cells: Vec<_> = cells.collect();
        let height = cells.iter().map(|(lines, _)| lines.len()).max();
        for line in 0..height.unwrap_or(0).max(1) {
            painted.push_spaces(self.indent);
            for (place, (lines, tone)) in cells.iter().enumerate() {
                let text = lines.get(line).map_or("", |text| text.as_str());
                self.push_part(painted, place, text, *tone);
            }
            painted.end_line();
        }
    }

    fn push_part(&self, painted: &mut Painted, place: usize, text: &str, tone: Tone) {
        let width = self.widths.get(place).copied().unwrap_or(0);
        let left = width.saturating_sub(width_of(text));
        if self.are_numbers.get(place) == Some(&true) {
            painted.push_spaces(left);
            painted.push(text, tone);
        } else {
            painted.push(text, tone);
            painted.push_spaces(left);
        }
        painted.push_spaces(GAP);
    }
}

pub fn push_heading(painted: &mut Painted, grid: &Grid, columns: &[Column], screen: &Screen) {
    let headings: Vec<_> = columns.iter().map(|column| &*column.heading).collect();
    grid.push_heading(painted, &headings);
    if screen.is_terminal() {
        grid.push_rule(painted);
    }
}

/// What the mark beside names stands for.
pub fn push_legend(painted: &mut Painted) {
    painted.push("* protected environment", Tone::Plain);
    painted.end_line();
}

/// A record: a line for each label and its value, without those that are empty.
///
/// A value is never broken where a person would copy it: if it does not fit beside its label it stands below it, and
/// there a terminal breaks it, not we.
pub fn push_record(
    painted: &mut Painted,
    fields: &[(&str, Cell)],
    indent: usize,
    room: Option<usize>,
) {
    let fields = fields.iter().filter(|(_, cell)| !cell.is_empty());
    let widest = fields.clone().map(|(label, _)| width_of(label)).max();
    let hanging = indent + widest.unwrap_or(0) + GAP;
    let beside = room.map(|room| room.saturating_sub(hanging));
    for (label, cell) in fields {
        painted.push_spaces(indent);
        painted.push(label, Tone::Heading);
        let fits = beside.is_none_or(|beside| cell.least_width() <= beside);
        if fits {
            painted.push_spaces(hanging - indent - width_of(label));
            let lines = cell.wrapped(beside.unwrap_or(usize::MAX));
            for (place, line) in lines.iter().enumerate() {
                if place > 0 {
                    painted.push_spaces(hanging);
                }
                painted.push(line, cell.tone);
                painted.end_line();
            }
        } else {
            painted.end_line();
            for line in cell.wrapped(room.unwrap_or(usize::MAX)) {
                painted.push(&line, cell.tone);
                painted.end_line();
            }
        }
    }
}

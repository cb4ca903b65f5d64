//! How wide the columns of a table are, or that its rows do not fit: then each becomes a record of its own.

use crate::output::table::cell::Cell;

/// Between two columns.
pub const GAP: usize = 2;

/// How narrow prose and lists may become before a record is easier to read.
const COMFORTABLE: usize = 24;

/// What a column needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// Without any break.
    pub natural: usize,
    /// For its widest part that is never broken.
    pub least: usize,
}

impl Extent {
    /// That of text which is never broken.
    pub fn fixed(width: usize) -> Self {
        Self {
            natural: width,
            least: width,
        }
    }

    /// Takes in a further value.
    pub fn include(&mut self, cell: &Cell) {
        self.natural = self.natural.max(cell.natural_width());
        self.least = self.least.max(cell.least_width());
    }

    fn comfortable(self) -> usize {
        self.natural.min(self.least.max(COMFORTABLE))
    }
}

fn total(widths: impl Iterator<Item = usize>) -> usize {
    widths
        .map(|width| width + GAP)
        .sum::<usize>()
        .saturating_sub(GAP)
}

/// The widths of the columns of a table in so much room; `None` if it does not fit.
pub fn widths_in(room: usize, extents: &[Extent]) -> Option<Vec<usize>> {
    let mut widths: Vec<_> = extents.iter().map(|extent| extent.comfortable()).collect();
    let mut left = room.checked_sub(total(widths.iter().copied()))?;
    // The narrower a column is beside what it wants, the sooner it gets more: all grow alike.
    while left > 0 {
        let wanting = extents.iter().zip(&mut widths);
        let wanting = wanting.filter(|(extent, width)| **width < extent.natural);
        let Some((_, width)) = wanting.min_by_key(|(_, width)| **width) else {
            break;
        };
        *width += 1;
        left -= 1;
    }
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_gives_way_and_what_is_copied_does_not() {
        let id = Extent::fixed(16);
        let notes = Extent {
            natural: 90,
            least: 9,
        };
        assert_eq!(widths_in(200, &[id, notes]), Some(vec![16, 90]));
        assert_eq!(widths_in(60, &[id, notes]), Some(vec![16, 42]));
        assert_eq!(widths_in(42, &[id, notes]), Some(vec![16, 24]));
        assert_eq!(widths_in(41, &[id, notes]), None);
        assert_eq!(widths_in(10, &[]), Some(Vec::new()));
    }

    #[test]
    fn two_columns_of_prose_share_what_is_left() {
        let prose = Extent {
            natural: 60,
            least: 8,
        };
        let short = Extent {
            natural: 25,
            least: 8,
        };
        assert_eq!(widths_in(82, &[prose, short]), Some(vec![55, 25]));
        assert_eq!(widths_in(52, &[prose, short]), Some(vec![25, 25]));
    }
}

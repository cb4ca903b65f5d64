//! How wide the columns of a table are, or that its rows do not fit: then each becomes a record of its own.

use crate::output::table::cell::{Cell, width_of};
use crate::output::table::column::Column;

/// Between two columns.
pub const GAP: usize = 2;

/// How narrow prose and lists may become before a record is easier to read.
const COMFORTABLE: usize = 24;

/// How narrow a value may become whose middle is left out.
const SHORTEST: usize = 16;

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

/// The columns of a table that fit.
#[derive(Debug, PartialEq, Eq)]
pub struct Fitted {
    /// Of those that are shown.
    pub widths: Vec<usize>,
    /// Which of all columns are shown.
    pub is_shown: Vec<bool>,
}

/// Fits columns in so much room: long values lose their middle first, then columns go that a row can do without. `None`
/// if even that is too wide.
pub fn fit(room: usize, columns: &[Column], extents: &[Extent]) -> Option<Fitted> {
    if let Some(fitted) = fit_whole(room, extents) {
        return Some(fitted);
    }
    let mut is_shown = vec![true; columns.len()];
    let shortest = |(column, extent): (&Column, &Extent)| {
        let shortest = SHORTEST.max(width_of(&column.heading));
        if column.is_shortened {
            extent.natural.min(shortest)
        } else {
            extent.comfortable()
        }
    };
    let narrow: Vec<_> = columns.iter().zip(extents).map(shortest).collect();
    loop {
        let shown = |place: &usize| is_shown[*place];
        let places: Vec<_> = (0..columns.len()).filter(shown).collect();
        let begun = places.iter().map(|place| narrow[*place]).collect();
        let extents: Vec<_> = places.iter().map(|place| extents[*place]).collect();
        if let Some(widths) = grown(room, begun, &extents) {
            return Some(Fitted { widths, is_shown });
        }
        let expendable = places
            .into_iter()
            .filter_map(|place| Some((columns[place].expendable?, place)));
        let (_, next) = expendable.min()?;
        is_shown[next] = false;
    }
}

/// Fits all columns with whole values, if that is possible.
pub fn fit_whole(room: usize, extents: &[Extent]) -> Option<Fitted> {
    let widths = widths_in(room, extents)?;
    let is_shown = vec![true; widths.len()];
    Some(Fitted { widths, is_shown })
}

/// The widths of the columns of a table in so much room; `None` if it does not fit.
fn widths_in(room: usize, extents: &[Extent]) -> Option<Vec<usize>> {
    let widths = extents.iter().map(|extent| extent.comfortable()).collect();
    grown(room, widths, extents)
}

/// The widths, grown to what there is room for; `None` if there is not even room for them.
fn grown(room: usize, mut widths: Vec<usize>, extents: &[Extent]) -> Option<Vec<usize>> {
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

/// The widths of columns whose later values may be wider: a last one that loses its middle gets all the room there is.
pub fn with_rest(mut widths: Vec<usize>, columns: &[Column], room: usize) -> Vec<usize> {
    let left = room.saturating_sub(total(widths.iter().copied()));
    if let (Some(last), Some(width)) = (columns.last(), widths.last_mut())
        && last.is_shortened
    {
        *width += left;
    }
    widths
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
    fn long_values_lose_their_middle_before_columns_go() {
        let columns = [
            Column::new("USERNAME", "username"),
            Column::new("CHANGED", "changed").expendable(1),
            Column::new("DELIVERY", "deliver").shortened().expendable(2),
        ];
        let extents = [Extent::fixed(10), Extent::fixed(12), Extent::fixed(50)];
        let fitted = |room| {
            let fitted = fit(room, &columns, &extents)?;
            let mut widths = fitted.widths.into_iter();
            let shown = fitted.is_shown.into_iter();
            Some(
                shown
                    .map(|shown| if shown { widths.next() } else { None }.unwrap_or(0))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(fitted(76), Some(vec![10, 12, 50]));
        assert_eq!(fitted(75), Some(vec![10, 12, 49]));
        assert_eq!(fitted(42), Some(vec![10, 12, 16]));
        assert_eq!(fitted(41), Some(vec![10, 0, 29]));
        assert_eq!(fitted(20), Some(vec![10, 0, 0]));
        assert_eq!(fitted(9), None);
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

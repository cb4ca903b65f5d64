//! The pages of the manual, made from the definition of the command line when they are asked for: none is in the
//! repository. One page per noun: `man pgrole user` finds it, and its commands share what they have in common.
//!
//! A page that is not a command's has a file here that makes it, and its line in [`pages_of_subjects`].

mod command_page;
mod config_page;
mod json;
mod page;
mod places;

use crate::commands::manual::page::Page;

/// All pages; each refers to the others.
pub fn pages() -> Vec<Page> {
    let mut pages = command_page::pages();
    pages.extend(pages_of_subjects());
    let titles: Vec<_> = pages.iter().map(Page::title).collect();
    for page in &mut pages {
        for (name, section) in &titles {
            page.refer_to(name.clone(), *section);
        }
    }
    pages
}

/// The pages that are not about a command, such as that of a file's format.
fn pages_of_subjects() -> Vec<Page> {
    vec![config_page::page(), json::page()]
}

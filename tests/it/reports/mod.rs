//! `pgrole report …` on real servers: what is planted is found, and nothing else.

mod access;
mod browser;
mod estate;
mod page;
mod passwords;
mod planted;
mod review;
mod timed_and_dual;

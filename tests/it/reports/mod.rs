//! `pgrole report …` on real servers: what is planted is found, and nothing else.

mod access;
mod estate;
mod planted;

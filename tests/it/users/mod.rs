//! `pgrole user …` and `pgrole access …` on real servers, asserted as their users see them: by logging in, in the
//! catalogs, in what is printed.

pub mod access;
mod access_matrix;
mod acting;
mod by_cluster;
mod chosen_schemas;
mod confirming;
mod creating;
mod creation_warnings;
mod encodings;
mod ensure;
mod groups_of_others;
mod invalid_entries;
mod jit;
mod names;
mod own_admin;
mod passwords;
mod profiles_of_any_name;
mod races;
mod round_trips;
mod screens;
mod search_path;
mod searching;
mod showing;
mod taking_back;
mod traps;
mod undoing;
mod waiting;
mod wrong_server;

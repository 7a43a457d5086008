//! The rules of the site, each in a case small enough to be followed with a pencil, and on random sites what must hold
//! whatever happens: nobody is lost, nobody is served twice at a time.

mod calendars;
mod day;
mod lines;
mod random_sites;
mod rooms;

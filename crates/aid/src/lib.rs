//! Who sends whom.
pub mod home;
pub mod ground;
#[cfg(feature = "solver")]
pub mod solver;
#[cfg(feature = "solver")]
pub mod program;

//! Who may speak to the server, and what each may do and see.
//!
//! # Map
//! [`mode`] whether only this machine reaches it, or others do · [`role`] what somebody is, and where; who may invite whom ·
//! [`table`] every operation with those who may use it · [`gate`] holds each request against that table · [`who`] who asks ·
//! [`secret`] what stands in a cookie or a link · [`password`] hashed and compared, none of the `usual` ones · [`one_time`] codes of a second factor · [`attempts`] guesses are counted · [`known`] browsers
//! that have signed in before.

pub mod attempts;
pub mod gate;
pub mod known;
pub mod mode;
pub mod one_time;
pub mod password;
pub mod role;
pub mod secret;
pub mod table;
mod usual;
pub mod who;

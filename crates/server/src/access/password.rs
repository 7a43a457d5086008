//! Passwords: hashed slowly, a few at a time.

use crate::{
    access::{secret::random, usual::is_usual},
    limits,
    machine::aside,
    problem::Fault,
};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use axum::http::StatusCode;
use std::sync::Arc;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Memory of one hash: what OWASP's cheat sheet on password storage asks of argon2id with two passes (2024). It takes a
/// small server about 30 ms, so that a whole team signs in within seconds.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over it.
pub const PASSES: u32 = 2;
/// Lanes of one hash: other requests use the other processors.
pub const LANES: u32 = 1;

/// A hash of nothing that anybody knows, so that a name that is not known takes as long as one that is.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2hvdWh1IG5vYm9keSE$Yy+8gXcaTy2dPdDjhe9nRCRPIqRvPAtJqXfX3HFMqEA";

/// Who hashes, and who waits for a turn.
#[derive(Clone, Debug)]
pub struct Passwords {
    hashing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    /// Nobody hashes yet.
    pub fn new() -> Passwords {
        Passwords {
            hashing: Arc::new(Semaphore::new(limits::HASHING)),
            waiting: Arc::new(Semaphore::new(limits::HASHING_OR_WAITING)),
        }
    }

    /// The hash of a new password for a login name.
    ///
    /// # Errors
    /// It is too short or too long, one that everybody tries, or too many wait.
    pub async fn hash(&self, password: String, login: &str) -> Result<String, Fault> {
        let letters = password.chars().count();
        if letters < limits::PASSWORD_LETTERS || password.len() > limits::PASSWORD_BYTES {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "password_weak")
                .with("least", limits::PASSWORD_LETTERS)
                .with("most", limits::PASSWORD_BYTES));
        }
        if is_usual(&password, login) {
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "password_usual"));
        }
        let password = Zeroizing::new(password);
        self.turn(move || {
            let hash = argon()
                .hash_password_with_salt(password.as_bytes(), &random::<16>())
                .map_err(|_| broken())?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether a password is that of a hash; without a hash it is not, and takes as long to say so.
    ///
    /// # Errors
    /// Too many wait.
    pub async fn fits(&self, password: String, hash: Option<String>) -> Result<bool, Fault> {
        if password.len() > limits::PASSWORD_BYTES {
            return Ok(false);
        }
        let password = Zeroizing::new(password);
        self.turn(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            Ok(argon().verify_password(password.as_bytes(), hash.as_str()).is_ok() && known)
        })
        .await
    }

    async fn turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let busy = |_| Fault::new(StatusCode::SERVICE_UNAVAILABLE, "busy");
        let place = self.waiting.clone().try_acquire_owned().map_err(busy)?;
        let turn = self.hashing.clone().acquire_owned().await.expect("it is never closed");
        aside(move || {
            let _held = (place, turn);
            work()
        })
        .await
    }
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords::new()
    }
}

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the constants are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn broken() -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "broken")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".to_owned(), "anna").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.fits("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.fits("correct house".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.fits("correct horse".to_owned(), None).await.unwrap());
        assert_ne!(passwords.hash("correct horse".to_owned(), "anna").await.unwrap(), hash);
        assert!(passwords.hash("short".to_owned(), "anna").await.is_err());
        // 64 letters of four bytes fit, and are all looked at.
        let long: String = ["𠮷", "𡈽", "𣘺", "𤭖"].concat().repeat(16);
        let hash = passwords.hash(long.clone(), "anna").await;
        assert!(hash.is_err(), "four letters again and again");
        let long: String = "𠮷𡈽𣘺𤭖𥝱𦊆𧾷𨑨".repeat(8);
        let hash = passwords.hash(long.clone(), "anna").await.unwrap();
        let mut other: Vec<char> = long.chars().collect();
        other[63] = '柳';
        assert!(!passwords.fits(other.into_iter().collect(), Some(hash.clone())).await.unwrap());
        assert!(passwords.fits(long.clone(), Some(hash)).await.unwrap());
        assert!(passwords.hash(format!("{long}a"), "anna").await.is_err());
    }

    #[tokio::test]
    async fn a_name_that_is_not_known_takes_as_long() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".to_owned(), "anna").await.unwrap();
        let time = async |hash: Option<String>| {
            let began = Instant::now();
            passwords.fits("wrong".to_owned(), hash).await.unwrap();
            began.elapsed().as_secs_f64()
        };
        // On a machine that does other things as well a hash takes longer now and then; none takes next to nothing.
        let mut times = Vec::new();
        for _ in 0..5 {
            let (mut known, mut unknown) = (f64::MAX, f64::MAX);
            for _ in 0..3 {
                known = known.min(time(Some(hash.clone())).await);
                unknown = unknown.min(time(None).await);
            }
            if unknown > known / 3.0 {
                return;
            }
            times.push((unknown, known));
        }
        panic!("the hash of nobody is not read: {times:?} s");
    }
}

//! Guesses are counted: by account, so that a password cannot be tried out, and by address, generously, since a whole site
//! shares one.

use crate::limits::{self, ADDRESS_WINDOW, LOCKED, LOGIN_FAILURES_FREE, LOGIN_FAILURES_LOCK};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// What failed, and how often. It is kept in memory: who restarts the server sits at its machine.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    accounts: HashMap<String, Failures>,
    logins: HashMap<IpAddr, Window>,
    tokens: HashMap<IpAddr, Window>,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Instant,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    began: Instant,
    count: u32,
}

/// How long somebody must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Attempts {
    /// Lets somebody try a password, and counts it as failed until [`Attempts::signed_in`] says otherwise: who asks many
    /// times at once gains nothing.
    ///
    /// # Errors
    /// How long to wait.
    pub fn try_login(&self, login: &str, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        let failures = counts.accounts.get(login).copied();
        if let Some(failures) = failures {
            let until = failures.last + pause(failures.count);
            if until > now {
                return Err(Wait(until - now));
            }
        }
        room(&counts.logins, address, limits::ADDRESS_LOGINS, now)?;
        count(&mut counts.logins, address, now);
        let count = failures.map_or(0, |failures| failures.count) + 1;
        counts.accounts.insert(login.to_owned(), Failures { count, last: now });
        Ok(())
    }

    /// The password was right.
    pub fn signed_in(&self, login: &str, address: IpAddr) {
        let mut counts = self.counts();
        counts.accounts.remove(login);
        if let Some(window) = counts.logins.get_mut(&near(address)) {
            window.count = window.count.saturating_sub(1);
        }
    }

    /// Whether somebody may show a token of a link.
    ///
    /// # Errors
    /// How long to wait.
    pub fn try_token(&self, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        room(&counts.tokens, address, limits::ADDRESS_TOKENS, now)
    }

    /// The token was none.
    pub fn token_failed(&self, address: IpAddr, now: Instant) {
        count(&mut self.counts().tokens, address, now);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Forgets what is over once there is much of it. Names that nobody has are counted too, so there can be many.
    fn tidy(&mut self, now: Instant) {
        let open = |window: &Window| now.duration_since(window.began) < ADDRESS_WINDOW;
        if self.accounts.len() >= limits::ATTEMPTS_KEPT {
            self.accounts.retain(|_, failures| now.duration_since(failures.last) < LOCKED);
        }
        for windows in [&mut self.logins, &mut self.tokens] {
            if windows.len() >= limits::ATTEMPTS_KEPT {
                windows.retain(|_, window| open(window));
            }
        }
        // Whoever fills a table within minutes has more addresses than can be counted; then it starts anew.
        if self.accounts.len() >= 2 * limits::ATTEMPTS_KEPT {
            self.accounts.clear();
        }
        for windows in [&mut self.logins, &mut self.tokens] {
            if windows.len() >= 2 * limits::ATTEMPTS_KEPT {
                windows.clear();
            }
        }
    }
}

/// How long an account waits after so many failures: nothing, then 2, 4, 8 … seconds, then minutes, never for ever.
fn pause(failures: u32) -> Duration {
    if failures < LOGIN_FAILURES_FREE {
        Duration::ZERO
    } else if failures < LOGIN_FAILURES_LOCK {
        Duration::from_secs(2 << (failures - LOGIN_FAILURES_FREE))
    } else {
        LOCKED
    }
}

/// Within IPv6 a household or a site has a whole network: addresses of one count as one.
pub(crate) fn near(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

fn room(windows: &HashMap<IpAddr, Window>, address: IpAddr, most: u32, now: Instant) -> Result<(), Wait> {
    let Some(window) = windows.get(&near(address)) else { return Ok(()) };
    let ends = window.began + ADDRESS_WINDOW;
    if window.count >= most && ends > now { Err(Wait(ends - now)) } else { Ok(()) }
}

fn count(windows: &mut HashMap<IpAddr, Window>, address: IpAddr, now: Instant) {
    let window = windows.entry(near(address)).or_insert(Window { began: now, count: 0 });
    if now.duration_since(window.began) >= ADDRESS_WINDOW {
        *window = Window { began: now, count: 0 };
    }
    window.count += 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const SITE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

    #[test]
    fn an_account_slows_down_then_waits_minutes_and_never_for_ever() {
        let attempts = Attempts::default();
        let mut now = Instant::now();
        for _ in 0..LOGIN_FAILURES_FREE {
            assert_eq!(attempts.try_login("anna", SITE, now), Ok(()));
        }
        let mut waits = Vec::new();
        while waits.len() < 7 {
            match attempts.try_login("anna", SITE, now) {
                Ok(()) => {}
                Err(Wait(wait)) => {
                    waits.push(wait.as_secs());
                    now += wait;
                }
            }
        }
        let locked = LOCKED.as_secs();
        assert_eq!(waits, [2, 4, 8, 16, 32, locked, locked]);
        assert_eq!(attempts.try_login("anna", SITE, now), Ok(()));
        attempts.signed_in("anna", SITE);
        assert_eq!(attempts.try_login("anna", SITE, now), Ok(()));
        assert_eq!(attempts.try_login("anna", SITE, now), Ok(()));
    }

    #[test]
    fn a_wrong_password_locks_nobody_else_at_the_site() {
        let attempts = Attempts::default();
        let now = Instant::now();
        while attempts.try_login("anna", SITE, now).is_ok() {}
        for phone in 0..60 {
            let login = format!("phone-{phone}");
            // Each mistypes four times, all within a minute, and then gets it right.
            for _ in 0..4 {
                assert_eq!(attempts.try_login(&login, SITE, now), Ok(()), "{login}");
            }
            assert_eq!(attempts.try_login(&login, SITE, now), Ok(()), "{login}");
            attempts.signed_in(&login, SITE);
        }
    }

    #[test]
    fn an_address_that_tries_many_accounts_is_stopped_for_a_while() {
        let attempts = Attempts::default();
        let now = Instant::now();
        let stopped = (0..10_000).find(|n| attempts.try_login(&format!("name-{n}"), SITE, now).is_err());
        assert_eq!(stopped, Some(limits::ADDRESS_LOGINS));
        let elsewhere = IpAddr::from([198, 51, 100, 1]);
        assert_eq!(attempts.try_login("anna", elsewhere, now), Ok(()));
        assert_eq!(attempts.try_login("anna", SITE, now + ADDRESS_WINDOW), Ok(()));
    }

    #[test]
    fn tokens_are_counted_where_they_fail_and_neighbours_in_one_network_together() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for host in 0..limits::ADDRESS_TOKENS {
            let address = IpAddr::from([0x2001, 0xdb8, 1, 1, 0, 0, 0, host as u16]);
            assert_eq!(attempts.try_token(address, now), Ok(()));
            attempts.token_failed(address, now);
        }
        assert!(attempts.try_token(IpAddr::from([0x2001, 0xdb8, 1, 1, 9, 9, 9, 9]), now).is_err());
        assert_eq!(attempts.try_token(IpAddr::from([0x2001, 0xdb8, 1, 2, 0, 0, 0, 1]), now), Ok(()));
    }

    #[test]
    fn what_is_counted_stays_small() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for n in 0..3 * limits::ATTEMPTS_KEPT as u32 {
            let _ = attempts.try_login(&format!("name-{n}"), IpAddr::from(n.to_be_bytes()), now);
        }
        let counts = attempts.counts();
        assert!(counts.accounts.len() <= 2 * limits::ATTEMPTS_KEPT);
        assert!(counts.logins.len() <= 2 * limits::ATTEMPTS_KEPT);
    }
}

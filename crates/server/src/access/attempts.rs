//! Guesses are counted: by account and from where they come, so that a password cannot be tried out, and nobody shuts its owner
//! out from elsewhere; by account from everywhere, for those who come from many places; and by address, generously, since a whole
//! site shares one.

use crate::limits::{self, ADDRESS_WINDOW, LOCKED, LOGIN_FAILURES_FREE, LOGIN_FAILURES_LOCK};
use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// From where somebody tries a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// An address, whoever is behind it.
    Address(IpAddr),
    /// A browser that has signed in to this account before, or is signed in: what strangers do beside it is not its fault.
    Known([u8; 16]),
}

/// What failed, and how often. It is kept in memory: who restarts the server sits at its machine.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    /// By account and source.
    logins: HashMap<(String, Source), Failures>,
    /// By account, from all addresses.
    names: HashMap<String, Window>,
    /// By address, of all accounts.
    addresses: HashMap<IpAddr, Window>,
    tokens: HashMap<IpAddr, Window>,
    strangers: HashMap<IpAddr, Window>,
    sign_ups: HashMap<IpAddr, Window>,
    readings: HashMap<IpAddr, Window>,
    opened: HashMap<IpAddr, Window>,
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
    pub fn try_login(&self, login: &str, source: Source, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        let key = (login.to_owned(), source.near());
        let failures = counts.logins.get(&key).copied();
        if let Some(failures) = failures {
            let until = failures.last + pause(failures.count);
            if until > now {
                return Err(Wait(until - now));
            }
        }
        if let Source::Address(address) = key.1 {
            room(&counts.names, login, limits::NAME_LOGINS, now)?;
            room(&counts.addresses, &address, limits::ADDRESS_LOGINS, now)?;
            count(&mut counts.names, login.to_owned(), now);
            count(&mut counts.addresses, address, now);
        }
        let count = failures.map_or(0, |failures| failures.count) + 1;
        counts.logins.insert(key, Failures { count, last: now });
        Ok(())
    }

    /// The password was right.
    pub fn signed_in(&self, login: &str, source: Source) {
        let mut counts = self.counts();
        let key = (login.to_owned(), source.near());
        counts.logins.remove(&key);
        if let Source::Address(address) = key.1 {
            let Counts { names, addresses, .. } = &mut *counts;
            for window in [names.get_mut(login), addresses.get_mut(&address)].into_iter().flatten() {
                window.count = window.count.saturating_sub(1);
            }
        }
    }

    /// Somebody showed a link or a code that is none. Good ones are not counted, and open whatever was shown beside them.
    ///
    /// # Errors
    /// There were too many: how long to wait.
    pub fn wrong_token(&self, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        room(&counts.tokens, &near(address), limits::ADDRESS_TOKENS, now)?;
        count(&mut counts.tokens, near(address), now);
        Ok(())
    }

    /// A phone that nobody knows sends something.
    ///
    /// # Errors
    /// There were too many: how long to wait.
    pub fn stranger(&self, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        room(&counts.strangers, &near(address), limits::ADDRESS_STRANGERS, now)?;
        count(&mut counts.strangers, near(address), now);
        Ok(())
    }

    /// Somebody offers to help.
    ///
    /// # Errors
    /// There were too many: how long to wait.
    pub fn sign_up(&self, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        room(&counts.sign_ups, &near(address), limits::ADDRESS_SIGN_UPS, now)?;
        count(&mut counts.sign_ups, near(address), now);
        Ok(())
    }

    /// Somebody asks how their words are understood.
    ///
    /// # Errors
    /// There were too many: how long to wait.
    pub fn reading(&self, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        room(&counts.readings, &near(address), limits::ADDRESS_READINGS, now)?;
        count(&mut counts.readings, near(address), now);
        Ok(())
    }

    /// A browser opens a notice for the first time.
    ///
    /// # Errors
    /// So many did from there that no more are counted for a while; it is shown all the same.
    pub fn opened(&self, address: IpAddr, now: Instant) -> Result<(), Wait> {
        let mut counts = self.counts();
        counts.tidy(now);
        room(&counts.opened, &near(address), limits::ADDRESS_OPENED, now)?;
        count(&mut counts.opened, near(address), now);
        Ok(())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Forgets what is over once there is much of it. Names that nobody has are counted too, so there can be many.
    fn tidy(&mut self, now: Instant) {
        let Counts { logins, names, addresses, tokens, strangers, sign_ups, readings, opened } = self;
        forget(logins, |failures| now.duration_since(failures.last) < LOCKED);
        let open = |window: &Window| now.duration_since(window.began) < ADDRESS_WINDOW;
        forget(names, open);
        for windows in [addresses, tokens, strangers, sign_ups, readings, opened] {
            forget(windows, open);
        }
    }
}

impl Source {
    fn near(self) -> Source {
        match self {
            Source::Address(address) => Source::Address(near(address)),
            known => known,
        }
    }
}

fn forget<K: Eq + Hash, V>(map: &mut HashMap<K, V>, is_open: impl Fn(&V) -> bool) {
    if map.len() >= limits::ATTEMPTS_KEPT {
        map.retain(|_, value| is_open(value));
    }
    // Whoever fills a table within minutes has more addresses than can be counted; then it starts anew.
    if map.len() >= 2 * limits::ATTEMPTS_KEPT {
        map.clear();
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

fn room<K, Q>(windows: &HashMap<K, Window>, key: &Q, most: u32, now: Instant) -> Result<(), Wait>
where
    K: Eq + Hash + Borrow<Q>,
    Q: Eq + Hash + ?Sized,
{
    let Some(window) = windows.get(key) else { return Ok(()) };
    let ends = window.began + ADDRESS_WINDOW;
    if window.count >= most && ends > now { Err(Wait(ends - now)) } else { Ok(()) }
}

fn count<K: Eq + Hash>(windows: &mut HashMap<K, Window>, key: K, now: Instant) {
    let window = windows.entry(key).or_insert(Window { began: now, count: 0 });
    if now.duration_since(window.began) >= ADDRESS_WINDOW {
        *window = Window { began: now, count: 0 };
    }
    window.count += 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const SITE: Source = Source::Address(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)));

    fn elsewhere(number: u32) -> Source {
        Source::Address(IpAddr::from((0xc633_6400 + number).to_be_bytes()))
    }

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
    fn a_stranger_elsewhere_shuts_nobody_out() {
        let attempts = Attempts::default();
        let mut now = Instant::now();
        for _ in 0..20 {
            // As soon as they may, for hours.
            while attempts.try_login("anna", elsewhere(1), now).is_ok() {}
            assert_eq!(attempts.try_login("anna", SITE, now), Ok(()));
            attempts.signed_in("anna", SITE);
            now += LOCKED;
        }
    }

    #[test]
    fn strangers_at_many_addresses_are_stopped_and_a_browser_that_is_known_is_not() {
        let attempts = Attempts::default();
        let now = Instant::now();
        let stopped = (0..10_000).find(|n| attempts.try_login("anna", elsewhere(*n), now).is_err());
        assert_eq!(stopped, Some(limits::NAME_LOGINS));
        assert!(attempts.try_login("anna", SITE, now).is_err());
        let (known, other) = (Source::Known([1; 16]), Source::Known([2; 16]));
        assert_eq!(attempts.try_login("anna", known, now), Ok(()));
        // It guesses no faster than others, and costs nobody else anything.
        while attempts.try_login("anna", known, now).is_ok() {}
        assert_eq!(attempts.try_login("anna", other, now), Ok(()));
        assert_eq!(attempts.try_login("anna", SITE, now + ADDRESS_WINDOW), Ok(()));
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
        assert_eq!(attempts.try_login("anna", elsewhere(1), now), Ok(()));
        assert_eq!(attempts.try_login("anna", SITE, now + ADDRESS_WINDOW), Ok(()));
    }

    #[test]
    fn wrong_tokens_and_strangers_are_counted_apart_and_neighbours_in_one_network_together() {
        let attempts = Attempts::default();
        let now = Instant::now();
        let host = |n: u32| IpAddr::from([0x2001, 0xdb8, 1, 1, 0, 0, 0, n as u16]);
        let (mut wrong, mut strange) = (0.., 0..);
        assert_eq!(
            wrong.find(|n| attempts.wrong_token(host(*n), now).is_err()),
            Some(limits::ADDRESS_TOKENS)
        );
        let stopped = strange.find(|n| attempts.stranger(host(*n), now).is_err());
        assert_eq!(stopped, Some(limits::ADDRESS_STRANGERS));
        assert!(attempts.wrong_token(IpAddr::from([0x2001, 0xdb8, 1, 1, 9, 9, 9, 9]), now).is_err());
        assert_eq!(attempts.wrong_token(IpAddr::from([0x2001, 0xdb8, 1, 2, 0, 0, 0, 1]), now), Ok(()));
    }

    #[test]
    fn what_is_counted_stays_small() {
        let attempts = Attempts::default();
        let now = Instant::now();
        for n in 0..3 * limits::ATTEMPTS_KEPT as u32 {
            let _ = attempts.try_login(&format!("name-{n}"), elsewhere(n), now);
            let _ = attempts.wrong_token(IpAddr::from(n.to_be_bytes()), now);
        }
        let counts = attempts.counts();
        let lengths = [counts.logins.len(), counts.names.len(), counts.addresses.len(), counts.tokens.len()];
        assert!(lengths.iter().all(|length| *length <= 2 * limits::ATTEMPTS_KEPT), "{lengths:?}");
    }
}

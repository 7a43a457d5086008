//! Whether only this machine reaches the server, or others do; and by which names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Who reaches the server, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    names: Names,
    /// Whether browsers speak TLS to it, or to the proxy before it.
    is_tls: bool,
    /// Where the proxy is that a public name leads to, if not on this machine.
    proxy: Option<Network>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Names {
    /// This machine alone, at a port.
    Here(u16),
    /// Whoever reaches this address.
    Address(SocketAddr),
    /// Whoever asks for this name, with its port where that is not the usual one.
    Public(String),
}

/// Addresses that begin alike, such as `172.17.0.0/16`; or one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

impl Network {
    /// As it was typed; `None` for what is no such thing.
    pub fn parse(text: &str) -> Option<Network> {
        let (first, bits) = match text.split_once('/') {
            Some((first, bits)) => (first, Some(bits.parse().ok()?)),
            None => (text, None),
        };
        let first: IpAddr = first.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        // Everybody is no proxy.
        (1..=most).contains(&bits).then_some(Network { first, bits })
    }

    /// Whether an address is one of them.
    pub fn has(&self, address: IpAddr) -> bool {
        let begins_alike = |one: u128, other: u128, of: u32| (one ^ other) >> (of - self.bits) == 0;
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                begins_alike(u128::from(one.to_bits()), u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => begins_alike(one.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

/// Names of this machine that a browser may use.
const HERE: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// `https://host[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// As it was typed; `None` for what is no such address.
    pub fn parse(text: &str) -> Option<PublicUrl> {
        let host = text.strip_prefix("https://")?;
        let host = host.strip_suffix('/').unwrap_or(host).to_ascii_lowercase();
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, Some(port.parse::<u16>().ok()?)),
            _ => (&*host, None),
        };
        let is_ip6 = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_name = |name: &str| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
            !name.is_empty() && name.chars().all(letters)
        };
        let fits = match is_ip6 {
            Some(ip) => ip.parse::<Ipv6Addr>().is_ok(),
            None => is_name(name),
        };
        let host = match port {
            Some(443) | None => name.to_owned(),
            Some(port) => format!("{name}:{port}"),
        };
        fits.then_some(PublicUrl(host))
    }
}

impl Mode {
    /// This machine alone.
    pub fn here(port: u16, is_tls: bool) -> Mode {
        Mode { names: Names::Here(port), is_tls, proxy: None }
    }

    /// Others, at the address that is listened on.
    pub fn at(address: SocketAddr, is_tls: bool) -> Mode {
        Mode { names: Names::Address(address), is_tls, proxy: None }
    }

    /// Others, at a public name.
    pub fn public(url: &PublicUrl) -> Mode {
        Mode { names: Names::Public(url.0.clone()), is_tls: true, proxy: None }
    }

    /// The same, through a proxy elsewhere.
    #[must_use]
    pub fn behind(self, proxy: Option<Network>) -> Mode {
        Mode { proxy, ..self }
    }

    /// Whether others reach it, so that everybody needs an account.
    pub fn is_open(&self) -> bool {
        !matches!(self.names, Names::Here(_))
    }

    /// Whether others ask for it by a name, and over TLS: numbers and `localhost` belong to whatever runs there next.
    pub fn has_public_name(&self) -> bool {
        matches!(self.names, Names::Public(_))
    }

    /// Whether cookies may travel over TLS alone.
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Where the pages are.
    pub fn url(&self) -> String {
        let host = match &self.names {
            Names::Here(port) => format!("localhost{}", self.suffix(*port)),
            Names::Address(address) if address.ip().is_unspecified() => {
                format!("localhost{}", self.suffix(address.port()))
            }
            Names::Address(address) => format!("{}{}", written(address.ip()), self.suffix(address.port())),
            Names::Public(host) => host.clone(),
        };
        format!("{}://{host}", self.scheme())
    }

    /// Whether a browser that names this host, in small letters, means this server.
    pub fn is_host(&self, host: &str) -> bool {
        let bare = |port: u16| {
            let usual = host.strip_suffix(&format!(":{port}"));
            usual.or_else(|| (port == self.usual_port() && !has_port(host)).then_some(host))
        };
        match &self.names {
            Names::Here(port) => bare(*port).is_some_and(|name| HERE.contains(&name)),
            Names::Address(address) => bare(address.port()).is_some_and(|name| {
                // A name could be one that was made to point here; a number cannot.
                let number = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
                let any = address.ip().is_unspecified();
                number.is_ok_and(|ip| any || ip == address.ip()) || (any && HERE.contains(&name))
            }),
            Names::Public(public) => host == public || host.strip_suffix(":443") == Some(public),
        }
    }

    /// Whether a page of this origin, in small letters, is one that this host sent.
    pub fn is_origin(&self, origin: &str, host: &str) -> bool {
        origin == format!("{}://{host}", self.scheme())
    }

    /// Whose request it is: the peer's address, or what our own proxy says.
    pub fn client(&self, peer: Option<IpAddr>, forwarded: Option<&str>) -> IpAddr {
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        if !self.is_proxy(peer) {
            return peer;
        }
        // The last one is what the proxy saw; those before it are what somebody claims.
        let last = forwarded.and_then(|list| list.rsplit(',').next());
        last.and_then(|ip| ip.trim().parse().ok()).unwrap_or(peer)
    }

    /// Whether what comes from this address comes through our own proxy.
    pub fn is_proxy(&self, peer: IpAddr) -> bool {
        let is_ours = |proxy: Network| proxy.has(peer);
        self.has_public_name() && (peer.to_canonical().is_loopback() || self.proxy.is_some_and(is_ours))
    }

    fn scheme(&self) -> &'static str {
        if self.is_tls { "https" } else { "http" }
    }

    /// The port that a browser leaves out.
    fn usual_port(&self) -> u16 {
        if self.is_tls { 443 } else { 80 }
    }

    fn suffix(&self, port: u16) -> String {
        if port == self.usual_port() { String::new() } else { format!(":{port}") }
    }
}

fn has_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'))
}

fn written(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_name_behind_https() {
        let host = |text: &str| PublicUrl::parse(text).map(|url| url.0);
        assert_eq!(host("https://Garden.example").as_deref(), Some("garden.example"));
        assert_eq!(host("https://garden.example:443/").as_deref(), Some("garden.example"));
        assert_eq!(host("https://garden.example:8443").as_deref(), Some("garden.example:8443"));
        assert_eq!(host("https://[2001:db8::1]:8443").as_deref(), Some("[2001:db8::1]:8443"));
        for text in [
            "http://garden.example",
            "garden.example",
            "https://",
            "https://a/b",
            "https://a:x",
            "https://u@a",
            "https://[::x]",
            "https://a b",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
    }

    #[test]
    fn a_public_server_answers_to_its_name_alone() {
        let mode = Mode::public(&PublicUrl::parse("https://garden.example").unwrap());
        assert_eq!(mode.url(), "https://garden.example");
        assert!(mode.is_host("garden.example") && mode.is_host("garden.example:443"));
        for host in
            ["localhost", "127.0.0.1:8300", "garden.example:80", "evil.garden.example", "", "garden.example."]
        {
            assert!(!mode.is_host(host), "{host}");
        }
        assert!(mode.is_origin("https://garden.example", "garden.example"));
        assert!(!mode.is_origin("http://garden.example", "garden.example"));
    }

    #[test]
    fn a_server_without_a_name_answers_to_numbers() {
        let any = Mode::at("0.0.0.0:8443".parse().unwrap(), true);
        for host in ["192.168.1.7:8443", "[fe80::1]:8443", "localhost:8443"] {
            assert!(any.is_host(host), "{host}");
        }
        for host in ["192.168.1.7", "evil.example:8443", "192.168.1.7:80", "192.168.1.7.evil.example:8443"] {
            assert!(!any.is_host(host), "{host}");
        }
        let one = Mode::at("192.168.1.7:80".parse().unwrap(), false);
        assert!(one.is_host("192.168.1.7") && one.is_host("192.168.1.7:80"));
        assert!(!one.is_host("192.168.1.8") && !one.is_host("localhost"));
        assert_eq!(one.url(), "http://192.168.1.7");
    }

    #[test]
    fn a_network_is_addresses_that_begin_alike() {
        let has = |network: &str, address: &str| {
            Network::parse(network).map(|network| network.has(address.parse().unwrap()))
        };
        assert_eq!(has("10.1.0.0/16", "10.1.255.3"), Some(true));
        assert_eq!(has("10.1.0.0/16", "10.2.0.0"), Some(false));
        assert_eq!(has("10.1.2.3", "10.1.2.3"), Some(true));
        assert_eq!(has("10.1.2.3", "10.1.2.2"), Some(false));
        assert_eq!(has("2001:db8::/32", "2001:db8:1::1"), Some(true));
        assert_eq!(has("2001:db8::/32", "2001:db9::1"), Some(false));
        assert_eq!(has("2001:db8::/32", "10.1.2.3"), Some(false));
        for text in ["", "proxy", "10.1.0.0/33", "10.1.0.0/0", "10.1.0.0/", "10.1/16", "::/129"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_our_own_proxy_is_believed() {
        let proxied = Mode::public(&PublicUrl::parse("https://garden.example").unwrap());
        let here = IpAddr::from([127, 0, 0, 1]);
        let far = IpAddr::from([198, 51, 100, 9]);
        let claimed = Some("203.0.113.1, 198.51.100.9");
        assert_eq!(proxied.client(Some(here), claimed), far);
        assert_eq!(proxied.client(Some(far), Some("203.0.113.1")), far, "a peer from elsewhere");
        assert_eq!(proxied.client(Some(here), Some("nonsense")), here);
        let network = Network::parse("172.17.0.0/16");
        let contained = proxied.clone().behind(network);
        let bridge = IpAddr::from([172, 17, 0, 1]);
        assert_eq!(proxied.client(Some(bridge), claimed), bridge);
        assert_eq!(contained.client(Some(bridge), claimed), far);
        let mapped = "::ffff:172.17.0.1".parse().unwrap();
        assert_eq!(contained.client(Some(mapped), claimed), far);
        let beside = IpAddr::from([172, 18, 0, 1]);
        assert_eq!(contained.client(Some(beside), claimed), beside);
        let open = Mode::at("0.0.0.0:8443".parse().unwrap(), true);
        assert_eq!(open.client(Some(here), claimed), here, "without --public-url");
    }
}

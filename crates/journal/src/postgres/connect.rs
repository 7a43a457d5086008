//! A connection to a PostgreSQL server, by its address.

use postgres::{Client, Config, NoTls, config::Host};
use std::{error::Error, fmt, fs, io, time::Duration};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem, pem::PemObject},
};

/// By which the server's own lists tell who is connected.
const NAME: &str = "shouhu";
/// How long a server may take to answer at all.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the network may lose what was sent, or be silent, before the connection counts as dead.
const SILENT: Duration = Duration::from_secs(10);
/// Between two questions whether a silent server is still there.
const ASK_AGAIN: Duration = Duration::from_secs(3);

/// What each session is set to. A process whose machine vanished in the midst of a transaction holds its locks no longer than
/// this; a commit that was answered is on the disk, whatever the server's own setting is (`remote_apply` promises more).
const SESSION: &str = "
    SET idle_in_transaction_session_timeout = '15s';
    SET lock_timeout = '10s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 3;
    SET tcp_keepalives_count = 3;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> 'remote_apply';
";

/// Why there is no connection. Never tells the password.
#[derive(Debug)]
pub enum ConnectError {
    /// The text is no address of a server.
    Address,
    /// The file of certificates that the address names cannot be read, or there is none in it.
    Roots {
        /// The file; empty where it is the system's own.
        file: String,
        /// What is wrong with it.
        source: Option<io::Error>,
    },
    /// The server cannot be reached, or lets nobody in by this address.
    Server {
        /// Where, and as whom.
        place: String,
        /// What it or the network says.
        source: postgres::Error,
    },
}

impl fmt::Display for ConnectError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::Address => write!(
                out,
                "the database's address cannot be read; write postgresql://user:password@host:5432/name, with @ : / ? # % in the password as %40 %3A %2F %3F %23 %25"
            ),
            ConnectError::Roots { file, source } => {
                let file = if file.is_empty() { "the system's list" } else { file };
                write!(out, "no certificates to know the database server by were found in {file}")?;
                source.as_ref().map_or(Ok(()), |source| write!(out, " ({source})"))?;
                write!(out, "; name the file of its authority's certificate as sslrootcert=FILE")
            }
            ConnectError::Server { place, source } => {
                write!(out, "could not connect to the database {place}: {}", Told(source))?;
                write!(
                    out,
                    "; see that the server runs, that the address is right and that the user may sign in"
                )
            }
        }
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ConnectError::Server { source, .. } => Some(source),
            ConnectError::Roots { source, .. } => source.as_ref().map(|source| source as _),
            ConnectError::Address => None,
        }
    }
}

/// What a database says, with what lies beneath it: alone it says "db error".
pub(super) struct Told<'e>(pub(super) &'e postgres::Error);

impl fmt::Display for Told<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.as_db_error(), self.0.source()) {
            // Its detail may repeat what is stored.
            (Some(said), _) => write!(out, "{} ({})", said.message(), said.code().code()),
            (None, Some(cause)) => write!(out, "{}: {cause}", self.0),
            (None, None) => self.0.fmt(out),
        }
    }
}

/// Connects to the server at `postgresql://user:password@host:port/name`.
///
/// With `?sslmode=require` the connection is encrypted and the server's certificate checked, name and all, against the
/// system's authorities or those of `&sslrootcert=FILE`; without, it is neither. Several hosts with
/// `target_session_attrs=read-write` are tried in turn, so that what takes over is found.
///
/// # Errors
/// Why there is no connection.
pub fn connect(url: &str) -> Result<Client, ConnectError> {
    Address::parse(url)?.connect()
}

/// The address of a server, read.
#[derive(Clone)]
pub(super) struct Address {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Address, ConnectError> {
        let (plain, encrypted, roots) = split(url).ok_or(ConnectError::Address)?;
        let mut config: Config = plain.parse().map_err(|_| ConnectError::Address)?;
        // An @ that was left in a password cuts it in two, and what follows is no host that may be shown.
        let odd = |host: &Host| matches!(host, Host::Tcp(name) if name.contains(['@', ':', ' ']) && name.parse::<std::net::Ipv6Addr>().is_err());
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty()
            || config.get_hosts().iter().any(odd)
        {
            return Err(ConnectError::Address);
        }
        if config.get_application_name().is_none() {
            config.application_name(NAME);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENT);
        }
        config.keepalives_idle(SILENT).keepalives_interval(ASK_AGAIN).keepalives_retries(3);
        let tls = encrypted.then(|| tls(roots.as_deref())).transpose()?;
        Ok(Address { config, tls })
    }

    pub(super) fn connect(&self) -> Result<Client, ConnectError> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let ready = client.and_then(|mut client| client.batch_execute(SESSION).map(|()| client));
        ready.map_err(|source| ConnectError::Server { place: self.to_string(), source })
    }
}

/// Where, and as whom: what may be shown.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = self.config.get_user() {
            write!(out, "{user}@")?;
        }
        let mut ports = self.config.get_ports().iter().cycle();
        for (nth, host) in self.config.get_hosts().iter().enumerate() {
            let port = ports.next().copied().unwrap_or(5432);
            out.write_str(if nth == 0 { "" } else { "," })?;
            match host {
                Host::Tcp(name) => write!(out, "{name}:{port}")?,
                #[cfg(unix)]
                Host::Unix(folder) => write!(out, "{}:{port}", folder.display())?,
            }
        }
        write!(out, "/{}", self.config.get_dbname().or(self.config.get_user()).unwrap_or(""))
    }
}

/// The address without what only we understand; whether to encrypt; and the file of authorities.
fn split(url: &str) -> Option<(String, bool, Option<String>)> {
    if !["postgresql://", "postgres://"].iter().any(|scheme| url.starts_with(scheme)) {
        return None;
    }
    let Some((place, query)) = url.split_once('?') else { return Some((url.into(), false, None)) };
    let (mut rest, mut encrypted, mut roots) = (Vec::new(), false, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=')? {
            // Half a check is none: whoever asks for encryption is shown the right server.
            ("sslmode", "require" | "verify-ca" | "verify-full") => {
                encrypted = true;
                rest.push("sslmode=require");
            }
            ("sslrootcert", file) => roots = Some(decoded(file)?),
            _ => rest.push(pair),
        }
    }
    // Whoever names an authority wants it asked.
    if roots.is_some() && !encrypted {
        encrypted = true;
        rest.retain(|pair| !pair.starts_with("sslmode="));
        rest.push("sslmode=require");
    }
    Some((format!("{place}?{}", rest.join("&")), encrypted, roots))
}

/// A text of an address with `%2F` and the like put back.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut left = text.as_bytes();
    while let [first, rest @ ..] = left {
        left = rest;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, rest) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
        left = rest;
    }
    String::from_utf8(bytes).ok()
}

fn tls(roots: Option<&str>) -> Result<MakeRustlsConnect, ConnectError> {
    let mut store = RootCertStore::empty();
    let failed = |source| ConnectError::Roots { file: roots.unwrap_or_default().into(), source };
    match roots {
        Some(file) => {
            let text = fs::read(file).map_err(|source| failed(Some(source)))?;
            for certificate in CertificateDer::pem_slice_iter(&text) {
                let certificate =
                    certificate.map_err(|error: pem::Error| failed(Some(io::Error::other(error))))?;
                store.add(certificate).map_err(|error| failed(Some(io::Error::other(error))))?;
            }
        }
        None => drop(store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if store.is_empty() {
        return Err(failed(None));
    }
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_tls_is_read_and_the_rest_is_left() {
        let plain = |text: &str| Some((text.to_owned(), false, None));
        assert_eq!(split("postgresql://a@b/c"), plain("postgresql://a@b/c"));
        assert_eq!(split("postgres://a@b/c?sslmode=disable"), plain("postgres://a@b/c?sslmode=disable"));
        let asked = "postgresql://a@b/c?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fetc%2Fca.pem";
        let rest = "postgresql://a@b/c?sslmode=require&connect_timeout=3".to_owned();
        assert_eq!(split(asked), Some((rest, true, Some("/etc/ca.pem".into()))));
        let only = "postgresql://a@b/c?sslmode=prefer&sslrootcert=ca.pem";
        assert_eq!(
            split(only),
            Some(("postgresql://a@b/c?sslmode=require".into(), true, Some("ca.pem".into())))
        );
        assert_eq!(split("sqlite:a"), None);
        assert_eq!(decoded("a%2"), None);
    }

    #[test]
    fn a_password_is_never_told() {
        let password = "s3cret";
        for address in [
            "postgresql://ann:s3cret@127.0.0.1:1/town",
            "postgresql://ann:p@s3cret@127.0.0.1:1/town",
            "postgresql://ann:p@s3cret:x@127.0.0.1:1/town",
            "postgresql://ann:p?s3cret=x@127.0.0.1:1/town",
            "postgresql://ann:p/s3cret@[127.0.0.1:1/town",
            "s3cret",
        ] {
            let error = connect(address).err().expect("nobody listens there");
            assert!(!format!("{error} {error:?}").contains(password), "{error}");
            let words = format!("{error}");
            assert!(words.contains("address"), "{words}");
        }
        let refused =
            connect("postgresql://ann:s3cret@127.0.0.1:1/town").err().expect("nobody listens there");
        assert!(refused.to_string().contains("ann@127.0.0.1:1/town"), "{refused}");
    }

    #[test]
    fn a_file_without_certificates_is_named() {
        let error =
            connect("postgresql://a@b/c?sslrootcert=/no/such.pem").err().expect("there is no such file");
        assert!(error.to_string().contains("/no/such.pem"), "{error}");
    }
}

//! Sessions at archives, kept in the browser: each cookie of an archive becomes one of the gateway's own (decision D4).
//!
//! Archives tell two sessions apart by the path of cookies of one name. The browser must not send them anywhere but here,
//! so the path goes into the name and the cookie itself belongs to the whole gateway, with the prefix `__Host-`, which
//! forbids any other path and wants https. A gateway on plain http, on one's own machine, leaves prefix and `Secure` out.
//!
//! The gateway itself keeps nothing: it can be started again, or be several, and everybody stays signed in.

use http::{HeaderMap, HeaderValue, header};

/// Longest cookie, bytes; browsers drop longer ones without a word.
const LONGEST: usize = 4_096;

/// Most cookies of an archive.
const MOST: usize = 8;

/// Longest time that a browser keeps a cookie, seconds (RFC 6265bis, section 5.5).
const LONGEST_AGE: i64 = 400 * 86_400;

/// Name of the gateway's own cookie of an archive, which says who is signed in. No name of an archive's is empty.
const WHO: &str = "";

/// The cookies of one archive.
#[derive(Clone, Copy, Debug)]
pub struct Jar<'a> {
    /// The archive.
    pub archive: &'a str,
    /// Whether browsers reach the gateway by https.
    pub secure: bool,
    /// What stands before the paths of an archive that knows where it is mounted.
    pub mount: &'a str,
}

/// A cookie of the archive, as the browser brought it.
#[derive(Debug, PartialEq, Eq)]
struct Kept<'a> {
    name: &'a str,
    path: String,
    value: &'a str,
    /// The name in the browser.
    mangled: &'a str,
}

impl Jar<'_> {
    /// `Cookie` for a request for this path at the archive (RFC 6265, section 5.4): longer paths first.
    pub fn up(&self, client: &HeaderMap, path: &str) -> Option<HeaderValue> {
        let mut kept: Vec<Kept<'_>> =
            self.kept(client).filter(|kept| !kept.name.is_empty() && covers(&kept.path, path)).collect();
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let pairs: Vec<String> = kept.iter().map(|kept| format!("{}={}", kept.name, kept.value)).collect();
        if pairs.is_empty() { None } else { HeaderValue::try_from(pairs.join("; ")).ok() }
    }

    /// `Set-Cookie` for the page, of an answer to a request for this path. What a browser would not keep is left out.
    pub fn down(&self, archive: &HeaderMap, asked: &str) -> Vec<HeaderValue> {
        let lines = archive.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        lines.take(MOST).filter_map(|line| self.mangle(line, asked)).collect()
    }

    /// The cookie that says who signed in, and when (seconds since 1970).
    pub fn sign(&self, user: &str, since: u64) -> Option<HeaderValue> {
        self.line(WHO, "/", &format!("{since}.{}", hexadecimal(user)), None)
    }

    /// Who is signed in, and since when.
    pub fn who(&self, client: &HeaderMap) -> Option<(String, u64)> {
        let mut kept = self.kept(client);
        let (since, user) = kept.find(|kept| kept.name == WHO)?.value.split_once('.')?;
        Some((text(user)?, since.parse().ok()?))
    }

    /// `Set-Cookie` lines that remove all that the browser has of the archive.
    pub fn clear(&self, client: &HeaderMap) -> Vec<HeaderValue> {
        let gone = |kept: Kept<'_>| {
            let secure = if self.secure { "; Secure" } else { "" };
            HeaderValue::try_from(format!("{}=; Path=/; Max-Age=0{secure}; HttpOnly; SameSite=Lax", kept.mangled)).ok()
        };
        self.kept(client).filter_map(gone).collect()
    }

    fn prefix(&self) -> String {
        format!("{}gx.{}.", if self.secure { "__Host-" } else { "" }, self.archive)
    }

    fn kept<'h>(&self, client: &'h HeaderMap) -> impl Iterator<Item = Kept<'h>> + use<'h> {
        let prefix = self.prefix();
        let lines = client.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.filter_map(move |(mangled, value)| {
            let (path, name) = mangled.strip_prefix(prefix.as_str())?.split_once('.')?;
            Some(Kept { name, path: text(path)?, value, mangled })
        })
    }

    fn mangle(&self, line: &str, asked: &str) -> Option<HeaderValue> {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let (mut path, mut age) = (None, None);
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "path" if value.starts_with('/') => path = Some(value.trim().to_owned()),
                "max-age" => age = value.trim().parse::<i64>().ok(),
                // What ended long ago is how servers without Max-Age remove a cookie; other dates are the browser's business.
                "expires" if age.is_none() && value.contains("1970") => age = Some(0),
                _ => {}
            }
        }
        let path = path.unwrap_or_else(|| asked[..asked.rfind('/').unwrap_or(0).max(1).min(asked.len())].to_owned());
        let path = path.strip_prefix(self.mount).filter(|_| !self.mount.is_empty()).unwrap_or(&path);
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            return None;
        }
        self.line(name, if path.is_empty() { "/" } else { path }, value, age)
    }

    fn line(&self, name: &str, path: &str, value: &str, age: Option<i64>) -> Option<HeaderValue> {
        let age = age.map(|age| format!("; Max-Age={}", age.clamp(0, LONGEST_AGE))).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        let line = format!(
            "{}{}.{name}={value}; Path=/{age}{secure}; HttpOnly; SameSite=Lax",
            self.prefix(),
            hexadecimal(path)
        );
        HeaderValue::try_from(line).ok().filter(|line| line.len() <= LONGEST)
    }
}

/// RFC 6265, section 5.1.4.
fn covers(cookie: &str, path: &str) -> bool {
    path.strip_prefix(cookie).is_some_and(|rest| cookie.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
}

fn hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn text(digits: &str) -> Option<String> {
    if !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JAR: Jar<'_> = Jar { archive: "gaia", secure: true, mount: "" };

    fn headers(name: header::HeaderName, lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), HeaderValue::from_str(line).unwrap())).collect()
    }

    /// What a browser sends that has taken these cookies.
    fn browser(cookies: &[HeaderValue]) -> HeaderMap {
        let pairs = cookies.iter().map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
        headers(header::COOKIE, &[&pairs.collect::<Vec<_>>().join("; ")])
    }

    #[test]
    fn two_sessions_of_one_name_stay_apart() {
        let set = |line: &str| JAR.down(&headers(header::SET_COOKIE, &[line]), "/x/login").remove(0);
        let tap = set("SESSION=one; Path=/tap-server; Domain=gea.esac.esa.int; Secure; HttpOnly; SameSite=Lax");
        let data = set("SESSION=two; Path=/data-server; HttpOnly");
        let line = tap.to_str().unwrap();
        assert!(line.starts_with("__Host-gx.gaia.") && !line.contains("esac"), "{line}");
        assert!(line.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{line}");
        let client = browser(&[tap, data]);
        assert_eq!(JAR.up(&client, "/tap-server/tap/sync").unwrap(), "SESSION=one");
        assert_eq!(JAR.up(&client, "/data-server").unwrap(), "SESSION=two");
        assert_eq!(JAR.up(&client, "/tap-servers"), None);
        let other = Jar { archive: "other", ..JAR };
        assert_eq!(other.up(&client, "/tap-server"), None);
        assert_eq!(JAR.clear(&client).len(), 2);
    }

    #[test]
    fn longer_paths_come_first() {
        let lines = ["a=1; Path=/", "a=2; Path=/tap/deep", "a=3; Path=/tap"];
        let client = browser(&JAR.down(&headers(header::SET_COOKIE, &lines), "/"));
        assert_eq!(JAR.up(&client, "/tap/deep/er").unwrap(), "a=2; a=3; a=1");
    }

    #[test]
    fn a_path_that_is_not_given_is_that_of_the_request_and_a_mount_is_left_out() {
        let line = headers(header::SET_COOKIE, &["a=1"]);
        assert_eq!(JAR.up(&browser(&JAR.down(&line, "/tap-server/login")), "/tap-server/x").unwrap(), "a=1");
        let jar = Jar { archive: "sandbox", secure: false, mount: "/gw/sandbox" };
        let set = jar.down(&headers(header::SET_COOKIE, &["a=1; Path=/gw/sandbox/tap-server"]), "/");
        assert!(set[0].to_str().unwrap().starts_with("gx.sandbox."));
        assert_eq!(jar.up(&browser(&set), "/tap-server/tap").unwrap(), "a=1");
    }

    #[test]
    fn what_cannot_be_kept_is_left_out() {
        let long = format!("a={}", "x".repeat(5_000));
        for line in ["", "=1", "no value", "a b=1", &long] {
            assert!(JAR.down(&headers(header::SET_COOKIE, &[line]), "/").is_empty(), "{line:.20}");
        }
        let many: Vec<String> = (0..20).map(|n| format!("a{n}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(JAR.down(&headers(header::SET_COOKIE, &many), "/").len(), MOST);
    }

    #[test]
    fn who_signed_in_is_told_again() {
        let client = browser(&[JAR.sign("a;b é", 17).unwrap()]);
        assert_eq!(JAR.who(&client), Some(("a;b é".to_owned(), 17)));
        assert_eq!(JAR.up(&client, "/tap"), None, "the archive is not told");
        assert_eq!(JAR.who(&HeaderMap::new()), None);
        assert_eq!(JAR.who(&headers(header::COOKIE, &["__Host-gx.gaia.2f.=17.zz; __Host-gx.gaia.2=1"])), None);
    }
}

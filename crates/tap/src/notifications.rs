//! `/notification` (TAP+): notices of the archive to a user or to all, one line `id[type: T,S]=text` each.

use crate::{
    error::{Error, error_in_ok_body},
    html,
    request::{Form, Request, Service, get},
    timestamp::Timestamp,
    xml,
};

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notification {
    /// Its id, by which it is marked as read.
    pub id: String,
    /// Its type; the numbers are not documented, but -100 is used for maintenance.
    pub kind: i32,
    /// Its subtype.
    pub subtype: i32,
    /// What it says, as plain text.
    pub text: String,
}

impl Notification {
    /// Whether it is for all users: a banner, which nobody can mark as read.
    pub const fn is_banner(&self) -> bool {
        self.kind == -100
    }

    /// When it was made, as its id suggests: archives let it begin with that moment in milliseconds.
    pub fn made(&self) -> Option<Timestamp> {
        let digits = self.id.bytes().take_while(u8::is_ascii_digit).count();
        let millis = (digits == 13).then(|| self.id[..digits].parse().ok())??;
        Some(Timestamp::from_millis(millis))
    }
}

impl Service {
    /// What the archive has to tell. Without a session only what is for all.
    pub fn notifications(&self) -> Request {
        get(&self.tap, "notification", &Form::of(&[("action", "GetNotifications")]))
    }

    /// Marks notices as read; archives then forget them. The answer is `OK` or `NOK`: see [`parse_marked`].
    pub fn mark_as_read(&self, ids: &[impl AsRef<str>]) -> Request {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        let form = Form::of(&[("action", "MarkNotificationsAsRead"), ("notifications_id", &ids.join(","))]);
        get(&self.tap, "notification", &form)
    }
}

/// Reads the notices. A line that does not begin one goes on with the one before it.
///
/// # Errors
/// `Service` if the answer is a page or another error.
pub fn parse_notifications(bytes: &[u8]) -> Result<Vec<Notification>, Error> {
    if let Some(error) = error_in_ok_body(None, bytes) {
        return Err(error);
    }
    let mut out: Vec<Notification> = Vec::new();
    for line in xml::decode(bytes).lines() {
        match (notification(line), out.last_mut()) {
            (Some(notification), _) => out.push(notification),
            (None, Some(last)) => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            (None, None) => {}
        }
    }
    for notification in &mut out {
        notification.text = html::to_text(&notification.text);
    }
    Ok(out)
}

/// The head ends at the first `=`: what follows may have more of them.
fn notification(line: &str) -> Option<Notification> {
    let (head, text) = line.split_once('=')?;
    let (id, kinds) = head.split_once('[')?;
    let kinds = kinds.trim().strip_suffix(']')?.trim_start_matches("type").trim_start_matches(':');
    let (kind, subtype) = kinds.split_once(',').unwrap_or((kinds, ""));
    let number = |text: &str| text.trim().parse().unwrap_or_default();
    let id = id.trim().to_owned();
    (!id.is_empty()).then(|| Notification { id, kind: number(kind), subtype: number(subtype), text: text.to_owned() })
}

/// Whether all notices were marked.
///
/// # Errors
/// `Service` if the answer is a page or another error.
pub fn parse_marked(bytes: &[u8]) -> Result<bool, Error> {
    match error_in_ok_body(None, bytes) {
        Some(error) => Err(error),
        None => Ok(bytes.trim_ascii().eq_ignore_ascii_case(b"OK")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_lines() {
        let text = "1653401204784D[type: -100,-1]=Gaia dev is under maintenance\n1653401204785D[type: 2,3]=See <a href=\"x?a=b\">a=b</a>\nand more\n";
        let notices = parse_notifications(text.as_bytes()).unwrap();
        assert_eq!(notices.len(), 2);
        assert_eq!((notices[0].id.as_str(), notices[0].is_banner(), notices[0].subtype), ("1653401204784D", true, -1));
        assert_eq!(notices[0].text, "Gaia dev is under maintenance");
        assert_eq!(notices[0].made(), Some(Timestamp::from_millis(1_653_401_204_784)));
        assert_eq!((notices[1].kind, notices[1].subtype, notices[1].text.as_str()), (2, 3, "See a=b and more"));
        assert_eq!(parse_notifications(b"nothing\n").unwrap(), []);
        assert_eq!(parse_notifications(b"x[type: a]=<script>alert(1)</script>&lt;b&gt;").unwrap()[0].text, "<b>");
        assert!(parse_notifications(b"<!DOCTYPE html><p>Down").is_err());
        assert!(parse_marked(b"OK\n").unwrap() && !parse_marked(b"NOK").unwrap());
    }

    #[test]
    fn a_cut_list_is_a_prefix() {
        let text = "1653401204784D[type: -100,-1]=Gaia & more\n1653401204785D[type: 1,-1]=x";
        for end in 0..text.len() {
            assert!(parse_notifications(&text.as_bytes()[..end]).unwrap().len() <= 2);
        }
    }
}

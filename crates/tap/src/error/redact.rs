//! Removes from messages what services should not have told: sessions, addresses of users, stack traces.

/// `message` without session ids, IP addresses of users, request ids, owners and stack traces.
///
/// Messages are cut after 16 Ki characters. Words that mean something to the user stay. Applying it twice changes nothing more.
pub fn redact(message: &str) -> String {
    let message = match message.char_indices().nth(LONGEST) {
        Some((at, _)) => &message[..at],
        None => message,
    };
    let kept = without_stack(message);
    let mut out = without_pairs(&without_request_notes(&kept));
    for (open, close) in [("UwsJobOwner{", '}'), ("UwsJobOwner[", ']')] {
        out = without_between(&out, open, close);
    }
    // A message in which nothing was found keeps its blanks: columns of a query are counted in them.
    if out == kept { kept.trim().to_owned() } else { tidy(&out) }
}

/// The search below is not linear, and no honest message is longer than this.
const LONGEST: usize = 16 << 10;

/// Keys whose value is nobody's business, with `=` or `:` behind them, quoted or not.
const SECRET_KEYS: [&str; 15] = [
    "jsessionid",
    "session_id",
    "sessionid",
    "session",
    "reqid",
    "password",
    "passwd",
    "authtoken",
    "token",
    "cookie",
    "authorization",
    "ipaddress",
    "remoteaddr",
    "remote_addr",
    "ip",
];

/// Drops the lines of Java and Python stack traces, and what is only their heading.
fn without_stack(text: &str) -> String {
    let mut out: Vec<&str> = Vec::new();
    let mut python = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("Traceback (most recent call last)") {
            python = true;
            continue;
        }
        if python {
            // The frames are indented, the exception itself is not.
            if line.starts_with([' ', '\t']) || trimmed.is_empty() {
                continue;
            }
            python = false;
        }
        let lower = trimmed.to_ascii_lowercase();
        let omitted = trimmed.starts_with("... ") && lower.ends_with(" more");
        if is_java_frame(trimmed) || omitted || lower.starts_with("stack trace") || lower == "stacktrace:" {
            continue;
        }
        out.push(cut_inline_frames(line));
    }
    out.join("\n")
}

/// `at esavo.tap.X.y(X.java:12)`, or the table form `esavo.tap.X<TAB>y<TAB>12` of ESA's error VOTables.
fn is_java_frame(line: &str) -> bool {
    if let Some(frame) = line.strip_prefix("at ") {
        return frame.ends_with(')')
            && frame.contains('(')
            && frame.split('(').next().is_some_and(|name| name.contains('.') && !name.trim().contains(' '));
    }
    let mut parts = line.split('\t');
    let class = parts.next().unwrap_or_default();
    let (method, number, rest) = (parts.next(), parts.next(), parts.next());
    class.contains('.')
        && !class.contains(' ')
        && method.is_some()
        && rest.is_none()
        && number.is_some_and(|n| n.trim().parse::<i64>().is_ok())
}

/// A trace on the message's own line: everything from the first frame on goes.
fn cut_inline_frames(line: &str) -> &str {
    let mut from = 0;
    while let Some(found) = line[from..].find(" at ") {
        let at = from + found;
        let frame = line[at + 4..].split(')').next().unwrap_or_default();
        if frame.contains(".java:") || frame.contains("(Native Method") || frame.contains("(Unknown Source") {
            return &line[..at];
        }
        from = at + 4;
    }
    line
}

/// The data server explains its requests at length: `(req: …)`, `, for user: …{…}`.
fn without_request_notes(text: &str) -> String {
    let mut out = without_between(text, "(req:", ')');
    while let Some(at) = find_ignoring_case(&out, "for user: uwsjobowner") {
        let end = balanced_end(&out[at..]).map_or(out.len(), |end| at + end);
        let start = out[..at].trim_end_matches([' ', ',']).len();
        out.replace_range(start..end, "");
    }
    out
}

/// The end of the first `{…}` or `[…]` group in `text`, nested groups included.
fn balanced_end(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn without_between(text: &str, open: &str, close: char) -> String {
    let mut out = text.to_owned();
    while let Some(at) = find_ignoring_case(&out, open) {
        let end = out[at..].find(close).map_or(out.len(), |end| at + end + close.len_utf8());
        out.replace_range(at..end, "");
    }
    out
}

/// Drops `key='value'`, `key: value`, `key=value` of the secret keys, with the comma before them.
fn without_pairs(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let at_word_start = !out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if at_word_start && let Some(end) = pair_end(text, &lower, at) {
            let keep = out.trim_end_matches([' ', ',', ';']).len();
            // The blank between two words stays, the comma of a dropped pair goes.
            let gap = out[keep..].contains(' ');
            out.truncate(keep);
            if gap {
                out.push(' ');
            }
            at = end;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        out.push(c);
        at += c.len_utf8();
    }
    out
}

fn pair_end(text: &str, lower: &str, at: usize) -> Option<usize> {
    let key = SECRET_KEYS.iter().find(|key| lower[at..].starts_with(**key))?;
    let mut end = at + key.len();
    let blanks = text[end..].len() - text[end..].trim_start_matches(' ').len();
    let sign = text[end + blanks..].chars().next()?;
    // `session: closed` and `token: x` are also words of a sentence; only `=` is sure, but for these keys.
    let sure = sign == '='
        || (sign == ':'
            && matches!(
                *key,
                "reqid" | "jsessionid" | "sessionid" | "session_id" | "authorization" | "cookie" | "password"
            ));
    if !sure {
        return None;
    }
    end += blanks + 1;
    end += text[end..].len() - text[end..].trim_start_matches(' ').len();
    let rest = &text[end..];
    match rest.chars().next() {
        Some(quote @ ('\'' | '"')) => Some(rest[1..].find(quote).map_or(text.len(), |close| end + close + 2)),
        _ if matches!(*key, "authorization" | "cookie") => Some(end + rest.find('\n').unwrap_or(rest.len())),
        _ => Some(
            end + rest
                .find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | '}' | ']' | '&' | '?' | '#' | '<'))
                .unwrap_or(rest.len()),
        ),
    }
}

/// Positions in the lower-cased text are those of the text: only ASCII changes case.
fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.to_ascii_lowercase().find(&needle.to_ascii_lowercase())
}

/// Removes brackets, commas and lines that the removals left empty.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut line = line.trim().to_owned();
        for empty in [" ()", " {}", " []", " ( )", " { }"] {
            line = line.replace(empty, "");
        }
        while line.contains("  ") {
            line = line.replace("  ", " ");
        }
        let line = line.replace(" ,", ",").replace("{,", "{").replace("(,", "(");
        let line = line.trim().trim_end_matches([',', ';']).trim_end();
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(redact(text), expect, "{text}");
        assert_eq!(redact(expect), expect, "twice: {text}");
    }

    #[test]
    fn what_leaked_is_gone() {
        check("Failed for session='ABC123', ip='10.1.2.3', retry", "Failed for, retry");
        check("no such job;jsessionid=AB12?x=1", "no such job?x=1");
        check("(req: Reqid: anonymous17, retrieval access: DIRECT) failed", "failed");
        check(
            "Job lost, for user: UwsJobOwner{id='anonymous', roles=[a, {b}], session='S', ip='1.2.3.4'}, due to: disk full",
            "Job lost, due to: disk full",
        );
        check("Bad password: hunter2 given", "Bad given");
        check("Cookie: JSESSIONID=1; SESSION=2\nquota exceeded", "quota exceeded");
    }

    #[test]
    fn stack_traces_are_gone() {
        check(
            "Cannot run\n\tat esavo.tap.Tap.run(Tap.java:12)\n\t... 20 more\nCaused by: disk full",
            "Cannot run\nCaused by: disk full",
        );
        check("Cannot run at esavo.tap.Tap.run(Tap.java:12) at x.Y.z(Y.java:1)", "Cannot run");
        check("esavo.tap.Tap\trun\t12\nesavo.tap.Tap\tgo\t13", "");
        check(
            "Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n    f()\nValueError: no table",
            "ValueError: no table",
        );
    }

    #[test]
    fn words_stay() {
        for text in [
            "Cannot parse query 'select * frm x' at line 1, column 10",
            "The session has expired",
            "zip='x' is not a column, nor is 'description=1'",
            "User 'anonymous' is not authorized.",
            "Unknown table \"user_joe.t\" [l.1 c.8 - l.1 c.12]",
            "unexpected token: FROM",
        ] {
            check(text, text);
        }
    }
}

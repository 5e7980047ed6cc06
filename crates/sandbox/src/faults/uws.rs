//! Job documents and lists of jobs that are not as they should be. What is no such document stays as it is.

/// The ways in which a document can be malformed.
pub const KINDS: &[&str] = &["no-phase", "prefix", "namespace", "case", "bom", "blanks", "cut", "1.1"];

/// Another phase: in elements, or as the whole of a text.
pub fn phase(body: Vec<u8>, word: &str) -> Vec<u8> {
    with_phases(body, |_| word.to_owned())
}

/// A malformed document.
pub fn malformed(body: Vec<u8>, kind: &str) -> Vec<u8> {
    match kind {
        "no-phase" => {
            let text = String::from_utf8_lossy(&body).into_owned();
            if is_uws(&text) { without(&text, "<uws:phase>", "</uws:phase>").into_bytes() } else { Vec::new() }
        }
        "case" => with_phases(body, |phase| {
            let lower = phase.to_ascii_lowercase();
            format!("{}{}", phase.get(..1).unwrap_or_default(), lower.get(1..).unwrap_or_default())
        }),
        "blanks" => with_phases(body, |phase| format!("\r\n  {phase} \r\n")),
        _ => in_document(body, |text| match kind {
            "prefix" => text.replace("xmlns:uws=", "xmlns:job=").replace("uws:", "job:"),
            "namespace" => text.replace("http://www.ivoa.net/xml/UWS/v1.0", "http://uws.example/v9"),
            "bom" => format!("\u{feff}{text}"),
            "1.1" => text.replacen("xmlns:uws=", "version=\"1.1\" xmlns:uws=", 1),
            _ => text.chars().take(text.chars().count() / 2).collect(),
        }),
    }
}

/// A list without jobs.
pub fn emptied(body: Vec<u8>, _: &str) -> Vec<u8> {
    in_document(body, |text| {
        let text = without(&text, "<uws:jobref", "</uws:jobref>");
        without(&text, "<uws:job>", "</uws:job>")
    })
}

/// A list with each job twice.
pub fn doubled(body: Vec<u8>, _: &str) -> Vec<u8> {
    let double = |part: &str| format!("{part}\n{part}");
    in_document(body, |text| {
        let text = each(&text, "<uws:jobref", "</uws:jobref>", double);
        each(&text, "<uws:job>", "</uws:job>", double)
    })
}

/// No result, several, or one that lies elsewhere.
pub fn results(body: Vec<u8>, kind: &str) -> Vec<u8> {
    in_document(body, |text| {
        each(&text, "<uws:result ", "/>", |result| match kind {
            "none" => String::new(),
            "many" => format!("{result}\n{}", result.replacen("id=\"result\"", "id=\"preview\"", 1)),
            _ => {
                let start = result.find("href=\"").map_or(0, |at| at + 6);
                let path = result[start..].find("/tap-server").map_or(start, |at| start + at);
                format!("{}http://other.example{}", &result[..start], &result[path..])
            }
        })
    })
}

fn is_uws(text: &str) -> bool {
    text.contains("<uws:")
}

fn in_document(body: Vec<u8>, change: impl Fn(String) -> String) -> Vec<u8> {
    match String::from_utf8(body) {
        Ok(text) if is_uws(&text) => change(text).into_bytes(),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

fn with_phases(body: Vec<u8>, change: impl Fn(&str) -> String) -> Vec<u8> {
    let Ok(text) = String::from_utf8(body.clone()) else { return body };
    if !text.is_empty() && text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return change(&text).into_bytes();
    }
    let (open, close) = ("<uws:phase>", "</uws:phase>");
    let inner = |part: &str| format!("{open}{}{close}", change(&part[open.len()..part.len() - close.len()]));
    each(&text, open, close, inner).into_bytes()
}

fn without(text: &str, open: &str, close: &str) -> String {
    each(text, open, close, |_| String::new())
}

/// Replaces each part from `open` to `close`, both included.
fn each(text: &str, open: &str, close: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(open) {
        let Some(end) = rest[start..].find(close).map(|at| start + at + close.len()) else { break };
        out += &rest[..start];
        out += &change(&rest[start..end]);
        rest = &rest[end..];
    }
    out + rest
}

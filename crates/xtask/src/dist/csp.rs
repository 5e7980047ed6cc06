//! The content security policy of the static site, as a `meta` element: hosts of static files let nobody set a header.
//!
//! Everything comes from the site itself; Trunk's inline start script is let in by its hash. Archives are asked over https.

use sha2::{Digest as _, Sha256};

use crate::command::Result;

/// `html` with the policy as the first element after `<meta charset>`, so before anything that it governs.
pub fn insert(html: &str) -> Result<String> {
    if html.contains("http-equiv=\"Content-Security-Policy\"") {
        return Err("index.html has a content security policy already".into());
    }
    let charset = html.find("<meta charset").ok_or("index.html has no <meta charset>")?;
    let end = charset + html[charset..].find('>').ok_or("index.html: <meta charset> does not end")? + 1;
    let hashes: String = inline_scripts(html)
        .iter()
        .map(|script| format!(" 'sha256-{}'", base64(&Sha256::digest(script.as_bytes()))))
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self' https:; worker-src 'self' blob:; base-uri 'self'; form-action 'none'; object-src 'none'"
    );
    Ok(format!("{}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{}", &html[..end], &html[end..]))
}

/// The texts of the script elements without `src`, exactly as a browser hashes them.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start..];
        let Some(open) = rest.find('>') else { break };
        let Some(close) = rest.find("</script>") else { break };
        if !rest[..open].contains(" src=") {
            scripts.push(&rest[open + 1..close]);
        }
        rest = &rest[close..];
    }
    scripts
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            if place <= group.len() {
                text.push(char::from(LETTERS[(bits >> (18 - 6 * place)) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_all_lengths() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_policy_stands_after_charset_and_hashes_inline_scripts_only() {
        let page = r#"<html><head><meta charset="utf-8"><title>x</title><script type="module" src="a.js"></script></head>
            <body><script type="module">alert(1)</script></body></html>"#;
        let done = insert(page).unwrap();
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(done.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{done}");
        assert_eq!(done.matches("sha256-").count(), 1);
        assert!(done.find("Content-Security-Policy").unwrap() < done.find("<title>").unwrap());
        assert!(insert(&done).is_err());
    }

    #[test]
    fn a_page_without_charset_is_refused() {
        assert!(insert("<html></html>").is_err());
    }
}

//! Just enough HTML to find the inline scripts, inline styles and the policy of a page that our own build wrote.

/// A start tag, with its text if it is a `script` or `style`.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Lower-case name.
    pub name: String,
    /// Names in lower case and values with their character references resolved.
    pub attributes: Vec<(String, String)>,
    /// What stands between the tags, untouched; empty for other elements.
    pub text: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The start tags of a document, in order, without those in comments and scripts.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let (mut tag, after) = start_tag(rest);
        rest = after;
        if matches!(tag.name.as_str(), "script" | "style") {
            let end = find_end(rest, &tag.name);
            tag.text = &rest[..end];
            rest = &rest[end..];
        }
        tags.push(tag);
    }
    tags
}

/// Reads a tag from its name on; returns it and what follows its `>`.
fn start_tag(text: &str) -> (Tag<'_>, &str) {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(text.len());
    let mut tag = Tag { name: text[..end].to_ascii_lowercase(), attributes: Vec::new(), text: "" };
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let Some(first) = rest.chars().next() else { return (tag, "") };
        if first == '>' {
            return (tag, &rest[1..]);
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        // A stray `=` counts as the beginning of a name, so that every round reads something.
        let end = end.max(first.len_utf8());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len())),
            };
        }
        tag.attributes.push((name, resolve(value)));
    }
}

fn find_end(text: &str, name: &str) -> usize {
    let closes = |at: &usize| text[at + 2..].get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
    text.match_indices("</").map(|(at, _)| at).find(closes).unwrap_or(text.len())
}

/// The character references that a policy can need.
fn resolve(value: &str) -> String {
    let quotes = [("&#39;", "'"), ("&#x27;", "'"), ("&apos;", "'"), ("&quot;", "\""), ("&#34;", "\""), ("&amp;", "&")];
    quotes.iter().fold(value.to_owned(), |text, (reference, plain)| text.replace(reference, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_text_and_comments_are_nothing() {
        let html = "<!doctype html><html><!-- <script>no</script> --><head>\n\
            <meta http-equiv='X' content=\"a &#39;b&#39; > c\">\n\
            <SCRIPT type=module>if (a<b) { x = '<p>' }</SCRIPT><script src=a.js></script><link rel=x />é<br>";
        let tags = tags(html);
        let names: Vec<&str> = tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["html", "head", "meta", "script", "script", "link", "br"]);
        assert_eq!(tags[2].attribute("content"), Some("a 'b' > c"));
        assert_eq!(tags[3].text, "if (a<b) { x = '<p>' }");
        assert_eq!(tags[4].attribute("src"), Some("a.js"));
    }

    #[test]
    fn broken_documents_end() {
        for html in
            ["<", "<a", "<a =", "<a = = =>", "<a b='", "<script", "<script>", "<script></scrip", "<!--", "<a é='é"]
        {
            tags(html);
        }
    }
}

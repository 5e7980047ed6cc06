//! Bodies that are broken, hostile or too large, and the texts of pages.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Time;
use crate::fault::escape;

/// What the archive shows while it is repaired.
pub const MAINTENANCE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Archive under maintenance</title>\n</head>\n<body>\n\
    <h1>The archive is down for maintenance</h1>\n<p>We expect to be back at 14:00 CET.</p>\n\
    <script>document.title = 'must not run'</script>\n</body>\n</html>\n";

/// An error as the data server writes it: it tells what it should keep to itself. All of it is invented.
pub const LEAK: &str = "Code: -1, msg: The products cannot be retrieved\n\n\
    Cannot process request: 'https://archive.example/data-server/data' (req: Reqid: anonymous1734339297865, retrieval access: \
    DIRECT), for user: UwsJobOwner{id='anonymous', session='0123456789ABCDEF0123456789ABCDEF', ip='192.0.2.17'}, due to: \
    java.lang.NullPointerException\n\tat example.archive.Servlet.doGet(Servlet.java:42)\n";

/// Packed with gzip.
pub fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(body);
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

/// So many megabytes of blanks, packed a thousand times smaller.
pub fn packed_blanks(megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..megabytes {
        if encoder.write_all(&block).is_err() {
            break;
        }
    }
    encoder.finish().unwrap_or_default()
}

/// Without its last bytes.
pub fn shortened(mut body: Vec<u8>, by: usize) -> Vec<u8> {
    body.truncate(body.len().saturating_sub(by));
    body
}

/// With a wrong checksum, which stands eight bytes before the end (RFC 1952, section 2.3.1).
pub fn miscounted(mut body: Vec<u8>, _: usize) -> Vec<u8> {
    let at = body.len().saturating_sub(8);
    if let Some(byte) = body.get_mut(at) {
        *byte ^= 0xff;
    }
    body
}

/// The same content in two members.
pub fn two_members(body: Vec<u8>, _: usize) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(&body[..]);
    let _ = std::io::Read::read_to_end(&mut decoder, &mut plain);
    let (first, second) = plain.split_at(plain.len() / 2);
    [packed(first), packed(second)].concat()
}

/// With something behind the end.
pub fn with_junk(mut body: Vec<u8>, _: usize) -> Vec<u8> {
    body.extend_from_slice(b"\0\0junk behind the end");
    body
}

/// Cut in the middle, between two lines.
pub fn half_of_the_lines(body: Vec<u8>, _: &str) -> Vec<u8> {
    let half = body.len() / 2;
    let end = body[half..].iter().position(|byte| *byte == b'\n').map_or(body.len(), |at| half + at + 1);
    body[..end].to_vec()
}

/// Changes the base64 of a VOTable.
fn in_stream(body: Vec<u8>, change: impl Fn(&str) -> String) -> Vec<u8> {
    let text = match String::from_utf8(body) {
        Ok(text) => text,
        Err(error) => return error.into_bytes(),
    };
    let start = text.find("<STREAM").and_then(|at| text[at..].find('>').map(|end| at + end + 1));
    let Some((start, end)) = start.zip(text.find("</STREAM>")) else { return text.into_bytes() };
    format!("{}{}{}", &text[..start], change(&text[start..end]), &text[end..]).into_bytes()
}

/// Lacks its last characters.
pub fn base64_cut(body: Vec<u8>, by: &str) -> Vec<u8> {
    let by = by.parse().unwrap_or(0);
    in_stream(body, |stream| {
        let stream = stream.trim_end();
        stream[..stream.len().saturating_sub(by)].to_owned()
    })
}

/// Has a star in its middle.
pub fn base64_bad(body: Vec<u8>, _: &str) -> Vec<u8> {
    in_stream(body, |stream| {
        let (first, second) = stream.split_at(stream.len() / 2);
        format!("{first}*{}", second.get(1..).unwrap_or_default())
    })
}

/// Has blanks in its middle, which are allowed.
pub fn base64_blank(body: Vec<u8>, _: &str) -> Vec<u8> {
    in_stream(body, |stream| {
        let (first, second) = stream.split_at(stream.len() / 2);
        format!("\r\n {first}\t \n{second} \r\n")
    })
}

/// Behind the table of a VOTable.
fn behind_table(body: Vec<u8>, info: &str) -> Vec<u8> {
    match String::from_utf8(body) {
        Ok(text) => text.replacen("</TABLE>", &format!("</TABLE>\n{info}"), 1).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// Says ERROR after the rows.
pub fn error_after(body: Vec<u8>, _: &str) -> Vec<u8> {
    behind_table(body, "<INFO name=\"QUERY_STATUS\" value=\"ERROR\">The database went away.</INFO>")
}

/// Says OVERFLOW after the rows.
pub fn overflow(body: Vec<u8>, _: &str) -> Vec<u8> {
    behind_table(body, "<INFO name=\"QUERY_STATUS\" value=\"OVERFLOW\"/>")
}

/// Promises another number of rows than there are.
pub fn promised(body: Vec<u8>, rows: &str) -> Vec<u8> {
    let text = match String::from_utf8(body) {
        Ok(text) => text,
        Err(error) => return error.into_bytes(),
    };
    let Some(start) = text.find("<TABLE") else { return text.into_bytes() };
    let end = text[start..].find('>').map_or(text.len(), |at| start + at);
    let (tag, old) = (&text[start..end], "nrows=\"");
    let tag = match tag.find(old).map(|at| at + old.len()) {
        Some(at) => {
            let rest = tag[at..].find('"').map_or("", |quote| &tag[at + quote..]);
            format!("{}{rows}{rest}", &tag[..at])
        }
        None => format!("{tag} nrows=\"{rows}\""),
    };
    format!("{}{tag}{}", &text[..start], &text[end..]).into_bytes()
}

/// A VOTable of these fields and rows.
fn votable(fields: &str, rows: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\">\n<RESOURCE type=\"results\">\n\
         <INFO name=\"QUERY_STATUS\" value=\"OK\"/>\n<TABLE>\n{fields}<DATA><TABLEDATA>\n{rows}</TABLEDATA></DATA>\n\
         </TABLE>\n</RESOURCE>\n</VOTABLE>\n"
    )
    .into_bytes()
}

/// Entities, each ten times the one before.
pub fn entities() -> Vec<u8> {
    let mut out = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE VOTABLE [\n<!ENTITY a0 \"ha\">\n");
    for level in 1..10 {
        out += &format!("<!ENTITY a{level} \"{}\">\n", format!("&a{};", level - 1).repeat(10));
    }
    (out + "]>\n<VOTABLE><RESOURCE><DESCRIPTION>&a9;</DESCRIPTION></RESOURCE></VOTABLE>\n").into_bytes()
}

/// An entity that is a file.
pub fn foreign_entity() -> Vec<u8> {
    b"<?xml version=\"1.0\"?>\n<!DOCTYPE VOTABLE [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>\n\
      <VOTABLE><RESOURCE><DESCRIPTION>&f;</DESCRIPTION></RESOURCE></VOTABLE>\n"
        .to_vec()
}

/// The most that is written at once of what a request can ask for.
const MOST: usize = 2_000_000;

/// Resources within resources.
pub fn deep(levels: usize) -> Option<Vec<u8>> {
    (levels <= MOST).then(|| format!("<VOTABLE>{}", "<RESOURCE>".repeat(levels)).into_bytes())
}

/// An element of many attributes.
pub fn attributes(count: usize) -> Option<Vec<u8>> {
    let attributes = |count| (0..count).map(|at| format!(" a{at}=\"\"")).collect::<String>();
    (count <= MOST).then(|| format!("<VOTABLE><RESOURCE{}/></VOTABLE>", attributes(count)).into_bytes())
}

/// A table of many columns and one row.
pub fn columns(count: usize) -> Option<Vec<u8>> {
    let fields = |count| (0..count).map(|at| format!("<FIELD name=\"c{at}\" datatype=\"int\"/>\n")).collect::<String>();
    (count <= MOST).then(|| votable(&fields(count), &format!("<TR>{}</TR>\n", "<TD>1</TD>".repeat(count))))
}

/// A column of arrays that would not fit into any memory.
pub fn array_of(elements: u64) -> Vec<u8> {
    votable(&format!("<FIELD name=\"a\" datatype=\"double\" arraysize=\"{elements}\"/>\n"), "<TR><TD>1 2 3</TD></TR>\n")
}

/// Numbers at the ends of their types.
pub fn extremes() -> Vec<u8> {
    let fields = "<FIELD name=\"source_id\" datatype=\"long\"/>\n<FIELD name=\"x\" datatype=\"double\"/>\n\
                  <FIELD name=\"n\" datatype=\"int\"><VALUES null=\"-99\"/></FIELD>\n";
    let rows = [
        ("9223372036854775807", "NaN", "-99"),
        ("-9223372036854775808", "+Inf", "2147483647"),
        ("4611686018427387905", "-Inf", "-2147483648"),
        ("9007199254740993", "1.7976931348623157e308", ""),
        ("", "4.9e-324", "99999999999"),
    ];
    let rows: String = rows.map(|(a, b, c)| format!("<TR><TD>{a}</TD><TD>{b}</TD><TD>{c}</TD></TR>\n")).concat();
    votable(fields, &rows)
}

/// DataLink links (DataLink 1.1, section 3): an error for each identifier, or a product whose service is described nowhere.
pub fn links(ids: &[String], undescribed: bool) -> String {
    let names = ["ID", "access_url", "service_def", "error_message", "semantics", "content_type"];
    let fields: String =
        names.map(|name| format!("<FIELD name=\"{name}\" datatype=\"char\" arraysize=\"*\"/>\n")).concat();
    let rows: String = ids
        .iter()
        .map(|id| {
            let (service, error, semantics) = match undescribed {
                true => ("nowhere", String::new(), "#auxiliary"),
                false => ("", format!("NotFoundFault: there is nothing for {}", escape(id)), "#this"),
            };
            let id = escape(id);
            format!("<TR><TD>{id}</TD><TD></TD><TD>{service}</TD><TD>{error}</TD><TD>{semantics}</TD><TD></TD></TR>\n")
        })
        .collect();
    String::from_utf8_lossy(&votable(&fields, &rows)).into_owned()
}

/// A time as HTTP writes it (RFC 9110, section 5.6.7).
pub fn date(time: Time) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = DAYS[time.0.div_euclid(86_400_000).rem_euclid(7) as usize];
    let text = time.to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1).clamp(1, 12) - 1;
    format!("{day}, {} {} {} {} GMT", part(8, 10), MONTHS[month], part(0, 4), part(11, 19))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_http() {
        // The example of RFC 9110.
        assert_eq!(date(Time(784_111_777_000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}

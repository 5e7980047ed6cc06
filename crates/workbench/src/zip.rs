//! The files of a ZIP (APPNOTE 6.3, ZIP64 included): found by its directory, or one after the other where the directory did not
//! arrive, so that of a bundle that was cut every file is read that came whole.

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// A file in a ZIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub name: String,
    /// Its bytes when inflated, as the ZIP says.
    pub size: u64,
    deflated: bool,
    crc: u32,
    start: usize,
    end: usize,
}

/// What a ZIP holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directory {
    pub entries: Vec<Entry>,
    /// Why that may not be all.
    pub trouble: Option<String>,
}

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";

/// Length of the record at the end without its comment, and of the longest comment.
const END_LENGTH: usize = 22;
const COMMENT: usize = 65_535;

/// Bytes that are inflated at a time where only their check sum is wanted.
const PIECE: usize = 64 * 1024;

/// Whether a file is a ZIP, by its first bytes: one without files begins with its end.
pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(LOCAL) || bytes.starts_with(END)
}

/// The files of a ZIP.
pub(crate) fn directory(bytes: &[u8]) -> Directory {
    match central(bytes) {
        Some(entries) => Directory { entries, trouble: None },
        None => scan(bytes),
    }
}

impl Entry {
    /// The file, inflated to at most `limit` bytes.
    pub fn read(&self, bytes: &[u8], limit: usize) -> Result<Vec<u8>, String> {
        let mut file = Vec::new();
        self.inflate(bytes, |piece| {
            file.extend_from_slice(piece);
            file.len() <= limit
        })?;
        Ok(file)
    }

    /// Whether the file is what was packed.
    pub fn check(&self, bytes: &[u8]) -> Result<(), String> {
        self.inflate(bytes, |_| true)
    }

    /// Hands on the file in pieces, until `take` wants no more.
    fn inflate(&self, bytes: &[u8], mut take: impl FnMut(&[u8]) -> bool) -> Result<(), String> {
        let packed = bytes.get(self.start..self.end).ok_or("it lies outside of the ZIP")?;
        let (mut crc, mut size) = (Crc::new(), 0u64);
        let mut next = |piece: &[u8]| {
            crc.update(piece);
            size += piece.len() as u64;
            // A file that is larger than it says is a bomb or damaged.
            if size > self.size || !take(piece) { Err("it is larger than it should be".to_owned()) } else { Ok(()) }
        };
        if self.deflated {
            let end = deflated(packed, &mut next)?.ok_or("it ends early")?;
            if end != packed.len() {
                return Err("something stands behind its end".to_owned());
            }
        } else {
            next(packed)?;
        }
        if crc.sum() != self.crc {
            return Err("its check sum differs".to_owned());
        }
        Ok(())
    }
}

/// Inflates data that may go on behind their end; gives the bytes that belong to them, `None` if there is no end.
fn deflated(packed: &[u8], take: &mut impl FnMut(&[u8]) -> Result<(), String>) -> Result<Option<usize>, String> {
    let mut decompress = Decompress::new(false);
    let mut piece = vec![0; PIECE];
    loop {
        let (taken, given) = (decompress.total_in() as usize, decompress.total_out());
        let result = decompress.decompress(&packed[taken..], &mut piece, FlushDecompress::None);
        let new = (decompress.total_out() - given) as usize;
        if new > 0 {
            take(&piece[..new])?;
        }
        match result {
            Ok(Status::StreamEnd) => return Ok(Some(decompress.total_in() as usize)),
            Ok(_) if new == 0 && decompress.total_in() as usize == taken => return Ok(None),
            Ok(_) => {}
            Err(_) => return Err("a bad block".to_owned()),
        }
    }
}

/// The files that the directory at the end names; `None` if there is none that can be read whole.
fn central(bytes: &[u8]) -> Option<Vec<Entry>> {
    let from = bytes.len().saturating_sub(END_LENGTH + COMMENT);
    let end = (from..=bytes.len().checked_sub(END_LENGTH)?).rev().find(|at| bytes[*at..].starts_with(END))?;
    let (mut count, mut at) = (u64::from(short(bytes, end + 10)?), u64::from(long(bytes, end + 16)?));
    let locator = end.checked_sub(20).filter(|at| bytes[*at..].starts_with(LOCATOR_64));
    if let Some(locator) = locator {
        let record = usize::try_from(double(bytes, locator + 8)?).ok()?;
        if bytes.get(record..)?.starts_with(END_64) {
            (count, at) = (double(bytes, record + 32)?, double(bytes, record + 48)?);
        }
    }
    let mut at = usize::try_from(at).ok()?;
    let mut entries = Vec::new();
    for _ in 0..count {
        if !bytes.get(at..)?.starts_with(CENTRAL) {
            return None;
        }
        let lengths = [short(bytes, at + 28)?, short(bytes, at + 30)?, short(bytes, at + 32)?].map(usize::from);
        let name = bytes.get(at + 46..at + 46 + lengths[0])?;
        let extra = bytes.get(at + 46 + lengths[0]..at + 46 + lengths[0] + lengths[1])?;
        let sizes = [long(bytes, at + 24)?, long(bytes, at + 20)?, long(bytes, at + 42)?];
        let [size, packed, offset] = with_64(sizes, extra)?;
        let offset = usize::try_from(offset).ok()?;
        let own = [short(bytes, offset + 26)?, short(bytes, offset + 28)?].map(usize::from);
        let start = offset + 30 + own[0] + own[1];
        entries.push(Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            size,
            deflated: short(bytes, at + 10)? == 8,
            crc: long(bytes, at + 16)?,
            start,
            end: start.checked_add(usize::try_from(packed).ok()?)?,
        });
        at += 46 + lengths.iter().sum::<usize>();
    }
    // Folders are entries too.
    entries.retain(|entry| !entry.name.ends_with('/'));
    Some(entries)
}

/// Sizes and place, those that do not fit into 32 bits from the extra field 1.
fn with_64(values: [u32; 3], extra: &[u8]) -> Option<[u64; 3]> {
    let mut rest = extra;
    let mut wide: &[u8] = &[];
    while rest.len() >= 4 {
        let length = usize::from(short(rest, 2)?);
        let field = rest.get(4..4 + length)?;
        if short(rest, 0)? == 1 {
            wide = field;
        }
        rest = &rest[4 + length..];
    }
    let mut out = [0; 3];
    for (out, value) in out.iter_mut().zip(values) {
        *out = u64::from(value);
        if value == u32::MAX {
            *out = double(wide, 0)?;
            wide = &wide[8..];
        }
    }
    Some(out)
}

/// The files that come one after the other, up to the first that is not whole.
fn scan(bytes: &[u8]) -> Directory {
    let mut directory = Directory::default();
    let mut at = 0;
    let cut = |name: Option<&str>| match name {
        Some(name) => Some(format!("the bundle ends within {name}")),
        None => Some("the bundle ends before its directory".to_owned()),
    };
    loop {
        let Some((name, start)) = local(bytes, at) else {
            directory.trouble = cut(None);
            return directory;
        };
        let Some(entry) = whole(bytes, at, &name, start) else {
            directory.trouble = cut(Some(&name));
            return directory;
        };
        at = entry.end;
        // The sizes may stand behind the file, with or without a mark, in 32 or 64 bits.
        for length in [16, 12, 24, 20] {
            let begins = bytes.get(at..).is_some_and(|rest| rest.starts_with(DESCRIPTOR));
            let next = bytes.get(at + length..).unwrap_or_default();
            if (length % 8 == 0) == begins && (next.starts_with(LOCAL) || next.starts_with(CENTRAL)) {
                at += length;
                break;
            }
        }
        directory.entries.push(entry);
    }
}

/// Name and first byte of a file whose header stands at a place.
fn local(bytes: &[u8], at: usize) -> Option<(String, usize)> {
    let header = bytes.get(at..).filter(|rest| rest.starts_with(LOCAL))?;
    let [name, extra] = [short(header, 26)?, short(header, 28)?].map(usize::from);
    Some((String::from_utf8_lossy(header.get(30..30 + name)?).into_owned(), at + 30 + name + extra))
}

/// The file, if all of it is there.
fn whole(bytes: &[u8], at: usize, name: &str, start: usize) -> Option<Entry> {
    let deflated = short(bytes, at + 8)? == 8;
    let packed = bytes.get(start..)?;
    let entry = |size, crc, end| Entry { name: name.to_owned(), size, deflated, crc, start, end };
    if !deflated {
        let size = long(bytes, at + 22)?;
        let end = start.checked_add(size as usize).filter(|end| *end <= bytes.len())?;
        return Some(entry(u64::from(size), long(bytes, at + 14)?, end));
    }
    let (mut crc, mut size) = (Crc::new(), 0);
    let mut take = |piece: &[u8]| {
        crc.update(piece);
        size += piece.len() as u64;
        Ok(())
    };
    let length = self::deflated(packed, &mut take).ok()??;
    Some(entry(size, crc.sum(), start + length))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn double(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write as _;

    use super::*;

    /// A ZIP as servers stream them: sizes behind each file, directory at the end.
    pub(crate) fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut out, mut central) = (Vec::new(), Vec::new());
        for (name, content) in files {
            let offset = out.len() as u32;
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(content).unwrap();
            let data = encoder.finish().unwrap();
            let mut crc = Crc::new();
            crc.update(content);
            let sizes: Vec<u8> =
                [crc.sum(), data.len() as u32, content.len() as u32].iter().flat_map(|n| n.to_le_bytes()).collect();
            let names = (name.len() as u32).to_le_bytes();
            out.extend([LOCAL, &[20, 0, 8, 0, 8, 0, 0, 0, 0, 0], &[0; 12], &names, name.as_bytes(), &data].concat());
            out.extend([DESCRIPTOR, &sizes].concat());
            central.extend([CENTRAL, &[20, 0, 20, 0, 8, 0, 8, 0, 0, 0, 0, 0], &sizes, &names, &[0; 10]].concat());
            central.extend([offset.to_le_bytes().as_slice(), name.as_bytes()].concat());
        }
        let count = (files.len() as u16).to_le_bytes();
        let (length, start) = ((central.len() as u32).to_le_bytes(), (out.len() as u32).to_le_bytes());
        out.extend([&central, END, &[0; 4], &count, &count, &length, &start, &[0, 0]].concat());
        out
    }

    const FILES: [(&str, &[u8]); 3] =
        [("RVS-Gaia DR3 1.csv", b"wavelength,flux\n846,1\n"), ("empty.csv", b""), ("RVS-Gaia DR3 2.csv", b"a\n1\n")];

    fn texts(bytes: &[u8], directory: &Directory) -> Vec<Vec<u8>> {
        directory.entries.iter().map(|entry| entry.read(bytes, 1 << 20).unwrap()).collect()
    }

    #[test]
    fn the_directory_names_the_files() {
        let bytes = packed(&FILES);
        let found = directory(&bytes);
        assert_eq!(found.trouble, None);
        assert_eq!(found.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), FILES.map(|file| file.0));
        assert_eq!(texts(&bytes, &found), FILES.map(|file| file.1.to_vec()));
        assert!(found.entries.iter().all(|entry| entry.check(&bytes).is_ok()));
        let none = packed(&[]);
        assert!(is_zip(&none) && directory(&none) == Directory::default());
    }

    #[test]
    fn of_a_cut_bundle_the_whole_files_are_read() {
        let bytes = packed(&FILES);
        for cut in 0..bytes.len() {
            let part = &bytes[..cut];
            let found = directory(part);
            assert!(found.trouble.is_some(), "cut at {cut}");
            assert_eq!(
                texts(part, &found),
                FILES[..found.entries.len()].iter().map(|f| f.1.to_vec()).collect::<Vec<_>>()
            );
        }
        assert_eq!(directory(&bytes[..bytes.len() - 1]).entries.len(), 3, "only the directory is damaged");
    }

    #[test]
    fn damage_and_bombs_are_noticed() {
        let mut bytes = packed(&FILES);
        let found = directory(&bytes);
        let start = found.entries[0].start;
        bytes[start + 4] ^= 0x40;
        assert!(found.entries[0].check(&bytes).is_err());
        let large = packed(&[("x", &[0; 100_000])]);
        let entry = &directory(&large).entries[0];
        assert!(entry.read(&large, 1000).is_err());
        assert!(Entry { size: 10, ..entry.clone() }.check(&large).is_err(), "larger than it says");
    }
}

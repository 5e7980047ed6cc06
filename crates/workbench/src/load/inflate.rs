//! gzip (RFC 1952), resumable at any byte: members one after the other, and junk behind the last one.
//!
//! The browser's own inflater refuses both, and takes a cut stream of `Content-Encoding: gzip` for a whole one; here each
//! end is checked.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::Error;

/// Inflates one stream.
#[derive(Debug)]
pub(super) struct Inflater {
    state: State,
    decompress: Decompress,
    crc: Crc,
    /// Compressed bytes taken, and inflated bytes given.
    taken: u64,
    given: u64,
    /// Members that were whole.
    members: u32,
    junk: bool,
    buffer: Vec<u8>,
}

#[derive(Debug)]
enum State {
    /// The head of a member, as far as it came.
    Head(Vec<u8>),
    Body,
    /// Check sum and length, as far as they came.
    Tail(Vec<u8>),
    /// Behind the last member: nothing more is read.
    Over,
}

impl Inflater {
    pub(super) fn new() -> Inflater {
        Inflater {
            state: State::Head(Vec::new()),
            decompress: Decompress::new(false),
            crc: Crc::new(),
            taken: 0,
            given: 0,
            members: 0,
            junk: false,
            buffer: vec![0; 64 * 1024],
        }
    }

    /// Inflates a part of `input`, shortening it, and gives at most 64 KiB. Call it until `input` is empty and nothing comes.
    pub(super) fn step(&mut self, input: &mut &[u8]) -> Result<&[u8], Error> {
        while !input.is_empty() {
            match &mut self.state {
                State::Head(head) => {
                    let Some((&byte, rest)) = input.split_first() else { break };
                    *input = rest;
                    self.taken += 1;
                    head.push(byte);
                    match head_length(head) {
                        Ok(Some(_)) => {
                            self.state = State::Body;
                            self.decompress.reset(false);
                            self.crc.reset();
                        }
                        Ok(None) => {}
                        // What follows a whole member and is none is not part of the file.
                        Err(_) if self.members > 0 => {
                            self.junk = head.iter().any(|byte| *byte != 0);
                            self.state = State::Over;
                        }
                        Err(cause) => return Err(self.damaged(cause)),
                    }
                }
                State::Body => {
                    let (taken, given) = (self.decompress.total_in(), self.decompress.total_out());
                    let result = self.decompress.decompress(input, &mut self.buffer, FlushDecompress::None);
                    let taken = (self.decompress.total_in() - taken) as usize;
                    let given = (self.decompress.total_out() - given) as usize;
                    *input = &input[taken..];
                    self.taken += taken as u64;
                    self.given += given as u64;
                    match result {
                        Ok(Status::StreamEnd) => self.state = State::Tail(Vec::new()),
                        Ok(_) if taken == 0 && given == 0 => return Err(self.damaged("it does not go on")),
                        Ok(_) => {}
                        Err(_) => return Err(self.damaged("a bad block")),
                    }
                    if given > 0 {
                        self.crc.update(&self.buffer[..given]);
                        return Ok(&self.buffer[..given]);
                    }
                }
                State::Tail(tail) => {
                    let part = &input[..input.len().min(8 - tail.len())];
                    tail.extend_from_slice(part);
                    *input = &input[part.len()..];
                    self.taken += part.len() as u64;
                    if let Ok(tail) = <[u8; 8]>::try_from(tail.as_slice()) {
                        let [a, b, c, d, ..] = tail;
                        if u32::from_le_bytes([a, b, c, d]) != self.crc.sum() {
                            return Err(self.damaged("the check sum differs"));
                        }
                        self.members += 1;
                        self.state = State::Head(Vec::new());
                    }
                }
                State::Over => {
                    self.junk |= input.iter().any(|byte| *byte != 0);
                    *input = &[];
                }
            }
        }
        Ok(&[])
    }

    /// The end of the input: an error if a member is not whole.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        match &self.state {
            State::Over => Ok(()),
            State::Head(head) if self.members > 0 => {
                // Too short to be a member: junk as well.
                self.junk |= head.iter().any(|byte| *byte != 0);
                Ok(())
            }
            _ => Err(Error::GzipCut { offset: self.taken }),
        }
    }

    /// Compressed bytes taken, and inflated bytes given.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.taken, self.given)
    }

    /// Whether something else than zeros stands behind the last member.
    pub(super) fn has_junk(&self) -> bool {
        self.junk
    }

    fn damaged(&self, cause: &'static str) -> Error {
        Error::Gzip { offset: self.taken, cause }
    }
}

/// Length of a member's head once all of it is there (RFC 1952, section 2.3).
fn head_length(head: &[u8]) -> Result<Option<usize>, &'static str> {
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const CHECK: u8 = 2;
    /// No file name is longer.
    const MOST: usize = 1 << 17;

    let magic = [0x1f, 0x8b, 8];
    if head.iter().zip(magic).any(|(byte, wanted)| *byte != wanted) {
        return Err("no gzip member begins here");
    }
    if head.len() > MOST {
        return Err("a head without end");
    }
    let Some(&flags) = head.get(3) else { return Ok(None) };
    let mut at = 10;
    if flags & EXTRA != 0 {
        let (Some(&low), Some(&high)) = (head.get(at), head.get(at + 1)) else { return Ok(None) };
        at += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    for flag in [NAME, COMMENT] {
        if flags & flag != 0 {
            let Some(end) = head.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0)) else {
                return Ok(None);
            };
            at += end + 1;
        }
    }
    if flags & CHECK != 0 {
        at += 2;
    }
    Ok((head.len() >= at).then_some(at))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder =
            GzBuilder::new().filename("a.vot").comment("c").extra(vec![1; 5]).write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn inflate(inflater: &mut Inflater, mut input: &[u8]) -> Result<Vec<u8>, Error> {
        let mut all = Vec::new();
        while !input.is_empty() {
            all.extend_from_slice(inflater.step(&mut input)?);
        }
        Ok(all)
    }

    #[test]
    fn members_are_one_stream_wherever_it_is_cut() {
        let file = [member(b"first,"), member(b""), member(b"second"), b"junk".to_vec()].concat();
        for cut in 0..file.len() {
            let mut inflater = Inflater::new();
            let mut all = inflate(&mut inflater, &file[..cut]).unwrap();
            all.extend(inflate(&mut inflater, &file[cut..]).unwrap());
            inflater.finish().unwrap();
            assert_eq!(all, b"first,second", "cut at {cut}");
            assert!(inflater.has_junk());
        }
    }

    #[test]
    fn a_cut_is_noticed_at_every_byte() {
        let file = member(b"some text, some text");
        for cut in 0..file.len() {
            let mut inflater = Inflater::new();
            inflate(&mut inflater, &file[..cut]).unwrap();
            assert_eq!(inflater.finish(), Err(Error::GzipCut { offset: cut as u64 }));
        }
    }

    #[test]
    fn damage_is_noticed() {
        let mut file = member(b"some text, some text");
        let crc = file.len() - 8;
        file[crc] ^= 1;
        let error = inflate(&mut Inflater::new(), &file).unwrap_err();
        assert!(matches!(error, Error::Gzip { cause: "the check sum differs", .. }), "{error}");
        let zeros = [member(b"x"), vec![0; 100]].concat();
        let mut inflater = Inflater::new();
        inflate(&mut inflater, &zeros).unwrap();
        inflater.finish().unwrap();
        assert!(!inflater.has_junk(), "padding is no junk");
    }
}

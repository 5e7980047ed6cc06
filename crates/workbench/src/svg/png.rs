//! An image as a PNG file (PNG, third edition): 8-bit red, green, blue and opacity, one IDAT.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// A PNG of `width` by `height` pixels, four bytes each. What is missing at the end is transparent.
pub fn png(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // 8 bits, color with opacity, deflate, adaptive filters, not interlaced.
    header.extend([8, 6, 0, 0, 0]);
    chunk(b"IHDR", &header, &mut out);
    let line = width as usize * 4;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut lines = pixels.chunks(line.max(1));
    let mut padded = vec![0; line];
    for _ in 0..height {
        let pixels = lines.next().unwrap_or_default();
        padded.fill(0);
        padded[..pixels.len()].copy_from_slice(pixels);
        // Filter 0; writing to memory cannot fail.
        let _ = encoder.write_all(&[0]).and_then(|()| encoder.write_all(&padded));
    }
    chunk(b"IDAT", &encoder.finish().unwrap_or_default(), &mut out);
    chunk(b"IEND", &[], &mut out);
    out
}

fn chunk(kind: &[u8; 4], data: &[u8], out: &mut Vec<u8>) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(kind);
    out.extend(data);
    let mut crc = Crc::new();
    crc.update(&out[start..]);
    out.extend(crc.sum().to_be_bytes());
}

/// Base64 of RFC 4648, section 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for letter in 0..4 {
            let used = letter <= three.len();
            out.push(if used { LETTERS[(bits >> (18 - 6 * letter)) as usize & 63].into() } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_file_has_its_chunks_and_its_pixels() {
        let pixels: Vec<u8> = (0..24).collect();
        let file = png(3, 2, &pixels);
        assert_eq!(&file[..16], b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
        assert_eq!(file[16..29], [0, 0, 0, 3, 0, 0, 0, 2, 8, 6, 0, 0, 0]);
        assert_eq!(&file[file.len() - 12..], b"\0\0\0\0IEND\xae\x42\x60\x82", "the well-known end of every PNG");
        let length = u32::from_be_bytes(file[33..37].try_into().unwrap()) as usize;
        assert_eq!(&file[37..41], b"IDAT");
        let mut lines = Vec::new();
        flate2::read::ZlibDecoder::new(&file[41..41 + length]).read_to_end(&mut lines).unwrap();
        assert_eq!(lines, [&[0][..], &pixels[..12], &[0], &pixels[12..]].concat());
    }

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}

// Writes a Brotli (quality 11) and a gzip (level 9) copy beside each file named on standard input, one name a line, and
// answers with one JSON list of {file, raw, gzip, brotli} in bytes. Run by `cargo xtask dist`.

import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const files = readFileSync(0, "utf8").split("\n").filter(Boolean);
const sizes = files.map((file) => {
  const bytes = readFileSync(file);
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzip);
  return { file, raw: bytes.length, gzip: gzip.length, brotli: brotli.length };
});
process.stdout.write(JSON.stringify(sizes));

// Makes a screenshot smaller: at most 256 colors, those that matter, in a palette. And tells whether two show the same.

import { crc32, deflateSync, inflateSync } from "node:zlib";

const MOST = 256;
/** Squared distance of two colors that are told apart before all others. */
const APART = 150;
/** By how much a part of a color may differ where a browser draws the same edge twice. */
const EDGE = 24;

/** A PNG of 8-bit RGB or RGBA as a PNG with a palette. Transparency is not kept; a screenshot has none. */
export function smaller(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const color of pixels) counts.set(color, (counts.get(color) ?? 0) + 1);
  const palette = chosen([...counts].sort((a, b) => b[1] - a[1]).map(([color]) => color));
  const index = new Map([...counts.keys()].map((color) => [color, nearest(palette, color)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = index.get(pixels[y * width + x])!;
  }
  const head = Buffer.from(png.subarray(16, 29));
  head[8] = 8;
  head[9] = 3;
  const colors = Buffer.from(palette.flatMap((color) => parts(color)));
  const data = [chunk("IHDR", head), chunk("PLTE", colors), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([png.subarray(0, 8), ...data]);
}

/** Whether two pictures of [`smaller`] show the same, but for how edges were drawn. */
export function alike(one: Buffer, other: Buffer): boolean {
  if (!one.subarray(16, 24).equals(other.subarray(16, 24))) return false;
  const [a, b] = [opened(one), opened(other)];
  const close = (x: number, y: number) => x === y || parts(x).every((part, at) => Math.abs(part - parts(y)[at]) <= EDGE);
  return a.every((color, at) => close(color, b[at]));
}

/** The pixels of a picture of [`smaller`], with a column of zeros before them. */
function opened(png: Buffer): Uint32Array {
  const palette = chunks(png, "PLTE");
  const rows = inflateSync(chunks(png, "IDAT"));
  return Uint32Array.from(rows, (index) => palette.readUIntBE(index * 3, 3));
}

/** The most frequent colors that differ clearly, then the most frequent of the others. */
function chosen(colors: number[]): number[] {
  const palette: number[] = [];
  for (const color of colors) {
    if (palette.length < MOST && palette.every((other) => distance(other, color) > APART)) palette.push(color);
  }
  const known = new Set(palette);
  return [...palette, ...colors.filter((color) => !known.has(color)).slice(0, MOST - palette.length)];
}

function nearest(palette: number[], color: number): number {
  let best = 0;
  for (let at = 1; at < palette.length; at++) {
    if (distance(palette[at], color) < distance(palette[best], color)) best = at;
  }
  return best;
}

function parts(color: number): number[] {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

function distance(a: number, b: number): number {
  const [red, green, blue] = [(a >> 16) - (b >> 16), ((a >> 8) & 255) - ((b >> 8) & 255), (a & 255) - (b & 255)];
  return red * red + green * green + blue * blue;
}

/** Width, height and the pixels as numbers 0xRRGGBB (PNG specification, sections 9 and 11). */
function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const bytes = { 2: 3, 6: 4 }[png[25]];
  if (!bytes || png[24] !== 8 || png[28] !== 0) throw new Error("only PNGs of 8-bit RGB or RGBA, not interlaced, can be read");
  const lines = inflateSync(chunks(png, "IDAT"));
  const pixels = new Uint32Array(width * height);
  const length = width * bytes;
  let above = Buffer.alloc(length);
  for (let y = 0; y < height; y++) {
    const start = y * (length + 1);
    const line = lines.subarray(start + 1, start + 1 + length);
    for (let x = 0; x < length; x++) {
      const [left, up, corner] = [x < bytes ? 0 : line[x - bytes], above[x], x < bytes ? 0 : above[x - bytes]];
      line[x] += [0, left, up, (left + up) >> 1, paeth(left, up, corner)][lines[start]];
    }
    for (let x = 0; x < width; x++) pixels[y * width + x] = line.readUIntBE(x * bytes, 3);
    above = line;
  }
  return { width, height, pixels };
}

/** The data of all chunks of a name. */
function chunks(png: Buffer, name: string): Buffer {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString("latin1", at + 4, at + 8) === name) data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return Buffer.concat(data);
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

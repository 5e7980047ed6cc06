// Products and links asked of the sandbox without the page, and what a ZIP of them holds.

import { inflateRawSync } from "node:zlib";

import { rows } from "./archive";

/** Sources for which a column such as `has_rvs` says that there is a product, by falling or rising identifier. */
export async function having(address: string, flag: string, count: number, order = "ASC"): Promise<string[]> {
  const adql = `SELECT TOP ${count} source_id FROM gaiadr3.gaia_source WHERE ${flag} = 't' ORDER BY source_id ${order}`;
  return (await rows(address, adql)).map(([id]) => id);
}

/** Sources of which a column such as `has_rvs` says that there is none. */
export async function lacking(address: string, flag: string, count: number): Promise<string[]> {
  const adql = `SELECT TOP ${count} source_id FROM gaiadr3.gaia_source WHERE ${flag} = 'f' ORDER BY source_id`;
  return (await rows(address, adql)).map(([id]) => id);
}

/** The files of an answer of `/data`, by name, as an independent client gets them. */
export async function products(address: string, parameters: Record<string, string>): Promise<Map<string, Buffer>> {
  const answer = await fetch(new URL("sandbox/data-server/data", address), {
    method: "POST",
    body: new URLSearchParams({ RELEASE: "Gaia DR3", USE_ZIP_ALWAYS: "true", ...parameters }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${(await answer.text()).slice(0, 400)}`);
  return unzip(Buffer.from(await answer.arrayBuffer()));
}

/** Links as an independent client gets them: source and retrieval type of each. */
export async function links(address: string, id: string): Promise<string[]> {
  const answer = await fetch(new URL("sandbox/data-server/datalink/links", address), {
    method: "POST",
    body: new URLSearchParams({ ID: id, RELEASE: "Gaia DR3" }),
  });
  return linksIn(await answer.text());
}

/** Source and retrieval type of each link in a document of {links}. */
export function linksIn(text: string): string[] {
  const addresses = [...text.matchAll(/<TD>(?:<!\[CDATA\[)?(http[^<\]]*)/g)].map(([, url]) => new URL(url.replaceAll("&amp;", "&")));
  return addresses.map((url) => `${url.searchParams.get("ID")} ${url.searchParams.get("RETRIEVAL_TYPE")}`).sort();
}

/** The files of a ZIP by the directory at its end. */
export function unzip(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const start = bytes.readUInt32LE(at + 42);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(data, data + bytes.readUInt32LE(at + 20));
    const file = bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), file);
    at += 46 + name + extra + comment;
  }
  return files;
}

/** Rows of CSV as lists of text by the names of the columns. */
export function records(csv: Buffer | string): Record<string, string>[] {
  const [head, ...lines] = csv.toString().trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at], cell.replace(/^"|"$/g, "")])));
}

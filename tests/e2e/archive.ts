// The sandbox asked without the page, as a foreign client does: what the tests hold the page's answers against.

/** Rows of a synchronous query as lists of text, without the heading. */
export async function rows(address: string, adql: string): Promise<string[][]> {
  const lines = (await sync(address, adql, "csv")).trim().split(/\r?\n/).slice(1);
  return lines.map((line) => line.split(",").map((cell) => cell.replace(/^"|"$/g, "")));
}

/** The document that a synchronous query gives in `format`. */
export async function sync(address: string, adql: string, format: string): Promise<string> {
  const answer = await fetch(new URL("sandbox/tap-server/tap/sync", address), {
    method: "POST",
    body: new URLSearchParams({ REQUEST: "doQuery", LANG: "ADQL", FORMAT: format, QUERY: adql }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} for ${adql}: ${text.slice(0, 400)}`);
  return text;
}

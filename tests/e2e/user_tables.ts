// Tables of users, asked for and made without the page: what the tests hold the page's doing against.

import type { Session } from "./session";

/** A column as `/tables` describes it. */
export type Column = { name: string; type: string; flags: number; indexed: boolean; ucd: string; utype: string };

/** Names of the tables that `/tables` lists, without the quotes that some need. */
export async function listed(session: Session, filter = "only_tables=true"): Promise<string[]> {
  const document = await session.text(`tap-server/tap/tables?${filter}`);
  const tables = document.matchAll(/<table\b[^>]*>\s*<name>([^<]*)<\/name>/g);
  return [...tables].map((table) => table[1].replaceAll('"', ""));
}

/** The names of a user's own tables, without schema. */
export async function own(session: Session): Promise<string[]> {
  const schema = `user_${session.user}`;
  return (await listed(session, `only_tables=true&schemas=${schema}`)).map((name) => name.replace(`${schema}.`, ""));
}

/** The columns of a table of the user. */
export async function columns(session: Session, table: string): Promise<Column[]> {
  const document = await session.text(`tap-server/tap/tables?tables=user_${session.user}.${table}`);
  const text = (element: string, name: string) => new RegExp(`<${name}[^>]*>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(element)?.[1] ?? "";
  return [...document.matchAll(/<column\b[^>]*?esatapplus:flags="(\d+)"[^>]*>(.*?)<\/column>/gs)].map(([, flags, element]) => ({
    name: text(element, "name"),
    type: text(element, "dataType"),
    // 32 says the same in another way.
    flags: Number(flags) & 31,
    indexed: element.includes("<flag>indexed</flag>"),
    ucd: text(element, "ucd"),
    utype: text(element, "utype"),
  }));
}

/** Makes a table of CSV for the user, in the place of one of this name. */
export async function make(session: Session, name: string, csv: string, description = "") {
  await remove(session, name);
  const form = new FormData();
  form.set("TABLE_NAME", name);
  form.set("TABLE_DESC", description);
  form.set("FORMAT", "CSV");
  form.set("FILE", new Blob([csv], { type: "text/csv" }), `${name}.csv`);
  await good(await session.post("tap-server/Upload", form));
}

/** Removes a table of the user, if there is one of this name. */
export async function remove(session: Session, name: string) {
  const table = `user_${session.user}.${name}`;
  await session.post("tap-server/Upload", { TABLE_NAME: table, DELETE: "TRUE", FORCE_REMOVAL: "TRUE" });
}

/** Rows of a query by the user, without the heading. */
export async function query(session: Session, adql: string): Promise<string[]> {
  const form = { REQUEST: "doQuery", LANG: "ADQL", FORMAT: "csv", QUERY: adql };
  const text = await good(await session.post("tap-server/tap/sync", form));
  return text.trim().split(/\r?\n/).slice(1);
}

/** Makes a group and shares a table of the user with it. Gives back what undoes it. */
export async function share(session: Session, table: string, title: string, member = ""): Promise<() => Promise<void>> {
  const group = await act(session, { action: "CreateOrUpdateGroup", title, description: "", users_list: member });
  const item = await act(session, {
    action: "CreateOrUpdateItem",
    resource_type: "0",
    title: `user_${session.user}.${table}`,
    description: "",
    items_list: `${group}|Group|Read`,
  });
  return async () => {
    await session.post("tap-server/tap/share", { action: "RemoveItem", resource_id: item, resource_type: "0" });
    await session.post("tap-server/tap/share", { action: "RemoveGroup", group_id: group });
  };
}

/** Does something with groups and shares; gives the identifier that the answer names. */
async function act(session: Session, form: Record<string, string>): Promise<string> {
  const text = await good(await session.post("tap-server/tap/share", form));
  return /'([^']+)'/.exec(text)?.[1] ?? "";
}

async function good(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}: ${text.slice(0, 400)}`);
  return text;
}

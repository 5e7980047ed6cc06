// What "Show the command" shows is run, unchanged, and gives what the page itself gives: curl in a shell, astroquery and pyVO in
// Python. A row of the table for each action.

import { type App } from "../app";
import { sync } from "../archive";
import { expect, test } from "../fixtures";
import { PYTHON, Tools } from "../tools";

type Tool = "curl" | "astroquery" | "pyVO";
const TOOLS: Tool[] = ["curl", "astroquery", "pyVO"];

type Action = {
  name: string;
  /** Who is signed in, in the page and in the tools. */
  user?: string;
  /** Why a tool cannot do it, as the page says. */
  not?: Partial<Record<Tool, RegExp>>;
  /** Does the action in the page, opens the dialog, and gives what each tool must print too. */
  open: (app: App, tools: Tools) => Promise<string[]>;
};

const ADQL = "SELECT TOP 3 source_id, ra, dec\nFROM gaiadr3.gaia_source -- it's \"quoted\"\nWHERE ra > 100 ORDER BY source_id";

const ACTIONS: Action[] = [
  { name: "a synchronous query", open: (app) => query(app, "Synchronous", ADQL) },
  { name: "an asynchronous query", open: (app) => query(app, "Asynchronous", ADQL) },
  { name: "a synchronous query of a user", user: "demo", open: (app) => query(app, "Synchronous", ADQL) },
  { name: "an asynchronous query of a user", user: "demo", open: (app) => query(app, "Asynchronous", ADQL) },
  { name: "a query with an upload", open: (app, tools) => upload(app, tools, "Synchronous") },
  { name: "a job with an upload", open: (app, tools) => upload(app, tools, "Asynchronous") },
];

for (const { name, user, not, open } of ACTIONS) {
  test(`the commands of ${name} do what the page does`, async ({ app, page, address }) => {
    test.skip(!PYTHON, "PARALLAX_PYTHON names no interpreter");
    test.slow();
    const tools = new Tools(address, user);
    try {
      await app.open();
      if (user) {
        await app.signIn(user);
        await tools.signIn();
      }
      const expected = await open(app, tools);
      const dialog = page.getByRole("dialog", { name: / as a command$/ });
      for (const tool of TOOLS) {
        await dialog.getByRole("tab", { name: tool, exact: true }).click();
        if (not?.[tool]) {
          await expect(dialog).toContainText(not[tool]);
          continue;
        }
        const command = (await dialog.getByLabel("Command", { exact: true }).textContent())!;
        expect(command).toContain(address);
        expect(command, "what is not for everybody").not.toMatch(/\/gw\/|SESSION(ID)?=\w|password=(?!\$)/);
        const output = tool === "curl" ? await tools.shell(command) : await tools.python(command);
        for (const text of expected) expect(output, `${tool} prints something else after\n${command}`).toContain(text);
      }
    } finally {
      tools.remove();
    }
  });
}

/** Runs a query and shows its command. Each row of the result begins with an identifier. */
async function query(app: App, mode: "Synchronous" | "Asynchronous", adql: string): Promise<string[]> {
  await app.run(adql, mode);
  await app.expectVerdict("3 rows, complete");
  const identifiers = [];
  for (const row of [2, 3, 4]) identifiers.push((await app.cells(row))[0]);
  await app.page.getByRole("button", { name: "Show the command" }).click();
  return identifiers;
}

/** The same for a query on a table that goes along. */
async function upload(app: App, tools: Tools, mode: "Synchronous" | "Asynchronous"): Promise<string[]> {
  const table = await sync(app.address, ADQL, "votable_plain");
  tools.put("mine.vot", table);
  await app.attach("mine.vot", "application/x-votable+xml", table);
  return query(app, mode, "SELECT source_id, ra FROM tap_upload.mine ORDER BY source_id DESC");
}

// The actions whose commands are shown, and run by `specs/commands.spec.ts`: those that ask are held against what the page shows,
// those that change against the archive. An action that is added needs a row here.

import { type App } from "./app";
import { rows, sync } from "./archive";
import { DataLink } from "./datalink";
import { expect, type Page } from "./fixtures";
import { list, look, make as makeJob, unique } from "./jobs";
import { having } from "./products";
import { type Session } from "./session";
import { type Tools } from "./tools";
import { columns, make, own, remove, share } from "./user_tables";

/** What `open` made, for `done`. */
let remembered = "";

type Tool = "curl" | "astroquery" | "pyVO";

export type Stage = { app: App; page: Page; address: string; tools: Tools; session: Session };

type Action = {
  name: string;
  /** Whether the user demo is signed in, in the page and in the tools. */
  signedIn?: boolean;
  /** Tools that cannot do it; the page says why. */
  not?: Tool[];
  /** Tools that can do a part of it; a comment says what they cannot. */
  partly?: Tool[];
  /** Opens the dialog, and gives what each tool must print. */
  open: (stage: Stage) => Promise<string[]>;
  /** That the archive is now as it should be. Such an action is done anew for each tool. */
  done?: (stage: Stage) => Promise<void>;
};

const ADQL = "SELECT TOP 3 source_id, ra, dec\nFROM gaiadr3.gaia_source -- it's \"quoted\"\nWHERE ra > 100 ORDER BY source_id";
const CSV = "id,ra,dec,g\n1,10,20,12.5\n2,11,21,13.5\n";
/** A name of a table that only this run has. */
const TABLE = "commands_table";

export const ACTIONS: Action[] = [
  { name: "a synchronous query", open: ({ app }) => query(app, "Synchronous", ADQL) },
  { name: "an asynchronous query", open: ({ app }) => query(app, "Asynchronous", ADQL) },
  { name: "a synchronous query of a user", signedIn: true, open: ({ app }) => query(app, "Synchronous", ADQL) },
  { name: "an asynchronous query of a user", signedIn: true, open: ({ app }) => query(app, "Asynchronous", ADQL) },
  { name: "a query with an upload", open: (stage) => upload(stage, "Synchronous") },
  { name: "a job with an upload", open: (stage) => upload(stage, "Asynchronous") },
  {
    name: "signing in",
    open: async ({ page }) => {
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Sign in" });
      await dialog.getByRole("textbox", { name: "User name" }).fill("demo");
      await showCommand(page, "Sign in");
      return [];
    },
  },
  {
    name: "the list of jobs",
    signedIn: true,
    not: ["pyVO"],
    open: async ({ app, page, address, session }) => {
      const id = await makeJob(address, ADQL, { JOBNAME: unique("listed") }, session);
      await app.go("Jobs");
      await page.getByRole("region", { name: "Jobs" }).getByRole("button", { name: "Show the command" }).first().click();
      return [id];
    },
  },
  {
    name: "the result of a job",
    signedIn: true,
    open: async (stage) => {
      await job(stage);
      await part(stage.page, "Job").getByRole("button", { name: "Show the command" }).click();
      return (await rows(stage.address, ADQL)).map(([id]) => id);
    },
  },
  {
    name: "the deletion of a job",
    signedIn: true,
    open: async (stage) => {
      remembered = await job(stage);
      await part(stage.page, "Job").getByRole("button", { name: "Delete", exact: true }).click();
      await showCommand(stage.page, "Delete this job?");
      return [];
    },
    done: async ({ address, session }) => expect(await look(address, remembered, session)).toBeUndefined(),
  },
  {
    name: "the deletion of several jobs",
    signedIn: true,
    not: ["pyVO"],
    open: async ({ app, page, address, session }) => {
      remembered = unique("several");
      for (const number of [1, 2]) {
        const id = await makeJob(address, ADQL, { JOBNAME: `${remembered} ${number}` }, session);
        await expect.poll(async () => (await look(address, id, session))?.phase).toBe("COMPLETED");
      }
      await app.go("Jobs");
      for (const number of [1, 2]) await page.getByRole("checkbox", { name: `Choose ${remembered} ${number}` }).check();
      await page.getByRole("group", { name: "Chosen jobs" }).getByRole("button", { name: "Show the command" }).click();
      return [];
    },
    done: async ({ address, session }) => {
      expect((await list(address, "async", session)).filter(({ name }) => name.startsWith(remembered))).toEqual([]);
    },
  },
  {
    name: "the list of user tables",
    signedIn: true,
    open: async ({ app, page, session }) => {
      await make(session, TABLE, CSV);
      await app.go("User tables");
      await expect(app.tableLine(`user_demo.${TABLE}`)).toBeVisible();
      await app.userTables.getByRole("button", { name: "Show the command" }).last().click();
      await expect(page.getByRole("dialog", { name: / as a command$/ })).toBeVisible();
      return [TABLE];
    },
  },
  {
    name: "the upload of a table",
    signedIn: true,
    not: ["pyVO"],
    open: async ({ app, page, session, tools }) => {
      await remove(session, TABLE);
      await app.go("User tables");
      const dialog = await app.openUpload();
      await app.giveFile(`${TABLE}.csv`, "text/csv", CSV);
      await expect(dialog.getByText("2 rows, 4 columns")).toBeVisible();
      await dialog.getByLabel("Sent as").selectOption("CSV");
      await dialog.getByLabel("Name", { exact: true }).fill(TABLE);
      tools.put(`${TABLE}.csv`, CSV);
      await showCommand(page, "New table");
      return [];
    },
    done: async ({ session }) => expect(await own(session)).toContain(TABLE),
  },
  {
    name: "the deletion of a table",
    signedIn: true,
    not: ["pyVO"],
    open: async (stage) => {
      await table(stage);
      await stage.page.getByRole("button", { name: "Delete", exact: true }).click();
      await showCommand(stage.page, `Delete user_demo.${TABLE}?`);
      return [];
    },
    done: async ({ session }) => expect(await own(session)).not.toContain(TABLE),
  },
  {
    name: "the meaning of columns",
    signedIn: true,
    not: ["pyVO"],
    open: async (stage) => {
      await table(stage);
      await stage.page.getByRole("button", { name: "Edit columns" }).click();
      await stage.page.getByLabel("What g means").selectOption("Mag");
      await part(stage.page, "Table").getByRole("button", { name: "Show the command" }).last().click();
      return [];
    },
    done: async ({ session }) => expect((await columns(session, TABLE)).find(({ name }) => name === "g")?.flags).toBe(8),
  },
  {
    name: "another name of a table",
    signedIn: true,
    not: ["pyVO"],
    open: async (stage) => {
      await remove(stage.session, `${TABLE}_2`);
      await table(stage);
      await stage.page.getByRole("button", { name: "Rename" }).click();
      const dialog = stage.page.getByRole("dialog", { name: `Rename user_demo.${TABLE}` });
      await dialog.getByLabel("New name").fill(`${TABLE}_2`);
      await showCommand(stage.page, `Rename user_demo.${TABLE}`);
      return [];
    },
    done: async ({ session }) => {
      expect(await own(session)).toContain(`${TABLE}_2`);
      await remove(session, `${TABLE}_2`);
    },
  },
  {
    name: "the lists of sharing",
    signedIn: true,
    partly: ["pyVO"],
    open: async ({ app, page, session }) => {
      const title = unique("group");
      await session.post("tap-server/tap/share", { action: "CreateOrUpdateGroup", title, description: "", users_list: "" });
      await app.go("Sharing");
      await expect(page.getByText(title)).toBeVisible();
      await page.getByRole("main").getByRole("button", { name: "Show the command" }).first().click();
      return [title];
    },
  },
  {
    name: "notifications",
    signedIn: true,
    not: ["pyVO"],
    open: async ({ app, page }) => {
      await app.go("Notifications");
      await page.getByRole("main").getByRole("button", { name: "Show the command" }).first().click();
      return [];
    },
  },
  {
    name: "a cross-match",
    signedIn: true,
    open: async (stage) => {
      await remove(stage.session, `${TABLE}_pairs`);
      await table(stage);
      await part(stage.page, "Table").getByRole("button", { name: "Cross-match" }).click();
      const dialog = stage.page.getByRole("dialog", { name: "Cross-match" });
      await dialog.getByLabel("Name of the new table").fill(`${TABLE}_pairs`);
      await showCommand(stage.page, "Cross-match");
      return [];
    },
    done: async ({ session }) => {
      expect(await own(session)).toContain(`${TABLE}_pairs`);
      await remove(session, `${TABLE}_pairs`);
    },
  },
  {
    name: "a new group",
    signedIn: true,
    not: ["pyVO"],
    open: async ({ app, page }) => {
      remembered = unique("owls");
      await app.go("Sharing");
      await page.getByRole("button", { name: "New group" }).click();
      await page.getByRole("dialog", { name: "New group" }).getByRole("textbox", { name: "Title" }).fill(remembered);
      await showCommand(page, "New group");
      return [];
    },
    done: async ({ session }) => expect(await session.text("tap-server/tap/share?action=GetGroups")).toContain(remembered),
  },
  {
    name: "sharing a table",
    signedIn: true,
    not: ["pyVO"],
    open: async ({ app, page, session }) => {
      const title = unique("pupils");
      await make(session, TABLE, CSV);
      await session.post("tap-server/tap/share", { action: "CreateOrUpdateGroup", title, description: "", users_list: "student" });
      await app.go("Sharing");
      await page.getByRole("tab", { name: /^Shared by me/ }).click();
      await page.getByRole("combobox", { name: "One of your tables" }).selectOption(`user_demo.${TABLE}`);
      await page.getByRole("button", { name: "Share table" }).click();
      const dialog = page.getByRole("dialog", { name: `Share user_demo.${TABLE}` });
      await dialog.getByRole("combobox", { name: "Group" }).selectOption(title);
      await dialog.getByRole("button", { name: "Add group" }).click();
      await showCommand(page, `Share user_demo.${TABLE}`);
      return [];
    },
    done: async ({ session }) => {
      expect(await session.text("tap-server/tap/share?action=GetSharedItems")).toContain(TABLE);
      await remove(session, TABLE);
    },
  },
  {
    name: "sharing no longer",
    signedIn: true,
    not: ["pyVO"],
    open: async (stage) => {
      const { app, page, session } = stage;
      await make(session, TABLE, CSV);
      await share(session, TABLE, unique("pupils"));
      await app.go("Sharing");
      await page.getByRole("tab", { name: /^Shared by me/ }).click();
      await page.getByRole("button", { name: `Stop sharing user_demo.${TABLE}` }).click();
      await showCommand(page, `Stop sharing user_demo.${TABLE}?`);
      return [];
    },
    done: async ({ session }) => {
      expect(await session.text("tap-server/tap/share?action=GetSharedItems")).not.toContain(TABLE);
      await remove(session, TABLE);
    },
  },
  {
    name: "the links of a source",
    not: ["astroquery"],
    open: async ({ app, page, address }) => {
      const [id] = await having(address, "has_epoch_photometry", 1);
      const datalink = new DataLink(page);
      await app.go("DataLink");
      await datalink.ids.fill(id);
      await page.getByRole("button", { name: "Show the command" }).first().click();
      return ["RETRIEVAL_TYPE=EPOCH_PHOTOMETRY"];
    },
  },
  {
    name: "the products of a source",
    not: ["pyVO"],
    open: async ({ app, page, address }) => {
      const [id] = await having(address, "has_epoch_photometry", 1);
      const datalink = new DataLink(page);
      await app.go("DataLink");
      await datalink.ids.fill(id);
      await datalink.types("EPOCH_PHOTOMETRY");
      await page.getByRole("tab", { name: "Products" }).click();
      await page.getByRole("main").getByRole("button", { name: "Show the command" }).click();
      return [`EPOCH_PHOTOMETRY-Gaia DR3 ${id}`];
    },
  },
  {
    name: "the search for services",
    not: ["astroquery", "pyVO"],
    open: async ({ app, page }) => {
      await app.go("Service search");
      const words = page.getByRole("searchbox", { name: "Words in tables" });
      await words.fill("table3");
      await words.press("Enter");
      await expect(page.getByRole("list", { name: "Found tables" }).getByRole("listitem").first()).toBeVisible();
      await page.getByRole("main").getByRole("button", { name: "Show the command" }).first().click();
      return ["table3"];
    },
  },
  {
    name: "a query on another service",
    not: ["astroquery", "pyVO"],
    open: async ({ app, page, address }) => {
      await app.open(`#/service-search?v=1&service=${encodeURIComponent("http://neighbour.sandbox/tap-server/tap")}`);
      await app.write(ADQL);
      await app.mode("Synchronous");
      await page.getByRole("main").getByRole("button", { name: "Show the command" }).last().click();
      return (await rows(address, ADQL)).map(([id]) => id);
    },
  },
];

/** Presses `Show the command` in an open dialog. */
async function showCommand(page: Page, dialog: string) {
  await page.getByRole("dialog", { name: dialog }).getByRole("button", { name: "Show the command" }).click();
}

function part(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true });
}

/** Runs a query and shows its command. Each row of the result begins with an identifier. */
async function query(app: App, mode: "Synchronous" | "Asynchronous", adql: string): Promise<string[]> {
  await app.run(adql, mode);
  await app.expectVerdict("3 rows, complete");
  const identifiers = [];
  for (const row of [2, 3, 4]) identifiers.push((await app.cells(row))[0]);
  await app.page.getByRole("button", { name: "Show the command" }).first().click();
  return identifiers;
}

/** The same for a query on a table that goes along. */
async function upload({ app, address, tools }: Stage, mode: "Synchronous" | "Asynchronous"): Promise<string[]> {
  const table = await sync(address, ADQL, "votable_plain");
  tools.put("mine.vot", table);
  await app.attach("mine.vot", "application/x-votable+xml", table);
  return query(app, mode, "SELECT source_id, ra FROM tap_upload.mine ORDER BY source_id DESC");
}

/** Makes a job of the user and shows it. */
async function job({ app, page, address, session }: Stage): Promise<string> {
  const name = unique("job");
  const id = await makeJob(address, ADQL, { JOBNAME: name, FORMAT: "votable" }, session);
  await expect.poll(async () => (await look(address, id, session))?.phase).toBe("COMPLETED");
  await app.go("Jobs");
  await app.jobs(name).getByRole("link").first().click();
  await expect(part(page, "Job")).toContainText(/completed/i);
  return id;
}

/** Makes a table of the user and shows it. */
async function table({ app, session }: Stage) {
  await make(session, TABLE, CSV);
  await app.go("User tables");
  await app.openTable(TABLE);
}

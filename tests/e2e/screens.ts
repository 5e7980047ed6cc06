// Every view and dialog with the content that a person would have in it: what axe looks at, and what the pictures in the
// documentation show. A view that is added needs a row here.

import { type App } from "./app";
import { rows } from "./archive";
import { DataLink } from "./datalink";
import { expect } from "./fixtures";
import { list, look, make as makeJob, unique } from "./jobs";
import { having } from "./products";
import { signIn } from "./session";
import { make } from "./user_tables";

export type Screen = {
  /** Name of its picture. */
  name: string;
  /** What it shows. */
  title: string;
  /** Whether somebody is signed in. */
  signedIn?: boolean;
  /** Whether it is only looked at by axe: questions and small forms. */
  unpictured?: boolean;
  /** Brings it on a page that was just opened. */
  show: (app: App) => Promise<void>;
};

const QUERY = `SELECT TOP 200 source_id, ra, dec, parallax, pmra, pmdec, phot_g_mean_mag, bp_rp
FROM gaiadr3.gaia_source
WHERE 1 = CONTAINS(POINT(ra, dec), CIRCLE(56.75, 24.12, 2.0))
  AND pmra BETWEEN 14 AND 26 AND pmdec BETWEEN -51 AND -39
ORDER BY phot_g_mean_mag`;

const CLOUD = "SELECT source_id, ra, dec, parallax, pmra, pmdec, phot_g_mean_mag, bp_rp FROM gaiadr3.gaia_source WHERE parallax > 2";

export const SCREENS: Screen[] = [
  {
    name: "query",
    title: "Query: schema tree, editor, result",
    show: async (app) => {
      await app.run(QUERY, "Synchronous");
      await app.expectVerdict(/rows, complete/);
    },
  },
  {
    name: "query-error",
    title: "Query: an error of the archive, marked at its place",
    show: async (app) => {
      await app.run(QUERY.replace("bp_rp\n", "bp_rpp\n"), "Synchronous");
      await expect(app.marked.first()).toBeVisible();
    },
  },
  {
    name: "command",
    title: "A query as a command of other tools",
    show: async (app) => {
      await app.write(QUERY);
      // Nothing comes of it before the page knows its archive.
      await expect(app.page.getByRole("treeitem", { includeHidden: true }).first()).toBeAttached();
      await app.page.getByRole("button", { name: "Show the command" }).click();
      await expect(app.page.getByLabel("Command", { exact: true })).toBeVisible();
    },
  },
  {
    name: "schema",
    title: "Schema: a table and its columns",
    show: async (app) => {
      await app.open("#/schema?table=gaiadr3.gaia_source");
      await expect(app.page.getByRole("main").getByText("phot_g_mean_mag", { exact: true }).first()).toBeVisible();
    },
  },
  {
    name: "jobs",
    title: "Jobs: those of this browser and of the archive's list",
    signedIn: true,
    show: async (app) => {
      const session = await signIn(app.address);
      for (const job of await list(app.address, "async", session)) await session.post("tap-server/tap/deletejobs", { JOB_IDS: job.id });
      for (const [name, adql] of [["Nearby stars", CLOUD], ["Pleiades", QUERY]]) {
        const id = await makeJob(app.address, adql, { JOBNAME: name }, session);
        await expect.poll(async () => (await look(app.address, id, session))?.phase).toBe("COMPLETED");
      }
      await app.go("Jobs");
      await expect(app.jobs(/completed/i).nth(1)).toBeVisible();
      await app.jobs("Pleiades").first().getByRole("link").first().click();
      await expect(app.page.getByRole("region", { name: "Job", exact: true })).toContainText(/completed/i);
    },
  },
  {
    name: "results",
    title: "Results: a table and a picture of it",
    show: async (app) => {
      await cloud(app);
      await app.go("Results");
      await drawn(app);
    },
  },
  {
    name: "user-tables",
    title: "User tables: the list and one of them",
    signedIn: true,
    show: async (app) => {
      await app.go("User tables");
      await app.openTable("pleiades");
    },
  },
  {
    name: "upload",
    title: "A table to be uploaded, as it was understood",
    signedIn: true,
    show: async (app) => {
      await app.go("User tables");
      const dialog = await app.openUpload();
      await app.giveFile("targets.csv", "text/csv", "name,ra,dec\nAlcyone,56.871,24.105\nAtlas,57.291,24.053\nElectra,56.219,24.113\n");
      await expect(dialog.getByText("3 rows, 3 columns")).toBeVisible();
    },
  },
  {
    name: "sharing",
    title: "Sharing: groups and their members",
    signedIn: true,
    show: async (app) => {
      await app.go("Sharing");
      await expect(app.page.getByText("Astronomy course").first()).toBeVisible();
    },
  },
  {
    name: "notifications",
    title: "Notifications",
    signedIn: true,
    show: async (app) => {
      await app.go("Notifications");
      await expect(app.page.getByRole("list", { name: "Notifications" }).getByRole("listitem").first()).toBeVisible();
    },
  },
  {
    name: "service-search",
    title: "Service search: tables of other services, and a query sent on to one",
    show: async (app) => {
      await app.go("Service search");
      await app.page.getByRole("searchbox", { name: "Words in tables" }).fill("gaia");
      await app.page.getByRole("searchbox", { name: "Words in tables" }).press("Enter");
      await expect(app.page.getByRole("list", { name: "Found tables" }).getByRole("listitem").first()).toBeVisible();
    },
  },
  {
    name: "datalink",
    title: "DataLink: products of a star, and its light curve",
    show: async (app) => {
      const [id] = await having(app.address, "has_epoch_photometry", 1);
      const datalink = new DataLink(app.page);
      await app.go("DataLink");
      await datalink.ids.fill(id);
      await datalink.types("EPOCH_PHOTOMETRY");
      await datalink.get("1 got, 0 missing, 0 failed");
      await datalink.draw("EPOCH_PHOTOMETRY", id).click();
      await expect(datalink.picture.getByRole("img").first()).toHaveAttribute("aria-label", /observations/);
    },
  },
  {
    name: "datalink-links",
    title: "DataLink: links of sources",
    unpictured: true,
    show: async (app) => {
      const datalink = new DataLink(app.page);
      await app.go("DataLink");
      await datalink.ids.fill((await having(app.address, "has_epoch_photometry", 2)).join(" "));
      await datalink.findLinks.click();
      await expect(datalink.links.getByRole("row").nth(2)).toBeVisible();
    },
  },
  {
    name: "service-result",
    title: "A query on another service, and its result",
    unpictured: true,
    show: async (app) => {
      await app.go("Service search");
      await app.page.getByRole("textbox", { name: "Address of the TAP service" }).fill("http://neighbour.sandbox/tap-server/tap");
      await app.write("SELECT TOP 3 source_id, ra FROM gaiadr3.gaia_source");
      await app.runButton.click();
      await app.expectVerdict("3 rows, complete");
    },
  },
  {
    name: "sign-in",
    title: "The dialog for signing in",
    show: async (app) => {
      await app.page.getByRole("button", { name: "Sign in", exact: true }).click();
      await expect(app.page.getByRole("dialog", { name: "Sign in" })).toBeVisible();
    },
  },
  {
    name: "cone-search",
    title: "Cone search",
    unpictured: true,
    show: async (app) => {
      await app.page.getByRole("button", { name: "Cone search" }).click();
      await expect(app.page.getByRole("dialog", { name: "Cone search" })).toBeVisible();
    },
  },
  {
    name: "job-deletion",
    title: "The question before a job is deleted",
    signedIn: true,
    unpictured: true,
    show: async (app) => {
      const session = await signIn(app.address);
      const id = await makeJob(app.address, QUERY, { JOBNAME: "Doomed" }, session);
      await expect.poll(async () => (await look(app.address, id, session))?.phase).toBe("COMPLETED");
      await app.go("Jobs");
      await app.jobs("Doomed").first().getByRole("link").first().click();
      await app.page.getByRole("region", { name: "Job", exact: true }).getByRole("button", { name: "Delete", exact: true }).click();
      await expect(app.page.getByRole("dialog", { name: "Delete this job?" })).toBeVisible();
    },
  },
  {
    name: "jobs-deletion",
    title: "Chosen jobs, and the question before they are deleted",
    signedIn: true,
    unpictured: true,
    show: async (app) => {
      const name = unique("Doomed");
      await makeJob(app.address, QUERY, { JOBNAME: name }, await signIn(app.address));
      await app.go("Jobs");
      await app.jobs(name).getByRole("checkbox").check();
      await app.page.getByRole("button", { name: "Delete 1 job", exact: true }).click();
      await expect(app.page.getByRole("dialog", { name: "Delete 1 job?" })).toBeVisible();
    },
  },
  ...(["Rename", "Delete", "Cross-match", "Share"] as const).map((name) => ({
    name: `table-${name.toLowerCase()}`,
    title: `${name} of a table`,
    signedIn: true,
    unpictured: true,
    show: async (app: App) => {
      await app.go("User tables");
      await app.openTable("pleiades");
      await app.page.getByRole("region", { name: "Table", exact: true }).getByRole("button", { name, exact: true }).click();
      await expect(app.page.getByRole("dialog", { name: new RegExp(name) })).toBeVisible();
    },
  })),
  {
    name: "column-edits",
    title: "Columns of a table being changed",
    signedIn: true,
    unpictured: true,
    show: async (app) => {
      await app.go("User tables");
      await app.openTable("pleiades");
      await app.page.getByRole("button", { name: "Edit columns" }).click();
      await expect(app.page.getByRole("button", { name: /^Save changes/ })).toBeVisible();
    },
  },
  {
    name: "new-group",
    title: "A new group",
    signedIn: true,
    unpictured: true,
    show: async (app) => {
      await app.go("Sharing");
      await app.page.getByRole("button", { name: "New group" }).click();
      await expect(app.page.getByRole("dialog", { name: "New group" })).toBeVisible();
    },
  },
  {
    name: "group-deletion",
    title: "The question before a group is deleted",
    signedIn: true,
    unpictured: true,
    show: async (app) => {
      await app.go("Sharing");
      await app.page.getByRole("button", { name: "Delete Astronomy course" }).click();
      await expect(app.page.getByRole("dialog", { name: /^Delete the group/ })).toBeVisible();
    },
  },
  {
    name: "about",
    title: "About: availability, limits, versions",
    show: async (app) => {
      await app.go("About");
      await expect(app.page.getByText("Rows at most")).toBeVisible();
    },
  },
];

/** A result that fills a picture. */
async function cloud(app: App) {
  await app.run(CLOUD, "Asynchronous");
  await app.expectVerdict(/rows, complete/, 60_000);
}

async function drawn(app: App) {
  await app.page.getByRole("tab", { name: "Picture" }).click();
  await expect(app.page.getByRole("status").filter({ hasText: /drawn/ })).toBeVisible({ timeout: 30_000 });
}

/** Gives the user demo a table, a group, and something to be told of. Done twice it changes nothing more. */
export async function furnish(address: string) {
  const [demo, teacher] = [await signIn(address, "demo"), await signIn(address, "teacher")];
  if (/Astronomy course/.test(await demo.text("tap-server/tap/share?action=GetGroups"))) return;
  const members = await rows(address, QUERY.replace("TOP 200", "TOP 40"));
  const csv = ["source_id,ra,dec,parallax,pmra,pmdec,phot_g_mean_mag,bp_rp", ...members.map((row) => row.join(","))].join("\n");
  await make(demo, "pleiades", csv, "Members of the Pleiades by position and proper motion");
  await make(demo, "targets", csv.split("\n").slice(0, 6).join("\n"), "For the next observing run");
  await make(teacher, "exercise_1", csv, "The cluster of the first exercise");
  const share = (form: Record<string, string>) => ["tap-server/tap/share", form] as const;
  await demo.post(...share({ action: "CreateOrUpdateGroup", title: "Astronomy course", description: "Second year", users_list: "student,teacher" }));
  const made = await teacher.post(...share({ action: "CreateOrUpdateGroup", title: "Exercises", description: "", users_list: "demo,student" }));
  const group = /'([^']+)'/.exec(await made.text())![1];
  const item = { resource_type: "0", title: "user_teacher.exercise_1", description: "For Thursday", items_list: `${group}|Group|Read` };
  await teacher.post(...share({ action: "CreateOrUpdateItem", ...item }));
}

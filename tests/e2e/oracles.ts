// What must hold after any fault, whatever it was: the text of the editor and the journal of jobs outlive a reload, nothing that
// a service leaked is kept or shown, and the message says what happened, what was kept, and what to do next. Unhandled
// rejections and page errors fail every test by way of `fixtures.ts`.

import AxeBuilder from "@axe-core/playwright";

import { type App } from "./app";
import { expect, type Locator, type Page } from "./fixtures";

/** The three things that a message says. */
export type Message = { happened: RegExp; kept: RegExp; next: RegExp };

/** A record of the journal, as far as it never changes. */
type Entry = { key: string; archive: string; adql: string; path: string | null };

/** What the sandbox's faults leak, and what no answer of an archive should leave in the page. */
const SECRETS = /JSESSIONID|0123456789ABCDEF|192\.0\.2\.17|\.java:\d|hunter2/;

/** The element says the three things. */
export async function expectMessage(where: Locator, { happened, kept, next }: Message) {
  await expect(where).toBeVisible();
  for (const part of [happened, kept, next]) await expect(where).toContainText(part);
}

/** No rule of axe is violated, and nothing is wider than the window at 200 % zoom. */
export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`));
  expect(found).toEqual([]);
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: size.width / 2, height: size.height / 2 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, "at 200 % zoom the page is wider than the window").toBeLessThanOrEqual(0);
  await page.setViewportSize(size);
}

/** Nothing is lost: the editor's text, the journal's records, also after a reload; and no secret is kept or shown. */
export async function expectNothingLost(app: App, adql: string) {
  const { page } = app;
  const before = await journal(page);
  expect(await page.locator("body").innerText()).not.toMatch(SECRETS);
  expect(await kept(page)).not.toMatch(SECRETS);

  await app.go("Query");
  expect(await text(app)).toBe(adql);
  await page.reload();
  await app.open("#/query");
  await expect.poll(() => text(app)).toBe(adql);

  const after = await journal(page);
  for (const entry of before) {
    const found = after.find((other) => other.key === entry.key);
    expect(found, "a record of the journal is gone").toMatchObject({ archive: entry.archive, adql: entry.adql });
    if (entry.path) expect(found!.path).toBe(entry.path);
  }
  await app.go("Jobs");
  await expect.poll(() => app.jobs(/./).count()).toBeGreaterThanOrEqual(after.length);
}

async function text(app: App): Promise<string> {
  return (await app.editor.locator(".cm-line").allInnerTexts()).map((line) => line.replace(/\n$/, "")).join("\n");
}

/** The journal as the browser keeps it. */
export async function journal(page: Page): Promise<Entry[]> {
  const texts = await stored(page, "journal");
  return texts.map((text) => JSON.parse(text)).map(({ key, archive, adql, path }) => ({ key, archive, adql, path }));
}

/** Everything that the page keeps in this browser. */
async function kept(page: Page): Promise<string> {
  const session = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  return [session, ...(await stored(page, "journal")), ...(await stored(page, "settings"))].join("\n");
}

function stored(page: Page, store: string): Promise<string[]> {
  return page.evaluate(
    (store) =>
      new Promise<string[]>((done, failed) => {
        const opening = indexedDB.open("parallax");
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const asking = opening.result.transaction(store).objectStore(store).getAll();
          asking.onerror = () => failed(asking.error);
          asking.onsuccess = () => {
            opening.result.close();
            done(asking.result as string[]);
          };
        };
      }),
    store,
  );
}

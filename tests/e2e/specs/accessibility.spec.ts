// axe finds nothing on any view or dialog, empty and full, signed out and signed in, in light and dark, wide and narrow; and
// nothing is wider than the window.

import AxeBuilder from "@axe-core/playwright";

import { type App, VIEWS } from "../app";
import { expect, type Page, test } from "../fixtures";
import { furnish, SCREENS } from "../screens";

// A screen shows an error of the archive, which Chromium logs.
test.use({ provoked: [/Failed to load resource: the server responded with a status of 4\d\d/] });

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 390]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.beforeEach(async ({ app, page, address }) => {
        test.slow();
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: 800 });
        await furnish(address);
        await app.open();
      });

      for (const user of [undefined, "student"]) {
        test(`every view, ${user ? "signed in" : "signed out"}, as it is found at first`, async ({ app, page }) => {
          if (user) await app.signIn(user);
          for (const view of VIEWS) {
            await app.go(view);
            await settled(page);
            await expectNothingFound(page, view);
          }
          if (user) await app.signOut();
        });
      }

      // One visit for all: the same as each alone, and sooner done.
      test("every view and dialog with its content", async ({ app, page }) => {
        test.setTimeout(400_000);
        for (const screen of SCREENS) {
          await test.step(screen.name, async () => {
            await visit(app, screen.signedIn);
            await screen.show(app);
            await settled(page);
            await expectNothingFound(page, screen.name);
          });
        }
      });
    });
  }
}

/** The page as it is opened, with or without a session. */
async function visit(app: App, signedIn = false) {
  await app.open("#/about");
  await app.page.reload();
  const isSignedIn = (await app.signOutButton.count()) > 0;
  if (isSignedIn && !signedIn) await app.signOut();
  if (!isSignedIn && signedIn) await app.signIn("demo");
  await app.open("#/query");
}

/** Nothing is asked for any more. */
async function settled(page: Page) {
  await expect(page.getByText(/^Asking/)).toHaveCount(0);
  await page.waitForTimeout(300);
}

async function expectNothingFound(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${where}: ${id}: ${node.target} ${node.failureSummary}`));
  expect(found).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${where} is wider than the window`).toBeLessThanOrEqual(0);
}

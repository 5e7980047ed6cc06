// Takes a picture of every screen, in light and dark, wide and narrow, into `docs/views/`, with a page that lists them. What is
// different each time (times, identifiers of jobs, the port) is replaced, so that a picture changes only if the page does.

import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { type Page, test } from "../fixtures";
import { smaller } from "../png";
import { furnish, SCREENS } from "../screens";

const FOLDER = resolve(import.meta.dirname, "../../../docs/views");
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

test.use({ provoked: [/Failed to load resource: the server responded with a status of 4\d\d/] });

const PICTURED = SCREENS.filter(({ unpictured }) => !unpictured);

for (const screen of PICTURED) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`${screen.name}, ${size}, ${colorScheme}`, async ({ app, page, address }) => {
        test.slow();
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await furnish(address);
        await app.open();
        if (screen.signedIn) await app.signIn("demo");
        await screen.show(app);
        await steady(page);
        const picture = await page.screenshot({ animations: "disabled" });
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(resolve(FOLDER, `${screen.name}-${size}-${colorScheme}.png`), smaller(picture));
      });
    }
  }
}

test("the list of pictures", () => {
  const entry = ({ name, title }: (typeof SCREENS)[number]) => {
    const picture = (size: string, scheme: string, width: number) =>
      `<img src="${name}-${size}-${scheme}.png" width="${width}" alt="${title}, ${size}, ${scheme}">`;
    const wide = ["light", "dark"].map((scheme) => picture("wide", scheme, 400));
    const narrow = ["light", "dark"].map((scheme) => picture("narrow", scheme, 120));
    return [`## ${title}`, "", ...wide, ...narrow, ""];
  };
  const lines = ["# The views", "", "Made by `cargo xtask pictures` from the built site; the data are those of the sandbox.", "", ...PICTURED.flatMap(entry)];
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(resolve(FOLDER, "README.md"), lines.join("\n").trimEnd() + "\n");
});

/** Waits until nothing moves, takes away what passes by, and replaces what is different each time. */
async function steady(page: Page) {
  await page.waitForTimeout(800);
  for (const close of await page.getByRole("button", { name: "Close message" }).all()) await close.dispatchEvent("click");
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    const changes: [RegExp, string][] = [
      [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "0a1b2c3d-4e5f-11f1-8a9b-0c1d2e3f4a5b"],
      [/[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}:\d{2}\s[AP]M/g, "Nov 21, 2026, 10:00:00 AM"],
      [/\d{1,2}:\d{2}:\d{2}\s[AP]M/g, "10:00:00 AM"],
      [/\d{4}-\d{2}-\d{2}([T ])\d{2}:\d{2}:\d{2}(\.\d+)?/g, "2026-11-21$110:00:00"],
      [/\d{4}-\d{2}-\d{2}/g, "2026-11-21"],
      [/\b(\d+ (s|min|h|days) ago|just now)/g, "just now"],
      [/\b\d+\.\d s\b/g, "0.4 s"],
      [/127\.0\.0\.1:\d+/g, "127.0.0.1:8080"],
    ];
    const steady = (text: string) => changes.reduce((text, [pattern, value]) => text.replace(pattern, value), text);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode as Text;
      if (steady(node.data) !== node.data) node.data = steady(node.data);
    }
    for (const input of document.querySelectorAll<HTMLInputElement>("input[type=text]")) input.value = steady(input.value);
  });
}

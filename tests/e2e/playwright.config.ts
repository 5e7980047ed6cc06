// Browser tests: the built release behind the gateway, in the system's Chromium. `cargo xtask test --only browser` runs them.

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "specs",
  outputDir: "results",
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // The gateway and the browser share the cores with the tests.
  workers: Number(process.env.PARALLAX_WORKERS ?? 2),
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["./reporter.ts"]],
  use: {
    viewport: { width: 1280, height: 800 },
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    trace: process.env.PARALLAX_TRACE ? "retain-on-failure" : "off",
    launchOptions: {
      executablePath: process.env.PARALLAX_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});

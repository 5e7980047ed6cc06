// The pictures of the documentation: `cargo xtask pictures` takes them.

import { defineConfig } from "@playwright/test";

import config from "./playwright.config";

export default defineConfig({
  ...config,
  testDir: "pictures",
  use: { ...config.use, locale: "en-US", timezoneId: "UTC", screenshot: "off" },
});

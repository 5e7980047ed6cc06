// What every browser test is given: a gateway, the application behind its accessible names, and a watch that fails the test on
// any console error, page error, policy violation, or request to a host other than this machine.

import { type BrowserContext, test as base } from "@playwright/test";

import { App } from "./app";
import { disarm } from "./fault";
import { Gateway } from "./gateway";

export { expect, type Locator, type Page } from "@playwright/test";

type Options = {
  /** Sources in the sandbox's catalogue; 0 leaves its default. */
  sources: number;
};

type Fixtures = {
  /** Console errors that a test provokes on purpose. */
  provoked: RegExp[];
  /** The address that the application is opened at. */
  address: string;
  app: App;
};

export const test = base.extend<Fixtures, Options & { gateway: Gateway }>({
  sources: [0, { option: true, scope: "worker" }],
  provoked: [[], { option: true }],

  gateway: [
    async ({ sources }, use) => {
      const gateway = await Gateway.start({ sources });
      await use(gateway);
      await gateway.stop();
    },
    { scope: "worker" },
  ],

  address: async ({ gateway }, use) => {
    await use(gateway.address);
    await disarm(gateway.address);
  },

  context: async ({ context, provoked }, use) => {
    const problems = await watch(context);
    await use(context);
    const unexpected = problems.filter((problem) => !provoked.some((pattern) => pattern.test(problem)));
    if (unexpected.length > 0) throw new Error(`the page reported:\n${unexpected.join("\n")}`);
  },

  app: async ({ page, address }, use) => {
    await use(new App(page, address));
  },
});

/** Collects what goes wrong in any page of `context`. */
async function watch(context: BrowserContext): Promise<string[]> {
  const problems: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} by ${event.blockedURI || "inline"} at ${event.sourceFile}`);
    });
  });
  context.on("console", (message) => {
    if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) {
      problems.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => problems.push(`error: ${error.error().stack ?? error.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    const here = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
    if (/^(http|ws)s?:$/.test(url.protocol) && !here) problems.push(`request to another host: ${request.url()}`);
  });
  return problems;
}

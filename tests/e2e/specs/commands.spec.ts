// What "Show the command" shows is run, unchanged, and does what the page does: curl in a shell, astroquery and pyVO in Python.

import { ACTIONS } from "../command_actions";
import { expect, test } from "../fixtures";
import { signIn } from "../session";
import { PYTHON, Tools } from "../tools";

for (const { name, signedIn, not, partly, open, done } of ACTIONS) {
  test(`the commands of ${name} do what the page does`, async ({ app, page, address }) => {
    expect(PYTHON, "PARALLAX_PYTHON names the interpreter").toBeTruthy();
    test.setTimeout(300_000);
    const tools = new Tools(address, "demo");
    const stage = { app, page, address, tools, session: await signIn(address) };
    const dialog = page.getByRole("dialog", { name: / as a command$/ });
    try {
      await app.open();
      if (signedIn) {
        await app.signIn();
        await tools.signIn();
      }
      let expected: string[] | undefined;
      for (const tool of ["curl", "astroquery", "pyVO"] as const) {
        if (!expected || (done && !not?.includes(tool))) {
          if (expected) await app.open("#/about");
          await app.open("#/query");
          await page.reload();
          expected = await open(stage);
        }
        await dialog.getByRole("tab", { name: tool, exact: true }).click();
        const text = dialog.getByLabel("Command", { exact: true });
        if (not?.includes(tool)) {
          await expect(dialog).toContainText(new RegExp(`${tool} .*\\.`));
          await expect(text).toHaveCount(0);
          continue;
        }
        const command = (await text.textContent())!;
        expect(command).toContain(address);
        expect(command, "what is not for everybody").not.toMatch(/\/gw\/|SESSION(ID)?=\w|password=(?!\$)/);
        const output = tool === "curl" ? await tools.shell(command) : await tools.python(command);
        if (partly?.includes(tool)) expect(command).toContain(`${tool} has no call`);
        else for (const words of expected) expect(output, `${tool} prints something else after\n${command}`).toContain(words);
        await done?.(stage);
      }
    } finally {
      tools.remove();
    }
  });
}

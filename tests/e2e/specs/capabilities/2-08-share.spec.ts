// 2.8 of the archive's documentation: every action on groups and shared items.

import type { Page } from "@playwright/test";

import { expect, test } from "../../fixtures";
import { type Session, signIn, unique, upload } from "../../session";

test("2.8 share: a group is made, renamed and its members come and go", async ({ app, address, page }) => {
  const [teacher, title] = [await signIn(address, "teacher"), unique("class")];
  await app.open("#/sharing");
  await app.signIn("teacher");
  await page.getByRole("button", { name: "New group" }).click();
  const form = page.getByRole("dialog", { name: "New group" });
  await form.getByRole("textbox", { name: "Title" }).fill(title);
  await form.getByRole("textbox", { name: "Description" }).fill("of the second year");
  // A user that there is not is not added.
  await add(page, "nobody_of_that_name");
  await expect(form.getByRole("alert")).toContainText("knows no user called nobody_of_that_name");
  await add(page, "student");
  await expect(form.getByRole("list", { name: "Members" })).toContainText("Demo Student (student)");
  await form.getByRole("button", { name: "Save group" }).click();
  await expect(line(page, "Groups", title)).toContainText("Demo Student (student)");
  const made = await group(teacher, title);
  expect(made).toMatchObject({ owner: "teacher", description: "of the second year", users: ["student"] });

  await line(page, "Groups", title).getByRole("button", { name: `Edit ${title}` }).click();
  const edit = page.getByRole("dialog", { name: `Edit “${title}”` });
  await edit.getByRole("textbox", { name: "Title" }).fill(`${title} B`);
  await add(page, "demo");
  await edit.getByRole("button", { name: "Remove Demo Student (student)" }).click();
  await expect(edit).toContainText("Saving adds demo and removes student.");
  await edit.getByRole("button", { name: "Save group" }).click();
  await expect(line(page, "Groups", `${title} B`)).toBeVisible();
  const changed = await group(teacher, `${title} B`);
  expect(changed).toEqual({ ...made, title: `${title} B`, users: ["demo"] });

  await line(page, "Groups", `${title} B`).getByRole("button", { name: `Delete ${title} B` }).click();
  const question = page.getByRole("dialog", { name: /^Delete the group/ });
  await expect(question).toContainText("Its members lose it: demo.");
  await question.getByRole("button", { name: "Delete group" }).click();
  await expect(line(page, "Groups", title)).toHaveCount(0);
  expect(await group(teacher, `${title} B`)).toBeUndefined();
});

test("2.8 share: a member list that changed meanwhile is not replaced", async ({ app, address, page }) => {
  const [teacher, title] = [await signIn(address, "teacher"), unique("team")];
  await teacher.post("tap-server/tap/share", { action: "CreateOrUpdateGroup", title, description: "", users_list: "student" });
  const id = (await group(teacher, title))?.id ?? "";
  await app.open("#/sharing");
  await app.signIn("teacher");
  await line(page, "Groups", title).getByRole("button", { name: `Edit ${title}` }).click();
  const form = page.getByRole("dialog", { name: `Edit “${title}”` });
  await form.getByRole("textbox", { name: "Description" }).fill("mine");
  await teacher.post("tap-server/tap/share", { action: "CreateUserGroup", group_id: id, user_id: "demo" });
  await form.getByRole("button", { name: "Save group" }).click();
  await expect(form.getByRole("alert")).toContainText("The group was changed meanwhile: demo was added. Nothing was sent.");
  expect(await group(teacher, title)).toMatchObject({ description: "", users: ["demo", "student"] });
  await expect(form.getByRole("textbox", { name: "Description" })).toHaveValue("mine");
  await form.getByRole("button", { name: "Save group" }).click();
  await expect(form).toBeHidden();
  expect(await group(teacher, title)).toMatchObject({ description: "mine", users: ["demo", "student"] });
});

test("2.8 share: a table is shared with a group and a user, changed, and shared no longer", async ({ app, address, page }) => {
  const [teacher, student] = [await signIn(address, "teacher"), await signIn(address, "student")];
  const [title, table] = [unique("pupils"), await upload(teacher, unique("stars"), "a,b\n1,2\n")];
  await teacher.post("tap-server/tap/share", { action: "CreateOrUpdateGroup", title, description: "", users_list: "student" });
  const id = (await group(teacher, title))?.id;
  await app.open("#/sharing");
  await app.signIn("teacher");
  await page.getByRole("tab", { name: /^Shared by me/ }).click();
  await page.getByRole("combobox", { name: "One of your tables" }).selectOption(table);
  await page.getByRole("button", { name: "Share table" }).click();
  const form = page.getByRole("dialog", { name: `Share ${table}` });
  await expect(form).toContainText("Nobody. Add a group or a user below, then save.");
  await form.getByRole("combobox", { name: "Group" }).selectOption(title);
  await form.getByRole("button", { name: "Add group" }).click();
  await form.getByRole("textbox", { name: "Description, for those who may query it" }).fill("first light");
  await form.getByRole("button", { name: "Save sharing" }).click();
  await expect(form).toBeHidden();
  await expect(line(page, "Shared by me", table)).toContainText(`Group ${title}, may read it`);
  expect(await item(teacher, table)).toEqual({ description: "first light", to: [`${id} Group Read`] });
  expect(await readable(student, table)).toBe(true);

  await line(page, "Shared by me", table).getByRole("button", { name: `Change the sharing of ${table}` }).click();
  await form.getByRole("checkbox", { name: /may change the table too/ }).check();
  await form.getByRole("textbox", { name: "User to add" }).fill("demo");
  await form.getByRole("button", { name: "Add user" }).click();
  await expect(form.getByRole("list", { name: "Shared with" })).toContainText("demo, may change it");
  await form.getByRole("button", { name: `Remove Group ${title}, may read it` }).click();
  await form.getByRole("button", { name: "Save sharing" }).click();
  await expect(line(page, "Shared by me", table)).toContainText("demo, may change it");
  expect(await item(teacher, table)).toEqual({ description: "first light", to: ["demo User Write"] });
  expect(await readable(student, table)).toBe(false);

  await line(page, "Shared by me", table).getByRole("button", { name: `Stop sharing ${table}` }).click();
  const question = page.getByRole("dialog", { name: `Stop sharing ${table}?` });
  await expect(question).toContainText("No longer able to query it: demo.");
  await question.getByRole("button", { name: "Stop sharing" }).click();
  await expect(line(page, "Shared by me", table)).toHaveCount(0);
  expect(await item(teacher, table)).toBeUndefined();
});

test("2.8 share: the commands are those that the page sends", async ({ app, page }) => {
  await app.open("#/sharing");
  await app.signIn("teacher");
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill("night owls");
  await page.getByRole("dialog", { name: "New group" }).getByRole("button", { name: "Show the command" }).click();
  const command = page.getByRole("dialog", { name: /as a command$/ });
  await expect(command).toContainText("action=CreateOrUpdateGroup");
  await expect(command).toContainText("title=night owls");
  await command.getByRole("tab", { name: "astroquery" }).click();
  await expect(command).toContainText('share_group_create(group_name="night owls"');
});

/** Adds a member to the group in the open form. */
async function add(page: Page, name: string) {
  await page.getByRole("textbox", { name: "Member to add" }).fill(name);
  await page.getByRole("button", { name: "Add member" }).click();
}

function line(page: Page, region: string, words: string) {
  return page.getByRole("region", { name: region }).locator(".list > li").filter({ hasText: words });
}

/** The group of this title as the archive tells it to a user. */
async function group(session: Session, title: string) {
  const text = await session.text("tap-server/tap/share?action=GetGroups");
  const groups = [...text.matchAll(/<sharedGroup id="([^"]*)" owner="([^"]*)">(.*?)<\/sharedGroup>/gs)].map(([, id, owner, body]) => ({
    id,
    owner,
    title: inner(body, "title"),
    description: inner(body, "description"),
    users: [...body.matchAll(/<user id="([^"]*)"/g)].map((user) => user[1]),
  }));
  return groups.find((known) => known.title === title);
}

/** The share of a table as the archive tells it to its owner. */
async function item(session: Session, table: string) {
  const text = await session.text("tap-server/tap/share?action=GetSharedItems");
  const items = [...text.matchAll(/<sharedItem [^>]*>(.*?)<\/sharedItem>/gs)].map((found) => found[1]);
  const body = items.find((body) => inner(body, "title") === table);
  const to = /shareTo="([^"]*)" shareType="([^"]*)" shareMode="([^"]*)"/g;
  return body && { description: inner(body, "description"), to: [...body.matchAll(to)].map((one) => one.slice(1).join(" ")) };
}

function inner(xml: string, name: string): string {
  const text = new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1] ?? "";
  return text.replace(/^<!\[CDATA\[|\]\]>$/g, "");
}

async function readable(session: Session, table: string): Promise<boolean> {
  const query = { REQUEST: "doQuery", LANG: "ADQL", FORMAT: "csv", QUERY: `SELECT COUNT(*) FROM ${table}` };
  return (await session.post("tap-server/tap/sync", query)).ok;
}

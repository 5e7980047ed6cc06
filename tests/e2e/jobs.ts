// Jobs of the sandbox asked for without the page: made, listed and looked at as a foreign client does. With a session they are
// those of its user, without one those of nobody.

import type { Session } from "./session";

/** A job as the archive's list describes it. */
export type Seen = { id: string; phase: string; name: string; owner: string; parameters: Record<string, string> };

const TAP = "tap-server/tap";

function get(address: string, path: string, session?: Session): Promise<Response> {
  return session ? session.get(path) : fetch(new URL(`sandbox/${path}`, address));
}

/** Makes a job and gives its id. */
export async function make(address: string, adql: string, more: Record<string, string> = {}, session?: Session): Promise<string> {
  const form = { REQUEST: "doQuery", LANG: "ADQL", PHASE: "RUN", QUERY: adql, ...more };
  const answer = session
    ? await session.post(`${TAP}/async`, form)
    : await fetch(new URL(`sandbox/${TAP}/async`, address), { method: "POST", body: new URLSearchParams(form) });
  const text = await answer.text();
  const id = /<uws:jobId><!\[CDATA\[([^\]]+)\]\]>/.exec(text)?.[1];
  if (!answer.ok || !id) throw new Error(`${answer.status} for a new job: ${text.slice(0, 400)}`);
  return id;
}

/** The archive's list of jobs (`async`) or of synchronous queries (`sync`). */
export async function list(address: string, which: "async" | "sync", session?: Session): Promise<Seen[]> {
  const text = await (await get(address, `${TAP}/jobs/${which}`, session)).text();
  return [...text.matchAll(/<uws:job>([\s\S]*?)<\/uws:job>/g)].map(([, job]) => seen(job));
}

/** The document of a job; `undefined` if the archive does not show it. */
export async function look(address: string, id: string, session?: Session): Promise<Seen | undefined> {
  const answer = await get(address, `${TAP}/async/${id}`, session);
  return answer.ok ? seen(await answer.text()) : undefined;
}

/** The result of a job, as text. */
export async function result(address: string, id: string, session?: Session): Promise<string> {
  const answer = await get(address, `${TAP}/async/${id}/results/result`, session);
  if (!answer.ok) throw new Error(`${answer.status} for the result of ${id}`);
  return answer.text();
}

/** The job whose query holds these words. */
export async function holding(address: string, which: "async" | "sync", words: string, session?: Session): Promise<Seen | undefined> {
  return (await list(address, which, session)).find((job) => job.parameters.query?.includes(words));
}

/** A word that is in no other query. */
export function unique(word: string): string {
  return `${word}_${Math.random().toString(36).slice(2, 10)}`;
}

function seen(text: string): Seen {
  const element = (name: string) => new RegExp(`<uws:${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</uws:${name}>`).exec(text)?.[1] ?? "";
  const parameters = [...text.matchAll(/<uws:parameter id="([^"]+)">(?:<!\[CDATA\[)?([\s\S]*?)(?:\]\]>)?<\/uws:parameter>/g)];
  return {
    id: element("jobId"),
    phase: element("phase"),
    name: element("name"),
    owner: element("ownerId"),
    parameters: Object.fromEntries(parameters.map(([, name, value]) => [name.toLowerCase(), value])),
  };
}

// The sandbox's faults on demand: what a broken archive or a cut connection would send. `GET sandbox/fault` lists them.

/** Has the next `count` answers to requests for a path (`*` stands for anything) go wrong. */
export async function arm(address: string, fault: string, path: string, count = 1) {
  await ask(address, "arm", new URLSearchParams({ fault, path, count: String(count) }));
}

/** Has everything go right again. */
export async function disarm(address: string) {
  await ask(address, "clear", new URLSearchParams());
}

async function ask(address: string, what: string, body: URLSearchParams) {
  const answer = await fetch(new URL(`sandbox/fault/${what}`, address), { method: "POST", body });
  if (!answer.ok) throw new Error(`${answer.status} for ${what}: ${await answer.text()}`);
}

// The tools of others that "Show the command" speaks of: a POSIX shell with curl, and Python with astroquery and pyVO. Each
// command runs unchanged, in a folder of its own that holds the files which it names.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The interpreter of the environment that `cargo xtask` makes for the foreign clients. */
export const PYTHON = process.env.PARALLAX_PYTHON;

const RUN_HERE = resolve(import.meta.dirname, "../clients/run_here.py");

/** What a VOTable says, as text: names of its columns and one line for each row. */
const READ = `
import sys
from astropy.io.votable import parse
table = parse(sys.argv[1]).get_first_table().to_table()
print(*table.colnames)
for row in table: print(*row)
`;

export class Tools {
  private readonly folder = mkdtempSync(join(tmpdir(), "parallax-commands-"));

  constructor(
    private readonly address: string,
    /** Who runs the commands; each demo account's password is its name. */
    private readonly user?: string,
  ) {}

  /** Puts a file where the commands run. */
  put(name: string, content: string | Buffer) {
    writeFileSync(join(this.folder, name), content);
  }

  /** Signs in with curl, so that `-b cookies.txt` has a session, as the page tells. */
  async signIn() {
    for (const application of ["tap-server", "data-server"]) {
      const url = new URL(`sandbox/${application}/login`, this.address);
      await this.shell(`curl -sf -b cookies.txt -c cookies.txt -d username=${this.user} -d password=${this.user} '${url}'`);
    }
  }

  /** Runs a command in a shell. Gives what it printed, a VOTable or the result of a job as text. */
  async shell(command: string): Promise<string> {
    const output = await this.run("sh", ["-ec", command], { GAIA_PASSWORD: this.user ?? "" });
    const file = /-o (\S+)/.exec(command)?.[1];
    return this.read(file ? readFileSync(join(this.folder, file)) : output);
  }

  /** Runs a script of Python, which may ask for a password. */
  async python(script: string): Promise<string> {
    this.put("script.py", script);
    return (await this.run(PYTHON!, [RUN_HERE, "script.py", new URL(this.address).port])).toString();
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async read(output: Buffer): Promise<string> {
    const start = output.subarray(0, 2000).toString();
    if (start.includes("<uws:job ")) return this.read(await this.result(/<uws:jobId>(?:<!\[CDATA\[)?([^<\]]+)/.exec(start)![1]));
    if (!start.includes("<VOTABLE")) return output.toString();
    this.put("answer.vot", output);
    return (await this.run(PYTHON!, ["-c", READ, "answer.vot"])).toString();
  }

  /** The result of a job when it is done. */
  private async result(id: string): Promise<Buffer> {
    const job = new URL(`sandbox/tap-server/tap/async/${id}`, this.address);
    const ask = (path: string) => this.run("curl", ["-sfL", "-b", "cookies.txt", job + path]);
    for (let tries = 0; tries < 100; tries += 1) {
      const phase = (await ask("/phase")).toString();
      if (phase === "COMPLETED") return ask("/results/result");
      if (/ERROR|ABORTED/.test(phase)) throw new Error(`the job that the command made is ${phase}`);
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error("the job that the command made does not end");
  }

  private run(program: string, words: string[], environment: Record<string, string> = {}): Promise<Buffer> {
    // A session of its own has no terminal: a script that asks for a password reads it from its input.
    const child = spawn(program, words, { cwd: this.folder, detached: true, env: { ...process.env, ...environment } });
    child.stdin.on("error", () => {});
    child.stdin.end(this.user ? `${this.user}\n`.repeat(3) : "");
    const output: Buffer[] = [];
    let errors = "";
    child.stdout.on("data", (bytes) => output.push(bytes));
    child.stderr.on("data", (bytes) => (errors += bytes));
    return new Promise((done, failed) => {
      child.on("error", failed);
      child.on("close", (code) => {
        if (code === 0) return done(Buffer.concat(output));
        failed(new Error(`${program} ended with ${code}: ${errors}${Buffer.concat(output)}\n${words.join(" ")}`));
      });
    });
  }
}

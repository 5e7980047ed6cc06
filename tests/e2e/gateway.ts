// Starts the release gateway on a free port with the built site and the sandbox, and ends it by its process id.

import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const binary = process.env.PARALLAX_GATEWAY ?? resolve(root, "target/release/gateway");
const site = process.env.PARALLAX_SITE ?? resolve(root, "dist");

export class Gateway {
  private constructor(
    private readonly child: ChildProcess,
    /** Where the site is, such as `http://127.0.0.1:40000/`. */
    readonly address: string,
  ) {}

  static async start(options: { sources?: number; banner?: string } = {}): Promise<Gateway> {
    const words = ["--listen", "127.0.0.1:0", "--site", site, "--faults"];
    if (options.sources) words.push("--sources", String(options.sources));
    if (options.banner) words.push("--banner", options.banner);
    const child = spawn(binary, words, { stdio: ["ignore", "pipe", "pipe"] });
    const address = await new Promise<string>((found, failed) => {
      let output = "";
      let errors = "";
      child.stderr!.on("data", (bytes) => (errors += bytes));
      child.stdout!.on("data", (bytes) => {
        output += bytes;
        const line = /^Parallax: (http:\/\/\S+)/m.exec(output);
        if (line) found(line[1].endsWith("/") ? line[1] : `${line[1]}/`);
      });
      child.on("error", failed);
      child.on("exit", (code) => failed(new Error(`the gateway ended with ${code} before it was ready: ${output}${errors}`)));
    });
    return new Gateway(child, address);
  }

  async stop() {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    await ended;
  }
}

// A server between browser and gateway that spoils chosen answers: what a broken archive or a cut connection would send.

import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to an answer whose request the fault concerns. */
export type Fault =
  | { concerns: RegExp; with: "html"; title: string }
  /** The body ends after this many bytes, as if it were whole. */
  | { concerns: RegExp; with: "cut"; bytes: number }
  /** The connection breaks after this many bytes. */
  | { concerns: RegExp; with: "break"; bytes: number };

export class FaultyServer {
  fault: Fault | null = null;

  private constructor(
    private readonly server: Server,
    private readonly upstream: URL,
  ) {}

  static async start(upstream: string): Promise<FaultyServer> {
    const server = createServer();
    const faulty = new FaultyServer(server, new URL(upstream));
    server.on("request", (incoming, outgoing) => faulty.pass(incoming, outgoing));
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return faulty;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse) {
    const fault = this.fault && this.fault.concerns.test(incoming.url ?? "") ? this.fault : null;
    if (fault?.with === "html") {
      incoming.resume();
      outgoing.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      outgoing.end(`<!DOCTYPE html><html><head><title>${fault.title}</title></head><body><h1>Sorry</h1></body></html>`);
      return;
    }
    // The gateway looks at both to keep other sites out; here the browser's own site is this server.
    const headers = { ...incoming.headers, host: this.upstream.host };
    if (headers.origin) headers.origin = this.upstream.origin;
    if (headers.referer) headers.referer = this.upstream.href;
    if (fault) headers["accept-encoding"] = "identity";
    const forward = send(new URL(incoming.url ?? "/", this.upstream), { method: incoming.method, headers }, (answer) => {
      const heads = { ...answer.headers };
      if (!fault) {
        outgoing.writeHead(answer.statusCode ?? 502, heads);
        answer.pipe(outgoing);
        return;
      }
      delete heads["content-length"];
      outgoing.writeHead(answer.statusCode ?? 502, heads);
      let left = fault.bytes;
      answer.on("data", (bytes: Buffer) => {
        if (left <= 0) return;
        outgoing.write(bytes.subarray(0, left));
        left -= bytes.length;
        if (left <= 0 && fault.with === "break") setTimeout(() => outgoing.destroy(), 100);
        else if (left <= 0) outgoing.end();
      });
      answer.on("end", () => left > 0 && outgoing.end());
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  }
}

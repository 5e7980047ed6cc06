// A user of the sandbox without the page: signs in as a foreign client does, and asks with the cookies of that session.

export type Form = Record<string, string> | FormData;

export class Session {
  private constructor(
    private readonly address: string,
    readonly user: string,
    /** What `Cookie` holds, by the application that it is for: the two have sessions of their own. */
    private readonly cookies: Map<string, string>,
  ) {}

  /** Signs in at both applications of the sandbox behind the gateway at `address`. A demo account's password is its name. */
  static async open(address: string, user = "demo", password = user): Promise<Session> {
    const cookies = new Map<string, string>();
    for (const application of ["tap-server", "data-server"]) {
      const answer = await fetch(new URL(`sandbox/${application}/login`, address), {
        method: "POST",
        body: new URLSearchParams({ username: user, password }),
      });
      if (!answer.ok) throw new Error(`${answer.status} for the login of ${user}: ${await answer.text()}`);
      cookies.set(application, answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; "));
    }
    return new Session(address, user, cookies);
  }

  /** The answer of a resource such as `tap-server/tap/share?action=GetGroups`, whatever its status. */
  get(path: string): Promise<Response> {
    return this.send(path, {});
  }

  /** The same with a form: fields as `application/x-www-form-urlencoded`, a `FormData` as multipart. */
  post(path: string, form: Form): Promise<Response> {
    return this.send(path, { method: "POST", body: form instanceof FormData ? form : new URLSearchParams(form) });
  }

  /** The text of a good answer; any other is an error. */
  async text(path: string): Promise<string> {
    const answer = await this.get(path);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} for ${path}: ${text.slice(0, 400)}`);
    return text;
  }

  private send(path: string, init: RequestInit): Promise<Response> {
    const cookie = this.cookies.get(path.split("/")[0]) ?? "";
    return fetch(new URL(`sandbox/${path}`, this.address), { ...init, headers: { Cookie: cookie } });
  }
}

export const signIn = Session.open;

/** Makes a table of a user's own out of lines of CSV; gives its qualified name. */
export async function upload(session: Session, name: string, csv: string): Promise<string> {
  const form = new FormData();
  form.set("TASKID", "-1");
  form.set("TABLE_NAME", name);
  form.set("TABLE_DESC", "made by a test");
  form.set("FORMAT", "CSV");
  form.set("FILE", new File([csv], `${name}.csv`, { type: "text/csv" }));
  const answer = await session.post("tap-server/Upload", form);
  if (!answer.ok) throw new Error(`${answer.status} for the upload of ${name}: ${(await answer.text()).slice(0, 400)}`);
  return `user_${session.user}.${name}`;
}

/** A name that no other test uses. */
export function unique(stem: string): string {
  return `${stem}_${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
}

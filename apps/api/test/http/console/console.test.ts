import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@docket/platform";
import request from "supertest";
import type { ApiConfig } from "../../../src/index.ts";
import { createBareApp } from "../../support/bare-app.ts";

const SCRIPT = `console.log(${JSON.stringify("x".repeat(5_000))});`;
const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const STORE = { endpoint: "http://127.0.0.1:9000", region: "us-east-1", bucket: "docket" };

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "docket-console-"));
  const build = join(directory, "dist");
  mkdirSync(join(build, "assets"), { recursive: true });
  writeFileSync(join(directory, "secret.txt"), "secret");
  writeFileSync(join(build, "index.html"), "<!doctype html><title>Docket</title>");
  writeFileSync(join(build, "icon.svg"), "<svg/>");
  writeFileSync(join(build, ".env"), "secret");
  writeFileSync(join(build, "assets/index-a1b2.js"), SCRIPT);
  writeFileSync(join(build, "assets/index-a1b2.js.map"), "{}");
});

afterAll(() => rmSync(directory, { recursive: true }));

const appWith = (config: Partial<ApiConfig> = {}) =>
  createBareApp(undefined, { console: { directory: join(directory, "dist") }, ...config });

const directives = (policy: string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (policy ?? "").split(";").map((each) => each.split(/ (.*)/, 2) as [string, string]),
  );

describe("the page", () => {
  it.each(["/", "/disputes", "/disputes/1?state=OPEN", "/v1x", "/docsy", "/index.html"])(
    "is served to a browser at %s, and revalidated",
    async (path) => {
      const page = await request(appWith()).get(path).set("Accept", HTML).expect(200);
      expect(page.text).toContain("<title>Docket</title>");
      expect(page.headers["content-type"]).toMatch(/^text\/html/);
      expect(page.headers["cache-control"]).toBe("no-cache");
      const etag = page.headers["etag"]!;
      await request(appWith()).get(path).set({ Accept: HTML, "If-None-Match": etag }).expect(304);
      await request(appWith()).head(path).set("Accept", HTML).expect(200);
    },
  );

  it.each(["/v1", "/v1/nothing", "/openapi.json/x", "/docs/x", "/healthz/x", "/metrics"])(
    "does not hide the 404 of %s",
    async (path) => {
      const answer = await request(appWith()).get(path).set("Accept", HTML).expect(404);
      expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    },
  );

  it("leaves the API's own paths to the API", async () => {
    const health = await request(appWith()).get("/healthz").set("Accept", HTML).expect(200);
    expect(health.body).toEqual({ status: "ok" });
    await request(appWith()).get("/v1/disputes").set("Accept", HTML).expect(401);
  });

  it.each(["*/*", "application/json", "text/html;q=0, */*", "image/png"])(
    "is not sent for Accept: %s",
    async (accept) => {
      await request(appWith()).get("/disputes").set("Accept", accept).expect(404);
    },
  );

  it.each(["post", "put", "patch", "delete"] as const)("is not sent for %s", async (method) => {
    await request(appWith())[method]("/disputes").set("Accept", HTML).expect(404);
  });
});

describe("the files", () => {
  it("are cached for good below /assets, and compressed", async () => {
    const path = "/assets/index-a1b2.js";
    const script = await request(appWith()).get(path).expect(200);
    expect(script.text).toBe(SCRIPT);
    expect(script.headers["content-type"]).toMatch(/^text\/javascript/);
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(script.headers["content-encoding"]).toBe("gzip");
    const plain = await request(appWith()).get(path).set("Accept-Encoding", "identity").expect(200);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.text).toBe(SCRIPT);
  });

  it("are revalidated elsewhere", async () => {
    const { headers } = await request(appWith()).get("/icon.svg").expect(200);
    expect(headers["content-type"]).toMatch(/^image\/svg/);
    expect(headers["cache-control"]).toBe("no-cache");
  });

  it.each([
    "/assets/index-0000.js",
    "/assets/",
    "/assets/index-a1b2.js.map",
    "/.env",
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/secret.txt%00",
    "//secret.txt",
  ])("do not include %s", async (path) => {
    await request(appWith()).get(path).expect(404);
  });

  it("are never replaced by the page", async () => {
    await request(appWith()).get("/assets/index-0000.js").set("Accept", HTML).expect(404);
  });
});

describe("the policy", () => {
  it("allows this host, the store and the identity provider, and nothing inline", async () => {
    const oidc = { issuer: "https://id.example.com/realms/a", clientId: "docket", scope: "openid" };
    const publicEndpoint = "https://files.example.com:8443/path";
    const app = appWith({
      console: { directory: join(directory, "dist"), oidc },
      storage: { ...STORE, publicEndpoint, forcePathStyle: true },
    });
    for (const path of ["/", "/assets/index-a1b2.js", "/console.json"]) {
      const { headers } = await request(app).get(path).set("Accept", HTML).expect(200);
      expect(directives(headers["content-security-policy"])).toEqual({
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob:",
        "connect-src": "'self' https://files.example.com:8443 https://id.example.com",
        "frame-src": "blob:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
      });
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  it.each([
    ["a store with path style", { ...STORE, forcePathStyle: true }, "http://127.0.0.1:9000"],
    [
      "AWS",
      { region: "eu-central-1", bucket: "files" },
      "https://files.s3.eu-central-1.amazonaws.com",
    ],
  ])("names the origin of the links of %s", async (_, storage, origin) => {
    const { body, headers } = await request(appWith({ storage })).get("/console.json").expect(200);
    expect(body).toEqual({ oidc: null, storeOrigin: origin, tokenLinks: false });
    const policy = directives(headers["content-security-policy"]);
    expect(policy["connect-src"]).toBe(`'self' ${origin}`);
  });
});

describe("the console", () => {
  it("is off without a configuration", async () => {
    const app = createBareApp();
    for (const path of ["/", "/console.json", "/assets/index-a1b2.js"]) {
      await request(app).get(path).set("Accept", HTML).expect(404);
    }
  });

  it("is a 404 and a line in the log when its build is missing", async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger("test", "warn", { destination });
    const missing = { console: { directory: join(directory, "none") } };
    const app = createBareApp(undefined, missing, logger);
    await request(app).get("/").set("Accept", HTML).expect(404);
    expect(lines.join()).toContain("build of the console not found, run `npm run build`");
    // For the development server of the console.
    const { body } = await request(app).get("/console.json").expect(200);
    expect(body).toEqual({ oidc: null, storeOrigin: null, tokenLinks: false });
  });
});

import request from "supertest";
import { createBareApp } from "../support/bare-app.ts";

const app = createBareApp();

const TYPES: Readonly<Record<string, RegExp>> = {
  js: /^text\/javascript/,
  css: /^text\/css/,
  png: /^image\/png/,
};

/** The paths that a page at `from` links to, resolved as in a browser. */
const addresses = (page: string, from: string): readonly string[] =>
  [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => {
    const { pathname, host } = new URL(to!, `http://docket.test${from}`);
    expect(host).toBe("docket.test");
    return pathname;
  });

describe("GET /docs", () => {
  it("is a page whose links all resolve, without a token", async () => {
    const page = await request(app)
      .get("/docs")
      .expect(200)
      .expect("Content-Type", /^text\/html/);
    const parts = addresses(page.text, "/docs");
    expect(parts.length).toBe(5);
    for (const part of parts) {
      const [, extension = ""] = part.split(".");
      await request(app).get(part).expect(200).expect("Content-Type", TYPES[extension]!);
    }
  });

  it("shows this API's document and contacts no other host", async () => {
    const { text } = await request(app).get("/docs/start.js").expect(200);
    const [, url = ""] = /url: "([^"]+)"/.exec(text) ?? [];
    const { pathname } = new URL(url, "http://docket.test/docs");
    await request(app).get(pathname).expect(200);
    expect(text).toContain("validatorUrl: null");
    expect(text).not.toMatch(/https?:/);
  });

  it("forbids inline scripts and scripts of other hosts", async () => {
    const { text, headers } = await request(app).get("/docs").expect(200);
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=| style=/);
    const policy = headers["content-security-policy"]!.split(";");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    // Without HTTPS, the page would stay empty.
    expect(policy).not.toContain("upgrade-insecure-requests");
  });

  it("redirects from the path with a trailing slash", async () => {
    const answer = await request(app).get("/docs/").expect(308);
    expect(new URL(answer.headers["location"]!, "http://docket.test/docs/").pathname).toBe("/docs");
  });

  it.each(["/docs/index.html", "/docs/package.json", "/docs/../package.json", "/docs/nothing"])(
    "answers 404 for %s",
    async (path) => {
      await request(app)
        .get(path)
        .expect(404)
        .expect("Content-Type", /problem\+json/);
    },
  );
});

import { PERMISSIONS } from "@docket/domain";
import jwt from "jsonwebtoken";

import { findDestination } from "../src/connection.ts";
import { docket } from "./support/run.ts";

const TENANT = "0192f0c1-0000-7000-8000-000000000001";
const SECRET = "a secret of thirty-two characters";
const NO_STACK = { DOCKET_HOME: "/nonexistent/docket" };
const API = { DOCKET_URL: "https://docket.example/base/", DOCKET_TOKEN: "a.b.c" };

describe("the destination", () => {
  it("is that of the flags, then of DOCKET_URL and DOCKET_TOKEN", () => {
    expect(findDestination({}, API)).toEqual({
      baseUrl: "https://docket.example/base",
      token: "a.b.c",
    });
    const flags = { url: "http://127.0.0.1:3000", token: "d.e.f" };
    expect(findDestination(flags, API)).toEqual({ baseUrl: flags.url, token: flags.token });
  });

  it.each([
    ["a URL without a token", { url: "https://docket.example" }, NO_STACK, "needs a token"],
    ["a tenant beside a token", { tenant: TENANT }, API, "--tenant cannot be used with a token"],
    ["a token of two lines", { token: "a\nb" }, API, "must consist of visible ASCII characters"],
    ["a tenant that is not a UUID", { tenant: "acme" }, NO_STACK, "--tenant must be a UUID"],
    ["a URL without a scheme", { url: "docket.example" }, API, "must begin with http"],
    ["a home without a stack", {}, NO_STACK, "No stack is running in /nonexistent/docket."],
  ])("is refused for %s", (_, options, environment, reason) => {
    expect(() => findDestination(options, environment)).toThrow(reason);
  });
});

describe("an invalid command line", () => {
  it.each([
    ["an unknown command", ["exprot"], "unknown command 'exprot'"],
    ["a missing option", ["export", "--context", "Bank"], "required option '--report <type>'"],
    ["an unknown option", ["exports", "list", "--all"], "unknown option '--all'"],
    ["a limit that is no number", ["exports", "list", "--limit", "0"], "a number above 0"],
    ["an unknown kind", ["load", "--context", "B", "--kind", "rows", "x.csv"], "Allowed choices"],
    ["a file that does not exist", ["verify", "/nonexistent/x", "0".repeat(64)], "no file"],
    ["both outcomes", ["disputes", "close", "x", "--resolution", "y", "--won", "--lost"], "either"],
  ])("ends with 2 for %s and says why", async (_, args, reason) => {
    const { code, out, err } = await docket(args, API);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(reason);
  });

  it.each([
    ["another format", "/nonexistent/x.xlsx", "must end in .csv"],
    ["a missing file", "/nonexistent/x.csv", "There is no file"],
    ["a directory", "/tmp/x.csv/..", "must end in .csv"],
  ])("ends with 2 for %s to load", async (_, file, reason) => {
    const args = ["load", "--context", "Bank", "--kind", "transactions", file];
    const { code, err } = await docket(args, API);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });
});

describe("--help", () => {
  it.each([[["export"]], [["exports", "list"]], [["load"]], [["verify"]], [["disputes", "open"]]])(
    "of %j shows an example and ends with 0",
    async (command) => {
      const { code, out } = await docket([...command, "--help"], NO_STACK);
      expect(code).toBe(0);
      expect(out).toContain(`docket ${command.join(" ")} `);
      expect(out).toMatch(/Examples?:/);
    },
  );
});

describe("docket token", () => {
  const environment = { JWT_SECRET: SECRET, JWT_ISSUER: "https://id.example" };
  const args = ["token", "--tenant", TENANT, "--sub", "maria"];
  const claimsOf = async (more: readonly string[]): Promise<jwt.JwtPayload> => {
    const { out } = await docket([...args, ...more], environment);
    return jwt.verify(out.trim(), SECRET, { algorithms: ["HS256"] }) as jwt.JwtPayload;
  };

  it("signs a token for a tenant and a principal that expires after a day", async () => {
    const claims = await claimsOf([]);
    expect(claims).toMatchObject({ sub: "maria", tenant_id: TENANT, iss: "https://id.example" });
    expect(claims["permissions"]).toEqual([...PERMISSIONS]);
    expect(claims.exp! - claims.iat!).toBe(24 * 3_600);
  });

  it("grants only the listed permissions", async () => {
    const claims = await claimsOf(["--permissions", "export-job:read, context:read"]);
    expect(claims["permissions"]).toEqual(["export-job:read", "context:read"]);
  });

  it.each([
    ["a tenant that is not a UUID", ["token", "--tenant", "acme", "--sub", "m"]],
    ["a missing subject", ["token", "--tenant", TENANT]],
    ["a blank subject", ["token", "--tenant", TENANT, "--sub", " "]],
    ["an unknown permission", [...args, "--permissions", "everything"]],
    ["an empty list of permissions", [...args, "--permissions", ","]],
    ["an extra argument", [...args, "please"]],
  ])("refuses %s", async (_, refused) => {
    expect(await docket(refused, environment)).toMatchObject({ code: 2, out: "" });
  });

  it("explains how to get a secret when there is none", async () => {
    const { err } = await docket(args, NO_STACK);
    expect(err).toContain("There is no stack in /nonexistent/docket. Run npm start once");
  });
});

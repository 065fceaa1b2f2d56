import { PERMISSIONS } from "@docket/domain";
import { UsageError } from "@docket/terminal";
import jwt from "jsonwebtoken";

import { runTokenCommand } from "../../src/token/command.ts";

const TENANT = "0192f0c1-0000-7000-8000-000000000001";
const SECRET = "a secret of thirty-two characters";
const environment = { JWT_SECRET: SECRET };
const tokenClaims = (token: string): jwt.JwtPayload =>
  jwt.verify(token, SECRET, { algorithms: ["HS256"] }) as jwt.JwtPayload;

describe("npm run token", () => {
  it("signs a token for a tenant and a principal that expires after a day", () => {
    const claims = tokenClaims(
      runTokenCommand(["--tenant", TENANT, "--sub", "maria"], environment),
    );
    expect(claims).toMatchObject({ sub: "maria", tenant_id: TENANT });
    expect(claims.exp! - claims.iat!).toBe(24 * 3_600);
  });

  it("grants all permissions without --permissions, and only those listed with it", () => {
    const args = ["--tenant", TENANT, "--sub", "m"];
    const all = tokenClaims(runTokenCommand(args, environment));
    expect(all["permissions"]).toEqual([...PERMISSIONS]);
    const listed = [...args, "--permissions", "export-job:read, context:read"];
    const some = tokenClaims(runTokenCommand(listed, environment));
    expect(some["permissions"]).toEqual(["export-job:read", "context:read"]);
  });

  it("includes the issuer and the audience that the API checks", () => {
    const checked = { ...environment, JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "docket" };
    const claims = tokenClaims(runTokenCommand(["--tenant", TENANT, "--sub", "m"], checked));
    expect(claims).toMatchObject({ iss: "https://id.example", aud: "docket" });
  });

  it.each([
    ["a missing tenant", ["--sub", "m"]],
    ["a tenant that is not a UUID", ["--tenant", "acme", "--sub", "m"]],
    ["a missing subject", ["--tenant", TENANT]],
    ["a blank subject", ["--tenant", TENANT, "--sub", " "]],
    ["an unknown permission", ["--tenant", TENANT, "--sub", "m", "--permissions", "everything"]],
    ["an empty list of permissions", ["--tenant", TENANT, "--sub", "m", "--permissions", ","]],
    ["an unknown option", ["--tenant", TENANT, "--sub", "m", "--admin"]],
    ["an extra argument", ["--tenant", TENANT, "--sub", "m", "please"]],
  ])("refuses %s in one line", (_, args) => {
    const attempt = (): string => runTokenCommand(args, environment);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(/^[^\n]+$/);
  });

  it("explains how to get a secret when there is none", () => {
    const attempt = (): string =>
      runTokenCommand(["--tenant", TENANT, "--sub", "m"], { DOCKET_HOME: "/nonexistent/docket" });
    expect(attempt).toThrow("There is no stack in /nonexistent/docket. Run npm start once");
  });
});

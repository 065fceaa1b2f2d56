import jwt from "jsonwebtoken";

import { PERMISSIONS } from "@docket/domain";
import { UsageError } from "@docket/terminal";
import { tokenFor } from "../../src/token/command.ts";

const TENANT = "0192f0c1-0000-7000-8000-000000000001";
const SECRET = "a secret of thirty-two characters";
const environment = { JWT_SECRET: SECRET };
const claimsOf = (token: string): jwt.JwtPayload =>
  jwt.verify(token, SECRET, { algorithms: ["HS256"] }) as jwt.JwtPayload;

test("a token says who, for which tenant, and for a day", () => {
  const token = tokenFor(["--tenant", TENANT, "--sub", "maria"], environment);
  const claims = claimsOf(token);
  expect(claims).toMatchObject({ sub: "maria", tenant_id: TENANT });
  expect(claims.exp! - claims.iat!).toBe(24 * 3_600);
});

test("without --permissions it may do everything, with it only that", () => {
  const all = claimsOf(tokenFor(["--tenant", TENANT, "--sub", "m"], environment));
  expect(all["permissions"]).toEqual([...PERMISSIONS]);
  const some = ["--permissions", "export-job:read, context:read"];
  const few = claimsOf(tokenFor(["--tenant", TENANT, "--sub", "m", ...some], environment));
  expect(few["permissions"]).toEqual(["export-job:read", "context:read"]);
});

test("issuer and audience are in it when the API is to check them", () => {
  const checked = { ...environment, JWT_ISSUER: "https://id.example", JWT_AUDIENCE: "docket" };
  const claims = claimsOf(tokenFor(["--tenant", TENANT, "--sub", "m"], checked));
  expect(claims).toMatchObject({ iss: "https://id.example", aud: "docket" });
});

test.each([
  ["no tenant", ["--sub", "m"]],
  ["a tenant that is no UUID", ["--tenant", "acme", "--sub", "m"]],
  ["no subject", ["--tenant", TENANT]],
  ["a blank subject", ["--tenant", TENANT, "--sub", " "]],
  ["an unknown permission", ["--tenant", TENANT, "--sub", "m", "--permissions", "everything"]],
  ["an empty list", ["--tenant", TENANT, "--sub", "m", "--permissions", ","]],
  ["an unknown option", ["--tenant", TENANT, "--sub", "m", "--admin"]],
  ["a word too many", ["--tenant", TENANT, "--sub", "m", "please"]],
])("%s is refused in one line", (_, args) => {
  const attempt = (): string => tokenFor(args, environment);
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(/^[^\n]+$/);
});

test("without a secret and without a stack it says what to do", () => {
  const attempt = (): string =>
    tokenFor(["--tenant", TENANT, "--sub", "m"], { DOCKET_HOME: "/nonexistent/docket" });
  expect(attempt).toThrow("/nonexistent/docket holds no stack: run npm start once");
});

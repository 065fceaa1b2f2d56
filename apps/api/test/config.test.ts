import type { ConfigError } from "@docket/platform";
import { apiConfig } from "../src/config.ts";

const MINIMAL = {
  DATABASE_URL: "postgres://app@localhost/docket",
  QUEUE_URL: "redis://localhost",
  JWT_SECRET: "0123456789abcdef0123456789abcdef",
};

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    apiConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
};

describe("the API's configuration", () => {
  it("requires a database, a queue and token keys, and has defaults for the rest", () => {
    expect(apiConfig(MINIMAL)).toEqual({
      databaseUrl: MINIMAL.DATABASE_URL,
      poolSize: 10,
      queueUrl: MINIMAL.QUEUE_URL,
      storage: undefined,
      logLevel: "info",
      port: 3_000,
      token: { keys: { secret: MINIMAL.JWT_SECRET } },
      corsOrigins: [],
      console: {
        directory: expect.stringMatching(/apps\/console\/dist\/$/) as string,
        tokenLinks: false,
      },
      exportMaxSpanDays: 365,
      exportUrlTtlSeconds: 900,
      exportMaxActivePerTenant: 100,
      perMinute: { all: 1_000, exports: 60 },
    });
  });

  it("reports all faults together, one line each", () => {
    const faults = faultsOf({ PORT: "70000", CORS_ORIGINS: "https://a.example/path" });
    expect(faults).toHaveLength(5);
    expect(faults.join("\n")).toMatch(/DATABASE_URL.*\n.*QUEUE_URL.*\n/);
    expect(faults).toContain("JWT_SECRET or JWT_JWKS_URI is required");
  });

  it("accepts either a secret or published keys", () => {
    const { JWT_SECRET: _, ...rest } = MINIMAL;
    const JWT_JWKS_URI = "https://id.example.com/keys";
    const JWT_AUDIENCE = "docket";
    expect(apiConfig({ ...rest, JWT_JWKS_URI, JWT_AUDIENCE }).token.keys).toEqual({
      jwksUri: JWT_JWKS_URI,
    });
    expect(faultsOf({ ...MINIMAL, JWT_JWKS_URI, JWT_AUDIENCE })).toHaveLength(1);
    expect(faultsOf({ ...rest, JWT_JWKS_URI: "keys.json", JWT_AUDIENCE })).toHaveLength(1);
  });

  it("refuses a secret of fewer than 32 bytes", () => {
    const JWT_SECRET = MINIMAL.JWT_SECRET.slice(1);
    expect(faultsOf({ ...MINIMAL, JWT_SECRET })).toEqual([
      "JWT_SECRET must be at least 32 bytes long",
    ]);
    // 16 characters, 32 bytes.
    expect(faultsOf({ ...MINIMAL, JWT_SECRET: "é".repeat(16) })).toEqual([]);
  });

  it("requires an audience with published keys", () => {
    const { JWT_SECRET: _, ...rest } = MINIMAL;
    expect(faultsOf({ ...rest, JWT_JWKS_URI: "https://id.example.com/keys" })).toEqual([
      "JWT_AUDIENCE is required with JWT_JWKS_URI",
    ]);
  });

  it("fetches published keys over https, or from a loopback host", () => {
    const { JWT_SECRET: _, ...rest } = MINIMAL;
    const faults = (JWT_JWKS_URI: string) =>
      faultsOf({ ...rest, JWT_AUDIENCE: "docket", JWT_JWKS_URI });
    const loopback = ["localhost:8080", "127.0.0.1", "127.1.2.3:80", "[::1]:8080"];
    for (const host of loopback) expect(faults(`http://${host}/keys`)).toEqual([]);
    const remote = ["id.example.com", "localhost.example.com", "10.0.0.1", "[::2]"];
    for (const host of remote) {
      expect(faults(`http://${host}/keys`)).toEqual([
        "JWT_JWKS_URI must be an https URL, except for loopback hosts",
      ]);
    }
  });

  it("accepts origins in the form that browsers send", () => {
    const CORS_ORIGINS = "https://a.example, http://localhost:5173";
    expect(apiConfig({ ...MINIMAL, CORS_ORIGINS }).corsOrigins).toEqual([
      "https://a.example",
      "http://localhost:5173",
    ]);
    for (const bad of ["*", "a.example", "https://a.example/", "https://A.example", "null"]) {
      expect(faultsOf({ ...MINIMAL, CORS_ORIGINS: bad })).toHaveLength(1);
    }
  });

  it("never quotes a value, which may be a secret", () => {
    const faults = faultsOf({
      ...MINIMAL,
      DATABASE_URL: "hunter2",
      EXPORT_URL_TTL_SECONDS: "hunter2",
    });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain("hunter2");
  });

  it("signs people in to the console at an identity provider, or turns the console off", () => {
    const CONSOLE_OIDC_ISSUER = "https://id.example.com";
    const oidc = { CONSOLE_OIDC_ISSUER, CONSOLE_OIDC_CLIENT_ID: "docket" };
    expect(apiConfig({ ...MINIMAL, ...oidc }).console?.oidc).toEqual({
      issuer: CONSOLE_OIDC_ISSUER,
      clientId: "docket",
      scope: "openid",
    });
    const more = { CONSOLE_OIDC_SCOPE: "openid docket", CONSOLE_OIDC_AUDIENCE: "api" };
    expect(apiConfig({ ...MINIMAL, ...oidc, ...more }).console?.oidc).toMatchObject({
      scope: "openid docket",
      audience: "api",
    });
    expect(apiConfig({ ...MINIMAL, CONSOLE: "off", ...oidc }).console).toBeUndefined();
  });

  it("lets links sign in only where this is set, and never beside an identity provider", () => {
    const links = { CONSOLE_TOKEN_LINKS: "on" };
    const oidc = { CONSOLE_OIDC_ISSUER: "https://id.example.com", CONSOLE_OIDC_CLIENT_ID: "a" };
    const tokenLinks = (settings: Record<string, string>) =>
      apiConfig({ ...MINIMAL, ...settings }).console?.tokenLinks;
    expect([{}, links, { ...links, ...oidc }].map(tokenLinks)).toEqual([false, true, false]);
  });

  it.each([
    [{ CONSOLE: "no" }, "CONSOLE must be one of [on, off]"],
    [
      { CONSOLE_OIDC_ISSUER: "https://id.example.com" },
      "CONSOLE_OIDC_CLIENT_ID is required with CONSOLE_OIDC_ISSUER",
    ],
    [{ CONSOLE_OIDC_CLIENT_ID: "docket" }, "CONSOLE_OIDC_CLIENT_ID requires CONSOLE_OIDC_ISSUER"],
    [
      { CONSOLE_OIDC_ISSUER: "http://id.example.com", CONSOLE_OIDC_CLIENT_ID: "docket" },
      "CONSOLE_OIDC_ISSUER must be an https URL, except for loopback hosts",
    ],
    [
      { CONSOLE_OIDC_SCOPE: "profile" },
      "CONSOLE_OIDC_SCOPE must be openid, followed by other scopes, separated by single spaces",
    ],
  ])("refuses %j", (settings, fault) => {
    expect(faultsOf({ ...MINIMAL, ...(settings as Record<string, string>) })).toEqual([fault]);
  });
});

import { fileURLToPath } from "node:url";
import Joi from "joi";
import { secureUrl } from "../../secure-url.ts";

export type ConsoleVariables = {
  readonly CONSOLE: "on" | "off";
  readonly CONSOLE_OIDC_ISSUER?: string;
  readonly CONSOLE_OIDC_CLIENT_ID?: string;
  readonly CONSOLE_OIDC_SCOPE: string;
  readonly CONSOLE_OIDC_AUDIENCE?: string;
  readonly CONSOLE_TOKEN_LINKS: "on" | "off";
};

const MAX_LENGTH = 1_000;

/** The console's part of the environment (docs/api.md §6). */
export const consoleVariables: Joi.PartialSchemaMap<ConsoleVariables> = {
  CONSOLE: Joi.string().valid("on", "off").default("on"),
  CONSOLE_OIDC_ISSUER: secureUrl("CONSOLE_OIDC_ISSUER").max(MAX_LENGTH),
  CONSOLE_OIDC_CLIENT_ID: Joi.string()
    .max(MAX_LENGTH)
    .when("CONSOLE_OIDC_ISSUER", { is: Joi.exist(), otherwise: Joi.forbidden() })
    .when("CONSOLE_OIDC_ISSUER", { not: Joi.exist(), otherwise: Joi.required() })
    .messages({
      "any.required": "CONSOLE_OIDC_CLIENT_ID is required with CONSOLE_OIDC_ISSUER",
      "any.unknown": "CONSOLE_OIDC_CLIENT_ID requires CONSOLE_OIDC_ISSUER",
    }),
  // Without `openid` it is not an OpenID request.
  CONSOLE_OIDC_SCOPE: Joi.string()
    .max(MAX_LENGTH)
    .pattern(/^openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/)
    .default("openid")
    .messages({
      "string.pattern.base":
        "CONSOLE_OIDC_SCOPE must be openid, followed by other scopes, separated by single spaces",
    }),
  CONSOLE_OIDC_AUDIENCE: Joi.string().max(MAX_LENGTH),
  CONSOLE_TOKEN_LINKS: Joi.string().valid("on", "off").default("off"),
};

/** How people sign in at the identity provider. */
export type ConsoleOidc = {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** Sent as `audience` by providers that need it to issue a token for the API. */
  readonly audience?: string;
};

export type ConsoleConfig = {
  /** The build of the console, with an index.html. */
  readonly directory: string;
  readonly oidc?: ConsoleOidc | undefined;
  /** Whether a link with a token signs in. An attacker could send such a link, so only a local stack sets this. */
  readonly tokenLinks?: boolean;
};

/** Of this repository, seen from `src` and from `dist`. */
const BUILD = fileURLToPath(new URL("../../../../console/dist/", import.meta.url));

/** The console; undefined if `CONSOLE` is `off`. */
export function consoleConfig(env: ConsoleVariables): ConsoleConfig | undefined {
  if (env.CONSOLE === "off") return undefined;
  const oidc = oidcOf(env);
  const tokenLinks = env.CONSOLE_TOKEN_LINKS === "on" && oidc === undefined;
  return { directory: BUILD, oidc, tokenLinks };
}

function oidcOf({
  CONSOLE_OIDC_ISSUER: issuer,
  CONSOLE_OIDC_CLIENT_ID: clientId,
  CONSOLE_OIDC_SCOPE: scope,
  CONSOLE_OIDC_AUDIENCE: audience,
}: ConsoleVariables): ConsoleOidc | undefined {
  if (issuer === undefined || clientId === undefined) return undefined;
  return { issuer, clientId, scope, ...(audience !== undefined && { audience }) };
}

import * as oauth from "oauth4webapi";

import { readClaims } from "./claims.ts";
import type { Tokens } from "./renew.ts";
import type { OidcSettings } from "./settings.ts";

/** What must survive the redirect to the provider and back. */
type Pending = {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the person was. */
  readonly path: string;
  readonly prompt?: "none" | undefined;
};

/** The access token is not a JWT with the claims that Docket needs. */
class UnreadableTokenError extends Error {}

const PENDING_KEY = "docket.sign-in";

const redirectUri = (): string => `${window.location.origin}/`;

/** Only a provider on this machine has no https: the API refuses others. */
const insecure = ({ issuer }: OidcSettings) => ({
  [oauth.allowInsecureRequests]: issuer.startsWith("http:"),
});

async function discover(settings: OidcSettings): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(settings.issuer);
  const response = await oauth.discoveryRequest(issuer, insecure(settings));
  return oauth.processDiscoveryResponse(issuer, response);
}

/**
 * Leaves the page for the provider's (authorization code flow with PKCE).
 *
 * @param prompt `none`: the provider redirects back immediately, with a code or with `login_required`
 */
export async function redirectToProvider(settings: OidcSettings, prompt?: "none"): Promise<void> {
  const { authorization_endpoint: endpoint } = await discover(settings);
  if (endpoint === undefined) throw new Error("The provider has no authorization endpoint.");
  const { pathname, search } = window.location;
  const pending: Pending = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    path: `${pathname}${search}`,
    prompt,
  };
  sessionStorage.setItem(PENDING_KEY, JSON.stringify(pending));
  const url = new URL(endpoint);
  const parameters = {
    client_id: settings.clientId,
    redirect_uri: redirectUri(),
    response_type: "code",
    scope: settings.scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
    ...(settings.audience !== undefined && { audience: settings.audience }),
    ...(prompt !== undefined && { prompt }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  window.location.assign(url);
}

/** Where the person was before the redirect. Undefined if this tab has started none: the answer is then of no use. */
export function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(PENDING_KEY);
  sessionStorage.removeItem(PENDING_KEY);
  return text === null ? undefined : (JSON.parse(text) as Pending);
}

/** Exchanges the code in the answer of the provider. @throws Error if the provider has refused, or the answer is not for `pending` */
export async function exchangeCode(
  settings: OidcSettings,
  answer: URL,
  { state, nonce, verifier }: Pending,
): Promise<Tokens> {
  const server = await discover(settings);
  const client: oauth.Client = { client_id: settings.clientId };
  const parameters = oauth.validateAuthResponse(server, client, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    verifier,
    insecure(settings),
  );
  const options = { expectedNonce: nonce, requireIdToken: true };
  return tokensIn(await oauth.processAuthorizationCodeResponse(server, client, response, options));
}

/** Gets new tokens without asking the person. @throws Error if the provider has refused */
export async function renewTokens(settings: OidcSettings, refreshToken: string): Promise<Tokens> {
  const server = await discover(settings);
  const client: oauth.Client = { client_id: settings.clientId };
  const response = await oauth.refreshTokenGrantRequest(
    server,
    client,
    oauth.None(),
    refreshToken,
    insecure(settings),
  );
  return tokensIn(await oauth.processRefreshTokenResponse(server, client, response));
}

function tokensIn({
  access_token: token,
  refresh_token: refreshToken,
}: oauth.TokenEndpointResponse): Tokens {
  if (readClaims(token) === undefined) throw new UnreadableTokenError();
  return { token, refreshToken };
}

/** Why a sign-in has failed, and what to do. */
export function describeFault(error: unknown): string {
  if (error instanceof UnreadableTokenError) {
    return "Your identity provider has signed you in, but not for Docket. Ask your administrator to check its settings.";
  }
  if (
    error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.ResponseBodyError
  ) {
    const { error: code, error_description: description } = error;
    return `Your identity provider has refused the sign-in: ${description ?? code}`;
  }
  if (error instanceof TypeError) return "Your identity provider does not answer. Try again.";
  return `The answer of your identity provider was not valid: ${(error as Error).message}`;
}

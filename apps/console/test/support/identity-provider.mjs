// An OpenID provider as a process of its own, because it is an ES module. It prints its address, then reads that of the console.
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

import { Provider } from "oidc-provider";

const TENANT = process.argv[2];
const RESOURCE = "urn:docket";
const PERMISSIONS = ["context:read", "context:write", "event:read", "webhook:read"];

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
process.stdout.write(`${issuer}\n`);
const [line] = await once(createInterface(process.stdin), "line");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const configuration = {
  clients: [
    {
      client_id: "console",
      token_endpoint_auth_method: "none",
      redirect_uris: [`${line}/`],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig" }] },
  cookies: { keys: ["a key of the test"] },
  issueRefreshToken: () => true,
  clientBasedCORS: () => true,
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  extraTokenClaims: () => ({ tenant_id: TENANT, permissions: PERMISSIONS }),
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "",
        audience: "docket",
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
  // Does not ask for consent.
  loadExistingGrant: async ({ oidc }) => {
    const { provider, client, session } = oidc;
    const grant = new provider.Grant({
      clientId: client.clientId,
      accountId: session.accountId,
    });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
};
const provider = new Provider(issuer, configuration);
server.on("request", provider.callback());

import type { Lifetime } from "@docket/platform";

import { prepareHome } from "../home/home.ts";
import { ensureSecrets } from "../home/secrets.ts";
import type { Child } from "../processes/child-process.ts";
import type { Supervised } from "../processes/supervisor.ts";
import { omitVariables, type Environment } from "../settings.ts";
import { superviseApi, waitUntilReady } from "./apps.ts";
import { startServices } from "./services.ts";
import type { StackEnv } from "./stack-env.ts";

export type TemporaryStackOptions = {
  /** An empty directory; the caller removes it. */
  readonly home: string;
  /** A database, queue or store that it names is used instead of an embedded one, as by `npm start`. */
  readonly environment: Environment;
  /** Settings of the API and the workers that replace those of `environment`. */
  readonly settings?: Environment;
  readonly signal: AbortSignal;
};

/** The services and an API on a free port of loopback. The caller starts the workers. */
export type TemporaryStack = {
  readonly stackEnv: StackEnv;
  /** The environment of the API, and of workers. */
  readonly environment: Environment;
  readonly api: Supervised<Child>;
  readonly address: string;
};

/** Variables of the caller that the stack's API must not inherit: it has its own address and checks its own tokens. */
const NOT_INHERITED = [
  "MIGRATE_DATABASE_URL",
  "PORT",
  "HOST",
  "JWT_JWKS_URI",
  "JWT_ISSUER",
  "JWT_AUDIENCE",
] as const;

/** Starts a stack in an empty directory and waits until it is ready; `lifetime` stops it. @throws StartError */
export async function startTemporaryStack(
  { home, environment, settings, signal }: TemporaryStackOptions,
  lifetime: Lifetime,
): Promise<TemporaryStack> {
  prepareHome(home);
  const secrets = ensureSecrets(home);
  const log = (): void => undefined;
  const stackEnv: StackEnv = { home, secrets, log, signal, onSpawn: log };
  const services = await startServices(environment, stackEnv, lifetime);
  signal.throwIfAborted();

  const own = {
    JWT_SECRET: secrets.jwtSecret,
    SECRETS_KEY: secrets.secretsKey,
    LOG_LEVEL: "info",
    ...settings,
  };
  const shared = omitVariables({ ...services, ...own }, ...NOT_INHERITED);
  const api = await superviseApi({ environment: shared, host: "127.0.0.1", port: 0 }, stackEnv);
  lifetime.onClose("API", api.stop);
  const address = `http://127.0.0.1:${String(api.first.ready["port"])}`;
  await waitUntilReady(address, signal);
  return { stackEnv, environment: shared, api, address };
}

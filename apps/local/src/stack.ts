import { createDocket } from "@docket/client";
import { DEMO_SUBJECT, DEMO_TENANT, ensureDemoCases, ensureDemoTenant } from "@docket/demo-data";
import { createLifetime, createLogger, type Lifetime } from "@docket/platform";
import {
  type ApiOptions,
  assertPortFree,
  type Child,
  ensureSecrets,
  type Environment,
  issuerAndAudience,
  listenAddress,
  localUrl,
  lockHome,
  omitVariables,
  openProcessList,
  prepareHome,
  publishAddress,
  signToken,
  type StackEnv,
  startServices,
  stopOrphans,
  superviseApi,
  type Supervised,
  superviseWorker,
  waitUntilReady,
  withdrawAddress,
} from "@docket/stack";

export type StackOptions = {
  readonly home: string;
  readonly environment: Environment;
  /** Takes lines for the person at the terminal. */
  readonly log: (line: string) => void;
  /** Takes a line at the beginning of each step. */
  readonly step: (line: string) => void;
  /** Aborts the start. */
  readonly signal: AbortSignal;
};

/** A running Docket on this machine. */
export type Stack = {
  readonly address: string;
  /** Signs in to the console as the demo tenant, if there is one. Undefined with `CONSOLE=off`. */
  readonly consoleUrl: string | undefined;
  /** Undefined with `JWT_JWKS_URI`, because only that identity provider can sign tokens. */
  readonly demo: DemoTenant | undefined;
  readonly close: () => Promise<void>;
};

export type DemoTenant = {
  readonly tenantId: string;
  readonly contextId: string;
  readonly token: string;
  readonly consoleToken: string;
};

/** The link to the console lasts for a working day. */
export const CONSOLE_TOKEN_HOURS = 12;

/**
 * Starts the embedded services, the API and the worker as separate processes, and creates the demo tenant. A process that
 * dies is restarted until `close`.
 *
 * @throws HomeInUseError, StartError or Error. Nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const lifetime = createLifetime(createLogger("docket-local", "error"));
  const close = async (): Promise<void> => {
    await lifetime.close();
  };
  try {
    return { ...(await start(options, lifetime)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: StackOptions, lifetime: Lifetime): Promise<Omit<Stack, "close">> {
  const { home, environment, step, signal } = options;
  const { host, port } = listenAddress(environment);
  const stackEnv = await openHome(options, lifetime);
  await assertPortFree(host, port);
  step("Starting Postgres, the queue and an object store …");
  const services = await startServices(environment, stackEnv, lifetime);
  signal.throwIfAborted();

  const jwtSecret = environment["JWT_JWKS_URI"]
    ? undefined
    : environment["JWT_SECRET"] || stackEnv.secrets.jwtSecret;
  const appEnvironment = omitVariables(
    {
      ...services,
      ...(jwtSecret !== undefined && { JWT_SECRET: jwtSecret }),
      SECRETS_KEY: environment["SECRETS_KEY"] || stackEnv.secrets.secretsKey,
      CONSOLE_TOKEN_LINKS: environment["CONSOLE_TOKEN_LINKS"] || "on",
    },
    "MIGRATE_DATABASE_URL",
    "PORT",
    "HOST",
  );
  const apiOptions = { environment: appEnvironment, host, port };
  step("Starting the API and a worker …");
  const { api } = await startApps(apiOptions, stackEnv, lifetime);
  const address = localUrl(host, Number(api.ready["port"]));
  await waitUntilReady(address, signal);

  const demo =
    jwtSecret === undefined ? undefined : await prepareDemoTenant(address, jwtSecret, options);
  publishAddress(home, address);
  lifetime.onClose("address", () => withdrawAddress(home));
  const isConsoleOff = environment["CONSOLE"] === "off";
  // A browser keeps the fragment to itself, so no log contains the token.
  const fragment = demo === undefined ? "" : `#token=${demo.consoleToken}`;
  return { address, demo, consoleUrl: isConsoleOff ? undefined : `${address}/${fragment}` };
}

/** Locks the home for this process and stops the processes that an earlier run left behind. */
async function openHome(
  { home, log, signal }: StackOptions,
  lifetime: Lifetime,
): Promise<StackEnv> {
  prepareHome(home);
  lifetime.onClose("lock", lockHome(home));
  // An earlier run that was killed may have left its address.
  withdrawAddress(home);
  await stopOrphans(home, log);
  const processes = openProcessList(home);
  lifetime.onClose("process list", processes.clear);
  return { home, secrets: ensureSecrets(home), log, onSpawn: processes.add, signal };
}

/** Starts the API and the worker in parallel, and registers both to be stopped in parallel. */
async function startApps(
  options: ApiOptions,
  stackEnv: StackEnv,
  lifetime: Lifetime,
): Promise<{ readonly api: Child }> {
  const [api, worker] = await Promise.allSettled([
    superviseApi(options, stackEnv),
    superviseWorker({ environment: options.environment }, stackEnv),
  ]);
  lifetime.onClose("API and worker", async () => {
    await Promise.all([stopStarted(api), stopStarted(worker)]);
  });
  if (api.status === "rejected") throw startFailed("The API", api.reason);
  if (worker.status === "rejected") throw startFailed("The worker", worker.reason);
  return { api: api.value.first };
}

async function stopStarted(result: PromiseSettledResult<Supervised<Child>>): Promise<void> {
  if (result.status === "fulfilled") await result.value.stop();
}

const startFailed = (name: string, cause: unknown): Error =>
  new Error(`${name} does not start: ${(cause as Error).message}`, { cause });

async function prepareDemoTenant(
  address: string,
  jwtSecret: string,
  { environment, step, signal }: StackOptions,
): Promise<DemoTenant> {
  const claims = { tenant: DEMO_TENANT, subject: DEMO_SUBJECT, ...issuerAndAudience(environment) };
  const token = signToken(jwtSecret, claims);
  const consoleToken = signToken(jwtSecret, { ...claims, lifetimeHours: CONSOLE_TOKEN_HOURS });
  const today = new Date().toISOString().slice(0, 10);
  const docket = createDocket({ baseUrl: address, token, signal });
  const context = await ensureDemoTenant(docket, today, step);
  await ensureDemoCases(docket, context.id, today, step);
  return { tenantId: DEMO_TENANT, contextId: context.id, token, consoleToken };
}

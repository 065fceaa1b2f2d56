import autocannon from "autocannon";

/** A request that is sent repeatedly for a number of seconds. */
export type Load = {
  readonly address: string;
  /** Each connection requests one of them, repeatedly. */
  readonly paths: readonly string[];
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly seconds: number;
  /** Default: {@link CONNECTIONS}. */
  readonly connections?: number;
};

export type Throughput = {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly responses: number;
};

export const CONNECTIONS = 32;

/**
 * Sends requests on several connections, each as soon as the previous one is answered.
 *
 * @throws Error unless every response is 2xx; the speed of refusals would say nothing.
 */
export async function measureThroughput(
  { seconds, address, paths, ...load }: Load,
  signal: AbortSignal,
): Promise<Throughput> {
  let clients = 0;
  const options = {
    connections: CONNECTIONS,
    ...load,
    url: address,
    duration: seconds,
    setupClient: (client: autocannon.Client) =>
      client.setRequests([{ path: paths[clients++ % paths.length]! }]),
  };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error: Error | null, outcome: autocannon.Result) =>
      error === null ? resolve(outcome) : reject(error),
    );
    const stop = (): void => running.stop();
    signal.addEventListener("abort", stop, { once: true });
    running.once("done", () => signal.removeEventListener("abort", stop));
  });
  signal.throwIfAborted();
  const { "2xx": responses, non2xx, errors, timeouts } = result;
  if (non2xx + errors + timeouts > 0 || responses === 0) {
    throw new Error(
      `${load.method ?? "GET"} ${address}${paths[0]}: ${responses} 2xx responses, ${non2xx} others, ${errors + timeouts} errors`,
    );
  }
  return { perSecond: responses / result.duration, p99Ms: result.latency.p99, responses };
}

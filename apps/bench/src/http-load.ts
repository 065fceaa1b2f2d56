import autocannon from "autocannon";

/** One kind of request, sent again and again. */
export type Load = {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly seconds: number;
};

export type Throughput = {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly answers: number;
};

/** As many requests are under way at any time. */
export const CONNECTIONS = 32;

/**
 * Sends requests as fast as they are answered.
 *
 * @throws Error when one of them was not answered with a status of the 2xx kind: its speed would say nothing.
 */
export async function loadHttp(
  { seconds, ...load }: Load,
  signal: AbortSignal,
): Promise<Throughput> {
  const options = { ...load, connections: CONNECTIONS, duration: seconds };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error: Error | null, found: autocannon.Result) =>
      error === null ? resolve(found) : reject(error),
    );
    const stop = (): void => running.stop();
    signal.addEventListener("abort", stop, { once: true });
    running.once("done", () => signal.removeEventListener("abort", stop));
  });
  signal.throwIfAborted();
  const { "2xx": answers, non2xx, errors, timeouts } = result;
  if (non2xx + errors + timeouts > 0 || answers === 0) {
    throw new Error(
      `${load.method ?? "GET"} ${load.url}: ${answers} answers, ${non2xx} refusals, ${errors + timeouts} failures`,
    );
  }
  return { perSecond: answers / result.duration, p99Ms: result.latency.p99, answers };
}

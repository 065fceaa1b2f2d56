import { linesOf } from "../summary.ts";
import type { WebhookChaosResult } from "./run.ts";

/** The result of a run as lines for a person. */
export function webhookSummaryLines(result: WebhookChaosResult): string[] {
  const { kills, hits, events, verdicts, recovered, seconds, faults } = result;
  const figures = {
    Events: `${events}, delivered to ${verdicts.length} receivers in ${seconds.toFixed(0)} s`,
    Kills: `${kills}, of which ${hits} broke off attempts`,
    ...Object.fromEntries(
      verdicts.map(({ name, events: received, requests, late }) => [
        name,
        `${received} events in ${requests} requests; ${late} first attempts came late`,
      ]),
    ),
    Recovered: `${recovered} deliveries that had failed eight times`,
  };
  return linesOf(figures, faults);
}

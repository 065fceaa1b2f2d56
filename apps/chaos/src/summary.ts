import type { ChaosResult } from "./run.ts";

/** The result of a run as lines for a person. */
export function summaryLines(result: ChaosResult): string[] {
  const { jobs, kills, hits, inventory, extraObjectsAtLastKill, cleanAfterMs, faults } = result;
  const claims = inventory.jobs.map(({ claim }) => claim);
  const attempts = sum(jobs.map((job) => job.attempts));
  const states = [...new Set(jobs.map(({ status }) => status))].map(
    (status) => `${jobs.filter((job) => job.status === status).length} ${status}`,
  );
  const verified = jobs.filter(({ status }) => status === "SUCCEEDED").length;
  const figures = {
    Jobs: states.join(", "),
    Kills: `${kills}, of which ${hits} interrupted an export`,
    Claims: `${sum(claims)}, of which ${sum(claims) - claims.length} were lost; at most ${Math.max(...claims)} for one job (the 20th without a result would fail it)`,
    Attempts: `${attempts} used`,
    Files: `${verified} downloaded and verified: SHA-256, size, rows`,
    Bucket: `${extraObjectsAtLastKill} extra objects and uploads after the last kill, ${inventory.extraObjects} after another ${(cleanAfterMs / 1_000).toFixed(0)} s; ${inventory.orphans.length} orphans`,
    Records: `${inventory.lostObjects} of lost objects, ${inventory.strayRecords.length} without an owner`,
  };
  return linesOf(figures, faults);
}

/** Figures with their names, and the verdict. */
export function linesOf(
  figures: Readonly<Record<string, string>>,
  faults: readonly string[],
): string[] {
  const lines = Object.entries(figures).map(([name, value]) => `  ${name.padEnd(9)} ${value}`);
  return faults.length === 0
    ? [...lines, "", "All checks passed."]
    : [...lines, "", `${faults.length} checks failed:`, ...faults.map((fault) => `  ${fault}`)];
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);

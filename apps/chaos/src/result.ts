import type { ChaosResult } from "./run.ts";

/** What a person wants to see of a run. */
export function resultLines(result: ChaosResult): string[] {
  const { jobs, kills, hits, inventory, unfinishedAtFirst, cleanAfterMs, faults } = result;
  const claims = inventory.jobs.map(({ claim }) => claim);
  const attempts = jobs.reduce((sum, job) => sum + job.attempts, 0);
  const states = [...new Set(jobs.map(({ status }) => status))].map(
    (status) => `${jobs.filter((job) => job.status === status).length} ${status}`,
  );
  const shown = {
    Jobs: states.join(", "),
    Kills: `${kills}, ${hits} of them hit a running export`,
    Claims: `${sum(claims)}, ${sum(claims) - claims.length} of them lost; ${Math.max(...claims)} at most for one job (20 without a result would fail it)`,
    Attempts: `${attempts} used up`,
    Files: `${jobs.filter(({ sha256 }) => sha256 !== undefined).length} downloaded and compared: SHA-256, size, rows`,
    Bucket: `${unfinishedAtFirst} objects and uploads beside the files right after the last kill, ${inventory.unfinished} of them ${(cleanAfterMs / 1_000).toFixed(0)} s later; ${inventory.orphans.length} orphans`,
    Notes: `${inventory.lost} lost objects were swept, ${inventory.strayNotes.length} notes without an owner`,
  };
  const lines = Object.entries(shown).map(([name, value]) => `  ${name.padEnd(9)} ${value}`);
  return faults.length === 0
    ? [...lines, "", "All holds."]
    : [...lines, "", `${faults.length} things do not hold:`, ...faults.map((each) => `  ${each}`)];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

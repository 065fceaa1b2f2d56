import { createProgressLines, renderBar, type Output } from "@docket/terminal";

type ExportState = {
  readonly name: string;
  readonly percent: number;
  readonly state: string;
  readonly rows: number;
};

export type ExportProgress = {
  /** Fields that are left out keep their values. */
  readonly update: (change: Partial<Omit<ExportState, "name">>) => void;
};

export type Progress = {
  readonly add: (name: string) => ExportProgress;
  readonly stop: () => void;
};

const BAR_WIDTH = 24;

/** Shows a progress bar for each export. */
export function createProgress(output: Output): Progress {
  const lines = createProgressLines(output, ({ name, percent, state, rows }: ExportState) => {
    const bar = renderBar(percent / 100, BAR_WIDTH);
    const figures = `${String(percent).padStart(3)} %  ${rows.toLocaleString("en").padStart(7)} rows`;
    return `  ${name.padEnd(16)} ${bar} ${figures}  ${state}`;
  });
  return {
    add: (name) => {
      let current: ExportState = { name, percent: 0, state: "ordered", rows: 0 };
      const line = lines.add(current);
      return {
        update: (change) => {
          current = { ...current, ...change };
          line.update(current);
        },
      };
    },
    stop: lines.stop,
  };
}

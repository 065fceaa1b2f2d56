import cliProgress from "cli-progress";

/** Where the demo shows itself. */
export type Output = NodeJS.WriteStream;

export type Bar = {
  /** `percent` stays as it is when it is not given. */
  readonly update: (percent: number | undefined, state: string, rows?: number) => void;
};

export type Progress = {
  readonly add: (name: string) => Bar;
  readonly stop: () => void;
};

const FORMAT = "  {name} {bar} {percentage} %  {rows} rows  {state}";
const LOOK = { ...cliProgress.Presets.shades_classic, barsize: 24, format: FORMAT };

const payload = (name: string, state: string, rows: number) => ({
  name: name.padEnd(16),
  rows: rows.toLocaleString("en").padStart(7),
  state,
});

/** Progress bars: they move in a terminal; elsewhere each change is a line of its own. */
export function createProgress(output: Output): Progress {
  return output.isTTY ? moving(output) : printed(output);
}

function moving(output: Output): Progress {
  const bars = new cliProgress.MultiBar(
    {
      stream: output,
      hideCursor: true,
      fps: 12,
      formatValue: (value, _options, type) =>
        type === "percentage" ? String(value).padStart(3) : String(value),
    },
    LOOK,
  );
  return {
    add: (name) => {
      let rows = 0;
      const bar = bars.create(100, 0, payload(name, "ordered", 0));
      let percent = 0;
      return {
        update: (now, state, count) => {
          percent = now ?? percent;
          rows = count ?? rows;
          bar.update(percent, payload(name, state, rows));
        },
      };
    },
    stop: () => bars.stop(),
  };
}

/** cli-progress repeats all bars on a timer where there is no terminal; a log wants each change once. */
function printed(output: Output): Progress {
  const startTime = Date.now();
  const show = (name: string, percent: number, state: string, rows: number): string =>
    cliProgress.Format.Formatter(
      {
        ...LOOK,
        formatValue: (value, _options, type) =>
          type === "percentage" ? String(value).padStart(3) : String(value),
      },
      {
        progress: percent / 100,
        value: percent,
        total: 100,
        eta: 0,
        startTime,
        stopTime: null,
        maxWidth: 0,
      },
      payload(name, state, rows),
    );
  return {
    add: (name) => {
      let [last, percent, rows] = ["", 0, 0];
      return {
        update: (now, state, count) => {
          percent = now ?? percent;
          rows = count ?? rows;
          const line = show(name, percent, state, rows);
          if (line !== last) output.write(`${line}\n`);
          last = line;
        },
      };
    },
    stop: () => undefined,
  };
}

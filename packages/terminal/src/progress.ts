import cliProgress from "cli-progress";

/** Where the demo shows itself. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

export type Bar = {
  /** `percent` stays as it is when it is not given. */
  readonly update: (percent: number | undefined, state: string, rows?: number) => void;
};

export type Progress = {
  readonly add: (name: string) => Bar;
  readonly stop: () => void;
};

const BAR_WIDTH = 24;

const LOOK: cliProgress.Options = {
  formatBar: (progress) => {
    const done = Math.round(progress * BAR_WIDTH);
    return "█".repeat(done) + "░".repeat(BAR_WIDTH - done);
  },
  format: "  {name} {bar} {percentage} %  {rows} rows  {state}",
  formatValue: (value, _options, type) => String(value).padStart(type === "percentage" ? 3 : 0),
  // Not shown, but asked for; the default wants options that only its own bars fill in.
  formatTime: String,
  hideCursor: true,
  fps: 12,
};

type Shown = { readonly percent: number; readonly state: string; readonly rows: number };

const ORDERED: Shown = { percent: 0, state: "ordered", rows: 0 };

const payload = (name: string, { state, rows }: Shown) => ({
  name: name.padEnd(16),
  rows: rows.toLocaleString("en").padStart(7),
  state,
});

/** Progress bars: they move in a terminal; elsewhere each change is a line of its own. */
export function createProgress(output: Output): Progress {
  return output.isTTY ? moving(output) : printed(output);
}

function moving(output: Output): Progress {
  const bars = new cliProgress.MultiBar({ ...LOOK, stream: output });
  return {
    add: (name) => {
      const bar = bars.create(100, 0, payload(name, ORDERED));
      return remembering((shown) => bar.update(shown.percent, payload(name, shown)));
    },
    stop: () => bars.stop(),
  };
}

/** Where there is no terminal cli-progress repeats all bars on a timer; a log wants each change once. */
function printed(output: Output): Progress {
  const startTime = Date.now();
  const still = { total: 100, eta: 0, startTime, stopTime: null, maxWidth: 0 };
  return {
    add: (name) => {
      let last = "";
      return remembering((shown) => {
        const { percent } = shown;
        const place = { ...still, progress: percent / 100, value: percent };
        const line = cliProgress.Format.Formatter(LOOK, place, payload(name, shown));
        if (line !== last) output.write(`${line}\n`);
        last = line;
      });
    },
    stop: () => undefined,
  };
}

/** A bar that keeps what an update leaves out. */
function remembering(show: (shown: Shown) => void): Bar {
  let shown = ORDERED;
  return {
    update: (percent = shown.percent, state, rows = shown.rows) => {
      shown = { percent, state, rows };
      show(shown);
    },
  };
}

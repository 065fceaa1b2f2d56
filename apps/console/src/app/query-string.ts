/** How one value is written as the parameters of one name. */
export type Codec<T> = {
  /** Undefined for values that are not valid, which are then as if absent. */
  readonly parse: (values: readonly string[]) => T | undefined;
  readonly format: (value: T) => readonly string[];
};

// `any` accepts the codecs of every type; StateOf restores the types.
// oxlint-disable-next-line typescript/no-explicit-any
export type Schema = Readonly<Record<string, Codec<any>>>;

type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** What is not in the URL is absent. */
export type StateOf<S extends Schema> = { readonly [K in keyof S]?: ValueOf<S[K]> };

/** Undefined takes a value out of the URL. */
export type ChangesOf<S extends Schema> = { readonly [K in keyof S]?: ValueOf<S[K]> | undefined };

const MAX_LENGTH = 500;

/** A text of up to 500 characters. */
export const text: Codec<string> = {
  parse: ([value]) =>
    value === undefined || value === "" ? undefined : value.slice(0, MAX_LENGTH),
  format: (value) => [value],
};

/** `true`, or absent. */
export const flag: Codec<true> = {
  parse: ([value]) => (value === "true" ? true : undefined),
  format: () => ["true"],
};

/** A day of the calendar, as YYYY-MM-DD. */
export const day: Codec<string> = {
  parse: ([value]) => (value !== undefined && isDay(value) ? value : undefined),
  format: (value) => [value],
};

function isDay(value: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  // Date.parse takes 30 February as 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** One of these. */
export const choice = <const T extends string>(values: readonly T[]): Codec<T> => ({
  parse: ([value]) => values.find((each) => each === value),
  format: (value) => [value],
});

/** Some of these; none is absent. */
export const choices = <const T extends string>(values: readonly T[]): Codec<readonly T[]> => ({
  parse: (given) => {
    const known = values.filter((each) => given.includes(each));
    return known.length === 0 ? undefined : known;
  },
  format: (value) => value,
});

/** Reads the state from a query string. */
export function readState<S extends Schema>(schema: S, search: string): StateOf<S> {
  const parameters = new URLSearchParams(search);
  const entries = Object.entries(schema).map(([name, codec]) => [
    name,
    codec.parse(parameters.getAll(name)),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as StateOf<S>;
}

/** A cursor is valid only with the filters and the sort it was made for. */
const CURSOR = "cursor";

/** The query string with these changes: "" or one that begins with "?". Parameters that the schema does not name stay. */
export function writeState<S extends Schema>(
  schema: S,
  search: string,
  changes: ChangesOf<S>,
): string {
  const parameters = new URLSearchParams(search);
  if (!(CURSOR in changes)) parameters.delete(CURSOR);
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name);
    const given = value === undefined ? [] : (schema[name]?.format(value) ?? []);
    for (const each of given) parameters.append(name, each);
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

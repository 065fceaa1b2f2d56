/** A server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export type ServerSentEvent = {
  /** `message` if the server has not named it. */
  readonly type: string;
  readonly data: string;
};

/** An event of the API has at most some 25 kB. */
const MAX_CHARACTERS = 1_048_576;

/**
 * Parses server-sent events incrementally: `push` returns the events that the bytes complete. Their ids are part of the data in
 * this API, and the server's `retry` is left to the caller's own delays.
 */
export function createEventParser(maxCharacters = MAX_CHARACTERS) {
  // Removes a byte order mark at the start.
  const decoder = new TextDecoder();
  let line = "";
  let afterCarriageReturn = false;
  let type = "";
  let data: string[] = [];
  let size = 0;

  const readLine = (text: string): ServerSentEvent | undefined => {
    if (text !== "") {
      // A comment has an empty name.
      const [, name, value = ""] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(text)!;
      if (name === "event") type = value;
      if (name === "data") data.push(value);
      return undefined;
    }
    const event = { type: type === "" ? "message" : type, data: data.join("\n") };
    const isEmpty = data.length === 0;
    type = "";
    data = [];
    size = 0;
    return isEmpty ? undefined : event;
  };

  /** @throws RangeError for an event that is larger than any of the API */
  return (bytes: Uint8Array): readonly ServerSentEvent[] => {
    let text = decoder.decode(bytes, { stream: true });
    if (text === "") return [];
    // The line feed of a CR LF whose CR ended the chunk before.
    if (afterCarriageReturn && text.startsWith("\n")) text = text.slice(1);
    afterCarriageReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    const rest = lines.pop()!;
    const events: ServerSentEvent[] = [];
    for (const each of lines) {
      size += each.length;
      const event = readLine(line + each);
      line = "";
      if (event !== undefined) events.push(event);
      else if (size > maxCharacters) throw tooLarge();
    }
    line += rest;
    size += rest.length;
    if (size > maxCharacters) throw tooLarge();
    return events;
  };
}

const tooLarge = (): RangeError => new RangeError("an event of the stream is too large");

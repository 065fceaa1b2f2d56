import { useEffect, useRef } from "react";

import "./transactions.css";

/** The exact reference of a transaction, sent by Enter. */
export function ReferenceSearch({
  externalId = "",
  onChange,
}: {
  readonly externalId: string | undefined;
  readonly onChange: (externalId: string | undefined) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  // The filter may change elsewhere, for example by Back.
  useEffect(() => {
    input.current!.value = externalId;
  }, [externalId]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const reference = input.current!.value.trim();
        onChange(reference === "" ? undefined : reference);
      }}
    >
      <input
        ref={input}
        type="search"
        name="reference"
        className="input transactions__search"
        aria-label="Reference of a transaction"
        placeholder="Reference"
        defaultValue={externalId}
        maxLength={255}
        dir="auto"
      />
    </form>
  );
}

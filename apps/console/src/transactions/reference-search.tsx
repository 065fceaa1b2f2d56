import "./transactions.css";

/** The exact reference of a transaction, sent by Enter. */
export function ReferenceSearch({
  externalId,
  onChange,
}: {
  readonly externalId: string | undefined;
  readonly onChange: (externalId: string | undefined) => void;
}) {
  return (
    // The key empties the field when the filter is removed elsewhere.
    <form
      key={externalId}
      onSubmit={(event) => {
        event.preventDefault();
        const given = new FormData(event.currentTarget).get("reference");
        const reference = typeof given === "string" ? given.trim() : "";
        onChange(reference === "" ? undefined : reference);
      }}
    >
      <input
        type="search"
        name="reference"
        className="input transactions__search"
        aria-label="Reference of a transaction"
        placeholder="Reference"
        defaultValue={externalId ?? ""}
        maxLength={255}
        dir="auto"
      />
    </form>
  );
}

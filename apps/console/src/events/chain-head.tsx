import { ShortId } from "../ui/copy.tsx";
import { useHead } from "./queries.ts";

/** The head of the chain. With a copy of it, a person can prove later that no event before it was changed. */
export function ChainHead() {
  const { data: head } = useHead();
  if (head === undefined || head.seq === 0) return null;
  return (
    <span
      className="small secondary"
      title="Keep a copy: it proves later that no event up to here was changed"
    >
      Audit proof{" "}
      <ShortId
        value={`${head.seq}:${head.hash}`}
        label="audit proof"
        head={String(head.seq).length + 9}
        tail={8}
      />
    </span>
  );
}

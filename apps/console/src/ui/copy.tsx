import { useEffect, useState } from "react";

import { buttonClass } from "./button.tsx";
import "./copy.css";
import { shortened } from "./format.ts";
import { Icon } from "./icon.tsx";
import { toasts } from "./toast.ts";

const CONFIRMED_MS = 1_500;

/** An id or a digest: shortened in the middle, complete on hover, copied on click. */
export function ShortId({
  value,
  label,
  head,
  tail,
}: {
  readonly value: string;
  /** What it is, such as "export ID". */
  readonly label: string;
  readonly head?: number;
  readonly tail?: number;
}) {
  const [copy, isCopied] = useCopy(value);
  return (
    <button type="button" className="short-id" title={value} onClick={copy}>
      <span className="visually-hidden">Copy {label} </span>
      <span className="mono">{shortened(value, head, tail)}</span>
      <Icon name={isCopied ? "check" : "copy"} size={12} />
      <span role="status" className="visually-hidden">
        {isCopied ? "Copied" : ""}
      </span>
    </button>
  );
}

/** A text to keep, complete, with a button that copies it. */
export function CopyText({ value, label }: { readonly value: string; readonly label: string }) {
  const [copy, isCopied] = useCopy(value);
  return (
    <div className="copy-text">
      <code className="mono text">{value}</code>
      <button type="button" className={buttonClass({ size: "small" })} onClick={copy}>
        <Icon name={isCopied ? "check" : "copy"} />
        <span role="status">{isCopied ? "Copied" : `Copy ${label}`}</span>
      </button>
    </div>
  );
}

/** Copies a text, and is true for a moment afterwards. */
function useCopy(value: string): readonly [() => void, boolean] {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    try {
      // Browsers have no clipboard on pages over plain http.
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      toasts.add({ title: "The browser does not allow copying", description: value });
    }
  };
  return [() => void copy(), isCopied];
}

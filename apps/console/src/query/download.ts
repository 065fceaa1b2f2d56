import { useState } from "react";

import { toastError } from "../ui/toast-error.ts";
import { toasts } from "../ui/toast.ts";

/**
 * Saves a file from the store. `findLink` is called for each click, because a link expires. The store sends the file as an
 * attachment: the browser saves it, never shows it, and stays on the page. An error of the store would replace the page, so the
 * link is tried first.
 */
export function useDownload(findLink: () => Promise<{ readonly downloadUrl: string }>): {
  readonly isBusy: boolean;
  readonly download: () => void;
} {
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { downloadUrl } = await findLink();
      if (await hasFile(downloadUrl)) window.location.assign(downloadUrl);
      else toasts.add({ title: FAILED, description: "The file cannot be read. Try again later." });
    } catch (error) {
      toastError(FAILED, error);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, download: () => void save() };
}

/** A store that has not answered by then counts as unavailable. */
const TRIAL_MS = 10_000;

const FAILED = "The download did not start";

/** Whether the store sends the file. Without a CORS rule of the bucket, the page learns only whether the store answers. */
async function hasFile(downloadUrl: string): Promise<boolean> {
  const trial = new AbortController();
  const timer = setTimeout(() => trial.abort(), TRIAL_MS);
  const request = (mode: RequestMode): Promise<Response> =>
    fetch(downloadUrl, { mode, signal: trial.signal });
  try {
    const response = await request("cors").catch(() => request("no-cors"));
    return response.ok || response.type === "opaque";
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    trial.abort();
  }
}

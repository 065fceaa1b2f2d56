import { useState } from "react";

import { toastError } from "../ui/toast-error.ts";

/**
 * Saves a file from the store. `findLink` is called for each click, because a link expires. The store sends the file as an
 * attachment: the browser saves it and never shows it.
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
      window.location.assign(downloadUrl);
    } catch (error) {
      toastError("The download did not start", error);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, download: () => void save() };
}

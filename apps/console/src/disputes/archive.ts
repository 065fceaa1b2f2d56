import { useDocket } from "../query/docket-context.tsx";
import { toastError } from "../ui/toast-error.ts";
import { toasts } from "../ui/toast.ts";

/** Downloads the archive of a dispute: it, its history and its evidence as a ZIP. */
export function useArchive(disputeId: string): () => void {
  const { disputes } = useDocket();
  const save = async (): Promise<void> => {
    toasts.add({ title: "Preparing the archive" });
    try {
      const { fileName, stream } = await disputes.archive(disputeId);
      saveBlob(await new Response(stream).blob(), fileName);
    } catch (error) {
      toastError("The archive was not downloaded", error);
    }
  };
  return () => void save();
}

/** Saves bytes as a file. The call needs the token, so that a plain link cannot do it. */
function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // After the browser has begun to save it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

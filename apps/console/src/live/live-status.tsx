import { Icon, type IconName } from "../ui/icon.tsx";
import "./live-status.css";
import { useLive } from "./use-live.ts";

type Words = { readonly label: string; readonly icon: IconName; readonly title: string };

const WORDS: Readonly<Record<NonNullable<ReturnType<typeof useLive>>, Words>> = {
  connecting: {
    label: "Connecting",
    icon: "clock",
    title: "Connecting. Changes do not appear yet",
  },
  live: { label: "Live", icon: "pulse", title: "Changes appear as they happen" },
  polling: { label: "Live", icon: "pulse", title: "Changes appear within seconds" },
  offline: {
    label: "Reconnecting",
    icon: "offline",
    title: "Docket does not answer. What you see may be out of date",
  },
};

/** Whether the screens follow what happens. */
export function LiveStatus() {
  const status = useLive();
  if (status === undefined) return null;
  const { label, icon, title } = WORDS[status];
  return (
    <span className="live-status" data-status={status} role="status" title={title}>
      <Icon name={icon} size={14} />
      <span className="live-status__label">{label}</span>
    </span>
  );
}

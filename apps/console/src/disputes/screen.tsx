import type { ContextScreenProps } from "../app/area.ts";
import { useItemHref } from "../app/item-href.ts";
import { Screen } from "../app/screen.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { DisputeList } from "./dispute-list.tsx";
import { DisputePanel } from "./dispute-panel.tsx";
import "./disputes.css";

export function DisputesScreen({ contextId, itemId }: ContextScreenProps) {
  const href = useItemHref(contextId, "disputes");
  return (
    <Screen title="Disputes">
      <ListWithPanel
        openKey={itemId}
        list={<DisputeList contextId={contextId} openId={itemId} href={href} />}
        panel={
          itemId !== undefined && (
            <DisputePanel key={itemId} disputeId={itemId} closeHref={href()} />
          )
        }
      />
    </Screen>
  );
}

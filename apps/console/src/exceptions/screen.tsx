import type { ContextScreenProps } from "../app/area.ts";
import { useItemHref } from "../app/item-href.ts";
import { Screen } from "../app/screen.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { ExceptionList } from "./exception-list.tsx";
import { ExceptionPanel } from "./exception-panel.tsx";
import "./exceptions.css";

export function ExceptionsScreen({ contextId, itemId }: ContextScreenProps) {
  const href = useItemHref(contextId, "exceptions");
  return (
    <Screen title="Exceptions">
      <ListWithPanel
        openKey={itemId}
        list={<ExceptionList contextId={contextId} openId={itemId} href={href} />}
        panel={
          itemId !== undefined && (
            <ExceptionPanel key={itemId} exceptionId={itemId} closeHref={href()} />
          )
        }
      />
    </Screen>
  );
}

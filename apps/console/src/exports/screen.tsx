import type { ContextScreenProps } from "../app/area.ts";
import { useItemHref } from "../app/item-href.ts";
import { Screen } from "../app/screen.tsx";
import { useUrlState } from "../app/url-state.ts";
import { useAllowed } from "../session/session-context.tsx";
import { Button } from "../ui/button.tsx";
import { ListWithPanel } from "../ui/panel.tsx";
import { useShortcuts } from "../ui/shortcuts.ts";
import { ExportList } from "./export-list.tsx";
import { ExportPanel } from "./export-panel.tsx";
import "./exports.css";
import { ORDER_STATE } from "./filters.ts";
import { OrderDialog } from "./order-dialog.tsx";

export function ExportsScreen({ contextId, itemId }: ContextScreenProps) {
  const [{ order, ...period }, setOrder] = useUrlState(ORDER_STATE);
  const canOrder = useAllowed("export-job:write");
  const start = (): void => setOrder({ order: "new" });
  useShortcuts(canOrder ? [{ keys: "n", label: "Order an export", run: start }] : []);
  const href = useItemHref(contextId, "exports");
  const close = (): void =>
    setOrder({ order: undefined, dateFrom: undefined, dateTo: undefined }, { replace: true });
  return (
    <Screen
      title="Exports"
      action={
        canOrder && (
          <Button look="primary" icon="plus" onClick={start}>
            Order export
          </Button>
        )
      }
    >
      <ListWithPanel
        openKey={itemId}
        list={<ExportList contextId={contextId} openId={itemId} href={href} onOrder={start} />}
        panel={
          itemId !== undefined && <ExportPanel key={itemId} jobId={itemId} closeHref={href()} />
        }
      />
      {canOrder && order !== undefined && (
        <OrderDialog
          key={order}
          contextId={contextId}
          start={order}
          period={period}
          onClose={close}
        />
      )}
    </Screen>
  );
}

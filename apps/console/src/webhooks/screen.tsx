import { Screen } from "../app/screen.tsx";
import { EmptyState } from "../ui/states.tsx";

export function WebhooksScreen() {
  return (
    <Screen title="Webhooks">
      <EmptyState title="This screen is not finished">
        Use the API or the command line until then.
      </EmptyState>
    </Screen>
  );
}

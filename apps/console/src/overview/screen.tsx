import { Screen } from "../app/screen.tsx";
import { EmptyState } from "../ui/states.tsx";

export function OverviewScreen() {
  return (
    <Screen title="Overview">
      <EmptyState title="This screen is not finished">
        Use the API or the command line until then.
      </EmptyState>
    </Screen>
  );
}

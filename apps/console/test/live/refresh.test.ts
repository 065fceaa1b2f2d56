import { QueryClient, QueryObserver } from "@tanstack/react-query";

import { createRefresh } from "../../src/live/refresh.ts";

it("lets a slow answer arrive while events arrive, then reads again once", async () => {
  jest.useFakeTimers();
  const queryClient = new QueryClient();
  let calls = 0;
  const observer = new QueryObserver(queryClient, {
    queryKey: ["exceptions", "list"],
    queryFn: async () => {
      calls += 1;
      const call = calls;
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return call;
    },
  });
  const unsubscribe = observer.subscribe(() => undefined);
  await jest.advanceTimersByTimeAsync(2_000);
  const refresh = createRefresh(queryClient);
  for (let time = 0; time < 2_000; time += 100) {
    refresh.event("exception.updated");
    await jest.advanceTimersByTimeAsync(100);
  }
  await jest.advanceTimersByTimeAsync(300);
  expect(observer.getCurrentResult().data).toBe(2);
  await jest.advanceTimersByTimeAsync(2_500);
  expect({ calls, data: observer.getCurrentResult().data }).toEqual({ calls: 3, data: 3 });
  refresh.stop();
  unsubscribe();
  queryClient.clear();
  jest.useRealTimers();
});

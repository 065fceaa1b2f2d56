import type {
  CreateWebhookEndpointRequest,
  ListWebhookDeliveriesParams,
  UpdateWebhookEndpointRequest,
} from "@docket/client";
import { keepPreviousData, useQuery, type QueryClient } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey, RESOURCES } from "../query/keys.ts";
import { useSubmit } from "../query/submit.ts";
import { toastError } from "../ui/toast-error.ts";
import { toasts } from "../ui/toast.ts";

/** A tenant has at most 50 endpoints. */
const MOST_ENDPOINTS = 50;
const DELIVERIES_PER_PAGE = 20;
/** There is no event for a delivery attempt. */
const DELIVERIES_MS = 5_000;

export function useEndpoints() {
  const docket = useDocket();
  return useQuery({
    queryKey: listKey("webhooks", {}),
    queryFn: async ({ signal }) =>
      (await docket.webhookEndpoints.list({ limit: MOST_ENDPOINTS }, { signal }).page()).items,
  });
}

export function useEndpoint(endpointId: string) {
  const docket = useDocket();
  return useQuery({
    queryKey: itemKey("webhooks", endpointId),
    queryFn: ({ signal }) => docket.webhookEndpoints.get(endpointId, { signal }),
  });
}

export function useDeliveries(endpointId: string, query: ListWebhookDeliveriesParams) {
  const docket = useDocket();
  const given = { limit: DELIVERIES_PER_PAGE, ...query };
  return useQuery({
    queryKey: [...itemKey("webhooks", endpointId, "deliveries"), given],
    queryFn: ({ signal }) => docket.webhookDeliveries.list(endpointId, given, { signal }).page(),
    placeholderData: keepPreviousData,
    refetchInterval: DELIVERIES_MS,
  });
}

const refresh = (queryClient: QueryClient): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: [RESOURCES.webhooks] });

/** `onSuccess` gets the secret, which is not shown again. */
export function useCreateEndpoint(
  onSuccess: (created: { readonly id: string; readonly secret: string }) => void,
) {
  const { webhookEndpoints } = useDocket();
  return useSubmit({
    send: (request: CreateWebhookEndpointRequest, options) =>
      webhookEndpoints.create(request, options),
    onSuccess,
    refresh,
  });
}

export function useUpdateEndpoint(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useSubmit({
    send: (request: UpdateWebhookEndpointRequest, options) =>
      webhookEndpoints.update(endpointId, request, options),
    onError: (error) => toastError("The endpoint was not changed", error),
    refresh,
  });
}

export function useRotateSecret(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useSubmit({
    send: (graceSeconds: number, options) =>
      webhookEndpoints.rotateSecret(endpointId, { graceSeconds }, options),
    onError: (error) => toastError("The secret was not rotated", error),
    refresh,
  });
}

export function useTestEndpoint(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useSubmit({
    send: (_: void, options) => webhookEndpoints.test(endpointId, options),
    onSuccess: () =>
      toasts.add({ title: "Test event sent", description: "Its delivery appears below." }),
    onError: (error) => toastError("The test event was not sent", error),
    refresh,
  });
}

export function useDeleteEndpoint(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useSubmit({
    send: (_: void, options) => webhookEndpoints.delete(endpointId, options),
    onError: (error) => toastError("The endpoint was not deleted", error),
    refresh,
  });
}

export function useResend() {
  const { webhookDeliveries } = useDocket();
  return useSubmit({
    send: (deliveryId: string, options) => webhookDeliveries.resend(deliveryId, options),
    onSuccess: () => toasts.add({ title: "One more attempt is on its way" }),
    onError: (error) => toastError("The delivery was not sent again", error),
    refresh,
  });
}

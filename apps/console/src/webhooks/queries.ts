import type {
  CreateWebhookEndpointRequest,
  ListWebhookDeliveriesParams,
  UpdateWebhookEndpointRequest,
} from "@docket/client";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useDocket } from "../query/docket-context.tsx";
import { itemKey, listKey, RESOURCES } from "../query/keys.ts";

/** A tenant has at most 50 endpoints. */
const MOST_ENDPOINTS = 50;
const DELIVERIES_PER_PAGE = 20;
/** No event tells of an attempt. */
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

/** A change of webhooks, after which they are read again. */
function useChange<V, R>(mutationFn: (value: V) => Promise<R>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => queryClient.invalidateQueries({ queryKey: [RESOURCES.webhooks] }),
  });
}

export function useCreateEndpoint() {
  const { webhookEndpoints } = useDocket();
  return useChange((request: CreateWebhookEndpointRequest) => webhookEndpoints.create(request));
}

export function useUpdateEndpoint(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useChange((request: UpdateWebhookEndpointRequest) =>
    webhookEndpoints.update(endpointId, request),
  );
}

export function useRotateSecret(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useChange((graceSeconds: number) =>
    webhookEndpoints.rotateSecret(endpointId, { graceSeconds }),
  );
}

export function useTestEndpoint(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useChange(async () => webhookEndpoints.test(endpointId));
}

export function useDeleteEndpoint(endpointId: string) {
  const { webhookEndpoints } = useDocket();
  return useChange(async () => webhookEndpoints.delete(endpointId));
}

export function useResend() {
  const { webhookDeliveries } = useDocket();
  return useChange((deliveryId: string) => webhookDeliveries.resend(deliveryId));
}

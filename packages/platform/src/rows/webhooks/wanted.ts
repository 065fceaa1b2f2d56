/**
 * True for an event `e` that an endpoint `w` wants. A test is for the endpoint that it names.
 *
 * @remarks `ignored` are the events that were committed before the endpoint was created and had no number then, until the fan-out
 * passes them.
 */
export const IS_WANTED = `
  CASE WHEN e.type = 'webhook.test' THEN e.subject = '/v1/webhook-endpoints/' || w.id
       ELSE e.type = ANY (w.types) OR split_part(e.type, '.', 1) || '.*' = ANY (w.types) END
  AND e.audit_seq <> ALL (w.ignored)`;

/** True for an event `e` of the time in which the endpoint `w` was, or is, disabled. */
export const IS_MUTED = `coalesce(e.at >= w.muted_from AND e.at < coalesce(w.muted_until, 'infinity'), false)`;

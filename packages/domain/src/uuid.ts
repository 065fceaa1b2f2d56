/** A UUID of any version in lower case, as Postgres writes it (RFC 9562). */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text);

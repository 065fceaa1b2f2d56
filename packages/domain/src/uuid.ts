/** A UUID of any version (RFC 9562) in lower case, the form in which Postgres writes it. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True if `text` is a UUID in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text);

import Joi from "joi";

/** A setting that is an https URL. Over plain http, anyone on the network path could change the responses. */
export const secureUrl = (variable: string): Joi.StringSchema =>
  Joi.string()
    .custom((url: string, helpers) => (isSecure(url) ? url : helpers.error("any.invalid")))
    .messages({ "any.invalid": `${variable} must be an https URL, except for loopback hosts` });

function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

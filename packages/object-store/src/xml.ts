import { S3Error } from "./s3-error.ts";

export type XmlNode = {
  readonly name: string;
  readonly children: readonly XmlNode[];
  readonly text: string;
};

type OpenNode = { name: string; children: XmlNode[]; text: string };

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
};
const MAX_DEPTH = 8;

/** Escapes the text of an element. Control characters, which XML 1.0 forbids, become references, as in S3. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (c) =>
      c === "&" ? "&amp;" : c === "<" ? "&lt;" : c === ">" ? "&gt;" : "&quot;",
    )
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (c) => `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`);
}

/** `<name>text</name>`; empty when the text is undefined. */
export function element(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? "" : `<${name}>${escapeXml(String(text))}</${name}>`;
}

/** A document in S3's namespace around escaped content. */
export function document(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;
}

/**
 * Parses the small documents that clients send: elements, text, and attributes, which are ignored. Refuses comments, CDATA,
 * DOCTYPE and custom entities, so that nothing can expand or refer to something else.
 *
 * @throws S3Error MalformedXML
 */
export function parseXml(xml: string): XmlNode {
  const stack: OpenNode[] = [{ name: "", children: [], text: "" }];
  const pattern =
    /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
  pattern.lastIndex = /^\uFEFF?\s*(?:<\?xml[^>]*\?>)?/.exec(xml)?.[0].length ?? 0;
  while (pattern.lastIndex < xml.length) {
    const match = pattern.exec(xml);
    const top = stack.at(-1);
    if (match === null || top === undefined) throw new S3Error("MalformedXML");
    const [, closing, name, , empty, text] = match;
    if (text !== undefined) top.text += unescape(text);
    else if (closing === "/") close(stack, name ?? "");
    else {
      const node: OpenNode = { name: name ?? "", children: [], text: "" };
      top.children.push(node);
      if (empty !== "/") stack.push(node);
      if (stack.length > MAX_DEPTH) throw new S3Error("MalformedXML");
    }
  }
  const [outer] = stack;
  const [root, ...more] = outer?.children ?? [];
  if (stack.length !== 1 || root === undefined || more.length > 0 || outer?.text.trim() !== "") {
    throw new S3Error("MalformedXML");
  }
  return root;
}

/** The text of the child with this name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.find((child) => child.name === name)?.text;
}

function close(stack: OpenNode[], name: string): void {
  const node = stack.pop();
  if (stack.length === 0 || node?.name !== name) throw new S3Error("MalformedXML");
}

function unescape(text: string): string {
  return text.replace(/&([^;&]{0,8};?)/g, (_, body: string) => {
    const name = body.endsWith(";") ? body.slice(0, -1) : "";
    const named = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    if (named !== undefined) return named;
    const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
    const code =
      digits === null ? NaN : digits[1] === undefined ? Number(digits[2]) : parseInt(digits[1], 16);
    if (!(code > 0 && code <= 0x10ffff)) throw new S3Error("MalformedXML");
    return String.fromCodePoint(code);
  });
}

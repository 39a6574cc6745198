/** What stands for a password, whatever its length. */
const dots = "••••••••";
/** Between the user and the host, also where somebody forgot to encode it; a port is none. */
const beforeHost = /^(\s*[a-z][a-z0-9+]*:\/\/[^:@/?#]*:)(?!\d+(?:[/?#]|$))([^/?#]*|.*?)@/i;
const parameter = /([?&](?:ssl)?password=)([^&#\s]+)/gi;

/** A connection URL while it is in a field: what is shown of it, and the passwords that are not; in memory only. */
export type PastedUrl = { shown: string; hidden: readonly string[] };

export const noUrl: PastedUrl = { shown: "", hidden: [] };

/** What the field shows now. A password that was covered before is the one behind its dots; part of the dots is none. */
export function typedUrl(shown: string, before: PastedUrl): PastedUrl {
  const known = [...before.hidden];
  return cover(shown.replace(/•+/g, (run) => (run === dots ? (known.shift() ?? "") : "")));
}

/** The whole URL, for core to read. */
export function wholeUrl({ shown, hidden }: PastedUrl): string {
  const left = [...hidden];
  return shown.replaceAll(dots, () => left.shift() ?? "");
}

function cover(url: string): PastedUrl {
  const hidden: string[] = [];
  const hide = (before: string, password: string) => {
    hidden.push(password);
    return `${before}${dots}`;
  };
  const shown = url
    .replace(beforeHost, (whole, before: string, password: string) =>
      password === "" ? whole : `${hide(before, password)}@`,
    )
    .replace(parameter, (_whole, before: string, password: string) => hide(before, password));
  return { shown, hidden };
}

/** The password that somebody pasted with a URL: what they would have to type again otherwise. */
export function passwordOf(url: string): string {
  const [, ofUser] = /^[a-z]+:\/\/[^/?#]*?:([^@/?#]*)@/i.exec(url.trim()) ?? [];
  const [, ofQuery] = /[?&]password=([^&#]*)/i.exec(url) ?? [];
  const encoded = ofUser || ofQuery || "";
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

// Pages as tagged templates that escape everything by default. Only what came out of this tag is
// taken as markup, so a person's words can never become part of a page's structure.

const brand: unique symbol = Symbol('safe html');

/** Markup made by `html`. */
export type Safe = { readonly [brand]: string };

type Part = Safe | string | number | false | null | undefined | readonly Part[];

const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => names[sign] ?? '');
const isSafe = (part: object): part is Safe => brand in part;

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return isSafe(part) ? part[brand] : part.map(written).join('');
}

/** A link that stays in http(s), mailto or this site; anything else becomes `#`. */
export function safeHref(href: string): string {
  const bare = [...href].filter((sign) => sign.charCodeAt(0) > 32).join('');
  if (/^(https?:\/\/|mailto:)/i.test(bare)) return href;
  const scheme = /^[^/?#]*:/.test(bare) || bare.startsWith('//') || bare.startsWith('/\\') || bare.startsWith('\\');
  return scheme ? '#' : href;
}

const link = /\s(?:href|src|action|formaction)="$/i;

/** Inside a tag and outside quotes: only markup of ours may stand there. */
function bare(out: string): boolean {
  const tag = out.slice(out.lastIndexOf('<'));
  return tag.startsWith('<') && !tag.includes('>') && (tag.match(/"/g)?.length ?? 0) % 2 === 0;
}

/** Markup with every value escaped; in `href` and its kin only safe links pass. */
export function html(literals: TemplateStringsArray, ...parts: Part[]): Safe {
  let out = literals[0] ?? '';
  parts.forEach((part, at) => {
    if ((typeof part === 'string' || typeof part === 'number') && bare(out)) throw new Error('a value in a tag needs quotes around it');
    out += typeof part === 'string' && link.test(out.slice(-20)) ? escaped(safeHref(part)) : written(part);
    out += literals[at + 1] ?? '';
  });
  return { [brand]: out };
}

/** The page as text, ready to be sent. */
export const write = (page: Safe): string => page[brand];

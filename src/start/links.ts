// The pages of a link put together: texts of one file, the operator's words, and the channels that are
// open just now.
import type { Channel, ChannelName } from '../channel/channel.ts';
import type { Config } from '../config.ts';
import { inMessage } from '../link/code.ts';
import type { Links, Point, Way } from '../link/words.ts';
import type { Log } from '../log.ts';
import { makeIndex } from '../store/seal.ts';
import type { Content } from '../text/content.ts';
import { hoursIn } from '../text/hours.ts';
import { contactLines } from '../text/values.ts';
import type { Stores } from './stores.ts';

export function makeLinkParts(
  config: Config,
  { flow, catalog, operator, programmes, values }: Content,
  stores: Stores,
  log: Log,
  channels: Map<ChannelName, Channel>,
): Links {
  const text = (lang: string, key: string, given?: Record<string, string>) => catalog.text(lang, 'link', key, given);
  const country = (lang: string, code: string) =>
    catalog.has(lang, 'lists', `countries.${code}.name`) ? catalog.text(lang, 'lists', `countries.${code}.name`) : code.toUpperCase();
  return {
    keep: stores.keep,
    index: makeIndex(stores.indexKey),
    log,
    now: Date.now,
    publicUrl: config.PUBLIC_URL,
    languages: flow.languages,
    direction: catalog.direction,
    text,
    languageName: (lang) => catalog.text(lang, 'common', 'language'),
    operator: (lang) => ({ about: String(values(lang)['about'] ?? ''), free: String(values(lang)['free'] ?? ''), name: operator.name }),
    ways: () => waysOf(config, channels, operator.handles ?? [], text),
    countries: (lang) => new Map([...programmes.keys()].map((code) => [code, country(lang, code)])),
    points: (code, lang) => pointsOf(programmes.get(code)?.points ?? [], catalog, lang, config.MODE),
    contacts: (code, lang) => contactLines(programmes.get(code), catalog, lang, config.MODE),
  };
}

/** Telegram under its own name, WhatsApp under the number of the operator file, the web page: those that are on. */
function waysOf(config: Config, channels: Map<ChannelName, Channel>, handles: string[], text: Links['text']): Way[] {
  const ways: Way[] = [];
  const telegram = channels.get('telegram')?.handle?.() ?? null;
  const number = channels.has('whatsapp') ? handles.find((one) => /^\+\d[\d ]{6,18}$/.test(one)) : undefined;
  if (telegram !== null)
    ways.push({
      name: 'telegram',
      handle: telegram,
      href: (code) => `https://t.me/${telegram.slice(1)}${code === null ? '' : `?start=${code}`}`,
    });
  if (channels.has('web'))
    ways.push({
      name: 'web',
      handle: `${config.PUBLIC_URL}/chat`,
      href: (code) => `${config.PUBLIC_URL}/chat${code === null ? '' : `?ref=${code}`}`,
    });
  if (number !== undefined)
    ways.push({
      name: 'whatsapp',
      handle: `WhatsApp ${number}`,
      href: (code, lang) => {
        const hello = code === null ? text(lang, 'hello') : `${text(lang, 'hello')} ${inMessage(code)}`;
        return `https://wa.me/${number.replace(/\D/g, '')}?text=${encodeURIComponent(hello)}`;
      },
    });
  return ways;
}

type Packed = NonNullable<NonNullable<ReturnType<Content['programmes']['get']>>['points']>[number];

/** Places with words for this language; production shows none that nobody has checked. */
function pointsOf(points: Packed[], catalog: Content['catalog'], lang: string, mode: Config['MODE']): Point[] {
  const names = new Intl.DisplayNames([lang], { type: 'language' });
  return points.flatMap(({ name, where, hours, languages, how, checkedOn }) => {
    const words = how[lang];
    if (words === undefined || (mode === 'production' && checkedOn === undefined)) return [];
    return [
      {
        name,
        where,
        hours: hoursIn(hours, catalog, lang),
        languages: languages.map((one) => names.of(one) ?? one),
        how: words,
        checkedOn: checkedOn ?? null,
      },
    ];
  });
}

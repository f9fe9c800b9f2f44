// The seven words of the chat as Telegram's command list, per language, from the locales.
import type { CommandSet } from '../channel/telegram-commands.ts';
import type { Content } from '../text/content.ts';

const commands = ['help', 'language', 'human', 'sos', 'stop', 'delete', 'back'] as const;

/** One set per two-letter language and one for everybody else, in the first language. */
export function commandSets({ catalog, flow, values }: Content): CommandSet[] {
  const set = (lang: string, language: string | null): CommandSet => ({
    language,
    commands: commands.map((command) => ({ command, description: catalog.text(lang, 'common', `commands.${command}`) })),
    description: catalog.text(lang, 'common', 'commands.about', values(lang)),
    short: catalog.text(lang, 'common', 'commands.short', values(lang)),
  });
  const own = flow.languages.filter((lang) => lang.length === 2).map((lang) => set(lang, lang));
  return [set(flow.languages[0] ?? 'en', null), ...own];
}

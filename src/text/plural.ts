// Which plural forms a language has, by CLDR. What CLDR does not know has one form: asking the machine
// instead would give Haitian Creole the rules of whatever language the server happens to be set to.

const known = new Map<string, Intl.PluralRules | null>();

function cldr(lang: string): Intl.PluralRules | null {
  const before = known.get(lang);
  if (before !== undefined) return before;
  const rules = Intl.PluralRules.supportedLocalesOf([lang]).length === 0 ? null : new Intl.PluralRules(lang);
  known.set(lang, rules);
  return rules;
}

/** Endings of plural keys, as i18next writes them: `days_one`, `days_other`. */
export const pluralEnding = /_(zero|one|two|few|many|other)$/;

export const pluralForms = (lang: string): string[] => cldr(lang)?.resolvedOptions().pluralCategories ?? ['other'];

export const pluralForm = (lang: string, count: number): string => cldr(lang)?.select(count) ?? 'other';

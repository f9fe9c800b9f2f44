// Which plural forms a language has, by CLDR. What CLDR does not know has one form: asking the machine
// instead would give Haitian Creole the rules of whatever language the server happens to be set to.

const cldr = (lang: string): Intl.PluralRules | null =>
  Intl.PluralRules.supportedLocalesOf([lang]).length === 0 ? null : new Intl.PluralRules(lang);

/** Endings of plural keys, as i18next writes them: `days_one`, `days_other`. */
export const pluralEnding = /_(zero|one|two|few|many|other)$/;

export const pluralForms = (lang: string): string[] => cldr(lang)?.resolvedOptions().pluralCategories ?? ['other'];

export const pluralForm = (lang: string, count: number): string => cldr(lang)?.select(count) ?? 'other';

// Tables as files. A spreadsheet takes a cell that begins with certain signs for a formula and may run
// it or send it away, so such a cell gets an apostrophe in front, whatever stands before those signs unseen.

/** After marks, blanks and control signs: what some spreadsheet program reads as the beginning of a formula. */
const formula = /^[\uFEFF\s\p{C}]*[=+\-@|%＝＋－＠]/u;

export const cell = (value: string): string => `"${(formula.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

/** RFC 4180: every cell quoted, lines end with CR LF. */
export const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

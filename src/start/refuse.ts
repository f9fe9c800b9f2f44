// How every command of ours ends when something it was given is wrong: all findings, then exit 1.

export function refuse(findings: string[]): never {
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  process.stderr.write(`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}; nothing was started.\n`);
  process.exit(1);
}

/** What was opened, or the end with everything that is wrong. */
export function orRefuse<T extends object>(given: T | { findings: string[] }): T {
  return 'findings' in given && Array.isArray(given.findings) ? refuse(given.findings) : (given as T);
}

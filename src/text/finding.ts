// What is wrong with a text: the proof rule it breaks (docs/flows.md), where it stands, and in words.

export type TextFinding = {
  rule: string;
  /** `file:line:col` where the key can be found, else the file. */
  where: string;
  message: string;
};

export const inOneLine = ({ rule, where, message }: TextFinding): string => `${where}: ${rule} ${message}`;

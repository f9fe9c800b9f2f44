// What a proof tells when it does not hold: the rule, the place to look at, and the shortest way there.

export type Finding = {
  /** `P1` to `P32`, as in docs/flows.md. */
  rule: string;
  /** `file:line:col` of the step, field or text it is about. */
  where: string;
  message: string;
  /** What a person taps, from their first message on, until the rule is broken. */
  path?: string[];
};

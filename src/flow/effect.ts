// Everything the engine can ask of the shell. `conversation/perform.ts` has one branch for each.
import type { Kind, Known } from './session.ts';

export type Effect =
  /** Show a text: `file` and `key` of the locale. */
  | { do: 'say'; file: string; key: string }
  /** Show the question of this step. */
  | { do: 'ask'; step: string }
  /** The same question, only its marks or page changed. */
  | { do: 'mark'; step: string }
  | { do: 'notice'; name: 'closed' | 'unclear' | 'media' | 'edited' | 'which' | 'invalid' | 'slow' }
  | { do: 'record-consent'; field: string; kind: Kind | null; lang: string; text: string; version: number }
  | { do: 'erase-consent'; field: string }
  | { do: 'open-case'; kind: Kind; consent: string; lang: string; text: string; values: Known; reason?: string; partner?: string }
  /** The words just written belong to the open request. */
  | { do: 'deliver' }
  /** Crisis words while a request is open: deliver them and make the case urgent. */
  | { do: 'alert' }
  /** A consent that opens no case was answered; with a yes, what it covers of the present path. */
  | {
      do: 'tell';
      event: 'share' | 'follow-up';
      consent: string;
      agreed: boolean;
      lang: string;
      text: string;
      version: number;
      values: Known;
    }
  | { do: 'withdraw' }
  | { do: 'forget' }
  | { do: 'count'; step: string };

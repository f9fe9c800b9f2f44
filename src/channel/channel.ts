// What every channel is: a way in for a person's words and a way out for ours. Types only, so that
// no channel knows another and the conversation knows none of them.

export type ChannelName = 'telegram' | 'whatsapp' | 'web' | 'terminal';

/** What a person sent, after the platform's own form has been left behind. Files are never fetched. */
export type Body =
  | { kind: 'text'; text: string }
  /** `stamp` names the prompt the button belongs to; an old one changes nothing. */
  | { kind: 'choice'; stamp: string; code: string }
  | { kind: 'start'; link?: string }
  /** The person opened the chat without saying anything (web only): show what waits for them; `quiet`: not the question, it is on screen. */
  | { kind: 'open'; quiet?: true }
  | { kind: 'edited' }
  /** `caption`: the words under it. They never answer a question, but a cry for help in them is heard. */
  | { kind: 'unsupported'; what: 'photo' | 'document' | 'voice' | 'location' | 'contact' | 'call' | 'other'; caption?: string }
  | { kind: 'left' }
  | { kind: 'came-back' };

export type Incoming = {
  channel: ChannelName;
  /** Channel-local address of the person. Reaches no log, URL or metric. */
  person: string;
  /** Addresses the channel knew this person by before, or knows them by as well: what was begun there goes on here. */
  formerly?: string[];
  /** Stable across redelivery by the platform. */
  id: string;
  /** Milliseconds since 1970 by the platform's clock. */
  sentAt: number;
  body: Body;
  /** Here before the question now on screen was sent, so no answer to it: a number or label in it is not one. */
  late?: boolean;
  /** Nothing new: what this message was answered with did not go out, and is to be sent once more. */
  resend?: true;
  /** Language hint of the platform, as BCP 47. It only orders the language list. */
  language?: string;
};

export type ChoiceKind = 'answer' | 'skip' | 'back' | 'person' | 'urgent';

export type Choice = {
  /** `<stamp>.<code>`, at most 64 bytes. */
  id: string;
  label: string;
  kind: ChoiceKind;
};

/** One message, final text, ready to be sent. */
export type Message = {
  /** Deterministic: the same step sends the same id again after a crash. */
  id: string;
  text: string;
  language: string;
  direction: 'ltr' | 'rtl';
  choices: Choice[];
  /** The prompt on screen is the same question with other marks: edit it where the channel can. */
  replaces?: true;
  /** What the person chose, in words: channels that can, show it at the earlier prompt and take its buttons away. */
  lock?: string;
};

export type Capabilities = {
  /** `buttons`: choices are shown by the channel. `numbers`: `text/render.ts` writes them into the text. */
  choices: 'buttons' | 'numbers';
  /** The most UTF-16 units one message may have. */
  maxText: number;
};

export type SendResult =
  | { sent: true }
  /** Kept sealed until the person opens the chat again (web). */
  | { kept: true }
  | { later: number }
  /** The person blocked us or left. */
  | { gone: true }
  /** The platform refused the message: a defect of ours. `code` holds nothing personal. */
  | { refused: string };

/** Resolves once the step is stored and its replies are sent or stored as pending; only then confirm upstream. Rejects when nothing was stored. */
export type Receive = (incoming: Incoming) => Promise<void>;

export type Health = { state: 'off' | 'starting' | 'ready' | 'down'; reason?: string };

export type Channel = {
  name: ChannelName;
  capabilities: Capabilities;
  start(receive: Receive): Promise<void>;
  /** Never throws: the outcome is a value. */
  send(person: string, message: Message): Promise<SendResult>;
  health(): Health;
  /** How the bot is called there, once it is known: what stands on a poster. */
  handle?(): string | null;
  stop(): Promise<void>;
};

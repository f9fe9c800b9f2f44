// Many people at once before one product or several, each of whom sends again until an answer comes, as
// a page does; and what they were given is held against what stands at the desk.
import { type Answer, cases, chat, until } from './product.ts';
import { toReceipt } from './ways.ts';

/** `url`: the process that gets the next message; null while there is none. Resolves with the codes people were given. */
export async function crowd(count: number, url: () => string | null, done: () => void = () => {}): Promise<Map<string, string>> {
  const refs = new Map<string, string>();
  const send = async (body: Parameters<typeof chat>[1]): Promise<Answer> => {
    for (;;) {
      const to = url();
      try {
        if (to !== null) return await chat(to, body);
      } catch {
        // Killed under way: the same again, with the same id.
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const walk = async () => {
    let answer = await send({});
    const { conversation } = answer;
    for (const [i, code] of toReceipt.entries()) {
      const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
      if (choice === undefined) throw new Error(`${code} was lost under: ${answer.messages.at(-1)?.text}`);
      answer = await send({ conversation, reply: { id: `r${i}`, choice: choice.id } });
    }
    refs.set(conversation, /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(answer.messages.map((one) => one.text).join('\n'))?.[0] ?? 'none');
    done();
  };
  await Promise.all(Array.from({ length: count }, walk));
  return refs;
}

/** Rejects unless every person has exactly one request, under the code they were given, and there is no other. */
export async function oneEach(refs: Map<string, string>, url: string): Promise<void> {
  await until(async () => (await cases(url)).length >= refs.size, 'all requests stand in the queue');
  const found = (await cases(url)).map((one) => one.ref).sort();
  const given = [...refs.values()].sort();
  if (found.join() !== given.join() || new Set(given).size !== given.length)
    throw new Error(`people were given ${given.join(' ')}, the desk has ${found.join(' ')}`);
}

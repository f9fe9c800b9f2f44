// The code that pairs WhatsApp, drawn for a terminal and for the desk. It is valid for some twenty
// seconds and ties whoever scans it to this bot, so it goes to the operator's eyes and into no log.
import qrcode from 'qrcode';

/** Codes follow each other as long as nobody scans them: enough to be seen, not enough to fill a disk. */
const mostPrinted = 6;

/** Prints codes until there were enough of them; null, a pairing that succeeded, begins the count anew. `page`: where a desk shows them too. */
export function makePrinter(write: (text: string) => void, page: string | null): (code: string | null) => void {
  let printed = 0;
  return (code) => {
    printed = code === null ? 0 : printed + 1;
    if (code === null || printed > mostPrinted) return;
    const more = page === null ? 'No more codes here; start again for another.' : `No more codes here; the present one: ${page}`;
    const hint = printed === mostPrinted ? more : page === null ? '' : `Or at ${page}`;
    qrcode.toString(code, { type: 'terminal', small: true }).then(
      (drawn) => write(`Pair WhatsApp: on the telephone, Linked devices, Link a device.\n${drawn}\n${hint}\n`),
      () => write(page === null ? 'The code to pair WhatsApp could not be drawn.\n' : `Pair WhatsApp at ${page}\n`),
    );
  };
}

// A code as squares: dark enough, with the white edge a camera needs, and still readable when almost
// a third of it is torn or dirty.
import qrcode from 'qrcode';

/** The white edge, in squares. */
const edge = 4;

/** One SVG path on a grid of `size` by `size` squares. `L`: for a screen, where nothing gets torn. */
export function squares(text: string, level: 'H' | 'L' = 'H'): { size: number; path: string } {
  const { size, data } = qrcode.create(text, { errorCorrectionLevel: level }).modules;
  const dark = [...data].flatMap((on, at) => (on ? [`M${(at % size) + edge} ${Math.floor(at / size) + edge}h1v1h-1z`] : []));
  return { size: size + 2 * edge, path: dark.join('') };
}

/** A file of its own, for somebody who makes a leaflet. */
export function svgFile(text: string): string {
  const { size, path } = squares(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * 10}" height="${size * 10}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>\n`;
}

export const pngFile = (text: string): Promise<Buffer> =>
  qrcode.toBuffer(text, { errorCorrectionLevel: 'H', margin: edge, width: 1000, type: 'png' });

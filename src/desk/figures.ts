// The desk's figures for `/metrics`. Protection requests are in none of them.
import type { Gauge } from '../http/health.ts';
import { queueFigures } from '../store/cases.ts';
import type { Desk } from './desk.ts';

export async function deskFigures(desk: Pick<Desk, 'keep' | 'now'>): Promise<Gauge[]> {
  const { open, unclaimed, oldestUrgent } = await queueFigures(desk.keep);
  const age = oldestUrgent === null ? 0 : Math.max(0, Math.floor((desk.now().getTime() - oldestUrgent) / 1000));
  return [
    { name: 'avr_cases_open', help: 'Open requests.', value: open },
    { name: 'avr_cases_unclaimed', help: 'Requests nobody has claimed.', value: unclaimed },
    { name: 'avr_urgent_unclaimed_seconds', help: 'How long the oldest unclaimed urgent request has been waiting.', value: age },
  ];
}

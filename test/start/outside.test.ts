// What the service adds around the courier: the head of the log every hour, and figures without a name.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { outsideFigures, startOutside } from '../../src/start/outside.ts';
import { productionFindings } from '../../src/start/production.ts';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';
import { courierOn, register, registered } from '../support/outside.ts';
import { until } from '../support/product.ts';
import { shippedContent } from '../support/talk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

describe('the service', () => {
  it('tells the head of the log to whoever wants it', async () => {
    const { receiver } = await registered(on);
    await register(on, { types: ['case.opened'] });
    await on.hook(opened('c_8f31'));
    const outside = await startOutside(on.desk, false);
    await outside.publish(7, 'abc');
    await until(async () => receiver.effects.length === 2, 'both have arrived');
    expect(receiver.effects.find((one) => one.type === 'audit.head')?.body).toMatchObject({ data: { rows: 7, mac: 'abc' } });
    const rows = await on.desk.keep.selectFrom('deliveries').select('endpoint').where('type', '=', 'audit.head').execute();
    expect(rows).toHaveLength(1);
    await outside.stop();
    await receiver.stop();
  });

  it('tells those who watch it how long an endpoint has taken nothing', async () => {
    const { id, receiver } = await registered(on);
    receiver.state.behave = 500;
    await on.hook(opened('c_8f31'));
    const by = courierOn(on);
    await by.pass(1_200_000, 60_000);
    const figures = Object.fromEntries((await outsideFigures(on.desk)).map((one) => [one.name, one.value]));
    expect(figures).toEqual({
      avr_endpoint_on: 1,
      avr_endpoint_oldest_seconds: 1200,
      avr_endpoint_failing_seconds: 1200,
      avr_endpoint_dead: 0,
    });
    expect((await outsideFigures(on.desk)).every(({ labels }) => labels?.['endpoint'] === id)).toBe(true);
    await by.stop();
    await receiver.stop();
  });
});

describe('an operator', () => {
  const read = (settings: Record<string, string>) => {
    const config = readConfig(settings);
    if ('findings' in config) throw new Error(config.findings.join('\n'));
    return config;
  };

  it('may name the only hosts events go to', () => {
    expect(read({ ENDPOINT_HOSTS: 'Cases.example.org, other.example.org' }).ENDPOINT_HOSTS).toEqual([
      'cases.example.org',
      'other.example.org',
    ]);
    for (const wrong of ['https://cases.example.org', 'localhost', 'a.example.org,,b.example.org'])
      expect(readConfig({ ENDPOINT_HOSTS: wrong })).toHaveProperty('findings');
  });

  it('cannot open this machine to events where people are real', async () => {
    const content = await shippedContent();
    const findings = (settings: Record<string, string>) => productionFindings(read(settings), content, '2026-11-22').join('\n');
    expect(findings({ ENDPOINT_LOOPBACK: 'on' })).toContain('ENDPOINT_LOOPBACK');
    expect(findings({})).not.toContain('ENDPOINT_LOOPBACK');
  });
});

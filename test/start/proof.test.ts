import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { makeLog } from '../../src/log.ts';
import { proofKey, rememberedProof, rememberProof, watchProof } from '../../src/start/proof.ts';
import { shippedContent } from '../support/talk.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function settings(): Config {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  folders.push(folder);
  const config = readConfig({ DATA_DIR: folder });
  if ('findings' in config) throw new Error(config.findings.join());
  return config;
}
const finding = { rule: 'P25', where: 'flows/gate.yaml:23:3', message: 'fear yes leads to court' };

describe('the verdict of the proof is remembered for exactly these flows', () => {
  it('nothing is known before it was ever proved', async () => {
    expect(rememberedProof(settings(), await shippedContent())).toBeNull();
  });

  it('and once it is, the next start knows it', async () => {
    const [config, content] = [settings(), await shippedContent()];
    const verdict = { key: proofKey(content), findings: [finding] };
    rememberProof(config, verdict);
    expect(rememberedProof(config, content)).toEqual(verdict);
  });

  it('one changed way, and it counts no longer', async () => {
    const [config, content] = [settings(), await shippedContent()];
    rememberProof(config, { key: proofKey(content), findings: [] });
    const flow = { ...content.flow, home: 'learn/start' };
    expect(rememberedProof(config, { ...content, flow })).toBeNull();
  });

  it('a file that is no verdict is none', async () => {
    const config = settings();
    for (const text of ['', 'null', '{}', '{"key":1', '{"key":"x","findings":3}']) {
      writeFileSync(join(config.DATA_DIR, 'proof.json'), text);
      expect(rememberedProof(config, await shippedContent())).toBeNull();
    }
  });

  it('a broken rule is told in the log, with rule and place', async () => {
    const [config, content] = [settings(), await shippedContent()];
    rememberProof(config, { key: proofKey(content), findings: [finding] });
    const lines: string[] = [];
    const log = makeLog(
      (line) => lines.push(line),
      () => new Date(0),
    );
    watchProof(config, content, log);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'error', code: 'P25', path: 'flows/gate.yaml:23:3' }]);
  });
});

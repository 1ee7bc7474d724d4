import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, spawnKirchhoff } from './command.ts';

describe('where answers go', () => {
  test('a reader that closes the pipe early is no fault', () => {
    const script = `set -o pipefail; ${process.execPath} dist/cli.js show arch/isaac.yaml --json | true`;
    expect(() => execFileSync('bash', ['-c', script], { cwd: ROOT, stdio: 'pipe' })).not.toThrow();
  });

  test('a name from a stranger’s file does not lead out of the results folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-name-'));
    const words = ['run', `${ROOT}arch/hybrid-edge.yaml`, `${ROOT}workloads/mlp-relu.yaml`];
    const { code, out } = spawnKirchhoff(
      [...words, '--samples', '4', '--chips', '1', '--schedule', 'digital', '--set', 'name=../../e v/il'],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual(['results']);
    expect(readdirSync(join(folder, 'results'))).toEqual(['e-v-il-mlp-relu']);
    expect(out).toMatch(/Report: results\/e-v-il-mlp-relu\/report\.json/);
    rmSync(folder, { recursive: true });
  });

  test('--version prints the version and nothing else', () => {
    expect(spawnKirchhoff(['--version'])).toEqual({ code: 0, out: '0.1.0\n', err: '' });
  });
});

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './command.ts';

describe('an interrupted run', () => {
  test.each([
    ['SIGINT', 'values are computed', ['--schedule', 'analog', '--inferences', '8'], 4000],
    ['SIGTERM', 'plans are made', [], 2000],
  ] as const)(
    '%s while %s ends it soon, with exit code 130 and nothing written',
    async (signal, _while, schedules, after) => {
      const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-interrupt-'));
      const out = join(folder, 'out');
      const words = [
        'run',
        'arch/hybrid-edge.yaml',
        'workloads/resnet14.yaml',
        '--samples',
        '5000',
        '--chips',
        '20',
        '--out',
        out,
        ...schedules,
        ...['--trace', join(folder, 'trace.json.gz'), '--trace-schedule', 'analog'],
      ];
      const child = spawn(process.execPath, [`${ROOT}dist/cli.js`, ...words], { cwd: ROOT });
      let err = '';
      child.stderr.on('data', (text) => {
        err += text;
      });
      setTimeout(() => child.kill(signal), after);
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(err).toBe('interrupted: nothing was written\n');
      expect(code).toBe(130);
      expect(existsSync(out)).toBe(false);
      expect(readdirSync(folder)).toEqual([]);
      rmSync(folder, { recursive: true });
    },
  );
});

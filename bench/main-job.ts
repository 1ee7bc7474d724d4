import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from '../src/report/format.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WORKLOADS = ['mlp-relu', 'lenet5', 'vgg8', 'resnet14', 'dscnn', 'vit-tiny'];

/** Wall time, CPU time and peak memory of whole commands: `--help`, and the default run of every network. */
export async function mainJobTable({ quick }: { quick: boolean }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-bench-'));
  const commands: [string, string[]][] = [
    ['--help', ['--help']],
    ...(quick ? ['lenet5'] : WORKLOADS).map((name): [string, string[]] => [
      `run hybrid-edge ${name}`,
      ['run', 'arch/hybrid-edge.yaml', `workloads/${name}.yaml`, '--out', join(folder, name)],
    ]),
  ];
  const rows = commands.map(([title, words]) => [title, ...measure(words)]);
  rmSync(folder, { recursive: true, force: true });
  return `Whole commands, ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}\n${table(
    ['command', 'wall s', 'CPU s', 'peak MB'],
    rows,
  )}`;
}

function measure(words: readonly string[]): string[] {
  // The child reports what the system counted for it; nothing is timed inside the product.
  const script = `process.on('exit', () => { const u = process.resourceUsage();
    require('fs').writeSync(3, JSON.stringify([(u.userCPUTime + u.systemCPUTime) / 1e6, u.maxRSS / 1024])); });`;
  const preload = `data:text/javascript,import{createRequire}from'node:module';const require=createRequire(process.cwd()+'/');${encodeURIComponent(script)}`;
  const start = performance.now();
  const child = spawnSync(process.execPath, ['--import', preload, 'dist/cli.js', ...words], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  });
  const wall = (performance.now() - start) / 1000;
  if (child.status !== 0) throw new Error(`kirchhoff ${words.join(' ')} ended with ${child.status}`);
  const [cpu, memory] = JSON.parse(child.output[3] ?? '[]') as [number, number];
  return [wall.toFixed(1), cpu.toFixed(2), memory.toFixed(0)];
}

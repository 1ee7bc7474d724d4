import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WAITS } from '../../src/machine/waits.ts';
import type { Report } from '../../src/report/report.ts';
import { kirchhoff } from '../cli/command.ts';

/** What a small run of LeNet-5 on hybrid-edge wrote. */
export async function sampleRun(): Promise<{ readonly report: Report; readonly html: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kirchhoff-html-'));
  try {
    const schedules = ['suffix:2', 'analog'].flatMap((name) => ['--schedule', name]);
    const words = [
      ...['run', 'arch/hybrid-edge.yaml', 'workloads/lenet5.yaml', ...schedules],
      ...['--samples', '16', '--chips', '2', '--inferences', '4', '--what-if'],
    ];
    const { code, err } = await kirchhoff([...words, '--out', folder]);
    if (code !== 0) throw new Error(err);
    const text = (file: string) => readFileSync(join(folder, file), 'utf8');
    return { report: JSON.parse(text('report.json')) as Report, html: text('report.html') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Why there is none, with a name that is a stranger's too. */
export const NO_WEIGHTS = '<shapes> has no weights';

/** The same of a network without weights: nothing is known of its accuracy. */
export function withoutAccuracy(report: Report): Report {
  const schedules = report.schedules.map((row) => ({ ...row, accuracy: null }));
  return { ...report, accuracy: null, withoutAccuracy: NO_WEIGHTS, schedules };
}

/** The same of a network with `layers` layers, chip of `tiles` tiles and `schedules` schedules, all of them busy. */
export function enlarged(report: Report, layers: number, tiles: number, schedules: number): Report {
  const [row] = report.schedules.slice(-1);
  const names = Array.from(
    { length: layers },
    (_, index) => `/encoder/layers.${index}/attention/query/MatMul`,
  );
  const stages = names.flatMap((layer, index) => [
    { ...row!.timeline[1]!, stage: layer, layer, start: index * 1e-9 },
    { ...row!.timeline[2]!, stage: `${layer} scale`, layer, start: index * 1e-9 },
  ]);
  const { energyMatrix, criticalPath } = row!.analysis;
  const energy = energyMatrix.components.map((_, index) => 1e-9 * (index + 1));
  const analogCores = Array.from({ length: 12 }, (_, core) => core / 12);
  const large = {
    ...row!,
    analysis: {
      ...row!.analysis,
      stalls: names.flatMap((layer) =>
        WAITS.map((resource) => ({
          ...{ layer, resource, holder: layer, time: 1e-9 },
          buffer: resource === 'room' ? 'buffer of tile 3' : null,
        })),
      ),
      energyMatrix: { ...energyMatrix, rows: [...names, 'leakage'].map((layer) => ({ layer, energy })) },
      criticalPath: {
        ...criticalPath,
        parts: names.map((layer) => ({ layer, part: 'read', time: 1e-9, steps: 1 })),
        segments: names.map((layer, index) => ({ layer, from: index * 1e-9, to: (index + 1) * 1e-9 })),
      },
    },
    timeline: stages,
    load: {
      memory: 0.5,
      chipLinks: [],
      tiles: Array.from({ length: tiles }, (_, tile) => ({
        ...{ tile, buffer: 0.25, links: [0.125, 0.0625], analogCores, digitalCores: [0.5] },
      })),
    },
    placement: stages.map(({ stage, layer }, index) => ({
      ...{ stage, layer, kind: 'analog' as const, homeTiles: [index % tiles], replicas: 2 },
      ...{ crossbars: [[index, index + 1]] as [number, number][], tiles: [index % tiles] },
    })),
  };
  const tilesPerRow = Math.ceil(Math.sqrt(tiles));
  const floorPlan = {
    chips: 1,
    tiles,
    tilesPerRow,
    analogCoresPerTile: 12,
    crossbarsPerCore: 8,
    digitalCoresPerTile: 1,
  };
  return {
    ...report,
    architecture: { ...report.architecture, floorPlan },
    schedules: Array.from({ length: schedules }, (_, index) => ({
      ...large,
      name: `prefix:${index}`,
      paretoBest: index % 3 === 0,
      energy: { ...large.energy, total: large.energy.total * (1 + index / 50) },
    })),
  };
}

/** Names as a stranger's files might carry them. */
export const HOSTILE = `<script>window.pwned=1</script>"'><img src=x onerror=window.pwned=1>&lt;b&gt;</title></svg>\u202e${'${window.pwned=1}'}`;

/** The same with every name that comes from a file replaced by a hostile one. */
export function hostile(report: Report): Report {
  const names = new Set([
    report.architecture.name,
    report.workload.name,
    ...report.provenance.inputs.flatMap(({ file, role }) => [file, role]),
    ...report.schedules.flatMap(({ name, timeline, energy, topsPerWatt }) => [
      ...[name, topsPerWatt.precision],
      ...timeline.flatMap(({ stage, layer }) => [stage, layer]),
      ...energy.byComponent.map(({ component }) => component),
    ]),
  ]);
  const renamed = new Map([...names].map((name, index) => [name, `${index}${HOSTILE}`]));
  const walk = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string' && key !== 'kind') return renamed.get(value) ?? value;
    if (Array.isArray(value)) return value.map((one) => walk(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([own, inner]) => [own, walk(inner, own)]));
  };
  return walk({ ...report, provenance: { ...report.provenance, overrides: [HOSTILE] } }) as Report;
}

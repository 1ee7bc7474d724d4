import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deviceModels } from '../../../src/hardware/device/index.ts';
import { programCrossbar } from '../../../src/numerics/crossbar/crossbar.ts';
import { crossSimParameters } from '../../../src/numerics/crossbar/crosssim-parameters.ts';

interface Case {
  readonly id: string;
  readonly op: 'mvm' | 'vmm';
  readonly W: string;
  readonly x: string;
  readonly overrides: Record<string, unknown>;
  readonly y: number[];
  readonly y_exact?: number[];
  readonly G?: Record<string, number[][]>;
  readonly adc?: readonly { readonly in: number[]; readonly out: number[] }[];
}

interface DeviceTable {
  readonly model: string;
  readonly kind: string;
  readonly Rmin: number;
  readonly Vread: number;
  readonly magnitude: number;
  readonly time_days: number;
  readonly G: number[];
  readonly mean: number[];
  readonly sigma: number[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../oracles/crosssim/vectors.json', import.meta.url), 'utf8'),
) as {
  readonly matrices: Record<string, number[][]>;
  readonly inputs: Record<string, number[] | number[][]>;
  readonly cases: readonly Case[];
  readonly devices: readonly DeviceTable[];
};

// The reference keeps conductances of pairs in single precision, all others in double; its results are printed with
// twelve digits.
const tolerance = ({ overrides }: Case) => (overrides['core.style'] === 'BALANCED' ? 1e-6 : 1e-9);

describe('CrossSim 3.2', () => {
  test.each(vectors.cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const crossbar = programCrossbar(vectors.matrices[one.W]!, crossSimParameters(one.overrides));
    const given = vectors.inputs[one.x]!;
    const x =
      typeof given[0] === 'number' ? (given as number[]) : (given as number[][]).map((row) => row[0]!);
    const y = one.op === 'vmm' ? crossbar.multiplyTransposed(x) : crossbar.multiply(x);
    const expected = one.y_exact ?? one.y;
    expect(y).toHaveLength(expected.length);
    const largest = Math.max(...expected.map(Math.abs));
    expected.forEach((value, index) => {
      expect(Math.abs(y[index]! - value)).toBeLessThanOrEqual(
        tolerance(one) * Math.max(Math.abs(value), 1e-3 * largest),
      );
    });
  });

  test.each(vectors.cases.filter(({ G }) => G !== undefined).map((one) => [one.id, one] as const))(
    '%s: conductances',
    (_, one) => {
      const { conductances } = programCrossbar(vectors.matrices[one.W]!, crossSimParameters(one.overrides));
      for (const [name, expected] of Object.entries(one.G!)) {
        const slice = Number(/\d+/.exec(name)?.[0] ?? 0);
        const negative = name === 'neg' || name.endsWith('n');
        const cells = negative ? conductances[slice]!.negative! : conductances[slice]!.positive;
        // The reference's unit column is its first output.
        const first = cells.length / expected[0]!.length > vectors.matrices[one.W]!.length ? 1 : 0;
        expected.forEach((outputs, index) => {
          const output = (index - first + expected.length) % expected.length;
          outputs.forEach((value, input) => {
            // Half a level, which the reference rounds in single precision: either neighbour, the same in both cells.
            const tie =
              one.overrides['core.balanced.style'] === 'TWO_SIDED' &&
              vectors.matrices[one.W]![output]![input] === 0;
            if (tie && one.overrides['xbar.device.cell_bits'] !== undefined) return;
            // Printed with eight decimals.
            expect(Math.abs(cells[input * expected.length + output]! - value)).toBeLessThan(
              6e-9 + 2 ** -23 * value,
            );
          });
        });
      }
    },
  );

  test.each(vectors.cases.filter(({ adc }) => adc !== undefined).map((one) => [one.id, one] as const))(
    '%s: what converters see',
    (_, one) => {
      const crossbar = programCrossbar(vectors.matrices[one.W]!, crossSimParameters(one.overrides));
      const sums = crossbar.partialSums(vectors.inputs[one.x] as number[]);
      const expected = one.adc!.map((conversion) => conversion.in);
      expected.forEach((values) => {
        // Whichever order the reference converts in: each of its conversions is one of ours.
        const found = sums.some(
          (seen) =>
            seen.length === values.length && values.every((value, i) => Math.abs(seen[i]! - value) < 2e-7),
        );
        expect(found, JSON.stringify(values)).toBe(true);
      });
    },
  );

  test.each(
    vectors.devices.map((table) => [`${table.model} ${table.kind} ${table.time_days}`, table] as const),
  )('device table %s', (_, table) => {
    const { type, ...parameters } = deviceOf(table);
    const model = deviceModels.get(type);
    const error = model.error(model.schema.parse({ type, ...parameters }) as never);
    table.G.forEach((g, i) => {
      expect(Math.abs(g + (error.mean?.(g) ?? 0) - table.mean[i]!)).toBeLessThan(1e-9);
      expect(Math.abs(error.sigma(g) - table.sigma[i]!)).toBeLessThan(1e-9 * Math.max(table.sigma[i]!, 1));
    });
  });
});

function deviceOf({
  model,
  kind,
  Rmin,
  Vread,
  magnitude,
  time_days,
}: DeviceTable): Readonly<Record<string, unknown>> & { readonly type: string } {
  if (model.startsWith('Normal')) {
    const law = model.includes('Inverse')
      ? 'inverse'
      : model.includes('Independent')
        ? 'independent'
        : 'proportional';
    return { type: 'normal', law, sigma: magnitude };
  }
  const maxCurrent = `${(Vread / Rmin) * 1e9} nA`;
  if (model === 'SONOS') {
    return kind === 'drift_error'
      ? { type: 'sonosDrift', maxCurrent, after: `${time_days} day` }
      : { type: kind === 'read_noise' ? 'sonosRead' : 'sonos', maxCurrent };
  }
  const types: Record<string, string> = { PCMJoshi: 'pcm', RRAMMilo: 'rram', RRAMWan: 'rramWan' };
  return { type: types[model]!, maxConductance: `${1e6 / Rmin} uS` };
}

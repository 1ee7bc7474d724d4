import { describe, expect, test } from 'vitest';
import { fillNormals } from '../../src/base/philox.ts';
import type { AdcSteps } from '../../src/hardware/adc/adc.ts';
import { capacitorLevels } from '../../src/hardware/adc/capacitor-array.ts';
import { adcModels } from '../../src/hardware/adc/index.ts';

// Every decision of a circuit, one input at a time and one comparator after the other, as the formulas of Spear et al.
// (IEEE JXCDC 2023) say: the oracle of the intervals that a converter is made of.

function normals(seed: number): () => number {
  const drawn = new Float32Array(4096);
  fillNormals(drawn, { seed, stream: 0, row: 0, block: 0, read: 0 });
  let next = 0;
  return () => drawn[next++]!;
}

function fabricated(parameters: object, normal: () => number, common?: () => number): AdcSteps {
  const { type } = parameters as { type: string };
  const model = adcModels.get(type);
  return model.behaviour(model.conversion.parse(parameters) as never).fabricate!(normal, common);
}

function codeOf({ thresholds, codes }: AdcSteps, u: number): number {
  return codes[thresholds.filter((threshold) => threshold < u).length]!;
}

interface Circuit {
  readonly bits: number;
  readonly gain: number;
  readonly mismatch: number;
  /** In steps. */
  readonly offset: number;
}

/** A comparator after the other with capacitors drawn in the same order. */
const decisions: Record<string, (circuit: Circuit, normal: () => number) => (u: number) => number> = {
  sar(circuit, normal) {
    const level = binaryLevel(circuit, normal);
    const offset = (circuit.offset * 2 * normal()) / 2 ** circuit.bits;
    return (u) => {
      let found = 0;
      for (let bit = circuit.bits - 1; bit >= 0; bit--) {
        if (u > level(found + 2 ** bit) - 2 ** -circuit.bits - offset) found += 2 ** bit;
      }
      return found;
    };
  },
  ramp(circuit, normal) {
    const level = binaryLevel(circuit, normal);
    const offset = (circuit.offset * 2 * normal()) / 2 ** circuit.bits;
    const levels = Array.from({ length: 2 ** circuit.bits }, (_, count) => level(count));
    return (u) => {
      const distances = levels.map((value) => Math.abs(value - u - offset));
      return distances.indexOf(Math.min(...distances));
    };
  },
  pipeline: (circuit, normal) => {
    const stages = Array.from({ length: circuit.bits - 1 }, () => stageOf(circuit, normal));
    return passed(circuit, (index) => stages[index]!, normal);
  },
  cyclic(circuit, normal) {
    const stage = stageOf(circuit, normal);
    return passed(circuit, () => stage, normal);
  },
};

function binaryLevel({ bits, gain, mismatch }: Circuit, normal: () => number): (count: number) => number {
  const capacitors = Array.from({ length: bits }, (_, n) => 2 ** n + mismatch * normal() * 2 ** (n / 2));
  const reference = 2 ** (bits - 1) + mismatch * normal() * 2 ** ((bits - 1) / 2);
  return (count) => {
    const magnitude = count - 2 ** (bits - 1);
    const digits = Math.abs(magnitude).toString(2).split('').reverse();
    const switched = digits.reduce((sum, digit, n) => sum + Number(digit) * capacitors[n]!, 0);
    const beta = reference / (reference + switched);
    const level = (Math.sign(magnitude) * switched) / capacitors[bits - 1]! + 2 ** -bits;
    return level / (1 + 1 / (10 ** (gain / 20) * beta));
  };
}

function stageOf({ bits, mismatch, offset }: Circuit, normal: () => number) {
  const lsb = 2 / 2 ** bits;
  const low = -0.25 + offset * lsb * normal();
  const high = 0.25 + offset * lsb * normal();
  const first = 1 + mismatch * normal();
  return { low, high, first, second: 1 + mismatch * normal() };
}

function passed(
  { bits, gain, offset }: Circuit,
  stage: (index: number) => ReturnType<typeof stageOf>,
  normal: () => number,
) {
  const last = ((offset * 2) / 2 ** bits) * normal();
  return (u: number) => {
    let code = 0;
    let rest = u;
    for (let index = 0; index < bits - 1; index++) {
      const { low, high, first, second } = stage(index);
      const decision = rest > high ? 1 : rest > low ? 0 : -1;
      code += (decision + 1) * 2 ** (bits - 2 - index);
      const beta = first / (first + second);
      rest =
        ((1 + second / first) * rest - (decision * second) / first) / (1 + 1 / (10 ** (gain / 20) * beta));
    }
    return code + (rest > last ? 1 : 0);
  };
}

describe.each(Object.keys(decisions))('%s', (type) => {
  const circuits: Circuit[] = [
    { bits: 6, gain: 30, mismatch: 0, offset: 0 },
    { bits: 6, gain: 300, mismatch: 0.08, offset: 0 },
    { bits: 5, gain: 300, mismatch: 0, offset: 0.4 },
    { bits: 7, gain: 45, mismatch: 0.02, offset: 0.3 },
  ];
  test.each(circuits)(
    'its intervals are what its comparators decide, $gain dB, σ $mismatch, $offset',
    (circuit) => {
      const { bits, gain, mismatch, offset } = circuit;
      const errors = { capacitorMismatch: mismatch, comparatorOffset: offset, amplifierGain: gain };
      for (const seed of [1, 2, 3]) {
        const steps = fabricated({ type, bits, ...errors }, normals(seed));
        const decide = decisions[type]!(circuit, normals(seed));
        // The input saturates at the limits of the range.
        for (let u = -1.1; u < 1.1; u += 0.00312345) {
          const clipped = Math.max(Math.min(u, 1), -1);
          expect(codeOf(steps, u), `u = ${u}`).toBe(decide(clipped));
        }
      }
    },
  );
});

describe('capacitor arrays', () => {
  const arrays = ['symmetric', 'single', 'split'] as const;

  test.each(arrays)('%s: without errors the levels are the middles of equal steps', (array) => {
    for (const bits of [1, 2, 5, 8]) {
      const levels = capacitorLevels(bits, { mismatch: 0, inverseGain: 0, array }, () => 1);
      levels.forEach((level, count) => {
        expect(level).toBeCloseTo((2 * count + 1 - 2 ** bits) / 2 ** bits, 13);
      });
    }
  });

  // Without mismatch a split array is attenuated by 1 + 1/A throughout, the others the more the more is switched.
  test('of finite gain: the largest levels fall short by what their feedback leaves', () => {
    const [bits, gain] = [6, 100];
    const top = (array: (typeof arrays)[number]) =>
      capacitorLevels(bits, { mismatch: 0, inverseGain: 1 / gain, array }, () => 0).at(-1)!;
    const ideal = 63 / 64;
    expect(top('split')).toBeCloseTo(ideal / (1 + 1 / gain), 12);
    expect(top('symmetric')).toBeCloseTo(ideal / (1 + (1 + 31 / 32) / gain), 12);
    expect(top('single')).toBeCloseTo(ideal / (1 + (1 + 63 / 64) / gain), 12);
  });

  test('split: charges are conserved on both sides of the bridge', () => {
    const bits = 7;
    const mismatch = 0.1;
    const levels = capacitorLevels(bits, { mismatch, inverseGain: 0, array: 'split' }, normals(5));
    const normal = normals(5);
    const capacitor = (units: number) => units + mismatch * normal() * Math.sqrt(units);
    const lower = [1, 2, 4].map(capacitor);
    const upper = [1, 2, 4].map(capacitor);
    const [dummy, bridge] = [capacitor(1), capacitor(8 / 7)];
    for (let magnitude = 1; magnitude < 64; magnitude++) {
      const driven = (bank: number[], bit: number) => ((magnitude >> bit) % 2 === 1 ? bank[bit % 3]! : 0);
      // Relaxation of the two nodes, each at the weighted mean of what its capacitors are tied to.
      let y = 0;
      for (let round = 0; round < 300; round++) {
        const lowCharge = driven(lower, 0) + driven(lower, 1) + driven(lower, 2);
        const highCharge = driven(upper, 3) + driven(upper, 4) + driven(upper, 5);
        const x = (lowCharge + bridge * y) / (lower[0]! + lower[1]! + lower[2]! + dummy + bridge);
        y = (highCharge + bridge * x) / (upper[0]! + upper[1]! + upper[2]! + bridge);
      }
      expect(levels[64 + magnitude]! - 2 ** -bits).toBeCloseTo(y, 10);
      expect(levels[64 - magnitude]! - 2 ** -bits).toBeCloseTo(-y, 10);
    }
  });
});

describe('a ramp', () => {
  const parameters = { type: 'ramp', bits: 6, capacitorMismatch: 0.1, comparatorOffset: 0.5 };

  test('is common to the converters of a crossbar; their comparators are their own', () => {
    const [one, other] = [7, 8].map((seed) => fabricated(parameters, normals(seed), normals(1)));
    const gaps = ({ thresholds }: AdcSteps) => [...thresholds].slice(1).map((u, i) => u - thresholds[i]!);
    expect(one!.thresholds[30]).not.toBeCloseTo(other!.thresholds[30]!, 4);
    const middle = gaps(other!).slice(10, 50);
    gaps(one!)
      .slice(10, 50)
      .forEach((gap, i) => {
        expect(gap).toBeCloseTo(middle[i]!, 12);
      });
  });
});

describe('resolution by levels', () => {
  const costs = { sampleRate: '1 GHz', energy: '1 pJ' };
  const sar = adcModels.get('sar');

  test('needs no bits, which follow', () => {
    const parameters = sar.schema.parse({ type: 'sar', levels: 5, ...costs });
    expect(sar.figures(parameters as never, 32e-9)).toMatchObject({ levels: 5, bits: 3 });
    expect(sar.behaviour(parameters as never)).toMatchObject({ levels: 5, grid: 'endpoints' });
  });

  test.each([
    [{}, 'neither bits nor levels are given'],
    [{ bits: 8, levels: 5 }, '5 levels are no 8 bits'],
    [{ levels: 5, amplifierGain: 60 }, 'a capacitor array of 5 levels'],
  ])('%j is refused: %s', (keys, message) => {
    const result = sar.schema.safeParse({ type: 'sar', ...keys, ...costs });
    expect(result.error!.issues[0]!.message).toBe(message);
  });
});

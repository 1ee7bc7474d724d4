import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { adcFigures } from '../hardware/converter-banks.ts';

/** A part of a chip whose actions take time, and the chip with that part so many times as fast. */
export interface TimedPart {
  readonly part: string;
  /** `speed` may be infinite. Only times change: energies stay those of the chip as it is. */
  faster(speed: number): ArchitectureSpec;
}

/** Every part of a chip that takes time. */
export function timedParts(spec: ArchitectureSpec): readonly TimedPart[] {
  const { analogCore, digitalCore, chip, tile } = spec;
  const parts: TimedPart[] = [];
  const part = (name: string, faster: (speed: number) => ArchitectureSpec) =>
    parts.push({ part: name, faster });
  if (analogCore !== undefined && tile.analogCores > 0) {
    const { crossbar, adcBank, shiftAndAdd } = analogCore;
    const core = (changes: Partial<typeof analogCore>) => ({
      ...spec,
      analogCore: { ...analogCore, ...changes },
    });
    part('crossbar', (speed) => core({ crossbar: { ...crossbar, readTime: crossbar.readTime / speed } }));
    part('adcBank', (speed) => {
      const faster = core({ adcBank: { ...adcBank, adc: fasterConverter(adcBank.adc, speed) } });
      checkConverter(spec, faster, speed);
      return faster;
    });
    const { programming } = analogCore;
    if (programming !== undefined) {
      const { rowTime } = programming;
      part('programming', (speed) => core({ programming: { ...programming, rowTime: rowTime / speed } }));
    }
    const { rate } = shiftAndAdd;
    if (rate !== undefined) {
      part('shiftAndAdd', (speed) => core({ shiftAndAdd: { ...shiftAndAdd, rate: rate * speed } }));
    }
  }
  if (digitalCore !== undefined && tile.digitalCores > 0) {
    const { vectorUnit, weightMemory, macArray, clock } = digitalCore;
    const core = (changes: Partial<typeof digitalCore>) => ({
      ...spec,
      digitalCore: { ...digitalCore, ...changes },
    });
    // Weights are counted in cycles as they load: an infinite clock would have no answer, this one is as good.
    part('digitalCore', (speed) => core({ clock: clock * Math.min(speed, FASTEST_CLOCK) }));
    part('vectorUnit', (speed) => core({ vectorUnit: { ...vectorUnit, lanes: vectorUnit.lanes * speed } }));
    if (weightMemory !== undefined && macArray !== undefined) {
      part('weightMemory', (speed) =>
        core({ weightMemory: { ...weightMemory, bandwidth: weightMemory.bandwidth * speed } }),
      );
    }
  }
  part('buffer', (speed) => ({
    ...spec,
    tile: { ...tile, buffer: { ...tile.buffer, bandwidth: tile.buffer.bandwidth * speed } },
  }));
  const { cycle } = tile;
  if (cycle !== undefined) {
    // A cycle of no time is no lock step at all.
    part('tile.cycle', (speed) => ({
      ...spec,
      tile: { ...tile, cycle: Number.isFinite(speed) ? cycle / speed : undefined },
    }));
  }
  const { interconnect, memory, chipLink } = chip;
  if (chipLink !== undefined && chip.count > 1) {
    const { bandwidth, latency } = chipLink;
    part('chipLink', (speed) => ({
      ...spec,
      chip: {
        ...chip,
        chipLink: { ...chipLink, bandwidth: bandwidth * speed, latency: latency / speed },
      },
    }));
  }
  if (tileCount(spec) > 1) {
    part('interconnect', (speed) => ({
      ...spec,
      chip: {
        ...chip,
        interconnect: {
          ...interconnect,
          linkBandwidth: interconnect.linkBandwidth * speed,
          hopLatency: interconnect.hopLatency / speed,
        },
      },
    }));
  }
  part('memory', (speed) => ({
    ...spec,
    chip: {
      ...chip,
      memory: {
        ...memory,
        bandwidth: memory.bandwidth * speed,
        latency: memory.latency / speed,
        rowMissTime: memory.rowMissTime / speed,
      },
    },
  }));
  return parts;
}

type Adc = NonNullable<ArchitectureSpec['analogCore']>['adcBank']['adc'];

// Converters have a sample rate or a clock; a conversion takes a number of periods of it.
function fasterConverter(adc: Adc, speed: number): Adc {
  const changed: Record<string, unknown> = { ...adc };
  for (const key of ['sampleRate', 'clock']) {
    const value = changed[key];
    if (typeof value === 'number') changed[key] = value * speed;
  }
  return changed as Adc;
}

// A new converter whose time hangs on something else must be told here.
function checkConverter(before: ArchitectureSpec, after: ArchitectureSpec, speed: number): void {
  const time = (spec: ArchitectureSpec) =>
    adcFigures(spec.analogCore!.adcBank, spec.technology).conversionTime;
  const expected = time(before) / speed;
  if (Math.abs(time(after) - expected) > 1e-9 * expected) {
    throw new Error(`converter ${before.analogCore!.adcBank.adc.type} cannot be made ${speed} times as fast`);
  }
}

const FASTEST_CLOCK = 1e6;

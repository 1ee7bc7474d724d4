import { isDeepStrictEqual } from 'node:util';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { adcFigures, dacFigures } from '../hardware/converter-banks.ts';
import { inventory } from '../hardware/inventory.ts';
import { readArchitecture } from '../input/architecture.ts';

/**
 * A warning (cause and cure) where `--set technology=…` leaves figures of a chip as they were, because they are stated in its
 * file or come from models that do not scale: that it changes none, or whose energy, area and leakage stay; none otherwise.
 */
export async function technologyWarnings(
  file: string,
  overrides: readonly string[],
  spec: ArchitectureSpec,
): Promise<readonly string[]> {
  const others = overrides.filter((override) => !SETS_TECHNOLOGY.test(override));
  if (others.length === overrides.length) return [];
  const { value: written } = await readArchitecture(file, others);
  if (written.technology === spec.technology) return [];
  const [before, now] = [written, spec].map(
    ({ technology }) => `${Number((technology * 1e9).toPrecision(6))} nm`,
  );
  const cure = 'name models that follow the node (adc: {type: survey, …}, see kirchhoff list), or set';
  if (isDeepStrictEqual(figures(written), figures(spec))) {
    return [
      `technology ${now} changes no figure of ${spec.name}: its file states all of them for ${before}; ` +
        `${cure} the figures themselves`,
    ];
  }
  const stay = unscaled(costs(written), costs(spec));
  if (stay.length === 0) return [];
  return [
    `stated figures (or of models that do not scale), not scaled from ${before} to ${now}: ${stay.join(', ')}; ${cure} theirs`,
  ];
}

const SETS_TECHNOLOGY = /^\s*technology\s*=/;

/** All that a chip costs and takes, whatever its node is called. */
function figures(spec: ArchitectureSpec): unknown {
  return [{ ...spec, technology: undefined }, inventory(spec)];
}

/** What a part costs by the keys of its figures: J, m² and W; parts by their path in the spec. */
type Costs = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** Parts whose costs are the same in both, with the keys of those that are where others differ; costs of 0 aside. */
function unscaled(before: Costs, now: Costs): readonly string[] {
  return [...now].flatMap(([path, part]) => {
    const keys = Object.keys(part).filter((key) => part[key] !== 0);
    const same = keys.filter((key) => part[key] === before.get(path)?.[key]);
    if (same.length === 0) return [];
    return [same.length === keys.length ? path : `${path} (${same.join(', ')})`];
  });
}

/** Costs of all parts that are of the chip's node: neither the memory outside it nor links between chips. */
function costs(spec: ArchitectureSpec): Costs {
  const { technology, chip, tile, analogCore, digitalCore } = spec;
  const found = new Map<string, Record<string, number>>();
  const add = (path: string, part: object) => {
    for (const [key, value] of Object.entries(part)) {
      if (typeof value === 'object' && value !== null) add(`${path}.${key}`, value as object);
      else if (typeof value === 'number' && COSTS.test(key)) {
        found.set(path, { ...found.get(path), [key]: value });
      }
    }
  };
  if (analogCore !== undefined && tile.analogCores > 0) {
    const { conversionEnergy, ...adc } = adcFigures(analogCore.adcBank, technology);
    const { driveEnergy, ...dac } = dacFigures(analogCore.dacBank, technology);
    add('analogCore', {
      ...analogCore,
      dacBank: { dac: { energy: driveEnergy, ...dac } },
      adcBank: { adc: { energy: conversionEnergy, ...adc } },
    });
  }
  if (digitalCore !== undefined && tile.digitalCores > 0) add('digitalCore', digitalCore);
  add('tile', tile);
  add('chip', { interconnect: chip.interconnect, fixed: chip.fixed });
  return found;
}

const COSTS = /energy$|^area$|^leakage$|^power$/i;

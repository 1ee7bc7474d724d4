import { isDeepStrictEqual } from 'node:util';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { inventory } from '../hardware/inventory.ts';
import { readArchitecture } from '../input/architecture.ts';

/**
 * A warning (cause and cure) where `--set technology=…` changes no figure of a chip, because all are stated in its file or
 * come from models that do not scale; none otherwise.
 */
export async function technologyWarnings(
  file: string,
  overrides: readonly string[],
  spec: ArchitectureSpec,
): Promise<readonly string[]> {
  const others = overrides.filter((override) => !SETS_TECHNOLOGY.test(override));
  if (others.length === overrides.length) return [];
  const { value: written } = await readArchitecture(file, others);
  if (written.technology === spec.technology || !isDeepStrictEqual(figures(written), figures(spec)))
    return [];
  const [before, now] = [written, spec].map(
    ({ technology }) => `${Number((technology * 1e9).toPrecision(6))} nm`,
  );
  return [
    `technology ${now} changes no figure of ${spec.name}: its file states all of them for ${before}; ` +
      'name models that follow the node (adc: {type: survey, …}, see kirchhoff list), or set the figures themselves',
  ];
}

const SETS_TECHNOLOGY = /^\s*technology\s*=/;

/** All that a chip costs and takes, whatever its node is called. */
function figures(spec: ArchitectureSpec): unknown {
  return [{ ...spec, technology: undefined }, inventory(spec)];
}

import { Fault, type Place } from '../base/fault.ts';
import { macroModels } from '../hardware/macros/index.ts';
import type { MacroModel, MacroSpec } from '../hardware/macros/macro.ts';
import type { z } from 'zod';
import { readTextFile } from './text-file.ts';
import { type Conflict, readYaml, type Spec } from './yaml/read-yaml.ts';

/** A macro as its file describes it, and the model that the file names. */
export interface MacroFile {
  readonly model: MacroModel;
  readonly spec: Spec<MacroSpec>;
}

/** Whether the text of a YAML file describes a macro: it has a `macro` key. */
export function describesMacro(text: string): boolean {
  return macroKey.test(text);
}

/**
 * The macro that a YAML file describes, with `path=value` overrides. Throws Faults, each at its place in the file or at the
 * `--set` that caused it.
 */
export async function readMacro(file: string, sets: readonly string[] = []): Promise<MacroFile> {
  const text = await readTextFile(file, 1 << 20);
  const model = namedModel(file, text);
  const spec = await readYaml(file, model.schema, {
    sets,
    check: (value) => [...checkMacro(value), ...(model.conflicts?.(value as never) ?? [])],
  });
  return { model, spec: spec as unknown as Spec<MacroSpec> };
}

const macroKey = /^macro\s*:[ \t]*(.*?)[ \t]*(?:#.*)?$/m;

// The name decides which schema reads the rest, so it is found before the YAML is parsed.
function namedModel(file: string, text: string): MacroModel {
  const found = macroKey.exec(text);
  const name = (found?.[1] ?? '').replace(/^(['"])(.*)\1$/, '$2');
  try {
    return macroModels.get(name);
  } catch (error) {
    if (!(error instanceof Fault) || found === null) throw error;
    const before = text.slice(0, found.index).split('\n');
    const source = text.split('\n')[before.length - 1]!;
    const place: Place = {
      file,
      line: before.length,
      column: source.indexOf(':') + 3,
      path: 'macro',
      source,
    };
    throw error.at(place);
  }
}

/** What no single key can see: a clock that stands still, shares of more than everything. */
function checkMacro(value: z.output<z.ZodObject>): readonly Conflict[] {
  const { clock, point, calibration } = value as unknown as MacroSpec;
  const conflicts: Conflict[] = [];
  for (const [path, supply] of [
    [['point', 'supply'], point.supply],
    ...clock.points.map((one, index) => [['clock', 'points', index, 'supply'], one.supply] as const),
  ] as const) {
    if (supply > clock.threshold) continue;
    const cure = 'raise the supply, or lower clock.threshold';
    conflicts.push({ path, problem: `${supply} V is not above the threshold of ${clock.threshold} V`, cure });
  }
  const shares = Object.values(calibration.split ?? {}).reduce<number>((sum, share) => sum + (share ?? 0), 0);
  if (shares > 1 + 1e-6) {
    const problem = `shares of ${Number((shares * 100).toPrecision(4))} % in all`;
    conflicts.push({ path: ['calibration', 'split'], problem, cure: 'make them add up to at most 100 %' });
  }
  return conflicts;
}

import { calibratedEnergies } from './calibration.ts';
import { clockPeriod, lawPeriod } from './clock.ts';
import type { MacroModel, MacroSpec } from './macro.ts';

/** What a macro does at its point. */
export interface MacroFigures {
  /** s of one operation, the next starting when it ends. */
  readonly operationTime: number;
  /** Operations in it, 2 a MAC, of one copy. */
  readonly operations: number;
  readonly parts: readonly MacroPart[];
  /** J of one operation of one copy, all parts. */
  readonly energy: number;
  /** Operations per second of all copies. */
  readonly throughput: number;
  /** m² of all copies, as far as published or modelled. */
  readonly area: number;
  /** Of the parts that the publication counts. */
  readonly topsPerWatt: number;
  readonly topsPerSquareMillimetre: number;
}

/** One part of a macro. */
export interface MacroPart {
  readonly part: string;
  /** J of one operation of one copy. */
  readonly energy: number;
  /** m² of one copy; 0 where it was neither published nor modelled. */
  readonly area: number;
  /** Whether TOPS/W and TOPS/mm² count it. */
  readonly counted: boolean;
}

/**
 * Energy, time and area of a macro: with its calibration and all that its file has as published or, bottom-up, without factor,
 * split, areas and all clock points but the first.
 */
export function macroFigures(
  model: MacroModel,
  spec: MacroSpec,
  { calibrated = true }: { readonly calibrated?: boolean } = {},
): MacroFigures {
  const periodOf = ({ clock, point }: MacroSpec) =>
    calibrated ? clockPeriod(clock, point.supply) : lawPeriod(clock, point.supply);
  const workAt = (one: MacroSpec) => model.work(one as never, periodOf(one));
  const here = workAt(spec);
  const { calibration } = spec;
  const reference = { ...spec, point: { ...spec.point, ...calibration.at } };
  const energies = calibrated
    ? calibratedEnergies(calibration, here.energies, workAt(reference).energies)
    : here.energies;
  const parts = model.parts.map((part): MacroPart => {
    const counted = model.counted?.includes(part) ?? true;
    const published = calibrated ? spec.areas[part] : undefined;
    return { part, energy: energies[part]!, area: published ?? here.areas[part] ?? 0, counted };
  });
  const sum = (value: (part: MacroPart) => number) => parts.reduce((total, part) => total + value(part), 0);
  const operationTime = here.periods * periodOf(spec);
  const throughput = (spec.copies * here.operations) / operationTime;
  const countedEnergy = sum((part) => (part.counted ? part.energy : 0));
  const countedArea = spec.copies * sum((part) => (part.counted ? part.area : 0));
  return {
    operationTime,
    operations: here.operations,
    parts,
    energy: sum((part) => part.energy),
    throughput,
    area: spec.copies * sum((part) => part.area),
    topsPerWatt: here.operations / countedEnergy / 1e12,
    topsPerSquareMillimetre: countedArea > 0 ? throughput / 1e12 / (countedArea * 1e6) : 0,
  };
}

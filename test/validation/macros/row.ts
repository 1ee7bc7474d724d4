import { join } from 'node:path';
import { type MacroFigures, macroFigures } from '../../../src/hardware/macros/figures.ts';
import type { MacroSpec } from '../../../src/hardware/macros/macro.ts';
import { readMacro } from '../../../src/input/macro.ts';
import { ROOT } from '../../cli/command.ts';

/** One published quantity of a macro over its sweep beside what the model says. */
export interface MacroRow {
  readonly macro: string;
  readonly quantity: string;
  readonly unit: string;
  readonly published: readonly number[];
  /** From component models alone: no factor, split, published areas or second clock points. */
  readonly bottomUp: readonly number[];
  /** Bottom-up after one factor on every energy, found by the same rule. */
  readonly factor: readonly number[];
  /** With the factor of the file and what it takes as given. */
  readonly ours: readonly number[];
  /** Errors of the best energy tool (CiMLoop) on the same quantity in percent: as it was noted, and the largest. */
  readonly best?: { readonly text: string; readonly largest: number } | undefined;
  /** What of the row is an input from the paper. */
  readonly given?: string | undefined;
  /** Why the row is worse than the tool. */
  readonly unmatched?: string | undefined;
}

/** The factor of a macro as its rule finds it, with what is given and without, beside that of its file. */
export interface MacroFit {
  readonly macro: string;
  readonly fitted: number;
  readonly alone: number;
  readonly stated: number;
}

/** All that is said about one macro. */
export interface MacroComparison {
  readonly rows: readonly MacroRow[];
  readonly fit: MacroFit;
}

/** Figures of a macro where its point differs by some keys; bottom-up when not calibrated. */
export type FiguresAt = (point: object, calibrated: boolean) => MacroFigures;

/** Some numbers of a model, calibrated or bottom-up. */
export type Values = (calibrated: boolean) => readonly number[];

/** Reads `arch/macros/NAME.yaml`. */
export async function macroNamed(name: string): Promise<{ spec: MacroSpec; at: FiguresAt }> {
  const { model, spec } = await readMacro(join(ROOT, `arch/macros/${name}.yaml`));
  const { value } = spec;
  const at: FiguresAt = (point, calibrated) =>
    macroFigures(model, { ...value, point: { ...value.point, ...point } }, { calibrated });
  return { spec: value, at };
}

/** Geometric mean of published over modelled energies: the rule of every factor. */
export function fit(spec: MacroSpec, published: readonly number[], energies: Values): MacroFit {
  const mean = (ours: readonly number[]) => {
    const logs = published.map((value, index) => Math.log(value / ours[index]!));
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  };
  const stated = spec.calibration.factor;
  return { macro: spec.name, fitted: stated * mean(energies(true)), alone: mean(energies(false)), stated };
}

interface Remarks {
  /** Its errors in percent, when a text does not say them: smallest and largest. */
  readonly best?: readonly [number, number] | { readonly text: string; readonly largest: number };
  readonly given?: string;
  readonly unmatched?: string;
}

/** Rows of one macro: of energies, of efficiencies (1 / energy), and of what no factor on energies touches. */
export function rowsOf(macro: string, { alone }: MacroFit) {
  const of =
    (power: number) =>
    (quantity: string, unit: string, published: readonly number[], values: Values, remarks: Remarks = {}) => {
      const bottomUp = values(false);
      const { best, ...rest } = remarks;
      const row: MacroRow = {
        macro,
        quantity,
        unit,
        published,
        bottomUp,
        factor: bottomUp.map((value) => value * alone ** power),
        ours: values(true),
        best: best === undefined || 'text' in best ? best : { text: range(best), largest: largest(best) },
        ...rest,
      };
      return row;
    };
  return { energy: of(1), efficiency: of(-1), other: of(0) };
}

/** Smallest and largest error in percent of what was published. */
export function errors(ours: readonly number[], published: readonly number[]): readonly [number, number] {
  const all = ours.map((value, index) => 100 * (value / published[index]! - 1));
  return [Math.min(...all), Math.max(...all)];
}

/** The larger of two errors in whole percents, whatever their sign. */
export function largest([low, high]: readonly [number, number]): number {
  return Math.max(Math.abs(Math.round(low)), Math.abs(Math.round(high)));
}

/** Two errors as the tables show them: `−3 … +1 %`. */
export function range([low, high]: readonly [number, number]): string {
  const [from, to] = [low, high].map((value) => signed(Math.round(value)));
  return from === to ? `${from} %` : `${from} … ${to} %`;
}

/** J of a part in one operation. */
export function partEnergy(figures: MacroFigures, part: string): number {
  return figures.parts.find((one) => one.part === part)!.energy;
}

/** m² of a part of one copy. */
export function partArea(figures: MacroFigures, part: string): number {
  return figures.parts.find((one) => one.part === part)!.area;
}

// A true minus sign, and no sign for 0.
function signed(value: number): string {
  if (value === 0) return '0';
  return value < 0 ? `−${-value}` : `+${value}`;
}

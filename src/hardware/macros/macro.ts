import type { z } from 'zod';
import type { Part } from '../../base/registry.ts';
import type { CalibrationSpec } from './calibration.ts';
import type { MacroClockSpec } from './clock.ts';

/** What one operation of a macro is, before any calibration: a matrix-vector product with all rows and columns busy. */
export interface MacroWork {
  /** Operations in it, 2 a MAC. */
  readonly operations: number;
  /** Periods of the macro's clock that it takes. */
  readonly periods: number;
  /** J of each part, by its name. */
  readonly energies: Readonly<Record<string, number>>;
  /** m² of the parts of one copy whose area is modelled. */
  readonly areas: Readonly<Record<string, number>>;
}

/** Keys that every macro spec has, beside those of its model. */
export interface MacroSpec {
  readonly macro: string;
  readonly name: string;
  readonly source: string;
  readonly technology: number;
  /** Copies on the chip; throughput and area are of all. */
  readonly copies: number;
  readonly clock: MacroClockSpec;
  readonly point: MacroPoint;
  /** m² of the parts of one copy, as published. */
  readonly areas: Readonly<Record<string, number | undefined>>;
  readonly calibration: CalibrationSpec;
}

/** Where the macro works: its supply, its bits, its data. */
export interface MacroPoint {
  /** V. */
  readonly supply: number;
}

/** A contradiction between keys of a macro spec. */
export interface MacroConflict {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly cure: string;
}

/** A published kind of compute-in-memory macro, modelled from the capacitances, currents and gates that it is made of. */
export interface MacroModel extends Part {
  /** Parts in the order in which they are shown. */
  readonly parts: readonly string[];
  /** Those whose energy and area the publication counts in TOPS/W and TOPS/mm²; all when left out. */
  readonly counted?: readonly string[];
  readonly schema: z.ZodObject;
  /** Contradictions in a spec that no single key can see, each at the key that has to change. */
  conflicts?(spec: never): readonly MacroConflict[];
  /** One operation at the spec's point; `period` is that of its clock in s. */
  work(spec: never, period: number): MacroWork;
}

/**
 * A kind of part on the chip as the report sees it: how many units there are, what one of them takes in area
 * and leakage, and what each of its actions costs. Energy of a run = Σ actions × energy + leakage × time.
 */
export interface Component {
  /** The report's word for it, such as `adcBank`. */
  readonly name: ComponentName;
  /** Where the spec describes it, such as `analogCore.adcBank`. */
  readonly path: string;
  /** Units on the whole chip. */
  readonly count: number;
  /** m² of one unit. */
  readonly area: number;
  /** W of one unit, drawn whether it works or not. */
  readonly leakage: number;
  readonly actions: readonly Action[];
}

/** Something a component does, counted by the machine and charged by the report. */
export interface Action {
  readonly name: string;
  /** J for one. */
  readonly energy: number;
  /** Highest rate of one unit in 1/s: gives the peak power. */
  readonly peakRate: number;
  /** Network layer that alone it is of; absent: of any. */
  readonly layer?: number | undefined;
}

/** Component kinds in the order in which reports list them. */
export const COMPONENT_NAMES = [
  'crossbar',
  'dacBank',
  'sampleAndHold',
  'adcBank',
  'shiftAndAdd',
  'coreRegister',
  'macArray',
  'weightMemory',
  'vectorUnit',
  'buffer',
  'interconnect',
  'chipLink',
  'memory',
  'fixed',
] as const;

export type ComponentName = (typeof COMPONENT_NAMES)[number];

/** W of all units of a component working at their highest rate, leakage included. */
export function peakPower(component: Component): number {
  let perUnit = component.leakage;
  for (const action of component.actions) perUnit += action.energy * action.peakRate;
  return perUnit * component.count;
}

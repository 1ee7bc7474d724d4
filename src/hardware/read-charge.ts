import type { ArchitectureSpec } from './architecture.ts';
import { dacFigures } from './converter-banks.ts';

/** What a layer's cells and inputs make of reads and drives, relative to full ones. */
export interface LayerLoad {
  /** Network layer. */
  readonly layer: number;
  /** Mean over weight cells and input slices of conductance × drive (`linear`) or drive² (`square`), both 0 … 1. */
  readonly load: number;
  /** Share of drives, of a word line for one input slice, by anything but 0. */
  readonly active: number;
}

/** What reads and drives of one layer cost. */
export interface LayerCharge {
  readonly layer: number;
  /** J of one cell for one input slice, on the average of the layer's. */
  readonly readEnergy: number;
  /** J of one word line for one input slice, likewise. */
  readonly driveEnergy: number;
}

/** What a layer's reads cost with its own conductances and inputs: V² G t of every cell (`square`), or V I t (`linear`). */
export function layerCharge(spec: ArchitectureSpec, { layer, load, active }: LayerLoad): LayerCharge {
  const { crossbar, dacBank } = spec.analogCore!;
  const { driveEnergy, activeEnergy } = dacFigures(dacBank, spec.technology);
  return {
    layer,
    readEnergy: crossbar.fullReadEnergy! * load,
    driveEnergy: activeEnergy === undefined ? driveEnergy : activeEnergy * active,
  };
}

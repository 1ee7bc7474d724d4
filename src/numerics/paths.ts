import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { rowsHeld } from '../mapping/blocks.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import type { MvmLowering } from '../network/operator.ts';
import { type ActivationGrid, type QuantizedWeights, roundHalfEven } from '../network/quantization.ts';
import { type AnalogFormat, analogFormat, isLossless } from './analog-format.ts';
import { type Calibration, DIGITAL_BITS, gridsOf, type OperandGrids } from './calibration.ts';
import type { CellPhysics } from './cells.ts';
import { chipsDiffer } from './chips-differ.ts';
import type { MvmMode, Path } from './forward-plan.ts';
import { layerWeights } from './layer-weights.ts';
import { type MvmGeometry, mvmGeometry } from './mvm-geometry.ts';

/** An MVM layer as crossbars hold it. */
export interface AnalogDesign {
  readonly geometry: MvmGeometry;
  readonly weights: QuantizedWeights;
  readonly format: AnalogFormat;
}

export function analogDesign(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  physics: CellPhysics,
  grids: readonly OperandGrids[],
  layer: number,
): AnalogDesign {
  const lowering = lowered.lowerings[layer]!;
  if (lowering.kind !== 'mvm') throw new Error(`layer ${layer} has no MVM`);
  const geometry = mvmGeometry(lowered, layer, rowsHeld(spec));
  const weights = layerWeights(lowered, spec, layer, 'analog');
  const grid = gridsOf({ grids }, layer, lowering.activation).analog;
  const bias = biasCodes(lowering, weights, grid, spec);
  return { geometry, weights, format: analogFormat(geometry, spec, weights.codes, grid, physics, bias) };
}

/**
 * Integer weights [channels][biasRows] that give the bias when their word lines carry the largest input code: as
 * evenly as integers go; clipped at the largest weight.
 */
function biasCodes(
  { bias, groups, columns }: MvmLowering,
  { scales }: QuantizedWeights,
  grid: ActivationGrid,
  { encoding }: ArchitectureSpec,
): Int16Array {
  const { biasRows, weightBits } = encoding;
  const channels = groups * columns;
  const codes = new Int16Array(channels * biasRows);
  if (bias === undefined || biasRows === 0) return codes;
  const most = 2 ** (weightBits - 1) - 1;
  for (let channel = 0; channel < channels; channel++) {
    const step = scales[channel]! * grid.scale * grid.high;
    const wanted = step > 0 ? bias[channel]! / step : 0;
    const total = roundHalfEven(Math.max(Math.min(wanted, most * biasRows), -most * biasRows));
    for (let row = 0; row < biasRows; row++) {
      codes[channel * biasRows + row] =
        Math.trunc((total * (row + 1)) / biasRows) - Math.trunc((total * row) / biasRows);
    }
  }
  return codes;
}

/** The baseline: every layer in float32. */
export const floatPath: Path = { float: true, mode: () => 'float', chip: () => 0 };

/** Every layer on digital cores. */
export const digitalPath: Path = { float: false, mode: () => 'digital', chip: () => 0 };

/** Which chips a run simulates: `count` from `first` on. */
export interface ChipRange {
  readonly first: number;
  readonly count: number;
}

/**
 * The paths of partitions on chips, all partitions of the first chip, then of the next. An analog layer whose
 * converters lose nothing is computed as one product (`collapse`), which is that of a digital core when
 * the encoding has its eight bits. Cells with errors do not collapse, even static ones: their partial sums are no
 * integers, so that every conversion rounds. Without chance all chips are the first.
 */
export function partitionPaths(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  partitions: readonly Partition[],
  calibration: Calibration,
  physics: CellPhysics,
  chips: ChipRange,
  collapse: boolean,
): readonly Path[] {
  const modes = new Map<number, MvmMode>();
  for (const layer of analogLayers(partitions)) {
    const { format } = analogDesign(lowered, spec, physics, calibration.grids, layer);
    const ranges = calibration.ranges[layer];
    if (ranges === undefined && format.adc.levels > 0) {
      throw new Fault(`layer ${lowered.network.layers[layer]!.name} has no calibrated converters`, {
        cure: 'calibrate with a partition that has it on crossbars',
      });
    }
    modes.set(layer, collapse && isLossless(format, ranges ?? []) ? collapsedMode(spec) : 'analog');
  }
  const chance = chipsDiffer(spec);
  const paths: Path[] = [];
  for (let chip = chips.first; chip < chips.first + chips.count; chip++) {
    for (const partition of partitions) {
      const analog = new Set(partition.analog);
      paths.push({
        float: false,
        mode: (layer) => (analog.has(layer) ? modes.get(layer)! : 'digital'),
        chip: () => (chance ? chip : chips.first),
        transition: lowered.transitions.get(partition.name),
      });
    }
  }
  return paths;
}

/** Layers that any of the partitions puts on crossbars, ascending. */
export function analogLayers(partitions: readonly Partition[]): readonly number[] {
  return [...new Set(partitions.flatMap(({ analog }) => analog))].sort((a, b) => a - b);
}

function collapsedMode({ encoding }: ArchitectureSpec): MvmMode {
  return encoding.weightBits === DIGITAL_BITS && encoding.inputBits === DIGITAL_BITS
    ? 'digital'
    : 'collapsed';
}

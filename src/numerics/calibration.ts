import { Fault } from '../base/fault.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { activationOperands, type LoweredNetwork } from '../mapping/lowered-network.ts';
import { isConstant, NETWORK_INPUT } from '../network/network.ts';
import { type ActivationGrid, activationGrid } from '../network/quantization.ts';
import type { AdcRange } from './adc-range.ts';
import { largestMagnitude, leastSquaresClip, type Magnitudes } from './magnitudes.ts';

/** The integers that one operand of an MVM layer or product becomes. */
export interface OperandGrids {
  readonly layer: number;
  readonly operand: number;
  /** Eight bits: what digital cores multiply. */
  readonly digital: ActivationGrid;
  /** The encoding's input bits: what word lines carry. */
  readonly analog: ActivationGrid;
}

/** What a calibration set decides: plain, so that it crosses to workers and into reports. */
export interface Calibration {
  readonly grids: readonly OperandGrids[];
  /** Converter ranges of analog layers by layer index, one for each weight slice. */
  readonly ranges: Readonly<Record<number, readonly AdcRange[]>>;
}

/** Bits of the multipliers of digital cores, weights and activations alike (hardware/digital-core.ts: int8). */
export const DIGITAL_BITS = 8;

/** An operand that is quantized: activations of MVM layers, both sides of products. */
export interface QuantizedOperand {
  readonly layer: number;
  readonly operand: number;
  /** Layer that produces it, or `NETWORK_INPUT`; undefined for a constant. */
  readonly from: number | undefined;
  readonly signed: boolean;
}

/** Every quantized operand in the order of the layers. */
export function quantizedOperands(lowered: LoweredNetwork): readonly QuantizedOperand[] {
  const { network, lowerings, signed, inputSigned } = lowered;
  const found: QuantizedOperand[] = [];
  network.layers.forEach((layer, index) => {
    const lowering = lowerings[index]!;
    if (lowering.kind !== 'mvm' && lowering.kind !== 'product') return;
    for (const { operand, from } of activationOperands(layer)) {
      if (lowering.kind === 'mvm' && operand !== lowering.activation) continue;
      const negative = from === NETWORK_INPUT ? inputSigned : signed[from]!;
      found.push({ layer: index, operand, from, signed: negative });
    }
    if (lowering.kind !== 'product') return;
    layer.inputs.forEach((operand, position) => {
      if (!isConstant(operand)) return;
      const negative = operand.data.some((value) => value < 0);
      found.push({ layer: index, operand: position, from: undefined, signed: negative });
    });
  });
  return found;
}

/**
 * Grids from the magnitudes that a calibration set showed in float32, by least squared error: the clip at which
 * rounding and clipping together lose least, for the bits at hand.
 */
export function chooseGrids(
  lowered: LoweredNetwork,
  spec: ArchitectureSpec,
  magnitudes: readonly Magnitudes[],
): readonly OperandGrids[] {
  return quantizedOperands(lowered).map(({ layer, operand, signed }, index) => {
    const seen = magnitudes[index]!;
    const largest = largestMagnitude(seen);
    if (!(largest < Infinity)) {
      const { name } = lowered.network.layers[layer]!;
      throw new Fault(`layer ${name}: activations are not finite on the calibration images`, {
        cure: 'check the preprocessing and the model',
      });
    }
    const grid = (bits: number) => {
      const levels = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
      return activationGrid(leastSquaresClip(seen, levels), bits, signed);
    };
    return { layer, operand, digital: grid(DIGITAL_BITS), analog: grid(spec.encoding.inputBits) };
  });
}

/** The grids of an operand. */
export function gridsOf(
  calibration: Pick<Calibration, 'grids'>,
  layer: number,
  operand: number,
): OperandGrids {
  const found = calibration.grids.find((grids) => grids.layer === layer && grids.operand === operand);
  if (found === undefined) throw new Error(`operand ${operand} of layer ${layer} has no grid`);
  return found;
}

import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { crossbarMvm } from './crossbar-mvm.ts';

/** One step of an MVM's way through a tile, in whole cycles of the crossbar's read time. */
export interface PipelineStep {
  readonly step: 'fetch' | 'crossbars' | 'merge' | 'vector' | 'store';
  readonly cycles: number;
}

/**
 * The way of one MVM through a tile that keeps to the cycle of its crossbars (`readTime`), each step in whole cycles:
 * inputs from the buffer to the registers, slices through crossbar, converters and adders, the partial sums of two
 * cores put together, the activation, and the outputs to the buffer. For ISAAC-CE the 22 cycles of Figure 4b
 * (Shafiee et al., ISCA 2016): 1 + 18 + 1 + 1 + 1. Undefined on a chip without analog or digital cores.
 */
export function tilePipeline(spec: ArchitectureSpec): readonly PipelineStep[] | undefined {
  const mvm = crossbarMvm(spec);
  const { analogCore: core, digitalCore, encoding, tile } = spec;
  if (mvm === undefined || core === undefined || digitalCore === undefined) return undefined;
  const cycle = core.crossbar.readTime;
  // Rounding errors of a sum of slices do not make another cycle.
  const cycles = (seconds: number) => Math.max(1, Math.ceil(seconds / cycle - 1e-9));
  const width = Math.ceil(encoding.inputBits / 8);
  const merge = core.shiftAndAdd.rate === undefined ? 0 : mvm.columns / core.shiftAndAdd.rate;
  return [
    { step: 'fetch', cycles: cycles((mvm.rows * width) / tile.buffer.bandwidth) },
    { step: 'crossbars', cycles: cycles(mvm.latency) },
    { step: 'merge', cycles: cycles(merge) },
    { step: 'vector', cycles: cycles(mvm.columns / digitalCore.vectorUnit.lanes / digitalCore.clock) },
    { step: 'store', cycles: cycles((mvm.columns * width) / tile.buffer.bandwidth) },
  ];
}

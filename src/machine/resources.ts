import { FifoLines } from '../engine/fifo-lines.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { longestPath, type Routes, routesOf } from '../hardware/routes.ts';
import { ticks } from './ticks.ts';
import { type WaitKind, type WaitLedger, WAITS } from './waits.ts';

/** Everything on the chip that work queues for, and how long transfers take. */
export interface Resources {
  readonly memoryPort: FifoLines;
  /** Port of each tile's buffer. */
  readonly bufferPorts: FifoLines;
  /** Links of the interconnect, numbered by its routes. */
  readonly links: FifoLines;
  /** Shared converter bank of each analog core (queued for only when shared). */
  readonly adcBanks: FifoLines;
  /** Compute part of each digital core. */
  readonly digitalCores: FifoLines;
  readonly routes: Routes;
  /** Room for any path of `routes`. */
  readonly path: Int32Array;
  memoryTicks(bytes: number): number;
  bufferTicks(bytes: number): number;
  linkTicks(bytes: number): number;
  /** Ticks of a router and its link. */
  readonly hopTicks: number;
}

/** Fresh, idle resources for one run on a chip; what is waited for them goes to the ledger. */
export function createResources(spec: ArchitectureSpec, waits: WaitLedger): Resources {
  const { chip, tile } = spec;
  const lines = (kind: WaitKind, count: number) => {
    const number = WAITS.indexOf(kind);
    return new FifoLines(count, (_line, waiter, holder, held) => waits.add(number, waiter, holder, held));
  };
  const routes = routesOf(chip.interconnect.type, chip.tiles);
  return {
    memoryPort: lines('memoryPort', 1),
    bufferPorts: lines('bufferPort', chip.tiles),
    links: lines('link', routes.links),
    adcBanks: lines('adcBank', spec.analogCore === undefined ? 0 : chip.tiles * tile.analogCores),
    digitalCores: lines('digitalCore', chip.tiles * tile.digitalCores),
    routes,
    path: new Int32Array(longestPath(chip.tiles)),
    memoryTicks: (bytes) => ticks(bytes / chip.memory.bandwidth),
    bufferTicks: (bytes) => ticks(bytes / tile.buffer.bandwidth),
    linkTicks: (bytes) => ticks(bytes / chip.interconnect.linkBandwidth),
    hopTicks: ticks(chip.interconnect.hopLatency),
  };
}

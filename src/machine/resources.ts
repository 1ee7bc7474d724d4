import { FifoServer } from '../engine/resource.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { hops } from '../hardware/interconnect.ts';
import { ticks } from './ticks.ts';

/** Everything on the chip that work queues for, one server a port; and how long transfers take. */
export interface Resources {
  readonly memoryPort: FifoServer;
  /** Port of each tile's buffer. */
  readonly bufferPorts: readonly FifoServer[];
  /** Port of each tile into the interconnect. */
  readonly links: readonly FifoServer[];
  /** Shared converter bank of each analog core (queued for only when shared). */
  readonly adcBanks: readonly FifoServer[];
  /** Compute part of each digital core. */
  readonly digitalCores: readonly FifoServer[];
  memoryTicks(bytes: number): number;
  bufferTicks(bytes: number): number;
  linkTicks(bytes: number): number;
  /** Ticks of the routers on the way, and their number. */
  wayTicks(from: number, to: number): number;
  hops(from: number, to: number): number;
}

/** Fresh, idle resources for one run on a chip. */
export function createResources(spec: ArchitectureSpec): Resources {
  const { chip, tile } = spec;
  const servers = (count: number) => Array.from({ length: count }, () => new FifoServer());
  const distance = (from: number, to: number) => hops(from, to, chip.tiles);
  return {
    memoryPort: new FifoServer(),
    bufferPorts: servers(chip.tiles),
    links: servers(chip.tiles),
    adcBanks: servers(spec.analogCore === undefined ? 0 : chip.tiles * tile.analogCores),
    digitalCores: servers(chip.tiles * tile.digitalCores),
    memoryTicks: (bytes) => ticks(bytes / chip.memory.bandwidth),
    bufferTicks: (bytes) => ticks(bytes / tile.buffer.bandwidth),
    linkTicks: (bytes) => ticks(bytes / chip.interconnect.linkBandwidth),
    wayTicks: (from, to) => distance(from, to) * ticks(chip.interconnect.hopLatency),
    hops: distance,
  };
}

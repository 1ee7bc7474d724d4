import { FifoLines } from '../engine/fifo-lines.ts';
import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { longestPath, type Routes, routesOf } from '../hardware/routes.ts';
import { rowsOf, transferTime } from '../hardware/memory/transfer.ts';
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
  readonly memoryLatency: number;
  memoryTicks(bytes: number): number;
  bufferTicks(bytes: number): number;
  /** Rows of the memory that a transfer opens. */
  memoryRows(bytes: number): number;
  linkTicks(link: number, bytes: number): number;
  /** Ticks of a link and the router before it. */
  hopTicks(link: number): number;
}

/** Names of all that is queued for. */
export const QUEUES = ['memoryPort', 'bufferPorts', 'links', 'adcBanks', 'digitalCores'] as const;

/** Fresh, idle resources for one run on a chip; what is waited for them goes to the ledger. */
export function createResources(spec: ArchitectureSpec, waits: WaitLedger): Resources {
  const { chip, tile } = spec;
  const lines = (kind: WaitKind, count: number) => {
    const number = WAITS.indexOf(kind);
    return new FifoLines(count, (_line, waiter, holder, held) => waits.add(number, waiter, holder, held));
  };
  const tiles = tileCount(spec);
  const routes = routesOf(spec);
  const { firstBetweenChips } = routes;
  const { interconnect, chipLink, memory } = chip;
  const hop = ticks(interconnect.hopLatency);
  const chipHop = ticks(chipLink?.latency ?? 0);
  return {
    memoryPort: lines('memoryPort', 1),
    bufferPorts: lines('bufferPort', tiles),
    links: lines('link', routes.links),
    adcBanks: lines('adcBank', spec.analogCore === undefined ? 0 : tiles * tile.analogCores),
    digitalCores: lines('digitalCore', tiles * tile.digitalCores),
    routes,
    path: new Int32Array(longestPath(chip.tiles)),
    memoryLatency: ticks(memory.latency),
    memoryTicks: (bytes) => ticks(transferTime(bytes, memory)),
    memoryRows: (bytes) => rowsOf(bytes, memory),
    bufferTicks: (bytes) => ticks(bytes / tile.buffer.bandwidth),
    linkTicks: (link, bytes) =>
      ticks(bytes / (link < firstBetweenChips ? interconnect.linkBandwidth : chipLink!.bandwidth)),
    hopTicks: (link) => (link < firstBetweenChips ? hop : chipHop),
  };
}

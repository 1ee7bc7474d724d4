import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { conversionRounds, conversionsPerColumn, extraColumns } from '../hardware/encoding.ts';
import { transferTime } from '../hardware/memory/transfer.ts';
import { mvmTiming, sliceTimes } from '../hardware/mvm-timing.ts';
import { longestPath, type Routes } from '../hardware/routes.ts';
import { digitalTaskCycles } from './digital-work.ts';
import { copyOfTask, homeOfNewest } from './homes.ts';
import { numberBlocks } from './block-numbers.ts';
import { copyTiles, multicastTree } from './multicast-tree.ts';
import { partialSumsOf } from './partial-sums.ts';
import { coreOfCrossbar, tileOfCrossbar } from './placement.ts';
import type { AnalogStage, DigitalStage, Stage } from './schedule.ts';

/** Memory hangs on the first tile. */
const MEMORY_TILE = 0;

/** What is worked on by stages, and where their answer comes from. */
export interface PlacedStages {
  readonly stages: readonly Stage[];
  readonly output: number;
  readonly outputBytes: number;
}

/** s of work that an inference brings to the busiest unit of each kind of resource. */
export interface ResourceLoads {
  readonly crossbars: number;
  /** Converters that the crossbars of a core share; 0 where each crossbar has its own. */
  readonly adcBanks: number;
  readonly digitalCores: number;
  readonly bufferPorts: number;
  readonly links: number;
  readonly memoryPort: number;
}

/**
 * Work per inference of all that stages share: no interval between answers is shorter than the longest. Digital cores count
 * as one, as any of them takes any task; their tasks are taken to be done where their output stays, as when none is busy.
 * Waiting, and room in buffers, are left out. Of networks that fit the chip at once.
 */
export function resourceLoads(placed: PlacedStages, spec: ArchitectureSpec, routes: Routes): ResourceLoads {
  const loads = new Loads(spec, routes);
  for (const stage of placed.stages) {
    if (stage.kind === 'load') loads.addLoading(stage);
    else {
      stage.sources.forEach((_, source) => loads.addFetching(stage, source, placed.stages));
      if (stage.kind === 'analog') loads.addMvms(stage);
      else loads.addDigital(stage);
    }
    loads.addWriting(stage);
  }
  const { stages, output, outputBytes } = placed;
  loads.addAnswer(stages[output]!.homes.at(-1)!, outputBytes);
  return loads.busiest();
}

class Loads {
  readonly #spec: ArchitectureSpec;
  readonly #routes: Routes;
  readonly #path: Int32Array;
  readonly #portBytes: Float64Array;
  readonly #linkBytes: Float64Array;
  /** s of the shared converters of each core, and of sums in the vector units of each tile. */
  readonly #banks: Float64Array;
  readonly #sums: Float64Array;
  #crossbars = 0;
  #digital = 0;
  #memory = 0;

  constructor(spec: ArchitectureSpec, routes: Routes) {
    const tiles = tileCount(spec);
    this.#spec = spec;
    this.#routes = routes;
    this.#path = new Int32Array(longestPath(spec.chip.tiles));
    this.#portBytes = new Float64Array(tiles);
    this.#linkBytes = new Float64Array(routes.links);
    this.#banks = new Float64Array(tiles * spec.tile.analogCores);
    this.#sums = new Float64Array(tiles);
  }

  /** From memory to the tiles that hold it. */
  addLoading(stage: Stage): void {
    for (let task = 0; task < stage.tasks; task++) {
      const bytes = outputBytes(stage, task);
      this.#addMemory(bytes);
      this.#send(MEMORY_TILE, stage.homes[task]!, bytes);
    }
  }

  /** Inputs out of their buffers, to the copies or cores that compute. */
  addFetching(stage: AnalogStage | DigitalStage, source: number, stages: readonly Stage[]): void {
    const { required, bytes, stage: from } = stage.sources[source]!;
    const producer = stages[from]!;
    const copies = stage.kind === 'analog' ? stage.replicas.length : 0;
    const tiles = this.#portBytes.length;
    const perWay = new Map<number, number>();
    for (let task = 0; task < stage.tasks; task++) {
      const origin = homeOfNewest(producer, required[task]!);
      this.#portBytes[origin]! += bytes[task]!;
      if (stage.kind === 'digital') this.#send(origin, stage.homes[task]!, bytes[task]!);
      else {
        const way = copyOfTask(task, copies) * tiles + origin;
        perWay.set(way, (perWay.get(way) ?? 0) + bytes[task]!);
      }
    }
    if (stage.kind === 'digital') return;
    const places = stage.replicas.map(() => undefined as ReturnType<typeof copyTiles> | undefined);
    const tileOf = (crossbar: number) => tileOfCrossbar(this.#spec, crossbar);
    const numbers = numberBlocks(stage.blocks);
    for (const [way, sum] of perWay) {
      const copy = Math.floor(way / tiles);
      const place = (places[copy] ??= copyTiles(stage.replicas[copy]!, numbers, tileOf));
      if (place.tiles.length === 1) {
        this.#send(way % tiles, place.tiles[0]!, sum);
        continue;
      }
      const { links, shares } = multicastTree(way % tiles, place, this.#routes, this.#path);
      links.forEach((link, index) => (this.#linkBytes[link]! += sum * shares[index]!));
    }
  }

  /** MVMs on the copies of a layer, and what they send to their homes. */
  addMvms(stage: AnalogStage): void {
    const { encoding, tile, analogCore } = this.#spec;
    const { tasks, replicas, blocks, inputSlices } = stage;
    const rounds = conversionRounds(encoding, inputSlices);
    const conversions = blocks.map(
      ({ groups, columns }) => groups * (columns + extraColumns(encoding)) * conversionsPerColumn(encoding),
    );
    const times = sliceTimes(this.#spec, Math.max(...conversions), inputSlices / rounds);
    const occupancy = inStep(mvmTiming(times, rounds).occupancy, tile.cycle);
    this.#crossbars = Math.max(this.#crossbars, Math.ceil(tasks / replicas.length) * occupancy);
    const convert = (count: number) => rounds * sliceTimes(this.#spec, count).convert;
    const numbers = numberBlocks(blocks);
    const tileOf = (crossbar: number) => tileOfCrossbar(this.#spec, crossbar);
    replicas.forEach((replica, copy) => {
      const { crossbars } = replica;
      const mvms = Math.floor(tasks / replicas.length) + (copy < tasks % replicas.length ? 1 : 0);
      if (analogCore!.adcBank.sharedBy === 'core') {
        const perCore = new Map<number, number>();
        crossbars.forEach((crossbar, index) => {
          const core = coreOfCrossbar(this.#spec, crossbar);
          perCore.set(core, (perCore.get(core) ?? 0) + conversions[index]!);
        });
        for (const [core, count] of perCore) this.#banks[core]! += mvms * convert(count);
      }
      const sums = partialSumsOf(replica, numbers, tileOf);
      for (const [home, met] of mvmsPerHome(stage, copy)) {
        for (const { tile: from, bytes } of sums) this.#send(from, home, met * bytes);
        if (stage.operationsPerPosition === 0) continue;
        const { vectorUnit, clock } = this.#spec.digitalCore!;
        this.#sums[home]! += (met * Math.ceil(stage.operationsPerPosition / vectorUnit.lanes)) / clock;
      }
    });
  }

  /** Work of digital cores, and weights that they do not hold. */
  addDigital(stage: DigitalStage): void {
    const core = this.#spec.digitalCore!;
    for (let task = 0; task < stage.tasks; task++) {
      const positions = positionsOf(stage, task);
      const work = digitalTaskCycles(core, stage.product, positions, stage.operationsPerPosition * positions);
      this.#digital += (work.mac + work.vector) / core.clock;
    }
    const { streamedBytes = 0, streamedEachTask = false } = stage.product ?? {};
    if (streamedBytes > 0) this.#addMemory(streamedBytes, streamedEachTask ? stage.tasks : 1);
  }

  /** Outputs into the buffers of their tiles. */
  addWriting(stage: Stage): void {
    for (let task = 0; task < stage.tasks; task++)
      this.#portBytes[stage.homes[task]!]! += outputBytes(stage, task);
  }

  /** The answer, out of its buffer to memory. */
  addAnswer(home: number, bytes: number): void {
    this.#portBytes[home]! += bytes;
    this.#send(home, MEMORY_TILE, bytes);
    this.#addMemory(bytes);
  }

  busiest(): ResourceLoads {
    const { chip, tile } = this.#spec;
    const cores = this.#portBytes.length * tile.digitalCores;
    const sums = this.#sums.reduce((sum, time) => sum + time, 0);
    const links = this.#linkBytes.map(
      (bytes, link) =>
        bytes /
        (link < this.#routes.firstBetweenChips ? chip.interconnect.linkBandwidth : chip.chipLink!.bandwidth),
    );
    return {
      crossbars: this.#crossbars,
      adcBanks: largest(this.#banks),
      digitalCores:
        cores === 0 ? 0 : Math.max((this.#digital + sums) / cores, largest(this.#sums) / tile.digitalCores),
      bufferPorts: largest(this.#portBytes) / tile.buffer.bandwidth,
      links: largest(links),
      memoryPort: this.#memory,
    };
  }

  #addMemory(bytes: number, times = 1): void {
    this.#memory += times * transferTime(bytes, this.#spec.chip.memory);
  }

  #send(from: number, to: number, bytes: number): void {
    if (from === to || bytes === 0) return;
    const count = this.#routes.path(from, to, this.#path);
    for (let i = 0; i < count; i++) this.#linkBytes[this.#path[i]!]! += bytes;
  }
}

/** MVMs of an inference on a copy, by the tile where their sums meet. */
function mvmsPerHome({ tasks, homes, replicas }: AnalogStage, copy: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (let task = copy; task < tasks; task += replicas.length) {
    const home = homes[task]!;
    found.set(home, (found.get(home) ?? 0) + 1);
  }
  return found;
}

/** MVMs of tiles in lock step begin with a cycle. */
function inStep(time: number, cycle: number | undefined): number {
  return cycle === undefined ? time : Math.ceil(time / cycle - ROUNDING) * cycle;
}

/** Of a time that is a whole number of cycles, but for the last bits of its division. */
const ROUNDING = 1e-9;

function positionsOf({ positions, positionsPerTask }: Stage, task: number): number {
  return Math.min(positionsPerTask, positions - task * positionsPerTask);
}

function outputBytes(stage: Stage, task: number): number {
  return positionsOf(stage, task) * stage.outputBytesPerPosition;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { bytesPerTile } from './buffer-share.ts';
import { copyOfTask } from './homes.ts';
import { tileOfCrossbar } from './placement.ts';
import type { AnalogStage, Stage } from './schedule.ts';

/**
 * Stages whose outputs lie in other tiles where buffers do not hold so many positions of each (by stage): row by row, in turns, in some of
 * the tiles that may hold them, the emptiest. Those of a layer on crossbars may lie in the tiles of the copy that computes them; those of
 * others in tiles of what they read or of the layers on crossbars that read them, or in any tile where none of these is on crossbars. The
 * fullest tile is relieved first, by the stage that then leaves the least in the fullest of its tiles. Undefined where a tile is
 * too full and no stage leaves less in any: other moves might help, which are not looked for. What fits stays as it is.
 */
export function relieveBuffers(
  stages: readonly Stage[],
  positions: ArrayLike<number>,
  rowLengths: readonly number[],
  spec: ArchitectureSpec,
): readonly Stage[] | undefined {
  const { capacity } = spec.tile.buffer;
  const relief = new Relief(stages, positions, rowLengths, spec);
  for (;;) {
    const full = relief.fullest();
    if (full.bytes <= capacity) return relief.stages;
    const best = relief
      .movesFrom(full)
      .reduce<Move | undefined>((a, b) => (a === undefined || b.peak < a.peak ? b : a), undefined);
    if (best === undefined || best.peak >= full.bytes) return undefined;
    relief.move(best);
  }
}

/** Whether the buffer of each tile holds so many positions of its stages. */
export function buffersHold(
  stages: readonly Stage[],
  positions: ArrayLike<number>,
  { tile }: ArchitectureSpec,
): boolean {
  return [...loads(stages, positions).values()].every((bytes) => bytes <= tile.buffer.capacity);
}

/** A tile in a part of the network, and what lies in it. */
interface FullTile {
  readonly place: string;
  readonly bytes: number;
}

/** A stage's outputs in other tiles. */
interface Move {
  readonly stage: number;
  readonly homes: Int32Array;
  /** Bytes of the fullest of its tiles then. */
  readonly peak: number;
}

class Relief {
  readonly stages: Stage[];
  readonly #positions: ArrayLike<number>;
  readonly #rowLengths: readonly number[];
  readonly #loads: Map<string, number>;
  readonly #mayHold: readonly (readonly (readonly number[])[])[];

  constructor(
    stages: readonly Stage[],
    positions: ArrayLike<number>,
    rowLengths: readonly number[],
    spec: ArchitectureSpec,
  ) {
    this.stages = [...stages];
    this.#positions = positions;
    this.#rowLengths = rowLengths;
    this.#loads = loads(stages, positions);
    this.#mayHold = stages.map((stage) => tilesThatMayHold(stage, stages, spec));
  }

  fullest(): FullTile {
    let found = { place: '', bytes: 0 };
    for (const [place, bytes] of this.#loads) if (bytes > found.bytes) found = { place, bytes };
    return found;
  }

  /** How each stage of a tile would best lie in others. */
  movesFrom({ place }: FullTile): readonly Move[] {
    return this.stages.flatMap((stage) => {
      const own = new Map([...this.#bytesOf(stage)].map(([tile, bytes]) => [placeOf(stage, tile), bytes]));
      if (!own.has(place)) return [];
      const others = (tile: number) => {
        const at = placeOf(stage, tile);
        return (this.#loads.get(at) ?? 0) - (own.get(at) ?? 0);
      };
      const emptiest = this.#mayHold[stage.index]!.map((tiles) =>
        [...tiles].sort((a, b) => others(a) - others(b) || a - b),
      );
      let best: Move | undefined;
      const rows = Math.ceil(stage.positions / this.#rowLengths[stage.index]!);
      const most = Math.min(rows, Math.max(...emptiest.map(({ length }) => length)));
      for (let count = 1; count <= most; count += Math.ceil(count / 4)) {
        const homes = inTurns(
          stage,
          emptiest.map((tiles) => tiles.slice(0, count).sort((a, b) => a - b)),
          this.#rowLengths[stage.index]!,
        );
        const moved = this.#bytesOf({ ...stage, homes });
        const peak = Math.max(...[...moved].map(([tile, bytes]) => others(tile) + bytes));
        if (best === undefined || peak < best.peak) best = { stage: stage.index, homes, peak };
      }
      return best === undefined ? [] : [best];
    });
  }

  move({ stage: index, homes }: Move): void {
    const stage = this.stages[index]!;
    this.#add(stage, -1);
    this.stages[index] = { ...stage, homes };
    this.#add(this.stages[index]!, 1);
  }

  #add(stage: Stage, sign: 1 | -1): void {
    for (const [tile, bytes] of this.#bytesOf(stage)) {
      const place = placeOf(stage, tile);
      this.#loads.set(place, (this.#loads.get(place) ?? 0) + sign * bytes);
    }
  }

  #bytesOf(stage: Stage): ReadonlyMap<number, number> {
    return bytesPerTile(stage, this.#positions[stage.index]!);
  }
}

/** Parts of the network follow each other: each has the buffers for itself. */
function placeOf({ part }: Stage, tile: number): string {
  return `${part} ${tile}`;
}

/** Bytes of so many positions of each stage in each tile, in each part of the network. */
function loads(stages: readonly Stage[], positions: ArrayLike<number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const stage of stages) {
    for (const [tile, bytes] of bytesPerTile(stage, positions[stage.index]!)) {
      const place = placeOf(stage, tile);
      found.set(place, (found.get(place) ?? 0) + bytes);
    }
  }
  return found;
}

/** Tiles that may hold a stage's outputs: of each copy; of stages without copies, of all. */
function tilesThatMayHold(
  stage: Stage,
  stages: readonly Stage[],
  spec: ArchitectureSpec,
): readonly (readonly number[])[] {
  const tilesOfCopies = ({ replicas }: AnalogStage) =>
    replicas.map(({ crossbars }) => [
      ...new Set(crossbars.map((crossbar) => tileOfCrossbar(spec, crossbar))),
    ]);
  if (stage.kind === 'analog') return tilesOfCopies(stage);
  const beside = stages.filter(
    (other) =>
      other.part === stage.part &&
      (stage.sources.some((source) => source.stage === other.index) ||
        (other.kind === 'analog' && other.sources.some((source) => source.stage === stage.index))),
  );
  if (!beside.some(({ kind }) => kind === 'analog'))
    return [Array.from({ length: tileCount(spec) }, (_, tile) => tile)];
  const tiles = beside.flatMap((other) =>
    other.kind === 'analog' ? tilesOfCopies(other).flat() : [...other.homes],
  );
  return [[...new Set([...stage.homes, ...tiles])]];
}

/** Homes of a stage's tasks: rows in turns in the tiles of each copy. */
function inTurns(
  { kind, tasks, positionsPerTask }: Stage,
  tilesOfCopies: readonly (readonly number[])[],
  rowLength: number,
): Int32Array {
  return Int32Array.from({ length: tasks }, (_, task) => {
    const tiles = tilesOfCopies[kind === 'analog' ? copyOfTask(task, tilesOfCopies.length) : 0]!;
    return tiles[Math.floor((task * positionsPerTask) / rowLength) % tiles.length]!;
  });
}

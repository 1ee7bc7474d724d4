import { type ArchitectureSpec, tileCount } from '../hardware/architecture.ts';
import { bytesPerTile } from './buffer-share.ts';
import { copyOfTask } from './homes.ts';
import { tileOfCrossbar } from './placement.ts';
import type { AnalogStage, Stage } from './schedule.ts';

/**
 * Stages whose outputs lie in other tiles where the buffers do not hold the least that they must (positions, by stage): row by
 * row in turns in as few tiles as it takes, the emptiest first. Those of a layer on crossbars in the tiles of the copy that
 * computes them; those of others in tiles of what they read, or of the layers on crossbars that read them, or in any where none of these
 * is on crossbars. The fullest tile
 * is relieved first, by the stage that leaves the least in any tile, as long as that is less than was there. Where everything fits,
 * all stays as it was.
 */
export function relieveBuffers(
  stages: readonly Stage[],
  least: ArrayLike<number>,
  rowLengths: readonly number[],
  spec: ArchitectureSpec,
): readonly Stage[] {
  const { capacity } = spec.tile.buffer;
  const relief = new Relief(stages, least, rowLengths, spec);
  for (;;) {
    const full = relief.fullest(capacity);
    if (full === undefined) return relief.stages;
    const moves = relief.movesFrom(full);
    const best = moves.reduce<Move | undefined>(
      (a, b) => (a === undefined || b.peak < a.peak ? b : a),
      undefined,
    );
    if (best !== undefined && best.peak < full.bytes) relief.move(best);
    else relief.giveUp(full);
  }
}

/** Whether the buffer of each tile holds the least of its stages. */
export function buffersHold(
  stages: readonly Stage[],
  least: ArrayLike<number>,
  { tile }: ArchitectureSpec,
): boolean {
  return [...loads(stages, least).values()].every((bytes) => bytes <= tile.buffer.capacity);
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
  readonly #least: ArrayLike<number>;
  readonly #rowLengths: readonly number[];
  readonly #loads: Map<string, number>;
  readonly #givenUp = new Set<string>();
  readonly #choices: readonly (readonly (readonly number[])[])[];

  constructor(
    stages: readonly Stage[],
    least: ArrayLike<number>,
    rowLengths: readonly number[],
    spec: ArchitectureSpec,
  ) {
    this.stages = [...stages];
    this.#least = least;
    this.#rowLengths = rowLengths;
    this.#loads = loads(stages, least);
    this.#choices = stages.map((stage) => choices(stage, stages, spec));
  }

  /** The fullest tile beyond a capacity that has not been given up. */
  fullest(capacity: number): FullTile | undefined {
    let found: FullTile | undefined;
    for (const [place, bytes] of this.#loads) {
      if (bytes <= capacity || this.#givenUp.has(place)) continue;
      if (found === undefined || bytes > found.bytes) found = { place, bytes };
    }
    return found;
  }

  giveUp({ place }: FullTile): void {
    this.#givenUp.add(place);
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
      const emptiest = this.#choices[stage.index]!.map((tiles) =>
        [...tiles].sort((a, b) => others(a) - others(b) || a - b),
      );
      let best: Move | undefined;
      const rows = Math.ceil(stage.positions / this.#rowLengths[stage.index]!);
      const most = Math.min(rows, Math.max(...emptiest.map(({ length }) => length)));
      for (let count = 1; count <= most; count++) {
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
    return bytesPerTile(stage, this.#least[stage.index]!);
  }
}

/** Parts of the network follow each other: each has the buffers for itself. */
function placeOf({ part }: Stage, tile: number): string {
  return `${part} ${tile}`;
}

/** Bytes at least in each tile that holds outputs, in each part of the network. */
function loads(stages: readonly Stage[], least: ArrayLike<number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const stage of stages) {
    for (const [tile, bytes] of bytesPerTile(stage, least[stage.index]!)) {
      const place = placeOf(stage, tile);
      found.set(place, (found.get(place) ?? 0) + bytes);
    }
  }
  return found;
}

/** Tiles that may hold a stage's outputs: of each copy; of stages without copies, of all. */
function choices(
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

import { z } from 'zod';
import type { ActionTable } from '../hardware/action-table.ts';
import type { Routes } from '../hardware/routes.ts';
import type { ActivitySink } from '../machine/activity.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { FloorPlan } from './floor-plan.ts';

const share = z.number().min(0).describe('fraction of the time, rounded to 1e-6');

/** How busy every unit of the chip was while inferences ran back to back. */
export const unitLoadSchema = z
  .strictObject({
    memory: share.describe('port of the memory'),
    chipLinks: z.array(share).describe('between chips, the busiest first; those without traffic left out'),
    tiles: z
      .array(
        z.strictObject({
          tile: z.int(),
          buffer: share.describe('port of the buffer'),
          links: z
            .array(share)
            .describe('that leave the tile, the busiest first; those without traffic left out'),
          analogCores: z.array(share).describe('mean over the crossbars of a core; empty: all idle'),
          digitalCores: z.array(share).describe('empty: all idle'),
        }),
      )
      .describe('only those with work'),
  })
  .describe(
    'share of the time of the whole stream, filling and draining of the pipeline included, in which a unit was occupied',
  );

export type UnitLoadReport = z.output<typeof unitLoadSchema>;

/** The links of an interconnect, and the tile that each leaves. */
export type Links = Pick<Routes, 'links' | 'firstBetweenChips' | 'tileOf'>;

/** Observer that adds up, in ticks, how long each crossbar, core and port was occupied. */
export class UnitLoad implements ActivitySink {
  readonly #schedule: Schedule;
  readonly #plan: FloorPlan;
  readonly #tileOfLink: (link: number) => number;
  /** By action: whose time it takes, if anybody's. */
  readonly #kinds: readonly (Kind | undefined)[];
  readonly #replicas: readonly Float64Array[];
  readonly #units: Readonly<Record<Exclude<Kind, 'crossbar'>, Float64Array>>;

  constructor(table: ActionTable, schedule: Schedule, plan: FloorPlan, links: Links) {
    this.#schedule = schedule;
    this.#plan = plan;
    this.#tileOfLink = (link) => links.tileOf(link);
    this.#kinds = table.actions.map(
      ({ component, name }) => KINDS[`${table.components[component]!.name} ${name}`],
    );
    this.#replicas = schedule.stages.map(
      (stage) => new Float64Array(stage.kind === 'analog' ? stage.replicas.length : 0),
    );
    this.#units = {
      digitalCore: new Float64Array(plan.tiles * plan.digitalCoresPerTile),
      buffer: new Float64Array(plan.tiles),
      link: new Float64Array(links.firstBetweenChips),
      chipLink: new Float64Array(links.links - links.firstBetweenChips),
      memory: new Float64Array(1),
    };
  }

  record(action: number, unit: number, _count: number, start: number, end: number, stage: number): void {
    const kind = this.#kinds[action];
    if (kind === undefined) return;
    const times = kind === 'crossbar' ? this.#replicas[stage]! : this.#units[kind];
    times[unit] = times[unit]! + (end - start);
  }

  snapshot(): readonly Float64Array[] {
    return this.#times().map((times) => times.slice());
  }

  /** What was heard since a snapshot happened `times` times more. */
  repeat(since: readonly Float64Array[], times: number): void {
    this.#times().forEach((own, index) => {
      own.forEach((ticks, at) => (own[at] = ticks + (ticks - since[index]![at]!) * times));
    });
  }

  #times(): readonly Float64Array[] {
    return [...this.#replicas, ...Object.values(this.#units)];
  }

  /** Shares of `elapsed` ticks. */
  report(elapsed: number): UnitLoadReport {
    const { tiles, analogCoresPerTile, digitalCoresPerTile } = this.#plan;
    const { buffer, link, chipLink, memory, digitalCore } = this.#units;
    const shareOf = (ticks: number) => Math.round((1e6 * ticks) / elapsed) / 1e6;
    const analogCores = this.#analogCores();
    const links: number[][] = Array.from({ length: tiles }, () => []);
    link.forEach((ticks, number) => {
      if (ticks > 0) links[this.#tileOfLink(number)]!.push(shareOf(ticks));
    });
    for (const shares of links) shares.sort((a, b) => b - a);
    const slice = (times: Float64Array, tile: number, perTile: number) => {
      const own = [...times.subarray(tile * perTile, (tile + 1) * perTile)].map(shareOf);
      return own.some((value) => value > 0) ? own : [];
    };
    const all = Array.from({ length: tiles }, (_, tile) => ({
      tile,
      buffer: shareOf(buffer[tile]!),
      links: links[tile]!,
      analogCores: slice(analogCores, tile, analogCoresPerTile),
      digitalCores: slice(digitalCore, tile, digitalCoresPerTile),
    }));
    return {
      memory: shareOf(memory[0]!),
      chipLinks: [...chipLink]
        .filter((ticks) => ticks > 0)
        .map(shareOf)
        .sort((a, b) => b - a),
      tiles: all.filter(
        (one) => one.buffer + one.links.length + one.analogCores.length + one.digitalCores.length > 0,
      ),
    };
  }

  // A core is as busy as its crossbars are on average.
  #analogCores(): Float64Array {
    const { tiles, analogCoresPerTile, crossbarsPerCore } = this.#plan;
    const cores = new Float64Array(tiles * analogCoresPerTile);
    this.#schedule.stages.forEach((stage, index) => {
      if (stage.kind !== 'analog') return;
      stage.replicas.forEach(({ crossbars }, replica) => {
        for (const crossbar of crossbars) {
          const core = Math.floor(crossbar / crossbarsPerCore);
          cores[core] = cores[core]! + this.#replicas[index]![replica]! / crossbarsPerCore;
        }
      });
    });
    return cores;
  }
}

type Kind = 'crossbar' | 'digitalCore' | 'buffer' | 'link' | 'chipLink' | 'memory';

/** Actions that say how long a unit is held: all others happen meanwhile. */
const KINDS: Readonly<Record<string, Kind>> = {
  'crossbar read': 'crossbar',
  'macArray mac': 'digitalCore',
  'vectorUnit operate': 'digitalCore',
  'buffer read': 'buffer',
  'buffer write': 'buffer',
  'interconnect hop': 'link',
  'chipLink transfer': 'chipLink',
  'memory read': 'memory',
  'memory write': 'memory',
};

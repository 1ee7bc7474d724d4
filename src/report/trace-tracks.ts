import type { ActionTable } from '../hardware/action-table.ts';
import type { ComponentName } from '../hardware/component.ts';
import type { Schedule } from '../mapping/schedule.ts';

/** Where the units of a chip stand: what the trace needs to know of its layout. */
export interface ChipLayout {
  readonly tiles: number;
  readonly digitalCores: number;
  readonly links: number;
  /** Links from this number on lie between chips. */
  readonly firstBetweenChips: number;
  readonly tileOfCrossbar: (crossbar: number) => number;
  readonly coreOfCrossbar: (crossbar: number) => number;
  readonly tileOfDigitalCore: (core: number) => number;
  readonly tileOfLink: (link: number) => number;
  readonly nameOfLink: (link: number) => string;
}

/** A line of the trace before lanes: one unit that does one thing at a time. */
export interface TrackPlace {
  /** Process of the trace: the tile, or the chip for what belongs to no tile. */
  readonly process: 'chip' | { readonly tile: number };
  readonly name: string;
  readonly category: string;
  /** Whether a query's flow ends here: where its layers are computed (or loaded). */
  readonly computes: boolean;
}

/** Groups whose activities share a track. */
type Group = 'mvm' | 'adc' | 'mac' | 'vector' | 'buffer' | 'link' | 'chipLink' | 'memory';

/**
 * The track of every action of every unit. Tracks are numbered from 0 in the order in which a process shows them: buffer,
 * links, digital cores, then every crossbar with its converters.
 */
export class TrackPlaces {
  readonly #schedule: Schedule;
  readonly #layout: ChipLayout;
  readonly #groups: readonly Group[];
  /** [stage][replica]: place of its crossbars among all copies of all layers. */
  readonly #copies: readonly Int32Array[];
  /** Number of the first track of a group. */
  readonly #first: Readonly<Record<Group, number>>;
  /** Tracks that there may be. */
  readonly count: number;

  constructor(schedule: Schedule, table: ActionTable, layout: ChipLayout) {
    this.#schedule = schedule;
    this.#layout = layout;
    this.#groups = table.actions.map(({ component }) => groupOf(table.components[component]!.name));
    this.#copies = orderOfCopies(schedule);
    const link = 1 + layout.tiles;
    const digital = link + layout.links;
    const crossbars = digital + 2 * layout.digitalCores;
    this.#first = {
      ...{ memory: 0, buffer: 1, link, chipLink: link + layout.firstBetweenChips },
      ...{ mac: digital, vector: digital + 1, mvm: crossbars, adc: crossbars + 1 },
    };
    this.count = crossbars + 2 * this.#copies.reduce((sum, { length }) => sum + length, 0);
  }

  /** Number of the track on which an action of a unit is shown. */
  number(action: number, unit: number, stage: number): number {
    const group = this.#groups[action]!;
    const first = this.#first[group];
    if (group === 'mvm' || group === 'adc') return first + 2 * this.#copies[stage]![unit]!;
    return group === 'mac' || group === 'vector' ? first + 2 * unit : first + unit;
  }

  /** Name and place of that track. */
  place(action: number, unit: number, stageIndex: number): TrackPlace {
    const layout = this.#layout;
    const group = this.#groups[action]!;
    const onChip = (name: string) => ({
      process: 'chip' as const,
      ...{ name, category: group, computes: COMPUTES.has(group) },
    });
    const inTile = (tile: number, name: string) => ({ ...onChip(name), process: { tile } });
    switch (group) {
      case 'memory':
        return onChip('memory port');
      case 'buffer':
        return inTile(unit, 'buffer port');
      case 'link':
      case 'chipLink': {
        const link = group === 'link' ? unit : layout.firstBetweenChips + unit;
        return inTile(layout.tileOfLink(link), layout.nameOfLink(link));
      }
      case 'mac':
        return inTile(layout.tileOfDigitalCore(unit), `digital core ${unit} MAC array`);
      case 'vector':
        return inTile(layout.tileOfDigitalCore(unit), `digital core ${unit} vector unit`);
      default: {
        const stage = this.#schedule.stages[stageIndex]!;
        if (stage.kind !== 'analog') throw new Error(`${stage.name} has no crossbars`);
        const { crossbars } = stage.replicas[unit]!;
        const cores = [...new Set(crossbars.map(layout.coreOfCrossbar))];
        const where = `${counted('core', cores)}, ${counted('crossbar', crossbars)}`;
        const part = group === 'adc' ? ' converters' : '';
        return inTile(
          layout.tileOfCrossbar(crossbars[0]!),
          `${where}${part}: ${stage.name} copy ${unit + 1}`,
        );
      }
    }
  }
}

/** Copies of all layers by their first crossbar; where several take turns on it, by stage. */
function orderOfCopies({ stages }: Schedule): readonly Int32Array[] {
  const copies = stages.flatMap((stage, index) =>
    stage.kind === 'analog'
      ? stage.replicas.map(({ crossbars }, replica) => ({ stage: index, replica, crossbar: crossbars[0]! }))
      : [],
  );
  copies.sort((a, b) => a.crossbar - b.crossbar || a.stage - b.stage || a.replica - b.replica);
  const order = stages.map((stage) => new Int32Array(stage.kind === 'analog' ? stage.replicas.length : 0));
  copies.forEach(({ stage, replica }, place) => {
    order[stage]![replica] = place;
  });
  return order;
}

const COMPUTES: ReadonlySet<Group> = new Set(['mvm', 'mac', 'vector', 'memory']);

function groupOf(component: ComponentName): Group {
  switch (component) {
    case 'crossbar':
    case 'dacBank':
    case 'sampleAndHold':
    case 'shiftAndAdd':
    case 'coreRegister':
      return 'mvm';
    case 'adcBank':
      return 'adc';
    case 'macArray':
    case 'weightMemory':
      return 'mac';
    case 'vectorUnit':
      return 'vector';
    case 'buffer':
      return 'buffer';
    case 'interconnect':
      return 'link';
    case 'chipLink':
      return 'chipLink';
    case 'memory':
      return 'memory';
    case 'fixed':
      throw new Error('fixed parts do nothing');
  }
}

/** `core 3`, `cores 0–3, 7`. */
function counted(what: string, numbers: readonly number[]): string {
  return `${what}${numbers.length > 1 ? 's' : ''} ${spans(numbers)}`;
}

/** Numbers as spans: `0–3, 7`. */
function spans(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let from = 0; from < numbers.length;) {
    let to = from;
    while (to + 1 < numbers.length && numbers[to + 1] === numbers[to]! + 1) to++;
    parts.push(to === from ? String(numbers[from]) : `${numbers[from]}–${numbers[to]}`);
    from = to + 1;
  }
  return parts.join(', ');
}

import type { ActionTable } from '../hardware/action-table.ts';
import type { Schedule } from '../mapping/schedule.ts';

/** Where the units of a chip stand: what the trace needs to know of its layout. */
export interface ChipLayout {
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
  /** Order within the process. */
  readonly order: number;
  /** Whether a query's flow ends here: where its layers are computed (or loaded). */
  readonly computes: boolean;
}

/** Groups whose activities share a track. */
type Group = 'mvm' | 'adc' | 'mac' | 'vector' | 'buffer' | 'link' | 'memory' | 'other';

/** The track of every action of every unit. */
export class TrackPlaces {
  readonly #schedule: Schedule;
  readonly #table: ActionTable;
  readonly #layout: ChipLayout;
  readonly #groups: readonly Group[];

  constructor(schedule: Schedule, table: ActionTable, layout: ChipLayout) {
    this.#schedule = schedule;
    this.#table = table;
    this.#layout = layout;
    this.#groups = table.actions.map(({ component }) => groupOf(table.components[component]!.name));
  }

  /** A text that is the same for all activities of one track, and for no other. */
  key(action: number, unit: number, stage: number): string {
    const group = this.#groups[action]!;
    if (group === 'mvm' || group === 'adc') return `${group} ${stage} ${unit}`;
    return group === 'other' ? `${this.#table.actions[action]!.component} ${unit}` : `${group} ${unit}`;
  }

  /** Name and place of that track. */
  place(action: number, unit: number, stageIndex: number): TrackPlace {
    const group = this.#groups[action]!;
    const base = { category: group, order: ORDER.indexOf(group), computes: COMPUTES.has(group) };
    const component = this.#table.components[this.#table.actions[action]!.component]!.name;
    const stage = this.#schedule.stages[stageIndex]!;
    if ((group === 'mvm' || group === 'adc') && stage.kind === 'analog') {
      const crossbars = stage.replicas[unit]!.crossbars;
      const process = { tile: this.#layout.tileOfCrossbar(crossbars[0]!) };
      const cores = [...new Set(crossbars.map(this.#layout.coreOfCrossbar))];
      const copy = `${stage.name} copy ${unit + 1}`;
      const where = `core${cores.length > 1 ? 's' : ''} ${spans(cores)}`;
      const name =
        group === 'adc' ? `converters, ${copy}` : `${where}, crossbars ${spans(crossbars)}: ${copy}`;
      return { ...base, process, name };
    }
    if (group === 'mac' || group === 'vector') {
      const process = { tile: this.#layout.tileOfDigitalCore(unit) };
      return {
        ...base,
        process,
        name: `digital core ${unit} ${group === 'mac' ? 'MAC array' : 'vector unit'}`,
      };
    }
    if (group === 'buffer') return { ...base, process: { tile: unit }, name: 'buffer port' };
    if (group === 'link') {
      return {
        ...base,
        process: { tile: this.#layout.tileOfLink(unit) },
        name: this.#layout.nameOfLink(unit),
      };
    }
    if (group === 'memory') return { ...base, process: 'chip', name: 'memory port' };
    return { ...base, process: 'chip', name: `${component} ${unit}` };
  }
}

const ORDER: readonly Group[] = ['memory', 'buffer', 'link', 'mac', 'vector', 'mvm', 'adc', 'other'];
const COMPUTES: ReadonlySet<Group> = new Set(['mvm', 'mac', 'vector', 'memory']);

function groupOf(component: string): Group {
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
    case 'memory':
      return 'memory';
    default:
      return 'other';
  }
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

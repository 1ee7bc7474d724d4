import type { Hold, Part } from './first-inference.ts';

/** The holds of a play, found by what they were and when they ended or began. */
export class HoldIndex {
  readonly holds: readonly Hold[];
  readonly #ofStage = new Map<Part, SortedHolds[]>();
  readonly #ofUnit = new Map<Hold['resource'], SortedHolds[]>();
  readonly #units: number;

  constructor(recorded: readonly Hold[]) {
    this.holds = joined(recorded);
    let units = 0;
    for (const { unit } of this.holds) units = Math.max(units, unit + 1);
    this.#units = units;
    for (const hold of this.holds) {
      at(this.#ofStage, hold.part, hold.stage).add(hold);
      at(this.#ofUnit, hold.resource, this.#unitNumber(hold)).add(hold);
    }
  }

  /** Those of a stage and part that end at a tick. */
  endingAt(stage: number, part: Part, tick: number): readonly Hold[] {
    return this.#ofStage.get(part)?.[stage]?.endingAt(tick) ?? [];
  }

  /** Those that begin at a tick. */
  beginningAt(stage: number, part: Part, tick: number): readonly Hold[] {
    return this.#ofStage.get(part)?.[stage]?.beginningAt(tick) ?? [];
  }

  /** Those of one unit of a resource (but crossbars) that end at a tick. */
  endingOnUnit(resource: Hold['resource'], unit: number, tick: number): readonly Hold[] {
    return this.#ofUnit.get(resource)?.[unit]?.endingAt(tick) ?? [];
  }

  /** The one of a stage and part that ended last, at a tick at the latest. */
  lastEndingBy(stage: number, part: Part, tick: number): Hold | undefined {
    return this.#ofStage.get(part)?.[stage]?.lastEndingBy(tick);
  }

  /** The one of a stage and part that began last, at a tick at the latest. */
  lastBeginningBy(stage: number, part: Part, tick: number): Hold | undefined {
    return this.#ofStage.get(part)?.[stage]?.lastBeginningBy(tick);
  }

  /** The hold of the same unit that ended last before another began. */
  before(hold: Hold): Hold | undefined {
    return this.#ofUnit.get(hold.resource)![this.#unitNumber(hold)]!.lastEndingBy(hold.start, hold);
  }

  // Copies of a layer are numbered within their stage.
  #unitNumber({ resource, unit, stage }: Hold): number {
    return resource === 'crossbars' ? stage * this.#units + unit : unit;
  }
}

/** Holds by end and by start, put in order when first asked for. */
class SortedHolds {
  readonly #byEnd: Hold[] = [];
  #byStart: Hold[] | undefined;
  #sorted = true;

  add(hold: Hold): void {
    const last = this.#byEnd.at(-1);
    if (last !== undefined && hold.end < last.end) this.#sorted = false;
    this.#byEnd.push(hold);
  }

  endingAt(tick: number): readonly Hold[] {
    const list = this.#ended();
    return list.slice(lowerBound(list, tick, 'end'), lowerBound(list, tick + 1, 'end'));
  }

  beginningAt(tick: number): readonly Hold[] {
    const list = this.#begun();
    return list.slice(lowerBound(list, tick, 'start'), lowerBound(list, tick + 1, 'start'));
  }

  lastBeginningBy(tick: number): Hold | undefined {
    const list = this.#begun();
    return list[lowerBound(list, tick + 1, 'start') - 1];
  }

  lastEndingBy(tick: number, but?: Hold): Hold | undefined {
    const list = this.#ended();
    let index = lowerBound(list, tick + 1, 'end') - 1;
    if (list[index] === but) index -= 1;
    return list[index];
  }

  #begun(): readonly Hold[] {
    return (this.#byStart ??= [...this.#byEnd].sort((a, b) => a.start - b.start));
  }

  #ended(): readonly Hold[] {
    if (!this.#sorted) this.#byEnd.sort((a, b) => a.end - b.end || a.start - b.start);
    this.#sorted = true;
    return this.#byEnd;
  }
}

function at<K>(map: Map<K, SortedHolds[]>, key: K, index: number): SortedHolds {
  let lists = map.get(key);
  if (lists === undefined) map.set(key, (lists = []));
  return (lists[index] ??= new SortedHolds());
}

// MACs and the vector work behind them are rounded to ticks one by one: the MACs end where the vector work begins.
function joined(recorded: readonly Hold[]): readonly Hold[] {
  const holds: Hold[] = [];
  const lastMac: number[] = [];
  for (const hold of recorded) {
    if (hold.part === 'vector work') {
      const index = lastMac[hold.unit];
      const mac = index === undefined ? undefined : holds[index]!;
      if (mac !== undefined && mac.stage === hold.stage && Math.abs(mac.end - hold.start) <= 1) {
        holds[index!] = { ...mac, end: hold.start };
      }
    } else if (hold.part === 'MACs') lastMac[hold.unit] = holds.length;
    holds.push(hold);
  }
  return holds;
}

/** The first index whose tick is at least so large. */
function lowerBound(list: readonly Hold[], tick: number, key: 'start' | 'end'): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]![key] < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

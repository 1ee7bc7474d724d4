import type { Hold, Part } from './first-inference.ts';

/** The holds of a play, found by what they were and when they ended or began. */
export class HoldIndex {
  readonly holds: readonly Hold[];
  readonly #byEnd = new Map<string, Hold[]>();
  readonly #byStart = new Map<string, Hold[]>();
  readonly #byUnit = new Map<string, Hold[]>();

  constructor(recorded: readonly Hold[]) {
    this.holds = joined(recorded);
    for (const hold of this.holds) {
      add(this.#byEnd, `${hold.stage} ${hold.part}`, hold);
      add(this.#byStart, `${hold.stage} ${hold.part}`, hold);
      add(this.#byUnit, unitKey(hold), hold);
    }
    for (const list of this.#byEnd.values()) list.sort((a, b) => a.end - b.end);
    for (const list of this.#byStart.values()) list.sort((a, b) => a.start - b.start);
    for (const list of this.#byUnit.values()) list.sort((a, b) => a.end - b.end || a.start - b.start);
  }

  /** Those of a stage and part that end at a tick. */
  endingAt(stage: number, part: Part, tick: number): readonly Hold[] {
    return slice(this.#byEnd.get(`${stage} ${part}`), tick, 'end');
  }

  /** Those that begin at a tick. */
  beginningAt(stage: number, part: Part, tick: number): readonly Hold[] {
    return slice(this.#byStart.get(`${stage} ${part}`), tick, 'start');
  }

  /** Those of one unit of a resource (but crossbars) that end at a tick. */
  endingOnUnit(resource: Hold['resource'], unit: number, tick: number): readonly Hold[] {
    return slice(this.#byUnit.get(`${resource} ${unit}`), tick, 'end');
  }

  /** The one of a stage and part that ended last, at a tick at the latest. */
  lastEndingBy(stage: number, part: Part, tick: number): Hold | undefined {
    const list = this.#byEnd.get(`${stage} ${part}`) ?? [];
    return list[lowerBound(list, tick + 1, 'end') - 1];
  }

  /** The hold of the same unit that ended last before another began. */
  before(hold: Hold): Hold | undefined {
    const list = this.#byUnit.get(unitKey(hold))!;
    for (let at = lowerBound(list, hold.start + 1, 'end') - 1; at >= 0; at--) {
      if (list[at] !== hold) return list[at];
    }
    return undefined;
  }
}

// MACs and the vector work behind them are rounded to ticks one by one: the MACs end where the vector work begins.
function joined(recorded: readonly Hold[]): readonly Hold[] {
  const holds: Hold[] = [];
  const lastMac = new Map<number, number>();
  for (const hold of recorded) {
    if (hold.part === 'vector work') {
      const at = lastMac.get(hold.unit);
      const mac = at === undefined ? undefined : holds[at]!;
      if (mac !== undefined && mac.stage === hold.stage && Math.abs(mac.end - hold.start) <= 1) {
        holds[at!] = { ...mac, end: hold.start };
      }
    } else if (hold.part === 'MACs') lastMac.set(hold.unit, holds.length);
    holds.push(hold);
  }
  return holds;
}

function unitKey({ resource, unit, stage }: Hold): string {
  return resource === 'crossbars' ? `${resource} ${stage} ${unit}` : `${resource} ${unit}`;
}

function add(map: Map<string, Hold[]>, key: string, hold: Hold): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [hold]);
  else list.push(hold);
}

function slice(list: readonly Hold[] | undefined, tick: number, key: 'start' | 'end'): readonly Hold[] {
  if (list === undefined) return [];
  return list.slice(lowerBound(list, tick, key), lowerBound(list, tick + 1, key));
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

import type { ActionTable } from '../hardware/action-table.ts';
import type { ActivitySink } from '../machine/activity.ts';
import type { Resource } from '../report/analysis.ts';
import { resourceOfComponent } from './resource-of-component.ts';

/** One hold of a resource, in ticks. */
export interface Hold {
  readonly resource: Resource;
  readonly unit: number;
  readonly stage: number;
  readonly start: number;
  readonly end: number;
  readonly part: Part;
}

/** What a piece of time is spent on. */
export type Part =
  | 'MVMs'
  | 'MACs'
  | 'vector work'
  | 'buffer reads'
  | 'buffer writes'
  | 'links'
  | 'memory reads'
  | 'memory writes'
  | 'programming'
  // After a hold, before what it enables:
  | 'last conversions and additions'
  | 'memory latency'
  | 'routers'
  | 'lock step'
  | 'waiting';

/** Observer that keeps every hold of a play: meant for one inference. */
export class HoldRecorder implements ActivitySink {
  readonly holds: Hold[] = [];
  readonly #kinds: readonly ({ resource: Resource; part: Part; between: number } | undefined)[];

  constructor(table: ActionTable) {
    this.#kinds = table.actions.map(({ component, name: action }) => {
      const { name } = table.components[component]!;
      // Links between chips are links; rows of a memory open within a transfer.
      const resource = name === 'chipLink' ? 'links' : resourceOfComponent(name, action);
      if (resource === undefined || action === 'open') return undefined;
      return { resource, part: partOf(name, action), between: name === 'chipLink' ? BETWEEN_CHIPS : 0 };
    });
  }

  record(action: number, unit: number, _count: number, start: number, end: number, stage: number): void {
    const kind = this.#kinds[action];
    if (kind === undefined) return;
    const { resource, part, between } = kind;
    this.holds.push({ resource, unit: unit + between, stage, start, end, part });
  }
}

/** Units that no chip has so many of. */
const BETWEEN_CHIPS = 2 ** 24;

function partOf(component: string, action: string): Part {
  switch (component) {
    case 'crossbar':
      return action === 'program' ? 'programming' : 'MVMs';
    case 'macArray':
      return 'MACs';
    case 'vectorUnit':
      return 'vector work';
    case 'buffer':
      return action === 'read' ? 'buffer reads' : 'buffer writes';
    case 'interconnect':
    case 'chipLink':
      return 'links';
    default:
      return action === 'read' ? 'memory reads' : 'memory writes';
  }
}

import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';

/** How a cut is played to be measured. */
export interface MeasureOptions {
  readonly spec: ArchitectureSpec;
  readonly table: ActionTable;
  readonly taskPolicy: TaskPolicy;
  /** That hold layers of the model, with whichever cut. */
  readonly crossbars: number;
  /** Numbers of the stations: the model's crossbars, the digital cores, and ports and links. */
  readonly stations: { readonly analog: number; readonly digital: number; readonly ports: number };
  /** Called between pieces of a play: lets others run, or throws. */
  readonly onPiece: () => Promise<void>;
}

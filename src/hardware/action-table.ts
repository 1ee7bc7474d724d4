import type { Component, ComponentName } from './component.ts';

/**
 * The actions of a chip, numbered: the machine counts by number, the report charges by number, and neither
 * needs the other.
 */
export interface ActionTable {
  readonly components: readonly Component[];
  /** By action number. */
  readonly actions: readonly NumberedAction[];
}

export interface NumberedAction {
  /** Index in `components`. */
  readonly component: number;
  readonly name: string;
  /** J for one. */
  readonly energy: number;
  /** Network layer that alone it is of; absent: of any. */
  readonly layer?: number | undefined;
}

/** Numbers the actions of an inventory in its order. */
export function actionTable(components: readonly Component[]): ActionTable {
  const actions = components.flatMap((component, index) =>
    component.actions.map(({ name, energy, layer }) => ({ component: index, name, energy, layer })),
  );
  return { components, actions };
}

/** Number of an action of a component kind, or of that of one layer; -1 when the chip has no such component. */
export function actionNumber(
  table: ActionTable,
  component: ComponentName,
  action: string,
  layer?: number,
): number {
  return table.actions.findIndex(
    (candidate) =>
      candidate.name === action &&
      candidate.layer === layer &&
      table.components[candidate.component]!.name === component,
  );
}

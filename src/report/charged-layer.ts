import type { Stage } from '../mapping/schedule.ts';

/** Name of the layer that a stage is charged to: its first one, or `input` for what is loaded from memory. */
export function chargedLayer(stage: Pick<Stage, 'layers'>, layerNames: readonly string[]): string {
  const [first] = stage.layers;
  return first === undefined ? 'input' : layerNames[first]!;
}

import { z } from 'zod';
import type { Schedule } from '../mapping/schedule.ts';
import { chargedLayer } from './charged-layer.ts';
import type { FloorPlan } from './floor-plan.ts';

/** Where the stages of a schedule live. */
export const placementSchema = z
  .array(
    z.strictObject({
      stage: z.string(),
      layer: z.string().describe('that it is charged to'),
      kind: z.enum(['load', 'analog', 'digital']),
      homeTiles: z.array(z.int()).describe('whose buffers hold its output'),
      replicas: z.int().describe('copies of an analog layer; 0 for others, which run on any digital core'),
      crossbars: z
        .array(z.tuple([z.int(), z.int()]))
        .describe('first and last of each run of crossbars, numbered over the chip'),
      tiles: z.array(z.int()).describe('of its crossbars'),
    }),
  )
  .describe('which stage on which crossbars and tiles');

export type PlacementReport = z.output<typeof placementSchema>;

/** The placement of a schedule as a report holds it: crossbars in runs, so that large chips stay short. */
export function placementReport(
  schedule: Schedule,
  layerNames: readonly string[],
  { crossbarsPerCore, analogCoresPerTile }: FloorPlan,
): PlacementReport {
  return schedule.stages.map((stage) => {
    const replicas = stage.kind === 'analog' ? stage.replicas : [];
    const crossbars = replicas.flatMap((replica) => [...replica.crossbars]).sort((a, b) => a - b);
    const perTile = crossbarsPerCore * analogCoresPerTile;
    return {
      stage: stage.name,
      layer: chargedLayer(stage, layerNames),
      kind: stage.kind,
      homeTiles: [...new Set(stage.homes)],
      replicas: replicas.length,
      crossbars: runs(crossbars),
      tiles: [...new Set(crossbars.map((crossbar) => Math.floor(crossbar / perTile)))],
    };
  });
}

function runs(ascending: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const number of ascending) {
    const last = found.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}

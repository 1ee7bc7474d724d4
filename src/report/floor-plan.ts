import { z } from 'zod';

/** How the chip is laid out: tiles row by row, cores inside them, crossbars inside analog cores. */
export const floorPlanSchema = z.strictObject({
  tiles: z.int(),
  tilesPerRow: z.int().describe('tile t stands in row t / tilesPerRow; memory hangs on tile 0'),
  analogCoresPerTile: z.int(),
  crossbarsPerCore: z.int(),
  digitalCoresPerTile: z.int(),
});

export type FloorPlan = z.output<typeof floorPlanSchema>;

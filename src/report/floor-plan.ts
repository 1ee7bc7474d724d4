import { z } from 'zod';

/** How chips are laid out: tiles row by row, cores inside them, crossbars inside analog cores. */
export const floorPlanSchema = z.strictObject({
  chips: z.int(),
  tiles: z.int().describe('of all chips, numbered chip by chip'),
  tilesPerRow: z
    .int()
    .describe('of a chip, tile t of it stands in row t / tilesPerRow; memory hangs on tile 0'),
  analogCoresPerTile: z.int(),
  crossbarsPerCore: z.int(),
  digitalCoresPerTile: z.int(),
});

export type FloorPlan = z.output<typeof floorPlanSchema>;

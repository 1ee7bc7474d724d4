import type { ActionTable } from '../hardware/action-table.ts';
import type { EnergyMatrix } from '../report/analysis.ts';
import type { EnergyLedger } from '../report/energy-ledger.ts';

/**
 * J of one inference by layer and component, leakage over an initiation interval (s) in the last row. Kinds of components
 * that the chip has several of (fixed parts) share a column.
 */
export function energyMatrix(
  table: ActionTable,
  ledger: Pick<EnergyLedger, 'energy'>,
  layerOfStage: readonly string[],
  inferences: number,
  interval: number,
): EnergyMatrix {
  const components = [...new Set(table.components.map(({ name }) => name))];
  const rows = new Map<string, number[]>();
  const leakage = components.map(() => 0);
  table.components.forEach((component, index) => {
    const column = components.indexOf(component.name);
    layerOfStage.forEach((layer, stage) => {
      const row = rows.get(layer) ?? components.map(() => 0);
      row[column]! += ledger.energy(index, stage) / inferences;
      rows.set(layer, row);
    });
    leakage[column]! += component.leakage * component.count * interval;
  });
  return {
    components,
    rows: [...[...rows].map(([layer, energy]) => ({ layer, energy })), { layer: 'leakage', energy: leakage }],
  };
}

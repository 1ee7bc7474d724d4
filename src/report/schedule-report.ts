import { confidence95 } from '../base/statistics.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { bufferShortage } from './buffer-shortage.ts';
import { chargedLayer } from './charged-layer.ts';
import type { EnergyLedger } from './energy-ledger.ts';
import type { FloorPlan } from './floor-plan.ts';
import { placementReport } from './placement-report.ts';
import type { AccuracyReport, AreaTable, EnergyReport, ScheduleReport } from './report.ts';
import type { Timeline } from './timeline.ts';
import type { TurnsReport } from './turns.ts';
import type { UnitLoadReport } from './unit-load.ts';

/** What the simulation of one schedule found. */
export interface ScheduleFindings {
  readonly schedule: Schedule;
  readonly layerNames: readonly string[];
  readonly macs: number;
  readonly analogMacs: number;
  /** s. */
  readonly latency: number;
  readonly initiationInterval: number;
  /** Activities of `inferences` inferences played in `elapsed` s. */
  readonly ledger: EnergyLedger;
  readonly inferences: number;
  readonly elapsed: number;
  /** Of one inference alone. */
  readonly timeline: Timeline;
  /** While `inferences` ran. */
  readonly load: UnitLoadReport;
  readonly floorPlan: FloorPlan;
  readonly table: ActionTable;
  readonly precision: string;
  /** Images that each simulated chip answered right; undefined where nobody asked. */
  readonly correctPerChip: readonly number[] | undefined;
  readonly samples: number;
  readonly turns: TurnsReport | null;
  readonly warnings: readonly string[];
}

/** The row of a schedule, all but its analysis and its place among the others. */
export function scheduleReport(findings: ScheduleFindings): Omit<ScheduleReport, 'paretoBest' | 'analysis'> {
  const energy = energyReport(findings);
  const { schedule, initiationInterval } = findings;
  return {
    name: schedule.partition.name,
    analogLayers: schedule.partition.analog.map((layer) => findings.layerNames[layer]!),
    analogFraction: findings.macs === 0 ? 0 : findings.analogMacs / findings.macs,
    crossbarsUsed: schedule.crossbarsUsed,
    latency: findings.latency,
    initiationInterval,
    throughput: 1 / initiationInterval,
    energy,
    topsPerWatt: {
      effective: energy.total === 0 ? 0 : (2 * findings.macs) / energy.total / 1e12,
      precision: findings.precision,
    },
    utilisation: utilisation(findings),
    timeline: findings.timeline,
    load: findings.load,
    placement: placementReport(schedule, findings.layerNames, findings.floorPlan),
    accuracy:
      findings.correctPerChip === undefined
        ? null
        : accuracyReport(findings.correctPerChip, findings.samples),
    turns: findings.turns,
    bufferShortage: bufferShortage(schedule.buffers),
    warnings: [...findings.warnings],
  };
}

/** Area of a chip by component. */
export function areaTable({ components }: ActionTable): AreaTable {
  return components.map(({ name, path, count, area }) => ({
    ...{ component: name, path, count },
    area: area * count,
  }));
}

/** The layer that is charged for each stage: `input` for loading it. */
export function layersOfStages(schedule: Schedule, layerNames: readonly string[]): readonly string[] {
  return schedule.stages.map((stage) => chargedLayer(stage, layerNames));
}

/**
 * Rows with those marked that no other row beats in energy, latency, throughput and accuracy together. Of chips whose buffers
 * hold what they need: the figures of others are of no chip.
 */
export function markPareto(rows: readonly Omit<ScheduleReport, 'paretoBest'>[]): readonly ScheduleReport[] {
  const possible = rows.filter(({ bufferShortage }) => bufferShortage === null);
  return rows.map((row) => ({
    ...row,
    paretoBest: possible.includes(row) && !possible.some((other) => dominates(other, row)),
  }));
}

function dominates(a: Omit<ScheduleReport, 'paretoBest'>, b: Omit<ScheduleReport, 'paretoBest'>): boolean {
  const gains = [
    b.energy.total - a.energy.total,
    b.latency - a.latency,
    a.throughput - b.throughput,
    // Nobody's accuracy is known, or everybody's.
    (a.accuracy?.mean ?? 0) - (b.accuracy?.mean ?? 0),
  ];
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0);
}

function accuracyReport(correct: readonly number[], samples: number): AccuracyReport {
  const perChip = correct.map((count) => count / samples);
  // From the counts: rounding must not decide which of two equal rows is better.
  const mean = correct.reduce((sum, count) => sum + count, 0) / (samples * correct.length);
  return { mean, interval95: confidence95(perChip) ?? null, perChip };
}

/** J of an inference at full load, by component and by layer. */
export function energyReport(
  findings: Pick<
    ScheduleFindings,
    'table' | 'ledger' | 'schedule' | 'inferences' | 'initiationInterval' | 'layerNames'
  >,
): EnergyReport {
  const { table, ledger, schedule, inferences, initiationInterval } = findings;
  const layerEnergy = new Map<string, number>();
  const byName = new Map<string, { dynamic: number; leakage: number }>(
    table.components.map(({ name }) => [name, { dynamic: 0, leakage: 0 }]),
  );
  const layers = layersOfStages(schedule, findings.layerNames);
  let leakage = 0;
  table.components.forEach((component, index) => {
    const sums = byName.get(component.name)!;
    for (const stage of schedule.stages) {
      const energy = ledger.energy(index, stage.index) / inferences;
      sums.dynamic += energy;
      const layer = layers[stage.index]!;
      layerEnergy.set(layer, (layerEnergy.get(layer) ?? 0) + energy);
    }
    const leaked = component.leakage * component.count * initiationInterval;
    sums.leakage += leaked;
    leakage += leaked;
  });
  const byComponent = [...byName].map(([component, sums]) => ({ component, ...sums }));
  const byLayer = [...layerEnergy].map(([layer, energy]) => ({ layer, energy }));
  byLayer.push({ layer: 'leakage', energy: leakage });
  const total = byComponent.reduce((sum, entry) => sum + entry.dynamic + entry.leakage, 0);
  return { total, byComponent, byLayer };
}

/** Their rates give a peak power, but nothing waits for them (registers), or one action takes many links. */
const NOT_QUEUED = new Set(['coreRegister', 'weightMemory', 'interconnect']);

/** Share of the highest rate at which a component could act: converters, MAC units, ports. */
export function utilisation(
  findings: Pick<ScheduleFindings, 'table' | 'ledger' | 'elapsed'>,
): ScheduleReport['utilisation'] {
  const { table, ledger, elapsed } = findings;
  const found: { component: string; fraction: number }[] = [];
  table.components.forEach((component, index) => {
    let count = 0;
    let action = table.actions.findIndex((candidate) => candidate.component === index);
    if (action < 0 || NOT_QUEUED.has(component.name)) return;
    const peak = Math.max(...component.actions.map(({ peakRate }) => peakRate));
    for (const _ of component.actions) {
      count += ledger.count(action);
      action += 1;
    }
    found.push({ component: component.name, fraction: count / (peak * component.count * elapsed) });
  });
  return found;
}

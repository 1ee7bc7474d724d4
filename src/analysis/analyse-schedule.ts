import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { peakPower } from '../hardware/component.ts';
import type { Wait } from '../machine/waits.ts';
import type { Schedule } from '../mapping/schedule.ts';
import type { Analysis, Efficiency } from '../report/analysis.ts';
import type { EnergyLedger } from '../report/energy-ledger.ts';
import { criticalPath, criticalPieces } from './critical-path.ts';
import { energyMatrix } from './energy-matrix.ts';
import { HoldRecorder } from './first-inference.ts';
import { busiest, loadsByLayer } from './loads.ts';
import { Occupation } from './occupation.ts';
import { peakThroughput } from './peak-throughput.ts';
import { roofline } from './roofline.ts';
import { stalls } from './stalls.ts';
import { utilisation } from './utilisation.ts';

/** What has to watch the plays of a schedule so that it can be analysed. */
export interface Observers {
  /** Of the first inference, alone on an idle chip. */
  readonly first: HoldRecorder;
  /** Of the stream. */
  readonly stream: Occupation;
}

/** Fresh observers for the plays of one schedule. */
export function observers(table: ActionTable, schedule: Schedule, inferences: number): Observers {
  return {
    first: new HoldRecorder(table),
    stream: new Occupation(table, schedule.stages.length, inferences),
  };
}

/** The findings of two plays of one schedule: one inference alone, and a stream of them. */
export interface Findings {
  readonly schedule: Schedule;
  readonly spec: ArchitectureSpec;
  readonly table: ActionTable;
  /** Layer that is charged for each stage. */
  readonly layerOfStage: readonly string[];
  readonly observers: Observers;
  readonly ledger: EnergyLedger;
  /** Of the stream. */
  readonly waits: readonly Wait[];
  readonly inferences: number;
  /** Ticks of both plays. */
  readonly latency: number;
  readonly elapsed: number;
  /** s. */
  readonly interval: number;
  /** J per inference, leakage included. */
  readonly energy: number;
  readonly macs: number;
  readonly precision: string;
}

/** Everything that can be said of a schedule without playing it again. */
export function analyseSchedule(findings: Findings): Analysis {
  const { schedule, spec, table, layerOfStage, ledger, inferences, interval, latency } = findings;
  const loaded = {
    units: findings.observers.stream.units,
    layerOfStage,
    spec,
    inferences,
    interval,
    steadyInferences: findings.observers.stream.steadyInferences,
  };
  const loads = loadsByLayer(loaded);
  const layers = [...new Set(layerOfStage)].map((layer) => {
    const stages = schedule.stages.filter(({ index }) => layerOfStage[index] === layer);
    return {
      layer,
      bottleneck: loads.get(layer) ?? null,
      roofline: roofline(stages, table, ledger, loaded) ?? null,
    };
  });
  const pieces = criticalPieces(findings.observers.first.holds, latency, schedule, spec);
  return {
    energyMatrix: energyMatrix(table, ledger, layerOfStage, inferences, interval),
    bottleneck: busiest(loaded) ?? null,
    layers,
    roofline: roofline(schedule.stages, table, ledger, loaded) ?? null,
    criticalPath: criticalPath(pieces, layerOfStage),
    utilisation: utilisation(loaded, schedule, findings.elapsed),
    stalls: stalls(findings.waits, schedule.stages, layerOfStage, inferences),
    efficiency: efficiency(findings),
  };
}

function efficiency({ spec, table, energy, macs, interval, latency, precision }: Findings): Efficiency {
  const area = table.components.reduce((sum, part) => sum + part.area * part.count, 0) / SQUARE_MILLIMETRE;
  const power = table.components.reduce((sum, part) => sum + peakPower(part), 0);
  const tera = (value: number) => value / 1e12;
  const ratio = (a: number, b: number) => (b > 0 ? a / b : 0);
  const peak = tera(peakThroughput(spec));
  const operations = tera(2 * macs);
  return {
    precision,
    topsPerWatt: { peak: ratio(peak, power), effective: ratio(operations, energy) },
    topsPerSquareMillimetre: { peak: ratio(peak, area), effective: ratio(operations / interval, area) },
    energyDelay: { latency: (energy * latency) / TICKS_PER_SECOND, interval: energy * interval },
  };
}

const SQUARE_MILLIMETRE = 1e-6;
const TICKS_PER_SECOND = 1e12;

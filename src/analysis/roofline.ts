import { tileCount } from '../hardware/architecture.ts';
import { type ActionTable, actionNumber } from '../hardware/action-table.ts';
import type { Stage } from '../mapping/schedule.ts';
import type { Roofline } from '../report/analysis.ts';
import type { EnergyLedger } from '../report/energy-ledger.ts';
import { digitalCoreThroughput } from './peak-throughput.ts';
import type { Loaded } from './loads.ts';

/**
 * Where some stages of a schedule stand under the roofline (Williams et al., CACM 52(4), 2009): MACs per byte moved, against
 * what the crossbars and MAC arrays in use could multiply and what the ports in use could move. A copy of a layer
 * multiplies without a pause when its MVMs follow each other as closely as they may. Undefined without MACs.
 */
export function roofline(
  stages: readonly Stage[],
  table: ActionTable,
  ledger: Pick<EnergyLedger, 'countOf'>,
  loaded: Loaded,
): Roofline | undefined {
  const { spec, inferences, interval, units } = loaded;
  const macs = stages.reduce((sum, stage) => sum + stageMacs(stage), 0);
  if (macs === 0) return undefined;

  const moved = (component: 'buffer' | 'memory') =>
    ['read', 'write'].reduce((sum, name) => {
      const action = actionNumber(table, component, name);
      return sum + stages.reduce((bytes, { index }) => bytes + ledger.countOf(action, index), 0);
    }, 0) / inferences;
  const memoryBytes = moved('memory');
  const bytes = moved('buffer') + memoryBytes;

  const inUse = stages.map(({ index }) => index);
  const busyUnits = (resource: string) =>
    units.filter((unit) => unit.resource === resource && inUse.some((stage) => unit.busy[stage]! > 0));
  const bandwidth =
    busyUnits('bufferPorts').length * spec.tile.buffer.bandwidth +
    (memoryBytes > 0 ? spec.chip.memory.bandwidth : 0);
  const peak = computePeak(stages, loaded);
  const attainable = Math.min(peak, (macs / bytes) * bandwidth);
  return {
    ...{ macs, bytes, intensity: macs / bytes, peak, bandwidth, attainable },
    achieved: macs / interval,
    bound: attainable < peak ? 'transfer' : 'compute',
  };
}

/** MACs of a stage in one inference. */
export function stageMacs(stage: Stage): number {
  if (stage.kind === 'analog') return stage.macsPerPosition * stage.positions;
  return stage.kind === 'digital' ? (stage.product?.macsPerPosition ?? 0) * stage.positions : 0;
}

// MAC/s: every copy at the pace of its own MVMs, of the part of the network that has most, and all MAC arrays once.
function computePeak(stages: readonly Stage[], { units, spec, inferences }: Loaded): number {
  const ofPart: number[] = [];
  for (const stage of stages) {
    if (stage.kind !== 'analog') continue;
    const busy = units
      .filter(({ resource, busy }) => resource === 'crossbars' && busy[stage.index]! > 0)
      .reduce((sum, unit) => sum + unit.busy[stage.index]!, 0);
    const perMvm = busy / (inferences * stage.positions) / TICKS_PER_SECOND;
    const own = (stage.macsPerPosition / perMvm) * stage.replicas.length;
    ofPart[stage.part] = (ofPart[stage.part] ?? 0) + own;
  }
  let peak = ofPart.reduce((most, own) => Math.max(most, own), 0);
  const digital = stages.some((stage) => stage.kind === 'digital' && stage.product !== undefined);
  if (digital) {
    peak += (digitalCoreThroughput(spec) / OPERATIONS_PER_MAC) * tileCount(spec) * spec.tile.digitalCores;
  }
  return peak;
}

const OPERATIONS_PER_MAC = 2;
const TICKS_PER_SECOND = 1e12;

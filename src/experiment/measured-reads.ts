import type { ArchitectureSpec } from '../hardware/architecture.ts';
import { type LayerCharge, layerCharge } from '../hardware/read-charge.ts';
import type { Samples } from '../input/samples.ts';
import type { LoweredNetwork } from '../mapping/lowered-network.ts';
import type { Partition } from '../mapping/partition/partition.ts';
import type { CalibrationMemory } from '../numerics/calibration-memory.ts';
import { measureReads, WATCHED_IMAGES } from '../numerics/reads.ts';
import { elementCount } from '../base/tensor.ts';
import type { ReadsReport } from '../report/report.ts';

/** What reads on crossbars are to be charged by. */
export interface ReadCharges {
  /** Of layers whose reads were measured; others take the stated averages. */
  readonly charges: readonly LayerCharge[];
  /** Null where the chip charges by averages anyway. */
  readonly report: ReadsReport | null;
}

/** A network whose reads are to be charged, with its data or the reason why it has none. */
export interface ReadsSubject {
  readonly lowered: LoweredNetwork;
  readonly spec: ArchitectureSpec;
  readonly partitions: readonly Partition[];
  readonly samples: Samples | string;
  readonly seed: number;
  readonly workers: number;
  readonly calibrations?: CalibrationMemory | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Measures the reads of every analog layer where the chip asks for it and there are data; says what is charged instead. */
export async function readCharges(subject: ReadsSubject): Promise<ReadCharges> {
  const { spec, lowered, partitions, samples } = subject;
  const analog = partitions.some((partition) => partition.analog.length > 0);
  const { crossbar } = spec.analogCore ?? {};
  if (!analog || crossbar?.reads !== 'measured') return { charges: [], report: null };
  if (typeof samples === 'string') {
    return { charges: [], report: { charged: 'average', why: samples, images: 0, layers: [] } };
  }
  const found = await measureReads({ ...subject, calibration: samples.calibration });
  const charges = found.map((activity) => layerCharge(spec, activity));
  const { readEnergy: average } = crossbar;
  const available = samples.calibration.length / elementCount(lowered.network.input.shape);
  return {
    charges,
    report: {
      ...{ charged: 'measured', why: null, images: Math.min(WATCHED_IMAGES, available) },
      layers: found.map(({ name, density, densities, active, conductance, conductances }, index) => {
        const { readEnergy, driveEnergy } = charges[index]!;
        return {
          ...{ layer: name, density, densities: [...densities], active },
          ...{ conductance, conductances: [...conductances] },
          ...{ readEnergy, driveEnergy },
          overAverage: average > 0 ? readEnergy / average : null,
        };
      }),
    },
  };
}

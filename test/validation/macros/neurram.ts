import { NEURRAM } from './published.ts';
import { fit, type MacroComparison, macroNamed, partEnergy, rowsOf } from './row.ts';

/** Wan et al.: NeuRRAM in 130 nm over its bit settings. */
export async function neurram(): Promise<MacroComparison> {
  const { spec, at } = await macroNamed('neurram');
  const points = NEURRAM.settings.map(([outputBits, inputBits]) => ({ outputBits, inputBits }));
  const onePhase = NEURRAM.onePhase.map(([outputBits, inputBits]) => ({
    outputBits,
    inputBits,
    twoPhases: 0,
  }));
  const breakdown = NEURRAM.settings.map(([outputBits, inputBits], index) => ({
    outputBits,
    inputBits,
    twoPhases: index === NEURRAM.onePhaseInBreakdown ? 0 : 1,
  }));
  const topsPerWatt = NEURRAM.settings.map(([, , , value]) => value);
  const fitted = fit(
    spec,
    topsPerWatt.map((value) => 1 / value),
    (calibrated) => points.map((point) => 1 / at(point, calibrated).topsPerWatt),
  );
  const { energy, efficiency, other } = rowsOf('NeuRRAM, 130 nm', fitted);
  const steps =
    'steps of integration take less there than steps of conversion, which the model takes as equal';
  const parts = {
    wordLines: [
      'word lines',
      'the published energy of a plane falls from 9.0 to 7.2 fJ with more planes, the model’s does not',
    ],
    neurons: ['neurons', steps],
    inputPulses: [
      'input pulses',
      'conductances and time of a pulse are those of another model, not the chip’s',
    ],
  } as const;
  return {
    fit: fitted,
    rows: [
      other(
        'throughput, 3-bit outputs of 1-bit inputs to 10-bit of 8-bit',
        'TOPS',
        [...NEURRAM.settings, ...NEURRAM.onePhase].map(([, , tops]) => tops),
        (calibrated) => [...points, ...onePhase].map((point) => at(point, calibrated).throughput / 1e12),
        { best: [-1, 9] },
      ),
      efficiency(
        'TOPS/W, the same',
        '',
        topsPerWatt,
        (calibrated) => points.map((point) => at(point, calibrated).topsPerWatt),
        { best: { text: '+10 … −55 %', largest: 55 } },
      ),
      efficiency(
        'TOPS/W, 5- and 6-bit inputs in one phase',
        '',
        NEURRAM.onePhase.map(([, , , value]) => value),
        (calibrated) => onePhase.map((point) => at(point, calibrated).topsPerWatt),
        {
          unmatched: steps,
        },
      ),
      ...(Object.keys(parts) as (keyof typeof parts)[]).map((part) =>
        energy(
          `energy of the ${parts[part][0]} an operation, the same as first`,
          'fJ',
          NEURRAM.femtojoules[part],
          (calibrated) =>
            breakdown.map((point) => {
              const figures = at(point, calibrated);
              return (1e15 * partEnergy(figures, part)) / figures.operations;
            }),
          { unmatched: parts[part][1] },
        ),
      ),
    ],
  };
}

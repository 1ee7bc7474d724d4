import { WANG } from './published.ts';
import { fit, type MacroComparison, macroNamed, partArea, partEnergy, rowsOf } from './row.ts';

/** Wang et al.: C-2C ladders in 22 nm over five supplies. */
export async function wang(): Promise<MacroComparison> {
  const { spec, at } = await macroNamed('wang');
  const points = WANG.supplies.map((supply) => ({ supply }));
  const fitted = fit(
    spec,
    WANG.topsPerWatt.map((value) => 1 / value),
    (calibrated) => points.map((point) => 1 / at(point, calibrated).topsPerWatt),
  );
  const { energy, efficiency, other } = rowsOf('Wang C-2C, 22 nm', fitted);
  const energyParts = Object.keys(WANG.energyShares);
  const areaParts = Object.keys(WANG.areaShares);
  const picojoules = 2048 / WANG.topsPerWatt[3];
  return {
    fit: fitted,
    rows: [
      other(
        'throughput, 0.7 to 1.1 V',
        'TOPS',
        WANG.topsPerSquareMillimetre.map((value) => value * WANG.squareMillimetres),
        (calibrated) => points.map((point) => at(point, calibrated).throughput / 1e12),
        { best: [-3, 1], given: 'clock at 1.0 V' },
      ),
      efficiency(
        'TOPS/W, 0.7 to 1.1 V',
        '',
        WANG.topsPerWatt,
        (calibrated) => points.map((point) => at(point, calibrated).topsPerWatt),
        { best: [-7, 13] },
      ),
      other(
        'TOPS/mm², 0.7 to 1.1 V',
        '',
        WANG.topsPerSquareMillimetre,
        (calibrated) => points.map((point) => at(point, calibrated).topsPerSquareMillimetre),
        { best: [9, 13], given: 'area' },
      ),
      energy(
        'energy of converters, drivers, array, control, 1.0 V',
        'pJ',
        Object.values(WANG.energyShares).map((share) => share * picojoules),
        (calibrated) => energyParts.map((part) => 1e12 * partEnergy(at({}, calibrated), part)),
        { best: { text: '−1 … 0 %, control left out', largest: 1 }, given: 'split' },
      ),
      other(
        'area of the same',
        'mm²',
        Object.values(WANG.areaShares).map((share) => share * WANG.squareMillimetres),
        (calibrated) => areaParts.map((part) => 1e6 * partArea(at({}, calibrated), part)),
        { best: [0, 0], given: 'area' },
      ),
    ],
  };
}

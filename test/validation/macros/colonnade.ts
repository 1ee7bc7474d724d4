import { COLONNADE } from './published.ts';
import { fit, type MacroComparison, macroNamed, partArea, partEnergy, rowsOf } from './row.ts';

/** Kim et al.: Colonnade in 65 nm over widths, supplies and registers. */
export async function colonnade(): Promise<MacroComparison> {
  const { spec, at } = await macroNamed('colonnade');
  const widths = Array.from({ length: 16 }, (_, index) => index + 1);
  const weights = (supply: number) => widths.map((weightBits) => ({ supply, weightBits, inputBits: 1 }));
  const both = widths.map((width) => ({ supply: 0.8, weightBits: width, inputBits: width }));
  const column = (table: readonly (readonly number[])[], index: number) => table.map((row) => row[index]!);
  const femtojoules = (points: readonly object[]) => (calibrated: boolean) =>
    points.map((point) => {
      const figures = at(point, calibrated);
      return (1e15 * figures.energy) / (figures.operations / 2);
    });
  const fitted = fit(spec, column(COLONNADE.byWeightBits, 2), femtojoules(weights(0.8)));
  const { energy, other } = rowsOf('Colonnade digital, 65 nm', fitted);
  const parts = Object.keys(COLONNADE.energyShares);
  const areaParts = Object.keys(COLONNADE.areaShares);
  return {
    fit: fitted,
    rows: [
      energy(
        'energy a MAC of logic, drivers, registers, decoder',
        'fJ',
        Object.values(COLONNADE.energyShares).map((share) => share * COLONNADE.femtojoulesAMac),
        (calibrated) =>
          parts.map((part) => {
            const figures = at({}, calibrated);
            return (1e15 * partEnergy(figures, part)) / (figures.operations / 2);
          }),
        { best: [-1, 8], given: 'split' },
      ),
      energy(
        'energy a MAC, weights of 1 to 16 bits, 0.8 V',
        'fJ',
        column(COLONNADE.byWeightBits, 2),
        femtojoules(weights(0.8)),
      ),
      energy('the same, inputs as wide', 'fJ', column(COLONNADE.byBits, 2), femtojoules(both)),
      ...[1, 0].map((index) =>
        energy(
          `energy a MAC, weights of 1 to 16 bits, ${COLONNADE.supplies[index]} V`,
          'fJ',
          column(COLONNADE.byWeightBits, index),
          femtojoules(weights(COLONNADE.supplies[index]!)),
          { unmatched: 'the published series falls to 63 and 25 % of that at 0.8 V, C V² to 77 and 56 %' },
        ),
      ),
      other(
        'throughput, 1 to 16 bits, 1 to 16 registers',
        'GOPS',
        COLONNADE.throughput.flat(),
        (calibrated) =>
          both.flatMap((point) =>
            COLONNADE.registers.map((registers) => at({ ...point, registers }, calibrated).throughput / 1e9),
          ),
      ),
      other(
        'area of logic, drivers, registers, decoder',
        'mm²',
        Object.values(COLONNADE.areaShares).map((share) => share * COLONNADE.squareMillimetres),
        (calibrated) => areaParts.map((part) => 1e6 * partArea(at({}, calibrated), part)),
        { given: 'area' },
      ),
    ],
  };
}

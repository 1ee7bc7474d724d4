import { SINANGIL } from './published.ts';
import { fit, type MacroComparison, macroNamed, partArea, rowsOf } from './row.ts';

/** Sinangil et al.: pulse trains in 7 nm over mean outputs and supplies. */
export async function sinangil(): Promise<MacroComparison> {
  const { spec, at } = await macroNamed('sinangil');
  const byOutput = SINANGIL.outputs.map((output) => ({ supply: 0.8, output }));
  const bySupply = SINANGIL.supplies.map((supply) => ({ supply, output: 15 }));
  const table = SINANGIL.tableOne.map(([supply, output]) => ({ supply, output }));
  const ends = [SINANGIL.tableOne[0], SINANGIL.tableOne[3]].map(([supply, output]) => ({ supply, output }));
  const picojoules = (points: readonly object[]) => (calibrated: boolean) =>
    points.map((point) => 1e12 * at(point, calibrated).energy);
  const fitted = fit(
    spec,
    [...SINANGIL.picojoulesByOutput, ...SINANGIL.picojoulesBySupply],
    picojoules([...byOutput, ...bySupply]),
  );
  const { energy, efficiency, other } = rowsOf('Sinangil pulse SRAM, 7 nm', fitted);
  const areaParts = Object.keys(SINANGIL.squareMicrometres);
  return {
    fit: fitted,
    rows: [
      other(
        'throughput, 0.8 and 1.0 V',
        'TOPS',
        [SINANGIL.tableOne[0][2], SINANGIL.tableOne[3][2]],
        (calibrated) => ends.map((point) => at(point, calibrated).throughput / 1e12),
        { best: [0, 0], given: 'clock' },
      ),
      energy(
        'energy of an operation, mean output 0 to 15, 0.8 V',
        'pJ',
        SINANGIL.picojoulesByOutput,
        picojoules(byOutput),
        { best: { text: '−20 … −29 %', largest: 29 } },
      ),
      energy(
        'the same, mean output 15, 0.65 to 1.0 V',
        'pJ',
        SINANGIL.picojoulesBySupply,
        picojoules(bySupply),
        {
          best: { text: '−20 … −29 %', largest: 29 },
        },
      ),
      efficiency(
        'TOPS/W, Table I',
        '',
        SINANGIL.tableOne.map(([, , , value]) => value),
        (calibrated) => table.map((point) => at(point, calibrated).topsPerWatt),
        { best: { text: 'up to +45 %', largest: 45 } },
      ),
      other(
        'area of converters, array, capacitors',
        'µm²',
        Object.values(SINANGIL.squareMicrometres),
        (calibrated) => areaParts.map((part) => 1e12 * partArea(at({}, calibrated), part)),
        { given: 'area' },
      ),
    ],
  };
}

import { JIA } from './published.ts';
import { fit, type MacroComparison, macroNamed, partArea, partEnergy, rowsOf } from './row.ts';

/** Jia et al.: a capacitor a cell in 65 nm at two supplies. */
export async function jia(): Promise<MacroComparison> {
  const { spec, at } = await macroNamed('jia');
  const points = JIA.supplies.map((supply) => ({ supply }));
  const fitted = fit(
    spec,
    JIA.topsPerWatt.map((value) => 1 / value),
    (calibrated) => points.map((point) => 1 / at(point, calibrated).topsPerWatt),
  );
  const { energy, efficiency, other } = rowsOf('Jia charge SRAM, 65 nm', fitted);
  const published = (names: readonly (keyof typeof JIA.picojoules)[], index: number) =>
    names.map((name) => JIA.picojoules[name][index]!);
  const modelled = (names: readonly string[], index: number) => (calibrated: boolean) =>
    names.map((name) => (1e12 * partEnergy(at(points[index]!, calibrated), name)) / JIA.outputs);
  const bits = JIA.topsByInputBits.map(([inputBits]) => ({ supply: 0.85, inputBits }));
  const tops = JIA.topsByInputBits.map(([, value]) => value);
  const all = ['adc', 'array', 'datapath'] as const;
  const areaParts = Object.keys(JIA.squareMillimetres);
  return {
    fit: fitted,
    rows: [
      other(
        'throughput, 0.85 and 1.2 V',
        'TOPS',
        JIA.tops,
        (calibrated) => points.map((point) => at(point, calibrated).throughput / 1e12),
        { best: [0, 0], given: 'clock' },
      ),
      other('throughput, 1, 2, 4 input bits, 0.85 V', 'TOPS', tops.slice(0, 3), (calibrated) =>
        bits.slice(0, 3).map((point) => at(point, calibrated).throughput / 1e12),
      ),
      other(
        'the same, 8 input bits',
        'TOPS',
        tops.slice(3),
        (calibrated) => bits.slice(3).map((point) => at(point, calibrated).throughput / 1e12),
        { unmatched: 'the chip waits for its memories there, which are not part of the macro' },
      ),
      efficiency(
        'TOPS/W, 0.85 and 1.2 V',
        '',
        JIA.topsPerWatt,
        (calibrated) => points.map((point) => at(point, calibrated).topsPerWatt),
        { best: [-2, 5] },
      ),
      other(
        'TOPS/mm², 0.85 and 1.2 V',
        '',
        JIA.topsPerSquareMillimetre,
        (calibrated) => points.map((point) => at(point, calibrated).topsPerSquareMillimetre),
        { given: 'area, clock' },
      ),
      energy('energy of converter, array, datapath, 1.2 V', 'pJ', published(all, 1), modelled(all, 1), {
        best: [-5, 3],
        given: 'split',
      }),
      energy(
        'energy of converter, array, 0.85 V',
        'pJ',
        published(['adc', 'array'], 0),
        modelled(['adc', 'array'], 0),
        {
          best: [-5, 3],
          given: 'split at 1.2 V',
        },
      ),
      energy('energy of the datapath, 0.85 V', 'pJ', published(['datapath'], 0), modelled(['datapath'], 0), {
        best: [-5, 3],
        given: 'split at 1.2 V',
        unmatched:
          'falls with V^1.66, less than C V²: something in it does not switch, of which nothing is published',
      }),
      other(
        'area of converters, array, datapath, sparsity controller',
        'mm²',
        Object.values(JIA.squareMillimetres),
        (calibrated) => areaParts.map((part) => 1e6 * partArea(at({}, calibrated), part)),
        { best: [-1, 1], given: 'area' },
      ),
    ],
  };
}

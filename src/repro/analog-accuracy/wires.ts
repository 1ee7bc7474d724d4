import type { Comparison } from '../../report/study.ts';
import { above, atLeast, comparison, compare, tells } from '../comparison.ts';
import { crossing, minus } from '../crossing.ts';
import { design } from '../design.ts';
import type { Question } from '../question.ts';
import type { Results } from '../run-points.ts';
import { sweepPlot } from '../sweep-plot.ts';
import { inputBits } from './input-bits.ts';
import { ENCODINGS, type Encoding, encoded, TOPOLOGIES, type Topology, wired } from './designs.ts';

/** Wire resistance between neighbouring cells over that of a cell fully on, R · Gmax. */
const RELATIVE = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3] as const;

/** Interleaved cells are pairs: there is no such offset design. */
const APART = ['gated', 'inputSourced'] as const;

const of = (scheme: Encoding, topology: Topology, relative: number) =>
  design(encoded(scheme), wired(topology, relative));

const NAMES: Readonly<Record<Topology, string>> = {
  gated: 'gated, bit lines only',
  inputSourced: 'input-sourced',
  interleaved: 'input-sourced, interleaved',
};

/** IR drop × topology × encoding, converters ideal. */
export const wires: Question = {
  name: 'ir-drop',
  asks: 'How much resistance of wires does each encoding stand, by topology? Cells and converters are ideal.',
  designs: TOPOLOGIES.flatMap((topology) =>
    ENCODINGS.filter((scheme) => topology !== 'interleaved' || scheme === 'differential').flatMap((scheme) =>
      RELATIVE.map((relative) => of(scheme, topology, relative)),
    ),
  ),
  plots: (results) => [
    sweepPlot(
      results,
      {
        title: 'IR drop',
        x: { label: 'wire resistance between cells · largest conductance', scale: 'log' },
        xs: RELATIVE,
      },
      TOPOLOGIES.flatMap((topology) =>
        ENCODINGS.filter((scheme) => topology !== 'interleaved' || scheme === 'differential').map(
          (scheme) => ({
            name: `${scheme}, ${NAMES[topology]}`,
            colour: topology === 'interleaved' ? topology : scheme,
            dashed: topology === 'gated',
            at: (relative: number) => of(scheme, topology, relative),
          }),
        ),
      ),
    ),
  ],
  statements: [
    {
      id: 'T6',
      claim: 'Offset cells collapse at one to two decades less wire resistance than differential pairs.',
      rule: 'Decades of resistance between the points at which accuracy falls 5 points below int8, differential less offset, are at least 1, for each topology.',
      comparisons: (results) =>
        APART.map((topology) => {
          const tolerated = (scheme: Encoding) =>
            crossing(
              [...RELATIVE]
                .reverse()
                .map((x) => ({ x: Math.log10(x), point: results.at(of(scheme, topology, x)) })),
            );
          const more = minus(tolerated('differential'), tolerated('offset'));
          return comparison(results, NAMES[topology], 'decades', more, atLeast(1)(more));
        }),
    },
    inputBits,
    {
      id: 'P15',
      claim:
        'From 1e-5 to 1e-4 of relative resistance the loss is small, from 1e-4 to 1e-3 large (differential, gated; from the manual of the authors’ simulator).',
      rule: 'Differential, gated: the accuracy lost over the second decade is larger than over the first (difference above 0).',
      comparisons: (results) => {
        const [first, second, third] = [1e-5, 1e-4, 1e-3].map((x) => of('differential', 'gated', x));
        return [
          compare(
            results,
            'loss 1e-4 … 1e-3 less loss 1e-5 … 1e-4',
            [
              [1, second!],
              [-1, third!],
              [-1, first!],
              [1, second!],
            ],
            above,
          ),
        ];
      },
    },
  ],
};

/** Differential against offset at equal resistance. For `overall.ts`. */
export function encodingByWires(results: Results): readonly Comparison[] {
  return APART.flatMap((topology) =>
    RELATIVE.map((relative) => {
      const pair = ENCODINGS.map((scheme) => of(scheme, topology, relative));
      return compare(
        results,
        `${NAMES[topology]}, ${relative}`,
        [
          [1, pair[0]!],
          [-1, pair[1]!],
        ],
        above,
        tells(results, pair),
      );
    }),
  );
}

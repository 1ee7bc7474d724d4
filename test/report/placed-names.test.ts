import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NamedPoint, type PlacedName, placedNames } from '../../src/report/charts/placed-names.ts';

const SIZE = { width: 270, height: 220 };

/** The rectangle of a name of 11 px letters, 6.5 px wide. */
function box({ name, x, y, align }: PlacedName) {
  const width = 6.5 * name.length;
  const left = align === 'left' ? x : x - width;
  return { left, right: left + width, top: y - 6, bottom: y + 6 };
}

const points = (places: readonly (readonly [number, number])[]): NamedPoint[] =>
  places.map(([x, y], index) => ({ name: `policy-${index}`, x, y, best: true }));

test.each([
  [
    'close together',
    points([
      [40, 100],
      [51, 99],
      [220, 80],
    ]),
  ],
  [
    'one over the other, at an edge',
    points([
      [260, 10],
      [260, 10],
      [260, 10],
    ]),
  ],
  [
    'on a slope',
    points([
      [100, 100],
      [104, 104],
      [108, 108],
      [112, 112],
      [116, 116],
    ]),
  ],
  [
    'in a row',
    points([
      [40, 110],
      [105, 110],
      [170, 110],
      [235, 110],
    ]),
  ],
])('points %s are all named', (_, all) => {
  expect(placedNames(all, SIZE, true).map(({ name }) => name)).toEqual(all.map(({ name }) => name));
});

test('no name is over another or a point, outside, or beside a point that it does not name', () => {
  const place = fc.tuple(fc.integer({ min: 5, max: 265 }), fc.integer({ min: 5, max: 215 }));
  fc.assert(
    fc.property(fc.array(place, { maxLength: 14 }), fc.boolean(), (places, far) => {
      const all = points(places);
      const placed = placedNames(all, SIZE, far);
      const boxes = placed.map(box);
      boxes.forEach((one, index) => {
        expect(one.left >= 0 && one.right <= SIZE.width && one.top >= 0 && one.bottom <= SIZE.height).toBe(
          true,
        );
        const { point, lineTo, x } = placed[index]!;
        if (lineTo === undefined) expect(Math.abs(x - point.x)).toBeLessThan(12);
        else expect(far).toBe(true);
        for (const other of boxes.slice(index + 1))
          expect(
            one.left < other.right &&
              other.left < one.right &&
              one.top < other.bottom &&
              other.top < one.bottom,
          ).toBe(false);
        // Without a line that says whose it is, it keeps 8 px from others.
        const apart = 5 + (lineTo === undefined ? 8 : 0);
        for (const { x: otherX, y } of all) {
          if (otherX === point.x && y === point.y) continue;
          const beside = otherX > one.left - apart && otherX < one.right + apart;
          expect(beside && y > one.top - 5 && y < one.bottom + 5).toBe(false);
        }
      });
    }),
    { numRuns: 200 },
  );
});

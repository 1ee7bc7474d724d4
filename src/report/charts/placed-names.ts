/** A point of a chart, px from its upper left corner. */
export interface NamedPoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Whether it is to be named. */
  readonly best: boolean;
}

/** Where the name of a point stands: px of its end that is next to the point, and of its middle in height. */
export interface PlacedName {
  readonly name: string;
  readonly point: NamedPoint;
  readonly x: number;
  readonly y: number;
  readonly align: 'left' | 'right';
  /** px at which a line from the point to it, at its height, ends; undefined where it stands close enough. */
  readonly lineTo: number | undefined;
}

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Place {
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right';
}

/** px: of a letter, half the height of a line, half a point, from a name to a point that it does not name. */
const LETTER = 6.5;
const HALF_LINE = 6;
const HALF_POINT = 5;
const APART = 8;
/** Longest name that is drawn. */
const MOST_LETTERS = 24;

const beside = (dys: readonly number[], dx: number): Place[] =>
  dys.flatMap((dy) => [{ dx, dy, align: 'left' } as const, { dx, dy, align: 'right' } as const]);
const NEAR = beside([0, -9, 9], 11);
const STEPS = Array.from({ length: 9 }, (_, step) => [-14 * (step + 1), 14 * (step + 1)]).flat();
const FAR = [11, 28, 56, 84].flatMap((dx) => beside(STEPS, dx));

/**
 * Places for names: none over another, over a point or beside one that it does not name. `far` names may stand away from their
 * points with a line that leads there. Names for which no place is left are left out.
 */
export function placedNames(
  points: readonly NamedPoint[],
  size: { readonly width: number; readonly height: number },
  far: boolean,
): PlacedName[] {
  const marks = points.map(({ x, y }) => around(x, y, HALF_POINT));
  const taken: Rectangle[] = [];
  const placed: PlacedName[] = [];
  const free = (box: Rectangle, point: NamedPoint, apart: number) =>
    box.left >= 0 &&
    box.right <= size.width &&
    box.top >= 0 &&
    box.bottom <= size.height &&
    !taken.some((other) => overlap(box, other)) &&
    !marks.some((mark, at) => {
      const { x, y } = points[at]!;
      const same = x === point.x && y === point.y;
      return overlap(same ? box : { ...box, left: box.left - apart, right: box.right + apart }, mark);
    });
  for (const point of points) {
    if (!point.best || point.name.length > MOST_LETTERS) continue;
    for (const place of far ? [...NEAR, ...FAR] : NEAR) {
      const led = !NEAR.includes(place);
      const box = boxOf(point, place);
      if (!free(box, point, led ? 2 : APART)) continue;
      const sign = place.align === 'left' ? 1 : -1;
      const at = { x: point.x + sign * place.dx, y: point.y + place.dy };
      const lineTo = led ? at.x - 3 * sign : undefined;
      const line = lineTo === undefined ? [] : steps(point, { x: lineTo, y: at.y });
      if (line.some((step) => !free(step, point, 0))) continue;
      taken.push(box, ...line);
      placed.push({ name: point.name, point, ...at, align: place.align, lineTo });
      break;
    }
  }
  return placed;
}

/** The rectangle that a name takes. */
function boxOf({ name, x, y }: NamedPoint, { dx, dy, align }: Place): Rectangle {
  const width = name.length * LETTER;
  const left = align === 'left' ? x + dx : x - dx - width;
  return { left, right: left + width, top: y + dy - HALF_LINE, bottom: y + dy + HALF_LINE };
}

/** The line from beside a point to beside its name, as small squares. */
function steps(point: NamedPoint, at: { readonly x: number; readonly y: number }): Rectangle[] {
  const length = Math.hypot(at.x - point.x, at.y - point.y);
  const squares: Rectangle[] = [];
  for (let along = HALF_POINT + 3; along < length; along += 2) {
    const share = along / length;
    squares.push(around(point.x + share * (at.x - point.x), point.y + share * (at.y - point.y), 1));
  }
  return squares;
}

function around(x: number, y: number, half: number): Rectangle {
  return { left: x - half, right: x + half, top: y - half, bottom: y + half };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

const PREFIXES = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
  [1e-15, 'f'],
] as const;

/** A number of SI units in three significant digits with a prefix: `12.3 µJ`. */
export function engineering(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return `0 ${unit}`.trimEnd();
  const [scale, prefix] = prefixOf(value);
  return `${significant(value / scale)} ${prefix}${unit}`.trimEnd();
}

/** The SI prefix that writes a number in up to three digits before the point: its size and letter. */
export function prefixOf(value: number): readonly [size: number, letter: string] {
  const magnitude = Math.abs(value);
  // 999.7 would round to 1000 of the smaller unit.
  return PREFIXES.find(([size]) => magnitude >= size * 0.9995) ?? PREFIXES[PREFIXES.length - 1]!;
}

/** s in the unit in which people count them: `3.20 days`; years of 365.25 days. */
export function duration(seconds: number): string {
  const unit = DURATIONS.find(([size]) => seconds >= 2 * size);
  if (unit === undefined) return engineering(seconds, 's');
  return `${significant(seconds / unit[0])} ${unit[1]}`;
}

const DURATIONS = [
  [31_557_600, 'years'],
  [86_400, 'days'],
  [3600, 'hours'],
  [60, 'minutes'],
] as const;

/** A number of things: `12.3 M cells`. */
export function amount(value: number, things: string): string {
  return `${engineering(value, '').trim()} ${things}`;
}

/** A fraction as percent with one decimal (two below 10 % error bars): `89.6 %`. */
export function percent(fraction: number, decimals = 1): string {
  return `${(fraction * 100).toFixed(decimals)} %`;
}

/** m² as mm² in three significant digits. */
export function squareMillimetre(area: number): string {
  return `${significant(area * 1e6)} mm²`;
}

/** Three significant digits without an exponent; all digits before the point. */
export function significant(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(rounded))));
  return value.toFixed(Math.min(digits, 12));
}

/** Columns padded to their widest cell: those named in `left` (by index) to the left, numbers to the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[] = [0],
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '─'.repeat(width)).join('──'), ...rows.map(line)].join('\n');
}

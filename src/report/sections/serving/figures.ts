import { engineering, percent } from '../../format.ts';
import type { Figure, ServedPolicy, ServedScenario } from '../../serving.ts';

/** Policies of a scenario, the most right answers in time first. */
export function ranked({ policies }: ServedScenario): readonly ServedPolicy[] {
  const score = ({ figures }: ServedPolicy) => figures.accuracyGoodput?.mean ?? -1;
  return [...policies].sort((a, b) => score(b) - score(a));
}

/** A share with its 95 % interval; a dash where nothing was answered. */
export function shareText(figure: Figure): string {
  if (figure === null) return '–';
  return figure.interval95 === null
    ? percent(figure.mean, 2)
    : `${percent(figure.mean, 2)} ± ${percent(figure.interval95, 2)}`;
}

/** A quantity with its 95 % interval. */
export function quantityText(figure: Figure, unit: string): string {
  if (figure === null) return '–';
  const { mean, interval95 } = figure;
  const half = interval95 === null ? '' : ` ± ${engineering(interval95, unit)}`;
  return `${engineering(mean, unit)}${half}`;
}

/** A difference of shares, with a star where its interval leaves out zero. */
export function differenceText(figure: Figure): string {
  if (figure === null) return '–';
  const { mean, interval95 } = figure;
  const sign = mean >= 0 ? '+' : '−';
  const half = interval95 === null ? '' : ` ± ${percent(interval95, 2)}`;
  const sure = interval95 !== null && Math.abs(mean) > interval95;
  return `${sign}${percent(Math.abs(mean), 2)}${half}${sure ? ' *' : ''}`;
}

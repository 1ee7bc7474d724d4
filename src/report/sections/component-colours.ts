import { NEUTRAL, OWN_COLOURS, seriesColour } from '../colours.ts';
import type { ScheduleReport } from '../report.ts';

/** The colour of every component, the same all over a page: those that take most energy have their own. */
export interface ComponentColours {
  readonly colourOf: (component: string) => string;
  /** Where it stands in a bar: in the order of the chip, what has no colour of its own last. */
  readonly rankOf: (component: string) => number;
  readonly legend: readonly { readonly name: string; readonly colour: string }[];
}

/** Colours by the energy that components take over all schedules; the rest shares a neutral one. */
export function componentColours(rows: readonly ScheduleReport[]): ComponentColours {
  const energies = new Map<string, number>();
  for (const { energy } of rows) {
    for (const { component, dynamic, leakage } of energy.byComponent) {
      energies.set(component, (energies.get(component) ?? 0) + dynamic + leakage);
    }
  }
  const names = [...energies].filter(([, energy]) => energy > 0);
  const largest = [...names]
    .sort(([, a], [, b]) => b - a)
    .slice(0, OWN_COLOURS)
    .map(([name]) => name);
  // In the order of the chip, from crossbars to memory, as bars are stacked.
  const own = names.map(([name]) => name).filter((name) => largest.includes(name));
  const others = names.map(([name]) => name).filter((name) => !largest.includes(name));
  const colourOf = (name: string) => (own.includes(name) ? seriesColour(own.indexOf(name)) : NEUTRAL);
  const rankOf = (name: string) => (own.includes(name) ? own.indexOf(name) : own.length);
  return {
    colourOf,
    rankOf,
    legend: [
      ...own.map((name) => ({ name, colour: colourOf(name) })),
      ...(others.length > 0 ? [{ name: others.join(', '), colour: NEUTRAL }] : []),
    ],
  };
}

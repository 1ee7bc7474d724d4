import { marked } from './buffer-shortage.ts';
import { type Draw, drawingRenderer } from './drawing.ts';
import { engineering } from './format.ts';
import { abridged, escaped } from './html.ts';
import { HOVER_SCRIPT } from './hover-script.ts';
import { page } from './page.ts';
import type { Report, ScheduleReport } from './report.ts';
import { componentColours, type ComponentColours } from './sections/component-colours.ts';
import { energySection } from './sections/energy-section.ts';
import { floorSection } from './sections/floor-section.ts';
import { bestOf, headline } from './sections/headline.ts';
import { latencySection } from './sections/latency-section.ts';
import { provenanceSection } from './sections/provenance-section.ts';
import { section } from './sections/section.ts';
import { sensitivitySection } from './sections/sensitivity-section.ts';
import { stallsSection } from './sections/stalls-section.ts';
import { tradeOffs } from './sections/trade-offs.ts';

/** Bytes that a report stays below, whatever was run. */
export const MOST_BYTES = 2_000_000;

/**
 * The answer of a run as one HTML file that needs nothing else, below `MOST_BYTES`: the figures of each schedule,
 * charts with a table under each, what was assumed. Which schedule is shown is chosen without a script; where not
 * all fit, the Pareto-best ones come first and the others keep their figures.
 */
export async function runHtml(report: Report): Promise<string> {
  const draw = await drawingRenderer();
  const { schedules, workload, architecture } = report;
  const colours = componentColours(schedules);
  const title = `${abridged(workload.name)} on ${abridged(architecture.name)}`;
  const shown = schedules.slice(0, MOST_PANELS);
  const first = Math.max(0, shown.indexOf(best(schedules)));
  const comparison =
    schedules.length > 1 ? section('Trade-offs', await tradeOffs(report, colours, draw)) : '';
  const rest = comparison + section('What is counted and assumed', provenanceSection(report));
  const heads = shown.map((row) => headline(report, row));

  let left =
    MOST_BYTES - RESERVE - bytes(rest) - heads.reduce((sum, head) => sum + bytes(head) + PER_PANEL, 0);
  const charts = new Map<number, string>();
  for (const index of inOrderOfInterest(shown, first)) {
    const drawn = await chartsOf(report, shown[index]!, colours, draw);
    if (bytes(drawn) > left) break;
    left -= bytes(drawn);
    charts.set(index, drawn);
  }
  const panels = shown.map((_, index) => {
    const name = escaped(abridged(shown[index]!.name));
    const head = `<div class="of of-${index}"><h2 class="unseen">Figures of ${name}</h2>${heads[index]!}</div>`;
    const body = charts.get(index) ?? leftOut(shown[index]!);
    return { head, body: `<div class="of of-${index}">${body}</div>` };
  });
  const body = `<main>${choices(shown, first)}<header><h1>${escaped(title)}</h1>
<p>${engineering(workload.macs, 'MAC')}s an inference, ${workload.mvmLayers.length} layers with constant weights; ${schedules.length === 1 ? 'one schedule' : `${schedules.length} schedules`}.</p>${bestOf(report)}</header>
${picker(shown, schedules.length)}
<div class="content">${panels.map(({ head }) => head).join('\n')}
${comparison}
${panels.map((panel) => panel.body).join('\n')}
${rest.slice(comparison.length)}</div></main>`;
  return page({
    title: `${title} – Kirchhoff`,
    body,
    style: STYLE + choiceStyle(shown.length),
    script: HOVER_SCRIPT,
  });
}

/** Schedules with a panel of their own; all of them are compared. */
const MOST_PANELS = 60;
/** Bytes of everything around the sections, and around one panel. */
const RESERVE = 60_000;
const PER_PANEL = 1_500;

/** The schedule that is open at first: Pareto-best with the least energy. */
function best(rows: readonly ScheduleReport[]): ScheduleReport {
  const candidates = rows.filter(({ paretoBest }) => paretoBest);
  return (candidates.length > 0 ? candidates : rows).reduce((a, b) =>
    b.energy.total < a.energy.total ? b : a,
  );
}

function inOrderOfInterest(rows: readonly ScheduleReport[], first: number): readonly number[] {
  const rank = (index: number) => (index === first ? 0 : rows[index]!.paretoBest ? 1 : 2);
  return rows.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
}

async function chartsOf(
  report: Report,
  row: ScheduleReport,
  colours: ComponentColours,
  draw: Draw,
): Promise<string> {
  const order = row.timeline.map(({ layer }) => layer);
  const of = report.schedules.length > 1 ? `: ${row.name}` : '';
  return [
    section(`Energy by layer and component${of}`, await energySection(row, colours, draw)),
    section(`One inference over time${of}`, await latencySection(row, draw)),
    section(
      `Utilisation on the floor plan${of}`,
      await floorSection(row, report.architecture.floorPlan, draw),
    ),
    section(`Waiting${of}`, await stallsSection(row.analysis.stalls, order, draw)),
    section(`What matters most${of}`, await sensitivitySection(row, draw)),
  ].join('\n');
}

function leftOut({ name }: ScheduleReport): string {
  return section(
    `Charts of ${name}`,
    `<p>Left out to keep this file below ${MOST_BYTES / 1e6} MB: a run with <code>--schedule ${escaped(abridged(name))}</code> alone draws them; their numbers are in report.json.</p>`,
  );
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

// A radio button for each schedule, ahead of what it shows: choosing needs no script.
function choices(rows: readonly ScheduleReport[], first: number): string {
  const input = (index: number) =>
    `<input type="radio" class="choice" name="schedule" id="choice-${index}"${index === first ? ' checked' : ''}>`;
  return rows.map((_, index) => input(index)).join('');
}

function picker(rows: readonly ScheduleReport[], all: number): string {
  if (rows.length === 1) return '';
  const label = ({ name, paretoBest, bufferShortage }: ScheduleReport, index: number) =>
    `<label for="choice-${index}">${escaped(marked(abridged(name, 40), bufferShortage))}${paretoBest ? ' <span title="Pareto-best">★</span>' : ''}</label>`;
  const more = all > rows.length ? `<span>${all - rows.length} more in the table of trade-offs</span>` : '';
  return `<nav aria-label="schedule"><div tabindex="0">${rows.map(label).join('')}${more}</div></nav>`;
}

function choiceStyle(count: number): string {
  const all = Array.from({ length: count }, (_, index) => index);
  const each = (rule: (index: number) => string) => all.map(rule).join(',');
  return `${each((index) => `#choice-${index}:checked~.content .of-${index}`)}{display:block}
${all.map((index) => `#choice-${index}:checked~.content{--shown-${index}:var(--ink)}`).join('')}
${each((index) => `#choice-${index}:checked~nav label[for=choice-${index}]`)}{background:var(--ink);color:var(--background);border-color:var(--ink)}
${each((index) => `#choice-${index}:focus-visible~nav label[for=choice-${index}]`)}{outline:2px solid var(--c0);outline-offset:2px}`;
}

const STYLE = `
h1 { font-size: 2rem; margin: 0; } h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; } header p { margin: .3rem 0 .6rem; color: var(--muted); } header p.best { color: var(--ink); font-size: 1.05rem; max-width: 90ch; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
h3.apart { margin: 1.6rem 0 .4rem; }
.choice { position: absolute; opacity: 0; pointer-events: none; } .of { display: none; }
nav { position: sticky; top: 0; z-index: 1; margin: 0 -1rem; padding: .5rem 1rem; background: var(--background); border-bottom: 1px solid var(--line); }
nav div { display: flex; gap: .4rem; overflow-x: auto; padding: 3px; } nav label { flex: none; padding: .15rem .7rem; border: 1px solid var(--line); border-radius: 1rem; cursor: pointer; font-size: .9rem; white-space: nowrap; } nav span { white-space: nowrap; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(185px, 1fr)); gap: .8rem; margin-top: 1.2rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; } .card h3 { font-weight: 500; color: var(--muted); font-size: .9rem; }
.card p { margin: .2rem 0 0; font-size: .8rem; line-height: 1.35; color: var(--muted); } .card p.figure { font-size: 1.55rem; font-weight: 600; color: var(--ink); line-height: 1.25; font-variant-numeric: tabular-nums; } .figure small { font-size: .95rem; font-weight: 500; white-space: nowrap; }
.facts { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; list-style: none; padding: 0; margin: .9rem 0 0; color: var(--muted); font-size: .9rem; }
.note { max-width: 90ch; margin: .6rem 0 0; font-size: .9rem; overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 1rem; } .plots figure { flex: 1 1 320px; max-width: 460px; } .plots svg { width: 100%; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; margin: .4rem 0; font-size: .85rem; } .legend i { display: inline-block; width: .8em; height: .8em; border-radius: .15em; margin-right: .4em; }
.narrow { display: none; } .floor { display: grid; grid-template-columns: minmax(0, 560px) minmax(220px, 1fr); gap: 2rem; align-items: start; } .floor svg { width: 100%; }
.busiest { padding: 0; list-style: none; margin: .5rem 0; font-size: .9rem; } .busiest li { display: grid; grid-template-columns: minmax(0, 1fr) 90px 4em; gap: .6rem; align-items: center; padding: .2rem 0; border-bottom: 1px solid var(--line); } .busiest b { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; }
.bar { background: var(--line); height: .6em; border-radius: .3em; overflow: hidden; } .bar i { display: block; height: 100%; background: var(--c0); }
.counted { padding-left: 1.2rem; max-width: 80ch; } .counted li { margin: .3rem 0; }
#tip { position: fixed; z-index: 2; max-width: min(360px, 90vw); padding: .35rem .6rem; border-radius: .4rem; background: var(--ink); color: var(--background); font-size: .85rem; line-height: 1.35; pointer-events: none; overflow-wrap: anywhere; } #tip[hidden] { display: none; }
[data-tip]:hover { stroke: var(--ink); stroke-width: 1.5px; }
@media (max-width: 820px) { .wide { display: none; } .narrow { display: block; } .narrow svg { width: 100%; max-width: 520px; } .floor { grid-template-columns: minmax(0, 1fr); gap: 1rem; } h1 { font-size: 1.5rem; } .plots { justify-content: center; } .cards { grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); } .card:last-child:nth-child(odd) { grid-column: 1 / -1; } }
@media print { nav { display: none; } }
`;

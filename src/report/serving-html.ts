import { drawingRenderer } from './drawing.ts';
import { abridged, escaped } from './html.ts';
import { page } from './page.ts';
import { section } from './sections/section.ts';
import { cutSection } from './sections/serving/cuts.ts';
import { ranked } from './sections/serving/figures.ts';
import { leaderboard, servingHeadline } from './sections/serving/leaderboard.ts';
import { sweepSection } from './sections/serving/load-sweep.ts';
import { policyOverTime } from './sections/serving/over-time.ts';
import { policyPareto } from './sections/serving/pareto.ts';
import { servingProvenance } from './sections/serving/provenance.ts';
import { regretSection } from './sections/serving/regret.ts';
import type { ServingReport } from './serving.ts';

/** Bytes of sweeps and charts over time, all scenarios together: of the latter what does not fit stays in serving.json. */
const MOST_CHARTS = 1_500_000;

/**
 * Policies on scenarios as one HTML file that needs nothing else: the best policy, all of them with intervals, what
 * they trade, load against p99 where it was swept, what happened over time, regret, what was assumed. No script; readable in light and dark.
 */
export async function servingHtml(report: ServingReport): Promise<string> {
  const draw = await drawingRenderer();
  const { scenarios, architecture } = report;
  let left = MOST_CHARTS;
  const parts: string[] = [];
  for (const scenario of scenarios) {
    const of = scenarios.length > 1 ? `: ${scenario.name}` : '';
    const sweep = await sweepSection(scenario, draw);
    left -= Buffer.byteLength(sweep);
    const overTime: string[] = [];
    const without: string[] = [];
    for (const policy of ranked(scenario)) {
      const drawn = await policyOverTime(policy, scenario, draw);
      if (Buffer.byteLength(drawn) > left) without.push(policy.name);
      else {
        left -= Buffer.byteLength(drawn);
        overTime.push(drawn);
      }
    }
    if (without.length > 0)
      overTime.push(
        `<p>Left out to keep this file small, in serving.json: ${escaped(abridged(without.join(', '), 1000))}.</p>`,
      );
    const heading = scenarios.length > 1 ? `<h2>${escaped(abridged(scenario.name))}</h2>` : '';
    parts.push(
      `${heading}${servingHeadline(scenario)}`,
      section(`Leaderboard${of}`, `<div class="board">${leaderboard(scenario)}</div>`),
      section(`What policies trade${of}`, await policyPareto(scenario, draw)),
      section(`Load against p99${of}`, sweep),
      section(`Over time${of}`, overTime.join('\n')),
      section(`Regret${of}`, await regretSection(scenario, draw)),
      section(`Models and their cuts${of}`, cutSection(scenario)),
    );
  }
  const title = `${scenarios.map(({ name }) => abridged(name, 60)).join(', ')} on ${abridged(architecture)}`;
  const models = [...new Set(scenarios.flatMap((scenario) => scenario.models.map(({ name }) => name)))];
  const body = `<main><header><h1>${escaped(abridged(title, 300))}</h1>
<p>Queries for ${escaped(abridged(models.join(', '), 300))}, served under scheduling policies.</p></header>
${parts.join('\n')}
${section('What is counted and assumed', servingProvenance(report))}</main>`;
  return page({ title: `${abridged(title, 300)} – Kirchhoff`, body, style: STYLE });
}

const STYLE = `
h1 { font-size: 2rem; margin: 0; } h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; } header p { margin: .3rem 0 .6rem; color: var(--muted); } h2.best { font-size: 1.05rem; font-weight: 400; margin: 1.2rem 0 0; }
h3.apart { margin: 1.6rem 0 .4rem; } .note { margin: .3rem 0; font-size: .85rem; color: var(--muted); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: .8rem; margin-top: 1.2rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; } .card h3 { font-weight: 500; color: var(--muted); font-size: .9rem; }
.card p { margin: .2rem 0 0; font-size: .8rem; line-height: 1.35; color: var(--muted); } .card p.figure { font-size: 1.45rem; font-weight: 600; color: var(--ink); line-height: 1.25; font-variant-numeric: tabular-nums; } .figure small { font-size: .9rem; font-weight: 500; white-space: nowrap; }
.facts { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; list-style: none; padding: 0; margin: .9rem 0 0; color: var(--muted); font-size: .9rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 1rem; } .plots svg { width: 100%; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; margin: .4rem 0; font-size: .85rem; } .legend i { display: inline-block; width: .8em; height: .8em; border-radius: .15em; margin-right: .4em; }
.narrow { display: none; } .counted { padding-left: 1.2rem; max-width: 80ch; } .counted li { margin: .3rem 0; }
.board table { font-size: .74rem; line-height: 1.35; } .board th, .board td { padding-right: .45rem; } .board .number { white-space: normal; } .board td:first-child { min-width: 7.2em; overflow-wrap: anywhere; }
@page { size: landscape; margin: 10mm; } @media print { body { max-width: none; padding: 0; } .scroll { overflow: visible; } .board table { font-size: .62rem; } .board th, .board td { padding-right: .3rem; } .card, figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
@media (max-width: 820px) { .wide { display: none; } .narrow { display: block; } .narrow svg { width: 100%; max-width: 520px; } h1 { font-size: 1.5rem; } .cards { grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); } }
`;

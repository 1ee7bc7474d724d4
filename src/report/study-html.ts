import { drawingRenderer } from './drawing.ts';
import { percent } from './format.ts';
import { details, escaped, htmlTable } from './html.ts';
import { page } from './page.ts';
import { linePlot, type Plot } from './plot.ts';
import type { Comparison, StatementReport, Study, StudyPoint } from './study.ts';

/**
 * A study as one HTML file that needs nothing else: verdicts, plots as SVG, every comparison and point in tables, and
 * the whole document as JSON inside. No script; readable in light and dark.
 */
export async function studyHtml(
  study: Study,
  plots: readonly { readonly question: string; readonly plots: readonly Plot[] }[],
  verdictRule: string,
): Promise<string> {
  const draw = await drawingRenderer();
  const sections: string[] = [];
  for (const { name, asks } of study.questions) {
    const drawn: string[] = [];
    for (const plot of plots.find(({ question }) => question === name)?.plots ?? []) {
      drawn.push(
        `<figure>${await draw(linePlot(plot))}<figcaption>${escaped(plot.title)}</figcaption></figure>`,
      );
    }
    const points = study.points.filter(({ questions }) => questions.includes(name));
    sections.push(
      `<section id="${name}"><h2>${escaped(name.replaceAll('-', ' '))}</h2><p>${escaped(asks)}</p>
<div class="plots">${drawn.join('\n')}</div>
${details(`${points.length} points`, pointTable(points))}</section>`,
    );
  }
  const title = `${study.study}, re-run`;
  const body = `<h1>${escaped(title)}</h1>
<p>${escaped(study.paper)}</p>
${networks(study)}
<h2>Claims</h2>
<p>${escaped(verdictRule)} Where nothing is lost yet, or everything, a comparison cannot tell. Intervals join the spread over simulated chips (Student’s t, of differences chip by chip) and the number of images; all designs of a network judge the same images on the same chips.</p>
${study.statements.map(statement).join('\n')}
${sections.join('\n')}
<h2>Data</h2>
<p>This file holds its data: the element <code>#data</code> is the study as JSON (<code>kirchhoff schema study</code>).</p>
<script type="application/json" id="data">${JSON.stringify(study).replaceAll('<', '\\u003c')}</script>`;
  return page({ title, body, style: STYLE });
}

function networks({ networks, points, provenance }: Study): string {
  const rows = networks.map((network) => {
    const own = points.filter((point) => point.network === network.name);
    const chance = own.filter((point) => point.chance).length;
    return [
      network.name,
      percent(network.float),
      percent(network.digital),
      String(network.images),
      String(network.calibrationImages),
      String(own.length),
      `${chance} × ${provenance.chips}, ${own.length - chance} × 1`,
      String(network.largestRows),
    ];
  });
  const header = [
    'network',
    'float',
    'int8',
    'images a point',
    'calibration images',
    'points',
    'points × chips',
    'largest MVM: inputs',
  ];
  return `${htmlTable(header, rows)}<p>Where chance does not enter, all chips are alike and one stands for them. Seed ${provenance.seed}, Kirchhoff ${escaped(provenance.kirchhoff)}.</p>`;
}

function statement({ id, claim, rule, verdict, measured, comparisons }: StatementReport): string {
  const compared =
    comparisons.length === 0
      ? ''
      : details(
          `${comparisons.length} comparisons`,
          `<p>${escaped(rule)}</p>${comparisonTable(comparisons)}`,
        );
  return `<article><h3><span class="verdict ${verdict.replaceAll(' ', '-')}">${verdict}</span> ${id}</h3>
<p>${escaped(claim)}</p><p class="measured">${escaped(measured)}</p>${compared}</article>`;
}

function comparisonTable(comparisons: readonly Comparison[]): string {
  const number = (value: number | null, open: string) => (value === null ? open : value.toFixed(1));
  return htmlTable(
    ['network', 'comparison', 'measured', '95 % interval', 'unit', 'says'],
    comparisons.map(({ network, what, value, low, high, unit, outcome }) => [
      network,
      what,
      number(value, 'beyond the sweep'),
      `${number(low, '…')} to ${number(high, '…')}`,
      unit,
      outcome === 'untold' ? 'cannot tell' : outcome,
    ]),
  );
}

function pointTable(points: readonly StudyPoint[]): string {
  return htmlTable(
    ['network', 'design', 'accuracy', 'spread over chips', '± 95 %', 'chips'],
    points.map(({ network, design, mean, spread, interval95, chips }) => [
      network,
      Object.entries(design)
        .map(([path, value]) => `${path.split('.').at(-1)!} = ${value}`)
        .join('; '),
      percent(mean, 2),
      spread === null ? '–' : percent(spread, 2),
      interval95 === null ? '–' : percent(interval95, 2),
      String(chips),
    ]),
  );
}

const STYLE = `
article { border-top: 1px solid var(--line); padding: .7rem 0; } article p { margin: .3rem 0; }
.measured { font-variant-numeric: tabular-nums; color: var(--muted); }
.verdict { display: inline-block; min-width: 7.5em; padding: .1em .5em; border: 1px solid; border-left-width: .6em; border-radius: .3em; font-size: .85rem; }
.supported { border-color: var(--c2); } .not-supported { border-color: var(--c1); } .inconclusive { border-color: var(--c5); } .not-tested { border-color: var(--c7); }
.plots { display: flex; flex-wrap: wrap; gap: 1rem; } figcaption { text-align: center; }
`;

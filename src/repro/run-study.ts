import { Fault, nearestName } from '../base/fault.ts';
import { readArchitecture } from '../input/architecture.ts';
import type { Plot } from '../report/plot.ts';
import type { StatementReport, Study, StudyPoint } from '../report/study.ts';
import { version } from '../version.ts';
import { type Design, designName } from './design.ts';
import { judge, type Question, type Statement } from './question.ts';
import { type PointOptions, type Results, runPoints } from './run-points.ts';
import { readSubject, type Subject } from './subject.ts';

/** A paper's questions, and which of its claims they decide. */
export interface StudyPlan {
  readonly name: string;
  readonly paper: string;
  readonly questions: readonly Question[];
  /** Claims that draw on several questions. */
  readonly overall: readonly (Statement & { readonly needs: readonly string[] })[];
  readonly untested: readonly { readonly id: string; readonly claim: string; readonly why: string }[];
}

export interface StudyRequest extends PointOptions {
  /** Workload files. */
  readonly networks: readonly string[];
  /** Names of questions; none means all. */
  readonly only: readonly string[];
  /** Test images of every point; undefined: by the size of the network. */
  readonly images: number | undefined;
}

/** Plots of a question, for all networks. */
export interface QuestionPlots {
  readonly question: string;
  readonly plots: readonly Plot[];
}

/** Measures what a study asks, judges its claims, and says what to draw. */
export async function runStudy(
  plan: StudyPlan,
  request: StudyRequest,
): Promise<{ readonly document: Study; readonly plots: readonly QuestionPlots[] }> {
  const questions = chosen(plan, request.only);
  const base = await readArchitecture(request.architecture);
  const subjects: Subject[] = [];
  for (const file of new Set(request.networks)) subjects.push(await readSubject(file, request.images));
  const designs = distinct(questions.flatMap((question) => question.designs));
  const results = await runPoints(
    subjects.map((subject) => ({ subject, designs })),
    request,
  );
  const inputs = [
    { role: 'architecture', file: request.architecture, sha256: base.hash },
    ...subjects.flatMap((subject) => subject.inputs),
  ];
  const document: Study = {
    kind: 'kirchhoff-study',
    formatVersion: 1,
    study: plan.name,
    paper: plan.paper,
    provenance: {
      kirchhoff: version(),
      seed: request.seed,
      chips: request.chips,
      inputs: inputs.filter(({ file }, index) => inputs.findIndex((one) => one.file === file) === index),
    },
    networks: results.map((one) => {
      const { name, file, images, calibrationImages, classes, macs, largestRows } = one.subject;
      const { float, digital } = one.at(designs[0]!);
      return { name, file, images, calibrationImages, classes, macs, float, digital, largestRows };
    }),
    questions: questions.map(({ name, asks }) => ({ name, asks })),
    points: results.flatMap((one) => designs.map((design) => pointReport(one, design, questions))),
    statements: statements(plan, questions, results),
  };
  const plots = questions.map((question) => ({
    question: question.name,
    plots: results.flatMap((one) => question.plots(one)),
  }));
  return { document, plots };
}

function chosen({ questions }: StudyPlan, only: readonly string[]): readonly Question[] {
  const known = questions.map(({ name }) => name);
  for (const name of only) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    throw new Fault(`no question ${JSON.stringify(name)}`, {
      cure: `${near === undefined ? '' : `did you mean ${near}? `}known: ${known.join(', ')}`,
    });
  }
  return only.length === 0 ? questions : questions.filter(({ name }) => only.includes(name));
}

function distinct(designs: readonly Design[]): readonly Design[] {
  return [...new Map(designs.map((one) => [designName(one), one])).values()];
}

function pointReport(results: Results, design: Design, questions: readonly Question[]): StudyPoint {
  const { chance, perChip, mean, spread, interval95 } = results.at(design);
  const uses = ({ designs }: Question) => designs.some((one) => designName(one) === designName(design));
  return {
    network: results.subject.name,
    design,
    questions: questions.filter(uses).map(({ name }) => name),
    ...{ chance, chips: perChip.length, mean },
    spread: spread ?? null,
    interval95: interval95 ?? null,
    perChip: [...perChip],
  };
}

/** Every claim that the questions asked decide, and those that nothing here can test. */
function statements(
  plan: StudyPlan,
  questions: readonly Question[],
  results: readonly Results[],
): StatementReport[] {
  const asked = questions.map(({ name }) => name);
  const decided = [
    ...questions.flatMap((question) => question.statements),
    ...plan.overall.filter(({ needs }) => needs.every((name) => asked.includes(name))),
  ].map((statement) => judge(statement, results));
  const untested = plan.untested.map(({ id, claim, why }): StatementReport => ({
    ...{ id, claim, rule: 'none', verdict: 'not tested', measured: why, comparisons: [] },
  }));
  return [...decided, ...untested].sort((a, b) => place(a.id) - place(b.id));
}

/** T1 … T9 before P1 … P15. */
function place(id: string): number {
  return (id.startsWith('T') ? 0 : 100) + Number(id.slice(1));
}

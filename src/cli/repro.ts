import { join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { writeAtomically } from '../report/write-atomically.ts';
import { analogAccuracy, type Finding, UNTESTED } from '../repro/analog-accuracy.ts';
import { type PointResult, Study } from '../repro/study.ts';
import { version } from '../version.ts';

export interface ReproOptions {
  readonly network: readonly string[];
  readonly architecture: string;
  readonly images: number;
  readonly chips: number;
  readonly seed: number;
  readonly workers: number;
  readonly only: string;
  readonly out: string;
}

export interface ReproDocument {
  readonly kind: 'kirchhoff-repro';
  readonly paper: string;
  readonly kirchhoff: string;
  readonly options: Pick<ReproOptions, 'architecture' | 'images' | 'chips' | 'seed'>;
  readonly networks: readonly {
    readonly network: string;
    readonly questions: readonly { readonly name: string; readonly findings: readonly Finding[] }[];
    readonly points: readonly PointResult[];
  }[];
  readonly untested: typeof UNTESTED;
}

const NETWORKS = ['workloads/lenet5.yaml', 'workloads/resnet14.yaml'];

/** Runs the questions of the paper, keeping every point, and writes what was found to `result.json` of the folder. */
export async function reproduceAnalogAccuracy(
  options: ReproOptions & {
    readonly signal: AbortSignal;
    readonly onProgress: (phase: string, done: number, total: number) => void;
  },
): Promise<ReproDocument> {
  const { architecture, images, chips, seed, workers, out, signal } = options;
  const networks: ReproDocument['networks'][number][] = [];
  for (const network of options.network.length > 0 ? options.network : NETWORKS) {
    const questions = analogAccuracy(network).filter(({ name }) => name.includes(options.only));
    if (questions.length === 0) {
      const known = analogAccuracy(network).map(({ name }) => name);
      throw new Fault(`no question contains ${JSON.stringify(options.only)}`, {
        cure: `known: ${known.join('; ')}`,
      });
    }
    const study = new Study({
      ...{ architecture, images, chips, seed, workers, signal, folder: join(out, 'points') },
      onProgress: (done, total) => options.onProgress(network, done, total),
    });
    await study.run(questions.flatMap(({ points }) => points));
    networks.push({
      network,
      questions: questions.map((question) => ({
        name: question.name,
        findings: question.findings((point) => study.result(point)),
      })),
      points: study.results,
    });
  }
  const document: ReproDocument = {
    kind: 'kirchhoff-repro',
    paper:
      'Xiao et al., On the Accuracy of Analog Neural Network Inference Accelerators, IEEE CAS Mag. 22(4) 2022',
    kirchhoff: version(),
    options: { architecture, images, chips, seed },
    networks,
    untested: UNTESTED,
  };
  await writeAtomically(join(out, 'result.json'), `${JSON.stringify(document, null, 2)}\n`);
  return document;
}

/** The findings as a table for a terminal. */
export function findingsText(document: ReproDocument): string {
  const { images, chips } = document.options;
  const parts = document.networks.map(({ network, questions }) => {
    const found = questions.flatMap(({ findings }) =>
      findings.map(
        ({ id, claim, measured, verdict }) =>
          `${verdict.padEnd(13)}  ${id}: ${claim}\n${' '.repeat(15)}${measured}`,
      ),
    );
    return [`${network}, ${images} images × ${chips} chips a point, mean ± 95 % over chips`, ...found].join(
      '\n',
    );
  });
  const untested = document.untested.map(({ id, why }) => `  ${id}: ${why}`);
  return [document.paper, ...parts, ['not tested:', ...untested].join('\n')].join('\n\n');
}

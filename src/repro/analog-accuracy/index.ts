import type { StudyPlan } from '../run-study.ts';
import { activationBits } from './activation-bits.ts';
import { blockSize } from './block-size.ts';
import { cellErrors } from './cell-errors.ts';
import { converters } from './converters.ts';
import { onOffRatio } from './on-off.ts';
import { overall } from './overall.ts';
import { readNoise } from './read-noise.ts';
import { unitColumn } from './unit-column.ts';
import { UNTESTED } from './untested.ts';
import { wires } from './wires.ts';

/**
 * The questions of T. P. Xiao et al., "On the Accuracy of Analog Neural Network Inference Accelerators", IEEE Circuits
 * and Systems Magazine 22(4), 2022 (arXiv 2109.01262). Claims P1 … P15 are the paper's, in the order of the project's
 * notes; T1 … T9 are what follows from its figures as tendencies that any network can be asked about.
 */
export const analogAccuracy: StudyPlan = {
  name: 'analog-accuracy',
  paper:
    'T. P. Xiao et al., "On the Accuracy of Analog Neural Network Inference Accelerators", IEEE Circuits and Systems Magazine 22(4), 2022 (arXiv 2109.01262)',
  questions: [cellErrors, onOffRatio, converters, blockSize, wires, readNoise, unitColumn, activationBits],
  overall,
  untested: UNTESTED,
};

import { flag } from '../../base/quantity.ts';

/** Key of models of drift: whether outputs are scaled back. */
export function compensationFlag(byDefault = true) {
  return flag()
    .default(byDefault)
    .describe(
      'the digital side scales outputs so that the mean conductance stays (global drift compensation)',
    );
}

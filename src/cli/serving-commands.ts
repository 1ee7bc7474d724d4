import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { collect, type JsonOption, jsonOption, loadFactors, wholeNumber } from './option-values.ts';
import type { ServingOptions } from './serving.ts';

/** `kirchhoff serve`. */
export function serveCommand(signal: AbortSignal): Command {
  const command = new Command('serve')
    .description(
      'queries that arrive over time, answered under a scheduling policy: goodput, tail latency, served accuracy, energy',
    )
    .argument('<architecture>', 'YAML file of the chip')
    .argument('<scenario>', 'YAML file of models, load and policies, such as workloads/serving/step.yaml')
    .option(
      '--policy <name>',
      "one of the scenario's, a window policy, or static:CUT; default: the scenario's first",
    );
  return withOptions(command).action(
    async (
      architecture: string,
      scenario: string,
      options: ServingOptions & JsonOption & { policy?: string },
    ) => {
      const { serveCommandLine } = await import('./serving.ts');
      const policies = options.policy === undefined ? 'first' : [options.policy];
      await serveCommandLine({ architecture, scenarios: [scenario], policies }, options, signal);
    },
  );
}

/** `kirchhoff compare`. */
export function compareCommand(signal: AbortSignal): Command {
  const command = new Command('compare')
    .description('a leaderboard of scheduling policies on the same arrivals, questions and chips')
    .argument('<architecture>', 'YAML file of the chip')
    .argument('<scenario...>', 'YAML files of models, load and policies')
    .option(
      '--policy <name>',
      "one of a scenario's, a window policy, or static:CUT (repeatable); default: all of the scenario's",
      collect,
      [],
    );
  return withOptions(command).action(
    async (
      architecture: string,
      scenarios: string[],
      options: ServingOptions & JsonOption & { policy: string[] },
    ) => {
      const { serveCommandLine } = await import('./serving.ts');
      await serveCommandLine({ architecture, scenarios, policies: options.policy }, options, signal);
    },
  );
}

function withOptions(command: Command): Command {
  return command
    .option('--set <path=value>', 'override a value of the architecture (repeatable)', collect, [])
    .option('--replications <n>', "runs of each policy; default: the scenario's", wholeNumber(1, 1000))
    .option(
      '--sweep <factors>',
      'also plays every policy with the load multiplied by each, such as 0.4,0.6,0.8,1,1.2: load against p99, and its knee',
      loadFactors,
    )
    .option('--seed <n>', 'seed of all chance', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--workers <n>', 'worker threads', wholeNumber(1, 256), availableParallelism())
    .option('--out <dir>', 'folder of serving.json and serving.html; default: results/serving-SCENARIO')
    .addOption(jsonOption());
}

import { Engine, type Handler } from '../engine/engine.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { NetworkPart } from '../mapping/schedule.ts';
import type { TaskPolicy } from '../scheduling/task/task-policy.ts';
import { actionNumbers } from './actions.ts';
import type { ActivitySink } from './activity.ts';
import { AnalogCores } from './analog-cores.ts';
import { analogPlans } from './analog-plan.ts';
import { Answers } from './answers.ts';
import { Completion } from './completion.ts';
import { CrossbarWriter } from './crossbar-writer.ts';
import { DigitalCores } from './digital-cores.ts';
import { type AgeOf, DigitalPool } from './digital-pool.ts';
import {
  ANSWER_AT_MEMORY,
  ANSWER_READ,
  ARRIVED,
  COMPUTED,
  DELIVERED,
  EVENT_KINDS,
  FETCHED,
  PROGRAMMED,
  SAMPLED,
  SLICE_BASE,
  SUMMED,
  UNIT_FREE,
  WEIGHTS_THERE,
  WRITTEN,
} from './events.ts';
import { Flow } from './flow.ts';
import { InputTrees } from './input-trees.ts';
import { Inputs } from './inputs.ts';
import { Issue } from './issue.ts';
import { Loading } from './loading.ts';
import { LockStep } from './lock-step.ts';
import type { MergedSchedule } from './merged-schedule.ts';
import { Outputs } from './outputs.ts';
import { Programming } from './programming.ts';
import { Recorder } from './recorder.ts';
import { createResources, type Resources } from './resources.ts';
import { StageWaits } from './stage-waits.ts';
import { StreamedWeights } from './streamed-weights.ts';
import { Transfers } from './transfers.ts';
import { Turns } from './turns.ts';
import { WaitLedger } from './waits.ts';

/** What an assembly plays. */
export interface AssemblyOptions {
  readonly taskPolicy: TaskPolicy;
  readonly sink: ActivitySink;
  /** Inferences that a stage may play. */
  readonly played: (stage: number) => number;
  /** Parts that take turns on the crossbars, of the only schedule. */
  readonly parts: readonly NetworkPart[];
  readonly ageOf?: AgeOf;
  /** The answer of an inference of a schedule is in memory. */
  readonly onAnswer: (inference: number, schedule: number, tick: number) => void;
}

/** The parts of a chip put together: every task is led from one to the next, event by event. */
export class Assembly {
  readonly engine = new Engine();
  readonly waits: WaitLedger;
  readonly resources: Resources;
  readonly flow: Flow;
  readonly turns: Turns | undefined;
  readonly lockStep: LockStep;
  readonly pool: DigitalPool;
  readonly issue: Issue;
  readonly analogCores: AnalogCores;
  readonly programming: Programming | undefined;
  readonly handlers: readonly Handler[];
  readonly #merged: MergedSchedule;
  readonly #inputs: Inputs;
  readonly #digitalCores: DigitalCores;
  readonly #issueFreed: (stage: number) => void;

  constructor(merged: MergedSchedule, spec: ArchitectureSpec, table: ActionTable, options: AssemblyOptions) {
    const { engine } = this;
    const { stages } = merged;
    const { played, parts } = options;
    this.#merged = merged;
    const waits = (this.waits = new WaitLedger(stages.length));
    const resources = (this.resources = createResources(spec, waits));
    const { adcBanks, digitalCores } = resources;
    const recorder = new Recorder(actionNumbers(table), options.sink);
    const transfers = new Transfers(resources, recorder);
    const lockStep = (this.lockStep = new LockStep(spec));
    const plans = analogPlans(stages, spec);
    const pool = (this.pool = new DigitalPool(stages, resources, options.taskPolicy, spec, options.ageOf));
    const flow = (this.flow = new Flow(merged));
    const programming = parts.length === 0 ? undefined : spec.analogCore!.programming!;
    const turns = (this.turns =
      programming === undefined
        ? undefined
        : new Turns({ stages, parts, output: merged.outputs[0]!.stage }, programming.batch, flow));

    const trees = new InputTrees(plans, resources);
    const weights = new StreamedWeights(transfers, pool, recorder);
    const inputs = (this.#inputs = new Inputs(engine, stages, transfers, trees, pool, weights, lockStep));
    const ways = { loading: new Loading(engine, flow, transfers), inputs };
    const stageWaits = new StageWaits(stages.length, waits);
    const issue = new Issue(engine, stages, { played, flow, turns }, pool, ways, recorder, stageWaits);
    this.issue = issue;
    this.#issueFreed = (stage) => issue.stage(stage);

    this.analogCores = new AnalogCores(engine, merged, plans, adcBanks, lockStep, recorder, waits);
    this.#digitalCores = new DigitalCores(engine, spec, flow, pool, digitalCores, lockStep, recorder);
    const outputs = new Outputs(engine, stages, flow, transfers, plans, pool, lockStep);
    const answers = new Answers(engine, merged, flow, transfers);
    this.programming =
      turns === undefined
        ? undefined
        : new Programming(
            engine,
            { stages, parts },
            turns,
            { issue, answers },
            new CrossbarWriter(transfers, recorder, programming!.rowTime),
            { spec, resources },
          );
    const completion = new Completion(merged, played, flow, issue, answers, this.programming);
    this.handlers = this.#handle(outputs, completion, answers, options.onAnswer);
  }

  #handle(
    outputs: Outputs,
    completion: Completion,
    answers: Answers,
    onAnswer: AssemblyOptions['onAnswer'],
  ): readonly Handler[] {
    const { stages } = this.#merged;
    const { issue } = this;
    const handlers = new Array<Handler>(EVENT_KINDS);
    handlers[FETCHED] = (task, stage) => this.#fetched(task, stage);
    handlers[DELIVERED] = (task, stage) => this.#delivered(task, stage);
    handlers[UNIT_FREE] = (unit, stage) => issue.unitFree(unit, stage);
    handlers[SAMPLED] = (task, b) =>
      this.analogCores.sampled(task, Math.floor(b / SLICE_BASE), b % SLICE_BASE);
    handlers[COMPUTED] = (task, stage) => outputs.send(stages[stage]!, task);
    handlers[SUMMED] = (task, index) => {
      const stage = stages[index]!;
      if (stage.kind !== 'analog') throw new Error(`stage ${stage.name} has no sums`);
      this.#digitalCores.activate(stage, task);
    };
    handlers[ARRIVED] = (task, stage) => outputs.write(stages[stage]!, task);
    handlers[WRITTEN] = (task, stage) => completion.written(task, stage);
    handlers[ANSWER_READ] = (inference, schedule) => {
      answers.makeRoom(inference, schedule);
      issue.stage(this.#merged.outputs[schedule]!.stage);
      issue.dispatch();
      answers.send(inference, schedule);
    };
    handlers[ANSWER_AT_MEMORY] = (inference, schedule) => {
      onAnswer(inference, schedule, answers.store(inference, schedule));
      completion.answered(schedule);
    };
    handlers[WEIGHTS_THERE] = () => this.programming!.weightsThere();
    handlers[PROGRAMMED] = () => this.programming!.end();
    return handlers;
  }

  #fetched(task: number, index: number): void {
    const stage = this.#merged.stages[index]!;
    const there = this.#inputs.carry(stage, task);
    this.flow.fetched(stage, task, this.#issueFreed);
    this.issue.dispatch();
    if (there === this.engine.now) this.#delivered(task, index);
    else this.engine.at(there, DELIVERED, task, index);
  }

  #delivered(task: number, index: number): void {
    const stage = this.#merged.stages[index]!;
    if (stage.kind === 'analog') this.analogCores.start(stage, task);
    else if (stage.kind === 'digital') this.#digitalCores.start(stage, task);
    else throw new Error(`stage ${stage.name} has no inputs`);
  }
}

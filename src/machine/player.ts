import { Fault } from '../base/fault.ts';
import { Engine, type Handler } from '../engine/engine.ts';
import type { ActionTable } from '../hardware/action-table.ts';
import type { ArchitectureSpec } from '../hardware/architecture.ts';
import type { Schedule } from '../mapping/schedule.ts';
import { actionNumbers } from './actions.ts';
import { AnalogCores } from './analog-cores.ts';
import { analogPlans } from './analog-plan.ts';
import { Answers } from './answers.ts';
import { Completion } from './completion.ts';
import { DigitalCores } from './digital-cores.ts';
import { DigitalPool } from './digital-pool.ts';
import {
  ANSWER_AT_MEMORY,
  ANSWER_READ,
  ARRIVED,
  COMPUTED,
  DELIVERED,
  EVENT_KINDS,
  FETCHED,
  pendingState,
  PROGRAMMED,
  SAMPLED,
  SLICE_BASE,
  SUMMED,
  UNIT_FREE,
  WRITTEN,
} from './events.ts';
import { FastForward } from './fast-forward.ts';
import { Flow } from './flow.ts';
import { InferenceStream } from './inference-stream.ts';
import { InputTrees } from './input-trees.ts';
import { Inputs } from './inputs.ts';
import { Issue } from './issue.ts';
import { Loading } from './loading.ts';
import { LockStep } from './lock-step.ts';
import { Outputs } from './outputs.ts';
import type { MachineOptions, MachineRun, Play } from './play.ts';
import { Programming } from './programming.ts';
import { Recorder } from './recorder.ts';
import { createResources, QUEUES, type Resources } from './resources.ts';
import { StageWaits } from './stage-waits.ts';
import { SteadyState } from './steady-state.ts';
import { StreamedWeights } from './streamed-weights.ts';
import { Transfers } from './transfers.ts';
import { Turns } from './turns.ts';
import { WaitLedger } from './waits.ts';

/** 2^53 ps. */
const MOST_HOURS = 2.5;

/** Plays a schedule: puts the parts of the chip together and leads every task from one to the next, event by event. */
export class Player implements Play {
  readonly #engine = new Engine();
  readonly #schedule: Schedule;
  readonly #stream: InferenceStream;
  readonly #waits: WaitLedger;
  readonly #resources: Resources;
  readonly #flow: Flow;
  readonly #inputs: Inputs;
  readonly #issue: Issue;
  readonly #analogCores: AnalogCores;
  readonly #digitalCores: DigitalCores;
  readonly #answers: Answers;
  readonly #programming: Programming | undefined;
  readonly #steady: SteadyState | undefined;
  readonly #handlers: readonly Handler[];
  readonly #issueFreed: (stage: number) => void;

  constructor(schedule: Schedule, spec: ArchitectureSpec, table: ActionTable, options: MachineOptions) {
    const engine = this.#engine;
    const { stages, parts } = schedule;
    const { sink, fastForward = true } = options;
    this.#schedule = schedule;
    const stream = (this.#stream = new InferenceStream(options.inferences));
    const waits = (this.#waits = new WaitLedger(stages.length));
    const resources = (this.#resources = createResources(spec, waits));
    const { adcBanks, digitalCores } = resources;
    const recorder = new Recorder(actionNumbers(table), sink);
    const transfers = new Transfers(resources, recorder);
    const lockStep = new LockStep(spec);
    const plans = analogPlans(stages, spec);
    const pool = new DigitalPool(stages, resources, options.taskPolicy, spec);
    const flow = (this.#flow = new Flow(schedule));
    const turns =
      parts.length === 0 ? undefined : new Turns(schedule, spec.analogCore!.programming!.batch, flow);

    const trees = new InputTrees(plans, resources);
    const weights = new StreamedWeights(transfers, pool, recorder);
    const inputs = (this.#inputs = new Inputs(engine, stages, transfers, trees, pool, weights, lockStep));
    const ways = { loading: new Loading(engine, flow, transfers), inputs };
    const conditions = { stream, flow, turns };
    const stageWaits = new StageWaits(stages.length, waits);
    const issue = new Issue(engine, stages, conditions, pool, ways, recorder, stageWaits);
    this.#issue = issue;
    this.#issueFreed = (stage) => issue.stage(stage);

    const analog = new AnalogCores(engine, stages, plans, adcBanks, lockStep, recorder, waits);
    this.#analogCores = analog;
    this.#digitalCores = new DigitalCores(engine, spec, flow, pool, digitalCores, lockStep, recorder);
    const outputs = new Outputs(engine, stages, flow, transfers, plans, pool, lockStep);
    this.#answers = new Answers(engine, schedule, flow, transfers);
    this.#programming =
      turns === undefined ? undefined : new Programming(engine, schedule, turns, issue, recorder);

    const lines = QUEUES.map((queue) => resources[queue]);
    this.#steady =
      fastForward && sink.snapshot !== undefined && sink.repeat !== undefined
        ? new SteadyState(sink, waits, lines)
        : undefined;
    const tasksComplete = (stage: number) => flow.progress[stage]!.tasksComplete;
    const forward =
      this.#steady === undefined
        ? undefined
        : new FastForward(this.#steady, stream, issue, [
            (inference, _now, into) => flow.state(inference, into),
            (inference, _now, into) => turns?.state(inference, into),
            (_inference, now, into) => lockStep.state(now, into),
            (inference, now, into) => pool.state(inference, now, tasksComplete, into),
            (inference, now, into) => issue.state(inference, now, into),
            (inference, now, into) => analog.state(inference, now, into),
            (_inference, now, into) => lines.forEach((line) => line.state(now, into)),
            (inference, _now, into) => pendingState(engine, stages, inference, into),
          ]);
    const completion = new Completion(schedule, stream, flow, issue, this.#answers, this.#programming);
    this.#handlers = this.#handle(outputs, completion, forward);
  }

  get done(): number {
    return this.#stream.done;
  }

  advance(events: number): boolean {
    const engine = this.#engine;
    try {
      if (engine.processed === 0 && engine.pending === 0) this.#programming?.begin();
      if (engine.processed === 0) this.#issue.all();
      return engine.run(this.#handlers, { maxEvents: events }) === 'drained';
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Fault(`an inference takes longer than the ${MOST_HOURS} hours that can be simulated`, {
        cure: 'check clocks, rates and bandwidths of the architecture',
      });
    }
  }

  result(): MachineRun {
    const { asked, played, passedOver, completions } = this.#stream;
    let tasks = 0;
    for (const stage of this.#schedule.stages) {
      const complete = this.#flow.progress[stage.index]!.tasksComplete;
      const expected = played * stage.tasks;
      if (complete !== expected) throw new Error(`stage ${stage.name}: ${complete} of ${expected} tasks ran`);
      tasks += complete;
    }
    const all = Float64Array.from(this.#steady?.unfold(completions, asked) ?? completions);
    return {
      completions: all,
      elapsed: all.reduce((a, b) => Math.max(a, b), this.#engine.now + (this.#steady?.passed ?? 0)),
      events: this.#engine.processed,
      tasks,
      period: this.#steady?.period,
      repeated: passedOver,
      waits: this.#waits.list(),
      occupancy: QUEUES.map((resource, index) => {
        const lines = this.#resources[resource];
        let busy = this.#steady?.repeatedBusy(index) ?? 0;
        for (let line = 0; line < lines.count; line++) busy += lines.busy(line);
        return { resource, busy, servers: lines.count };
      }),
    };
  }

  #handle(outputs: Outputs, completion: Completion, forward: FastForward | undefined): readonly Handler[] {
    const { stages } = this.#schedule;
    const issue = this.#issue;
    const handlers = new Array<Handler>(EVENT_KINDS);
    handlers[FETCHED] = (task, stage) => this.#fetched(task, stage);
    handlers[DELIVERED] = (task, stage) => this.#delivered(task, stage);
    handlers[UNIT_FREE] = (unit, stage) => issue.unitFree(unit, stage);
    handlers[SAMPLED] = (task, b) =>
      this.#analogCores.sampled(task, Math.floor(b / SLICE_BASE), b % SLICE_BASE);
    handlers[COMPUTED] = (task, stage) => outputs.send(stages[stage]!, task);
    handlers[SUMMED] = (task, index) => {
      const stage = stages[index]!;
      if (stage.kind !== 'analog') throw new Error(`stage ${stage.name} has no sums`);
      this.#digitalCores.activate(stage, task);
    };
    handlers[ARRIVED] = (task, stage) => outputs.write(stages[stage]!, task);
    handlers[WRITTEN] = (task, stage) => completion.written(task, stage);
    handlers[ANSWER_READ] = (inference) => {
      this.#answers.makeRoom(inference);
      issue.stage(this.#schedule.output);
      issue.dispatch();
      this.#answers.send(inference);
    };
    handlers[ANSWER_AT_MEMORY] = (inference) => {
      this.#stream.complete(inference, this.#answers.store(inference));
      forward?.look(inference + 1, this.#engine.now);
    };
    handlers[PROGRAMMED] = () => this.#programming!.end();
    return handlers;
  }

  #fetched(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    const there = this.#inputs.carry(stage, task);
    this.#flow.fetched(stage, task, this.#issueFreed);
    this.#issue.dispatch();
    if (there === this.#engine.now) this.#delivered(task, index);
    else this.#engine.at(there, DELIVERED, task, index);
  }

  #delivered(task: number, index: number): void {
    const stage = this.#schedule.stages[index]!;
    if (stage.kind === 'analog') this.#analogCores.start(stage, task);
    else if (stage.kind === 'digital') this.#digitalCores.start(stage, task);
    else throw new Error(`stage ${stage.name} has no inputs`);
  }
}

import fc from 'fast-check';
import type { ServedCut, ServedModel } from '../../src/scheduling/served-model.ts';
import type { ModelWindow, WindowPolicy, WindowView } from '../../src/scheduling/window/window-policy.ts';
import type { DispatchView, ReplicaView } from '../../src/scheduling/request/request-policy.ts';

/** A cut of one station that works `time` s for a query. */
export function cutOf(time: number, accuracy: number, more: Partial<ServedCut> = {}): ServedCut {
  return { name: `${time}`, accuracy, latency: time, interval: time, energy: 1e-6, work: [time], ...more };
}

export function modelOf(cuts: readonly ServedCut[], more: Partial<ServedModel> = {}): ServedModel {
  return { name: 'model', deadline: Number.POSITIVE_INFINITY, cuts, ...more };
}

/** A window of 1 s on one device with one station, in which nothing happened but what is said. */
export function windowOf(
  models: readonly (Partial<ModelWindow> & Pick<ModelWindow, 'model'>)[],
  more: Partial<Omit<WindowView, 'models'>> = {},
): WindowView {
  return frozen({
    ...{ now: 3, window: 1, index: 3, stations: ['core'], devices: 1 },
    ...more,
    models: models.map((one) => ({
      ...{
        plan: { mix: [{ cut: 0, share: 1 }] },
        devices: [0],
        offered: 0,
        answered: 0,
        onTime: 0,
        dropped: 0,
      },
      ...{ p99: undefined, waiting: 0, inFlight: 0, rates: [], ahead: undefined },
      ...one,
    })),
  });
}

/** The head of a line of 1 that came at 0 and is due at 1, one idle replica with room for two, whose estimates are the latencies. */
export function lineOf(model: ServedModel, more: Partial<DispatchView> = {}): DispatchView {
  return frozen({
    ...{ now: 0, model, planned: 0, head: { arrival: 0, due: 1, quality: 0 }, waiting: 1, ended: false },
    choosesCut: true,
    replicas: [replicaOf(model)],
    ...more,
  });
}

export function replicaOf(model: ServedModel, inFlight = 0, delay = 0): ReplicaView {
  return { device: 0, inFlight, most: 2, estimate: (cut) => model.cuts[cut]!.latency + delay };
}

/** The parameters of a policy whose file says its type, and what is given. */
export function parametersOf(
  policy: { readonly name: string; readonly schema: unknown },
  given: object = {},
): never {
  return (policy.schema as { parse(written: unknown): unknown }).parse({
    type: policy.name,
    ...given,
  }) as never;
}

/** Plans of windows one after the other, the state carried on. */
export function plansOf(policy: WindowPolicy, given: object, views: readonly WindowView[]) {
  const parameters = parametersOf(policy, given);
  let state = frozen(
    policy.start(
      parameters,
      views[0]!.models.map(({ model }) => model),
    ),
  );
  return views.map((view) => {
    const decision = policy.decide(view, state, parameters);
    state = frozen(decision.state);
    return decision.plan;
  });
}

/** The same, and nobody may change it any more. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

const positive = (least: number, most: number) =>
  fc.integer({ min: 0, max: 1000 }).map((step) => least * (most / least) ** (step / 1000));
/** A whole number of hundredths, so that ties happen. */
const share = fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100);

/** Any model on so many stations. */
export function anyModel(stations: number): fc.Arbitrary<ServedModel> {
  const cut = fc
    .record({
      accuracy: share,
      work: fc.array(fc.oneof(fc.constant(0), positive(1e-6, 1e-3)), {
        minLength: stations,
        maxLength: stations,
      }),
      wait: positive(1e-6, 1e-3),
      energy: positive(1e-9, 1e-6),
    })
    .map(({ accuracy, work, wait, energy }) => {
      const interval = Math.max(1e-6, ...work);
      return { name: 'cut', accuracy, work, energy, interval, latency: interval + wait };
    });
  return fc.record({
    name: fc.constant('model'),
    deadline: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), positive(1e-6, 1)),
    cuts: fc.array(cut, { minLength: 1, maxLength: 5 }),
    replica: fc.oneof(
      fc.constant(undefined),
      fc
        .record({
          from: fc.constantFrom(0, 10, 30),
          count: fc.constantFrom(10, 30),
          programming: positive(1e-6, 1),
        })
        .map(({ from, count, programming }) => ({ from, to: from + count, programming })),
    ),
  });
}

/** Any system of up to four models on up to three devices, in any state. */
export const anyWindow: fc.Arbitrary<WindowView> = fc
  .record({
    stations: fc.integer({ min: 1, max: 3 }),
    devices: fc.integer({ min: 1, max: 3 }),
    window: positive(1e-3, 10),
    index: fc.integer({ min: 0, max: 1e6 }),
  })
  .chain(({ stations, devices, window, index }) => {
    const rate = fc.oneof(fc.constant(0), positive(1, 1e6));
    const model: fc.Arbitrary<ModelWindow> = anyModel(stations).chain((served) =>
      fc.record({
        model: fc.constant(served),
        plan: fc.constant({ mix: [{ cut: 0, share: 1 }] }),
        devices: fc.subarray([...Array(devices).keys()], { minLength: 1 }),
        offered: fc.nat(1e6),
        answered: fc.nat(1e6),
        onTime: fc.nat(1e6),
        dropped: fc.nat(1e6),
        p99: fc.oneof(fc.constant(undefined), positive(1e-7, 100)),
        waiting: fc.oneof(fc.constant(0), fc.nat(1e7)),
        inFlight: fc.nat(100),
        rates: fc.array(rate, { maxLength: 64 }),
        ahead: rate,
      }),
    );
    return fc.record({
      ...{ now: fc.constant(index * window), window: fc.constant(window), index: fc.constant(index) },
      ...{ stations: fc.constant([...Array(stations).keys()].map(String)), devices: fc.constant(devices) },
      models: fc.array(model, { minLength: 1, maxLength: 4 }),
    });
  });

/** Any line of which some replica has room. */
export const anyLine: fc.Arbitrary<DispatchView> = anyModel(2).chain((model) => {
  const replica = fc
    .record({ device: fc.nat(9), inFlight: fc.nat(9), delay: fc.oneof(fc.constant(0), positive(1e-7, 1)) })
    .map(({ device, inFlight, delay }): ReplicaView => {
      return { ...replicaOf(model, inFlight, delay), device, most: 5 };
    });
  return fc
    .record({
      now: positive(1e-3, 1e3),
      waited: fc.oneof(fc.constant(0), positive(1e-7, 1e-3)),
      patience: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), positive(1e-7, 1)),
      quality: share,
      planned: fc.nat(model.cuts.length - 1),
      choosesCut: fc.boolean(),
      waiting: fc.integer({ min: 1, max: 10_000 }),
      ended: fc.boolean(),
      replicas: fc
        .array(replica, { minLength: 1, maxLength: 4 })
        .filter((ones) => ones.some(({ inFlight, most }) => inFlight < most)),
    })
    .map(({ waited, patience, quality, ...rest }) => {
      const arrival = rest.now - waited;
      return { ...rest, model, head: { arrival, due: arrival + patience, quality } };
    });
});

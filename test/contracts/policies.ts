import fc from 'fast-check';
import { expect } from 'vitest';
import type { AnswerView, RequestPolicy } from '../../src/scheduling/request/request-policy.ts';
import type { WindowPolicy } from '../../src/scheduling/window/window-policy.ts';
import { anyLine, anyWindow, frozen, parametersOf } from '../scheduling/served.ts';

/** What every upper level must do, whatever its rule: by its name alone, for any window, three times on. */
export function windowPolicyContract(policy: WindowPolicy): void {
  const parameters = frozen(parametersOf(policy));
  fc.assert(
    fc.property(anyWindow, (drawn) => {
      const { models, ...rest } = drawn;
      const view = frozen({
        ...rest,
        models: models.map((one) => ({ ...one, ahead: policy.clairvoyant === true ? one.ahead : undefined })),
      });
      const served = models.map(({ model }) => model);
      let state = frozen(policy.start(parameters, served));
      for (const now of [view, frozen({ ...view, index: view.index + 1 }), view]) {
        const decision = policy.decide(now, state, parameters);
        expect(policy.decide(now, state, parameters)).toEqual(decision);
        expect(decision.plan).toHaveLength(models.length);
        const held = models.map((one, index) => decision.plan[index]!.devices ?? one.devices);
        decision.plan.forEach(({ mix }, index) => {
          const cuts = mix.map(({ cut }) => cut);
          expect([...served[index]!.cuts.keys()]).toEqual(expect.arrayContaining(cuts));
          expect(new Set(cuts).size).toBe(cuts.length);
          for (const { share } of mix) expect(share).toBeGreaterThanOrEqual(0);
          expect(mix.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
          expect(held[index]!.length).toBeGreaterThan(0);
          expect([...Array(view.devices).keys()]).toEqual(expect.arrayContaining([...held[index]!]));
          if (served[index]!.replica === undefined) expect(held[index]).toEqual(models[index]!.devices);
        });
        state = frozen(decision.state);
      }
    }),
  );
}

/** What every lower level must do, whatever its rules: by its name alone, for any line and any answers. */
export function requestPolicyContract(policy: RequestPolicy): void {
  const parameters = frozen(parametersOf(policy));
  const answers = fc.array(
    fc.record({
      late: fc.boolean(),
      batch: fc.integer({ min: 1, max: 64 }),
      margin: fc.oneof(fc.constant(undefined), fc.double({ min: 0, max: 1, noNaN: true })),
      again: fc.boolean(),
      cut: fc.nat(),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(anyLine, answers, (drawn, outcomes) => {
      const view = frozen(drawn);
      const { model, head, now, waiting, replicas } = view;
      const twice = <T>(rule: () => T): T => {
        const answer = rule();
        expect(rule()).toEqual(answer);
        return answer;
      };
      const isCut = (cut: number) => expect([...model.cuts.keys()]).toContain(cut);
      let state = frozen(policy.start?.(parameters, model));
      for (const { cut: any, ...outcome } of outcomes) {
        const cut = any % model.cuts.length;
        const answer: AnswerView = frozen({ ...outcome, now, model, cut, query: head });
        const again = twice(() => policy.again?.(answer, parameters, state));
        if (again !== undefined) isCut(again);
        if (policy.learn !== undefined) state = frozen(twice(() => policy.learn!(answer, parameters, state)));
      }
      const order = twice(() => policy.order?.(head, parameters) ?? 0);
      expect(order).not.toBeNaN();
      expect(typeof twice(() => policy.drop?.(view, parameters, state) ?? false)).toBe('boolean');
      const cut = twice(() => policy.cut?.(view, parameters, state) ?? view.planned);
      isCut(cut);
      const batch = twice(() => policy.batch?.(view, cut, parameters, state) ?? { size: 1 as const });
      if (batch.size === 0) {
        // Nobody waits for ever: until a time that comes, or, told nothing more comes, not at all.
        expect(view.ended).toBe(false);
        const { until = Number.POSITIVE_INFINITY } = batch as { until?: number };
        expect(until).toBeGreaterThan(now);
      } else expect(Math.min(Math.floor(batch.size), waiting)).toBeGreaterThanOrEqual(1);
      const route = twice(() => policy.route?.(view, parameters, state));
      if (route !== undefined) expect(replicas[route]!.inFlight).toBeLessThan(replicas[route]!.most);
    }),
  );
}

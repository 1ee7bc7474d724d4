import { describe, test } from 'vitest';
import { requestPolicies } from '../../src/scheduling/request/index.ts';
import { windowPolicies } from '../../src/scheduling/window/index.ts';
import { requestPolicyContract, windowPolicyContract } from './policies.ts';

describe('every policy of a serving system', () => {
  test.each(windowPolicies.parts.map((policy) => [policy.name, policy] as const))(
    '%s plans each window: known cuts and devices, shares that add up, the same twice, changing nothing that it sees',
    (_, policy) => windowPolicyContract(policy),
  );

  test.each(requestPolicies.parts.map((policy) => [policy.name, policy] as const))(
    '%s rules each query: known cuts, replicas with room, batches that start, the same twice, changing nothing that it sees',
    (_, policy) => requestPolicyContract(policy),
  );
});

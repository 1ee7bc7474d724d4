import { Fault } from '../../base/fault.ts';
import type { OnnxGraphNode } from './decode.ts';

/**
 * The nodes that the value `output` depends on, each behind those it takes its operands from; in the file's
 * order where that is one. `given` are the values that no node computes. A Fault names a cycle, a value that
 * nothing computes, or one that two nodes compute.
 */
export function orderedNodes(
  nodes: readonly OnnxGraphNode[],
  given: ReadonlySet<string>,
  output: string,
): readonly OnnxGraphNode[] {
  const producers = producersOf(nodes, given);
  const needed = new Set<OnnxGraphNode>();
  const open = [output];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    const node = producers.get(value);
    if (node === undefined || needed.has(node)) continue;
    needed.add(node);
    for (const input of node.inputs) {
      if (input === '' || given.has(input)) continue;
      if (!producers.has(input)) {
        throw new Fault(`node "${node.name}" takes "${input}", which no node computes`);
      }
      open.push(input);
    }
  }
  if (!producers.has(output) && !given.has(output))
    throw new Fault(`no node computes the output "${output}"`);
  return sorted(
    nodes.filter((node) => needed.has(node)),
    producers,
  );
}

function producersOf(
  nodes: readonly OnnxGraphNode[],
  given: ReadonlySet<string>,
): ReadonlyMap<string, OnnxGraphNode> {
  const producers = new Map<string, OnnxGraphNode>();
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue;
      const other = producers.get(output);
      if (other !== undefined) {
        throw new Fault(`nodes "${other.name}" and "${node.name}" both compute "${output}"`);
      }
      if (given.has(output))
        throw new Fault(`node "${node.name}" computes "${output}", which is already given`);
      producers.set(output, node);
    }
  }
  return producers;
}

/** Depth first over the file's order, with an explicit stack: a long chain must not exhaust the call stack. */
function sorted(
  nodes: readonly OnnxGraphNode[],
  producers: ReadonlyMap<string, OnnxGraphNode>,
): readonly OnnxGraphNode[] {
  const done = new Set<OnnxGraphNode>();
  const onPath = new Set<OnnxGraphNode>();
  const result: OnnxGraphNode[] = [];
  for (const start of nodes) {
    if (done.has(start)) continue;
    const path = [{ node: start, next: 0 }];
    onPath.add(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        path.pop();
        onPath.delete(top.node);
        done.add(top.node);
        result.push(top.node);
        continue;
      }
      const producer = producers.get(input);
      if (producer === undefined || done.has(producer)) continue;
      if (onPath.has(producer))
        throw cycleFault(
          path.map((step) => step.node),
          producer,
        );
      path.push({ node: producer, next: 0 });
      onPath.add(producer);
    }
  }
  return result;
}

function cycleFault(path: readonly OnnxGraphNode[], again: OnnxGraphNode): Fault {
  // Dependences run against the arrows of the data.
  const names = [...path.slice(path.indexOf(again)), again].map((node) => `"${node.name}"`).reverse();
  const shown = names.length > 8 ? [...names.slice(0, 4), '…', ...names.slice(-3)] : names;
  return new Fault(`the nodes ${shown.join(' → ')} form a cycle`, { cure: 'export the model again' });
}

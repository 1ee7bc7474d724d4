import type { MathNode, MathType } from 'mathjs';
// @ts-expect-error mathjs gives this entry no types. It is the one that loads lazily: 0.3 s against 1.5 s.
import bundle from 'mathjs/lib/browser/math.js';
import { functionNames } from './arithmetic-words.ts';
import { type Dimensions, plain, type Quantity, siBase } from './dimension.ts';
import { Fault } from './fault.ts';

const math: typeof import('mathjs') = bundle;

/**
 * The quantity that arithmetic over named quantities yields, evaluated by mathjs after every syntax node has
 * passed a list of what arithmetic needs: nothing else of mathjs can be reached from a text. `named` gives each
 * name's quantity or throws. Throws a Fault that says what does not fit.
 */
export function evaluateExpression(text: string, named: (name: string) => Quantity): Quantity {
  const root = parsed(text);
  const scope = new Map<string, MathType>();
  admit(root, 0, (name) => scope.set(name, mathValue(named(name))));
  let result: unknown;
  try {
    result = root.compile().evaluate(scope);
  } catch (error) {
    throw mismatch(text, error);
  }
  return quantityOf(result, text);
}

const operators = '+ - * / ^ < <= > >= == !='.split(' ');
const logic = ['and', 'or', 'not'];
const deepest = 40;
const syntaxNames: Readonly<Record<string, string>> = {
  AccessorNode: 'reading a member',
  ArrayNode: 'a matrix',
  AssignmentNode: 'an assignment',
  BlockNode: 'a list of statements',
  FunctionAssignmentNode: 'defining a function',
  IndexNode: 'an index',
  ObjectNode: 'an object',
  RangeNode: 'a range',
};

function parsed(text: string): MathNode {
  try {
    return math.parse(text);
  } catch (error) {
    const where = /\(char (\d+)\)/.exec(String(error))?.[1];
    const near = where === undefined ? '' : text.slice(Number(where) - 1, Number(where) + 9).trim();
    const place = near === '' ? 'it ends too early' : `near ${JSON.stringify(near)}`;
    throw new Fault(`${JSON.stringify(text)} is not a quantity nor arithmetic: ${place}`, {
      cure: 'such as 2 pJ or 16 mW / 8',
    });
  }
}

/** Lets a syntax tree of plain arithmetic pass and reports each name in it; throws at anything else. */
function admit(node: MathNode, depth: number, onName: (name: string) => void): void {
  if (depth > deepest)
    throw new Fault('the expression is nested too deeply', { cure: `at most ${deepest} levels` });
  if (math.isConstantNode(node)) {
    if (typeof node.value !== 'number') throw refused(`${String(node)} is not a number`);
  } else if (math.isSymbolNode(node)) {
    if (functionNames.includes(node.name))
      throw refused(`the function ${node.name} needs arguments in parentheses`);
    onName(node.name);
    return;
  } else if (math.isFunctionNode(node)) {
    const name = math.isSymbolNode(node.fn) ? node.fn.name : String(node.fn);
    if (!math.isSymbolNode(node.fn) || !functionNames.includes(name))
      throw refused(`there is no function ${name}`);
    for (const argument of node.args) admit(argument, depth + 1, onName);
    return;
  } else if (math.isOperatorNode(node)) {
    if (!operators.includes(node.op) && !logic.includes(node.op))
      throw refused(`the operator ${node.op} is not allowed`);
  } else if (!(math.isParenthesisNode(node) || math.isConditionalNode(node) || math.isRelationalNode(node))) {
    throw refused(`${syntaxNames[node.type] ?? 'this'} is not arithmetic`);
  }
  node.forEach((child) => {
    admit(child, depth + 1, onName);
  });
}

function refused(cause: string): Fault {
  return new Fault(cause, {
    cure: `allowed: numbers, units, parameters, + - * / ^, a ? b : c, ${functionNames.join(', ')}`,
  });
}

function mathValue(quantity: Quantity): MathType {
  const base = siBase(quantity.dimensions);
  return base === '1' ? quantity.value : math.unit(quantity.value, base);
}

function quantityOf(result: unknown, text: string): Quantity {
  let value: unknown = result;
  let dimensions: Dimensions = plain;
  if (math.isUnit(result)) {
    // Not in its types: the value in coherent SI and bits, and the exponents of its nine bases.
    const unit = result as unknown as { value: unknown; dimensions: readonly number[] };
    const [mass, length, time, current, temperature, , , , data] = unit.dimensions;
    value = unit.value;
    dimensions = [mass!, length!, time!, current!, temperature!, data!];
  }
  if (typeof value !== 'number') {
    const found = typeof value === 'boolean' ? 'a yes or no' : 'not a real number';
    throw new Fault(`${JSON.stringify(text)} is ${found}`, { cure: 'write arithmetic that yields a number' });
  }
  if (!Number.isFinite(value)) {
    throw new Fault(`${JSON.stringify(text)} is not a finite number`, {
      cure: 'look for a division by zero or a huge power',
    });
  }
  return { value: Number(value.toPrecision(15)), dimensions };
}

/** The Fault for an evaluation that mathjs gave up: in admitted arithmetic, kinds that do not go together. */
function mismatch(text: string, error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (/Units do not match|different base/.test(message)) {
    return new Fault(`${JSON.stringify(text)} adds or compares quantities of different kinds`, {
      cure: 'give every term the same kind of unit',
    });
  }
  const call = /in function (\w+)/.exec(message)?.[1];
  const counts = /Too (few|many) arguments/.exec(message)?.[1];
  if (call !== undefined && counts !== undefined && !/Unit/.test(message)) {
    return new Fault(`${call} in ${JSON.stringify(text)} has too ${counts} arguments`);
  }
  return new Fault(
    `${call ?? 'an operator'} in ${JSON.stringify(text)} does not take these kinds of quantity`,
    {
      cure: 'ceil, floor, round, log2 and exponents take plain numbers; divide by a unit first',
    },
  );
}

/**
 * Expressions over columns, such as `pt / 1000` and `log(chi2)`. jsep reads them; what it has read is checked and turned
 * into functions here, so that nothing but the operators and functions below can be reached.
 */
import type jsep from 'jsep'
import type { OptionError } from '../errors.ts'
import { quoted } from './source.ts'

/** What an event gives: its row stands from `at` on. */
export type Numeric = (rows: Float64Array, at: number) => number

// There is no `**`: jsep takes −a ** 2 for (−a) ** 2, where everyone else means −(a ** 2).
const ARITHMETIC: Readonly<Record<string, (a: Numeric, b: Numeric) => Numeric>> = {
  '+': (a, b) => (rows, at) => a(rows, at) + b(rows, at),
  '-': (a, b) => (rows, at) => a(rows, at) - b(rows, at),
  '*': (a, b) => (rows, at) => a(rows, at) * b(rows, at),
  '/': (a, b) => (rows, at) => a(rows, at) / b(rows, at),
  '%': (a, b) => (rows, at) => a(rows, at) % b(rows, at),
}

/** With the number of their arguments. */
export const FUNCTIONS: Readonly<Record<string, [number, (...numbers: number[]) => number]>> = {
  ...{
    abs: [1, Math.abs],
    pow: [2, Math.pow],
    sqrt: [1, Math.sqrt],
    exp: [1, Math.exp],
    log: [1, Math.log],
    log10: [1, Math.log10],
  },
  ...{ sin: [1, Math.sin], cos: [1, Math.cos], tan: [1, Math.tan], atan2: [2, Math.atan2] },
  ...{ sinh: [1, Math.sinh], cosh: [1, Math.cosh], tanh: [1, Math.tanh], hypot: [2, Math.hypot] },
  ...{ floor: [1, Math.floor], ceil: [1, Math.ceil], round: [1, Math.round], min: [2, Math.min], max: [2, Math.max] },
}

/** A node of any type; `type` says which of these it has. */
export interface Node {
  type: string
  operator: string
  left: jsep.Expression
  right: jsep.Expression
  argument: jsep.Expression
  arguments: jsep.Expression[]
  callee: jsep.Expression
  name: string
  value: unknown
}

/** The whole text that is read, and the error that says what is wrong with it. */
interface Written {
  text: string
  fail(message: string): OptionError
}

/**
 * What an expression gives for an event.
 * @param place where a column stands in a row
 */
export function numeric(node: jsep.Expression, place: (name: string) => number, written: Written): Numeric {
  const { type, operator, left, right, argument, name, value } = node as unknown as Node
  if (type === 'Literal' && typeof value === 'number') return () => value
  // A name that an expression cannot hold stands in quotes: there are no texts to compare with.
  if (type === 'Identifier' || (type === 'Literal' && typeof value === 'string')) {
    const i = place(type === 'Identifier' ? name : String(value))
    return (rows, at) => rows[at + i]!
  }
  if (type === 'UnaryExpression' && (operator === '-' || operator === '+')) {
    const inner = numeric(argument, place, written)
    return operator === '+' ? inner : (rows, at) => -inner(rows, at)
  }
  if (type === 'BinaryExpression' && Object.hasOwn(ARITHMETIC, operator)) {
    return ARITHMETIC[operator]!(numeric(left, place, written), numeric(right, place, written))
  }
  if (type === 'CallExpression') return call(node as unknown as Node, place, written)
  throw written.fail(unlike(node, written.text, 'expected a number or a column'))
}

function call(node: Node, place: (name: string) => number, written: Written): Numeric {
  const name = String(node.callee.name)
  if (!Object.hasOwn(FUNCTIONS, name)) {
    throw written.fail(`no function ${quoted(name)} gives a number; there are ${Object.keys(FUNCTIONS).join(', ')}`)
  }
  const [count, compute] = FUNCTIONS[name]!
  if (node.arguments.length !== count) {
    throw written.fail(`${name} takes ${count === 1 ? 'one number' : `${count} numbers`}, not ${node.arguments.length}`)
  }
  const [a, b] = node.arguments.map((argument) => numeric(argument, place, written))
  return b ? (rows, at) => compute(a!(rows, at), b(rows, at)) : (rows, at) => compute(a!(rows, at))
}

/** What was expected instead of a part, which is named unless it is all there is. */
export function unlike(node: jsep.Expression, text: string, expected: string): string {
  const part = shown(node)
  return part === quoted(text) ? expected : `${part}: ${expected}`
}

function shown({ type, name, raw, operator }: jsep.Expression): string {
  if (type === 'Compound') return 'two values with no operator between them'
  if (type === 'MemberExpression') return 'a name with a dot or brackets (put it in quotes)'
  const part = name ?? raw ?? operator
  return typeof part === 'string' ? quoted(part) : 'one part'
}

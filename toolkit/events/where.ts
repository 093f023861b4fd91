/**
 * Conditions on events, such as `pt > 2 && abs(eta) < 4.5`. jsep reads them; what it has read is checked and turned into
 * functions here, so that nothing but the operators and functions below can be reached.
 */
import jsep from 'jsep'
import { OptionError } from '../errors.ts'
import { quoted } from './source.ts'

/** What an event gives: its row stands from `at` on. */
type Numeric = (rows: Float64Array, at: number) => number
type Test = (rows: Float64Array, at: number) => boolean

// There is no `**`: jsep takes −a ** 2 for (−a) ** 2, where everyone else means −(a ** 2).
const ARITHMETIC: Readonly<Record<string, (a: Numeric, b: Numeric) => Numeric>> = {
  '+': (a, b) => (rows, at) => a(rows, at) + b(rows, at),
  '-': (a, b) => (rows, at) => a(rows, at) - b(rows, at),
  '*': (a, b) => (rows, at) => a(rows, at) * b(rows, at),
  '/': (a, b) => (rows, at) => a(rows, at) / b(rows, at),
  '%': (a, b) => (rows, at) => a(rows, at) % b(rows, at),
}

/** False where a value is missing. */
const COMPARISONS: Readonly<Record<string, (a: Numeric, b: Numeric) => Test>> = {
  '<': (a, b) => (rows, at) => a(rows, at) < b(rows, at),
  '<=': (a, b) => (rows, at) => a(rows, at) <= b(rows, at),
  '>': (a, b) => (rows, at) => a(rows, at) > b(rows, at),
  '>=': (a, b) => (rows, at) => a(rows, at) >= b(rows, at),
  '==': (a, b) => (rows, at) => a(rows, at) === b(rows, at),
  '!=': (a, b) => (rows, at) => {
    const difference = a(rows, at) - b(rows, at)
    return difference < 0 || difference > 0
  },
}

const LOGIC: Readonly<Record<string, (a: Test, b: Test) => Test>> = {
  '&&': (a, b) => (rows, at) => a(rows, at) && b(rows, at),
  '||': (a, b) => (rows, at) => a(rows, at) || b(rows, at),
}

/** With the number of their arguments. */
const FUNCTIONS: Readonly<Record<string, [number, (...numbers: number[]) => number]>> = {
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

/** For help. */
export const WHERE_FUNCTIONS: readonly string[] = [...Object.keys(FUNCTIONS), 'missing']

export class Where {
  /** The columns that are named in it. */
  readonly columns: readonly string[]
  readonly #text: string
  readonly #tree: jsep.Expression

  /** @throws OptionError that shows the place */
  constructor(text: string) {
    this.#text = text
    if (text.trim() === '') throw this.#error('is empty, expected a comparison such as pt > 2')
    try {
      this.#tree = jsep(text)
      const columns = new Set<string>()
      this.#test(this.#tree, (name) => columns.add(name).size)
      this.columns = [...columns]
    } catch (error) {
      if (error instanceof OptionError) throw error
      throw this.#error((error as Error).message)
    }
    if (this.columns.length === 0) throw this.#error('names no column, expected a comparison such as pt > 2')
  }

  /** The condition for events that have these columns. */
  bind(columns: readonly string[]): Test {
    return this.#test(this.#tree, (name) => columns.indexOf(name))
  }

  #test(node: jsep.Expression, place: (name: string) => number): Test {
    const { type, operator, left, right, argument, callee, arguments: args } = node as unknown as Node
    if (type === 'BinaryExpression' && Object.hasOwn(LOGIC, operator)) {
      return LOGIC[operator]!(this.#test(left, place), this.#test(right, place))
    }
    if (type === 'BinaryExpression' && Object.hasOwn(COMPARISONS, operator)) {
      return COMPARISONS[operator]!(this.#number(left, place), this.#number(right, place))
    }
    if (type === 'UnaryExpression' && operator === '!') {
      const inner = this.#test(argument, place)
      return (rows, at) => !inner(rows, at)
    }
    if (type === 'CallExpression' && callee.name === 'missing' && args.length === 1) {
      const inner = this.#number(args[0]!, place)
      return (rows, at) => Number.isNaN(inner(rows, at))
    }
    throw this.#error(this.#unlike(node, 'expected a comparison such as pt > 2'))
  }

  #number(node: jsep.Expression, place: (name: string) => number): Numeric {
    const { type, operator, left, right, argument, name, value } = node as unknown as Node
    if (type === 'Literal' && typeof value === 'number') return () => value
    // A name that an expression cannot hold stands in quotes: there are no texts to compare with.
    if (type === 'Identifier' || (type === 'Literal' && typeof value === 'string')) {
      const i = place(type === 'Identifier' ? name : String(value))
      return (rows, at) => rows[at + i]!
    }
    if (type === 'UnaryExpression' && (operator === '-' || operator === '+')) {
      const inner = this.#number(argument, place)
      return operator === '+' ? inner : (rows, at) => -inner(rows, at)
    }
    if (type === 'BinaryExpression' && Object.hasOwn(ARITHMETIC, operator)) {
      return ARITHMETIC[operator]!(this.#number(left, place), this.#number(right, place))
    }
    if (type === 'CallExpression') return this.#call(node as unknown as Node, place)
    throw this.#error(this.#unlike(node, 'expected a number or a column'))
  }

  #call(node: Node, place: (name: string) => number): Numeric {
    const name = String(node.callee.name)
    if (!Object.hasOwn(FUNCTIONS, name)) {
      throw this.#error(`no function ${quoted(name)} gives a number; there are ${Object.keys(FUNCTIONS).join(', ')}`)
    }
    const [count, call] = FUNCTIONS[name]!
    if (node.arguments.length !== count) {
      throw this.#error(
        `${name} takes ${count === 1 ? 'one number' : `${count} numbers`}, not ${node.arguments.length}`,
      )
    }
    const [a, b] = node.arguments.map((argument) => this.#number(argument, place))
    return b ? (rows, at) => call(a!(rows, at), b(rows, at)) : (rows, at) => call(a!(rows, at))
  }

  /** What was expected instead of a part, which is named unless it is all there is. */
  #unlike(node: jsep.Expression, expected: string): string {
    const part = this.#shown(node)
    return part === quoted(this.#text) ? expected : `${part}: ${expected}`
  }

  #shown({ type, name, raw, operator }: jsep.Expression): string {
    if (type === 'Compound') return 'two values with no operator between them'
    if (type === 'MemberExpression') return 'a name with a dot or brackets (put it in quotes)'
    const part = name ?? raw ?? operator
    return typeof part === 'string' ? quoted(part) : 'one part'
  }

  #error(message: string): OptionError {
    return new OptionError('where', message, quoted(this.#text))
  }
}

/** A node of any type; `type` says which of these it has. */
interface Node {
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

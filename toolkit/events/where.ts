/** Conditions on events, such as `pt > 2 && abs(eta) < 4.5`. */
import jsep from 'jsep'
import { OptionError } from '../errors.ts'
import { FUNCTIONS, type Node, type Numeric, numeric, unlike } from './expression.ts'
import { quoted } from './source.ts'

type Test = (rows: Float64Array, at: number) => boolean

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

  /** As it was given. */
  get text(): string {
    return this.#text
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
    throw this.#error(unlike(node, this.#text, 'expected a comparison such as pt > 2'))
  }

  #number(node: jsep.Expression, place: (name: string) => number): Numeric {
    return numeric(node, place, { text: this.#text, fail: (message) => this.#error(message) })
  }

  #error(message: string): OptionError {
    return new OptionError('where', message, quoted(this.#text))
  }
}

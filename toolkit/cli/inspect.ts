/** nndrone inspect */
import type { Command } from 'commander'
import { escaped, UsageError } from '../errors.ts'
import type { Description } from '../models/index.ts'
import { openTeacher, type TeacherOptions, teacherOptions, teachersNamed } from './options/teacher.ts'
import { names } from './options/values.ts'
import { lossCurve } from './view/loss-curve.ts'
import { standardOutput } from './view/stdout.ts'
import { painter, table, width } from './view/terminal.ts'

interface Options extends TeacherOptions {
  features?: string[]
  json?: boolean
}

export function inspectCommand(program: Command): void {
  const command = program
    .command('inspect')
    .summary('show what a model is')
    .description('Shows what a model is: inputs, layers, outputs, how it was trained and how faithful it is.')
    .argument('[model]', 'a drone or any other model; or name a program or a service with the options')
    .option('--features <names>', 'the inputs of a program or a service that does not name its own, as a,b,…', names)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  $ nndrone inspect drone.json')
    .action(run)
  teacherOptions(command)
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (teachersNamed(path, options) === 0) {
    throw new UsageError('no model given; name a file, a --teacher-command or a --teacher-url')
  }
  const { features = [], json } = options
  const model = (await openTeacher(path, options, () => features))!
  const description = model.describe()
  await model.close?.()
  standardOutput().write(
    json ? `${JSON.stringify(description, null, 2)}\n` : `${asText(description)}${curve(description)}`,
  )
}

/** Plain values first, then whatever has an inside, under a heading each. */
function asText(description: Description): string {
  const paint = painter(standardOutput())
  const entries = Object.entries(description).filter(([, value]) => value !== undefined)
  const plain = entries.filter(([, value]) => isPlain(value))
  const sections = entries.filter(([, value]) => !isPlain(value))
  return [facts(plain), ...sections.map(([key, value]) => `\n${paint('bold', key)}\n${indented(inside(value))}`)].join(
    '',
  )
}

/** Lists this long are not for reading; the curve shows what they hold. */
const LONG = 24

function inside(value: unknown): string {
  if (!Array.isArray(value)) return facts(Object.entries(value as object))
  const keys = [...new Set(value.flatMap((row) => Object.keys(row ?? {})))].filter((key) => {
    return value.some((row) => row?.[key] !== undefined)
  })
  return table([keys, ...value.map((row) => keys.map((key) => text(row?.[key])))])
}

function facts(entries: readonly (readonly [string, unknown])[]): string {
  const shown = entries.filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length > LONG))
  const widest = Math.max(0, ...shown.map(([key]) => key.length))
  return shown.map(([key, value]) => `${key.padEnd(widest)}  ${text(value)}\n`).join('')
}

/** A value, or a list of values, as against what has an inside. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object' || item === null)
  return typeof value !== 'object' || value === null
}

function text(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value) && isPlain(value)) return value.map(text).join(', ')
  if (typeof value === 'number') return String(Number(value.toPrecision(7)))
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  return escaped(shown).replaceAll('\n', '\\n')
}

function indented(lines: string): string {
  return lines.replace(/^(?=.)/gm, '  ')
}

/** The losses of the training, where the model knows them. */
function curve({ training }: Description): string {
  const { loss, growths } = (training ?? {}) as { loss?: unknown; growths?: unknown }
  if (!Array.isArray(loss)) return ''
  const drawn = lossCurve(loss, {
    width: width(standardOutput()),
    growths: Array.isArray(growths) ? growths : [],
    paint: (mark) => painter(standardOutput())('yellow', mark),
  })
  return drawn && `\n${drawn}`
}

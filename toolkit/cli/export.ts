/** nndrone export */
import type { Command } from 'commander'
import { InputError, UsageError } from '../errors.ts'
import { openEvents } from '../events/index.ts'
import { type ExportCheck, type ExportResult, exportDrone } from '../jobs/export.ts'
import { EXPORTS, type ExportKind, exportOf, nameOf } from '../models/exports.ts'
import { openDrone } from '../models/index.ts'
import { counted } from '../text.ts'
import { EVENTS } from './options/events.ts'
import { names } from './options/values.ts'
import { checkNew, checkOutput, writeFile } from './output.ts'
import { notify, say } from './view/messages.ts'
import { digits } from './view/numbers.ts'
import { watch } from './view/progress.ts'
import { standardOutput } from './view/stdout.ts'

interface Options {
  out?: string
  list?: boolean
  check?: string[]
  features?: string[]
  plain?: boolean
  force?: boolean
  json?: boolean
}

export function exportCommand(program: Command): void {
  program
    .command('export')
    .summary('write a drone for another language or format')
    .description(
      'Writes a drone as something that scores without this package: WebAssembly, JavaScript, C, ONNX, Keras or the JSON of lwtnn, by the ending of --out. The same drone gives the same file.',
    )
    .argument('[drone]', 'the drone')
    .option('--out <file>', 'where it is written; the ending tells the kind')
    .option('--list', 'list the kinds, and how near their answers are')
    .option('--check <files...>', `run it on these events, if it can be run here, and compare: ${EVENTS}`)
    .option(
      '--features <names>',
      "columns of those events in the order of the drone's inputs, as a,b,…, where they have other names",
      names,
    )
    .option('--plain', 'JSON: leave out the part of our own, which lwtnn does not read: training, domain, cuts')
    .option('--force', 'replace a drone (.json) that exists')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Nothing is written where the check fails. In C, all names begin with the name of the file: fast.c has fast_score.

Examples:
  $ nndrone export --list
  $ nndrone export drone.json --out drone.wasm --check events.csv
  $ nndrone export drone.json --out drone.h
  $ nndrone export drone.json --out drone.onnx
  $ nndrone export drone.json --out lwtnn.json --plain`,
    )
    .action(run)
}

async function run(path: string | undefined, options: Options): Promise<void> {
  const { out, list, check, features, plain, force, json } = options
  if (list) return printList(json)
  if (path === undefined) throw new UsageError('no drone given; name its file, or list the kinds with --list')
  if (out === undefined) throw new UsageError('--out is missing; name the file that is to be written, as drone.wasm')
  if (features && !check) throw new UsageError('--features names columns of the events of --check, which is missing')
  const kind = exportOf(out)
  if (plain && kind !== 'json') throw new UsageError(`--plain is for .json, not for .${kind}`)
  await checkOutput(out, { DRONE: path, '--check': check })
  if (kind === 'json' && !force) await checkNew(out)
  const drone = await openDrone(path)
  const events = check && (await openEvents(check))
  const view = watch(json)
  const asked = { drone, kind, name: nameOf(out), plain, check: events, features }
  const result = await exportDrone({ ...asked, onProgress: view.see, onNotice: notify }).finally(view.stop)
  if (result.check && !result.check.passed) throw new InputError(`${out}: not written: ${checkText(result.check)}`)
  await writeFile(out, result.content)
  const bytes = Buffer.byteLength(result.content)
  if (json) standardOutput().write(`${JSON.stringify(figures(kind, out, bytes, result))}\n`)
  else say(`wrote ${out}: ${EXPORTS[kind].title}, ${counted(bytes, 'byte')}${checkLine(result)}`)
}

function figures(kind: string, out: string, bytes: number, { check, notChecked }: ExportResult): object {
  return { kind, out, bytes, check, notChecked }
}

function checkLine({ check, notChecked }: ExportResult): string {
  if (notChecked !== undefined) return `; not checked: ${notChecked}`
  return check ? `\nchecked: ${checkText(check)}` : ''
}

function checkText({ events, same, maxError, tolerance }: ExportCheck): string {
  if (same === events) return `the same bits for ${counted(events, 'event')}`
  const bound = tolerance > 0 ? ` (at most ${tolerance})` : ''
  return `the same bits for ${same.toLocaleString('en')} of ${counted(events, 'event')}, the largest difference ${digits(maxError)}${bound}`
}

function printList(json: boolean | undefined): void {
  const kinds = Object.entries(EXPORTS).map(([id, { title, answers }]: [string, ExportKind]) => ({
    id,
    title,
    answers,
  }))
  const lines = [{ id: 'ending', title: 'what', answers: 'its answers' }, ...kinds].map(({ id, title, answers }, i) => {
    return `${(i === 0 ? id : `.${id}`).padEnd(8)}${title.padEnd(44)}${answers}\n`
  })
  standardOutput().write(json ? `${JSON.stringify(kinds, null, 2)}\n` : lines.join(''))
}

/**
 * Reads one damaged file after the other, in a process of its own that may hang or die: a thread ends it where a file
 * takes too much. Arguments: the format, the seed, the first run, and behind the last one.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { transformSync } from 'esbuild'
import { explained } from '../../toolkit/errors.ts'
import { Watched } from '../../toolkit/isolation/watch.ts'
import { FORMATS } from './formats.ts'
import { mutated, randomOf } from './mutate.ts'

/** What no damaged file may take, of the processor and of memory. */
const LIMITS = { seconds: 5, bytes: 2 ** 30 }

/** A line on standard output for each run, at once: its number, and what came of it, or nothing yet. */
function say(run: number, outcome: string): void {
  writeSync(1, `${run} ${outcome}\n`)
}

await main(process.argv.slice(2))

async function main([format, seed, first, end]: string[]): Promise<void> {
  const watched = startWatching()
  const folder = mkdtempSync(join(tmpdir(), 'nndrone-fuzz-'))
  const { files, read } = FORMATS[format!]!
  const originals = files()
  const path = join(folder, 'damaged')
  try {
    for (let run = Number(first); run < Number(end); run++) {
      writeFileSync(path, mutated(originals[run % originals.length]!, randomOf(Number(seed), run)))
      say(run, '')
      watched.begin(LIMITS)
      const outcome = await outcomeOf(read(path))
      watched.end()
      say(run, outcome)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The thread that watches readers in the toolkit, too. Node starts none from TypeScript. */
function startWatching(): Watched {
  const watched = new Watched()
  const source = readFileSync(new URL('../../toolkit/isolation/watch.ts', import.meta.url), 'utf8')
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' })
  const program = `${code}\nmodule.exports.watch(require('node:worker_threads').workerData)`
  new Worker(program, { eval: true, execArgv: [], workerData: watched.memory }).unref()
  return watched
}

/** `read`, `refused`, or what was thrown that should not be. */
async function outcomeOf(reading: Promise<void>): Promise<string> {
  try {
    await reading
    return 'read'
  } catch (error) {
    if (explained(error) !== undefined) return 'refused'
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `threw ${JSON.stringify(stack.slice(0, 600))}`
  }
}

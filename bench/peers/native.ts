/** Native code, compiled on the spot by `native/Makefile`; each measurement is a run of its program. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Contestant } from './contestant.ts'
import { checkScores, eventsOf, networkOf, type Sizes } from './networks.ts'
import { type Answer, eventCount, median, type Task } from './task.ts'

const FOLDER = fileURLToPath(new URL('native', import.meta.url))
const run = promisify(execFile)

export type Mode = 'plain' | 'avx2' | 'sse' | 'chain'

/** Why there is no native code here, or undefined: then it was compiled. */
export function compile(): string | undefined {
  if (process.arch !== 'x64') return `AVX2 is not of ${process.arch}`
  for (const tool of ['g++', 'make']) {
    if (spawnSync(tool, ['--version']).error) return `${tool} is not installed`
  }
  const { status, stderr } = spawnSync('make', ['-C', FOLDER], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${FOLDER}: ${stderr}`)
}

/** The program reads a network and its events from files, which are written when they are first asked for. */
export class Native {
  readonly #files = mkdtempSync(join(tmpdir(), 'nndrone-peers-'))

  contestant(mode: Mode, name: string): Contestant {
    return { name, time: (task) => this.#time(mode, task), leave: () => {} }
  }

  /** Additions and multiplications a nanosecond, at most. */
  async peak(milliseconds: number): Promise<number> {
    const { stdout } = await run(join(FOLDER, 'native'), ['peak', `${milliseconds / 1000}`])
    return JSON.parse(stdout).gigaflops
  }

  remove(): void {
    rmSync(this.#files, { recursive: true })
  }

  async #time(mode: Mode, task: Task): Promise<Answer> {
    if (mode === (task.batch === 0 ? 'sse' : 'chain')) return { nanoseconds: Number.NaN }
    const { sizes, batch, milliseconds } = task
    const count = eventCount(task)
    const network = this.#file(`${sizes.join('-')}.txt`, () => textOf(sizes))
    const events = this.#file(`${sizes.join('-')}-${count}.bin`, () => eventsOf(sizes, count))
    const wanted = [network, events, mode, `${Math.max(1, batch)}`, `${milliseconds / 1000}`]
    const { stdout } = await run(join(FOLDER, 'native'), wanted, { maxBuffer: 2 ** 24 })
    const { nanoseconds, scores } = JSON.parse(stdout)
    checkScores(sizes, 0, scores)
    return { nanoseconds: median(nanoseconds) }
  }

  #file(name: string, content: () => string | Float32Array): string {
    const path = join(this.#files, name)
    if (!existsSync(path)) writeFileSync(path, content())
    return path
  }
}

/** As `native/network.h` reads it. */
function textOf(sizes: Sizes): string {
  const { inputs, layers } = networkOf(sizes)
  return [
    [sizes[0], layers.length, ...sizes.slice(1)],
    inputs.map(({ offset }) => offset),
    inputs.map(({ scale }) => scale),
    ...layers.flatMap(({ weights, bias }) => [[...weights], [...bias]]),
  ]
    .map((numbers) => `${numbers.join(' ')}\n`)
    .join('')
}

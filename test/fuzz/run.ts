/** Runs of the fuzzer: damaged files of a format, in processes that are started anew where one dies. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

/** Milliseconds after which a run that takes no time of the processor is hanging, too. */
const PATIENCE = 60_000

export interface Runs {
  format: string
  read: number
  refused: number
  /** What was neither: what was thrown, or how the process died; with the number of the run. */
  faults: string[]
}

/**
 * Every run is made by the seed and its number alone.
 * @param onRun called after each
 */
export async function fuzz(format: string, seed: number, count: number, onRun?: () => void): Promise<Runs> {
  const runs: Runs = { format, read: 0, refused: 0, faults: [] }
  for (let next = 0; next < count; ) next = await runOn(runs, seed, next, count, onRun)
  return runs
}

/** Runs until the process ends. Returns the run that is next. */
async function runOn(runs: Runs, seed: number, first: number, count: number, onRun?: () => void): Promise<number> {
  const args = ['--import', 'tsx', CHILD, runs.format, String(seed), String(first), String(count)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  child.stderr.on('data', (bytes: Buffer) => {
    words = (words + bytes.toString()).slice(-2000)
  })
  let begun: number | undefined
  let next = first
  let timer: NodeJS.Timeout | undefined
  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  for await (const line of createInterface(child.stdout)) {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    const [, run, outcome] = /^(\d+) (.*)$/.exec(line) ?? []
    if (outcome === undefined) continue
    begun = Number(run)
    if (outcome === '') continue
    next = begun + 1
    begun = undefined
    if (outcome === 'read' || outcome === 'refused') runs[outcome]++
    else runs.faults.push(`run ${run}: ${outcome}`)
    onRun?.()
  }
  clearTimeout(timer)
  const end = await ended
  if (next === count && begun === undefined) return count
  const why = /^limit: (.+)$/m.exec(words)?.[1] ?? `${end} ${words.slice(-300)}`
  if (begun === undefined) throw new Error(`the fuzzer itself ended after run ${next - 1}: ${why}`)
  runs.faults.push(`run ${begun}: ${why}`)
  return begun + 1
}

/** Several workers on this machine: processes of their own, which one dying does not take along. */
import { type ChildProcess, fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { pause } from '../../brokers/nats/connection.ts'
import { INTERRUPTED, type Interruptions } from '../interrupt.ts'
import { say } from '../view/messages.ts'
import { type Done, tell } from './done.ts'
import type { StreamCommandOptions } from './options.ts'

/** Set for the processes that are workers of another one. */
const WORKER = 'NNDRONE_STREAM_WORKER'

type Told = { ready: true } | { done: Done }

/** What a worker is to the process that started it; undefined in a process that nobody started so. */
export function asWorker() {
  if (!process.env[WORKER] || !process.send) return undefined
  const stop = new AbortController()
  // Ctrl-C reaches all processes of a terminal; who started us says when to stop.
  process.removeAllListeners('SIGINT').on('SIGINT', () => {})
  process.on('message', () => stop.abort())
  process.on('disconnect', () => stop.abort())
  const send = (told: Told) => {
    return new Promise<void>((resolve) => (process.connected ? process.send!(told, () => resolve()) : resolve()))
  }
  return {
    stop: stop.signal,
    ready: () => void send({ ready: true }),
    async finish(done: Done): Promise<void> {
      await send({ done })
      if (process.connected) process.disconnect()
    },
  }
}

/** Runs workers until they are told to stop; one that dies is started again. */
export async function runWorkers(options: StreamCommandOptions, interruptions: Interruptions): Promise<void> {
  const began = performance.now()
  const all: Done[] = []
  const code = await interruptions.during(async (signal, savable) => {
    savable()
    const codes = await Promise.all(
      Array.from({ length: options.workers }, (_, i) => keepUp(argumentsOf(i, options), signal, all)),
    )
    return codes.find((code) => code !== 0) ?? 0
  })
  process.exitCode = interruptions.code === INTERRUPTED ? INTERRUPTED : code
  if (all.length > 0) tell({ ...sum(all), seconds: (performance.now() - began) / 1000 }, options)
}

/** Keeps one worker running. Returns its exit code once it is to run no more. */
async function keepUp(words: readonly string[], signal: AbortSignal, all: Done[]): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const { code, ready, done } = await work(words, signal)
    if (done) all.push(done)
    // What cannot even begin would not do so a second time.
    if (signal.aborted || done || !ready) return done ? 0 : code
    say(`warning: a worker ended (${code}); another one takes its place`)
    await sleep(pause(attempt), undefined, { signal }).catch(() => {})
    if (signal.aborted) return 0
  }
}

async function work(
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number; ready: boolean; done: Done | undefined }> {
  const child = fork(process.argv[1]!, words, {
    env: { ...process.env, [WORKER]: '1' },
  })
  const stop = () => child.connected && child.send({ stop: true })
  signal.addEventListener('abort', stop)
  let [ready, done]: [boolean, Done | undefined] = [false, undefined]
  child.on('message', (told: Told) => {
    if ('ready' in told) ready = true
    else done = told.done
  })
  const code = await ended(child)
  signal.removeEventListener('abort', stop)
  return { code, ready, done }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code ?? 1))
    child.on('error', () => resolve(1))
  })
}

/** The same command line for one worker: what is said last counts. */
function argumentsOf(i: number, { metrics }: StreamCommandOptions): string[] {
  return [
    ...process.argv.slice(2),
    '--workers',
    '1',
    ...(metrics === undefined ? [] : ['--metrics', String(metrics + i)]),
  ]
}

function sum(all: readonly Done[]): Done {
  const total = { ...all[0]! }
  for (const one of all.slice(1)) {
    for (const key of Object.keys(total) as (keyof Done)[]) total[key] += one[key]
  }
  return total
}

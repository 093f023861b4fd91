/** Services as processes, and what they serve. */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Drone, distill, formatJSON } from '../../../bindings/index.ts'
import { seeded } from '../../support.ts'
import { COMMAND, type Folder } from '../support.ts'

export const TOKEN = 'a-token-of-the-tests'
export const INPUTS = ['a', 'b', 'c']

/** A drone that keeps quantiles of its training. */
export async function trained(seed = 1): Promise<Drone> {
  const random = seeded(seed)
  const events = new Float64Array(3 * 2000).map(() => random.uniform() * 4 - 2)
  const targets = Float32Array.from(
    { length: 2000 },
    (_, n) => 1 / (1 + Math.exp(-events[3 * n]! * events[3 * n + 1]!)),
  )
  const { drone } = await distill({ events, targets, inputs: INPUTS, outputs: ['score'], hidden: [4], epochs: 2, seed })
  return Drone.from(formatJSON(drone))
}

export function rowsOf(count: number, seed = 7): Float64Array {
  const random = seeded(seed)
  return new Float64Array(3 * count).map(() => random.uniform() * 4 - 2)
}

export function csvOf(rows: Float64Array): string {
  const lines = Array.from({ length: rows.length / 3 }, (_, n) => rows.subarray(3 * n, 3 * n + 3).join(','))
  return `${INPUTS.join(',')}\n${lines.join('\n')}\n`
}

export interface Serving {
  child: ChildProcess
  url: string
  port: number
  /** What it has said by now. */
  said(): string
  /** Ends it; resolves with its exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts `nndrone serve` at a free port, and waits until it answers. */
export async function serving(
  folder: Folder,
  args: readonly string[],
  {
    token = TOKEN,
    env = {},
    command = [process.execPath, COMMAND],
  }: { token?: string; env?: Record<string, string>; command?: string[] } = {},
): Promise<Serving> {
  const [program, ...words] = [...command, 'serve', '--port', '0', ...args]
  const child = spawn(program!, words, {
    cwd: folder.path,
    env: { ...process.env, NNDRONE_TOKEN: token, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stderr!.on('data', (some) => {
    text += some
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr!.on('data', () => {
      const [, port] = /^serving .*http:\/\/[^ ]+:(\d+)/m.exec(text) ?? []
      if (port) resolve(Number(port))
    })
    ended.then(() => reject(new Error(text)))
  })
  return {
    ...{ child, port, url: `http://127.0.0.1:${port}`, said: () => text },
    end(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

export function inference(values: ArrayLike<number>, more: object = {}): string {
  const data = Array.from(values)
  return JSON.stringify({ inputs: [{ name: 'events', shape: [data.length / 3, 3], datatype: 'FP64', data }], ...more })
}

export function writeDrone(folder: Folder, name: string, drone: Drone): void {
  writeFileSync(join(folder.path, name), formatJSON(drone))
}

/** Runs the command as its users do, in a folder of its own. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drone, formatJSON, Drone as LibraryDrone } from '../../bindings/index.ts'
import { randomNetwork, root, seeded } from '../support.ts'

export const COMMAND = join(root, 'toolkit/bin/nndrone.js')

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'nndrone-'))

  file(name: string): string {
    return join(this.path, name)
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.file(name), content)
    return name
  }

  /** Runs to the end. */
  run(...args: string[]): { status: number | null; out: string; err: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      cwd: this.path,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    return { status, out: stdout, err: stderr }
  }

  /** Starts, and goes on while the test does. */
  start(...args: string[]): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [COMMAND, ...args], { cwd: this.path })
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Resolves with the exit code. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve))
}

/** A drone of the inputs a, b (with the default 2), c, written to drone.json. */
export function someDrone(folder: Folder, outputs = 1): Drone {
  const network = randomNetwork(seeded(1), { widths: [3, 5, outputs] })
  const inputs = ['a', 'b', 'c'].map((name) => ({ name, offset: 0.5, scale: 2, ...(name === 'b' && { default: 2 }) }))
  const drone = LibraryDrone.from({ ...network, inputs })
  folder.write('drone.json', formatJSON(drone))
  return drone
}

/** Events with answers and labels: `answers.csv` of columns a, b, label, answer. */
export function someAnswers(folder: Folder, count = 400): string {
  const random = seeded(3)
  const rows = Array.from({ length: count }, () => {
    const [a, b] = [random.uniform() * 4 - 2, random.uniform() * 4 - 2]
    const label = random.uniform() < 1 / (1 + Math.exp(-3 * a * b)) ? 1 : 0
    return [a, b, label, 1 / (1 + Math.exp(-2 * a * b))].join(',')
  })
  return folder.write('answers.csv', `a,b,label,answer\n${rows.join('\n')}\n`)
}

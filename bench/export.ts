/**
 * An exported drone, one event at a time: the WebAssembly module and the JavaScript module in Node, the C as gcc and clang
 * compile it, beside the library, and beside hand-written C++ with AVX2 and fused multiply-add: `npm run bench:export`,
 * after `npm run build`. All take turns in each round, so that a slow moment of the machine is nobody's alone.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Drone } from 'nndrone'
import { exportC } from '../toolkit/models/write/c.ts'
import { exportModule } from '../toolkit/models/write/module.ts'
import { exportWasm } from '../toolkit/models/write/wasm.ts'
import { median } from './median.ts'
import { compile, Native } from './peers/native.ts'
import { eventsOf, networkOf, rowsOf, type Sizes } from './peers/networks.ts'
import { markdown, publish } from './results.ts'

const SIZES: Sizes = [6, 15, 1]
const EVENTS = 256
const ROUNDS = 15
/** A measurement, in ms, and calls of all events between two looks at the clock. */
const [MILLISECONDS, PASS] = [20, 8]

const folder = mkdtempSync(join(tmpdir(), 'nndrone-bench-export-'))

/** The median of short passes, in nanoseconds an event. */
function nanoseconds(call: () => number): number {
  const passes: number[] = []
  for (const began = performance.now(); performance.now() - began < MILLISECONDS; ) {
    const from = performance.now()
    for (let n = 0; n < PASS; n++) call()
    passes.push(((performance.now() - from) * 1e6) / (PASS * EVENTS))
  }
  return median(passes)
}

/** Reads events from standard input and prints the same median. */
const PROGRAM = `#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "drone.h"
static double events[${EVENTS}][DRONE_INPUTS];
static double passes[1 << 20];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
static int order(const void *a, const void *b) { return *(const double *)a < *(const double *)b ? -1 : 1; }
int main(void) {
  volatile float sum = 0;
  int count = 0, n, i;
  double began = now();
  if (fread(events, sizeof *events, ${EVENTS}, stdin) != ${EVENTS}) return 1;
  do {
    double from = now();
    float s = 0;
    for (n = 0; n < ${PASS}; n++) for (i = 0; i < ${EVENTS}; i++) s += drone_score(events[i]);
    sum += s;
    passes[count++] = (now() - from) / (${PASS} * ${EVENTS});
  } while (now() - began < ${MILLISECONDS}e6);
  qsort(passes, count, sizeof *passes, order);
  printf("%g\\n", passes[count / 2]);
  return 0;
}
`

interface Exports {
  memory: { buffer: ArrayBuffer }
  event(): number
  score(): number
}

interface Contestant {
  name: string
  time(): number | Promise<number>
}

/** Undefined where there is no such compiler. */
function compiled(compiler: string, ...flags: string[]): Contestant | undefined {
  const program = join(folder, [compiler, ...flags].join(''))
  const args = ['-O3', '-ffp-contract=off', ...flags, join(folder, 'main.c'), '-o', program]
  const { status, error, stderr } = spawnSync(compiler, args, { encoding: 'utf8' })
  if (error) return undefined
  if (status !== 0) throw new Error(stderr)
  const input = new Uint8Array(Float64Array.from(eventsOf(SIZES, EVENTS)).buffer)
  return {
    name: `C, ${compiler} -O3 ${flags.join(' ')}`.trim(),
    time: () => Number(spawnSync(program, { input, encoding: 'utf8' }).stdout),
  }
}

async function contestantsOf(drone: Drone): Promise<Contestant[]> {
  writeFileSync(join(folder, 'drone.h'), exportC(drone, { header: true }))
  writeFileSync(join(folder, 'main.c'), PROGRAM)
  const rows = rowsOf(SIZES[0]!, eventsOf(SIZES, EVENTS))
  const { instance } = await WebAssembly.instantiate(new Uint8Array(exportWasm(drone)))
  const { memory, event, score } = instance.exports as unknown as Exports
  const values = new Float64Array(memory.buffer, event(), SIZES[0])
  const module = await import(`data:text/javascript,${encodeURIComponent(exportModule(drone))}`)
  const loop = (body: string, ...given: unknown[]) =>
    new Function('v0', 'v1', 'v2', `let sum = 0; for (let n = 0; n < ${EVENTS}; n++) { ${body} } return sum`).bind(
      null,
      ...given,
    )
  const calls: [string, () => number][] = [
    ['the library, simd', loop('sum += v0.predict(v1[n])', drone, rows)],
    [
      '.wasm in Node',
      loop('const e = v1[n]; for (let i = 0; i < 6; i++) v2[i] = e[i]; sum += v0()', score, rows, values),
    ],
    ['.mjs in Node', loop('sum += v0(v1[n])', module.score, rows)],
  ]
  const machine = process.arch === 'x64' ? [['-mavx2']] : []
  const programs = ['gcc', 'clang'].flatMap((name) => [[], ...machine].map((flags) => compiled(name, ...flags)))
  // Until all of the module is compiled, which takes its time where others use the machine.
  for (const [, call] of calls) for (let n = 0; n < 2000; n++) call()
  return [
    ...calls.map(([name, call]) => ({ name, time: () => nanoseconds(call) })),
    ...programs.filter((program) => program !== undefined),
  ]
}

const reason = compile()
const native = new Native()
const avx2 = native.contestant('avx2', 'C++')
const rows: (string | number)[][] = []
try {
  for (const activation of ['sigmoid', 'tanh'] as const) {
    const network = networkOf(SIZES)
    const layers = network.layers.map((layer, k) => (k === 0 ? { ...layer, activation } : layer))
    const contestants = await contestantsOf(Drone.from({ ...network, layers }))
    // Its activation is the sigmoid.
    if (!reason && activation === 'sigmoid') {
      const time = async () => {
        const answer = await avx2.time({ sizes: SIZES, batch: 0, milliseconds: MILLISECONDS })
        return 'nanoseconds' in answer ? answer.nanoseconds : Number.NaN
      }
      contestants.push({ name: 'C++ by hand, AVX2 and fused multiply-add', time })
    }
    const times = contestants.map((): number[] => [])
    for (let round = -3; round < ROUNDS; round++) {
      for (const [k, { time }] of contestants.entries()) {
        const value = await time()
        if (round >= 0) times[k]!.push(value)
      }
    }
    const ratio = (k: number) => median(times[k]!.map((value, round) => value / times[0]![round]!))
    for (const [k, { name }] of contestants.entries()) {
      const [middle, least] = [median(times[k]!), Math.min(...times[k]!)]
      rows.push([`${activation}: ${name}`, middle.toFixed(1), least.toFixed(1), ratio(k).toFixed(2)])
    }
  }
} finally {
  native.remove()
  rmSync(folder, { recursive: true })
}

publish(
  'npm run bench:export',
  `## Exported drones

A drone of ${SIZES.join('→')}, one event at a time: nanoseconds an event, the median of ${ROUNDS} rounds, their least, and the
ratio to the library in the same round (median). ${reason ? `Not in this run: C++ (${reason}).` : ''}

${markdown(['', 'median', 'least', '× library'], rows)}`,
)

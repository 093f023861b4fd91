/** Drones as C: compiled by gcc and by clang, with and without optimisation, as C and as C++, and run. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Drone } from 'nndrone'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { exportC } from '../../../../toolkit/models/write/c.ts'
import { firstDifference, root } from '../../../support.ts'
import { Folder } from '../../support.ts'
import { CASES, type Case, eventsOf, HOSTILE, scoresOf, USUAL, wide } from './support.ts'

const test = suite('models: written as C')
const folder = new Folder()
test.after(() => folder.remove())

const WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wpedantic', '-Werror', '-ffp-contract=off']
const isThere = (compiler: string) => spawnSync(compiler, ['--version']).status === 0

/** A test for each compiler of these that is there; the others are skipped by name. */
function withCompilers(name: string, compilers: readonly string[], body: (compiler: string) => void): void {
  for (const compiler of compilers) {
    if (isThere(compiler)) test(`${compiler}: ${name}`, () => body(compiler))
    else {
      console.log(
        `skipped: ${compiler}: ${name} (no ${compiler} on the PATH; on Debian: apt-get install gcc g++ clang)`,
      )
      test.skip(`${compiler}: ${name}`, () => {})
    }
  }
}

function compile(compiler: string, ...flags: string[]): void {
  const { status, stderr } = spawnSync(compiler, flags, { cwd: folder.path, encoding: 'utf8' })
  assert.equal([status, stderr], [0, ''], `${compiler} ${flags.join(' ')}`)
}

/** A program that scores events from standard input by the drone whose number it is given. */
function programOf(cases: readonly Case[]): string {
  for (const [i, { network }] of cases.entries()) {
    folder.write(`net${i}.h`, exportC(Drone.from(network), { name: `net${i}`, header: true }))
  }
  const branch = (_: Case, i: number) => `
  case ${i}:
    while (fread(event, sizeof *event, NET${i}_INPUTS, stdin) == NET${i}_INPUTS) {
      net${i}_answer(event, answer);
      if (net${i}_score(event) != answer[0] && answer[0] == answer[0]) return 2;
      fwrite(answer, sizeof *answer, NET${i}_OUTPUTS, stdout);
    }
    return 0;`
  return `#include <stdio.h>
#include <stdlib.h>
${cases.map((_, i) => `#include "net${i}.h"`).join('\n')}

int main(int count, char **words) {
  double event[64];
  float answer[64];
  switch (count > 1 ? atoi(words[1]) : -1) {${cases.map(branch).join('')}
  }
  return 1;
}
`
}

function scored(number: number, events: Float64Array): Float32Array {
  const { status, stdout } = spawnSync(folder.file('program'), [String(number)], {
    input: new Uint8Array(events.buffer),
    maxBuffer: 1 << 26,
  })
  assert.is(status, 0)
  return new Float32Array(new Uint8Array(stdout).buffer)
}

withCompilers(
  'every activation, outputs, special values, defaults: the same bits, no warning',
  ['gcc', 'clang'],
  (compiler) => {
    folder.write('program.c', programOf(CASES))
    for (const level of ['-O0', '-O3']) {
      compile(compiler, '-std=c99', level, ...WARNINGS, 'program.c', '-o', 'program')
      for (const [i, one] of CASES.entries()) {
        const events = eventsOf(one, 2000)
        assert.is(firstDifference(scored(i, events), scoresOf(one, events)), -1, `${level} ${one.name}`)
      }
    }
  },
)

withCompilers('a million events: the same bits', ['gcc', 'clang'], (compiler) => {
  folder.write('program.c', programOf(USUAL))
  for (const level of ['-O0', '-O3']) {
    compile(compiler, '-std=c99', level, '-ffp-contract=off', 'program.c', '-o', 'program')
    for (const [i, one] of USUAL.entries()) {
      const events = eventsOf(one, 500_000)
      assert.is(firstDifference(scored(i, events), scoresOf(one, events)), -1, `${level} ${one.name}`)
    }
  }
})

withCompilers('as C++ too, without a warning, and with fused multiply-add at hand', ['g++', 'clang++'], (compiler) => {
  folder.write('program.cpp', programOf(CASES.slice(0, 8)))
  const machine = process.arch === 'x64' ? ['-mavx2', '-mfma'] : []
  for (const standard of ['-std=c++98', '-std=c++20']) {
    // long long is not of C++98, and stdint.h has it.
    compile(compiler, standard, '-O3', ...machine, ...WARNINGS, '-Wno-long-long', 'program.cpp', '-o', 'program')
    for (const [i, one] of CASES.slice(0, 8).entries()) {
      const events = eventsOf(one, 1000)
      assert.is(firstDifference(scored(i, events), scoresOf(one, events)), -1, `${standard} ${one.name}`)
    }
  }
})

withCompilers(
  'a file by itself: its functions have prototypes that a caller can copy',
  ['gcc', 'clang', 'g++'],
  (compiler) => {
    const [one] = USUAL
    const drone = Drone.from(one!.network).setCut('tight', { threshold: 0.75 })
    folder.write('tiny.c', exportC(drone, { name: 'tiny' }))
    folder.write(
      'main.c',
      `#include <stdio.h>
${compiler === 'g++' ? 'extern "C" {' : ''}
float tiny_score(const double *event);
const char *tiny_input(int i);
const char *tiny_cut(int i);
int tiny_cut_output(int i);
float tiny_cut_threshold(int i);
${compiler === 'g++' ? '}' : ''}
int main(void) {
  const double event[6] = {1, 2, 3, 4, 5, 6};
  printf("%.9g %s %s %d %g\\n", (double)tiny_score(event), tiny_input(5), tiny_cut(0), tiny_cut_output(0), (double)tiny_cut_threshold(0));
  return 0;
}
`,
    )
    const language = compiler === 'g++' ? ['-x', 'c++'] : ['-std=c99']
    compile(compiler, ...language, ...WARNINGS, 'tiny.c', 'main.c', '-o', 'program')
    const { stdout } = spawnSync(folder.file('program'), { encoding: 'utf8' })
    const [score, ...rest] = stdout.trimEnd().split(' ')
    assert.is(Math.fround(Number(score)), drone.predict([1, 2, 3, 4, 5, 6]))
    assert.equal(rest, ['x5', 'tight', '0', '0.75'])
  },
)

withCompilers('names are as they were, whatever is in them', ['gcc', 'clang'], (compiler) => {
  const { layers } = USUAL[0]!.network
  const outputs: string[] = []
  for (let at = 0; at < HOSTILE.length; at += 6) {
    const names = Array.from({ length: 6 }, (_, i) => HOSTILE[(at + i) % HOSTILE.length]!)
    const inputs = names.map((name) => ({ name, offset: 0, scale: 1 }))
    const drone = Drone.from({ inputs, layers, outputs: [names[5]!] })
    for (const name of names) drone.setCut(name, { threshold: 0.5 })
    folder.write('named.h', exportC(drone, { name: 'named', header: true }))
    folder.write(
      'program.c',
      `#include <stdio.h>
#include "named.h"
int main(void) {
  int i;
  for (i = 0; i < NAMED_INPUTS; i++) printf("%s%c%s%c", named_input(i), 0, named_cut(i), 0);
  printf("%s", named_output(0));
  return 0;
}
`,
    )
    // Trigraphs count in ISO C.
    compile(compiler, '-std=c99', ...WARNINGS, 'program.c', '-o', 'program')
    outputs.push(spawnSync(folder.file('program'), { encoding: 'utf8' }).stdout)
    assert.is(outputs.at(-1), [...names.flatMap((name) => [name, name]), names[5]].join('\0'))
  }
})

withCompilers('10,000 inputs, and a million parameters', ['gcc'], (compiler) => {
  for (const widths of [
    [10_000, 3, 1],
    [1023, 1024, 1],
  ]) {
    const network = wide(widths)
    const event = Float64Array.from({ length: widths[0]! }, (_, i) => Math.sin(i))
    folder.write('large.h', exportC(Drone.from(network), { name: 'large', header: true }))
    folder.write(
      'program.c',
      `#include <stdio.h>
#include "large.h"
int main(void) {
  static double event[LARGE_INPUTS];
  if (fread(event, sizeof *event, LARGE_INPUTS, stdin) != LARGE_INPUTS) return 1;
  printf("%.9g\\n", (double)large_score(event));
  return 0;
}
`,
    )
    compile(compiler, '-std=c99', '-O1', ...WARNINGS, 'program.c', '-o', 'program')
    const { stdout } = spawnSync(folder.file('program'), { input: new Uint8Array(event.buffer), encoding: 'utf8' })
    assert.is(Math.fround(Number(stdout)), Drone.from(network).predict(event))
  }
})

withCompilers('flags that change the bits are refused', ['gcc'], (compiler) => {
  folder.write('flags.c', exportC(Drone.from(USUAL[0]!.network)))
  const said = (...flags: string[]) =>
    spawnSync(compiler, [...flags, '-c', 'flags.c', '-o', 'flags.o'], { cwd: folder.path, encoding: 'utf8' }).stderr
  assert.match(said('-ffast-math'), /#error "this file needs IEEE arithmetic: compile it without -ffast-math"/)
  if (process.arch === 'x64') {
    assert.match(
      said('-mfpmath=387'),
      /#error "this file needs arithmetic in float: compile it with -msse2 -mfpmath=sse"/,
    )
  }
})

withCompilers('the program of docs/export.md', ['g++'], (compiler) => {
  const [, program] = /```cpp\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/export.md'), 'utf8'))!
  const drone = Drone.from(USUAL[1]!.network)
  folder.write('drone.h', exportC(drone, { header: true }))
  folder.write('page.cpp', program!)
  compile(compiler, '-O3', '-ffp-contract=off', '-Wall', '-Wextra', '-Werror', 'page.cpp', '-o', 'program')
  const lines = spawnSync(folder.file('program'), { encoding: 'utf8' }).stdout.trimEnd().split('\n')
  assert.equal(lines.slice(0, 2), ['x0 = 5', 'x1 = 2.9'])
  assert.is(Math.fround(Number(lines[6])), drone.predict([5, 2.9, 0.7, 3.2, 1.6, 3.1]))
})

test('what cannot be written is refused by name', () => {
  const refused = (body: () => unknown) => {
    try {
      body()
    } catch (error) {
      return (error as Error).message
    }
    return 'written'
  }
  const [one] = USUAL
  const named = (name: string) => {
    const inputs = one!.network.inputs.map((input, i) => (i === 2 ? { ...input, name } : input))
    return () => exportC(Drone.from({ ...one!.network, inputs }))
  }
  assert.is(refused(named('a\0b')), 'inputs[2].name: "a\\u0000b" cannot be a name in C; name it otherwise')
  assert.is(refused(named('a\ud800')), 'inputs[2].name: "a\\ud800" cannot be a name in C; name it otherwise')
  assert.is(
    refused(() => exportC(Drone.from(one!.network), { name: '6x' })),
    'name "6x": expected letters, digits and underscores, a letter first',
  )
  assert.is(
    refused(() => exportC(Drone.from(wide([1, 70_000, 1])))),
    "1 → 70000 → 1: 70000 numbers in a layer, but C's stack has room for 65536; take .wasm or .mjs",
  )
})

test('the head says how it was made and of what, and the same drone gives the same text', () => {
  const drone = Drone.from(USUAL[0]!.network)
  const text = exportC(drone)
  assert.match(
    text,
    /^\/\*\n \* Made by nndrone export \d+\.\d+\.\d+ from the drone with sha256 [0-9a-f]{64}, arithmetic 1\.\n/,
  )
  assert.is(exportC(Drone.from(drone)), text)
})

test.run()

/** Runs a drone that was exported as C, where there is a compiler: in a program that answers events on its standard input. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { InputError } from '../../errors.ts'
import { NotHere, type Run } from './answers.ts'

const COMPILER = 'cc'
const FLAGS = ['-O2', '-ffp-contract=off']

/** @param name what names in it begin with */
export function runC(text: string, name: string): Run {
  return async (events) => {
    const folder = await mkdtemp(join(tmpdir(), 'nndrone-c-'))
    try {
      await writeFile(join(folder, 'drone.h'), text)
      await writeFile(join(folder, 'main.c'), programOf(name))
      await compile(folder)
      return await answers(join(folder, 'program'), events)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function programOf(name: string): string {
  const [inputs, outputs] = ['INPUTS', 'OUTPUTS'].map((what) => `${name.toUpperCase()}_${what}`)
  return `#include <stdio.h>
#include "drone.h"
static double event[${inputs}];
static float answer[${outputs}];
int main(void) {
  while (fread(event, sizeof *event, ${inputs}, stdin) == ${inputs}) {
    ${name}_answer(event, answer);
    fwrite(answer, sizeof *answer, ${outputs}, stdout);
  }
  return 0;
}
`
}

async function compile(cwd: string): Promise<void> {
  try {
    await promisify(execFile)(COMPILER, [...FLAGS, 'main.c', '-o', 'program'], { cwd })
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') throw new NotHere(`there is no C compiler (${COMPILER}) on the PATH`)
    throw new InputError(`${COMPILER} does not compile it: ${stderr.trim().split('\n')[0]}`)
  }
}

function answers(program: string, events: Float64Array): Promise<Float32Array> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
    const pieces: Buffer[] = []
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    child.on('error', reject)
    // What it did not read is told by its end.
    child.stdin.on('error', () => {})
    child.stdin.end(new Uint8Array(events.buffer, events.byteOffset, events.byteLength))
    child.on('close', (code) => {
      if (code === 0) resolve(new Float32Array(new Uint8Array(Buffer.concat(pieces)).buffer))
      else reject(new InputError(`the compiled program ended with code ${code}`))
    })
  })
}

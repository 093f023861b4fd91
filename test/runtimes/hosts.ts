/** Ways to run the program: the runtimes that are here or were fetched from npm, and whichever were not found. */
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../support.ts'
import type { Asked, Work } from './work.ts'

export interface Host {
  runtime: string
  /** How it runs the program, unless that is as usual. */
  way: string
  /** What may be asked for, and the engine that must answer. */
  engines: Partial<Record<Asked, 'simd' | 'js'>>
  /** What the program prints. */
  run(work: Work, asked: Asked): Promise<string>
  /** What another program of the same folder prints, which may read files there; of a command, run as usual. */
  program?(file: string): Promise<string>
}

export interface Missing {
  runtime: string
  reason: string
}

/** What is asked of every runtime that is timed, too. */
export const BOTH = { simd: 'simd', js: 'js', host: 'simd' } as const

/** How to run the program: what is special about it, the engines, and the arguments. */
type Way = [way: string, engines: Host['engines'], ...args: string[]]

const NODE: readonly Way[] = [
  ['', BOTH, 'command.mjs'],
  ['a compiled module', { module: 'simd' }, 'command.mjs'],
  ['a worker thread', { host: 'simd' }, 'thread.mjs'],
  ['WebAssembly switched off', { host: 'js' }, '--jitless', 'command.mjs'],
]
const DENO: readonly Way[] = [
  ['', BOTH, 'run', '--no-prompt', 'command.mjs'],
  ['a compiled module', { module: 'simd' }, 'run', '--no-prompt', '--allow-read', 'command.mjs'],
  ['a worker thread', { host: 'simd' }, 'run', '--no-prompt', '--allow-read', 'thread.mjs'],
]
const BUN = NODE.slice(0, 3)

const FETCHED = join(root, 'build/runtimes')

/**
 * Brings what package.json of this folder names to build/runtimes: half a gigabyte that an install for the rest of the
 * tests does without.
 * @returns where the packages are
 */
export function fetchRuntimes(): string {
  mkdirSync(FETCHED, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(root, 'test/runtimes', file), join(FETCHED, file))
  }
  // The binaries are packages of their own, so no install script has to run. What is not brought is skipped later.
  const options = ['--loglevel', 'error', '--ignore-scripts', '--no-audit', '--no-fund']
  spawnSync('npm', ['install', ...options], { cwd: FETCHED, stdio: ['ignore', 'ignore', 'inherit'] })
  return join(FETCHED, 'node_modules')
}

/**
 * Node, Deno and Bun in all their ways.
 * @param folder where the programs and the library are
 * @param packages what `fetchRuntimes` returns
 */
export function commandHosts(folder: string, packages: string): (Host | Missing)[] {
  const { platform, arch } = process
  const bun = `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`
  return [
    ...[20, 22, 24].flatMap((major) => {
      return waysOf(`Node ${major}`, join(packages, `node${major}-${platform}-${arch}/bin/node`), NODE, folder)
    }),
    ...waysOf('Deno', join(root, 'node_modules/.bin/deno'), DENO, folder),
    ...waysOf('Bun', join(packages, bun), BUN, folder),
  ]
}

function waysOf(runtime: string, command: string, ways: readonly Way[], cwd: string): (Host | Missing)[] {
  if (!existsSync(command)) {
    return [{ runtime, reason: `npm brought none for ${process.platform} ${process.arch}` }]
  }
  const { stdout, error, signal } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  const version = stdout?.match(/\d+\.\d+\.\d+/)?.[0]
  if (!version) return [{ runtime, reason: `it does not start here: ${error ?? signal ?? stdout}` }]
  return ways.map(([way, engines, ...args]) => ({
    runtime: `${runtime.split(' ')[0]} ${version}`,
    way,
    engines,
    run: async (work, asked) => (await promisify(execFile)(command, [...args, work, asked], { cwd })).stdout,
    ...(way === '' && {
      program: async (file: string) => {
        const reading = runtime === 'Deno' ? ['--allow-read'] : []
        return (await promisify(execFile)(command, [...args.slice(0, -1), ...reading, file], { cwd })).stdout
      },
    }),
  }))
}

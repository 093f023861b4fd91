/** The commands, in the order of the help. Each is loaded when it is wanted: all of them take longer than most work. */
import type { Command } from 'commander'
import type { Interruptions } from './interrupt.ts'

/** Adds a command to the program. */
type Add = (program: Command, interruptions: Interruptions) => void

const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  demo: async () => (await import('./demo/index.ts')).demoCommand,
  distill: async () => (await import('./distill.ts')).distillCommand,
  predict: async () => (await import('./predict.ts')).predictCommand,
  probe: async () => (await import('./probe.ts')).probeCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  drift: async () => (await import('./drift.ts')).driftCommand,
  stream: async () => (await import('./stream/index.ts')).streamCommand,
  publish: async () => (await import('./publish.ts')).publishCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  bench: async () => (await import('./bench.ts')).benchCommand,
  inspect: async () => (await import('./inspect.ts')).inspectCommand,
}

/** Adds the command that is named, or all of them where another word stands there, as where help is wanted. */
export async function addCommands(program: Command, interruptions: Interruptions, name = ''): Promise<void> {
  const wanted = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS)
  for (const add of await Promise.all(wanted.map((load) => load()))) add(program, interruptions)
}

/** The command nndrone. */
import { Command, CommanderError } from 'commander'
import { benchCommand } from './cli/bench.ts'
import { compareCommand } from './cli/compare.ts'
import { demoCommand } from './cli/demo.ts'
import { distillCommand } from './cli/distill.ts'
import { inspectCommand } from './cli/inspect.ts'
import { Interruptions } from './cli/interrupt.ts'
import { predictCommand } from './cli/predict.ts'
import { probeCommand } from './cli/probe.ts'
import { explained, fileError, UsageError } from './errors.ts'
import manifest from './package.json' with { type: 'json' }

const FAILED = 1
const USAGE = 2

const interruptions = new Interruptions()

const program = new Command('nndrone')
  .description(
    'Distils any classifier into a drone, a tiny network that grows while it learns, and scores events with it.',
  )
  .version(manifest.version)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'nndrone: ')) })
  .showHelpAfterError('(--help says more)')

demoCommand(program)
distillCommand(program, interruptions)
predictCommand(program)
probeCommand(program)
compareCommand(program)
benchCommand(program)
inspectCommand(program)

// Who reads no further, as `head`, has had enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.exit(report(fileError('standard output', error)))
})
// Where the terminal is gone, what is told goes nowhere; the work goes on.
process.stderr.on('error', () => {})
interruptions.listen()

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
  // Whoever still writes to us must not keep us waiting.
  process.stdin.destroy()
}

/** Says what went wrong, and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
  process.stderr.write(`nndrone: ${explained(error) ?? (error instanceof Error ? error.stack : String(error))}\n`)
  return error instanceof UsageError ? USAGE : FAILED
}

/** The command nndrone. */
import { Command, CommanderError } from 'commander'
import { fileError, UsageError } from '../errors.ts'
import manifest from '../package.json' with { type: 'json' }
import { benchCommand } from './bench.ts'
import { compareCommand } from './compare.ts'
import { demoCommand } from './demo.ts'
import { distillCommand } from './distill.ts'
import { inspectCommand } from './inspect.ts'
import { Interruptions } from './interrupt.ts'
import { predictCommand } from './predict.ts'
import { probeCommand } from './probe.ts'
import { reportCommand } from './report.ts'
import { messageOf } from './view/messages.ts'

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
reportCommand(program)
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
  process.stderr.write(`nndrone: ${messageOf(error)}\n`)
  return error instanceof UsageError ? USAGE : FAILED
}

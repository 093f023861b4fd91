/** The command nndrone. */
import { Command, CommanderError } from 'commander'
import { UsageError } from '../errors.ts'
import { messageOf } from '../flags.ts'
import { addCommands } from './commands.ts'
import { completionCommand } from './completion.ts'
import { Interruptions } from './interrupt.ts'
import { versionText } from './version.ts'
import { errorJSON } from './view/messages.ts'
import { standardOutput } from './view/stdout.ts'

const FAILED = 1
const USAGE = 2

const interruptions = new Interruptions()

const program = new Command('nndrone')
  .description(
    'Distils any classifier into a drone, a tiny network that grows while it learns, and scores events with it.',
  )
  .option('-V, --version', 'print the version, the engine and the formats')
  .on('option:version', printVersion)
  .exitOverride()
  .configureOutput({
    writeOut: (text) => standardOutput().write(text),
    outputError: (text, write) => write(text.replace(/^error: /, 'nndrone: ')),
  })
  .showHelpAfterError('(--help says more)')

const [, , word] = process.argv
// The version needs no command.
if (word !== '-V' && word !== '--version') await addCommands(program, interruptions, word)
completionCommand(program)

// Where the terminal is gone, what is told goes nowhere; the work goes on.
process.stderr.on('error', () => {})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
  // Whoever still writes to us must not keep us waiting.
  process.stdin.destroy()
}

function printVersion(): never {
  standardOutput().write(versionText())
  throw new CommanderError(0, 'nndrone.version', 'the version was asked for')
}

/** Says what went wrong, with --json also as an object on standard output, and returns the exit code. */
function report(error: unknown): number {
  // What is wrong with the usage was said when it was found; help that was asked for is no error.
  const told = error instanceof CommanderError
  const message = told ? error.message.replace(/^error: /, '') : messageOf(error)
  const code = exitCodeOf(error)
  if (!told) process.stderr.write(`nndrone: ${message}\n`)
  if (code !== 0 && isJSONWanted(process.argv)) standardOutput().write(errorJSON(message))
  return code
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
  return error instanceof UsageError ? USAGE : FAILED
}

/** Options end at two dashes. */
function isJSONWanted(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).includes('--json')
}

/** Messages of jobs in the words of the command: an option is named by its flag. */
import { explained, OptionError } from './errors.ts'

/** `scaleFrom` in backticks becomes --scale-from. */
export function withFlags(text: string): string {
  return text.replace(/`([a-z][A-Za-z]*)`/g, (_, option) => flagOf(option))
}

function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The line that says what went wrong; a stack where that is a bug. */
export function messageOf(error: unknown): string {
  if (error instanceof OptionError) return withFlags(`${flagOf(error.option)}${error.reason}`)
  const line = explained(error)
  if (line !== undefined) return withFlags(line)
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

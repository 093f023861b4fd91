/** What is told on the terminal, and what stands for figures where a command failed. */
import { escaped } from '../../errors.ts'
import { withFlags } from '../../flags.ts'

/** The object that stands for the figures of a command that failed. */
export function errorJSON(message: string): string {
  return `${JSON.stringify({ error: message })}\n`
}

/** Tells a line to whoever looks on; standard output is for data. */
export function say(line: string): void {
  process.stderr.write(`${escaped(line)}\n`)
}

/** Tells what a job has to say. */
export function notify(text: string): void {
  say(withFlags(text))
}

/**
 * What was given cannot be used. The command says so in one line; anything else that is thrown is a bug. A message names an
 * option in backticks, as `scaleFrom`, which the command shows as the flag --scale-from.
 */
import { DroneError } from 'nndrone'

/** Something that was given cannot be used: a file, a value in it, a model. */
export class InputError extends Error {
  override name = 'InputError'

  constructor(message: string) {
    super(escaped(message))
  }
}

/** Something was asked for in a way that makes no sense. */
export class UsageError extends InputError {
  override name = 'UsageError'
}

/** An option has a value that makes no sense. */
export class OptionError extends UsageError {
  override name = 'OptionError'
  /** As a property of the options; the command has a flag of the same name. */
  readonly option: string
  /** What follows the option's name in the message. */
  readonly reason: string

  /** @param value where the message shows it before the reason */
  constructor(option: string, reason: string, value?: string) {
    const rest = `${value === undefined ? '' : ` ${value}`}: ${reason}`
    super(`${option}${rest}`)
    this.option = option
    this.reason = escaped(rest)
  }
}

/** Text that a file or a service gave, as a terminal may show it: nothing in it moves the cursor or sets a title. */
export function escaped(text: string): string {
  // Line feeds and tabs are harmless.
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\n' || character === '\t') return character
    const code = character.charCodeAt(0).toString(16)
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`
  })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a directory, expected a file',
  EEXIST: 'the file is there already',
  ENOTDIR: 'a part of this path is not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
}

/** The error of a file operation, as one that names the file and says why. */
export function fileError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return error
  return new InputError(`${path}: ${REASONS[code] ?? (error as Error).message}`)
}

/** The line that says what went wrong, or undefined where only a stack would help. */
export function explained(error: unknown): string | undefined {
  return error instanceof InputError || error instanceof DroneError ? escaped(error.message) : undefined
}

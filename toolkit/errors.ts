/** What the command says in one line instead of with a stack. Anything else that is thrown is a bug. */
import { DroneError } from 'nndrone'

/** Something that was given cannot be used: a file, a value in it, a model. */
export class InputError extends Error {
  override name = 'InputError'

  constructor(message: string) {
    super(escaped(message))
  }
}

/** The command was called in a way that makes no sense. */
export class UsageError extends Error {
  override name = 'UsageError'

  constructor(message: string) {
    super(escaped(message))
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
  const expected = error instanceof InputError || error instanceof UsageError || error instanceof DroneError
  return expected ? escaped(error.message) : undefined
}

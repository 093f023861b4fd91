/** What the command says in one line instead of with a stack. Anything else that is thrown is a bug. */
import { DroneError } from 'nndrone'

/** Something that was given cannot be used: a file, a value in it, a model. */
export class InputError extends Error {
  override name = 'InputError'
}

/** The command was called in a way that makes no sense. */
export class UsageError extends Error {
  override name = 'UsageError'
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
  return expected ? error.message : undefined
}

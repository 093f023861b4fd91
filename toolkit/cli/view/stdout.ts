/** Standard output. */
import { fileError } from '../../errors.ts'
import { messageOf } from '../../flags.ts'

let opened: NodeJS.WriteStream | undefined

/**
 * Standard output, opened by the first who writes to it. A pipe no longer blocks from then on, for other programs that share
 * it too, and they may not expect that.
 */
export function standardOutput(): NodeJS.WriteStream {
  opened ??= process.stdout.on('error', end)
  return opened
}

function end(error: NodeJS.ErrnoException): never {
  // Who reads no further, as `head`, has had enough.
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`nndrone: ${messageOf(fileError('standard output', error))}\n`)
  process.exit(1)
}

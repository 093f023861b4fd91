/** --on-error and --rejects: what becomes of records that cannot be read. */
import { realpath } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'
import type { Fault, Kept } from '../events/index.ts'
import { counted } from '../text.ts'
import { type Output, openOutput } from './output.ts'
import { say } from './view/messages.ts'

export interface BadRecordsOptions {
  onError: 'fail' | 'skip' | 'null'
  rejects?: string
}

export function badRecordsOptions(command: Command): Command {
  return command
    .optionsGroup('Bad records (not JSON, too many or too few cells, text instead of a number, a stray quote):')
    .addOption(
      new Option('--on-error <what>', 'fail at the first one, skip them, or score them null')
        .choices(['fail', 'skip', 'null'])
        .default('fail'),
    )
    .option('--rejects <file>', 'write them to a file as NDJSON: file, line, row, reason, and the text as it came')
}

/** Counts the bad records, and writes them where that is asked for. */
export class BadRecords {
  readonly #options: BadRecordsOptions
  readonly #output: Output | undefined
  #first: Fault | undefined
  count = 0

  private constructor(options: BadRecordsOptions, output: Output | undefined) {
    this.#options = options
    this.#output = output
  }

  /**
   * Nothing where the first bad record is to end the command.
   * @param out where the scores go, if that is a file
   */
  static async open(options: BadRecordsOptions, out: string | undefined): Promise<BadRecords | undefined> {
    const { onError, rejects } = options
    if (onError === 'fail') {
      if (rejects === undefined) return undefined
      throw new UsageError(
        '--rejects needs --on-error skip or --on-error null: by default the first bad record ends all',
      )
    }
    if (rejects === undefined) return new BadRecords(options, undefined)
    if (out !== undefined && (await placeOf(rejects)) === (await placeOf(out))) {
      throw new UsageError(`--rejects ${rejects}: is the same file as --out ${out}; name another file`)
    }
    return new BadRecords(options, await openOutput(rejects))
  }

  /** Takes a bad record. Returns whether it keeps its place among the events. */
  take = async ({ row, fault }: Kept): Promise<boolean> => {
    const { file, line, reason, text } = fault!
    this.count++
    this.#first ??= fault
    await this.#output?.write(`${JSON.stringify({ file, line, row, reason, text })}\n`)
    return this.#options.onError === 'null'
  }

  async finish(): Promise<void> {
    await this.#output?.finish()
  }

  async abandon(): Promise<void> {
    await this.#output?.abandon()
  }

  /** Tells how many there were. */
  tell(): void {
    if (this.count === 0) return
    const { onError, rejects } = this.#options
    const what = onError === 'skip' ? 'left out' : 'scored null'
    const { file, line, reason } = this.#first!
    say(
      `${counted(this.count, 'bad record')} ${what}; ${rejects ? `see ${rejects}` : `the first: ${file}:${line}: ${reason}`}`,
    )
  }
}

/** A file by whatever name; one that is not there by the name that is given. */
async function placeOf(path: string): Promise<string> {
  return realpath(path).catch(() => path)
}

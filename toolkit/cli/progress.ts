/** A bar on standard error, while something long runs and someone looks on. */
import { SingleBar } from 'cli-progress'
import type { Epoch } from 'nndrone'
import { digits, say, width } from './terminal.ts'

export interface Progress {
  /** @param note what stands behind the bar */
  update(value: number, note?: string): void
  setTotal(total: number): void
  stop(): void
}

const NONE: Progress = { update() {}, setTotal() {}, stop() {} }

/** Room for what stands around the bar. */
const AROUND = 48

/**
 * A bar from 0 to `total`, or nothing where standard error is no terminal.
 * @param title stands before the bar
 */
export function progress(title: string, total: number | undefined, quiet = false): Progress {
  if (quiet || !total || !process.stderr.isTTY) return NONE
  const bar = new SingleBar({
    format: `${title} {bar} {percentage}% {note}`,
    barsize: Math.max(8, width(process.stderr) - AROUND),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: null,
    // Ctrl-C is for the commands to hear.
    gracefulExit: false,
  })
  const stop = () => bar.stop()
  // The bar turns off the wrapping of lines; an interrupted command must turn it on again.
  process.once('exit', stop)
  bar.start(total, 0, { note: '' })
  return {
    update: (value, note = '') => bar.update(value, { note }),
    setTotal: (total) => bar.setTotal(total),
    stop() {
      process.off('exit', stop)
      stop()
    },
  }
}

/** Shows epochs as they pass: a bar on a terminal, else a line for each growth. */
export function watchEpochs(title: string, quiet: boolean | undefined) {
  let bar: Progress | undefined
  function see({ epoch, loss, hidden, grew }: Epoch, total: number): void {
    bar ??= progress(title, total, quiet)
    bar.setTotal(total)
    bar.update(epoch, `epoch ${epoch} loss ${digits(loss)} hidden ${hidden.join(',')}`)
    if (grew && !quiet && !process.stderr.isTTY) {
      say(`epoch ${epoch}: loss ${digits(loss)}, grew from ${hidden.join(',')} hidden units`)
    }
  }
  return { see, stop: () => bar?.stop() }
}

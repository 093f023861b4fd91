/** A bar on standard error, while something long runs and someone looks on. */
import { SingleBar } from 'cli-progress'
import type { Epoch } from 'nndrone'
import type { Progress } from '../../jobs/job.ts'
import { say } from './messages.ts'
import { digits } from './numbers.ts'
import { width } from './terminal.ts'

export interface Bar {
  /** @param note what stands behind the bar */
  update(value: number, note?: string): void
  setTotal(total: number): void
  stop(): void
}

const NONE: Bar = { update() {}, setTotal() {}, stop() {} }

/** Room for what stands around the bar. */
const AROUND = 48

/**
 * A bar from 0 to `total`, or nothing where standard error is no terminal.
 * @param title stands before the bar
 */
export function progressBar(title: string, total: number | undefined, quiet = false): Bar {
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

/** The bars of stages that are no training. */
const TITLES = { reading: 'reading', asking: 'asking the teacher', scoring: 'scoring', measuring: 'measuring' } as const

export interface ProgressView {
  see(progress: Progress): void
  stop(): void
}

/** Shows how far a job is: a bar for each of its stages. */
export function watch(quiet: boolean | undefined, training = 'training'): ProgressView {
  const epochs = watchEpochs(training, quiet)
  let stage: Progress['stage'] | undefined
  let bar: Bar | undefined
  return {
    see(progress) {
      if (progress.stage !== stage) {
        bar?.stop()
        bar = progress.stage === 'training' ? undefined : progressBar(TITLES[progress.stage], progress.total, quiet)
        stage = progress.stage
      }
      if (progress.epoch) epochs.see(progress.epoch, progress.total!)
      else {
        if (progress.total) bar?.setTotal(progress.total)
        bar?.update(progress.done)
      }
    },
    stop() {
      bar?.stop()
      epochs.stop()
    },
  }
}

/** Shows epochs as they pass: a bar on a terminal, else a line for each growth or pruning. */
export function watchEpochs(title: string, quiet: boolean | undefined) {
  let bar: Bar | undefined
  function see({ epoch, loss, hidden, grew, step }: Epoch, total: number): void {
    bar ??= progressBar(title, total, quiet)
    bar.setTotal(total)
    bar.update(epoch, `epoch ${epoch} loss ${digits(loss)} hidden ${hidden.join(',')}`)
    if ((grew || step === 'pruning') && !quiet && !process.stderr.isTTY) {
      const how = grew ? 'grew' : 'pruned'
      say(`epoch ${epoch}: loss ${digits(loss)}, ${how} from ${hidden.join(',')} hidden units`)
    }
  }
  return { see, stop: () => bar?.stop() }
}

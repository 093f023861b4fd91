/** The job of the service, as it goes on: told by server-sent events, which are taken up again when they break off. */
import { useEffect, useState } from 'preact/hooks'
import type { JobMessage, JobState, ShortEpoch } from '../service/grow-messages.ts'
import { answer } from './service.ts'

export interface Watched {
  job: JobState | null
  epochs: readonly ShortEpoch[]
}

/** Milliseconds until the stream is asked for again. */
const AGAIN = 1000

/** @param on whether somebody looks on; undefined until the service has told */
export function useJob(on: boolean): Watched | undefined {
  const [watched, setWatched] = useState<Watched>()
  useEffect(() => {
    if (!on) return
    const ended = new AbortController()
    const { signal } = ended
    const take = ({ job, from, epochs }: JobMessage) => {
      setWatched((before) => {
        const same = before?.job?.id === job?.id ? before!.epochs.slice(0, from) : []
        return { job, epochs: [...same, ...epochs] }
      })
    }
    const follow = async () => {
      while (!signal.aborted) {
        try {
          for await (const message of messages((await answer('/page/job', { signal })).body!)) take(message)
        } catch {
          // The page says that the service is away; this waits for it.
        }
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN))
      }
    }
    follow()
    return () => ended.abort()
  }, [on])
  return watched
}

/** What stands behind `data:`, a message a line. */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<JobMessage> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  for (let text = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (text + value).split('\n\n')
    text = parts.pop()!
    for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice(6))
  }
}

/** A new drone: from a teacher and events to a version that answers. */
import { useEffect, useState } from 'preact/hooks'
import type { Choices } from '../service/grow-messages.ts'
import { GrowForm } from './grow-form.tsx'
import { useJob } from './job.ts'
import { JobView } from './job-view.tsx'
import { explained, json, type Summary } from './service.ts'

interface Props {
  models: readonly Summary[]
  shown: boolean
  away?: boolean
  onChange(): void
}

export function Grow({ models, shown, away, onChange }: Props) {
  const [choices, setChoices] = useState<Choices>()
  const [failed, setFailed] = useState<string>()
  const watched = useJob(shown && !away)
  const names = models.map(({ name }) => name).join()
  useEffect(() => {
    if (!shown || away) return
    json<Choices>('/page/choices').then(setChoices, (error) => setFailed(explained(error)))
  }, [shown, away, names])
  if (!choices) return <p class="muted">{failed ?? 'Loading…'}</p>
  if (!choices.able)
    return <p class="hint">Drones are grown by a service of one process; start it without --workers.</p>
  return (
    <>
      {!choices.writable && (
        <p class="hint">
          Growing writes, and writing is off. Start the service with a token of your choice:{' '}
          <code>NNDRONE_TOKEN=secret npx nndrone serve …</code>
        </p>
      )}
      <div class="grow">
        <GrowForm choices={choices} busy={isBusy(watched?.job?.state)} />
        {watched?.job ? (
          <JobView key={watched.job.id} job={watched.job} epochs={watched.epochs} models={models} onChange={onChange} />
        ) : (
          <p class="hint">The loss is drawn here while a drone learns; a closed tab does not stop it.</p>
        )}
      </div>
    </>
  )
}

function isBusy(state: string | undefined): boolean {
  return state === 'running' || state === 'stopping'
}

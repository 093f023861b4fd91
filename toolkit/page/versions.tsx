/** The versions of a model side by side, and which of them answers. */
import { useEffect, useState } from 'preact/hooks'
import { numberText } from '../plots/index.ts'
import { type Loaded, loaded, partOf } from './documents.ts'
import { Action, Wide } from './pieces.tsx'
import { explained, json, modelPath, type Summary, type Versions, write } from './service.ts'

/** So many of the latest are shown. */
const MOST = 20

export function VersionsTable({ model, onChange }: { model: Summary; onChange(): void }) {
  const { name, active, versions } = model
  const [state, setState] = useState<{ list?: Versions; failed?: string }>({})
  useEffect(() => {
    json<Versions>(`${modelPath(name)}/versions`).then(
      (list) => setState({ list }),
      (error) => setState({ failed: explained(error) }),
    )
  }, [name, active, versions.join()])
  const { list, failed } = state
  if (failed) return <p class="failed">{failed}</p>
  if (!list) return <p class="muted">Loading…</p>
  const shown = list.versions.slice(-MOST).reverse()
  const changed = async (path: string) => {
    setState({ list: await write<Versions>(path) })
    onChange()
  }
  return (
    <div class="card">
      <Wide label={`Versions of ${name}`}>
        <table>
          <thead>
            <tr>
              {['version', 'hidden units', 'parameters', 'MSE', 'cuts', 'taken up', ''].map((head) => (
                <th scope="col">{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ version, sha256, since, active }) => (
              <tr key={version} class={active ? 'active' : undefined}>
                <th scope="row">{version}</th>
                <Size name={name} version={version} sha256={sha256} />
                <td>{new Date(since).toLocaleString()}</td>
                <td>
                  {active ? (
                    <strong>answers</strong>
                  ) : (
                    <Action
                      aria-label={`Promote version ${version}`}
                      does={() => changed(`${modelPath(name, version)}/promote`)}
                    >
                      Promote
                    </Action>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <div class="row">
        <Action disabled={list.before.length === 0} does={() => changed(`${modelPath(name)}/rollback`)}>
          Roll back{list.before.length > 0 && ` to version ${list.before.at(-1)}`}
        </Action>
      </div>
    </div>
  )
}

function Size({ name, version, sha256 }: { name: string; version: string; sha256: string }) {
  const [it, setIt] = useState<Loaded>()
  useEffect(() => {
    loaded(name, version, sha256).then(setIt, () => {})
  }, [name, version, sha256])
  const mse = it && partOf(it.own.fidelity).mse
  return (
    <>
      <td>{it?.drone.hidden.join(', ')}</td>
      <td class="number">{it && numberText(it.drone.parameters)}</td>
      <td class="number">{typeof mse === 'number' ? numberText(mse) : ''}</td>
      <td>
        {it &&
          Object.entries(it.drone.cuts)
            .map(([cut, { threshold }]) => `${cut} ${numberText(threshold, 4)}`)
            .join(', ')}
      </td>
    </>
  )
}

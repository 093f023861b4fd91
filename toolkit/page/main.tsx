/** The page of a service: its views, and whether the service is there. */
import { render } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { Drones } from './drones.tsx'
import { Grow } from './grow.tsx'
import { Away, explained, json, type Summary } from './service.ts'
import { TokenDialog } from './token.tsx'
import { Try } from './try.tsx'

/** Milliseconds between two looks at the service, and while it is away. */
const LOOK = { here: 2000, away: 1000 }

const VIEWS = { drones: 'Drones', try: 'Try', grow: 'Grow' } as const
type View = keyof typeof VIEWS

/** `#try/best` */
function routeOf(hash: string): { view: View; name?: string } {
  const [, view = '', name] = /^#(\w+)(?:\/(.*))?$/.exec(hash) ?? []
  try {
    return { view: Object.hasOwn(VIEWS, view) ? (view as View) : 'drones', name: name && decodeURIComponent(name) }
  } catch {
    return { view: 'drones' }
  }
}

function useRoute() {
  const [route, setRoute] = useState(routeOf(location.hash))
  useEffect(() => {
    const follow = () => setRoute(routeOf(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return route
}

interface State {
  models?: Summary[]
  away?: boolean
  failed?: string
}

/** What is served, looked at again and again while somebody looks on. */
function useModels(): State & { refresh(): void } {
  const [state, setState] = useState<State>({})
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let current = true
    const look = async () => {
      let wait = LOOK.here
      if (!document.hidden) {
        try {
          const models = await json<Summary[]>('/v2/models')
          if (current) setState({ models })
        } catch (error) {
          const away = error instanceof Away
          if (away) wait = LOOK.away
          if (current) setState(({ models }) => ({ models, away, failed: away ? undefined : explained(error) }))
          // Whoever has refused to give a token is not asked again and again.
          if (!away) return
        }
      }
      if (current) timer = setTimeout(look, wait)
    }
    look()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [turn])
  return { ...state, refresh: useCallback(() => setTurn((turn) => turn + 1), []) }
}

function App() {
  const { view, name } = useRoute()
  const { models, away, failed, refresh } = useModels()
  return (
    <>
      <header class="top">
        <a class="brand" href="#drones">
          NNDrone
        </a>
        <nav aria-label="Views">
          {Object.entries(VIEWS).map(([id, title]) => (
            <a key={id} href={`#${id}`} aria-current={id === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <div role="status" class={away ? 'away' : undefined}>
        {away &&
          'The service is away. What you see is the latest that it told; the page goes on by itself when it is back.'}
      </div>
      {failed && (
        <p class="failed" role="alert">
          {failed}{' '}
          <button type="button" onClick={refresh}>
            Try again
          </button>
        </p>
      )}
      <main>
        <h1 class="unseen">{VIEWS[view]}</h1>
        {!models && !failed && !away && <p class="muted">Loading…</p>}
        {models && view === 'drones' && <Drones models={models} onChange={refresh} />}
        {models && view === 'try' && <Try models={models} name={name} away={away} />}
        {models && (
          <div hidden={view !== 'grow'}>
            <Grow models={models} shown={view === 'grow'} away={away} onChange={refresh} />
          </div>
        )}
      </main>
      <TokenDialog />
    </>
  )
}

render(<App />, document.getElementById('page')!)

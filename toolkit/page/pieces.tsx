/** What the views are made of. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Figure, numberText } from '../plots/index.ts'
import { explained } from './service.ts'

export function Plot({ figure }: { figure: Figure }) {
  // The plots escape every name that they draw.
  return <figure dangerouslySetInnerHTML={{ __html: figure.svg }} />
}

/** Names with what there is to say of each; what is undefined is left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {of
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** A button that waits for what it does, and says what went wrong. */
export function Action({ does, children, ...more }: ActionProps) {
  const [state, setState] = useState<{ busy?: boolean; failed?: string }>({})
  const act = async () => {
    setState({ busy: true })
    try {
      await does()
      setState({})
    } catch (error) {
      setState({ failed: explained(error) })
    }
  }
  return (
    <>
      <button type="button" {...more} disabled={more.disabled || state.busy} onClick={act}>
        {children}
      </button>
      {state.failed && (
        <span class="failed" role="alert">
          {state.failed}
        </span>
      )}
    </>
  )
}

interface ActionProps {
  does(): unknown
  children: ComponentChildren
  class?: string
  disabled?: boolean
  'aria-label'?: string
}

/** A table that is moved by finger or arrow keys where it is wider than the screen. */
export function Wide({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

const UNITS = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
] as const

/** `1.2 ms` */
export function secondsText(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? UNITS[2]
  return `${numberText(seconds / size, 3)} ${unit}`
}

export function percent(fraction: number): string {
  return `${numberText(100 * fraction, 3)} %`
}

export function count(number: number, noun: string): string {
  return `${numberText(number)} ${noun}${number === 1 ? '' : 's'}`
}

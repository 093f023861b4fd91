/** Asks for the token that the service wants; it is kept in this tab alone. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { askTokensBy } from './service.ts'

export function TokenDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const settle = useRef<(token: string | undefined) => void>(() => {})
  const [reason, setReason] = useState('')
  useEffect(() => {
    askTokensBy((why) => {
      setReason(why)
      dialog.current!.showModal()
      return new Promise((resolve) => {
        settle.current = resolve
      })
    })
  }, [])
  const close = (token?: string) => {
    settle.current(token || undefined)
    settle.current = () => {}
    input.current!.value = ''
    if (dialog.current!.open) dialog.current!.close()
  }
  return (
    <dialog ref={dialog} aria-labelledby="token-title" onClose={() => close()}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault()
          close(input.current!.value.trim())
        }}
      >
        <h2 id="token-title">A token is needed</h2>
        <p>
          {reason || 'The service was started with a token, in NNDRONE_TOKEN. This tab forgets it when it is closed.'}
        </p>
        <label>
          Token
          <input ref={input} type="password" autocomplete="off" spellcheck={false} required />
        </label>
        <div class="row">
          <button type="submit" class="first">
            Go on
          </button>
          <button type="button" onClick={() => close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  )
}

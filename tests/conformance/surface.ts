import { test } from 'vitest'

/**
 * One thing that users of an official SDK do, as a row of docs/compatibility.md. The page is made from these rows and from how
 * their tests ended, so it can claim nothing that was not run.
 */
export interface Surface {
  /** The npm package, e.g. `@anthropic-ai/sdk`. */
  sdk: string
  /** What is called, as its users write it: `messages.stream`. */
  call: string
  /**
   * `exact`: as with the vendor. `approximated`: it works, with a difference that `remark` names.
   * `not possible`: the vendor's own upstream is needed; the test proves that the user is told so.
   */
  level: 'exact' | 'approximated' | 'not possible'
  /** Demanded unless the level is `exact`. */
  remark?: { en: string; zh: string }
}

declare module 'vitest' {
  interface TaskMeta {
    surface?: Surface
  }
}

/** A test that is a row of docs/compatibility.md. Its name is `<sdk>: <call>`; one row may have several tests with the same `call`. */
export function surface(row: Surface, run: () => Promise<void>, about = ''): void {
  if (row.level !== 'exact' && row.remark === undefined) throw new Error(`${row.sdk} ${row.call}: a remark is missing`)
  test(`${row.sdk}: ${row.call}${about === '' ? '' : `, ${about}`}`, async ({ task }) => {
    task.meta.surface = row
    await run()
  })
}

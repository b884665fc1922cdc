/**
 * Who this page is: the second value of a session, kept by this origin alone. The first is a cookie that no script can read; neither opens
 * anything without the other.
 */
const KEPT_AS = 'dragoman-session'

const listeners = new Set<() => void>()
let known: boolean | undefined

export const session = {
  value: (): string | null => localStorage.getItem(KEPT_AS),
  /** Undefined until it was asked for once. */
  signedIn: (): boolean | undefined => known,
  set(value: string) {
    localStorage.setItem(KEPT_AS, value)
    known = true
    listeners.forEach((listener) => listener())
  },
  /** @param asked what was sent when it was told: an answer that comes late says nothing of a session that was opened since */
  over(asked: string | null = session.value()) {
    if (asked !== session.value()) return
    localStorage.removeItem(KEPT_AS)
    known = false
    listeners.forEach((listener) => listener())
  },
  found(signedIn: boolean) {
    known = signedIn
    listeners.forEach((listener) => listener())
  },
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

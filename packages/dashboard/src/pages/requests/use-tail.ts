import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLive } from '../../api/live.js'
import { readPage, REQUESTS, type LoggedRequest, type Query, type RunningRequest } from './data.js'
import { MOST_HELD, release, withNews, withOlder, type News, type Tail } from './tail-state.js'

const EMPTY: Tail = { items: [], held: [], running: [], more: false }

/** A list with filters is asked for anew at most so often: only the gateway knows what fits. */
const ASK_EVERY_MS = 2_500

/**
 * The list as it grows. What happens is gathered and drawn once a frame, however much it is.
 * @param live show what happens as it happens
 * @param away the reader is not at the top: nothing may move under them
 */
export function useTail(query: Query, { live, away }: { live: boolean; away: boolean }) {
  const filtered = Object.keys(query).length > 0
  const key = JSON.stringify(query)
  const [tail, setTail] = useState<Tail>(EMPTY)
  const [loadingOlder, setLoadingOlder] = useState(false)
  const news = useRef<{ started: RunningRequest[]; finished: LoggedRequest[] }>({ started: [], finished: [] })
  const frame = useRef<number | undefined>(undefined)
  const hold = useRef(false)
  hold.current = away || !live

  const first = useQuery({
    queryKey: [...REQUESTS, 'list', key],
    queryFn: () => readPage(query),
    staleTime: 0,
    gcTime: 0,
  })
  const { data, refetch } = first

  // What came in the meantime is newer than the page, so it is kept.
  useEffect(() => {
    if (data === undefined) return
    setTail((before) => {
      const there = new Set([...before.items, ...before.held].map(({ id }) => id))
      // Nothing in common: too much happened in between to say what.
      const goesOn = data.records.length === 0 || data.records.some(({ id }) => there.has(id))
      const same = before.items.length > 0 && belongs.current === key && goesOn
      belongs.current = key
      const base: Tail = same ? before : { ...EMPTY, running: data.running, more: data.next !== null }
      const known = new Set([...base.items, ...base.held].map(({ id }) => id))
      const finished = data.records.filter(({ id }) => !known.has(id)).reverse()
      const merged = withNews(base, { started: [], finished }, same && hold.current)
      return { ...merged, running: data.running }
    })
  }, [data, key])
  const belongs = useRef(key)

  const draw = useCallback(() => {
    frame.current = undefined
    const told: News = news.current
    news.current = { started: [], finished: [] }
    setTail((before) => withNews(before, told, hold.current))
  }, [])

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useLive('requests', (message) => {
    const { phase, entry } = message as { phase?: string; entry?: unknown }
    if (entry === undefined) return
    if (filtered) {
      if (phase === 'finished') {
        timer.current ??= setTimeout(() => {
          timer.current = undefined
          void refetch()
        }, ASK_EVERY_MS)
      }
      return
    }
    if (phase === 'started') news.current.started.push(entry as RunningRequest)
    else news.current.finished.push(entry as LoggedRequest)
    // A page that nobody sees draws nothing.
    if (news.current.finished.length > MOST_HELD) news.current.finished.splice(0, MOST_HELD / 2)
    if (news.current.started.length > MOST_HELD) news.current.started.splice(0, MOST_HELD / 2)
    frame.current ??= requestAnimationFrame(draw)
  })
  useLive('reset', () => void refetch())
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      if (frame.current !== undefined) cancelAnimationFrame(frame.current)
      frame.current = undefined
    },
    [],
  )

  const catchUp = useCallback(() => setTail(release), [])
  useEffect(() => {
    if (!away && live) catchUp()
  }, [away, live, catchUp])

  const last = tail.items.at(-1)?.id
  const loadOlder = useCallback(() => {
    if (last === undefined || loadingOlder) return
    setLoadingOlder(true)
    readPage(query, last)
      .then(({ records, next }) => setTail((before) => withOlder(before, records, next !== null)))
      // The next scroll tries again.
      .catch(() => undefined)
      .finally(() => setLoadingOlder(false))
    // The key says when the query is another one.
  }, [last, loadingOlder, key])

  const clear = useCallback(() => setTail((before) => ({ ...EMPTY, running: before.running })), [])
  return { tail, first, loadOlder, loadingOlder, catchUp, clear }
}

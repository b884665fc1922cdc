import { useEffect, useRef, useState } from 'react'
import { session } from './session.js'

/** Names as in the gateway's `LIVE_TOPICS`. */
export type LiveTopic =
  | 'accounts'
  | 'quota'
  | 'requests'
  | 'events'
  | 'logins'
  | 'tasks'
  | 'log'
  | 'config'
  | 'client-keys'
  | 'api-keys'
  | 'proxies'
  | 'models'
  | 'errors'
  | 'sessions'
  | 'audit'

type Listener = (data: unknown) => void
/** `reset`: too much was missed; read everything anew. */
type Told = LiveTopic | 'reset'

const listeners = new Map<Told, Set<Listener>>()
const watchers = new Set<(online: boolean) => void>()
let lastId: string | undefined
let running: AbortController | undefined
let online = true

function setOnline(value: boolean): void {
  if (online === value) return
  online = value
  watchers.forEach((watcher) => watcher(value))
}

function topics(): LiveTopic[] {
  return [...listeners.keys()].filter((topic): topic is LiveTopic => topic !== 'reset')
}

function tell(topic: Told, data: unknown): void {
  listeners.get(topic)?.forEach((listener) => listener(data))
}

/** One stream a page; it comes back by itself and goes on where it was. */
async function run(signal: AbortSignal): Promise<void> {
  let pauseMs = 500
  while (!signal.aborted) {
    try {
      const value = session.value()
      const response = await fetch(`/admin/live?topics=${topics().join(',')}`, {
        headers: {
          'x-dragoman-session': value ?? '',
          ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
        },
        signal,
      })
      if (response.status === 401) return session.over(value)
      if (!response.ok || response.body === null) throw new Error(String(response.status))
      setOnline(true)
      pauseMs = 500
      await read(response.body)
    } catch {
      if (signal.aborted) return
      setOnline(false)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    pauseMs = Math.min(pauseMs * 2, 10_000)
  }
}

async function read(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const frames = (rest + value).split('\n\n')
    rest = frames.pop() ?? ''
    frames.forEach(frameRead)
  }
}

function frameRead(frame: string): void {
  const field = (name: string): string | undefined =>
    frame
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  lastId = field('id') ?? lastId
  const event = field('event')
  const data = field('data')
  if (event === undefined || data === undefined || event === 'hello') return
  tell(event as Told, JSON.parse(data))
}

let restart: ReturnType<typeof setTimeout> | undefined

/** What is listened to has changed: one new stream for all that changed in this moment. */
function follow(): void {
  clearTimeout(restart)
  restart = setTimeout(() => {
    running?.abort()
    running = undefined
    if (topics().length === 0 || session.value() === null) return
    running = new AbortController()
    void run(running.signal)
  }, 20)
}
session.subscribe(follow)

/** Calls back with everything that is told of a topic while the component is there. */
export function useLive(topic: Told, listener: Listener): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const call: Listener = (data) => latest.current(data)
    const of = listeners.get(topic) ?? new Set()
    const isNew = of.size === 0
    of.add(call)
    listeners.set(topic, of)
    if (isNew && topic !== 'reset') follow()
    return () => {
      of.delete(call)
      if (of.size > 0) return
      listeners.delete(topic)
      if (topic !== 'reset') follow()
    }
  }, [topic])
}

/** Does the gateway answer? */
export function useOnline(): boolean {
  const [value, setValue] = useState(online)
  useEffect(() => {
    watchers.add(setValue)
    return () => void watchers.delete(setValue)
  }, [])
  return value
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../packages/gateway/bin/dragoman.mjs', import.meta.url))
const BUILD = new URL('../../scripts/build.mjs', import.meta.url).href

/** What `serve --json` prints. */
export interface Ready {
  event: 'ready'
  url: string
  dashboard: string
  clientKey?: string
  demoKey?: string
}

/** The program as users run it, in a process of its own. */
export interface Program {
  readonly child: ChildProcess
  readonly out: string
  readonly err: string
  /** Waits until it has said this, on either stream. */
  says(what: RegExp): Promise<RegExpExecArray>
  /** The line of `serve --json`. */
  ready(): Promise<Ready>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }>
}

/** Builds the bundle when it is not of these sources. */
export async function build(): Promise<void> {
  const { isStale, buildAll } = (await import(BUILD)) as { isStale(): boolean; buildAll(): Promise<void> }
  if (isStale()) await buildAll()
}

const running = new Set<ChildProcess>()

export function dragoman(argv: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let [out, err] = ['', '']
  let over = false
  let wake: () => void = () => undefined
  let news = new Promise<void>((resolve) => (wake = resolve))
  const tell = (): void => {
    wake()
    news = new Promise<void>((resolve) => (wake = resolve))
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    tell()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    tell()
  })
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    over = true
    tell()
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, out, err }
  })
  async function says(what: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = what.exec(out) ?? what.exec(err)
      if (found !== null) return found
      if (over) throw new Error(`it ended without saying ${what}:\n${out}\n${err}`)
      await news
    }
  }
  return {
    child,
    get out() {
      return out
    },
    get err() {
      return err
    },
    says,
    async ready() {
      await says(/"event":"ready".*\n/)
      return JSON.parse(out.slice(0, out.indexOf('\n'))) as Ready
    },
    ended,
  }
}

/** Ends what a failed test left. */
export async function endAll(): Promise<void> {
  for (const child of running) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

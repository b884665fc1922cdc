import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { startSimulator, type SimulatedAccount, type Simulator, type SimulatorOptions } from '@dragoman/simulator'
import { expect } from 'vitest'
import { runCli, type Deps } from '../../packages/gateway/src/cli/index.js'

/** What a command said and how it ended. */
export interface Said {
  code: number
  out: string
  err: string
}

/** A command that runs until something happens. */
export interface Running {
  readonly out: string
  readonly err: string
  readonly stdin: PassThrough
  /** Waits until everything said so far, on both streams, holds this. */
  says(what: RegExp): Promise<RegExpExecArray>
  /** As Ctrl-C does. */
  signal(): void
  /** Codes with which the command ended the process by force. */
  readonly exits: number[]
  readonly done: Promise<Said>
}

/** The command line in-process, with a data folder of its own, before a simulated login server and backend. */
export interface Terminal {
  home: string
  simulator: Simulator
  env: Record<string, string>
  /** Nothing of this may ever be printed. */
  secrets: Set<string>
  run(...argv: string[]): Promise<Said>
  runWith(options: { stdin?: string; env?: Record<string, string> }, ...argv: string[]): Promise<Said>
  start(argv: string[], options?: { tty?: boolean; openBrowser?: (url: string) => void }): Running
  /** An account of the simulator, and its auth.json as a file. */
  account(email: string): SimulatedAccount & { file: string }
  close(): Promise<void>
}

export async function openTerminal(options: SimulatorOptions = {}): Promise<Terminal> {
  const simulator = await startSimulator({ deviceInterval: 0.01, ...options })
  const home = mkdtempSync(join(tmpdir(), 'dragoman-terminal-'))
  const env: Record<string, string> = {
    HOME: home,
    DRAGOMAN_HOME: home,
    DRAGOMAN_AUTH_ISSUER: simulator.issuer,
    DRAGOMAN_CODEX_BASE_URL: simulator.backendUrl,
    DRAGOMAN_AUTH_CALLBACK_PORT: String(await freePort()),
    NO_COLOR: '1',
  }
  const secrets = new Set<string>()

  function start(
    argv: string[],
    how: { tty?: boolean; openBrowser?: (url: string) => void; env?: Record<string, string> } = {},
  ): Running {
    const stdin = new PassThrough()
    let [out, err] = ['', '']
    let listener: (() => void) | undefined
    const exits: number[] = []
    const woken = new Set<() => void>()
    const wake = (): void => woken.forEach((look) => look())
    const deps: Deps = {
      env: { ...env, ...how.env },
      stdin,
      out(text) {
        out += text
        wake()
      },
      err(text) {
        err += text
        wake()
      },
      tty: how.tty ?? false,
      script: '',
      version: '0.0.0-test',
      onSignal(heard) {
        listener = heard
        return () => (listener = undefined)
      },
      exit: (code) => void exits.push(code),
      ...(how.openBrowser === undefined ? {} : { openBrowser: how.openBrowser }),
    }
    const done = runCli(argv, deps).then((code) => {
      wake()
      const said = { code, out, err }
      expectDecent(argv, said, secrets)
      return said
    })
    done.catch(wake)
    return {
      get out() {
        return out
      },
      get err() {
        return err
      },
      stdin,
      exits,
      done,
      signal: () => listener?.(),
      async says(what) {
        for (;;) {
          const found = what.exec(out) ?? what.exec(err)
          if (found !== null) return found
          let look: () => void = () => undefined
          const news = new Promise<void>((resolve) => {
            look = resolve
            woken.add(look)
          })
          const ended = await Promise.race([news, done.then((said) => said)])
          woken.delete(look)
          if (ended !== undefined && what.exec(out) === null && what.exec(err) === null) {
            throw new Error(`it ended without saying ${what}: ${JSON.stringify(ended)}`)
          }
        }
      },
    }
  }

  function runWith(how: { stdin?: string; env?: Record<string, string> }, ...argv: string[]): Promise<Said> {
    const running = start(argv, how)
    running.stdin.end(how.stdin ?? '')
    return running.done
  }

  return {
    home,
    simulator,
    env,
    secrets,
    start,
    runWith,
    run: (...argv) => runWith({}, ...argv),
    account(email) {
      const account = simulator.addAccount({ email, plan: 'plus' })
      const file = join(home, `${email}.json`)
      writeFileSync(file, JSON.stringify(account.authJson), { mode: 0o600 })
      for (const secret of [account.accessToken, account.refreshToken, account.idToken]) secrets.add(secret)
      return { ...account, file }
    },
    async close() {
      await simulator.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** What holds for everything that is ever printed. */
function expectDecent(argv: readonly string[], { code, out, err }: Said, secrets: ReadonlySet<string>): void {
  for (const secret of secrets) expect(out + err).not.toContain(secret)
  expect(out + err, 'no token').not.toMatch(/eyJ[\w-]{10,}\.|\brt[._-][\w-]{10,}/)
  const tellsKey = (argv[0] === 'keys' && argv[1] === 'create') || ['serve', 'demo'].includes(argv[0] ?? 'serve')
  if (!tellsKey) expect(out + err, 'no client key').not.toMatch(/dgm-\w{20,}/)
  // No colours, nothing that moves the cursor.
  expect(out + err).not.toContain('\u001b')
  if (code === 0) expect(err).not.toMatch(/^dragoman: /m)
  else expect(err).not.toMatch(/^\s+at /m)
}

/** A mistake as it must be told: one line on standard error, nothing on standard output. */
export function expectMistake(said: Said, code: 1 | 2, what: RegExp | string): void {
  expect(said.err).toMatch(/^dragoman: [^\n]+\n$/)
  expect(said.err).toMatch(what)
  expect(said.out).toBe('')
  expect(said.code).toBe(code)
}

/** One line of JSON, and nothing else. */
export function oneLineOfJson(said: Said): unknown {
  expect(said).toMatchObject({ code: 0, err: '' })
  expect(said.out).toMatch(/^[^\n]+\n$/)
  return JSON.parse(said.out) as unknown
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { GOALS, verdict } from './goals.js'
import { image, conversation } from './measures/large-bodies.js'
import { clients, paced, ttft } from './measures/latency.js'
import type { Measure } from './measures/measure.js'
import { events, requests } from './measures/rates.js'
import { start } from './measures/start.js'
import { leave, open } from './measures/streams.js'
import { tokenCount } from './measures/token-count.js'
import { turns } from './measures/turns.js'
import { record, table, type Row } from './report.js'
import { within } from './stage/processes.js'
import { buildStage, type Stage } from './stage/stage.js'

const MEASURES: readonly Measure[] = [
  start,
  requests,
  events,
  ttft,
  clients,
  paced,
  open,
  image,
  conversation,
  tokenCount,
  turns,
  leave,
]
/** No measure takes half as long; one that does is stuck. */
const MEASURE_LIMIT_MS = 90_000

const USAGE = `npm run bench -- [--quick] [--only NAME]…
  --quick       shorter rounds, under a minute in all; for a look while working
  --only NAME   ${MEASURES.map(({ name }) => name).join(' | ')}; may be given more than once
`

/**
 * Runs the benchmark and prints the table of goals.
 * @param root the clone
 * @param actors where the bundled actors lie
 * @returns the exit code: 0 when everything could be measured, whatever the verdicts; 1 when not; 2 for wrong usage
 */
export async function bench(root: string, actors: string, args: readonly string[]): Promise<number> {
  const chosen = choose(args)
  if (typeof chosen === 'string') {
    process.stderr.write(chosen)
    return 2
  }
  if (process.platform !== 'linux') {
    process.stderr.write('the benchmark reads CPU times and memory from /proc and so runs on Linux only\n')
    return 2
  }
  const began = performance.now()
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const stage = await buildStage(root, actors, chosen.quick, say)
  const interrupted = (): void => void stage.clear().then(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    const rows: Row[] = []
    const details: Record<string, string> = {}
    for (const measure of chosen.measures) {
      const { found, detail } = await take(measure, stage)
      rows.push(...found)
      details[measure.name] = detail
      say(`${measure.name.padEnd(13)} ${detail}`)
    }
    const took = Math.round((performance.now() - began) / 1000)
    const { file, path } = resultFile(root)
    const about = {
      at: new Date().toISOString(),
      node: process.version,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      quick: chosen.quick,
      seconds: took,
    }
    writeFileSync(file, `${JSON.stringify(record(rows, details, about), undefined, 2)}\n`)
    say(`\n${table(rows)}\n\n${tally(rows)}; ${took} s; ${path}`)
    return rows.every(({ value }) => value !== undefined) ? 0 : 1
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await stage.clear()
  }
}

async function take(measure: Measure, stage: Stage): Promise<{ found: Row[]; detail: string }> {
  try {
    const { values, detail } = await within(MEASURE_LIMIT_MS, measure.name, measure.run(stage))
    const found = measure.goals.map((id): Row => {
      const value = values[id]
      return value === undefined ? { id, reason: 'not measured' } : { id, value }
    })
    return { found, detail }
  } catch (error) {
    await stage.reset()
    const reason = error instanceof Error ? error.message : String(error)
    return {
      found: measure.goals.map((id) => ({ id, reason: (reason.split('\n')[0] ?? '').slice(0, 120) })),
      detail: `failed: ${reason}`,
    }
  }
}

function choose(args: readonly string[]): { quick: boolean; measures: readonly Measure[] } | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return USAGE
    const unknown = values.only?.find((name) => !MEASURES.some((measure) => measure.name === name))
    if (unknown !== undefined) return `there is no measure ${unknown}\n${USAGE}`
    const measures = MEASURES.filter(({ name }) => values.only === undefined || values.only.includes(name))
    return { quick: values.quick, measures }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`
  }
}

function tally(rows: readonly Row[]): string {
  const verdicts = rows.map(({ id, value }) => {
    const goal = GOALS.find((candidate) => candidate.id === id)
    return goal === undefined || value === undefined ? 'failed' : verdict(goal, value)
  })
  const count = (which: string): number => verdicts.filter((found) => found === which).length
  return `${count('aim')} reach the aim, ${count('must')} the must, ${count('MISSED')} missed${count('failed') > 0 ? `, ${count('failed')} failed` : ''}`
}

function resultFile(root: string): { file: string; path: string } {
  const folder = join(root, 'bench/results')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`)
  return { file, path: relative(root, file) }
}

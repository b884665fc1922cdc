import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { cpuSeconds, end, peakRssMb, rssMb } from './processes.js'

describe.skipIf(process.platform !== 'linux')('what a process uses', () => {
  test('counts its descendants', async () => {
    const child = spawn(process.execPath, ['-e', BUSY_CHILD], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [said] = (await once(child.stdout, 'data')) as [Buffer]
      const grandchild = Number(said.toString())
      expect(cpuSeconds(grandchild)).toBeGreaterThanOrEqual(0.2)
      expect(cpuSeconds(child.pid!)).toBeGreaterThanOrEqual(cpuSeconds(grandchild))
      expect(rssMb(child.pid!)).toBeGreaterThan(rssMb(grandchild))
      expect(peakRssMb(child.pid!)).toBeGreaterThan(10)
    } finally {
      await end(child)
    }
    expect(child.exitCode ?? child.signalCode).not.toBeNull()
    expect(rssMb(child.pid!)).toBe(0)
  })
})

/** Starts a child that works for 0.25 CPU-seconds, tells its id, and waits. Ends with its input, whoever closes it. */
const BUSY_CHILD = `
  const { spawn } = require('node:child_process')
  const busy = 'const until = () => { const { user, system } = process.cpuUsage(); return user + system < 250000 };'
    + 'while (until()); console.log(process.pid); process.stdin.resume().on("end", () => process.exit())'
  spawn(process.execPath, ['-e', busy], { stdio: ['pipe', 'inherit', 'inherit'] })
`

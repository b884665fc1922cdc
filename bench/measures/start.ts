import { get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuSeconds, rssMb } from '../stage/processes.js'
import { median } from '../statistics.js'
import type { Measure } from './measure.js'

/** From the making of the process to the model list answered for a client key, on a data folder with an account. */
export const start: Measure = {
  name: 'start',
  goals: ['start.rss', 'start.first', 'start.cpu'],
  async run(stage) {
    const firsts: number[] = []
    const cpus: number[] = []
    const idle: number[] = []
    for (let round = 0; round < stage.span(7, 3); round++) {
      await stage.withGateway(async (gateway) => {
        await modelList(gateway.port, stage.home.clientKey)
        firsts.push(performance.now() - gateway.startedAt)
        cpus.push(cpuSeconds(gateway.pid))
        await wait(stage.span(3000, 1500))
        idle.push(rssMb(gateway.pid))
      })
    }
    return {
      values: { 'start.rss': median(idle), 'start.first': median(firsts), 'start.cpu': median(cpus) },
      detail: `median of ${firsts.length} starts, slowest ${Math.max(...firsts).toFixed(0)} ms`,
    }
  },
}

function modelList(port: number, clientKey: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/v1/models', headers: { authorization: `Bearer ${clientKey}` } }
    get(options, (res) => {
      res.resume()
      if (res.statusCode === 200) resolve()
      else reject(new Error(`the model list answered ${res.statusCode}`))
    }).on('error', reject)
  })
}

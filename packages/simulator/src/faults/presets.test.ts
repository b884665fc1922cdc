import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { askCodex, framesOf } from '../ask.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'
import type { Fault } from './fault.js'
import { deliveries, faults } from './presets.js'

const simulator = await startSimulator()
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount()
})
afterAll(() => simulator.close())

describe('the usual faults by their names', () => {
  test.each<[string, Fault, number, string, string | undefined]>([
    ['tokenExpired401', faults.tokenExpired401, 401, '"code":"token_expired"', undefined],
    ['paymentRequired402', faults.paymentRequired402, 402, 'deactivated_workspace', undefined],
    ['forbidden403', faults.forbidden403, 403, 'account_deactivated', undefined],
    ['challenge403Html', faults.challenge403Html, 403, '<!DOCTYPE html>', 'cf-mitigated'],
    ['notFound404Empty', faults.notFound404Empty, 404, '', 'cf-ray'],
    ['usageLimit429', faults.usageLimit429(60), 429, '"type":"usage_limit_reached"', 'x-codex-primary-reset-at'],
    ['usageNotIncluded429', faults.usageNotIncluded429, 429, '"type":"usage_not_included"', undefined],
    ['rateLimit429', faults.rateLimit429(7), 429, 'try again in 7s', 'retry-after'],
    ['error500', faults.error500, 500, 'server_error', undefined],
    ['badGateway502', faults.badGateway502, 502, '502 Bad Gateway', undefined],
    ['overloaded503', faults.overloaded503, 503, 'server_is_overloaded', undefined],
    ['redirect307', faults.redirect307('https://example.com/elsewhere'), 307, '', 'location'],
  ])('%s strikes once', async (_, fault, status, told, header) => {
    simulator.script({ fault, times: 1 })
    const struck = await askCodex(simulator, account)
    expect(struck.status).toBe(status)
    expect(struck.text).toContain(told)
    if (header !== undefined) expect(struck.headers[header]).toBeTruthy()
    expect((await askCodex(simulator, account)).status).toBe(200)
  })

  test('a limit ends when it says', async () => {
    simulator.script({ fault: faults.usageLimit429(60, 1_700_000_000_000) })
    expect(JSON.parse((await askCodex(simulator, account)).text)).toMatchObject({ error: { resets_at: 1_700_000_060 } })
  })

  test('a reset connection', async () => {
    simulator.script({ fault: faults.connectionReset })
    await expect(askCodex(simulator, account)).rejects.toThrow('ECONNRESET')
  })

  test('a cut after three events, and an error told after two', async () => {
    simulator.script({ fault: faults.cut(3, 'unfinished'), times: 1 })
    simulator.script({ fault: faults.errorEvent({ after: 2, form: 'response.failed', code: 'server_error' }) })
    const cut = await askCodex(simulator, account)
    expect([framesOf(cut.text).length, cut.whole]).toEqual([3, false])
    const failed = await askCodex(simulator, account)
    expect(framesOf(failed.text).map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.failed',
    ])
    expect(failed.whole).toBe(true)
  })

  test('only for whom the rule means', async () => {
    simulator.script({ when: ({ headers }) => headers['session-id'] === 'unlucky', fault: faults.error500 })
    expect((await askCodex(simulator, account)).status).toBe(200)
    expect((await askCodex(simulator, account, {}, { headers: { 'session-id': 'unlucky' } })).status).toBe(500)
  })
})

describe('the usual deliveries by their names', () => {
  test('combine and change no meaning', async () => {
    const plain = framesOf((await askCodex(simulator, account)).text).map(({ type }) => type)
    simulator.script({ delivery: { ...deliveries.oneByteWrites, ...deliveries.crlf, ...deliveries.noEventLines } })
    const { text } = await askCodex(simulator, account)
    expect(framesOf(text).map(({ type }) => type)).toEqual(plain)
    expect(text).not.toContain('event:')
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })

  test('lean keeps only finished items and the end', async () => {
    simulator.script({ delivery: deliveries.lean })
    const types = framesOf((await askCodex(simulator, account)).text).map(({ type }) => type)
    expect(types).toEqual(['response.output_item.done', 'response.completed'])
  })

  test('garbage stands before the event of its number', async () => {
    simulator.script({ delivery: { ...deliveries.garbage(1), ...deliveries.firstByteDelay(1) } })
    const { text } = await askCodex(simulator, account)
    const frames = text.split('\n\n')
    expect(frames[0]).toContain('response.created')
    expect(() => JSON.parse(frames[1]!.replace('data: ', '')) as unknown).toThrow(SyntaxError)
    expect(frames[2]).toContain('response.in_progress')
  })
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectMistake, oneLineOfJson, openTerminal, type Terminal } from './terminal.js'

let at: Terminal
beforeEach(async () => {
  at = await openTerminal()
})
afterEach(() => at.close())

describe('explain', () => {
  test('without a gateway tells the rules, and that nobody is there', async () => {
    const { out } = await at.run('explain', '--model', 'claude-opus-4-7')
    expect(out).toContain('model.claude_models')
    expect(out).toContain('codex:gpt-5.5')
    expect(out).toContain('no ChatGPT account is signed in')
  })

  test('of a running gateway tells who would answer now', async () => {
    const gateway = at.start(['serve', '--port', '0', '--json'])
    await gateway.says(/"event":"ready"/)
    await at.run('accounts', 'import', at.account('ann@example.com').file)
    await at.run('config', 'set', 'model.fallbacks', '{"gpt-5.5": ["demo", "no-such-model"]}')
    const asked = async () => oneLineOfJson(await at.run('explain', '--model', 'gpt-5.5-high', '--json'))
    // The gateway notices what other commands did within a moment.
    await expect.poll(asked).toMatchObject({
      model: 'gpt-5.5-high',
      route: { suffixes: ['-high'], leftOut: [{ step: 'no-such-model' }] },
      targets: [
        { target: 'codex:gpt-5.5', candidates: [{ label: 'ann@example.com', verdict: 'taken' }] },
        {
          target: 'demo:demo',
          when: ['quota', 'overloaded', 'unavailable'],
          candidates: [{ label: 'demo', verdict: 'next' }],
        },
      ],
    })
    await at.run('accounts', 'disable', 'ann@example.com')
    await expect.poll(asked).toMatchObject({
      targets: [
        { candidates: [{ label: 'ann@example.com', verdict: 'skipped' }], nobody: expect.any(String) as string },
        { candidates: [{ verdict: 'taken' }] },
      ],
    })
    expect((await at.run('explain', '--model', 'gpt-5.5')).out).toMatch(/× ann@example\.com: .+\n/)
    gateway.signal()
    await gateway.done
  })

  test('a request that is still remembered is told with what happened to it', async () => {
    const gateway = at.start(['serve', '--port', '0', '--json'])
    await gateway.says(/"event":"ready"/)
    const { url, demoKey } = JSON.parse(gateway.out) as { url: string; demoKey: string }
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${demoKey}`,
        'content-type': 'application/json',
        'x-request-id': 'req_explained',
      },
      body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hi' }] }),
    })
    await answer.text()
    const { out } = await at.run('explain', 'req_explained')
    expect(out).toMatch(
      /^req_explained {2}.*openai-chat \/v1\/chat\/completions\n {2}asked for demo, answered by demo:demo\n/,
    )
    expect(out).toContain('attempt: demo, ok')
    expectMistake(await at.run('explain', 'req_other'), 1, /no request "req_other" is remembered/)
    gateway.signal()
    await gateway.done
  })

  test('wants a request or a model, not both and not neither', async () => {
    for (const argv of [[], ['req_1', '--model', 'demo']]) {
      expectMistake(await at.run('explain', ...argv), 2, /name a request, or a model with --model/)
    }
    expectMistake(await at.run('explain', 'req_1'), 1, /a running gateway/)
  })
})

import { describe, expect, test } from 'vitest'
import { explainText } from './explanation.js'
import { keysOf, routingOf } from './testing/names.js'

describe('an explanation', () => {
  const keys = keysOf('openai:gpt-5.5', 'openrouter:gpt-4o')
  const routing = routingOf(
    {
      aliases: { smart: 'gpt-5.5-high' },
      routes: { 'gpt-5.5': 'codex' },
      fallbacks: { smart: ['codex:gpt-5.5', 'no-such'] },
    },
    keys,
  )
  const told = routing.explain('smart')

  test('tells each rule that was looked at, what decided and what it shadows', () => {
    expect(told.rules.map(({ name, rule, outcome }) => `${name} ${rule} ${outcome}`)).toEqual([
      'smart api_key_model no',
      'smart provider_prefix no',
      'smart demo no',
      'smart alias decided',
      'gpt-5.5-high api_key_model no',
      'gpt-5.5-high provider_prefix no',
      'gpt-5.5-high demo no',
      'gpt-5.5-high alias no',
      'gpt-5.5-high routes no',
      'gpt-5.5-high codex_catalog no',
      'gpt-5.5 api_key_model decided',
      'gpt-5.5 routes shadowed',
      'gpt-5.5 codex_catalog shadowed',
    ])
    expect(told).toMatchObject({
      asked: 'smart',
      name: 'smart',
      suffixes: ['-high'],
      targets: [
        { provider: 'keys', within: 'openai', model: 'gpt-5.5', effort: 'high' },
        { provider: 'codex', model: 'gpt-5.5', effort: 'high', when: ['quota', 'overloaded', 'unavailable'] },
      ],
      leftOut: [{ step: 'no-such' }],
    })
  })

  test('is plain data, and the same route as asked for', () => {
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
    expect(routing.resolve('smart')).toEqual({ targets: told.targets })
  })

  test('reads well in a terminal', () => {
    expect(explainText(told)).toMatchInlineSnapshot(`
      "smart
        · models of API keys   no API key lists it
        · provider:model       no provider stands before it
        · the demo             it is not the demo
        → model.aliases        alias smart = gpt-5.5-high
        as gpt-5.5-high
        · models of API keys   no API key lists it
        · provider:model       no provider stands before it
        · the demo             it is not the demo
        · model.aliases        no alias
        · model.routes         no entry
        · Codex catalog        Codex lists no such model
        as gpt-5.5
        → models of API keys   listed by the API keys of openai
        ( model.routes         would be: model.routes gpt-5.5 = codex)
        ( Codex catalog        would be: the Codex catalog)
        read off the name: -high

      Leads to
        1. openai:gpt-5.5, effort high
        2. codex:gpt-5.5, effort high, when: quota, overloaded, unavailable
        left out: no-such: there is no model "no-such"; the nearest names are demo, gpt-4o, gpt-5.4
      "
    `)
    expect(explainText(routing.explain('nix\u001b[2J'))).not.toContain('\u001b')
  })

  test('of what leads nowhere says the same as the refusal', () => {
    const refused = routing.resolve('nothing')
    expect(routing.explain('nothing')).toMatchObject({ targets: [], problem: 'message' in refused && refused.message })
  })
})

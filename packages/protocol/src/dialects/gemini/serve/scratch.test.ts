import { test } from 'vitest'
import { readFileSync } from 'node:fs'
import { decodeRequest } from './decode-request.js'
test('x', () => {
  const show = (b: unknown, path = { model: 'models/gpt-5.5', stream: true, alt: 'sse' }) => { try { console.log(JSON.stringify(decodeRequest(b, { headers: {}, path }), null, 1)) } catch (e) { console.log(String(e)) } }
  for (const f of ['gemini-cli-tool-followup', 'opencode-google']) {
    const { body } = JSON.parse(readFileSync(`/work/shared/fixtures/clients/${f}.json`, 'utf8'))
    body.tools[0].functionDeclarations.length = 1
    show(body)
  }
  show({ contents: { role: 'user', parts: { text: 'a' } }, tools: { google_search: { exclude_domains: ['x'] } }, tool_config: { function_calling_config: { mode: 'any', allowed_function_names: ['a', 'b'] } }, generation_config: { max_output_tokens: '5', thinking_config: { thinking_budget: '9000', include_thoughts: true }, response_modalities: ['Text', 'image'], response_mime_type: 'TEXT/X.ENUM', response_schema: { type: 'STRING', enum: ['a'] } }, safety_settings: [{ category: 'X', threshold: 'block_none' }] })
  show({ contents: [{ parts: [{ text: 'a' }] }, { role: 'model', parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { id: 'call_1_0', name: 'g' } }] }, { parts: [{ functionResponse: { name: 'f', response: { output: 'one' } } }, { functionResponse: { name: 'g', id: 'call_1_0', response: {error: 'x'} } }, { functionResponse: { name: 'f', id: 'made-up', response: { result: 'two' } } }, { functionResponse: { name: 'h' } }] }] })
})

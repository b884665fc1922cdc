import { describe, expect, test } from 'vitest'
import { NOTICE_TYPES } from '../config/index.js'
import { levelOf, type News, type Notice } from './notice.js'
import { sentenceOf } from './sentences.js'

const RESET = Date.UTC(2026, 6, 1, 12)
const NAMES = {
  acc_1: { label: 'work', email: 'ann@example.com' },
  acc_2: { email: 'bob@example.com' },
  key_1: { label: 'laptop' },
}

const made = (news: News): Notice => ({ ...news, id: 'ntc_1', at: 0, level: levelOf(news), names: NAMES }) as Notice

const CASES: readonly [News, string, string][] = [
  [
    {
      type: 'account_state',
      accountId: 'acc_1',
      data: { from: 'active', to: 'exhausted', reason: 'Its limit is reached.', until: RESET },
    },
    'Account work has used up its quota until 2026-07-01 12:00 UTC. Its limit is reached.',
    '账号 work 额度已用完，直到 2026-07-01 12:00 UTC。（Its limit is reached.）',
  ],
  [
    { type: 'account_state', accountId: 'acc_3', data: { from: 'cooling', to: 'active' } },
    'Account acc_3 serves again.',
    '账号 acc_3 恢复可用。',
  ],
  [
    {
      type: 'quota_warning',
      accountId: 'acc_1',
      data: { limit: 'codex', slot: 'primary', usedPercent: 92.04, threshold: 90, resetAt: RESET },
    },
    'Account work has used 92 % of its primary window; it resets at 2026-07-01 12:00 UTC.',
    '账号 work 的主窗口已用 92 %，2026-07-01 12:00 UTC 重置。',
  ],
  [
    { type: 'quota_back', accountId: 'acc_2', data: { limit: 'x', name: 'GPT-5.3-Codex-Spark', slot: 'secondary' } },
    'Account bob@example.com has quota again in its secondary window for GPT-5.3-Codex-Spark.',
    '账号 bob@example.com 的次窗口（GPT-5.3-Codex-Spark）额度已恢复。',
  ],
  [
    { type: 'login_needed', accountId: 'acc_1', data: {} },
    'Account work needs a new login: dragoman login.',
    '账号 work 需要重新登录：dragoman login。',
  ],
  [
    { type: 'refresh_failed', accountId: 'acc_1', data: { reason: 'no answer', retryAt: RESET } },
    'The login of account work could not be renewed; it is tried again at 2026-07-01 12:00 UTC. no answer',
    '账号 work 的登录未能续期，将于 2026-07-01 12:00 UTC 重试。（no answer）',
  ],
  [
    {
      type: 'conversation_moved',
      data: { from: 'acc_1', to: 'acc_2', why: 'quota', cachedTokensBefore: 900, cachedTokensAfter: 0 },
    },
    'A conversation moved from account work to bob@example.com (quota). Tokens from the prompt cache: 900 before, 0 after.',
    '一个对话从账号 work 转到 bob@example.com（quota）。来自提示缓存的 token：之前 900，之后 0。',
  ],
  [
    { type: 'fallback_used', data: { from: 'codex:gpt-5.5', to: 'openai:gpt-5.5', why: 'quota', requestId: 'req_1' } },
    'openai:gpt-5.5 answered in place of codex:gpt-5.5 (quota), request req_1.',
    'openai:gpt-5.5 代替 codex:gpt-5.5 作了回答（quota），请求 req_1。',
  ],
  [
    { type: 'proxy_down', data: { proxy: 'home', reason: 'refused' } },
    'Proxy home does not work. refused',
    '代理 home 无法使用。（refused）',
  ],
  [
    { type: 'budget_reached', clientKeyId: 'key_1', data: { unit: 'USD', period: 'day', limit: 5, used: 5.01 } },
    'Client key laptop has used 5.01 of 5 USD of this day.',
    '客户端密钥 laptop 今天已用 5.01 / 5 USD。',
  ],
  [
    { type: 'budget_reached', clientKeyId: 'key_1', data: { unit: 'tokens', period: 'total', limit: 500, used: 510 } },
    'Client key laptop has used 510 of 500 tokens in all.',
    '客户端密钥 laptop 总共已用 510 / 500 tokens。',
  ],
  [
    { type: 'configuration', data: { outcome: 'in_force', settings: ['model.default', 'log.level'] } },
    'The changed configuration is in force: model.default, log.level.',
    '修改后的配置已生效：model.default、log.level。',
  ],
  [
    { type: 'configuration', data: { outcome: 'refused', problem: 'config.yaml:3: server.prt' } },
    'The configuration has a mistake; the old one stays in force. config.yaml:3: server.prt',
    '配置有错误，原来的配置继续有效。（config.yaml:3: server.prt）',
  ],
  [
    { type: 'started', data: { version: '1.0.0', url: 'http://127.0.0.1:8080' } },
    'The gateway 1.0.0 has started at http://127.0.0.1:8080.',
    '网关 1.0.0 已在 http://127.0.0.1:8080 启动。',
  ],
  [{ type: 'stopped', data: {} }, 'The gateway stops.', '网关停止运行。'],
]

describe('a notice in words', () => {
  test.each(CASES)('$type', (news, english, chinese) => {
    expect(sentenceOf(made(news), 'en')).toBe(english)
    expect(sentenceOf(made(news), 'zh-CN')).toBe(chinese)
  })

  test('every type is tried here', () => {
    expect(new Set(CASES.map(([{ type }]) => type))).toEqual(new Set(NOTICE_TYPES))
  })
})

import type { AccountStatus } from '../accounts/index.js'
import type { NoticeType } from '../config/index.js'
import type { BudgetPeriod } from '../usage/index.js'
import type { NoticeData, NoticeOf, QuotaSlot } from './notice.js'

export const NOTICE_LANGUAGES = ['en', 'zh-CN'] as const
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number]

/**
 * A notice in one sentence or two. Reasons in it were written by others, in their language.
 * @example
 * sentenceOf(notice, 'en') // 'Account work has used 92 % of its primary window; it resets at 2026-07-01 12:00 UTC.'
 */
export function sentenceOf<T extends NoticeType>(notice: NoticeOf<T>, language: NoticeLanguage): string {
  const { type, data, names, accountId, apiKeyId, clientKeyId } = notice
  const called = (id: string | undefined): string | undefined =>
    id === undefined ? undefined : (names[id]?.label ?? names[id]?.email ?? id)
  const sentences: Sentences = SENTENCES[language]
  return sentences[type](data, {
    account: called(accountId),
    apiKey: called(apiKeyId),
    clientKey: called(clientKeyId),
    called: (id) => called(id) ?? id,
  })
}

/** Those whom a notice is about, as they are called. */
interface Who {
  account: string | undefined
  apiKey: string | undefined
  clientKey: string | undefined
  called(id: string): string
}

type Sentences = { readonly [T in NoticeType]: (data: NoticeData[T], who: Who) => string }

const STATES_EN: Readonly<Record<AccountStatus, string>> = {
  active: 'serves',
  cooling: 'rests',
  exhausted: 'has used up its quota',
  expired: 'needs a new login',
  suspended: 'is suspended',
  disabled: 'is switched off',
}

const PERIODS_EN: Readonly<Record<BudgetPeriod, string>> = {
  day: 'of this day',
  month: 'of this month',
  total: 'in all',
}

const ENGLISH: Sentences = {
  account_state: ({ to, reason, until }, who) => {
    const end = until === undefined ? '' : ` until ${time(until)}`
    return join(`Account ${who.account ?? 'unknown'} ${STATES_EN[to]}${to === 'active' ? ' again' : end}.`, reason)
  },
  quota_warning: ({ usedPercent, resetAt, ...slot }, who) =>
    `Account ${who.account ?? 'unknown'} has used ${percent(usedPercent)} of its ${windowEn(slot)}${
      resetAt === undefined ? '' : `; it resets at ${time(resetAt)}`
    }.`,
  quota_back: (slot, who) => `Account ${who.account ?? 'unknown'} has quota again in its ${windowEn(slot)}.`,
  login_needed: ({ reason }, who) =>
    join(`Account ${who.account ?? 'unknown'} needs a new login: dragoman login.`, reason),
  refresh_failed: ({ reason, retryAt }, who) =>
    join(
      `The login of account ${who.account ?? 'unknown'} could not be renewed${
        retryAt === undefined ? '' : `; it is tried again at ${time(retryAt)}`
      }.`,
      reason,
    ),
  conversation_moved: ({ from, to, why, cachedTokensBefore: before, cachedTokensAfter: after }, who) => {
    const tokens = [
      ...(before === undefined ? [] : [`${before} before`]),
      ...(after === undefined ? [] : [`${after} after`]),
    ]
    return join(
      `A conversation moved from account ${who.called(from)} to ${who.called(to)} (${why}).`,
      tokens.length === 0 ? undefined : `Tokens from the prompt cache: ${tokens.join(', ')}.`,
    )
  },
  fallback_used: ({ from, to, why, requestId }) =>
    `${to} answered in place of ${from} (${why})${requestId === undefined ? '' : `, request ${requestId}`}.`,
  proxy_down: ({ proxy, reason }) => join(`Proxy ${proxy} does not work.`, reason),
  budget_reached: ({ unit, period, limit, used, resetAt }, who) =>
    `Client key ${who.clientKey ?? 'unknown'} has used ${used} of ${limit} ${unit} ${PERIODS_EN[period]}${
      resetAt === undefined ? '' : `; it may ask again at ${time(resetAt)}`
    }.`,
  configuration: (data) =>
    data.outcome === 'in_force'
      ? `The changed configuration is in force: ${data.settings.join(', ') || 'no setting differs'}.`
      : join('The configuration has a mistake; the old one stays in force.', data.problem),
  started: ({ version, url }) => `The gateway ${version} has started at ${url}.`,
  stopped: ({ reason }) => join('The gateway stops.', reason),
}

const STATES_ZH: Readonly<Record<AccountStatus, string>> = {
  active: '恢复可用',
  cooling: '暂停使用',
  exhausted: '额度已用完',
  expired: '需要重新登录',
  suspended: '已被停用',
  disabled: '已关闭',
}

const PERIODS_ZH: Readonly<Record<BudgetPeriod, string>> = { day: '今天', month: '本月', total: '总共' }

const CHINESE: Sentences = {
  account_state: ({ to, reason, until }, who) => {
    const end = until === undefined || to === 'active' ? '' : `，直到 ${time(until)}`
    return `账号 ${who.account ?? '未知'} ${STATES_ZH[to]}${end}。${quoted(reason)}`
  },
  quota_warning: ({ usedPercent, resetAt, ...slot }, who) =>
    `账号 ${who.account ?? '未知'} 的${windowZh(slot)}已用 ${percent(usedPercent)}${
      resetAt === undefined ? '' : `，${time(resetAt)} 重置`
    }。`,
  quota_back: (slot, who) => `账号 ${who.account ?? '未知'} 的${windowZh(slot)}额度已恢复。`,
  login_needed: ({ reason }, who) => `账号 ${who.account ?? '未知'} 需要重新登录：dragoman login。${quoted(reason)}`,
  refresh_failed: ({ reason, retryAt }, who) =>
    `账号 ${who.account ?? '未知'} 的登录未能续期${
      retryAt === undefined ? '' : `，将于 ${time(retryAt)} 重试`
    }。${quoted(reason)}`,
  conversation_moved: ({ from, to, why, cachedTokensBefore: before, cachedTokensAfter: after }, who) => {
    const tokens = [
      ...(before === undefined ? [] : [`之前 ${before}`]),
      ...(after === undefined ? [] : [`之后 ${after}`]),
    ]
    return `一个对话从账号 ${who.called(from)} 转到 ${who.called(to)}（${why}）。${
      tokens.length === 0 ? '' : `来自提示缓存的 token：${tokens.join('，')}。`
    }`
  },
  fallback_used: ({ from, to, why, requestId }) =>
    `${to} 代替 ${from} 作了回答（${why}）${requestId === undefined ? '' : `，请求 ${requestId}`}。`,
  proxy_down: ({ proxy, reason }) => `代理 ${proxy} 无法使用。${quoted(reason)}`,
  budget_reached: ({ unit, period, limit, used, resetAt }, who) =>
    `客户端密钥 ${who.clientKey ?? '未知'} ${PERIODS_ZH[period]}已用 ${used} / ${limit} ${unit}${
      resetAt === undefined ? '' : `，${time(resetAt)} 起可以再次请求`
    }。`,
  configuration: (data) =>
    data.outcome === 'in_force'
      ? `修改后的配置已生效：${data.settings.join('、') || '没有不同的设置'}。`
      : `配置有错误，原来的配置继续有效。${quoted(data.problem)}`,
  started: ({ version, url }) => `网关 ${version} 已在 ${url} 启动。`,
  stopped: ({ reason }) => `网关停止运行。${quoted(reason)}`,
}

const SENTENCES: Readonly<Record<NoticeLanguage, Sentences>> = { en: ENGLISH, 'zh-CN': CHINESE }

function windowEn({ limit, name, slot }: QuotaSlot): string {
  return limit === OWN_LIMIT ? `${slot} window` : `${slot} window for ${name ?? limit}`
}

function windowZh({ limit, name, slot }: QuotaSlot): string {
  const which = slot === 'primary' ? '主窗口' : '次窗口'
  return limit === OWN_LIMIT ? which : `${which}（${name ?? limit}）`
}

/** The limit that holds for every request of an account that has none of its own. */
const OWN_LIMIT = 'codex'

/** In UTC: a sentence is the same wherever it is read. */
function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function percent(used: number): string {
  return `${Math.round(used * 10) / 10} %`
}

function join(sentence: string, reason: string | undefined): string {
  return reason === undefined || reason === '' ? sentence : `${sentence} ${reason}`
}

function quoted(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : `（${reason}）`
}

import {
  IconActivityHeartbeat,
  IconAdjustments,
  IconArchive,
  IconArrowsShuffle,
  IconBell,
  IconChartHistogram,
  IconCloud,
  IconCpu,
  IconFileText,
  IconGauge,
  IconId,
  IconInfoCircle,
  IconListDetails,
  IconLock,
  IconLogin2,
  IconPalette,
  IconPlayerPlay,
  IconRefresh,
  IconServer,
  IconShieldLock,
  IconTerminal2,
  IconUsers,
} from '@tabler/icons-react'
import type { Setting } from './data.js'

/** The parts of the page. A part shows the settings of its name, its cards before or after them. */
export const SECTIONS = [
  ['look', IconPalette, 'dashboard'],
  ['access', IconShieldLock, 'dashboard'],
  ['accounts', IconUsers, 'answers'],
  ['quota', IconGauge, 'answers'],
  ['model', IconCpu, 'answers'],
  ['codex', IconTerminal2, 'answers'],
  ['client', IconId, 'answers'],
  ['auth', IconLogin2, 'answers'],
  ['upstream', IconCloud, 'answers'],
  ['proxy', IconArrowsShuffle, 'answers'],
  ['server', IconServer, 'gateway'],
  ['ollama', IconAdjustments, 'gateway'],
  ['notices', IconBell, 'gateway'],
  ['requests', IconListDetails, 'gateway'],
  ['usage', IconChartHistogram, 'gateway'],
  ['log', IconFileText, 'gateway'],
  ['demo', IconPlayerPlay, 'gateway'],
  ['security', IconLock, 'upkeep'],
  ['backup', IconArchive, 'upkeep'],
  ['diagnostics', IconActivityHeartbeat, 'upkeep'],
  ['updates', IconRefresh, 'upkeep'],
  ['about', IconInfoCircle, 'upkeep'],
] as const
export type SectionName = (typeof SECTIONS)[number][0]
export const SECTION_GROUPS = ['dashboard', 'answers', 'gateway', 'upkeep'] as const

export const FIRST: SectionName = 'look'

export function isSection(name: string | null): name is SectionName {
  return SECTIONS.some(([one]) => one === name)
}

/** Settings of a section that the page has no part for must not be lost: they go to the server's. */
export function sectionOf({ section }: Setting): SectionName {
  return isSection(section) ? section : 'server'
}

/** Every word must stand somewhere: in the name, the variable, or the explanation in either language. */
export function matches(setting: Setting, query: string, title: string): boolean {
  const text = [setting.path, setting.variable, setting.description, setting.descriptionZh, title]
    .join('\n')
    .toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

import {
  IconArrowsShuffle,
  IconBell,
  IconChartHistogram,
  IconCpu,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconMessages,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconUsers,
  IconCloud,
} from '@tabler/icons-react'
import { lazy } from 'react'

/** Every page: its place in the address, its name (`nav.<name>`), and how it is loaded. */
const listed = [
  ['/', 'overview', 'watch', IconLayoutDashboard, () => import('./overview/index.js')],
  ['/welcome', 'welcome', undefined, IconRoute, () => import('./welcome/index.js')],
  ['/accounts', 'accounts', 'serve', IconUsers, () => import('./accounts/index.js')],
  ['/api-keys', 'providers', 'serve', IconCloud, () => import('./providers/index.js')],
  ['/models', 'models', 'serve', IconCpu, () => import('./models/index.js')],
  ['/client-keys', 'keys', 'serve', IconKey, () => import('./client-keys/index.js')],
  ['/proxies', 'proxies', 'serve', IconArrowsShuffle, () => import('./proxies/index.js')],
  ['/usage', 'usage', 'watch', IconChartHistogram, () => import('./usage/index.js')],
  ['/requests', 'requests', 'watch', IconListDetails, () => import('./requests/index.js')],
  ['/events', 'events', 'watch', IconBell, () => import('./events/index.js')],
  ['/connect', 'connect', 'use', IconPlugConnected, () => import('./connect/index.js')],
  ['/playground', 'playground', 'use', IconMessages, () => import('./playground/index.js')],
  ['/settings', 'settings', 'use', IconSettings, () => import('./settings/index.js')],
] as const

export const PAGES = listed.map(([path, name, group, Icon, load]) => ({
  path,
  name,
  group,
  Icon,
  load,
  Component: lazy(load),
}))
export type PageName = (typeof listed)[number][1]
export type PageGroup = Exclude<(typeof listed)[number][2], undefined>
/** In the order of the sidebar. */
export const GROUPS: readonly PageGroup[] = ['watch', 'serve', 'use']

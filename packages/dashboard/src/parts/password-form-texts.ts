import { defineTexts } from '../i18n/index.js'

export const TEXTS = defineTexts(
  'password-form',
  {
    new: 'New password',
    again: 'The same once more',
    hint: 'At least 8 characters. Several words are easy to remember and hard to guess.',
    differ: 'These two are not the same.',
    short: 'Use at least 8 characters.',
    set: 'Set the password',
    change: 'Change the password',
    remove: 'Remove the password',
    isSet: 'A password is set. Changing it signs out every other browser.',
    notSet: 'No password is set: a one-time link is the only way in.',
    done: 'The password is set.',
    doneEnded_one: 'The password is set, and one other browser was signed out.',
    doneEnded_other: 'The password is set, and {{count}} other browsers were signed out.',
    removed: 'The password is removed.',
    removeTitle: 'Remove the password?',
    removeWhy:
      'From then on a one-time link is the only way in. It can be made only on the computer of the gateway: dragoman open. All other browsers are signed out.',
  },
  {
    new: '新密码',
    again: '再输入一次',
    hint: '至少 8 个字符。几个词语的组合容易记住，也难以猜中。',
    differ: '两次输入不一致。',
    short: '请使用至少 8 个字符。',
    set: '设置密码',
    change: '修改密码',
    remove: '移除密码',
    isSet: '已设置密码。修改密码会使其他浏览器全部退出登录。',
    notSet: '尚未设置密码：只能用一次性链接登录。',
    done: '密码已设置。',
    doneEnded_one: '密码已设置，另外 {{count}} 个浏览器已退出登录。',
    doneEnded_other: '密码已设置，另外 {{count}} 个浏览器已退出登录。',
    removed: '密码已移除。',
    removeTitle: '移除密码？',
    removeWhy:
      '此后只能用一次性链接登录，而链接只能在网关所在的电脑上用 dragoman open 生成。其他浏览器会全部退出登录。',
  },
)

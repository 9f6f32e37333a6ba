/**
 * The pages of both dashboards are written once, in the syntax of Vue without scripts, and are put here into the
 * form that each dashboard takes: AngularJS 1 for node-red-dashboard, Vue 3 for Dashboard 2. A template sees `page`,
 * the payload of the last message; `form`, what is typed in; and `send(message)`.
 */

export interface Template {
  readonly html: string;
  /** What `page` is before the first message. */
  readonly page: Readonly<Record<string, unknown>>;
  /** What the fields hold at first. */
  readonly form?: Readonly<Record<string, string>>;
  /** True when the browser is to say that it is there, to be given what it alone shall see. */
  readonly isPersonal?: boolean;
}

/** Typing is answered when the user pauses, or leaves the field. */
const DEBOUNCE = "{ updateOn: 'default blur', debounce: { 'default': 200, 'blur': 0 } }";

/** Directives of Vue and their counterparts; what is bound by `:name` and is not here becomes an interpolation. */
const ANGULAR: readonly (readonly [RegExp, string])[] = [
  [/v-for="(\w+) in ([^"]+)"/g, 'ng-repeat="$1 in $2 track by $index"'],
  [/v-if="/g, 'ng-if="'],
  [/v-model="/g, `ng-model-options="${DEBOUNCE}" ng-model="`],
  [/@click="/g, 'ng-click="'],
  [/@change="/g, 'ng-change="'],
  [/@submit="/g, 'ng-submit="'],
  [/ :class="/g, ' ng-class="'],
  [/ :style="/g, ' ng-style="'],
  [/ :disabled="/g, ' ng-disabled="'],
  [/ :href="([^"]+)"/g, ' ng-href="{{ $1 }}"'],
  [/ :([\w-]+)="([^"]+)"/g, ' $1="{{ $2 }}"'],
  [/\bpage\.(?=\w)/g, 'msg.payload.'],
];

/** For a `ui_template` of node-red-dashboard. */
export function angularTemplate({ html, form, isPersonal }: Template): string {
  const steps = [
    ...(form ? [`form = ${JSON.stringify(form).replaceAll('"', "'")}`] : []),
    ...(isPersonal ? ["send({ topic: 'hello', payload: {} })"] : []),
  ];
  const text = ANGULAR.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), html);
  return steps.length === 0 ? text : text.replace(/^<(\w+)/, `<$1 ng-init="${steps.join('; ')}"`);
}

/** For a `ui-template` of Dashboard 2. */
export function vueTemplate({ html, page, form, isPersonal }: Template): string {
  const options = [
    ...(form ? [`data() {\n        return { form: ${JSON.stringify(form)} };\n    },`] : []),
    `computed: {\n        page() {\n            return (this.msg && this.msg.payload) || ${JSON.stringify(page)};\n        },\n    },`,
    ...(isPersonal ? ["mounted() {\n        this.send({ topic: 'hello', payload: {} });\n    },"] : []),
  ];
  const text = html
    .replace(/@submit="/g, '@submit.prevent="')
    .replace(/@change="/g, '@input="')
    .replace(/v-for="(\w+) in ([^"]+)"/g, 'v-for="($1, $1Index) in $2" :key="$1Index"');
  return `<template>\n${text}</template>\n\n<script>\nexport default {\n    ${options.join('\n    ')}\n};\n</script>\n`;
}

/** Everything that can be set about a queue, as the API has it: what is not told of here is kept as it is. */
export interface QueueSettings {
  id: string;
  name: string;
  warnings?: string[];
  [setting: string]: unknown;
}

export interface Ring {
  after_seconds?: number | undefined;
  required_tags?: string[] | undefined;
  match?: string | undefined;
  expression?: string | undefined;
}

export interface Tier {
  agent_id: string;
  tier?: number | undefined;
}

/** What may be in a setting, and what it is when nobody says. */
export type Range =
  | { kind: 'seconds' | 'whole'; usual: number; min: number; max: number }
  | { kind: 'truth'; usual: boolean }
  | { kind: 'choice'; usual: string; choices: readonly string[] }
  /** Any of the choices. */
  | { kind: 'choices'; choices: readonly string[] }
  /** Words of one's own. */
  | { kind: 'words'; most: number; pattern: string }
  | { kind: 'text'; most: number; usual?: string };

const seconds = (usual: number, min: number, max: number): Range => ({ kind: 'seconds', usual, min, max });
const whole = (usual: number, min: number, max: number): Range => ({ kind: 'whole', usual, min, max });
const choice = (usual: string, ...others: string[]): Range => ({
  kind: 'choice',
  usual,
  choices: [usual, ...others],
});

const DAY = 86_400;

/**
 * The settings by what they are about, in the order of the page. Besides these there are the name, and which agents: tags,
 * expression, rings and tiers. A test holds them against the table of docs/queues.md, which is the server's.
 */
export const GROUPS = {
  order: {
    strategy: choice(
      'longest_idle',
      'random',
      'round_robin',
      'least_recent',
      'fewest_calls',
      'least_talk_time',
      'best_skill',
      'top_down',
      'ring_all',
      'progressive',
    ),
    max_reserved: whole(1, 1, 50),
    ask_interval_seconds: seconds(5, 1, 3600),
    priority_worth_seconds: seconds(60, 0, DAY),
  },
  waiting: {
    maximum_size: whole(100, 1, 50_000),
    maximum_wait_seconds: seconds(300, 1, 604_800),
    refuse_when: { kind: 'choices', choices: ['no_agents', 'unavailable', 'all_busy'] },
    leave_when: { kind: 'choices', choices: ['no_agents', 'unavailable'] },
    resume_within_seconds: seconds(60, 0, DAY),
    service_level_within_seconds: seconds(20, 0, 3600),
    service_level_percent: whole(80, 1, 100),
  },
  offers: {
    reservation_timeout_seconds: seconds(10, 1, DAY),
    auto_accept: { kind: 'truth', usual: false },
    misses_allowed: whole(1, 1, 100),
    after_missed_offer: { kind: 'choice', usual: 'away', choices: ['available', 'away', 'offline'] },
    reject_pause_seconds: seconds(15, 0, DAY),
    miss_pause_seconds: seconds(15, 0, DAY),
    reject_rest_seconds: seconds(0, 0, DAY),
    miss_rest_seconds: seconds(0, 0, DAY),
    assignment_callback_url: { kind: 'text', most: 2000 },
    assignment_callback_fallback_url: { kind: 'text', most: 2000 },
  },
  callBacks: {
    call_back: choice('off', 'agent_first', 'customer_first'),
    call_back_attempts: whole(3, 1, 10),
    call_back_pause_seconds: seconds(300, 0, DAY),
    call_back_within_seconds: seconds(DAY, 60, 604_800),
    call_back_hours: {
      kind: 'words',
      most: 50,
      pattern: '[a-z]{3}(-[a-z]{3})? [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]',
    },
    call_back_time_zone: { kind: 'text', most: 64, usual: 'UTC' },
  },
  wrapUp: {
    wrap_up_mode: {
      kind: 'choice',
      usual: 'forced_timeout',
      choices: ['mandatory', 'mandatory_timeout', 'forced_timeout', 'optional', 'agent_requested'],
    },
    wrap_up_timeout_seconds: seconds(60, 1, DAY),
    wrap_up_limit_seconds: seconds(DAY, 1, DAY),
    dispositions: { kind: 'words', most: 100, pattern: '[A-Za-z][A-Za-z0-9_-]{0,63}' },
    post_work_status: choice('previous', 'available', 'away', 'offline'),
  },
  messages: {
    follow_up_within_seconds: seconds(14_400, 60, 2_592_000),
    shortest_message_seconds: seconds(2, 1, 120),
    keep_messages_for_seconds: seconds(2_592_000, 60, 315_360_000),
  },
} as const satisfies Record<string, Record<string, Range>>;

export type Group = keyof typeof GROUPS;
type NamesOf<G> = G extends G ? keyof G : never;
export type SettingName = NamesOf<(typeof GROUPS)[Group]>;

export const GROUP_NAMES = Object.keys(GROUPS) as Group[];

/** The settings of one group with their ranges. */
export function settingsOf(group: Group): [SettingName, Range][] {
  return Object.entries(GROUPS[group]) as [SettingName, Range][];
}

export const RANGES: ReadonlyMap<string, Range> = new Map(
  GROUP_NAMES.flatMap((group) => settingsOf(group) as [string, Range][]),
);

/** What the page shows elsewhere, or the server says by itself. */
const ELSEWHERE = [
  'id',
  'created_at',
  'warnings',
  'name',
  'required_tags',
  'match',
  'expression',
  'rings',
  'tiers',
];

/** Settings that this page does not know: of a server that is newer than it. They are kept as they are. */
export function unknownIn(settings: QueueSettings): [string, unknown][] {
  return Object.entries(settings).filter(([name]) => !RANGES.has(name) && !ELSEWHERE.includes(name));
}

/** What somebody changed and has not saved. A setting that is undefined gets its usual value; NaN is no number yet. */
export type Changes = Readonly<Record<string, unknown>>;

/** The changes with one more, or with one less when it is as it was. */
export function withChange(changes: Changes, base: QueueSettings, name: string, value: unknown): Changes {
  const rest = { ...changes };
  delete rest[name];
  return same(value, base[name]) ? rest : { ...rest, [name]: value };
}

/** Whether both are the same to the server, to which a text or a list left out is an empty one. */
function same(one: unknown, other: unknown): boolean {
  const plain = (value: unknown) =>
    Number.isNaN(value)
      ? 'no number'
      : value === '' || (Array.isArray(value) && value.length === 0)
        ? undefined
        : JSON.stringify(value);
  return plain(one) === plain(other);
}

/** Which of the changes are no numbers, by the field as the server would name it. */
export function unreadable(changes: Changes): string[] {
  const inside = (value: unknown, field: string): string[] => {
    if (Number.isNaN(value)) return [field];
    if (Array.isArray(value)) return value.flatMap((each, n) => inside(each, `${field}[${n}]`));
    if (value === null || typeof value !== 'object') return [];
    return Object.entries(value).flatMap(([name, each]) => inside(each, `${field}.${name}`));
  };
  return Object.entries(changes).flatMap(([name, value]) => inside(value, name));
}

/** What is sent: everything the server told, with the changes. */
export function bodyOf(base: QueueSettings, changes: Changes): QueueSettings {
  return { ...base, ...changes };
}

/** The settings in which two states differ, which nobody changed here. */
export function changedBetween(before: QueueSettings, after: QueueSettings): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => name !== 'warnings' && !same(before[name], after[name]))
    .sort();
}

export const UNITS = [1, 60, 3600, DAY] as const;
export type Unit = (typeof UNITS)[number];

/** The largest unit in which a length of time is a whole number. */
export function unitOf(seconds: number | undefined): Unit {
  if (!seconds || !Number.isFinite(seconds)) return 1;
  return UNITS.findLast((unit) => seconds % unit === 0) ?? 1;
}

/** A number as people write it, with comma or point; undefined when nothing is written, NaN when it is none. */
export function numberIn(text: string): number | undefined {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return undefined;
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { LANGUAGES, nameOf, useI18n, type Language } from '../i18n';
import { useLiveState } from '../lib/live';
import { Link, useRouter } from '../lib/router';
import {
  mayAdminister,
  mayInspect,
  mayModel,
  mayOperate,
  mayTakeCalls,
  mayWorkOnMessages,
  useSession,
} from '../lib/session';
import { StatusSwitch } from './status';
import { useTheme, type Theme } from './theme';

export const TASKLIST = '/camunda/app/tasklist/default/';
export const COCKPIT = '/camunda/app/cockpit/default/';

function NavLink({ href, children }: { href: string; children: ReactNode }) {
  const { path } = useRouter();
  const current = path === href ? 'page' : path.startsWith(`${href}/`) ? 'true' : undefined;
  return (
    <li>
      <Link href={href} aria-current={current}>
        {children}
      </Link>
    </li>
  );
}

/** A link that leaves these pages in a window of its own, and says so. */
export function OutsideLink({
  href,
  className,
  children,
}: {
  href: string;
  className?: string;
  children: ReactNode;
}) {
  const { t } = useI18n();
  return (
    <a href={href} className={className} target="_blank" rel="noopener">
      {children}
      <svg className="outside" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M4 2H2v8h8V8M6.5 1.5H10.5V5.5M10.2 1.8 5.5 6.5" />
      </svg>
      <span className="sr-only"> {t.newWindow}</span>
    </a>
  );
}

function LiveIndicator() {
  const { t } = useI18n();
  const state = useLiveState();
  // The region stays in the page when nothing is live, so that a change to it is announced.
  return (
    <span
      className="live"
      data-state={state}
      role="status"
      title={state === 'off' ? undefined : t.live.explain[state]}
    >
      {state !== 'off' && (
        <>
          <span className="lamp" aria-hidden="true" />
          {t.live[state]}
        </>
      )}
    </span>
  );
}

/** Opens and closes a part of the head: by click, by Escape, and by leaving it. */
function useDisclosure() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    const elsewhere = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('keydown', key);
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('keydown', key);
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
    };
  }, [open]);

  return { open, setOpen, box, button };
}

function Appearance() {
  const { t, language, setLanguage } = useI18n();
  const [theme, setTheme] = useTheme();
  return (
    <div className="appearance">
      <label>
        <span>{t.appearance.language}</span>
        <select value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {nameOf(each)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t.appearance.theme}</span>
        <select value={theme} onChange={(event) => setTheme(event.target.value as Theme)}>
          <option value="auto">{t.appearance.auto}</option>
          <option value="light">{t.appearance.light}</option>
          <option value="dark">{t.appearance.dark}</option>
        </select>
      </label>
    </div>
  );
}

function Account() {
  const { t } = useI18n();
  const { state, user, logOut } = useSession();
  const { go, path } = useRouter();
  const { open, setOpen, box, button } = useDisclosure();

  return (
    <div className="account" ref={box}>
      {state.kind === 'anonymous' && path !== '/login' && (
        <Link
          className="button button-quiet"
          href={path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`}
        >
          {t.user.logIn}
        </Link>
      )}
      <button
        type="button"
        ref={button}
        className="button button-quiet account-button"
        aria-expanded={open}
        aria-label={user ? t.user.menu(user.name) : `${t.appearance.language}, ${t.appearance.theme}`}
        onClick={() => setOpen(!open)}
      >
        {user ? (
          <>
            <span className="avatar" data-letter={user.name.slice(0, 1).toUpperCase()} aria-hidden="true" />
            <span className="account-name">{user.name}</span>
          </>
        ) : (
          <svg viewBox="0 0 20 20" aria-hidden="true" className="icon">
            <circle cx="10" cy="10" r="7.5" />
            <path d="M10 2.5v15A7.5 7.5 0 0 0 10 2.5Z" className="solid" />
          </svg>
        )}
      </button>
      {open && (
        <div className="popover">
          {user && (
            <p className="account-who">
              <strong>{user.name}</strong>
              <span>
                {user.username} · {t.user.role[user.role] ?? user.role}
              </span>
              <span>{user.customer_name}</span>
            </p>
          )}
          <Appearance />
          {user && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setOpen(false);
                void logOut().then(() => go('/'));
              }}
            >
              {t.user.logOut}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** What all pages have around them. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  const { user } = useSession();
  const { path } = useRouter();
  const menu = useDisclosure();
  const { setOpen } = menu;

  useEffect(() => setOpen(false), [path, setOpen]);

  return (
    <>
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <header className="head">
        <Link className="brand" href="/">
          <img src="/assets/cordboard.svg" alt="" width="28" height="28" />
          {t.app}
        </Link>
        <div className="menu" ref={menu.box}>
          <button
            type="button"
            ref={menu.button}
            className="button button-quiet menu-button"
            aria-expanded={menu.open}
            aria-controls="pages"
            onClick={() => menu.setOpen(!menu.open)}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true" className="icon">
              <path d="M3 5.5h14M3 10h14M3 14.5h14" />
            </svg>
            <span className="sr-only">{t.nav.menu}</span>
          </button>
          <nav id="pages" aria-label={t.nav.label} data-open={menu.open}>
            <ul>
              <NavLink href="/test-phone">{t.nav.testPhone}</NavLink>
              {mayTakeCalls(user) && <NavLink href="/phone">{t.nav.softphone}</NavLink>}
              {user && <NavLink href="/calls">{t.nav.calls}</NavLink>}
              {user && <NavLink href="/queues">{t.nav.queues}</NavLink>}
              {mayWorkOnMessages(user) && <NavLink href="/voicemails">{t.nav.voicemails}</NavLink>}
              {mayModel(user) && <NavLink href="/models">{t.nav.models}</NavLink>}
              {mayOperate(user) && <NavLink href="/operations">{t.nav.operations}</NavLink>}
              {mayAdminister(user) && <NavLink href="/webhooks">{t.nav.webhooks}</NavLink>}
              {user && (
                <li>
                  <OutsideLink href={TASKLIST}>{t.nav.tasklist}</OutsideLink>
                </li>
              )}
              {mayInspect(user) && (
                <li>
                  <OutsideLink href={COCKPIT}>{t.nav.cockpit}</OutsideLink>
                </li>
              )}
            </ul>
          </nav>
        </div>
        <LiveIndicator />
        {user?.role === 'agent' && <StatusSwitch agent={user.id} />}
        <Account />
      </header>
      {children}
    </>
  );
}

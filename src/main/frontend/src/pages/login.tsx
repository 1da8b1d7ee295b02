import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useI18n } from '../i18n';
import { duration } from '../lib/format';
import { Problem } from '../lib/problem';
import { Link, safeNext, useRouter } from '../lib/router';
import { useSession } from '../lib/session';
import { ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';

/** Counts down from a number of seconds, 0 at the end. */
function useCountdown(): [number, (seconds: number) => void] {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(() => Date.now());
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 1000);
    return () => clearTimeout(timer);
  }, [left, now]);
  return [
    left,
    (seconds) => {
      setNow(Date.now());
      setUntil(Date.now() + seconds * 1000);
    },
  ];
}

export function LoginPage() {
  const { t } = useI18n();
  const { user, logIn } = useSession();
  const { go, query } = useRouter();
  const next = safeNext(query.get('next'));

  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [wait, startWait] = useCountdown();
  const usernameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (username.trim() === '') return usernameField.current?.focus();
    if (password === '') return passwordField.current?.focus();
    setBusy(true);
    setProblem(undefined);
    try {
      await logIn(username.trim(), password);
      go(next, { replace: true });
    } catch (error) {
      const refused = Problem.of(error);
      setProblem(refused);
      if (refused.status === 429) startWait(refused.retryAfter ?? 30);
      setPassword('');
      setTried(false);
      passwordField.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  if (user && !busy) {
    return (
      <Page title={t.login.title} lead={t.login.already(user.name)}>
        <p>
          <Link className="button button-primary" href={next}>
            {t.login.goOn}
          </Link>
        </p>
      </Page>
    );
  }

  const usernameWrong = tried && username.trim() === '';
  const passwordWrong = tried && !busy && password === '';
  return (
    <Page title={t.login.title} lead={next === '/' ? t.login.lead : t.login.needed}>
      <form className="panel login" onSubmit={(event) => void submit(event)} noValidate>
        {problem?.status === 401 && (
          <div className="notice notice-bad" role="alert">
            <p className="notice-title">{t.login.wrong}</p>
            <p>{t.login.wrongRemedy}</p>
          </div>
        )}
        {problem?.status === 429 && (
          <div className="notice notice-bad">
            <p className="notice-title" role="alert">
              {t.login.throttled}
            </p>
            <p>{wait > 0 ? t.login.throttledFor(duration(wait * 1000)) : t.login.throttledNow}</p>
          </div>
        )}
        {problem && problem.status !== 401 && problem.status !== 429 && <ProblemNotice problem={problem} />}
        <div className="field">
          <label htmlFor="username">{t.login.username}</label>
          <input
            id="username"
            ref={usernameField}
            value={username}
            onChange={(event) => setUsername(event.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            aria-invalid={usernameWrong}
            aria-describedby={usernameWrong ? 'username-wrong' : undefined}
          />
          {usernameWrong && (
            <p className="field-wrong" id="username-wrong">
              {t.login.usernameMissing}
            </p>
          )}
        </div>
        <div className="field">
          <label htmlFor="password">{t.login.password}</label>
          <div className="with-button">
            <input
              id="password"
              ref={passwordField}
              type={shown ? 'text' : 'password'}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="current-password"
              required
              aria-invalid={passwordWrong}
              aria-describedby={passwordWrong ? 'password-wrong' : undefined}
            />
            <button
              type="button"
              className="button button-quiet"
              aria-pressed={shown}
              aria-label={t.login.showPassword}
              onClick={() => setShown(!shown)}
            >
              {shown ? t.login.hide : t.login.show}
            </button>
          </div>
          {passwordWrong && (
            <p className="field-wrong" id="password-wrong">
              {t.login.passwordMissing}
            </p>
          )}
        </div>
        <button type="submit" className="button button-primary" disabled={busy || wait > 0}>
          {busy ? t.login.busy : t.login.submit}
        </button>
      </form>
    </Page>
  );
}

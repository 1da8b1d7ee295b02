import { useI18n } from '../i18n';
import { phone } from '../lib/format';
import { useResource } from '../lib/resource';
import { Link } from '../lib/router';
import { mayInspect, useSession } from '../lib/session';
import { ProblemNotice } from '../ui/notice';
import { Page } from '../ui/page';
import { COCKPIT, OutsideLink, TASKLIST } from '../ui/shell';

const DEMO_NUMBER = '+15550100001';

interface Health {
  status: string;
}

function HealthLine() {
  const { t } = useI18n();
  const health = useResource<Health>('/api/health');
  if (health.problem) return <ProblemNotice problem={health.problem} retry={health.reload} />;
  const good = health.data?.status === 'healthy';
  return (
    <p className="health" role="status" data-good={health.loading ? undefined : good}>
      <span className="lamp" aria-hidden="true" />
      <span className="sr-only">{t.start.health}: </span>
      {health.loading ? t.start.checking : good ? t.start.healthy : t.start.unhealthy}
    </p>
  );
}

function Steps() {
  const { t } = useI18n();
  const { user } = useSession();
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{t.start.steps}</h2>
      <p className="muted">{t.start.stepsNote}</p>
      <ol className="steps">
        <li data-done={user !== undefined}>
          <h3>{t.start.step1}</h3>
          <p>{t.start.step1Text}</p>
          <dl className="accounts">
            {[
              ['charles', t.start.step1Support],
              ['edith', t.start.step1Support],
              ['dave', t.start.step1Both],
              ['sam', t.start.step1Sam],
              ['alan', t.start.step1Alan],
            ].map(([username, queues]) => (
              <div key={username}>
                <dt>
                  <code>{username}</code>
                </dt>
                <dd>{queues}</dd>
              </div>
            ))}
          </dl>
          {user ? (
            <p className="done">{t.start.step1Done(user.name)}</p>
          ) : (
            <Link className="button button-primary" href="/login">
              {t.start.step1Action}
            </Link>
          )}
        </li>
        <li>
          <h3>{t.start.step2}</h3>
          <p>{t.start.step2Text}</p>
          <p className="big-number">{phone(DEMO_NUMBER)}</p>
          <Link className="button button-primary" href={`/test-phone?to=${encodeURIComponent(DEMO_NUMBER)}`}>
            {t.start.step2Action}
          </Link>
        </li>
        <li>
          <h3>{t.start.step3}</h3>
          <p>{t.start.step3Text}</p>
          <p className="row">
            <OutsideLink className="button button-primary" href={TASKLIST}>
              {t.start.step3Action}
            </OutsideLink>
            <Link className="button" href="/calls">
              {t.start.step3Calls}
            </Link>
          </p>
        </li>
      </ol>
    </section>
  );
}

export function StartPage() {
  const { t } = useI18n();
  const { user } = useSession();
  const { links } = t.start;
  return (
    <Page title={t.start.title} lead={t.start.lead} actions={<HealthLine />}>
      <Steps />
      <section aria-labelledby="more">
        <h2 id="more">{t.start.more}</h2>
        <ul className="cards">
          <li>
            <Link href="/calls">{links.calls}</Link>
            <p>{links.callsText}</p>
          </li>
          <li>
            <Link href="/queues">{links.queues}</Link>
            <p>{links.queuesText}</p>
          </li>
          <li>
            <OutsideLink href="/swagger-ui/index.html">{links.api}</OutsideLink>
            <p>{links.apiText}</p>
          </li>
          <li>
            <OutsideLink href="/v3/api-docs">{links.openapi}</OutsideLink>
            <p>{links.openapiText}</p>
          </li>
          {mayInspect(user) && (
            <li>
              <OutsideLink href={COCKPIT}>{links.cockpit}</OutsideLink>
              <p>{links.cockpitText}</p>
            </li>
          )}
        </ul>
        <p className="muted">{t.start.docs}</p>
      </section>
    </Page>
  );
}

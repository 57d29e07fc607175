/** The planted month behind a real server: its reports as pages and programs get them. */
import type { Role } from '../../daemon/access/actor.ts';
import { alertsOf } from '../../daemon/http/alerts-api.ts';
import { reportsOf } from '../../daemon/http/reports-api.ts';
import { systemLog } from '../../daemon/log.ts';
import { testAccess } from './access.ts';
import type { CoreHall } from './core-hall.ts';
import { startServer } from './http-server.ts';
import { PEOPLE, plantedMonth } from './planted-month.ts';

export interface ReportHall extends AsyncDisposable {
  readonly url: string;
  readonly hall: CoreHall;
  /** A token for somebody of these roles. */
  tokenOf(roles: readonly Role[], more?: { employee?: string; departments?: readonly string[] }): string;
  /** As somebody with that token asks. */
  ask(token: string, path: string, init?: RequestInit): Promise<Response>;
  /** What the access log has of readings, newest first. */
  readings(): readonly unknown[];
}

/** As it is on 1 April at noon. */
export async function openReportHall(hall: CoreHall = plantedMonth()): Promise<ReportHall> {
  hall.pass('2026-04-01T12:00:00+08:00');
  const { access } = testAccess({}, undefined, {
    knowsEmployee: (id) => PEOPLE.some((person) => person.id === id),
    knowsDepartment: (id) => PEOPLE.some((person) => person.department === id),
  });
  const { core } = hall;
  const server = await startServer({
    hall: core.hall.id,
    access,
    reports: reportsOf(core, access, systemLog('silent')),
    alerts: alertsOf(core, () => hall.clock.now()),
  });
  const by = { who: 'command', address: null } as const;
  return {
    url: server.url,
    hall,
    tokenOf(roles, more = {}) {
      const draft = { name: roles.join(), expiresAt: null, employee: null, departments: [], ...more };
      return access.office.addToken({ ...draft, roles: [...roles] }, by).secret;
    },
    ask(token, path, init = {}) {
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
      return fetch(new URL(path, server.url), { ...init, headers });
    },
    readings: () => access.books.log.newest(100).filter(({ what }) => what === 'report-read'),
    async [Symbol.asyncDispose]() {
      await server.close();
      hall[Symbol.dispose]();
    },
  };
}

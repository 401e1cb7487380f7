import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { KeptMails } from '../../../adapters/mail/kept-mails.ts';
import { SmtpMailer } from '../../../adapters/mail/smtp-mailer.ts';
import { aMail, mailerContract } from '../../contracts/mailer.contract.ts';
import { NOON } from '../../support/builders.ts';
import { MailServer, readMail } from '../../support/mail-server.ts';
import { rejectionOf, times } from '../../support/waiting.ts';

const FROM = 'Shop <shop@example.com>';
const clock = { now: () => NOON };

mailerContract({
  name: 'keeps mails',
  open: () => {
    const mailer = new KeptMails({ clock });
    return Promise.resolve({
      mailer,
      received: () => Promise.resolve(mailer.latest()),
      close: () => Promise.resolve(),
    });
  },
});

mailerContract({
  name: 'SMTP',
  open: async () => {
    const server = await MailServer.start();
    const mailer = new SmtpMailer({ url: server.url, from: FROM });
    return {
      mailer,
      received: () =>
        Promise.resolve(server.delivered.map(({ raw, to }) => ({ ...readMail(raw), to: unicode(to[0]!) }))),
      close: async () => {
        mailer.close();
        await server.stop();
      },
    };
  },
});

/** Over the line a name of a host is written in ASCII. */
const unicode = (address: string): string => address.replace('xn--bcher-kva', 'bücher');

describe('Kept mails', () => {
  it('are the latest hundred, the newest first', async () => {
    const mails = new KeptMails({ clock });
    for (const n of times(105, index => index)) await mails.send(aMail({ subject: `Mail ${n}` }));
    expect(mails.latest()).to.have.length(100);
    expect(mails.latest()[0]).to.deep.include({ subject: 'Mail 104', at: NOON });
  });
});

describe('Mail by SMTP', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  const server = async (options: Parameters<typeof MailServer.start>[0] = {}): Promise<MailServer> => {
    const started = await MailServer.start(options);
    ends.push(() => started.stop());
    return started;
  };
  const mailer = (url: string, deadlineMs = 2000): SmtpMailer => {
    const made = new SmtpMailer({ url, from: FROM, deadlineMs });
    ends.unshift(() => made.close());
    return made;
  };
  /** A server that says just this, and then does as it is told. */
  const strange = async (talk: (socket: Socket) => void): Promise<string> => {
    const sockets = new Set<Socket>();
    const listening: Server = createServer(socket => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      talk(socket);
    }).listen(0, '127.0.0.1');
    await once(listening, 'listening');
    ends.push(() => {
      for (const socket of sockets) socket.destroy();
      listening.close();
    });
    return `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  };
  const failure = async (sending: Promise<void>): Promise<string> => String(await rejectionOf(sending));

  it('is from whom the settings say', async () => {
    const { url, delivered } = await server();
    await mailer(url).send(aMail());
    expect(delivered[0]).to.deep.include({ from: 'shop@example.com', to: ['ada@example.com'] });
    expect(delivered[0]!.raw).to.match(/^From: Shop <shop@example\.com>$/m);
  });

  it('says the user and password of the URL only to who speaks TLS', async () => {
    const plain = await server();
    const url = `smtp://shop:right@127.0.0.1:${plain.port}`;
    expect(await failure(mailer(url).send(aMail()))).to.not.equal('');
    expect(plain.users).to.deep.equal([]);
    const secure = await server({ secure: true });
    expect(
      await failure(mailer(`smtps://shop:right@127.0.0.1:${secure.port}`).send(aMail())),
      'whose name is not known',
    ).to.include('certificate');
    expect(secure.users).to.deep.equal([]);
  });

  it('that is refused is refused', async () => {
    const picky = await server({
      onRcptTo: (_, __, done) => done(Object.assign(new Error('No such person'), { responseCode: 550 })),
    });
    expect(await failure(mailer(picky.url).send(aMail()))).to.include('550');
    const full = await server({
      onMailFrom: (_, __, done) => done(Object.assign(new Error('Too busy'), { responseCode: 451 })),
    });
    expect(await failure(mailer(full.url).send(aMail()))).to.include('451');
  });

  it('fails where nobody listens, at once', async () => {
    const gone = await MailServer.start();
    const { url } = gone;
    await gone.stop();
    expect(await failure(mailer(url).send(aMail()))).to.include('ECONNREFUSED');
  });

  it('fails when the line breaks, and goes on with the next', async () => {
    let connections = 0;
    const good = await server({
      onConnect: (_, done) => {
        connections += 1;
        done(connections === 1 ? Object.assign(new Error('Go away'), { responseCode: 421 }) : undefined);
      },
    });
    const sender = mailer(good.url);
    await rejectionOf(sender.send(aMail()));
    await sender.send(aMail());
    expect(good.delivered).to.have.length(1);
    const broken = await strange(socket => socket.end('220 hello\r\n'));
    await rejectionOf(mailer(broken).send(aMail()));
  });

  it('waits for a slow server no longer than it may', async () => {
    const silent = await strange(() => undefined);
    const halting = await strange(socket => socket.write('220 hello\r\n'));
    for (const url of [silent, halting]) {
      const started = performance.now();
      await rejectionOf(Promise.all(times(8, () => mailer(url, 300).send(aMail()))));
      expect(performance.now() - started).to.be.below(1500);
    }
    const one = mailer(silent, 300);
    const started = performance.now();
    const outcomes = await Promise.allSettled(times(20, () => one.send(aMail())));
    expect(outcomes.every(({ status }) => status === 'rejected')).to.equal(true);
    expect(performance.now() - started).to.be.below(1500);
  });
});

import { boolean, className, double, int, list, long, password, short, string } from '../../base/options.ts'
import { JVM, ONE, SASL, TLS, TOKEN } from './reasons.ts'

/** Who connects and how it is proven. */
export const securityOptions = {
  'authorizer.class.name': string(
    '',
    'Class that decides who may do what; must stay empty, there is no authorizer.',
    { oneOf: [''] },
  ),
  'connection.failed.authentication.delay.ms': int(
    '100',
    'Wait before a connection that failed to authenticate is closed, ms.',
    { min: 0, accepted: SASL },
  ),
  'connections.max.reauth.ms': long(
    '0',
    'Time after which a client must authenticate again, ms; 0 for never.',
    { accepted: SASL },
  ),
  'delegation.token.expiry.check.interval.ms': long(
    '3600000',
    'Time between two looks for expired delegation tokens, ms.',
    { min: 1, accepted: TOKEN },
  ),
  'delegation.token.expiry.time.ms': long(
    '86400000',
    'Time a delegation token lives unless it is renewed, ms.',
    { min: 1, accepted: TOKEN },
  ),
  'delegation.token.max.lifetime.ms': long('604800000', 'Longest life of a delegation token, ms.', {
    min: 1,
    accepted: TOKEN,
  }),
  'delegation.token.secret.key': password(null, 'Secret that delegation tokens are signed with.', {
    accepted: TOKEN,
  }),
  'principal.builder.class': className(
    'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder',
    'Class that makes a principal of a connection.',
    { dynamic: true, accepted: JVM },
  ),
  'security.inter.broker.protocol': string('PLAINTEXT', 'Security protocol between brokers.', {
    oneOf: ['PLAINTEXT'],
    accepted: ONE,
  }),
  'security.providers': string(null, 'Classes that provide security algorithms.', { accepted: JVM }),
  'sasl.client.callback.handler.class': className(null, 'Class of SASL client callbacks.', { accepted: JVM }),
  'sasl.enabled.mechanisms': list('GSSAPI', 'SASL mechanisms offered to clients.', {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.jaas.config': password(null, 'JAAS configuration of SASL.', { dynamic: true, accepted: SASL }),
  'sasl.kerberos.kinit.cmd': string('/usr/bin/kinit', 'Path of kinit.', { dynamic: true, accepted: SASL }),
  'sasl.kerberos.min.time.before.relogin': long('60000', 'Shortest time between two Kerberos logins, ms.', {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.kerberos.principal.to.local.rules': list(
    'DEFAULT',
    'Rules that map Kerberos principals to short names.',
    { dynamic: true, accepted: SASL },
  ),
  'sasl.kerberos.service.name': string(null, 'Kerberos service name of the brokers.', {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.kerberos.ticket.renew.jitter': double(
    '0.05',
    "Random share added to the time of a ticket's renewal.",
    { dynamic: true, accepted: SASL },
  ),
  'sasl.kerberos.ticket.renew.window.factor': double(
    '0.8',
    "Share of a ticket's life after which it is renewed.",
    { dynamic: true, accepted: SASL },
  ),
  'sasl.login.callback.handler.class': className(null, 'Class of SASL login callbacks.', { accepted: JVM }),
  'sasl.login.class': className(null, 'Class of the SASL login.', { accepted: JVM }),
  'sasl.login.connect.timeout.ms': int(null, 'Connection timeout of the login provider, ms.', {
    accepted: SASL,
  }),
  'sasl.login.read.timeout.ms': int(null, 'Read timeout of the login provider, ms.', { accepted: SASL }),
  'sasl.login.refresh.buffer.seconds': short(
    '300',
    'Time before its end at which a login is refreshed at the latest, s.',
    { dynamic: true, accepted: SASL },
  ),
  'sasl.login.refresh.min.period.seconds': short('60', 'Shortest time between two refreshes of a login, s.', {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.login.refresh.window.factor': double('0.8', "Share of a login's life after which it is refreshed.", {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.login.refresh.window.jitter': double('0.05', "Random share added to the time of a login's refresh.", {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.login.retry.backoff.max.ms': long('10000', 'Longest wait between two tries to log in, ms.', {
    accepted: SASL,
  }),
  'sasl.login.retry.backoff.ms': long('100', 'First wait between two tries to log in, ms.', {
    accepted: SASL,
  }),
  'sasl.mechanism.controller.protocol': string('GSSAPI', 'SASL mechanism towards the controllers.', {
    accepted: SASL,
  }),
  'sasl.mechanism.inter.broker.protocol': string('GSSAPI', 'SASL mechanism between brokers.', {
    dynamic: true,
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.algorithm': string('RS256', 'Algorithm that signs a client assertion.', {
    oneOf: ['ES256', 'RS256'],
    anyCase: true,
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.claim.aud': string(null, 'Audience claim of a client assertion.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.claim.exp.seconds': int('300', 'Life of a client assertion, s.', {
    min: 0,
    max: 86400,
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.claim.iss': string(null, 'Issuer claim of a client assertion.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.claim.jti.include': boolean('false', 'Gives a client assertion an id claim.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.claim.nbf.seconds': int(
    '60',
    'How far before now a client assertion is valid from, s.',
    { min: 0, max: 3600, accepted: SASL },
  ),
  'sasl.oauthbearer.assertion.claim.sub': string(null, 'Subject claim of a client assertion.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.assertion.file': string(null, 'File of a ready client assertion.', { accepted: SASL }),
  'sasl.oauthbearer.assertion.private.key.file': string(
    null,
    'File of the key that signs client assertions.',
    { accepted: SASL },
  ),
  'sasl.oauthbearer.assertion.private.key.passphrase': password(
    null,
    'Passphrase of the key that signs client assertions.',
    { accepted: SASL },
  ),
  'sasl.oauthbearer.assertion.template.file': string(
    null,
    'File of headers and claims added to a client assertion.',
    { accepted: SASL },
  ),
  'sasl.oauthbearer.client.credentials.client.id': string(null, 'Client id for the token endpoint.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.client.credentials.client.secret': password(
    null,
    'Client secret for the token endpoint.',
    { accepted: SASL },
  ),
  'sasl.oauthbearer.clock.skew.seconds': int('30', 'Clock difference allowed when a token is checked, s.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.expected.audience': list('', 'Audiences a token may be meant for.', { accepted: SASL }),
  'sasl.oauthbearer.expected.issuer': string(null, 'Issuer a token must come from.', { accepted: SASL }),
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': long('3600000', 'Time between two reads of the key set, ms.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': long(
    '10000',
    'Longest wait between two tries to read the key set, ms.',
    { accepted: SASL },
  ),
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': long(
    '100',
    'First wait between two tries to read the key set, ms.',
    { accepted: SASL },
  ),
  'sasl.oauthbearer.jwks.endpoint.url': string(null, 'Address of the key set that tokens are checked with.', {
    accepted: SASL,
  }),
  'sasl.oauthbearer.jwt.retriever.class': className(
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    'Class that fetches tokens.',
    { accepted: JVM },
  ),
  'sasl.oauthbearer.jwt.validator.class': className(
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
    'Class that checks tokens.',
    { accepted: JVM },
  ),
  'sasl.oauthbearer.scope': string(null, 'Scope asked of the token endpoint.', { accepted: SASL }),
  'sasl.oauthbearer.scope.claim.name': string('scope', 'Name of the scope claim.', { accepted: SASL }),
  'sasl.oauthbearer.sub.claim.name': string('sub', 'Name of the subject claim.', { accepted: SASL }),
  'sasl.oauthbearer.token.endpoint.url': string(null, 'Address of the token endpoint.', { accepted: SASL }),
  'sasl.server.callback.handler.class': className(null, 'Class of SASL server callbacks.', { accepted: JVM }),
  'sasl.server.max.receive.size': int('524288', 'Largest SASL token a client may send, bytes.', {
    accepted: SASL,
  }),
  'ssl.allow.dn.changes': boolean('false', 'Lets a new key store have another distinguished name.', {
    accepted: TLS,
  }),
  'ssl.allow.san.changes': boolean('false', 'Lets a new key store drop alternative names.', {
    accepted: TLS,
  }),
  'ssl.cipher.suites': list('', 'Cipher suites of TLS; empty for all that are built in.', {
    dynamic: true,
    accepted: TLS,
  }),
  'ssl.client.auth': string('none', 'Whether clients must, may or need not show a certificate.', {
    oneOf: ['required', 'requested', 'none'],
    dynamic: true,
    accepted: TLS,
  }),
  'ssl.enabled.protocols': list('TLSv1.2,TLSv1.3', 'TLS versions that are spoken.', {
    dynamic: true,
    accepted: TLS,
  }),
  'ssl.endpoint.identification.algorithm': string(
    'https',
    "How a server's name is checked against its certificate; empty for not at all.",
    { dynamic: true, accepted: TLS },
  ),
  'ssl.engine.factory.class': className(null, 'Class that makes TLS engines.', {
    dynamic: true,
    accepted: JVM,
  }),
  'ssl.key.password': password(null, 'Password of the private key.', { dynamic: true, accepted: TLS }),
  'ssl.keymanager.algorithm': string('SunX509', 'Algorithm of the key manager.', {
    dynamic: true,
    accepted: JVM,
  }),
  'ssl.keystore.certificate.chain': password(null, 'Certificate chain in PEM.', {
    dynamic: true,
    accepted: TLS,
  }),
  'ssl.keystore.key': password(null, 'Private key in PEM.', { dynamic: true, accepted: TLS }),
  'ssl.keystore.location': string(null, 'File of the key store.', { dynamic: true, accepted: TLS }),
  'ssl.keystore.password': password(null, 'Password of the key store.', { dynamic: true, accepted: TLS }),
  'ssl.keystore.type': string('JKS', 'Format of the key store.', { dynamic: true, accepted: TLS }),
  'ssl.principal.mapping.rules': string('DEFAULT', 'Rules that map certificate names to short names.', {
    accepted: TLS,
  }),
  'ssl.protocol': string('TLSv1.3', 'TLS version that contexts are made with.', {
    dynamic: true,
    accepted: TLS,
  }),
  'ssl.provider': string(null, 'Security provider of TLS.', { dynamic: true, accepted: JVM }),
  'ssl.secure.random.implementation': string(null, 'Random source of TLS.', { dynamic: true, accepted: JVM }),
  'ssl.trustmanager.algorithm': string('PKIX', 'Algorithm of the trust manager.', {
    dynamic: true,
    accepted: JVM,
  }),
  'ssl.truststore.certificates': password(null, 'Trusted certificates in PEM.', {
    dynamic: true,
    accepted: TLS,
  }),
  'ssl.truststore.location': string(null, 'File of the trust store.', { dynamic: true, accepted: TLS }),
  'ssl.truststore.password': password(null, 'Password of the trust store.', { dynamic: true, accepted: TLS }),
  'ssl.truststore.type': string('JKS', 'Format of the trust store.', { dynamic: true, accepted: TLS }),
}

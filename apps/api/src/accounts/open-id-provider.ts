import * as openid from 'openid-client';
import type { Environment } from '#libs/config';
import { NightshiftError, UnavailableError, type Identity } from '#libs/domain';

/** What the browser keeps between leaving for the provider and coming back. */
export interface SignInUnderWay {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly returnTo: string;
}

export interface Vouched {
  readonly identity: Identity;
  /** Undefined unless the provider says that it is the person's. */
  readonly verifiedEmail: string | undefined;
}

export const CALLBACK_PATH = '/v1/session/oidc/callback';

type Settings = Pick<
  Environment,
  'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_NAME' | 'PUBLIC_URL'
>;

/** Signing in elsewhere: OpenID Connect, authorisation code with PKCE. Asks the provider about itself at the first use. */
export class OpenIdProvider {
  private configuration: Promise<openid.Configuration> | undefined;

  /** @throws Error naming the variables that are missing beside OIDC_ISSUER */
  constructor(private readonly settings: Settings) {
    if (settings.OIDC_ISSUER === undefined) return;
    const missing = (['OIDC_CLIENT_ID', 'PUBLIC_URL'] as const).filter(
      (name) => settings[name] === undefined,
    );
    if (missing.length > 0)
      throw new Error(`OIDC_ISSUER is set, so ${missing.join(' and ')} must be set, too.`);
  }

  /** Of the button; undefined where there is no provider. */
  get name(): string | undefined {
    return this.settings.OIDC_ISSUER === undefined ? undefined : this.settings.OIDC_NAME;
  }

  async start(returnTo: string): Promise<{ url: URL; underWay: SignInUnderWay }> {
    const configuration = await this.discover();
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callbackUrl.href,
      scope: 'openid email profile',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    });
    return { url, underWay: { verifier, state, nonce, returnTo } };
  }

  /** @param query of the address at which the browser came back */
  async finish(query: string, underWay: SignInUnderWay): Promise<Vouched> {
    const configuration = await this.discover();
    const { verifier, state, nonce } = underWay;
    const url = new URL(`?${query}`, this.callbackUrl);
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, url, checks);
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('The provider sent no id token.');
      const info = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
      const verifiedEmail = info.email_verified === true ? info.email : undefined;
      return { identity: { issuer: claims.iss, subject: claims.sub }, verifiedEmail };
    } catch (error) {
      const message = 'The sign-in could not be completed; start again.';
      throw new NightshiftError('unauthorized', 'signInRefused', message, { cause: error });
    }
  }

  private get callbackUrl(): URL {
    return new URL(CALLBACK_PATH, this.settings.PUBLIC_URL);
  }

  private discover(): Promise<openid.Configuration> {
    this.configuration ??= this.ask().catch((error: unknown) => {
      this.configuration = undefined; // the next one asks again
      throw new UnavailableError('The provider of the sign-in', error);
    });
    return this.configuration;
  }

  private ask(): Promise<openid.Configuration> {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = this.settings;
    if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined)
      throw new NightshiftError('not-found', 'notFound', 'There is no other way to sign in here.');
    const issuer = new URL(OIDC_ISSUER);
    // A provider on this machine, as in tests; any other has to be asked over https.
    const isLocal =
      issuer.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(issuer.hostname);
    const execute = isLocal ? [openid.allowInsecureRequests] : [];
    return openid.discovery(issuer, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, undefined, { execute });
  }
}

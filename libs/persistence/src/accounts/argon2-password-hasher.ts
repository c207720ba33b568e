import { Algorithm, hash, verify } from '@node-rs/argon2';
import { PasswordHasher } from '#libs/domain';

/** RFC 9106 and OWASP's smallest recommended setting: 19 MiB, two passes, one lane; some 30 ms. */
const OPTIONS = {
  algorithm: 2 satisfies Algorithm.Argon2id as Algorithm,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

export class Argon2PasswordHasher extends PasswordHasher {
  /** Of no password: what is checked when there is nobody. */
  private nobody: Promise<string> | undefined;

  override hash(password: string): Promise<string> {
    return hash(password.normalize('NFKC'), OPTIONS);
  }

  override async matches(stored: string | undefined, password: string): Promise<boolean> {
    this.nobody ??= hash('nobody', OPTIONS);
    const matches = await verify(stored ?? (await this.nobody), password.normalize('NFKC'));
    return stored !== undefined && matches;
  }
}

import type { AccessTokenRef } from '../../../domain/identity/session.ts';
import type { Rights } from '../../../domain/identity/permissions.ts';
import type { Store } from '../../../application/ports/store.ts';
import { broken, type BrokenAdapter, overriding, withCollections } from './wrapping.ts';

/** Somebody who was demoted would keep what they had. */
function remembersRights(store: Store): Store {
  const known = new Map<string, Rights | undefined>();
  const roles = overriding(store.roles, {
    rightsOf: async userId => {
      if (!known.has(userId)) known.set(userId, await store.roles.rightsOf(userId));
      return known.get(userId);
    },
  });
  return { ...store, roles };
}

/** The key of somebody who was locked out would go on opening doors. */
function forgetsOwners(store: Store): Store {
  let last: Rights | undefined;
  const apiKeys = overriding(store.apiKeys, {
    find: async id => {
      const found = await store.apiKeys.find(id);
      last = found?.owner ?? last;
      return found && { ...found, owner: last };
    },
  });
  return { ...store, apiKeys };
}

const removesRolesInUse = (store: Store): Store =>
  withCollections(store, collections => ({
    ...collections,
    roles: overriding(collections.roles, { remove: role => collections.roles.remove(role).catch(() => undefined) }),
  }));

/** What another shop has revoked would be revoked here. */
function mixesIssuersUp(store: Store): Store {
  const anonymous = <Token extends AccessTokenRef>(token: Token): Token => ({ ...token, issuer: 'any' });
  const tokenRevocations = overriding(store.tokenRevocations, {
    isRevoked: token => store.tokenRevocations.isRevoked(anonymous(token)),
  });
  const changed = withCollections(store, collections => ({
    ...collections,
    revokedTokens: { add: tokens => collections.revokedTokens.add(tokens.map(anonymous)) },
  }));
  return { ...changed, tokenRevocations };
}

/** Tokens of before the incident would be good again. */
function movesTheCutoffBack(store: Store): Store {
  let last: Date | undefined;
  const changed = withCollections(store, collections => ({
    ...collections,
    sessionCutoff: {
      find: () => Promise.resolve(last),
      raise: async moment => void (last = moment),
    },
  }));
  const tokenRevocations = overriding(store.tokenRevocations, {
    isRevoked: async token =>
      (last !== undefined && token.issuedAt < last) || (await store.tokenRevocations.isRevoked(token)),
  });
  return { ...changed, tokenRevocations };
}

export const BROKEN_ACCESS: readonly BrokenAdapter[] = [
  broken('remembers what somebody may do', remembersRights, 'say what somebody may do at this moment'),
  broken('forgets that an owner is locked out', forgetsOwners, 'are found with what their owner may do at this moment'),
  broken('removes roles in use', removesRolesInUse, 'are gone when they were removed, unless somebody has them'),
  broken('mixes issuers up', mixesIssuersUp, 'are told apart by who issued them'),
  broken('moves the cutoff back', movesTheCutoffBack, 'are never good again because of an earlier cutoff'),
];

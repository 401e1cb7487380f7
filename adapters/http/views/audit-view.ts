import Joi from 'joi';
import type { AuditEntry } from '../../../application/audit/sealed-entry.ts';
import { time, uuid } from '../schemas.ts';

const facts = Joi.object().unknown().allow(null).required();

export const auditEntrySchema = Joi.object({
  seq: Joi.number().integer().min(1).required().description('1, 2, 3 … without gaps.'),
  at: time.required(),
  actor_id: uuid.allow(null).required().description('Null for the shop itself and for who has not signed in.'),
  api_key_id: Joi.string().allow(null).required(),
  address: Joi.string().allow(null).required().description('Of the network.'),
  request_id: Joi.string().allow(null).required(),
  action: Joi.string().required().description('The name of the route for what staff did.'),
  outcome: Joi.string().valid('done', 'refused').required(),
  subject: Joi.object({ type: Joi.string().required(), id: Joi.string().required() })
    .allow(null)
    .required()
    .description('What it was done to.'),
  before: facts.description('Only what has changed.'),
  after: facts,
  hash: Joi.string().required().description('SHA-256 over this entry and the hash of the one before.'),
}).meta({ name: 'AuditEntry' });

export const auditEntryView = (entry: AuditEntry) => ({
  seq: entry.seq,
  at: entry.at,
  actor_id: entry.actorId,
  api_key_id: entry.apiKeyId,
  address: entry.address,
  request_id: entry.requestId,
  action: entry.action,
  outcome: entry.outcome,
  subject: entry.subject,
  before: entry.before,
  after: entry.after,
  hash: entry.hash,
});

import { Category, type CategoryChanges, type CategorySnapshot } from '../../domain/catalog/category.ts';
import { invalidValue, notFound } from '../../domain/shared/domain-error.ts';
import { CategoryId, type UserId } from '../../domain/shared/ids.ts';
import { requireVersion } from '../../domain/shared/versions.ts';
import type { CatalogPorts } from './product-command.ts';

interface ChangeOfCategory {
  readonly categoryId: CategoryId;
  readonly by: UserId;
  readonly expectedVersion?: number | undefined;
}

interface CategoryInput extends CategoryChanges {
  readonly name: string;
  readonly parentId?: CategoryId | null | undefined;
}

/** Three small verbs on the tree of shelves. The whole tree is looked at, because a move can reach anywhere. */
export class ChangeCategories {
  readonly #ports: CatalogPorts;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  async add({ by, ...input }: CategoryInput & { by: UserId }): Promise<CategorySnapshot> {
    const { unitOfWork, clock, ids } = this.#ports;
    return unitOfWork.run(async ({ categories }) => {
      const parentId = input.parentId ?? null;
      if (parentId) ancestorsOf(parentId, await categories.findAll());
      const { name, slug } = input;
      const facts = { id: CategoryId(ids.next()), name, parentId, ...(slug && { slug }) };
      const category = Category.create(facts, { at: clock.now(), by });
      await categories.save([category]);
      return category.snapshot();
    });
  }

  async change(command: ChangeOfCategory & { changes: Partial<CategoryInput> }): Promise<CategorySnapshot> {
    const { unitOfWork, clock } = this.#ports;
    const act = { at: clock.now(), by: command.by };
    const { parentId, ...changes } = command.changes;
    return unitOfWork.run(async ({ categories }) => {
      const all = await categories.findAll();
      const category = found(all, command);
      if (Object.keys(changes).length > 0) category.change(changes, act);
      if (parentId !== undefined) category.moveUnder(parentId ? ancestorsOf(parentId, all) : [], act);
      await categories.save([category]);
      return category.snapshot();
    });
  }

  async remove(command: ChangeOfCategory): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async ({ categories }) => {
      const category = found(await categories.findAll(), command);
      category.delete(await categories.contents(command.categoryId), { at: clock.now(), by: command.by });
      await categories.save([category]);
    });
  }
}

function found(all: readonly Category[], { categoryId, expectedVersion }: ChangeOfCategory): Category {
  const category = all.find(candidate => candidate.snapshot().id === categoryId);
  if (!category) throw notFound('Category');
  requireVersion(category.snapshot().version, expectedVersion);
  return category;
}

/** The category itself and all above it, nearest first. */
function ancestorsOf(id: CategoryId, all: readonly Category[]): CategoryId[] {
  const parents = new Map(all.map(category => [category.snapshot().id, category.snapshot().parentId]));
  if (!parents.has(id)) throw invalidValue('parent_id', 'names no category');
  const line: CategoryId[] = [];
  for (let next: CategoryId | null | undefined = id; next; next = parents.get(next)) line.push(next);
  return line;
}

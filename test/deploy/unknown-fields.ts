// Fields that a validator does not know: it reads those it knows, and nobody reads the others.

/** Paths of the fields of `value` that `validate` never looked at, like `spec.containers.0.typo`. Throws what it throws. */
export function unknownFields(value: object, validate: (watched: object) => void): string[] {
  const read = new Set<string>();
  validate(watched(value, '', read));
  return pathsOf(value).filter((path) => !read.has(path));
}

/** Looks like `value`, and notes the path of everything that is read. */
function watched(value: object, path: string, read: Set<string>): object {
  return new Proxy(value, {
    get: (target, key): unknown => {
      const found = Reflect.get(target, key) as unknown;
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return found;
      read.add(path + key);
      return isObject(found) ? watched(found, `${path}${key}.`, read) : found;
    },
  });
}

const pathsOf = (value: object, path = ''): string[] =>
  Object.entries(value).flatMap(([key, inner]) => [
    path + key,
    ...(isObject(inner) ? pathsOf(inner, `${path}${key}.`) : []),
  ]);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
